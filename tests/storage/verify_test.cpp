// What somebody with a shell can do to a stopped store, and what verify says of it.
#include "edge/storage/verify.hpp"

#include <unistd.h>

#include "tests/storage/store_fixture.hpp"

namespace larder::edge {
namespace {

// Twelve events in two epochs, two snapshots, answers.
void fill(const std::filesystem::path& data) {
  Author author;
  auto opened = open_and_recover(data);
  ASSERT_TRUE(opened.journal->commit(author.group(5, 2)));
  ASSERT_TRUE(opened.journal->keep(snapshot_at(author.head(), "at five")));
  author.begin_epoch(2);
  ASSERT_TRUE(opened.journal->commit(author.group(5, 2)));
  ASSERT_TRUE(opened.journal->keep(snapshot_at(author.head(), "at ten")));
  ASSERT_TRUE(opened.journal->commit(author.group(2)));
}

StoreReport report_after(const char* sql) {
  const Folder folder;
  fill(folder.data());
  tamper(store_in(folder.data()), sql);
  auto report = verify_store(store_in(folder.data()));
  EXPECT_TRUE(report) << report.error().message();
  return report ? *report : StoreReport{};
}

void expect_broken_at(const StoreReport& report, Seq seq) {
  EXPECT_FALSE(report.is_good());
  ASSERT_TRUE(report.first_broken) << describe(report);
  EXPECT_EQ(*report.first_broken, seq) << describe(report);
}

TEST(Verify, a_good_store_is_whole_and_every_event_is_told) {
  const Folder folder;
  fill(folder.data());
  std::vector<Seq> told;
  auto report = verify_store(store_in(folder.data()),
                             [&](const StoredEvent& event) { told.push_back(event.seq); });
  ASSERT_TRUE(report) << report.error().message();
  EXPECT_TRUE(report->is_good()) << describe(*report);
  EXPECT_EQ(report->events, 12U);
  EXPECT_EQ(report->answers, 4U);
  EXPECT_EQ(report->snapshots, 2U);
  EXPECT_EQ(report->head.seq, 12U);
  EXPECT_EQ(report->names.store, kStore);
  EXPECT_FALSE(report->is_backup);
  const std::vector<EpochSpan> epochs = {{1, 1, 5}, {2, 6, 12}};
  EXPECT_EQ(report->epochs, epochs);
  ASSERT_EQ(told.size(), 12U);
  EXPECT_EQ(told.back(), 12U);
  EXPECT_EQ(describe(*report), "12 events, head 12 of epoch 2, whole");
  EXPECT_EQ(open_and_recover(folder.data()).recovered.seq, 12U);
}

TEST(Verify, an_untouched_store_passes_the_tamper_helper) {
  EXPECT_TRUE(report_after("SELECT 1").is_good());
}

TEST(Verify, an_edited_event_is_found) {
  expect_broken_at(report_after("UPDATE events SET data = replace(data, 'test', 'tess')"
                                " WHERE seq = 7"),
                   7);
}

TEST(Verify, an_edited_epoch_is_found) {
  expect_broken_at(report_after("UPDATE events SET epoch = 1 WHERE seq = 6"), 6);
}

TEST(Verify, an_edited_hash_is_found) {
  expect_broken_at(report_after("UPDATE events SET hash = zeroblob(32) WHERE seq = 12"), 12);
}

TEST(Verify, a_deleted_event_is_found) {
  expect_broken_at(report_after("DELETE FROM events WHERE seq = 4"), 4);
}

TEST(Verify, a_deleted_beginning_is_found) {
  expect_broken_at(report_after("DELETE FROM events WHERE seq < 4"), 1);
}

TEST(Verify, a_deleted_tail_is_found_by_the_clean_stop) {
  expect_broken_at(report_after("DELETE FROM events WHERE seq > 10"), 11);
}

TEST(Verify, a_deleted_tail_is_found_by_a_snapshot_when_the_mark_was_changed_too) {
  expect_broken_at(report_after("DELETE FROM events WHERE seq > 8;"
                                "UPDATE meta SET value = '0' WHERE name = 'clean_seq'"),
                   9);
}

TEST(Verify, two_events_swapped_are_found) {
  expect_broken_at(report_after("UPDATE events SET seq = 100 WHERE seq = 3;"
                                "UPDATE events SET seq = 3 WHERE seq = 4;"
                                "UPDATE events SET seq = 4 WHERE seq = 100"),
                   3);
}

TEST(Verify, an_event_spliced_in_from_another_store_is_found) {
  expect_broken_at(
      report_after("INSERT INTO events SELECT 13, 2, hash, data FROM events WHERE seq = 12"), 13);
}

TEST(Verify, a_changed_snapshot_is_found) {
  const StoreReport report = report_after("UPDATE snapshots SET ledger = x'0102' WHERE seq = 10");
  EXPECT_FALSE(report.is_good());
  EXPECT_FALSE(report.first_broken);
  EXPECT_FALSE(report_after("UPDATE snapshots SET hash = zeroblob(32) WHERE seq = 5").is_good());
}

TEST(Verify, recovery_refuses_what_it_sees_of_this) {
  for (const char* sql : {"UPDATE events SET data = data || ' ' WHERE seq = 11",
                          "DELETE FROM events WHERE seq = 11", "DELETE FROM events WHERE seq > 10",
                          "DELETE FROM events WHERE seq > 8;"
                          "UPDATE meta SET value = '0' WHERE name = 'clean_seq'"}) {
    const Folder folder;
    fill(folder.data());
    tamper(store_in(folder.data()), sql);
    auto journal = open_journal(folder.data());
    ASSERT_TRUE(journal) << journal.error().message();
    auto recovered = (*journal)->recover();
    ASSERT_FALSE(recovered) << sql;
    EXPECT_EQ(recovered.error().code(), Code::Corrupt) << recovered.error().message();
  }
}

// What verify calls good must give the same events, wherever the bit was.
TEST(Verify, case_99_a_flipped_bit_is_found_or_changes_nothing) {
  const Folder folder;
  fill(folder.data());
  const auto file = store_in(folder.data());
  const std::string whole = bytes_of(file);
  std::string expected;
  std::vector<std::size_t> places;  // every event's text, and a sweep over all pages in use
  for (std::size_t at = whole.find("\"event\""); at != std::string::npos;
       at = whole.find("\"event\"", at + 1)) {
    places.push_back(at + 3);
  }
  ASSERT_EQ(places.size(), 12U);
  for (std::size_t at = 20; at < 14 * 4096; at += 1021) places.push_back(at);
  const auto collect = [&](std::string& all) {
    return verify_store(file,
                        [&](const StoredEvent& event) { all += hex(event.hash) + *event.data; });
  };
  ASSERT_TRUE(collect(expected));
  std::size_t found = 0;
  for (const std::size_t at : places) {
    std::string flipped = whole;
    flipped[at] = static_cast<char>(flipped[at] ^ 0x10);
    write_bytes(file, flipped);
    std::string told;
    auto report = collect(told);
    if (!report || !report->is_good()) {
      ++found;
    } else {
      EXPECT_EQ(told, expected) << "byte " << at;
    }
  }
  EXPECT_GE(found, 12U);
}

TEST(Verify, says_when_a_wal_is_missing) {
  const Folder folder;
  fill(folder.data());
  ASSERT_EQ(wait_for(start_child([&]() -> int {
              auto opened = open_and_recover(folder.data());
              ::_exit(opened.journal ? 0 : 1);
            })),
            0);
  ASSERT_TRUE(verify_store(store_in(folder.data()))->is_good());
  std::filesystem::remove(store_in(folder.data()).string() + "-wal");
  auto report = verify_store(store_in(folder.data()));
  ASSERT_TRUE(report);
  EXPECT_FALSE(report->is_good());
  EXPECT_NE(describe(*report).find("its -wal is gone"), std::string::npos) << describe(*report);
}

TEST(Verify, keeps_off_a_store_in_use_and_what_is_no_store) {
  const Folder folder;
  auto opened = open_and_recover(folder.data());
  auto in_use = verify_store(opened.journal->file());
  ASSERT_FALSE(in_use);
  EXPECT_EQ(in_use.error().code(), Code::Locked);
  EXPECT_EQ(verify_store(folder.path() / "absent").error().code(), Code::NotFound);
  write_bytes(folder.path() / "text", std::string(5'000, 't'));
  EXPECT_EQ(verify_store(folder.path() / "text").error().code(), Code::Corrupt);
}

}  // namespace
}  // namespace larder::edge
