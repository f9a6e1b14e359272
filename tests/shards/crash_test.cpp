// A crash between any two groups, and in the middle of one: what was answered is there, with its
// rows, and the rest comes again.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/shards/shard_fixture.hpp"

namespace larder::relay {
namespace {

std::vector<std::string> clean_run(const HubJournal& hub) {
  Folder folder;
  auto store = open_store(folder.path());
  apply_one(*store, hub.all());
  store.reset();
  return all_rows(folder.path());
}

TEST(Crash, between_any_two_groups_nothing_that_was_answered_is_lost_or_doubled) {
  test::Store kitchen;
  cook(kitchen, 11, 30);
  HubJournal hub("s1");
  hub.take(kitchen);
  const std::vector<std::string> expected = clean_run(hub);
  Folder live, copy;
  auto store = open_store(live.path());
  constexpr Seq kStep = 7;
  for (Seq at = 0; at < hub.last(); at += kStep) {
    // The copy is what a crash leaves here: main file and -wal, no clean stop.
    copy_files(live.path(), copy.path());
    auto restarted = open_store(copy.path());
    const auto mark = restarted->mark(hub.store());
    ASSERT_TRUE(mark);
    ASSERT_EQ(*mark ? (*mark)->up_to : 0, at);
    if (at > 0) {
      ASSERT_EQ(apply_one(*restarted, hub.batch(1, at)).fate, BatchFate::Duplicate);
    }
    ASSERT_EQ(apply_one(*restarted, hub.batch(std::max<Seq>(1, at), hub.last())).fate,
              BatchFate::Applied);
    restarted.reset();
    ASSERT_EQ(all_rows(copy.path()), expected) << "after a crash at " << at;
    apply_one(*store, hub.batch(at + 1, std::min(hub.last(), at + kStep)));
  }
}

TEST(Crash, a_relay_killed_at_any_moment_has_what_it_answered) {
  test::Store kitchen;
  cook(kitchen, 12, 120);
  HubJournal hub("s1");
  hub.take(kitchen);
  const std::vector<std::string> expected = clean_run(hub);
  Folder folder;
  open_store(folder.path()).reset();
  Seq answered = 0;
  for (unsigned round = 0; answered < hub.last() && round < 200; ++round) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      ::close(ends[0]);
      auto store = open_store(folder.path());
      for (Seq at = answered; at < hub.last();) {
        const Seq last = std::min(hub.last(), at + 3);
        const BatchOutcome outcome = apply_one(*store, hub.batch(at + 1, last));
        const Seq up_to = outcome.mark.up_to;
        if (::write(ends[1], &up_to, sizeof up_to) != sizeof up_to) ::_exit(1);
        at = up_to;
      }
      ::_exit(0);  // no clean stop either
    }
    ::close(ends[1]);
    // Killed right after an answer of its own choosing, while the next group is under way.
    Seq heard = 0;
    for (unsigned answers = round % 5 + 1; answers > 0; --answers) {
      if (::read(ends[0], &heard, sizeof heard) != sizeof heard) break;
      answered = heard;
    }
    ::kill(child, SIGKILL);
    ::close(ends[0]);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    auto store = open_store(folder.path());
    const auto mark = store->mark(hub.store());
    ASSERT_TRUE(mark);
    const Seq kept = *mark ? (*mark)->up_to : 0;
    ASSERT_GE(kept, answered) << "an answered event is gone";
    answered = kept;
  }
  ASSERT_EQ(answered, hub.last());
  EXPECT_EQ(all_rows(folder.path()), expected);
}

// The disk is full in the middle of a group: nothing of it is there, and once there is room the
// same batch is taken.
TEST(Crash, a_group_that_does_not_fit_leaves_no_row_and_no_mark) {
  test::Store kitchen;
  cook(kitchen, 13, 200);
  HubJournal hub("s1");
  hub.take(kitchen);
  const std::vector<std::string> expected = clean_run(hub);
  Folder folder;
  auto store = open_store(folder.path());
  ASSERT_EQ(apply_one(*store, hub.batch(1, 5)).fate, BatchFate::Applied);
  rlimit old{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &old), 0);
  ::signal(SIGXFSZ, SIG_IGN);  // EFBIG instead: a limit on file size is a full disk too
  const std::size_t database = store->database_of(hub.store());
  const auto log = folder.path() / ("jiaoyi_product_" + std::to_string(database) + ".db-wal");
  const rlimit small{std::filesystem::file_size(log) + 4'096, old.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const StoreBatch batch = hub.batch(6, hub.last());
  const auto refused = store->apply(database, std::span(&batch, 1), kNow);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &old), 0);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Code::StorageFull) << refused.error().message();
  EXPECT_EQ(mark_of(*store, hub.store()).up_to, 5U);
  EXPECT_EQ(apply_one(*store, batch).fate, BatchFate::Applied);
  store.reset();
  EXPECT_EQ(all_rows(folder.path()), expected);
}

TEST(Crash, a_schema_that_larder_did_not_make_is_refused) {
  Folder folder;
  open_store(folder.path()).reset();
  tamper(folder.path(), 0,
         "CREATE TRIGGER other AFTER INSERT ON store_events_0 BEGIN DELETE FROM outbox; END");
  const auto opened = SqliteShardStore::open(folder.path());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code(), Code::Corrupt);
}

}  // namespace
}  // namespace larder::relay
