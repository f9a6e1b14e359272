// Workers whose databases are synced later than they commit: what is answered when, and what is
// left when a disk does not sync.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <optional>
#include <set>

#include "relay/shards/shard_workers.hpp"
#include "tests/shards/shard_fixture.hpp"
#include "tests/shards/worker_parts.hpp"

namespace larder::relay {
namespace {

class NoonClock final : public Clock {
 public:
  TimePoint now() override { return kNow; }
  Duration steady() override { return {}; }
};

// The descriptors of this process that have the file open.
std::set<int> descriptors_of(const std::filesystem::path& file) {
  std::set<int> found;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    std::error_code gone;
    if (std::filesystem::read_symlink(entry.path(), gone) == file && !gone) {
      found.insert(std::stoi(entry.path().filename().string()));
    }
  }
  return found;
}

class WorkersSync : public testing::Test {
 protected:
  WorkersSync() : store_(open_store(folder_.path())) {}
  ShardWorkers::Post post() {
    return [this](std::function<void()> task) { posted_.post(std::move(task)); };
  }
  ShardWorkers::Lost lost() {
    return [this](std::size_t database, const Error& error) {
      lost_.emplace_back(database, error.code());
    };
  }
  // The real seats, whose syncs the test holds.
  std::vector<ShardSeat> slow_seats() {
    std::vector<ShardSeat> seats = seats_of(*store_, clock_);
    for (std::size_t i = 0; i < seats.size(); ++i) {
      seats[i].sync = [&disk = disks_[i], real = seats[i].sync]() -> Result<void> {
        auto held = disk.sync();
        return held ? real() : held;
      };
    }
    return seats;
  }
  StoreId store_in(std::size_t database) const {
    int i = 1;
    while (store_->database_of(StoreId("s" + std::to_string(i))) != database) ++i;
    return StoreId("s" + std::to_string(i));
  }
  // A row of that database is written; `name` is answered.
  ShardJob writing(std::size_t database, const std::string& name) {
    return [this, poi = store_in(database), name](ShardStore& shard) -> std::function<void()> {
      PoiStock stock;
      stock.poi = poi;
      stock.object_id = name;
      const auto written = shard.sync_from_pos(stock, kNow);
      return [this, name, is_written = written.has_value()] {
        answers_.push_back(name + (is_written ? "" : " failed"));
      };
    };
  }
  static ShardJob held_at(Gate& gate) {
    return [&gate](ShardStore&) {
      gate.pass();
      return [] {};
    };
  }

  Folder folder_;
  NoonClock clock_;
  std::unique_ptr<SqliteShardStore> store_;
  SlowDisk disks_[2];
  Posted posted_;
  std::vector<std::string> answers_;
  std::vector<std::pair<std::size_t, Code>> lost_;
};

using Names = std::vector<std::string>;

TEST_F(WorkersSync, a_job_is_answered_after_its_sync_and_the_next_runs_meanwhile) {
  ShardWorkers workers(slow_seats(), post(), kShardJobsMax, lost());
  ASSERT_TRUE(workers.run(0, writing(0, "a")));
  ASSERT_TRUE(disks_[0].wait_begun(1));
  ASSERT_TRUE(workers.run(0, writing(0, "b")));
  Gate gate;
  ASSERT_TRUE(workers.run(0, held_at(gate)));
  ASSERT_TRUE(gate.wait_inside()) << "the worker goes on while the disk syncs";
  EXPECT_EQ(posted_.count(), 0U);
  // The other database waits for neither.
  disks_[1].allow(1);
  ASSERT_TRUE(workers.run(1, writing(1, "other")));
  ASSERT_TRUE(posted_.run(1));
  EXPECT_EQ(answers_, Names{"other"});
  disks_[0].allow(1);
  ASSERT_TRUE(posted_.run(1));
  EXPECT_EQ(answers_, (Names{"other", "a"}));
  ASSERT_TRUE(disks_[0].wait_begun(2));
  EXPECT_EQ(posted_.count(), 0U);
  disks_[0].allow(2);
  ASSERT_TRUE(posted_.run(1));
  EXPECT_EQ(answers_, (Names{"other", "a", "b"}));
  gate.open();
  EXPECT_TRUE(posted_.run(1));
  EXPECT_TRUE(lost_.empty());
}

TEST_F(WorkersSync, what_was_answered_is_there_and_many_jobs_share_a_sync) {
  {
    ShardWorkers workers(slow_seats(), post());
    ASSERT_TRUE(workers.run(0, writing(0, "first")));
    ASSERT_TRUE(disks_[0].wait_begun(1));
    for (int i = 0; i < 50; ++i) {
      ASSERT_TRUE(workers.run(0, writing(0, "row-" + std::to_string(i))));
    }
    Gate gate;
    ASSERT_TRUE(workers.run(0, held_at(gate)));
    ASSERT_TRUE(gate.wait_inside());
    disks_[0].allow(2);
    ASSERT_TRUE(posted_.run(2));
    EXPECT_EQ(answers_.size(), 51U);
    EXPECT_EQ(disks_[0].begun(), 2U);
    gate.open();
  }
  const auto kept = store_->shard(0).find_to_pos(store_in(0), {});
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->size(), 51U);
}

