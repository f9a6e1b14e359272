// The pump over real SQLite shards: every one of the 1,024 buckets (claim outbox-all-shards).
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <set>

#include "relay/app/bucket.hpp"
#include "relay/shards/sqlite_shard_store.hpp"
#include "tests/outbox/post_office.hpp"

namespace larder::relay {
namespace {

constexpr std::size_t kDatabases = 2;
constexpr int kChangesPerStore = 2;

class OutboxOverShards : public testing::Test {
 protected:
  void SetUp() override {
    const std::filesystem::path memory = "/dev/shm";  // what is proved is not the disk
    const auto place =
        std::filesystem::exists(memory) ? memory : std::filesystem::temp_directory_path();
    std::string name = (place / "larder-outbox-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
    auto opened = SqliteShardStore::open(folder_ / "shards", kDatabases);
    ASSERT_TRUE(opened) << opened.error().message();
    store_ = std::move(*opened);
    shards_ = std::make_unique<QueuedShards>(*store_, jobs_);
    for (int i = 0; stores_.size() < kBuckets; ++i) {
      const StoreId store("store-" + std::to_string(i));
      if (buckets_.insert(bucket_of(store)).second) stores_.push_back(store);
    }
    open();
  }
  void TearDown() override {
    pump_.reset();
    shards_.reset();
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  void open() { pump_ = std::make_unique<OutboxPump>(*shards_, bus_, clock_, telemetry_); }
  void pass(Duration time) {
    clock_.pass(time);
    for (int tick = 0; tick < 2; ++tick) {  // the second one marks what the first one sent
      pump_->tick();
      jobs_.settle();
    }
  }
  void change(const StoreId& store, int number) {
    PoiStock stock;
    stock.brand_id = "brand";
    stock.poi = store;
    stock.object_id = "soup";
    stock.stock_type = 2;
    stock.plan_quantity = Quantity::tenths(10 * number);
    stock.real_quantity = Quantity::tenths(10 * number);
    const auto synced = store_->sync_from_pos(stock, clock_.now());
    ASSERT_TRUE(synced) << synced.error().message();
  }
  // What waits, by store, in order of id.
  std::map<std::string, std::vector<std::string>> waiting() {
    std::map<std::string, std::vector<std::string>> keys;
    for (std::size_t database = 0; database < kDatabases; ++database) {
      const auto rows = store_->outbox_waiting(database, 0, 10'000);
      for (const OutboxRow& row : *rows) keys[row.store.text()].push_back(row.biz_key);
    }
    return keys;
  }
  std::map<std::string, std::vector<std::string>> taken() const {
    std::map<std::string, std::vector<std::string>> keys;
    for (const Message& message : bus_.taken) keys[message.group].push_back(message.key);
    return keys;
  }
  std::size_t settled_buckets(const std::map<std::string, std::vector<std::string>>& expected) {
    const auto got = taken();
    std::set<unsigned> buckets;
    for (const auto& [store, keys] : expected) {
      const auto found = got.find(store);
      if (found != got.end() && found->second == keys) buckets.insert(bucket_of(StoreId(store)));
    }
    return buckets.size();
  }

  std::filesystem::path folder_;
  StillClock clock_;
  QuietTelemetry telemetry_;
  JobQueue jobs_;
  WritingBus bus_{jobs_};
  std::unique_ptr<SqliteShardStore> store_;
  std::unique_ptr<QueuedShards> shards_;
  std::unique_ptr<OutboxPump> pump_;
  std::set<unsigned> buckets_;
  std::vector<StoreId> stores_;
};

TEST_F(OutboxOverShards, every_bucket_is_delivered_at_the_tenth_try_or_dead_and_sent_again) {
  for (int number = 1; number <= kChangesPerStore; ++number) {
    clock_.pass(Duration::seconds(1));
    for (const StoreId& store : stores_) change(store, number);
  }
  const auto expected = waiting();
  ASSERT_EQ(expected.size(), std::size_t{kBuckets});
  bus_.answer = [this](const Message& m) -> Result<void> {
    if (bus_.tries[m.key] < 10) return refuse(Code::Busy, "one of nine");
    return {};
  };
  for (int step = 0; step < 2'000 && !waiting().empty(); ++step) pass(Duration::seconds(20));
  const std::size_t delivered = settled_buckets(expected);
  EXPECT_EQ(delivered, std::size_t{kBuckets});
  EXPECT_TRUE(telemetry_.alarms.empty());

  bus_.taken.clear();
  bus_.answer = [](const Message&) -> Result<void> { return refuse(Code::Busy, "every time"); };
  clock_.pass(Duration::seconds(1));
  for (const StoreId& store : stores_) change(store, kChangesPerStore + 1);
  const auto second = waiting();
  for (int step = 0; step < 2'000 && !waiting().empty(); ++step) pass(Duration::seconds(20));
  EXPECT_TRUE(bus_.taken.empty());
  bus_.answer = nullptr;
  std::size_t sent_back = 0;
  for (std::size_t database = 0; database < kDatabases; ++database) {
    const auto dead = store_->outbox_dead(database, 10'000);
    ASSERT_TRUE(dead);
    for (const OutboxRow& row : *dead) {
      EXPECT_EQ(row.retry_count, 10);
      EXPECT_EQ(bus_.tries[row.biz_key], 10);
      sent_back += *store_->outbox_resend(database, row.id, clock_.now()) ? 1U : 0U;
    }
    pump_->look_again(database);
  }
  for (int step = 0; step < 200 && !waiting().empty(); ++step) pass(Duration::seconds(1));
  const std::size_t again = settled_buckets(second);
  EXPECT_EQ(again, std::size_t{kBuckets});
  EXPECT_GE(sent_back, again);
  std::printf("%zu of %u buckets delivered, %zu dead and sent again\n", delivered, kBuckets, again);
}

}  // namespace
}  // namespace larder::relay
