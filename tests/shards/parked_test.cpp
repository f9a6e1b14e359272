// Events that were set aside: seen, tried again, skipped; never over what came after them.
#include <gtest/gtest.h>

#include "tests/shards/parked_fixture.hpp"

namespace larder::relay {
namespace {

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
  EXPECT_EQ(mended(repair(2)).written, 1U);
  EXPECT_EQ(soup(), 3) << "the later count stands";
  EXPECT_EQ(mark_of(*store_, hub_.store()).parked, 0U);
  const std::string movements = "inventory_transactions" + suffix_of(hub_.store());
  EXPECT_EQ(look("SELECT seq, available_after FROM " + movements + " ORDER BY seq"),
            (std::vector<std::string>{"2|50", "3|30"}))
      << "what happened is in the books all the same";
  EXPECT_TRUE(look("SELECT biz_key FROM outbox WHERE biz_key LIKE 's1/1/2/%'").empty())
      << "no screen is told an old figure";
}

TEST_F(Parked, one_that_is_skipped_leaves_its_reason) {
  contradict(2);
  count("soup", 5);
  EXPECT_EQ(send().mark.parked, 1U);
  mend();
  EXPECT_EQ(mended(repair(2, "it was a test")).skipped, 1U);
  EXPECT_EQ(mark_of(*store_, hub_.store()).parked, 0U);
  EXPECT_EQ(look("SELECT who, what FROM stream_log ORDER BY rowid DESC LIMIT 1"),
            std::vector<std::string>{"hq:alice|skipped event 2 of epoch 1: it was a test"});
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
