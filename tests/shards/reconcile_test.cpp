// A store's stock held against what its hub says of it.
#include <gtest/gtest.h>

#include "relay/app/reconciliation.hpp"
#include "tests/shards/turn_house.hpp"

namespace larder::relay {
namespace {

// What a hub with these books would answer after event `seq`.
StockBooks books_of(const Stock& stock, Epoch epoch, Seq seq) {
  StockBooks books{epoch, seq, {}, false, {}};
  for (const auto& [sku, level] : stock.levels()) {
    const std::string mark = level_mark(sku, level);
    if (!mark.empty()) books.marks.push_back({sku, mark});
    books.levels.push_back({sku, kept_level(level)});
  }
  return books;
}

std::string names(const std::vector<SkuId>& skus) {
  std::string all;
  for (const SkuId& sku : skus) all += (all.empty() ? "" : " ") + sku.text();
  return all;
}

ChannelChange weighed(const std::string& channel, std::uint32_t weight) {
  ChannelChange change;
  change.channel = ChannelCode(channel);
  change.weight = weight;
  return change;
}

class Reconcile : public testing::Test {
 protected:
  Reconcile() {
    kitchen_.count("soup", 5);
    kitchen_.count("cola", 9);
    send();
  }
  void send() {
    hub_.take(kitchen_);
    const Seq from = sent_ + 1;
    sent_ = hub_.last();
    ASSERT_EQ(apply_one(*store_, hub_.batch(from, sent_)).fate, BatchFate::Applied);
  }
  ReconcileStore& shard() {
    return *store_->shard(store_->database_of(hub_.store())).reconcile_rows();
  }
  StockBooks books() const { return books_of(kitchen_.ledger.stock, hub_.epoch(), sent_); }
  StockLook compare(const StockBooks& hubs) {
    const auto look = shard().compare_stock(hub_.store(), SkuId(), hubs);
    EXPECT_TRUE(look) << look.error().message();
    return *look;
  }
  StockRepair repair(const StockBooks& hubs, const std::string& by = "schedule") {
    const auto done = shard().repair_stock(hub_.store(), hubs, by, kNow);
    EXPECT_TRUE(done) << done.error().message();
    return *done;
  }
  // Behind the hub's back; `$` is the suffix of its tables.
  void change_rows(std::string script) {
    for (auto at = script.find('$'); at != std::string::npos; at = script.find('$')) {
      script.replace(at, 1, suffix_of(hub_.store()));
    }
    store_.reset();
    tamper(folder_.path(), BucketMap(2, kTables).place(hub_.store()).database, script);
    store_ = open_store(folder_.path());
  }
  std::vector<std::string> look(std::string query) {
    query.replace(query.find('$'), 1, suffix_of(hub_.store()));
    store_.reset();
    auto found = rows(folder_.path(), BucketMap(2, kTables).place(hub_.store()).database, query);
    store_ = open_store(folder_.path());
    return found;
  }

