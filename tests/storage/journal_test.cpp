// The journal's everyday work: what is committed is read back, chained, answered, remembered.
#include "edge/storage/verify.hpp"
#include "tests/storage/store_fixture.hpp"

namespace larder::edge {
namespace {

TEST(SqliteJournal, a_new_directory_gives_an_empty_journal_with_an_identity) {
  const Folder folder;
  auto [journal, recovered] = open_and_recover(folder.data());
  ASSERT_TRUE(journal);
  EXPECT_EQ(recovered.seq, 0U);
  EXPECT_EQ(recovered.epoch, 0U);
  EXPECT_EQ(recovered.hash, Digest{});
  EXPECT_FALSE(recovered.snapshot);
  EXPECT_FALSE(recovered.restored);
  EXPECT_TRUE(recovered.tail.empty());
  EXPECT_EQ(recovered.store, kStore);
  ASSERT_EQ(recovered.hub.text().size(), 14U);
  EXPECT_EQ(recovered.hub.text().substr(0, 2), "h-");
  EXPECT_EQ(journal->file().filename().string(), recovered.hub.text() + ".larder");
}

TEST(SqliteJournal, the_hub_id_is_kept_and_two_hubs_never_share_one) {
  const Folder one;
  const Folder two;
  const HubId first = open_and_recover(one.data()).recovered.hub;
  EXPECT_EQ(open_and_recover(one.data()).recovered.hub, first);
  EXPECT_NE(open_and_recover(two.data()).recovered.hub, first);
}

TEST(SqliteJournal, what_is_committed_is_there_after_a_restart) {
  const Folder folder;
  Author author;
  {
    auto opened = open_and_recover(folder.data());
    ASSERT_TRUE(opened.journal->commit(author.group(3, 2)));
    ASSERT_TRUE(opened.journal->commit(author.group(2)));
  }
  auto [journal, recovered] = open_and_recover(folder.data());
  EXPECT_EQ(recovered.seq, 5U);
  EXPECT_EQ(recovered.epoch, 1U);
  EXPECT_EQ(recovered.hash, author.head().hash);
  ASSERT_EQ(recovered.tail.size(), 5U);
  EXPECT_EQ(*recovered.tail[4].data, *Author(Place{1, 4, {}}).event().data);
  EXPECT_EQ(recovered.answer_keys.size(), 2U);
}

TEST(SqliteJournal, the_uplinks_cursor_is_there_after_a_restart_and_never_beyond_the_head) {
  const Folder folder;
  Author author;
  for (const Seq acked : {Seq{3}, Seq{9}}) {
    auto opened = open_and_recover(folder.data());
    if (acked == 3) {
      ASSERT_TRUE(opened.journal->commit(author.group(5)));
    }
    ASSERT_TRUE(opened.journal->keep_acked(acked));
    opened.journal.reset();
    EXPECT_EQ(open_and_recover(folder.data()).recovered.uplink_acked, std::min(acked, Seq{5}));
  }
}

TEST(SqliteJournal, read_gives_events_in_order_up_to_the_limit) {
  const Folder folder;
  Author author;
  auto opened = open_and_recover(folder.data());
  ASSERT_TRUE(opened.journal->commit(author.group(10)));
  auto some = opened.journal->read(3, 4);
  ASSERT_TRUE(some);
  ASSERT_EQ(some->size(), 4U);
  EXPECT_EQ(some->front().seq, 4U);
  EXPECT_EQ(some->back().seq, 7U);
  EXPECT_TRUE(opened.journal->read(10, 4)->empty());
  EXPECT_TRUE(opened.journal->read(UINT64_MAX, SIZE_MAX)->empty());
}

TEST(SqliteJournal, case_35_an_answer_is_found_again_with_the_same_bytes) {
  const Folder folder;
  Group group = Author().group(1);
  group.answers.push_back(answer_for("c-1", TimePoint{77}));
  {
    auto opened = open_and_recover(folder.data());
    ASSERT_TRUE(opened.journal->commit(group));
  }
  auto [journal, recovered] = open_and_recover(folder.data());
  ASSERT_EQ(recovered.answer_keys.size(), 1U);
  EXPECT_EQ(recovered.answer_keys[0], answer_key("c-1"));
  auto found = journal->answer(CommandId("c-1"));
  ASSERT_TRUE(found && *found);
  EXPECT_EQ(*(*found)->reply, *group.answers[0].reply);
  EXPECT_EQ((*found)->body, group.answers[0].body);
  EXPECT_EQ((*found)->at, TimePoint{77});
  EXPECT_FALSE(*journal->answer(CommandId("c-2")));
}

TEST(SqliteJournal, an_answer_is_found_in_every_part_of_the_index) {
  const Folder folder;
  auto opened = open_and_recover(folder.data());
  EXPECT_FALSE(*opened.journal->answer(CommandId("c-0")));
  for (int hundred = 0; hundred < 50; ++hundred) {
    Group group;
    for (int i = 0; i < 100; ++i) {
      group.answers.push_back(answer_for("c-" + std::to_string(hundred * 100 + i)));
    }
    ASSERT_TRUE(opened.journal->commit(group));
  }
  for (const int i : {0, 1, 2'046, 2'047, 2'048, 4'095, 4'096, 4'999}) {
    EXPECT_TRUE(*opened.journal->answer(CommandId("c-" + std::to_string(i)))) << i;
  }
  EXPECT_FALSE(*opened.journal->answer(CommandId("c-5000")));
  opened.journal.reset();
  EXPECT_EQ(open_and_recover(folder.data()).recovered.answer_keys.size(), 5'000U);
}

TEST(SqliteJournal, refusals_are_kept_without_an_event) {
  const Folder folder;
  auto opened = open_and_recover(folder.data());
  Group group;
  group.answers.push_back(answer_for("refused-1"));
  ASSERT_TRUE(opened.journal->commit(group));
  EXPECT_TRUE(*opened.journal->answer(CommandId("refused-1")));
  EXPECT_TRUE(opened.journal->commit(Group{}));
}

TEST(SqliteJournal, refuses_events_that_do_not_follow_and_writes_nothing) {
  const Folder folder;
  Author author;
  auto opened = open_and_recover(folder.data());
  ASSERT_TRUE(opened.journal->commit(author.group(2)));

  Group gap;
  gap.events = {Author(Place{1, 3, author.head().hash}).event()};
  EXPECT_EQ(opened.journal->commit(gap).error().code(), Code::StorageFault);
  Group again;
  again.events = {Author(Place{1, 1, author.head().hash}).event()};
  EXPECT_FALSE(opened.journal->commit(again));
  Group unchained;
  unchained.events = {Author(Place{1, 2, Digest{}}).event()};
  EXPECT_FALSE(opened.journal->commit(unchained));
  Group second_breaks = Author(author.head()).group(2);
  second_breaks.events[1].hash = Digest{};
  EXPECT_FALSE(opened.journal->commit(second_breaks));

  EXPECT_EQ(opened.journal->read(0, 10)->size(), 2U);
  EXPECT_TRUE(opened.journal->commit(author.group(1)));
}

TEST(SqliteJournal, an_epoch_may_rise_and_never_fall) {
  const Folder folder;
  Author author;
  auto opened = open_and_recover(folder.data());
  author.begin_epoch(3);
  ASSERT_TRUE(opened.journal->commit(author.group(1)));
  Author lower(Place{2, 1, author.head().hash});
  EXPECT_FALSE(opened.journal->commit(lower.group(1)));
  author.begin_epoch(4);
  EXPECT_TRUE(opened.journal->commit(author.group(1)));
}

TEST(SqliteJournal, takes_no_commit_before_it_is_recovered) {
  const Folder folder;
  auto journal = open_journal(folder.data());
  ASSERT_TRUE(journal);
  EXPECT_FALSE((*journal)->commit(Author().group(1)));
}

TEST(SqliteJournal, the_newest_snapshot_comes_back_with_the_tail_after_it) {
  const Folder folder;
  Author author;
  {
    auto opened = open_and_recover(folder.data());
    ASSERT_TRUE(opened.journal->commit(author.group(4)));
    ASSERT_TRUE(opened.journal->keep(snapshot_at(author.head(), "books at four")));
    ASSERT_TRUE(opened.journal->commit(author.group(3)));
  }
  auto [journal, recovered] = open_and_recover(folder.data());
  ASSERT_TRUE(recovered.snapshot);
  EXPECT_EQ(recovered.snapshot->seq, 4U);
  EXPECT_EQ(recovered.snapshot->ledger, "books at four");
  ASSERT_EQ(recovered.tail.size(), 3U);
  EXPECT_EQ(recovered.tail[0].seq, 5U);
}

TEST(SqliteJournal, keeps_two_snapshots_and_refuses_one_of_another_history) {
  const Folder folder;
  Author author;
  auto opened = open_and_recover(folder.data());
  for (const char* ledger : {"one", "two", "three"}) {
    ASSERT_TRUE(opened.journal->commit(author.group(2)));
    ASSERT_TRUE(opened.journal->keep(snapshot_at(author.head(), ledger)));
  }
  Snapshot other = snapshot_at(author.head(), "four");
  other.hash = Digest{};
  EXPECT_FALSE(opened.journal->keep(other));
  Snapshot spoiled = snapshot_at(author.head(), "four");
  spoiled.ledger = "five";
  EXPECT_FALSE(opened.journal->keep(spoiled));
  opened.journal.reset();
  auto connection =
      sql::Connection::open(store_in(folder.data()), sql::Connection::Mode::ReadWrite);
  EXPECT_EQ(*connection->integer("SELECT count(*) FROM snapshots"), 2);
  EXPECT_EQ(*connection->integer("SELECT min(seq) FROM snapshots"), 4);
}

// A store that an earlier Larder wrote: its snapshots know less than the journal does.
TEST(SqliteJournal, a_snapshot_of_an_earlier_format_is_passed_over_for_the_journal) {
  const Folder folder;
  Author author;
  {
    auto opened = open_and_recover(folder.data());
    ASSERT_TRUE(opened.journal->commit(author.group(2)));
    ASSERT_TRUE(opened.journal->keep(snapshot_at(author.head(), std::string("\x01\0\0\0old", 7))));
    ASSERT_TRUE(opened.journal->commit(author.group(1)));
  }
  EXPECT_TRUE(read_snapshot_marks(store_in(folder.data()))->empty()) << "nothing to compare";
  auto [journal, recovered] = open_and_recover(folder.data());
  EXPECT_FALSE(recovered.snapshot);
  EXPECT_EQ(recovered.tail.size(), 3U);
  ASSERT_EQ(journal->remarks().size(), 1U);
  EXPECT_NE(journal->remarks()[0].find("earlier version"), std::string::npos);
}

TEST(SqliteJournal, a_bad_snapshot_falls_back_to_the_one_before_then_to_the_whole_journal) {
  const Folder folder;
  Author author;
  {
    auto opened = open_and_recover(folder.data());
    ASSERT_TRUE(opened.journal->commit(author.group(2)));
    ASSERT_TRUE(opened.journal->keep(snapshot_at(author.head(), "at two")));
    ASSERT_TRUE(opened.journal->commit(author.group(2)));
    ASSERT_TRUE(opened.journal->keep(snapshot_at(author.head(), "at four")));
    ASSERT_TRUE(opened.journal->commit(author.group(1)));
  }
  tamper(store_in(folder.data()), "UPDATE snapshots SET ledger = x'00' WHERE seq = 4");
  {
    auto [journal, recovered] = open_and_recover(folder.data());
    ASSERT_TRUE(recovered.snapshot);
    EXPECT_EQ(recovered.snapshot->seq, 2U);
    EXPECT_EQ(recovered.tail.size(), 3U);
    EXPECT_EQ(journal->remarks().size(), 1U);
  }
  tamper(store_in(folder.data()), "UPDATE snapshots SET state = zeroblob(32) WHERE seq = 2");
  auto [journal, recovered] = open_and_recover(folder.data());
  EXPECT_FALSE(recovered.snapshot);
  EXPECT_EQ(recovered.tail.size(), 5U);
}

}  // namespace
}  // namespace larder::edge
