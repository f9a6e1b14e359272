// One worker per database, the map as data, and stores that move.
#include <gtest/gtest.h>

#include "relay/shards/shard_workers.hpp"
#include "tests/shards/shard_fixture.hpp"
#include "tests/shards/worker_parts.hpp"

namespace larder::relay {
namespace {

class Workers : public testing::Test {
 protected:
  Workers() : store_(open_store(folder_.path())) {}
  std::vector<ShardSeat> seats() {
    std::vector<ShardSeat> seats;
    for (std::size_t i = 0; i < store_->databases(); ++i) {
      SqliteShard& shard = store_->shard(i);
      seats.push_back(ShardSeat{&shard, [&shard](bool idle) { shard.maintain(idle, kNow); },
                                [&shard] { return shard.is_broken(); }});
    }
    return seats;
  }
  std::function<void(std::function<void()>)> post() {
    return [this](std::function<void()> task) { posted_.post(std::move(task)); };
  }
  // Every bucket in the other database.
  static BucketMap swapped() {
    const BucketMap map(2, kTables);
    std::vector<ShardPlace> places;
    for (unsigned bucket = 0; bucket < kBuckets; ++bucket) {
      places.push_back(ShardPlace{1 - map.place(bucket).database, map.place(bucket).table});
    }
    return BucketMap(places);
  }

  Folder folder_;
  Posted posted_;
  std::unique_ptr<SqliteShardStore> store_;
};

TEST_F(Workers, answers_come_back_in_the_order_of_the_jobs) {
  ShardWorkers workers(seats(), post());
  std::vector<int> order;
  for (int i = 0; i < 50; ++i) {
    ASSERT_TRUE(
        workers.run(0, [&order, i](ShardStore&) { return [&order, i] { order.push_back(i); }; }));
  }
  ASSERT_TRUE(posted_.run(50));
  for (int i = 0; i < 50; ++i) EXPECT_EQ(order[static_cast<std::size_t>(i)], i);
}

TEST_F(Workers, a_full_queue_is_busy_and_the_other_database_is_not) {
  ShardWorkers workers(seats(), post(), 2);
  Gate gate;
  const auto nothing = [](ShardStore&) { return [] {}; };
  ASSERT_TRUE(workers.run(0, [&gate](ShardStore&) {
    gate.pass();
    return [] {};
  }));
  gate.wait_inside();
  ASSERT_TRUE(workers.run(0, nothing));
  ASSERT_TRUE(workers.run(0, nothing));
  EXPECT_EQ(workers.waiting(0), 2U);
  EXPECT_EQ(workers.run(0, nothing).error().code(), Code::Busy);
  EXPECT_TRUE(workers.run(1, nothing));
  EXPECT_EQ(workers.run(7, nothing).error().code(), Code::WrongStore);
  gate.open();
  EXPECT_TRUE(posted_.run(4));
}

TEST_F(Workers, a_broken_database_refuses_at_once) {
  std::vector<ShardSeat> some = seats();
  some[0].is_broken = [] { return true; };
  ShardWorkers workers(std::move(some), post());
  const auto nothing = [](ShardStore&) { return [] {}; };
  ASSERT_TRUE(workers.run(0, nothing));
  ASSERT_TRUE(posted_.run(1));
  // The flag is raised right after the job; a refusal must come, soon.
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  Result<void> answer;
  while ((answer || answer.error().code() == Code::Busy) &&
         std::chrono::steady_clock::now() < deadline) {
    answer = workers.run(0, nothing);
  }
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code(), Code::StorageFault);
  EXPECT_TRUE(workers.run(1, nothing));
}

TEST_F(Workers, case_78_a_store_in_the_wrong_database_is_told_so) {
  HubJournal hub("s1");
  hub.add(EpochBegun{1, "first start"});
  const std::size_t wrong = 1 - store_->database_of(hub.store());
  const StoreBatch batch = hub.all();
  const auto outcomes = store_->apply(wrong, std::span(&batch, 1), kNow);
  ASSERT_TRUE(outcomes) << "the others of the group are not to suffer";
  EXPECT_EQ(outcomes->at(0).fate, BatchFate::Moved);
  const auto stock = store_->shard(wrong).stock(hub.store());
  ASSERT_FALSE(stock);
  EXPECT_EQ(stock.error().code(), Code::WrongStore);
  EXPECT_EQ(stock.error().message().find("moved: store s1"), 0U) << stock.error().message();
  EXPECT_EQ(store_->shard(wrong).marks(1 - wrong).error().code(), Code::WrongStore);
}

TEST_F(Workers, case_78_a_job_whose_store_moved_while_it_waited_is_taken_there_once) {
  const StoreId poi("s1");
  const std::size_t home = store_->database_of(poi);
  ShardWorkers workers(seats(), post());
  Gate gate;
  ASSERT_TRUE(workers.run(home, [&gate](ShardStore&) {
    gate.pass();
    return [] {};
  }));
  gate.wait_inside();
  Result<PoiStock> answer = refuse(Code::Unavailable, "nobody answered");
  ASSERT_TRUE(workers.run_for(poi, [&answer, poi](ShardStore& shard) -> std::function<void()> {
    PoiStock stock;
    stock.poi = poi;
    stock.object_id = "soup";
    auto synced = shard.sync_from_pos(stock, kNow);
    return [&answer, synced] { answer = synced; };
  }));
  // The waiting worker touches nothing, the other has no job.
  ASSERT_TRUE(store_->use_map(swapped()));
  gate.open();
  ASSERT_TRUE(posted_.run(2));
  EXPECT_TRUE(answer) << answer.error().message();
  EXPECT_EQ(workers.database_of(poi), 1 - home);
}

TEST_F(Workers, the_map_is_data_and_survives_a_restart) {
  ASSERT_TRUE(store_->use_map(swapped()));
  store_.reset();
  store_ = open_store(folder_.path());
  EXPECT_EQ(store_->database_of(StoreId("s1")), swapped().place(StoreId("s1")).database);
  store_.reset();
  tamper(folder_.path(), 1, "UPDATE bucket_map SET database_no = 1 - database_no WHERE bucket = 5");
  const auto opened = SqliteShardStore::open(folder_.path());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code(), Code::Corrupt);
  EXPECT_NE(opened.error().message().find("disagree"), std::string::npos);
}

TEST_F(Workers, two_relays_do_not_share_a_directory) {
  const auto second = SqliteShardStore::open(folder_.path());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code(), Code::Locked) << second.error().message();
}

}  // namespace
}  // namespace larder::relay
