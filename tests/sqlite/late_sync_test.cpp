// Commits that do not wait for the disk: what is left out is a commit's own sync and nothing else,
// and a power cut takes at most what no sync came after.
#include <gtest/gtest.h>

#include <vector>

#include "tests/sqlite/wal_lab.hpp"

namespace larder::sql {
namespace {

using Kind = DiskOp::Kind;
using edge::Cut;

constexpr const char* kExtra = "PRAGMA synchronous=EXTRA";

std::vector<DiskOp> since(WalLab& lab, std::size_t mark) {
  auto trace = lab.disk().trace();
  trace.erase(trace.begin(), trace.begin() + static_cast<std::ptrdiff_t>(mark));
  return trace;
}

TEST(LateSync, a_commit_is_synced_unless_it_was_put_off) {
  WalLab lab(kExtra);
  std::size_t mark = lab.mark();
  ASSERT_TRUE(lab.commit(1, 3).has_value());
  EXPECT_EQ(lab.count(mark, Kind::Sync, WalLab::kWal), 1U);
  EXPECT_EQ(lab.connection().late_commits(), 0U);

  mark = lab.mark();
  auto late = lab.connection().sync_later();
  ASSERT_TRUE(late.has_value());
  EXPECT_EQ(lab.count(mark, Kind::SyncFolder, ""), 1U) << "the name of a new -wal";
  mark = lab.mark();
  ASSERT_TRUE(lab.commit(4, 6).has_value());
  ASSERT_TRUE(lab.commit(7, 7).has_value());
  EXPECT_EQ(lab.count(mark, Kind::Sync, WalLab::kWal), 0U);
  EXPECT_EQ(lab.connection().late_commits(), 2U);
  EXPECT_EQ(lab.rows_after_a_kill(), 7) << "not on the disk, but in the file";
  EXPECT_TRUE(late->sync().has_value());

  mark = lab.mark();
  ASSERT_TRUE(lab.put(8, 8).has_value());  // without a Transaction
  EXPECT_EQ(lab.count(mark, Kind::Sync, WalLab::kWal), 1U);
  EXPECT_EQ(lab.connection().late_commits(), 2U);
}

TEST(LateSync, a_commit_that_failed_is_not_counted) {
  WalLab lab(kExtra);
  auto late = lab.connection().sync_later();
  ASSERT_TRUE(late.has_value());
  lab.disk().arm(edge::Fault::Full, 0, edge::Lasting::Once, "-wal");
  EXPECT_FALSE(lab.commit(1, 3).has_value());
  EXPECT_EQ(lab.connection().late_commits(), 0U);
  ASSERT_TRUE(lab.commit(1, 3).has_value());
  EXPECT_EQ(lab.connection().late_commits(), 1U);
  EXPECT_EQ(lab.rows_after_a_kill(), 3);
}

// Pages copied back to a file whose -wal was lost would be a mixture of two states.
TEST(LateSync, a_checkpoint_syncs_the_wal_before_it_writes_the_file) {
  WalLab lab(kExtra);
  auto late = lab.connection().sync_later();
  ASSERT_TRUE(late.has_value());
  ASSERT_TRUE(lab.commit(1, 20).has_value());
  const std::size_t mark = lab.mark();
  ASSERT_TRUE(lab.connection().checkpoint(false).has_value());
  bool is_synced = false;
  int written = 0;
  for (const DiskOp& op : since(lab, mark)) {
    is_synced = is_synced || (op.kind == Kind::Sync && op.name == WalLab::kWal);
    if (op.kind != Kind::Write || op.name != WalLab::kMain) continue;
    EXPECT_TRUE(is_synced);
    ++written;
  }
  EXPECT_GT(written, 10);
  EXPECT_EQ(lab.count(mark, Kind::Sync, WalLab::kMain), 1U);
}

// Frames behind the header of an earlier life of the -wal would not be found.
TEST(LateSync, the_header_of_a_wal_that_begins_anew_is_synced_before_its_frames) {
  WalLab lab(kExtra);
  auto late = lab.connection().sync_later();
  ASSERT_TRUE(late.has_value());
  for (const bool truncates : {false, true}) {
    const int first = truncates ? 41 : 1;
    ASSERT_TRUE(lab.commit(first, first + 19).has_value());
    ASSERT_TRUE(lab.connection().checkpoint(truncates).has_value());
    std::size_t mark = lab.mark();
    ASSERT_TRUE(lab.commit(first + 20, first + 38).has_value());
    std::vector<DiskOp> of_wal;
    for (const DiskOp& op : since(lab, mark)) {
      if (op.name == WalLab::kWal) of_wal.push_back(op);
    }
    ASSERT_GE(of_wal.size(), 3U);
    EXPECT_EQ(of_wal[0].kind, Kind::Write);
    EXPECT_EQ(of_wal[0].offset, 0U);
    EXPECT_EQ(of_wal[0].bytes.size(), 32U);
    EXPECT_EQ(of_wal[1].kind, Kind::Sync);
    EXPECT_EQ(lab.count(mark, Kind::Sync, WalLab::kWal), 1U);
    mark = lab.mark();
    ASSERT_TRUE(lab.commit(first + 39, first + 39).has_value());
    EXPECT_EQ(lab.count(mark, Kind::Sync, WalLab::kWal), 0U);
  }
  EXPECT_EQ(lab.rows_after_a_kill(), 80);
}

TEST(LateSync, a_late_commit_that_spilled_is_not_synced_either) {
  WalLab lab("PRAGMA synchronous=EXTRA; PRAGMA cache_size=10");
  auto late = lab.connection().sync_later();
  ASSERT_TRUE(late.has_value());
  const std::size_t mark = lab.mark();
  ASSERT_TRUE(lab.commit(1, 200).has_value());
  EXPECT_EQ(lab.count(mark, Kind::Sync, WalLab::kWal), 0U);
  EXPECT_EQ(lab.rows_after_a_kill(), 200);
}

struct Life {
  edge::DiskImage initial;
  std::vector<DiskOp> trace;
  // Behind each operation: rows that a sync has reached, and rows of commits that had begun.
  std::vector<int> synced, begun;
};

// What the LateSync does by itself does not pass the VFS: the disk is told here.
Life a_life_of_late_commits() {
  WalLab lab(kExtra);
  auto late = lab.connection().sync_later();
  if (!late) throw std::runtime_error("sync_later");
  Life life;
  life.initial = lab.disk().initial();
  int synced = 0;
  const auto follow = [&](int begun) {
    while (life.synced.size() < lab.mark()) {
      life.synced.push_back(synced);
      life.begun.push_back(begun);
    }
  };
  follow(0);
  for (int row = 1; row <= 60; row += 2) {
    EXPECT_TRUE(lab.commit(row, row + 1).has_value());
    follow(row + 1);
    if (row % 9 == 0) {
      EXPECT_TRUE(late->sync().has_value());
      lab.disk().record({Kind::Sync, WalLab::kWal, {}, 0, {}});
      synced = row + 1;
      follow(row + 1);
    }
    if (row % 13 == 0) {
      EXPECT_TRUE(lab.connection().checkpoint(false).has_value());
      follow(row + 1);
      synced = row + 1;
    }
  }
  life.trace = lab.disk().trace();
  lab.disk().unplug();
  return life;
}

TEST(LateSync, case_97_a_power_cut_takes_only_what_no_sync_came_after) {
  const Life life = a_life_of_late_commits();
  ASSERT_EQ(life.trace.size(), life.begun.size());
  std::size_t looked = 0, lost = 0;
  for (const Cut cut : {Cut::NothingMore, Cut::Mixed, Cut::Everything}) {
    edge::DiskModel model(life.initial);
    for (std::size_t at = 0; at < life.trace.size(); ++at) {
      model.apply(life.trace[at]);
      if (life.begun[at] == 0) continue;
      edge::Fates fates(cut, 20261122 + at);
      const int rows = rows_of(model.after_power_cut(fates));
      ASSERT_GE(rows, life.synced[at]) << "behind operation " << at;
      ASSERT_LE(rows, life.begun[at]) << "behind operation " << at;
      EXPECT_EQ(rows % 2, 0) << "half of a commit";
      lost += rows < life.begun[at] ? 1U : 0U;
      ++looked;
    }
  }
  EXPECT_GT(looked, 200U);
  EXPECT_GT(lost, 20U);
}

}  // namespace
}  // namespace larder::sql
