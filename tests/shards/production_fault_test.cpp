// Three of the five faults that the estate has already paid for.
#include <gtest/gtest.h>

#include <set>

#include "tests/shards/shard_fixture.hpp"

namespace larder::relay {
namespace {

StockLevel level(int available, int held) {
  return StockLevel{StockType::Limited, StockStatus::Available, Quantity::units(available),
                    Quantity::units(held)};
}

// A release that was processed twice took the units off locked_stock twice.
TEST(ProductionFault, production_fault_1_a_doubled_release_leaves_locked_stock_at_zero) {
  Folder folder;
  auto store = open_store(folder.path());
  HubJournal hub("s1");
  const Hold hold{HoldId("h2"),
                  HoldKind::Order,
                  DeviceId("k"),
                  OrderId("20261121-0001"),
                  {Demand{SkuId("soup"), Quantity::units(3)}},
                  kNow};
  const HoldReleased release{
      hold.id,
      hold.order,
      "cancelled",
      {Movement{SkuId("soup"), MovementKind::Unlock, level(7, 3), level(10, 0)}}};
  hub.add(EpochBegun{1, "first start"});
  hub.add(
      HoldLocked{hold, {Movement{SkuId("soup"), MovementKind::Lock, level(10, 0), level(7, 3)}}});
  hub.add(release);
  apply_one(*store, hub.all());
  // The same batch again, and then a hub that says it once more under a number of its own.
  EXPECT_EQ(apply_one(*store, hub.batch(2, 3)).fate, BatchFate::Duplicate);
  hub.add(release);
  EXPECT_EQ(apply_one(*store, hub.batch(3, 4)).fate, BatchFate::Applied);
  const auto soup = store->stock_of(hub.store(), SkuId("soup"));
  ASSERT_TRUE(soup && *soup);
  EXPECT_EQ((*soup)->level, level(10, 0));
  const std::size_t database = store->database_of(hub.store());
  store.reset();
  const std::string suffix = suffix_of(hub.store());
  EXPECT_EQ(rows(folder.path(), database, "SELECT locked_stock FROM inventory" + suffix),
            std::vector<std::string>{"0"});
  EXPECT_EQ(rows(folder.path(), database, "SELECT status, version FROM reservation" + suffix),
            std::vector<std::string>{"UNLOCK|2"})
      << "a lock ends once";
  EXPECT_THROW(tamper(folder.path(), database,
                      "UPDATE inventory" + suffix + " SET locked_stock = locked_stock - 30"),
               std::runtime_error)
      << "no statement whatever can make it negative";
}

// The retry scan looked at shards 0 to 9 of 1,024.
TEST(ProductionFault, production_fault_2_the_scan_sees_a_row_in_every_bucket) {
  Folder folder;
  auto store = open_store(folder.path());
  std::set<unsigned> buckets;
  for (int i = 0; buckets.size() < kBuckets; ++i) {
    const StoreId poi("store-" + std::to_string(i));
    if (!buckets.insert(bucket_of(poi)).second) continue;
    PoiStock stock;
    stock.poi = poi;
    stock.object_id = "soup";
    ASSERT_TRUE(store->sync_from_pos(stock, kNow));
  }
  std::set<unsigned> seen;
  for (std::size_t database = 0; database < store->databases(); ++database) {
    for (std::int64_t after = 0;;) {
      const auto found = store->outbox_waiting(database, after, 100);
      ASSERT_TRUE(found);
      ASSERT_LE(found->size(), 100U);
      if (found->empty()) break;
      for (const OutboxRow& row : *found) {
        EXPECT_GT(row.id, after) << "in order of id";
        after = row.id;
        seen.insert(bucket_of(row.store));
      }
    }
  }
  EXPECT_EQ(seen.size(), kBuckets);
}

// One dedupe key per type: the second change of a SKU was taken for the first one come again.
TEST(ProductionFault, production_fault_3_a_later_update_is_not_swallowed) {
  Folder folder;
  auto store = open_store(folder.path());
  HubJournal hub("s1");
  hub.add(EpochBegun{1, "first start"});
  // The same figures over and over, as two counts a minute apart may well have.
  for (int i = 0; i < 3; ++i) {
    hub.add(StockChanged{Movement{SkuId("soup"), MovementKind::Count, level(9, 0), level(9, 0)},
                         DeviceId("till-1")});
  }
  apply_one(*store, hub.batch(1, 3));
  apply_one(*store, hub.batch(2, 4));
  apply_one(*store, hub.batch(1, 4));
  const std::size_t database = store->database_of(hub.store());
  const auto waiting = store->outbox_waiting(database, 0, 100);
  ASSERT_TRUE(waiting);
  EXPECT_EQ(waiting->size(), 6U) << "each change on both topics, none twice";
  std::set<std::string> keys;
  for (const OutboxRow& row : *waiting) keys.insert(row.biz_key);
  EXPECT_EQ(keys.size(), 6U);
}

}  // namespace
}  // namespace larder::relay
