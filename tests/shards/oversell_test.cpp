// The life of oversell records in the rows: from a hub's events and from replays.
#include <gtest/gtest.h>

#include <set>

#include "tests/shards/shard_fixture.hpp"

namespace larder::relay {
namespace {

class Oversells : public testing::Test {
 protected:
  Oversells() : store_(open_store(folder_.path())) {}
  SqliteShard& shard() { return store_->shard(store_->database_of(hub_.store())); }
  void send() {
    const BatchOutcome outcome = apply_one(*store_, hub_.batch(sent_ + 1, hub_.last()));
    ASSERT_EQ(outcome.fate, BatchFate::Applied) << outcome.reason;
    ASSERT_EQ(outcome.mark.parked, 0U);
    sent_ = hub_.last();
  }
  std::vector<OversellEntry> of(bool is_open) {
    OversellQuery query;
    query.is_open = is_open;
    return *shard().oversells(query);
  }

  Folder folder_;
  HubJournal hub_{"s1"};
  std::unique_ptr<SqliteShardStore> store_;
  Seq sent_ = 0;
};

TEST_F(Oversells, a_hubs_record_opens_and_ends_with_its_events) {
  hub_.add(EpochBegun{1, "first start"});
  OversellRecord record;
  record.id = OversellId("x2");
  record.sku = SkuId("soup");
  record.quantity = Quantity::units(2);
  record.cause = "override";
  record.order = OrderId("20261121-0001");
  record.by = DeviceId("till-1");
  record.staff = StaffId("anna");
  hub_.add(StockOversold{record}, kNow);
  send();
  ASSERT_EQ(of(true).size(), 1U);
  EXPECT_EQ(of(true)[0].made_by, "anna") << "who overrode, not the till alone";
  const OversellEntry open = of(true)[0];
  EXPECT_EQ(open.hubs_id, "x2");
  EXPECT_EQ(open.orders_json, R"(["20261121-0001"])");
  EXPECT_EQ(shard().resolve_oversell(hub_.store(), open.id, "here", "hq:a", kNow).error().code(),
            Code::BadState)
      << "the hub's to resolve";
  hub_.add(OversellResolved{OversellId("x2"), "the guest took cake", DeviceId("hq:alice")});
  send();
  EXPECT_TRUE(of(true).empty());
  ASSERT_EQ(of(false).size(), 1U);
  EXPECT_EQ(of(false)[0].resolution, "the guest took cake");
  EXPECT_EQ(of(false)[0].resolved_by, "hq:alice");
}

TEST_F(Oversells, what_a_replay_found_is_resolved_here_once_and_outlives_a_start) {
  PoiStock stock;
  stock.poi = hub_.store();
  stock.object_id = "soup";
  stock.stock_type = 2;
  stock.real_quantity = Quantity::units(1);
  ASSERT_TRUE(store_->sync_from_pos(stock, kNow));
  OfflineEvent sold{OfflineChange{"e1", false, -40, kNow + Duration::seconds(1)}, SkuId("soup"),
                    "A"};
  ASSERT_TRUE(
      shard().replay(OfflineBatch{"b", hub_.store(), {sold}, {}}, kNow + Duration::seconds(2)));
  ASSERT_EQ(of(true).size(), 1U);
  const OversellEntry open = of(true)[0];
  EXPECT_EQ(open.quantity, Quantity::units(3));
  EXPECT_EQ(open.cause, "replay");
  ASSERT_TRUE(shard().resolve_oversell(hub_.store(), open.id, "called them", "hq:a", kNow));
  EXPECT_TRUE(shard().resolve_oversell(hub_.store(), open.id, "called them", "hq:b", kNow))
      << "the same again";
  EXPECT_EQ(shard().resolve_oversell(hub_.store(), open.id, "else", "hq:b", kNow).error().code(),
            Code::BadState);
  EXPECT_EQ(shard().resolve_oversell(hub_.store(), 99, "else", "hq:b", kNow).error().code(),
            Code::NotFound);
  store_.reset();
  store_ = open_store(folder_.path());
  ASSERT_EQ(of(false).size(), 1U);
  EXPECT_EQ(of(false)[0].resolved_by, "hq:a");
}

TEST_F(Oversells, pages_neither_skip_nor_repeat_where_times_are_the_same) {
  PoiStock stock;
  stock.stock_type = 2;
  int made = 0;
  for (const char* store : {"s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8"}) {
    stock.poi = StoreId(store);
    stock.object_id = "soup";
    ASSERT_TRUE(store_->sync_from_pos(stock, kNow));
    OfflineEvent sold{OfflineChange{"e1", false, -10, kNow + Duration::seconds(1)}, SkuId("soup"),
                      ""};
    auto& of_store = store_->shard(store_->database_of(stock.poi));
    ASSERT_TRUE(
        of_store.replay(OfflineBatch{"b", stock.poi, {sold}, {}}, kNow + Duration::seconds(2)));
    made += &of_store == &shard() ? 1 : 0;
  }
  ASSERT_GT(made, 2);
  OversellQuery query;
  query.limit = 2;
  std::vector<std::string> seen;
  for (;;) {
    const auto page = shard().oversells(query);
    ASSERT_TRUE(page);
    if (page->empty()) break;
    for (const OversellEntry& entry : *page) seen.push_back(entry.store.text());
    query.before = OversellPlace{page->back().at, page->back().store, page->back().id};
  }
  EXPECT_EQ(static_cast<int>(seen.size()), made);
  EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()).size(), seen.size());
}

}  // namespace
}  // namespace larder::relay
