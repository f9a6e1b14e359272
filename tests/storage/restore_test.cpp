// Backups of a running journal, and what a restore makes of them.
#include "edge/storage/restore.hpp"

#include <unistd.h>

#include "edge/storage/verify.hpp"
#include "tests/storage/store_fixture.hpp"

namespace larder::edge {
namespace {

// A store with five events, a backup of it, and three events after the backup.
BackupTaken fill_and_back_up(const std::filesystem::path& data) {
  Author author;
  auto opened = open_and_recover(data);
  EXPECT_TRUE(opened.journal->commit(author.group(5, 2)));
  EXPECT_TRUE(opened.journal->keep(snapshot_at(author.head(), "at five")));
  auto taken = take_backup(*opened.journal, "before-lunch");
  EXPECT_TRUE(taken) << taken.error().message();
  EXPECT_TRUE(opened.journal->commit(author.group(3)));
  return taken ? *taken : BackupTaken{};
}

RestoreOrder order_for(const BackupTaken& taken, const std::filesystem::path& data,
                       bool replace = false) {
  return RestoreOrder{taken.file, data, kStore, replace, FileSystemRule::Any};
}

Code code_of(const Result<Restored>& restored) {
  EXPECT_FALSE(restored);
  return restored ? Code::Unavailable : restored.error().code();
}

TEST(Backup, groups_are_committed_between_its_steps_and_are_in_it) {
  const Folder folder;
  Author author;
  auto opened = open_and_recover(folder.data());
  ASSERT_TRUE(opened.journal->commit(author.group(3'000, 100, 2'000)));  // several steps
  ASSERT_TRUE(opened.journal->begin_backup("lunch"));
  EXPECT_EQ(opened.journal->begin_backup("dinner").error().code(), Code::Busy);
  std::optional<BackupTaken> taken;
  int steps = 0;
  for (; !taken; ++steps) {
    auto more = opened.journal->continue_backup();
    ASSERT_TRUE(more) << more.error().message();
    taken = *more;
    ASSERT_TRUE(opened.journal->commit(author.group(2, 1)));
    EXPECT_TRUE(opened.journal->maintain(steps % 2 == 0, TimePoint{1}));
  }
  EXPECT_GT(steps, 5);
  EXPECT_GT(taken->seq, 3'000U) << "what came meanwhile is in it";
  EXPECT_LT(taken->seq, author.head().seq);
  auto report = verify_store(taken->file);
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->is_good()) << describe(*report);
  EXPECT_EQ(report->events, taken->seq);
}

TEST(Backup, a_hub_that_ends_meanwhile_leaves_no_half_a_backup) {
  const Folder folder;
  Author author;
  {
    auto opened = open_and_recover(folder.data());
    ASSERT_TRUE(opened.journal->commit(author.group(2'000, 0, 2'000)));
    ASSERT_TRUE(opened.journal->begin_backup("lunch"));
    ASSERT_TRUE(opened.journal->continue_backup());
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.data() / "backups"));
  EXPECT_EQ(open_and_recover(folder.data()).recovered.seq, 2'000U);
}

TEST(Backup, says_what_it_holds_and_is_whole_by_itself) {
  const Folder folder;
  const BackupTaken taken = fill_and_back_up(folder.data());
  EXPECT_EQ(taken.seq, 5U);
  EXPECT_EQ(std::filesystem::path(taken.file).filename(), "before-lunch-5.larder");
  auto report = verify_store(taken.file);
  ASSERT_TRUE(report) << report.error().message();
  EXPECT_TRUE(report->is_good()) << describe(*report);
  EXPECT_TRUE(report->is_backup);
  EXPECT_EQ(report->head.seq, 5U);
  EXPECT_EQ(report->head.hash, taken.hash);
  EXPECT_EQ(report->snapshots, 1U);
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder.data() / "backups")) {
    EXPECT_EQ(entry.path().string(), taken.file);
    ++files;
  }
  EXPECT_EQ(files, 1);
}

TEST(Backup, a_second_one_of_the_same_place_gets_its_own_name) {
  const Folder folder;
  auto opened = open_and_recover(folder.data());
  const auto first = take_backup(*opened.journal, "nightly");
  const auto second = take_backup(*opened.journal, "nightly");
  ASSERT_TRUE(first && second);
  EXPECT_NE(first->file, second->file);
}

