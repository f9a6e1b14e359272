// Events that were set aside: seen, tried again, skipped; never over what came after them.
#include <gtest/gtest.h>

#include "tests/shards/shard_fixture.hpp"

namespace larder::relay {
namespace {

class Parked : public testing::Test {
 protected:
  Parked() : store_(open_store(folder_.path())) {
    hub_.add(EpochBegun{1, "first start"});
    send();
  }
  SqliteShard& shard() { return store_->shard(store_->database_of(hub_.store())); }
  BatchOutcome send() {
    const Seq from = sent_ + 1;
    sent_ = hub_.last();
    return apply_one(*store_, hub_.batch(from, sent_));
  }
  void count(const std::string& sku, int units) {
    const StockLevel after{StockType::Limited, StockStatus::Available, Quantity::units(units), {}};
    hub_.add(StockChanged{Movement{SkuId(sku), MovementKind::Count, {}, after}, DeviceId("t")});
  }
  void change_rows(const std::string& script) {
    store_.reset();
    tamper(folder_.path(), BucketMap(2, kTables).place(hub_.store()).database, script);
    store_ = open_store(folder_.path());
  }
  // The next event's movement has a row already, that is not its own.
  void contradict(Seq seq) {
    change_rows("INSERT INTO inventory_transactions" + suffix_of(hub_.store()) +
                " SELECT product_shard_id, store_id, 900, 1, 0, 's1/1/" + std::to_string(seq) +
                "/0', '', 'tea', 'adjust', 0, 0, 0, 0, 0, 0, '', '', '', '', '', 0"
                " FROM store_stream");
  }
  void mend() {
    change_rows("DELETE FROM inventory_transactions" + suffix_of(hub_.store()) +
                " WHERE seq = 900");
  }
  // As if this event's rows had contradicted what was there; `undo`: what it wrote.
  void set_aside(Seq seq, const std::string& undo = "") {
    const std::string table = suffix_of(hub_.store());
    change_rows("INSERT INTO parked_events" + table +
                " (product_shard_id, store_id, seq, epoch, type, reason, parked_at)"
                " SELECT product_shard_id, store_id, seq, epoch, type, 'x', 1 FROM store_events" +
                table + " WHERE seq = " + std::to_string(seq) +
                "; UPDATE store_stream SET parked = parked + 1; " + undo);
  }
  std::vector<std::string> look(const std::string& query) {
    store_.reset();
    auto found = rows(folder_.path(), BucketMap(2, kTables).place(hub_.store()).database, query);
    store_ = open_store(folder_.path());
    return found;
  }
  void place(const std::string& id) {
    Order order;
    order.id = OrderId(id);
    hub_.add(OrderPlaced{order});
  }
  ParkedRepair repair(Seq seq, const std::string& skip_reason = "") {
    return ParkedRepair{hub_.store(), 1, seq, !skip_reason.empty(), skip_reason, "hq:alice"};
  }
  int soup() {
    const auto found = store_->stock_of(hub_.store(), SkuId("soup"));
    return *found ? static_cast<int>((*found)->level.available.in_tenths() / 10) : -1;
  }

