// Power cuts behind every operation of a busy minute: what was acknowledged is there, the rest is
// whole or absent, and a retry has one effect. A failure prints the operation and the seed; the
// same two make the same image again.
#include <gtest/gtest.h>

#include "tests/support/image_audit.hpp"
#include "tests/support/scratch_folder.hpp"

namespace larder::edge {
namespace {

constexpr std::uint64_t kSeed = 20261121;

const BusyMinute& minute() {
  static const BusyMinute recorded = [] {
    const ScratchFolder folder;
    return record_minute(MinuteSize{kSeed, 24, 5, true}, folder.data());
  }();
  return recorded;
}

struct Cuts {
  Cut cut = Cut::Mixed;
  std::size_t first = 0;
  std::size_t every = 1;
  bool cuts_twice = false;
};

void cut_behind_operations(const Cuts& cuts) {
  const ScratchFolder folder;
  DiskModel model;
  for (std::size_t at = 0; at <= minute().trace.size(); ++at) {
    if (at > 0) model.apply(minute().trace[at - 1]);
    if (at % cuts.every != cuts.first) continue;
    const std::uint64_t seed = kSeed + at;
    Fates fates(cuts.cut, seed);
    const Audit audit{at, cuts.cuts_twice ? seed : 0, cuts.cut};
    const auto wrong = audit_image(minute(), model.after_power_cut(fates), audit, folder.data());
    ASSERT_EQ(wrong, "") << "behind operation " << at << " of " << minute().trace.size()
                         << ", seed " << seed;
  }
}

TEST(PowerCut, the_minute_holds_what_it_is_meant_to) {
  std::map<DiskOp::Kind, int> kinds;
  for (const DiskOp& op : minute().trace) kinds[op.kind]++;
  EXPECT_GT(minute().trace.size(), 500U);
  EXPECT_GT(kinds[DiskOp::Kind::Sync], 50);
  EXPECT_GT(kinds[DiskOp::Kind::SyncFolder], 3);
  EXPECT_EQ(kinds[DiskOp::Kind::Rename], 3) << "the store, a backup, the copy before the upgrade";
  EXPECT_GT(kinds[DiskOp::Kind::Truncate], 1);
  EXPECT_GT(minute().acks.size(), 40U);
  EXPECT_GT(minute().groups.size(), 40U);
  int checkpoints = 0;  // pages copied back into the store file
  for (const DiskOp& op : minute().trace) {
    checkpoints += op.kind == DiskOp::Kind::Write && op.name == "h-busy.larder" ? 1 : 0;
  }
  EXPECT_GT(checkpoints, 50);
}

TEST(PowerCut, case_97_everything_unsynced_is_lost_behind_every_operation) {
  cut_behind_operations({Cut::NothingMore});
}

TEST(PowerCut, case_97_torn_dropped_and_reordered_writes_behind_every_operation) {
  cut_behind_operations({Cut::Mixed});
}

TEST(PowerCut, case_97_everything_had_arrived) { cut_behind_operations({Cut::Everything, 1, 3}); }

TEST(PowerCut, case_97_a_medium_that_damages_what_shares_a_sector) {
  cut_behind_operations({Cut::Damaging});
}

TEST(PowerCut, case_103_and_once_more_while_it_recovers) {
  cut_behind_operations({Cut::Mixed, 0, 2, true});
}

// A disk that said "synced" and was not. The file alone cannot know that its newest groups are gone
// when the -wal ends early: what is left is a beginning, whole. That it is only a beginning is
// known to whoever has seen more: the store file itself up to its last checkpoint and clean stop
// (such a start is refused), beyond that the relay's high-water and the screens, by the same (seq,
// hash) that the audit compares here.
TEST(PowerCut, case_98_a_lying_disk_leaves_a_beginning_or_is_refused) {
  const ScratchFolder folder;
  std::size_t refused = 0;
  std::size_t looked = 0;
  for (std::size_t at = 1; at <= minute().trace.size(); at += 5) {
    // The last operations before the cut were in the disk's own memory, whatever it said.
    DiskModel model;
    const std::size_t kept = at > 60 ? at - 60 : 0;
    for (std::size_t op = 0; op < kept; ++op) model.apply(minute().trace[op]);
    for (std::size_t op = kept; op < at; ++op) {
      const auto kind = minute().trace[op].kind;
      if (kind == DiskOp::Kind::Sync || kind == DiskOp::Kind::SyncFolder) continue;
      model.apply(minute().trace[op]);
    }
    Fates fates(Cut::Mixed, kSeed + at);
    const auto& step = minute().step_marks[minute().step_at(at)];
    bool is_refused = false;
    const auto wrong = audit_after_lies(minute(), model.after_power_cut(fates), folder.data(),
                                        step.is_upgraded, is_refused);
    ASSERT_EQ(wrong, "") << "behind operation " << at << ", seed " << kSeed + at;
    refused += is_refused ? 1 : 0;
    ++looked;
  }
  EXPECT_GT(refused, 0U);
  EXPECT_LT(refused, looked);
}

}  // namespace
}  // namespace larder::edge