TEST(Backup, refuses_names_that_lead_elsewhere) {
  const Folder folder;
  auto opened = open_and_recover(folder.data());
  for (const std::string& name :
       {std::string(), std::string("../x"), std::string("a/b"), std::string(".hidden"),
        std::string("with space"), std::string(65, 'a'), std::string("nul\0byte", 8)}) {
    auto taken = take_backup(*opened.journal, name);
    ASSERT_FALSE(taken) << name;
    EXPECT_EQ(taken.error().code(), Code::BadRequest);
  }
  EXPECT_TRUE(opened.journal->commit(Author().group(1)));
}

TEST(Backup, case_104_a_failed_backup_leaves_nothing_and_the_journal_works) {
  const Folder folder;
  Author author;
  auto opened = open_and_recover(folder.data());
  ASSERT_TRUE(opened.journal->commit(author.group(5)));
  write_bytes(folder.data() / "backups", "a file in the place of the folder");
  auto taken = take_backup(*opened.journal, "x");
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code(), Code::StorageFault);
  EXPECT_TRUE(opened.journal->commit(author.group(5)));
  std::filesystem::remove(folder.data() / "backups");
  EXPECT_TRUE(take_backup(*opened.journal, "x"));
}

TEST(Restore, into_a_new_directory_gives_the_books_and_asks_for_a_new_epoch) {
  const Folder folder;
  const Folder other;
  const BackupTaken taken = fill_and_back_up(folder.data());
  auto restored = restore_backup(order_for(taken, other.data()));
  ASSERT_TRUE(restored) << restored.error().message();
  EXPECT_FALSE(restored->moved_aside);
  EXPECT_EQ(restored->head.seq, 5U);

  auto [journal, recovered] = open_and_recover(other.data());
  EXPECT_TRUE(recovered.restored);
  EXPECT_EQ(recovered.seq, 5U);
  EXPECT_EQ(recovered.epoch, 1U);
  EXPECT_EQ(recovered.hub.text(), restored->names.hub.text());
  EXPECT_EQ(recovered.answer_keys.size(), 2U);
  ASSERT_TRUE(recovered.snapshot);
}

TEST(Restore, case_119_no_pair_of_epoch_and_seq_is_used_twice) {
  const Folder folder;
  const BackupTaken taken = fill_and_back_up(folder.data());
  ASSERT_TRUE(restore_backup(order_for(taken, folder.data(), true)));
  {
    auto [journal, recovered] = open_and_recover(folder.data());
    ASSERT_TRUE(recovered.restored);
    Author same(Place{1, recovered.seq, recovered.hash});
    EXPECT_FALSE(journal->commit(same.group(1))) << "(1, 6) is known to others";
    Author next(Place{2, recovered.seq, recovered.hash});
    ASSERT_TRUE(journal->commit(next.group(1)));
    ASSERT_TRUE(journal->commit(next.group(1)));
  }
  auto [journal, recovered] = open_and_recover(folder.data());
  EXPECT_FALSE(recovered.restored);
  EXPECT_EQ(recovered.epoch, 2U);
  EXPECT_EQ(recovered.seq, 7U);
}

TEST(Restore, the_flag_stays_until_the_new_epoch_is_on_disk) {
  const Folder folder;
  const BackupTaken taken = fill_and_back_up(folder.data());
  ASSERT_TRUE(restore_backup(order_for(taken, folder.data(), true)));
  EXPECT_TRUE(open_and_recover(folder.data()).recovered.restored);
  EXPECT_TRUE(open_and_recover(folder.data()).recovered.restored);
}

TEST(Restore, case_119_the_same_backup_restored_twice_asks_for_a_higher_epoch_each_time) {
  const Folder folder;
  const BackupTaken taken = fill_and_back_up(folder.data());
  for (Epoch expected = 1; expected < 4; ++expected) {
    ASSERT_TRUE(restore_backup(order_for(taken, folder.data(), true)));
    auto [journal, recovered] = open_and_recover(folder.data());
    EXPECT_EQ(recovered.epoch, 1U) << "of what is here";
    EXPECT_EQ(recovered.epoch_floor, expected);
    Author used(Place{recovered.epoch_floor, recovered.seq, recovered.hash});
    EXPECT_FALSE(journal->commit(used.group(1)));
    Author next(Place{recovered.epoch_floor + 1, recovered.seq, recovered.hash});
    ASSERT_TRUE(journal->commit(next.group(1)));
  }
}