  Folder folder_;
  HubJournal hub_{"s1"};
  std::unique_ptr<SqliteShardStore> store_;
  Seq sent_ = 0;
};

TEST_F(Parked, an_event_is_written_when_what_contradicted_it_is_gone) {
  contradict(2);
  count("soup", 5);
  count("cola", 9);
  EXPECT_EQ(send().mark.parked, 1U);
  const auto aside = shard().parked(hub_.store(), 10);
  ASSERT_TRUE(aside);
  ASSERT_EQ(aside->size(), 1U);
  EXPECT_EQ(aside->at(0).seq, 2U);
  EXPECT_EQ(aside->at(0).name, "stock.changed");
  EXPECT_NE(aside->at(0).reason.find("contradict"), std::string::npos);
  const auto early = shard().repair(repair(2), kNow);
  ASSERT_FALSE(early);
  EXPECT_EQ(early.error().code(), Code::BadState) << early.error().message();
  EXPECT_EQ(mark_of(*store_, hub_.store()).parked, 1U) << "nothing of the attempt stays";
  mend();
  const auto done = shard().repair(repair(2), kNow);
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(soup(), 5);
  EXPECT_EQ(mark_of(*store_, hub_.store()).parked, 0U);
  EXPECT_TRUE(shard().parked(hub_.store(), 10)->empty());
  EXPECT_EQ(shard().repair(repair(2), kNow).error().code(), Code::NotFound) << "once";
  // The stream goes on from the same mark.
  count("soup", 4);
  EXPECT_EQ(send().fate, BatchFate::Applied);
  EXPECT_EQ(soup(), 4);
}

TEST_F(Parked, what_came_after_it_is_not_set_back) {
  contradict(2);
  count("soup", 5);
  count("soup", 3);
  EXPECT_EQ(send().mark.parked, 1U);
  mend();
  const auto late = shard().repair(repair(2), kNow);
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code(), Code::BadState);
  EXPECT_NE(late.error().message().find("a later event of soup"), std::string::npos);
  EXPECT_EQ(soup(), 3);
  ASSERT_TRUE(shard().repair(repair(2, "the count after it stands"), kNow));
  EXPECT_EQ(soup(), 3);
  EXPECT_EQ(mark_of(*store_, hub_.store()).parked, 0U);
  store_.reset();
  const auto logged = rows(folder_.path(), BucketMap(2, kTables).place(hub_.store()).database,
                           "SELECT who, what FROM stream_log ORDER BY rowid DESC LIMIT 1");
  EXPECT_EQ(logged, std::vector<std::string>{
                        "hq:alice|skipped event 2 of epoch 1: the count after it stands"});
}

TEST_F(Parked, an_event_that_this_version_cannot_read_stays_until_it_is_skipped) {
  hub_.add_raw(R"({"at":5,"cmd":"","by":"","event":"robot.danced","body":{"steps":3}})", 99);
  EXPECT_EQ(send().mark.parked, 1U);
  EXPECT_EQ(shard().parked(hub_.store(), 10)->at(0).name, "robot.danced");
  EXPECT_EQ(shard().repair(repair(2), kNow).error().code(), Code::BadState);
  EXPECT_EQ(
      shard().repair(ParkedRepair{hub_.store(), 2, 2, true, "x", "hq:a"}, kNow).error().code(),
      Code::NotFound);
  ASSERT_TRUE(shard().repair(repair(2, "a machine we do not have"), kNow));
  EXPECT_TRUE(shard().parked(hub_.store(), 10)->empty());
}

TEST_F(Parked, a_menu_is_not_written_over_a_later_one) {
  MenuImported menu{test::sample_menu()};
  menu.menu.version = 5;
  hub_.add(menu);
  menu.menu.version = 6;
  menu.menu.items.erase(menu.menu.items.begin());
  hub_.add(menu);
  send();
  const std::string table = suffix_of(hub_.store());
  const std::string products =
      "SELECT product_id, is_active, menu_version FROM store_products" + table;
  const auto before = look(products);
  set_aside(2, "DELETE FROM outbox WHERE biz_key LIKE 's1/1/2/%'");
  const auto late = shard().repair(repair(2), kNow);
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code(), Code::BadState);
  EXPECT_NE(late.error().message().find("a later menu"), std::string::npos);
  EXPECT_EQ(look(products), before);
  // The newest one is.
  ASSERT_TRUE(shard().repair(repair(2, "v6 stands"), kNow));
  set_aside(3, "DELETE FROM outbox WHERE biz_key LIKE 's1/1/3/%'");
  const auto done = shard().repair(repair(3), kNow);
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(look(products), before);
}

TEST_F(Parked, an_order_is_not_made_after_what_was_to_change_it) {
  place("o-1");
  place("o-2");
  hub_.add(OrderCancelled{OrderId("o-2"), "changed their mind"});
  hub_.add(HoldConfirmed{HoldId("h-1"), OrderId("o-1"), {}});
  send();
  const std::string orders = "store_orders" + suffix_of(hub_.store());
  set_aside(2, "DELETE FROM " + orders + " WHERE order_id = 'o-1'");
  set_aside(3, "DELETE FROM " + orders + " WHERE order_id = 'o-2'");
  const auto late = shard().repair(repair(3), kNow);
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code(), Code::BadState);
  EXPECT_NE(late.error().message().find("later events of order o-2"), std::string::npos);
  const auto done = shard().repair(repair(2), kNow);
  ASSERT_TRUE(done) << "a hold's event changes no order: " << done.error().message();
  EXPECT_EQ(look("SELECT order_id FROM " + orders), std::vector<std::string>{"o-1"});
}

TEST_F(Parked, an_oversell_record_is_not_opened_after_it_was_resolved) {
  OversellRecord record;
  record.sku = SkuId("soup");
  record.quantity = Quantity::units(1);
  record.cause = "count";
  for (const char* id : {"x-1", "x-2"}) {
    record.id = OversellId(id);
    hub_.add(StockOversold{record});
  }
  hub_.add(OversellResolved{OversellId("x-1"), "refunded", DeviceId("t")});
  send();
  const std::string table = "oversell_record" + suffix_of(hub_.store());
  set_aside(2, "DELETE FROM " + table);
  set_aside(3);
  const auto late = shard().repair(repair(2), kNow);
  ASSERT_FALSE(late);
  EXPECT_NE(late.error().message().find("x-1 was resolved since"), std::string::npos);
  const auto done = shard().repair(repair(3), kNow);
  ASSERT_TRUE(done) << done.error().message();
  EXPECT_EQ(look("SELECT oversell_id, state FROM " + table), std::vector<std::string>{"x-2|open"});
}

}  // namespace
}  // namespace larder::relay
