// Whose store file it is and whether it may be trusted: copies on another machine, restored
// backups, doubts that a restart must not forget.
#include <fstream>

#include "edge/storage/machine_mark.hpp"
#include "edge/storage/restore.hpp"
#include "tests/storage/store_fixture.hpp"

namespace larder::edge {
namespace {

Opened open_on(const std::string& machine, const std::filesystem::path& data) {
  JournalOptions options{HubId(), 0, edge_migrations()};
  options.machine = machine;
  auto journal = open_journal(data, kStore, options);
  if (!journal) {
    ADD_FAILURE() << journal.error().message();
    return {};
  }
  auto recovered = (*journal)->recover();
  EXPECT_TRUE(recovered) << recovered.error().message();
  return Opened{std::move(*journal), recovered ? std::move(*recovered) : Recovered{}};
}

void fill(const std::string& machine, const std::filesystem::path& data) {
  auto [journal, recovered] = open_on(machine, data);
  Author author(Place{1, recovered.seq, recovered.hash});
  ASSERT_TRUE(journal->commit(author.group(5, 2)));
}

void copy_all(const std::filesystem::path& from, const std::filesystem::path& to) {
  std::filesystem::copy(from, to, std::filesystem::copy_options::recursive);
}

constexpr const char* kHere = "u:aa m:bb d:cc";
constexpr const char* kThere = "u:11 m:bb d:22";

TEST(MachineMark, a_part_that_only_one_start_could_read_says_nothing) {
  EXPECT_TRUE(is_same_machine("u:aa m:bb", "m:bb"));
  EXPECT_TRUE(is_same_machine("m:bb", "u:aa m:bb"));
  EXPECT_TRUE(is_same_machine("", "m:bb"));
  EXPECT_FALSE(is_same_machine("u:aa m:bb", "u:ab m:bb"));
  EXPECT_FALSE(is_same_machine("m:bb d:1", "m:bb d:2"));
}

TEST(MachineMark, a_part_once_read_is_not_forgotten) {
  EXPECT_EQ(with_parts_of("m:bb u:aa", "d:cc m:bb"), "d:cc m:bb u:aa");
  const Folder folder;
  fill("m:bb u:aa", folder.data());
  open_on("m:bb", folder.data());
  EXPECT_EQ(open_on("m:bb u:ab", folder.data()).recovered.doubt.doubt, Doubt::OtherMachine);
}

TEST(MachineMark, is_the_same_every_time_and_another_when_a_file_says_so) {
  const Folder folder;
  const auto said = folder.path() / "machine";
  EXPECT_EQ(machine_mark(folder.path()), machine_mark(folder.path()));
  EXPECT_EQ(machine_mark(folder.path(), said), machine_mark(folder.path())) << "no such file";
  std::ofstream(said) << "left till\n";
  const std::string left = machine_mark(folder.path(), said);
  std::ofstream(said) << "right till\n";
  EXPECT_FALSE(is_same_machine(left, machine_mark(folder.path(), said)));
}

TEST(Identity, the_machine_it_was_made_on_is_not_doubted) {
  const Folder folder;
  fill(kHere, folder.data());
  const HubId hub = open_on(kHere, folder.data()).recovered.hub;
  auto [journal, again] = open_on("u:aa m:bb", folder.data());
  EXPECT_FALSE(again.doubt.is_on());
  EXPECT_EQ(again.hub, hub);
  EXPECT_TRUE(again.was.empty());
}

TEST(Identity, a_store_of_an_earlier_version_is_bound_at_its_first_start) {
  const Folder folder;
  fill("", folder.data());
  EXPECT_FALSE(open_on(kHere, folder.data()).recovered.doubt.is_on());
  EXPECT_TRUE(open_on(kThere, folder.data()).recovered.doubt.is_on());
}

TEST(Identity, case_117_a_copied_disk_on_another_machine_is_another_hub_and_may_not_sell) {
  const Folder folder;
  const Folder elsewhere;
  fill(kHere, folder.data());
  const HubId hub = open_on(kHere, folder.data()).recovered.hub;
  copy_all(folder.data(), elsewhere.data());
  HubId named;
  for (int start = 0; start < 2; ++start) {  // a second start on the new machine forgets nothing
    auto [journal, recovered] = open_on(kThere, elsewhere.data());
    EXPECT_EQ(recovered.doubt.doubt, Doubt::OtherMachine);
    EXPECT_NE(recovered.hub, hub);
    EXPECT_TRUE(start == 0 || recovered.hub == named) << "a name is given once";
    named = recovered.hub;
    ASSERT_EQ(recovered.was.size(), 1U);
    EXPECT_EQ(recovered.was[0], hub);
    Author same(Place{1, recovered.seq, recovered.hash});
    EXPECT_FALSE(journal->commit(same.group(1)))
        << "the hub it was copied from sells under epoch 1";
  }
  const Recovered original = open_on(kHere, folder.data()).recovered;
  EXPECT_EQ(original.hub, hub);
  EXPECT_FALSE(original.doubt.is_on());
}

TEST(Identity, the_new_epoch_ends_the_doubt_and_keeps_the_new_name) {
  const Folder folder;
  fill(kHere, folder.data());
  HubId named;
  {
    auto [journal, recovered] = open_on(kThere, folder.data());
    named = recovered.hub;
    Author next(Place{2, recovered.seq, recovered.hash});
    ASSERT_TRUE(journal->commit(next.group(1)));
    ASSERT_TRUE(journal->commit(next.group(1)));
  }
  auto [journal, recovered] = open_on(kThere, folder.data());
  EXPECT_FALSE(recovered.doubt.is_on());
  EXPECT_EQ(recovered.hub, named);
  EXPECT_EQ(recovered.seq, 7U);
}

TEST(Identity, case_121_a_backup_restored_on_another_machine_is_another_hub) {
  const Folder folder;
  const Folder elsewhere;
  BackupTaken taken;
  HubId hub;
  {
    fill(kHere, folder.data());
    auto [journal, recovered] = open_on(kHere, folder.data());
    hub = recovered.hub;
    taken = *take_backup(*journal, "noon");
  }
  ASSERT_TRUE(restore_backup(
      RestoreOrder{taken.file, elsewhere.data(), kStore, false, FileSystemRule::Any}));
  auto [journal, recovered] = open_on(kThere, elsewhere.data());
  EXPECT_TRUE(recovered.restored);
  EXPECT_EQ(recovered.doubt.doubt, Doubt::OtherMachine);
  EXPECT_NE(recovered.hub, hub);
}

TEST(Identity, case_121_a_hub_id_changed_by_hand_is_refused) {
  const Folder folder;
  fill(kHere, folder.data());
  tamper(store_in(folder.data()), "UPDATE meta SET value = 'h-other' WHERE name = 'hub'");
  auto journal = open_journal(folder.data());
  ASSERT_FALSE(journal);
  EXPECT_EQ(journal.error().code(), Code::Corrupt);
}

TEST(Doubt, case_119_what_was_lost_comes_back_under_its_own_numbers) {
  const Folder folder;
  auto [journal, recovered] = open_on(kHere, folder.data());
  Author author;
  ASSERT_TRUE(journal->commit(author.group(5)));
  ASSERT_TRUE(journal->keep_doubt(KeptDoubt{Doubt::Behind, 1, 9, "a screen saw more"}));
  Group lost = author.group(3);  // as the relay has them
  EXPECT_FALSE(journal->commit(lost)) << "of its own it may write nothing under epoch 1";
}

TEST(Doubt, imports_are_taken_and_the_next_epoch_is_above_all_that_is_known) {
  const Folder folder;
  {
    auto [journal, recovered] = open_on(kHere, folder.data());
    Author author;
    ASSERT_TRUE(journal->commit(author.group(5)));
    ASSERT_TRUE(journal->keep_doubt(KeptDoubt{Doubt::Behind, 3, 9, "a screen saw more"}));
    Group lost = author.group(3);
    lost.is_import = true;
    ASSERT_TRUE(journal->commit(lost));
  }
  {
    auto [journal, recovered] = open_on(kHere, folder.data());
    EXPECT_EQ(recovered.doubt,
              (KeptDoubt{Doubt::Behind, 3, 9, "a screen saw more"}));  // an import ends no doubt
    EXPECT_EQ(recovered.seq, 8U);
    EXPECT_EQ(recovered.epoch, 1U) << "of what is here";
    EXPECT_EQ(recovered.epoch_floor, 3U);
    Author second(Place{2, recovered.seq, recovered.hash});
    EXPECT_FALSE(journal->commit(second.group(1)));
    Author fourth(Place{4, recovered.seq, recovered.hash});
    ASSERT_TRUE(journal->commit(fourth.group(1)));
  }
  EXPECT_FALSE(open_on(kHere, folder.data()).recovered.doubt.is_on());
}

TEST(Doubt, a_false_alarm_leaves_the_epoch_as_it_was) {
  const Folder folder;
  auto [journal, recovered] = open_on(kHere, folder.data());
  Author author;
  ASSERT_TRUE(journal->commit(author.group(5)));
  ASSERT_TRUE(journal->keep_doubt(KeptDoubt{Doubt::TakenOver, 0, 0, "the relay said so"}));
  ASSERT_TRUE(journal->keep_doubt(KeptDoubt{}));
  EXPECT_TRUE(journal->commit(author.group(1)));
}

TEST(Doubt, a_moved_disk_of_a_store_that_is_kept_elsewhere_stays_that) {
  const Folder folder;
  {
    auto [journal, recovered] = open_on(kHere, folder.data());
    Author author;
    ASSERT_TRUE(journal->commit(author.group(5)));
    ASSERT_TRUE(journal->keep_doubt(KeptDoubt{Doubt::TakenOver, 2, 9, "h2 keeps the store"}));
  }
  auto [journal, recovered] = open_on(kThere, folder.data());
  EXPECT_EQ(recovered.doubt.doubt, Doubt::TakenOver);
  EXPECT_EQ(recovered.was.size(), 1U) << "and it has a name of its own";
}

TEST(Doubt, an_import_is_chained_like_everything_else) {
  const Folder folder;
  auto [journal, recovered] = open_on(kHere, folder.data());
  Author author;
  ASSERT_TRUE(journal->commit(author.group(5)));
  ASSERT_TRUE(journal->keep_doubt(KeptDoubt{Doubt::Behind, 1, 9, ""}));
  Group lost = author.group(2);
  lost.is_import = true;
  lost.events[1].hash[0] ^= 1U;
  EXPECT_FALSE(journal->commit(lost));
}

// The hub keeps every event for ever: no retention lets one go, and the file itself refuses. So the
// relay may ask for any number, and there is no `compacted_until` to answer.
TEST(Retention, case_123_no_event_is_ever_truncated) {
  const Folder folder;
  {
    auto [journal, recovered] = open_on(kHere, folder.data());
    Author author;
    ASSERT_TRUE(journal->commit(author.group(50, 20)));
    ASSERT_TRUE(journal->keep_acked(50));
    ASSERT_TRUE(journal->maintain(true, TimePoint{4'102'444'800'000'000}));  // in the year 2100
    auto first = journal->read(0, 1);
    ASSERT_TRUE(first);
    EXPECT_EQ(first->at(0).seq, 1U);
  }
  auto connection =
      sql::Connection::open(store_in(folder.data()), sql::Connection::Mode::ReadWrite);
  ASSERT_TRUE(connection);
  EXPECT_FALSE(connection->execute("DELETE FROM events WHERE seq = 1"));
}

}  // namespace
}  // namespace larder::edge