TEST_F(WorkersSync, case_95_after_a_sync_that_failed_the_database_is_lost_and_the_other_is_not) {
  disks_[1].fail();
  disks_[0].allow(100);
  std::optional<ShardWorkers> workers;
  workers.emplace(slow_seats(), post(), kShardJobsMax, lost());
  ASSERT_TRUE(workers->run(1, writing(1, "a")));
  ASSERT_TRUE(disks_[1].wait_begun(1));
  ASSERT_TRUE(workers->run(1, writing(1, "b")));
  disks_[1].allow(100);
  ASSERT_TRUE(posted_.run(1)) << "who runs the loop must be told";
  EXPECT_EQ(lost_, (std::vector{std::pair<std::size_t, Code>(1, Code::StorageFault)}));
  const auto refused = workers->run(1, writing(1, "c"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Code::StorageFault);
  ASSERT_TRUE(workers->run(0, writing(0, "other")));
  ASSERT_TRUE(posted_.run(1));
  EXPECT_EQ(answers_, Names{"other"});
  workers.reset();
  EXPECT_EQ(posted_.count(), 0U) << "what is not known to be on the disk is not answered";
}

// The kernel refuses to sync what is no file: the descriptor that is synced becomes one of those.
TEST_F(WorkersSync, case_95_a_real_database_that_does_not_sync_is_not_written_any_more) {
  const auto log = std::filesystem::canonical(folder_.path()) / "jiaoyi_product_0.db-wal";
  std::set<int> before = descriptors_of(log);
  auto seats = slow_seats();
  std::set<int> later = descriptors_of(log);
  for (const int known : before) later.erase(known);
  ASSERT_EQ(later.size(), 1U);
  int ends[2] = {-1, -1};
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  ASSERT_GE(::dup3(ends[1], *later.begin(), O_CLOEXEC), 0);
  ::close(ends[0]);
  ::close(ends[1]);

  std::optional<ShardWorkers> workers;
  workers.emplace(std::move(seats), post(), kShardJobsMax, lost());
  Gate gate;
  std::atomic<Code> code = Code::NotFound;
  ASSERT_TRUE(workers->run(0, writing(0, "a")));
  ASSERT_TRUE(disks_[0].wait_begun(1));
  ASSERT_TRUE(workers->run(0, held_at(gate)));
  ASSERT_TRUE(workers->run(0, [&code, poi = store_in(0)](ShardStore& shard) {
    PoiStock stock;
    stock.poi = poi;
    stock.object_id = "late";
    if (const auto written = shard.sync_from_pos(stock, kNow); !written) {
      code = written.error().code();
    }
    return [] {};
  }));
  ASSERT_TRUE(gate.wait_inside());
  disks_[0].allow(100);
  ASSERT_TRUE(posted_.run(1));
  EXPECT_EQ(lost_, (std::vector{std::pair<std::size_t, Code>(0, Code::StorageFault)}));
  gate.open();
  workers.reset();
  EXPECT_EQ(code, Code::StorageFault) << "what was in the queue when the sync failed";
  EXPECT_TRUE(store_->shard(0).is_broken());
  EXPECT_FALSE(store_->shard(1).is_broken());
  EXPECT_TRUE(answers_.empty());
}

// Of a database that says how many commits it made, in a seat of the test's own.
TEST_F(WorkersSync, a_seat_without_new_commits_is_not_synced) {
  std::atomic<std::uint64_t> commits = 0;
  ShardSeat seat;
  seat.store = &store_->shard(0);
  seat.sync = [this] { return disks_[0].sync(); };
  seat.late_commits = [&commits] { return commits.load(); };
  disks_[0].allow(100);
  ShardWorkers workers({seat}, post());
  const auto reads = [](ShardStore&) { return [] {}; };
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(workers.run(0, reads));
  ASSERT_TRUE(posted_.run(3));
  EXPECT_EQ(disks_[0].begun(), 0U);
  ASSERT_TRUE(workers.run(0, [&commits](ShardStore&) {
    ++commits;
    return [] {};
  }));
  ASSERT_TRUE(posted_.run(1));
  EXPECT_EQ(disks_[0].begun(), 1U);
}

}  // namespace
}  // namespace larder::relay