TEST(Restore, the_old_store_is_moved_aside_and_still_whole) {
  const Folder folder;
  const BackupTaken taken = fill_and_back_up(folder.data());
  // Its hub was killed: orders are in the -wal, which moves with it.
  ASSERT_EQ(wait_for(start_child([&]() -> int {
              auto opened = open_and_recover(folder.data());
              Author author(Place{1, opened.recovered.seq, opened.recovered.hash});
              ::_exit(opened.journal->commit(author.group(2)) ? 0 : 1);
            })),
            0);
  EXPECT_EQ(code_of(restore_backup(order_for(taken, folder.data()))), Code::BadState);
  auto restored = restore_backup(order_for(taken, folder.data(), true));
  ASSERT_TRUE(restored) << restored.error().message();
  ASSERT_TRUE(restored->moved_aside);
  auto old = verify_store(store_in(*restored->moved_aside));
  ASSERT_TRUE(old) << old.error().message();
  EXPECT_TRUE(old->is_good()) << describe(*old);
  EXPECT_EQ(old->head.seq, 10U);
}

TEST(Restore, is_refused_while_a_hub_runs_there) {
  const Folder folder;
  const BackupTaken taken = fill_and_back_up(folder.data());
  auto opened = open_and_recover(folder.data());
  EXPECT_EQ(code_of(restore_backup(order_for(taken, folder.data(), true))), Code::Locked);
}

TEST(Restore, case_121_another_stores_backup_is_refused) {
  const Folder folder;
  const Folder other;
  const BackupTaken taken = fill_and_back_up(folder.data());
  RestoreOrder order = order_for(taken, other.data());
  order.store = StoreId("s2");
  EXPECT_EQ(code_of(restore_backup(order)), Code::WrongStore);
  EXPECT_EQ(open_and_recover(other.data()).recovered.seq, 0U) << "nothing was left there";
}

TEST(Restore, a_damaged_backup_is_refused_and_the_store_stays) {
  const Folder folder;
  const BackupTaken taken = fill_and_back_up(folder.data());
  tamper(taken.file, "UPDATE events SET data = data || ' ' WHERE seq = 3");
  EXPECT_EQ(code_of(restore_backup(order_for(taken, folder.data(), true))), Code::Corrupt);
  std::string bytes = bytes_of(taken.file);
  write_bytes(taken.file, bytes.substr(0, bytes.size() / 2));
  EXPECT_EQ(code_of(restore_backup(order_for(taken, folder.data(), true))), Code::Corrupt);
  write_bytes(taken.file, "");
  EXPECT_EQ(code_of(restore_backup(order_for(taken, folder.data(), true))), Code::Corrupt);
  auto [journal, recovered] = open_and_recover(folder.data());
  EXPECT_EQ(recovered.seq, 8U);
  EXPECT_FALSE(recovered.restored);
}

TEST(Restore, case_107_a_store_file_copied_by_hand_is_no_backup) {
  const Folder folder;
  const Folder other;
  const BackupTaken taken = fill_and_back_up(folder.data());
  auto opened = open_and_recover(folder.data());
  const auto copy = other.path() / "copy.larder";
  std::filesystem::copy_file(opened.journal->file(), copy);
  RestoreOrder order = order_for(taken, other.data());
  order.backup = copy;
  EXPECT_EQ(code_of(restore_backup(order)), Code::Corrupt);
}

TEST(Restore, a_backup_copied_into_the_directory_by_hand_is_refused) {
  const Folder folder;
  const Folder other;
  const BackupTaken taken = fill_and_back_up(folder.data());
  ASSERT_TRUE(DataDirectory::open(other.data(), FileSystemRule::Any));
  std::filesystem::copy_file(taken.file, other.data() / store_in(folder.data()).filename());
  auto journal = open_journal(other.data());
  ASSERT_FALSE(journal);
  EXPECT_EQ(journal.error().code(), Code::Corrupt);
  EXPECT_NE(journal.error().message().find("restore command"), std::string::npos);
}

TEST(Restore, one_that_was_broken_off_starts_no_empty_store) {
  const Folder folder;
  const Folder other;
  const BackupTaken taken = fill_and_back_up(folder.data());
  ASSERT_TRUE(DataDirectory::open(other.data(), FileSystemRule::Any));
  std::filesystem::copy_file(taken.file, other.data() / "store.larder.restoring");
  auto journal = open_journal(other.data());
  ASSERT_FALSE(journal);
  EXPECT_EQ(journal.error().code(), Code::Corrupt);
  ASSERT_TRUE(restore_backup(order_for(taken, other.data())));
  EXPECT_EQ(open_and_recover(other.data()).recovered.seq, 5U);
}

}  // namespace
}  // namespace larder::edge
