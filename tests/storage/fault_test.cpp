// Faults of the disk under a journal: full, failing, cut off by kill -9. What was acknowledged is
// there; what was not is there whole or not at all.
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <unistd.h>

#include "edge/storage/verify.hpp"
#include "tests/storage/store_fixture.hpp"
#include "tests/support/faulty_disk.hpp"

namespace larder::edge {
namespace {

// Reopens without faults: exactly `seq` events, whole.
void expect_journal_of(const std::filesystem::path& data, const Place& head) {
  auto [journal, recovered] = open_and_recover(data);
  ASSERT_TRUE(journal);
  EXPECT_EQ(recovered.seq, head.seq);
  EXPECT_EQ(recovered.hash, head.hash);
  journal.reset();
  auto report = verify_store(store_in(data));
  ASSERT_TRUE(report) << report.error().message();
  EXPECT_TRUE(report->is_good()) << describe(*report);
}

// What a struck commit left: `author` wrote what is on disk, `ahead` the group as well.
struct Struck {
  SqliteJournal& journal;
  Author& author;
  const Author& ahead;
  const Result<Room>& committed;
};

// A fault strikes each write of one group in turn, in a fresh journal each time; the check leaves
// `author` where the journal must stand.
void strike_every_write(Fault fault, std::uint64_t ballast_bytes,
                        const std::function<void(const Struck&)>& check) {
  for (int after = 0; after < 200; ++after) {
    SCOPED_TRACE("after write " + std::to_string(after));
    const Folder folder;
    Author author;
    Author ahead;
    {
      FaultyDisk disk(folder.data());
      auto journal = open_journal(folder.data(), kStore,
                                  JournalOptions{HubId(), ballast_bytes, edge_migrations()});
      ASSERT_TRUE(journal && (*journal)->recover());
      ASSERT_TRUE((*journal)->commit(author.group(2, 1)));
      disk.arm(fault, after, Lasting::Once);
      ahead = author;
      const auto committed = (*journal)->commit(ahead.group(100, 4, 4'000));
      if (!disk.has_struck()) {
        ASSERT_TRUE(committed);
        EXPECT_GT(after, 5) << "the loop must have met every write, and there are several";
        return;
      }
      disk.heal();
      check({**journal, author, ahead, committed});
    }
    // Of a commit that failed nobody was told: when all but its padding was written, it is there.
    const bool is_there = fault == Fault::WriteError &&
                          open_and_recover(folder.data()).recovered.seq == ahead.head().seq;
    expect_journal_of(folder.data(), is_there ? ahead.head() : author.head());
  }
  FAIL() << "the fault was always met";
}

TEST(FullDisk, case_93_at_every_write_a_group_is_whole_or_absent_and_the_next_one_works) {
  strike_every_write(Fault::Full, 0, [](const Struck& struck) {
    ASSERT_FALSE(struck.committed);
    EXPECT_EQ(struck.committed.error().code(), Code::StorageFull);
    EXPECT_EQ(struck.journal.read(0, 100)->size(), 2U);
    ASSERT_TRUE(struck.journal.commit(struck.author.group(3, 1)));
  });
}

TEST(FullDisk, case_93_at_every_write_the_same_group_is_written_in_the_ballast_once) {
  strike_every_write(Fault::Full, 256 * 1024, [](const Struck& struck) {
    ASSERT_TRUE(struck.committed);
    EXPECT_EQ(*struck.committed, Room::Scarce);
    EXPECT_FALSE(struck.journal.has_ballast());
    struck.author = struck.ahead;
    auto next = struck.journal.commit(struck.author.group(3, 1));
    ASSERT_TRUE(next);
    EXPECT_EQ(*next, Room::Scarce) << "until somebody looks";
    EXPECT_EQ(struck.journal.room(), Room::Enough);
  });
}

TEST(FullDisk, case_93_only_a_group_spends_the_ballast) {
  const Folder folder;
  Author author;
  FaultyDisk disk(folder.data());
  auto journal =
      open_journal(folder.data(), kStore, JournalOptions{HubId(), 256 * 1024, edge_migrations()});
  ASSERT_TRUE(journal && (*journal)->recover());
  ASSERT_TRUE((*journal)->commit(author.group(20, 0, 4'000)));
  disk.arm(Fault::Full, 0, Lasting::FromThenOn);
  auto kept = (*journal)->keep(snapshot_at(author.head(), "books"));
  ASSERT_FALSE(kept);
  EXPECT_EQ(kept.error().code(), Code::StorageFull);
  EXPECT_TRUE((*journal)->has_ballast());
  auto committed = (*journal)->commit(author.group(20, 0, 4'000));
  ASSERT_FALSE(committed) << "the ballast helps no longer";
  EXPECT_EQ(committed.error().code(), Code::StorageFull) << committed.error().message();
  EXPECT_FALSE((*journal)->has_ballast());
}

TEST(FullDisk, case_93_a_checkpoint_without_room_is_put_off) {
  const Folder folder;
  Author author;
  {
    FaultyDisk disk(folder.data());
    auto opened = open_and_recover(folder.data());
    while (opened.journal->wal_bytes() < 9'000'000) {
      ASSERT_TRUE(opened.journal->commit(author.group(50, 0, 10'000)));
    }
    disk.arm(Fault::Full, 3, Lasting::FromThenOn, ".larder");
    EXPECT_TRUE(opened.journal->maintain(true, TimePoint{1}));
    EXPECT_TRUE(disk.has_struck());
    disk.heal();
    ASSERT_TRUE(opened.journal->commit(author.group(3)));
    EXPECT_TRUE(opened.journal->maintain(true, TimePoint{2}));
    EXPECT_EQ(opened.journal->wal_bytes(), 0U);
  }
  expect_journal_of(folder.data(), author.head());
}

TEST(FullDisk, case_104_a_backup_without_room_leaves_the_journal_as_it_was) {
  const Folder folder;
  Author author;
  {
    FaultyDisk disk(folder.data());
    auto opened = open_and_recover(folder.data());
    ASSERT_TRUE(opened.journal->commit(author.group(50, 5, 2'000)));
    disk.arm(Fault::Full, 2, Lasting::FromThenOn, "backups/");
    auto taken = take_backup(*opened.journal, "x");
    ASSERT_FALSE(taken);
    EXPECT_EQ(taken.error().code(), Code::StorageFull) << taken.error().message();
    EXPECT_TRUE(std::filesystem::is_empty(folder.data() / "backups"));
    ASSERT_TRUE(opened.journal->commit(author.group(2)));
  }
  expect_journal_of(folder.data(), author.head());
}

TEST(FullDisk, case_104_a_group_that_does_not_fit_takes_the_space_of_a_backup_under_way) {
  const Folder folder;
  Author author;
  {
    FaultyDisk disk(folder.data());
    auto opened = open_and_recover(folder.data());
    ASSERT_TRUE(opened.journal->commit(author.group(2'000, 0, 2'000)));
    ASSERT_TRUE(opened.journal->begin_backup("x"));
    ASSERT_TRUE(opened.journal->continue_backup());
    disk.arm(Fault::Full, 2, Lasting::Once, "-wal");
    ASSERT_TRUE(opened.journal->commit(author.group(20, 5, 2'000)));
    EXPECT_TRUE(disk.has_struck());
    auto given_up = opened.journal->continue_backup();
    ASSERT_FALSE(given_up);
    EXPECT_EQ(given_up.error().code(), Code::StorageFull);
    EXPECT_TRUE(std::filesystem::is_empty(folder.data() / "backups"));
    EXPECT_TRUE(take_backup(*opened.journal, "y")) << "the next one may try again";
  }
  expect_journal_of(folder.data(), author.head());
}

// By the kernel's own word (EFBIG), in a child, because the limit is the process's.
TEST(FullDisk, case_93_a_limit_on_file_size_is_a_full_disk) {
  const Folder folder;
  const int outcome = wait_for(start_child([&]() -> int {
    ::signal(SIGXFSZ, SIG_IGN);
    auto opened = open_and_recover(folder.data());
    if (!opened.journal) return 1;
    const rlimit small{3'000'000, RLIM_INFINITY};
    if (::setrlimit(RLIMIT_FSIZE, &small) != 0) return 2;
    Author author;
    for (int i = 0; i < 200; ++i) {
      Author ahead = author;
      auto committed = opened.journal->commit(ahead.group(20, 0, 4'000));
      if (committed) {
        author = ahead;
        continue;
      }
      if (committed.error().code() != Code::StorageFull) return 3;
      const rlimit none{RLIM_INFINITY, RLIM_INFINITY};
      if (::setrlimit(RLIMIT_FSIZE, &none) != 0) return 4;
      if (!opened.journal->commit(author.group(20, 0, 4'000))) return 5;
      return opened.journal->read(0, SIZE_MAX)->size() == author.head().seq ? 0 : 6;
    }
    return 7;
  }));
  ASSERT_EQ(outcome, 0);
  EXPECT_TRUE(verify_store(store_in(folder.data()))->is_good());
}

// A real full disk: a small tmpfs in a mount namespace of the child's own.
int live_through_a_full_tmpfs(const std::filesystem::path& data) {
  if (::unshare(CLONE_NEWNS) != 0) return 77;
  if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return 77;
  std::filesystem::create_directory(data);
  if (::mount("larder", data.c_str(), "tmpfs", 0, "size=24m,mode=0700") != 0) return 77;
  auto journal = open_journal(data, kStore, JournalOptions{HubId(), 4U << 20U, edge_migrations()});
  if (!journal || !(*journal)->recover()) return 1;
  if (!(*journal)->has_ballast()) return 2;
  Author author;
  // Fills the disk; the group that no longer fits is written in the ballast, whole.
  Result<Room> room = Room::Enough;
  while (room && *room == Room::Enough) room = (*journal)->commit(author.group(100, 0, 4'000));
  if (!room) return 3;
  if ((*journal)->has_ballast() || (*journal)->room() != Room::Scarce) return 4;
  for (int i = 0; i < 10; ++i) {
    room = (*journal)->commit(author.group(2, 1));  // held orders finish in the ballast
    if (!room || *room != Room::Scarce) return 5;
  }
  while (room) {
    Author ahead = author;
    room = (*journal)->commit(ahead.group(100, 0, 4'000));
    if (room) author = ahead;
  }
  if (room.error().code() != Code::StorageFull) return 12;  // the ballast is used up too
  if ((*journal)->maintain(true, TimePoint{1}); (*journal)->has_ballast()) return 6;
  if (::mount("larder", data.c_str(), "tmpfs", MS_REMOUNT, "size=128m,mode=0700") != 0) return 7;
  if ((*journal)->room() != Room::Enough) return 8;
  if (!(*journal)->has_ballast()) return 9;  // space is back, and so is the ballast
  room = (*journal)->commit(author.group(100, 0, 4'000));
  if (!room || *room != Room::Enough) return 10;
  const auto file = (*journal)->file();
  journal->reset();
  auto report = verify_unlocked(file);
  return report && report->is_good() && report->events == author.head().seq ? 0 : 11;
}

TEST(FullDisk, case_93_the_ballast_lets_small_groups_finish_and_comes_back) {
  const Folder folder;
  const int outcome =
      wait_for(start_child([&] { return live_through_a_full_tmpfs(folder.data()); }));
  if (outcome == 77) GTEST_SKIP() << "a tmpfs can only be mounted by root";
  EXPECT_EQ(outcome, 0);
}

TEST(FailingDisk, case_95_after_one_failed_sync_nothing_is_acknowledged_again) {
  const Folder folder;
  Author author;
  FaultyDisk disk(folder.data());
  auto opened = open_and_recover(folder.data());
  ASSERT_TRUE(opened.journal->commit(author.group(2)));
  disk.arm(Fault::SyncError, 0, Lasting::Once);
  Author ahead = author;
  auto committed = opened.journal->commit(ahead.group(2));
  ASSERT_TRUE(disk.has_struck());
  ASSERT_FALSE(committed);
  EXPECT_EQ(committed.error().code(), Code::StorageFault);
  disk.heal();
  EXPECT_EQ(opened.journal->commit(author.group(1)).error().code(), Code::StorageFault);
  EXPECT_EQ(opened.journal->keep(snapshot_at(author.head(), "x")).error().code(),
            Code::StorageFault);
  EXPECT_FALSE(opened.journal->maintain(true, TimePoint{1}));
  opened.journal.reset();
  // The next start finds what was acknowledged; the group whose sync failed may be there, whole.
  auto again = open_and_recover(folder.data());
  ASSERT_TRUE(again.journal);
  EXPECT_TRUE(again.recovered.seq == 2 || again.recovered.seq == 4) << again.recovered.seq;
}

TEST(FailingDisk, case_95_a_write_that_fails_at_any_place_is_final_and_loses_nothing) {
  strike_every_write(Fault::WriteError, 256 * 1024, [](const Struck& struck) {
    ASSERT_FALSE(struck.committed);
    EXPECT_EQ(struck.committed.error().code(), Code::StorageFault);
    Author next = struck.author;
    EXPECT_FALSE(struck.journal.commit(next.group(1)));
  });
}

// What a file system does that was turned read-only under the hub: reads go on, no write does.
TEST(FailingDisk,
     case_94_a_disk_that_takes_no_write_any_more_loses_nothing_and_acknowledges_nothing) {
  const Folder folder;
  Author author;
  FaultyDisk disk(folder.data());
  {
    auto opened = open_and_recover(folder.data());
    ASSERT_TRUE(opened.journal->commit(author.group(5, 2)));
    disk.arm(Fault::WriteError, 0, Lasting::FromThenOn);
    Author ahead = author;
    const auto committed = opened.journal->commit(ahead.group(2));
    ASSERT_FALSE(committed);
    EXPECT_EQ(committed.error().code(), Code::StorageFault);
    EXPECT_EQ(opened.journal->commit(ahead.group(1)).error().code(), Code::StorageFault);
    ASSERT_TRUE(opened.journal->read(0, 100));
    EXPECT_EQ(opened.journal->read(0, 100)->size(), 5U) << "what is on disk can be read";
  }
  disk.heal();
  expect_journal_of(folder.data(), author.head());
}

TEST(FailingDisk, a_file_moved_away_under_the_hub_ends_it) {
  const Folder folder;
  Author author;
  auto opened = open_and_recover(folder.data());
  ASSERT_TRUE(opened.journal->commit(author.group(2)));
  std::filesystem::rename(opened.journal->file(), folder.path() / "elsewhere");
  EXPECT_FALSE(opened.journal->maintain(true, TimePoint{1}));
  EXPECT_FALSE(opened.journal->commit(author.group(1)));
}

// The child commits for ever, reports each head it was told is durable, checkpoints and snapshots.
int commit_until_killed(const std::filesystem::path& data, int acks) {
  auto journal = open_journal(data);
  if (!journal) return 1;
  auto recovered = (*journal)->recover();
  if (!recovered) return 2;
  Author author(Place{recovered->epoch, recovered->seq, recovered->hash});
  for (int i = 1;; ++i) {
    Group group = author.group(16, 0, 8'000);
    group.answers.push_back(answer_for("c-" + std::to_string(author.head().seq)));
    if (!(*journal)->commit(group)) return 3;
    const Seq seq = author.head().seq;
    if (::write(acks, &seq, sizeof(seq)) != sizeof(seq)) return 4;
    if (i % 10 == 0 && !(*journal)->keep(snapshot_at(author.head(), "books"))) return 5;
    if (!(*journal)->maintain(true, TimePoint{i})) return 6;
  }
}

// The last head that the child reported, after `count` reports and a kill -9.
Seq kill_after(const std::filesystem::path& data, int count) {
  std::array<int, 2> acks{};
  if (::pipe(acks.data()) != 0) return 0;
  const pid_t child = start_child([&] { return commit_until_killed(data, acks[1]); });
  ::close(acks[1]);
  Seq last = 0;
  Seq seq = 0;
  for (int i = 0; ::read(acks[0], &seq, sizeof(seq)) == sizeof(seq); ++i) {
    last = seq;
    if (i == count) ::kill(child, SIGKILL);
  }
  ::close(acks[0]);
  EXPECT_EQ(wait_for(child), 1000 + SIGKILL);
  return last;
}

TEST(KillMinusNine, twenty_times_every_acknowledged_event_and_answer_is_there) {
  const Folder folder;
  Seq before = 0;
  for (int cycle = 0; cycle < 20; ++cycle) {
    const Seq acked = kill_after(folder.data(), 3 + (cycle * 37) % 70);
    ASSERT_GT(acked, before) << "cycle " << cycle;
    auto [journal, recovered] = open_and_recover(folder.data());
    ASSERT_TRUE(journal) << "cycle " << cycle;
    ASSERT_GE(recovered.seq, acked);
    EXPECT_EQ(recovered.seq % 16, 0U) << "a group is whole or absent";
    for (Seq seq = before + 16; seq <= acked; seq += 16) {
      auto answer = journal->answer(CommandId("c-" + std::to_string(seq)));
      ASSERT_TRUE(answer && *answer) << seq;
    }
    EXPECT_EQ(recovered.answer_keys.size(), recovered.seq / 16);
    before = recovered.seq;
    journal.reset();
  }
  auto report = verify_store(store_in(folder.data()));
  ASSERT_TRUE(report);
  EXPECT_TRUE(report->is_good()) << describe(*report);
}

}  // namespace
}  // namespace larder::edge