  Folder folder_;
  test::Store kitchen_;
  HubJournal hub_{"s1"};
  std::unique_ptr<SqliteShardStore> store_ = open_store(folder_.path());
  Seq sent_ = 0;
};

TEST_F(Reconcile, rows_that_are_as_the_hub_says_are_equal) {
  const StockLook look = compare(books());
  EXPECT_TRUE(look.is_comparable);
  EXPECT_GE(look.skus, 2U);
  EXPECT_EQ(names(look.differing), "");
  EXPECT_TRUE(repair(books()).differences.empty());
  EXPECT_TRUE(shard().differences(hub_.store(), 10)->empty());
}

TEST_F(Reconcile, whatever_a_day_did_to_the_stock_can_be_told_from_the_rows) {
  for (unsigned seed = 1; seed <= 6; ++seed) {
    cook(kitchen_, seed, 80);
    kitchen_.must(kitchen_.till, SetThresholds{SkuId("soup"), units(5), units(2)});
    SetChannels channels;
    channels.sku = SkuId("soup");
    channels.channels = {weighed("pos", 30), weighed("kiosk", 20)};
    (void)kitchen_.run_at_till(channels);
    (void)kitchen_.run_at_till(
        MarkStock{SkuId("bottle"), StockStatus::SoldOut,
                  seed % 2 == 0 ? RestoreRule::NextDay : RestoreRule::Never});
    send();
    const StockLook look = compare(books());
    EXPECT_EQ(names(look.differing), "") << "seed " << seed;
    EXPECT_EQ(look.moving, 0U);
    for (const StockDifference& each : repair(books()).differences) {
      ADD_FAILURE() << each.sku.text() << ": " << each.what;
    }
  }
}

TEST_F(Reconcile, a_row_that_is_not_what_the_hub_says_is_named_and_put_right) {
  change_rows("UPDATE inventory$ SET hub_stock = 70, current_stock = 70 WHERE sku_id = 'soup';");
  EXPECT_EQ(names(compare(books()).differing), "soup");
  const StockRepair done = repair(books(), "hq:alice");
  ASSERT_EQ(done.differences.size(), 1U);
  EXPECT_EQ(done.differences[0].what, "available 5.0 at the hub, 7.0 at the relay");
  EXPECT_TRUE(done.differences[0].is_repaired);
  EXPECT_EQ(done.differences[0].seq, sent_);
  EXPECT_EQ((*store_->stock_of(hub_.store(), SkuId("soup")))->level.available, units(5));
  EXPECT_EQ(names(compare(books()).differing), "");
  const auto kept = shard().differences(hub_.store(), 10);
  ASSERT_EQ(kept->size(), 1U);
  EXPECT_EQ(kept->at(0).what, done.differences[0].what);
  EXPECT_EQ(kept->at(0).by, "hq:alice");
  EXPECT_EQ(look("SELECT delta_available, available_after, reference_type, operator_id, seq < 0"
                 " FROM inventory_transactions$ WHERE reference_type = 'reconcile'"),
            std::vector<std::string>{"-20|50|reconcile|hq:alice|1"});
}

TEST_F(Reconcile, the_estate_hears_of_what_was_put_right) {
  change_rows("UPDATE inventory$ SET hub_stock = 70, current_stock = 70 WHERE sku_id = 'soup';");
  ASSERT_EQ(repair(books()).differences.size(), 1U);
  const std::string stated =
      "SELECT type, json_extract(payload, '$.availableQty') FROM outbox"
      " WHERE biz_key LIKE '%/stated/%' ORDER BY type";
  store_.reset();
  const auto told =
      rows(folder_.path(), BucketMap(2, kTables).place(hub_.store()).database, stated);
  EXPECT_EQ(told, (std::vector<std::string>{"inventory-cache-update-topic|5.0",
                                            "poi-item-stock-sync-topic|"}));
  store_ = open_store(folder_.path());
  // The same again, at the same event: a difference of its own, with messages of its own.
  change_rows("UPDATE inventory$ SET hub_stock = 30, current_stock = 30 WHERE sku_id = 'soup';");
  EXPECT_EQ(repair(books()).differences.size(), 1U);
  EXPECT_EQ(shard().differences(hub_.store(), 10)->size(), 2U);
}

TEST_F(Reconcile, a_row_that_nobody_at_the_hub_knows_becomes_what_an_unknown_sku_is) {
  change_rows("UPDATE inventory$ SET stock_status = 2 WHERE sku_id = 'bottle';");
  const StockLook look = compare(books());
  ASSERT_EQ(names(look.differing), "bottle");
  StockBooks hubs = books();
  hubs.levels = {{SkuId("bottle"), StockLevel{}}};
  ASSERT_EQ(repair(hubs).differences.size(), 1U);
  EXPECT_EQ((*store_->stock_of(hub_.store(), SkuId("bottle")))->level.status,
            StockStatus::Available);
}

TEST_F(Reconcile, what_the_estate_reads_is_the_sum_of_both_sides) {
  change_rows("UPDATE inventory$ SET current_stock = 10 WHERE sku_id = 'soup';");
  ASSERT_EQ(names(compare(books()).differing), "soup");
  const StockRepair done = repair(books());
  ASSERT_EQ(done.differences.size(), 1U);
  EXPECT_EQ(done.differences[0].what,
            "written for the estate 1.0 and 0.0 held, hub and leases come to 5.0 and 0.0");
  EXPECT_TRUE(done.differences[0].is_repaired);
  EXPECT_EQ(look("SELECT current_stock FROM inventory$ WHERE sku_id = 'soup'"),
            std::vector<std::string>{"50"});
  EXPECT_EQ(names(compare(books()).differing), "");
  change_rows("UPDATE inventory$ SET relay_stock = 10, current_stock = 60 WHERE sku_id = 'soup';");
  EXPECT_EQ(repair(books()).differences.size(), 1U);
  EXPECT_EQ(look("SELECT relay_stock, current_stock FROM inventory$ WHERE sku_id = 'soup'"),
            std::vector<std::string>{"0|50"});
}

TEST_F(Reconcile, accounts_of_channels_are_compared_and_put_right) {
  SetChannels channels;
  channels.sku = SkuId("soup");
  ChannelChange kiosk;
  kiosk.channel = ChannelCode("kiosk");
  kiosk.quota = units(2);
  channels.channels = {kiosk};
  kitchen_.must(kitchen_.till, channels);
  send();
  EXPECT_EQ(names(compare(books()).differing), "");
  change_rows("UPDATE poi_item_channel_stock$ SET channel_sold = 10;");
  EXPECT_EQ(names(compare(books()).differing), "soup");
  const StockRepair done = repair(books());
  ASSERT_EQ(done.differences.size(), 1U);
  EXPECT_EQ(done.differences[0].what,
            "channel kiosk: available, 0.0 of 2.0, weight 0 at the hub,"
            " available, 1.0 of 2.0, weight 0 at the relay");
  EXPECT_EQ(names(compare(books()).differing), "");
}

TEST_F(Reconcile, what_moved_after_the_hub_looked_is_left_alone) {
  const StockBooks before = books();
  kitchen_.count("soup", 3);
  send();
  const StockLook look = compare(before);
  EXPECT_EQ(names(look.differing), "");
  EXPECT_EQ(look.moving, 1U);
  const StockRepair done = repair(before);
  EXPECT_EQ(done.moving, 1U);
  EXPECT_TRUE(done.differences.empty());
  EXPECT_EQ((*store_->stock_of(hub_.store(), SkuId("soup")))->level.available, units(3))
      << "an old look is not written over what came since";
}

TEST_F(Reconcile, an_answer_of_another_epoch_or_ahead_of_the_rows_is_not_compared) {
  StockBooks hubs = books();
  ++hubs.seq;
  EXPECT_FALSE(compare(hubs).is_comparable);
  EXPECT_FALSE(repair(hubs).is_comparable);
  hubs = books();
  ++hubs.epoch;
  EXPECT_FALSE(compare(hubs).is_comparable);
  EXPECT_FALSE(shard().compare_stock(StoreId("nobody"), SkuId(), hubs));
}

TEST_F(Reconcile, the_event_that_was_set_aside_is_named_as_the_cause) {
  change_rows(
      "INSERT INTO parked_events$ (product_shard_id, store_id, seq, epoch, type, reason, parked_at)"
      " SELECT product_shard_id, store_id, seq, epoch, type, 'x', 1 FROM store_events$"
      " WHERE instr(CAST(data AS TEXT), '\"sku\":\"soup\"') > 0 ORDER BY seq DESC LIMIT 1;"
      " UPDATE inventory$ SET hub_stock = 0, current_stock = 0 WHERE sku_id = 'soup';");
  const StockRepair done = repair(books());
  ASSERT_EQ(done.differences.size(), 1U);
  EXPECT_NE(done.differences[0].cause.find("was set aside"), std::string::npos)
      << done.differences[0].cause;
}

TEST_F(Reconcile, a_page_of_marks_is_compared_up_to_its_last_sku) {
  change_rows("UPDATE inventory$ SET hub_stock = 0, current_stock = 0;");
  StockBooks page = books();
  ASSERT_EQ(page.marks.size(), 2U);
  page.marks.pop_back();
  page.has_more = true;
  EXPECT_EQ(names(compare(page).differing), "cola");
  StockBooks rest = books();
  rest.marks.erase(rest.marks.begin());
  const auto second = shard().compare_stock(hub_.store(), SkuId("cola"), rest);
  ASSERT_TRUE(second);
  EXPECT_EQ(names(second->differing), "soup");
}

TEST(ReconcileLeases, rights_that_are_not_where_the_hub_gave_them_are_said_once) {
  TurnHouse house;
  house.count("soup", 10);
  const std::string lease = house.grant("soup", 4);
  house.send();
  ReconcileStore& shard =
      *house.shards->shard(house.shards->database_of(house.hub.store())).reconcile_rows();
  StockBooks hubs{1, house.hub.last(), {}, false, {}};
  hubs.marks = {{SkuId("soup"), level_mark(SkuId("soup"), house.level("soup"))}};
  hubs.levels = {{SkuId("soup"), kept_level(house.level("soup"))}};
  EXPECT_TRUE(shard.compare_stock(house.hub.store(), SkuId(), hubs)->differing.empty());
  ASSERT_EQ(code_of(house.reserve("o1", "soup", 1)), "ok");
  EXPECT_TRUE(shard.compare_stock(house.hub.store(), SkuId(), hubs)->differing.empty())
      << "what the relay holds is its own affair";

  house.shards.reset();
  const std::string table = suffix_of(house.hub.store());
  const std::size_t database = BucketMap(2, kTables).place(house.hub.store()).database;
  tamper(house.folder.path(), database,
         "UPDATE lease" + table + " SET granted = granted - 10; UPDATE inventory" + table +
             " SET relay_stock = relay_stock - 10, current_stock = current_stock - 10;");
  house.open();
  ReconcileStore& again =
      *house.shards->shard(house.shards->database_of(house.hub.store())).reconcile_rows();
  const auto look = again.compare_stock(house.hub.store(), SkuId(), hubs);
  EXPECT_EQ(names(look->differing), "soup");
  const auto first = again.repair_stock(house.hub.store(), hubs, "schedule", kNow);
  ASSERT_EQ(first->differences.size(), 1U);
  EXPECT_FALSE(first->differences[0].is_repaired) << "a person must look";
  EXPECT_EQ(first->differences[0].what,
            "the hub has handed over 4.0, the leases kept here come to 3.0");
  EXPECT_EQ(again.repair_stock(house.hub.store(), hubs, "schedule", kNow)->differences.size(), 1U);
  EXPECT_EQ(again.differences(house.hub.store(), 10)->size(), 1U) << "the same is kept once";
}

TEST(ReconcileLeases, what_is_wrong_in_both_ways_again_and_again_is_put_right_each_time) {
  TurnHouse house;
  house.count("soup", 10);
  house.grant("soup", 4);
  house.send();
  StockBooks hubs{1, house.hub.last(), {}, false, {}};
  hubs.levels = {{SkuId("soup"), kept_level(house.level("soup"))}};
  const std::string table = suffix_of(house.hub.store());
  const std::size_t database = BucketMap(2, kTables).place(house.hub.store()).database;
  const auto spoil = [&](const std::string& script) {
    house.shards.reset();
    tamper(house.folder.path(), database, script);
    house.open();
  };
  spoil("UPDATE lease" + table + " SET granted = granted - 10;");
  for (int round = 1; round <= 3; ++round) {
    spoil("UPDATE inventory" + table + " SET hub_stock = 70;");
    ReconcileStore& shard =
        *house.shards->shard(house.shards->database_of(house.hub.store())).reconcile_rows();
    const auto done = shard.repair_stock(house.hub.store(), hubs, "schedule", kNow);
    ASSERT_TRUE(done) << done.error().message();
    EXPECT_EQ(done->differences.size(), 1U);
    EXPECT_EQ((*house.shards->stock_of(house.hub.store(), SkuId("soup")))->level.available,
              units(6));
    EXPECT_EQ(shard.differences(house.hub.store(), 10)->size(), static_cast<std::size_t>(round));
  }
}

}  // namespace
}  // namespace larder::relay
