// The turnstile over real databases: what is reserved, confirmed and released of the relay's
// rights.
#include <gtest/gtest.h>

#include "lan-protocol/json.hpp"
#include "tests/shards/turn_house.hpp"

namespace larder::relay {
namespace {

using Strings = std::vector<std::string>;

// 10 soups of 100 are the relay's, for any of its channels.
class Turns : public testing::Test {
 protected:
  Turns() {
    house.count("soup", 100);
    house.count("cola", 50);
    lease = house.grant("soup", 10);
    cola = house.grant("cola", 4);
  }
  TurnHouse house;
  std::string lease, cola;
};

TEST_F(Turns, an_order_is_set_aside_then_sold) {
  const TurnOutcome held = house.reserve("A-1", "soup", 3);
  ASSERT_EQ(code_of(held), "ok");
  ASSERT_EQ(held.lines->size(), 1U);
  EXPECT_EQ(held.lines->front().status, ReservationStatus::Lock);
  EXPECT_EQ(held.lines->front().expires_at, house.now + kReservationLife);
  EXPECT_EQ(house.lease(lease).held, units(3));
  EXPECT_EQ(house.lease(lease).idle(), units(7));
  const TurnOutcome sold = house.confirm("A-1");
  ASSERT_EQ(code_of(sold), "ok");
  EXPECT_EQ(sold.lines->front().status, ReservationStatus::Out);
  EXPECT_EQ(house.lease(lease).sold, units(3));
  EXPECT_TRUE(house.lease(lease).held.is_zero());
}

TEST_F(Turns, the_whole_stock_is_the_hubs_and_the_relays_together) {
  auto soup = house.record("soup");
  ASSERT_TRUE(soup);
  EXPECT_EQ(soup->level.available, units(90));
  EXPECT_EQ(soup->relay_available, units(10));
  EXPECT_EQ(house.ask("SELECT current_stock, locked_stock FROM inventory$ WHERE sku_id = 'soup'"),
            Strings{"1000|0"})
      << "a grant moves rights, it sells nothing";
  house.reserve("A-1", "soup", 3);
  EXPECT_EQ(house.ask("SELECT current_stock, locked_stock FROM inventory$ WHERE sku_id = 'soup'"),
            Strings{"970|30"});
  EXPECT_EQ(house.ask("SELECT real_quantity FROM poi_item_stock$ WHERE object_id = 'soup'"),
            Strings{"970"});
  house.confirm("A-1");
  EXPECT_EQ(house.ask("SELECT current_stock, locked_stock FROM inventory$ WHERE sku_id = 'soup'"),
            Strings{"970|0"});
  // A later event of the hub says its own part, and leaves the relay's as it is.
  house.count("soup", 80);
  house.send();
  EXPECT_EQ(house.ask("SELECT current_stock, hub_stock, relay_stock FROM inventory$"
                      " WHERE sku_id = 'soup'"),
            Strings{"870|800|70"});
}

TEST_F(Turns, the_same_order_again_gets_the_same_and_takes_nothing) {
  const TurnOutcome first = house.reserve("A-1", "soup", 3);
  const TurnOutcome again = house.reserve("A-1", "soup", 3);
  EXPECT_EQ(code_of(again), "ok");
  EXPECT_TRUE(again.is_again);
  EXPECT_EQ(again.lines->front().expires_at, first.lines->front().expires_at);
  EXPECT_EQ(house.lease(lease).held, units(3));
  EXPECT_EQ(code_of(house.reserve("A-1", "soup", 4)), "key_reuse");
  EXPECT_EQ(code_of(house.reserve("A-1", "cola", 3)), "key_reuse");
  EXPECT_EQ(code_of(house.reserve("A-1", "soup", 3, "uber")), "key_reuse");
  house.confirm("A-1");
  const TurnOutcome after = house.reserve("A-1", "soup", 3);
  ASSERT_EQ(code_of(after), "ok");
  EXPECT_EQ(after.lines->front().status, ReservationStatus::Out) << "as it stands by now";
  EXPECT_EQ(house.lease(lease).sold, units(3));
}

TEST_F(Turns, case_41_more_than_there_is_takes_nothing) {
  EXPECT_EQ(code_of(house.reserve("A-1", "soup", 11)), "out_of_stock");
  EXPECT_TRUE(house.lease(lease).held.is_zero());
  EXPECT_EQ(code_of(house.reserve("A-2", "soup", 10)), "ok");
  EXPECT_EQ(code_of(house.reserve("A-3", "soup", 1)), "out_of_stock");
}

TEST_F(Turns, case_42_when_the_last_of_several_is_short_nothing_is_held) {
  const TurnOutcome outcome =
      house.take(house.order("A-1", {{SkuId("soup"), units(2)}, {SkuId("cola"), units(5)}}));
  EXPECT_EQ(code_of(outcome), "out_of_stock");
  EXPECT_EQ(outcome.lines.error().subject(), "cola");
  EXPECT_TRUE(house.lease(lease).held.is_zero());
  EXPECT_TRUE(house.lease(cola).held.is_zero());
  EXPECT_EQ(house.ask("SELECT count(*) FROM reservation$"), Strings{"0"});
}

TEST_F(Turns, a_group_of_one_commit_does_not_sell_a_unit_twice) {
  std::vector<Turn> all;
  for (int i = 0; i < 30; ++i) {
    all.emplace_back(house.order("G-" + std::to_string(i), {{SkuId("soup"), units(1)}}));
  }
  int sold = 0;
  for (const TurnOutcome& each : house.take_all(all)) sold += code_of(each) == "ok" ? 1 : 0;
  EXPECT_EQ(sold, 10);
  EXPECT_EQ(house.lease(lease).held, units(10));
}

TEST_F(Turns, a_channel_draws_from_its_own_lease_then_from_the_pools) {
  const std::string own = house.grant("soup", 5, "online_order");
  EXPECT_EQ(code_of(house.reserve("A-1", "soup", 4)), "ok");
  EXPECT_EQ(house.lease(own).held, units(4));
  EXPECT_EQ(code_of(house.reserve("A-2", "soup", 2)), "ok") << "one is left of its own: not enough";
  EXPECT_EQ(house.lease(own).held, units(4));
  EXPECT_EQ(house.lease(lease).held, units(2));
  EXPECT_EQ(code_of(house.reserve("A-3", "soup", 9, "uber")), "out_of_stock")
      << "another channel may have the pool's eight, not what is the first one's own";
  EXPECT_EQ(code_of(house.reserve("A-4", "soup", 8, "uber")), "ok");
  house.release("A-1");
  EXPECT_TRUE(house.lease(own).held.is_zero()) << "back to where it was drawn from";
}

// The estate has paid for it: a deduct checked the channel's limit but not the total.
TEST_F(Turns, production_fault_5_the_total_is_checked_and_not_the_channel_alone) {
  house.grant("soup", 5, "online_order");
  house.mark("soup", StockStatus::SoldOut);
  house.send();
  EXPECT_EQ(code_of(house.reserve("A-1", "soup", 1)), "out_of_stock");
  house.mark("soup", StockStatus::Available);
  house.mark("soup", StockStatus::SoldOut, "online_order");
  house.send();
  EXPECT_EQ(code_of(house.reserve("A-2", "soup", 1)), "out_of_stock");
  EXPECT_EQ(code_of(house.reserve("A-3", "soup", 1, "uber")), "ok");
}

TEST_F(Turns, what_is_not_limited_needs_no_lease) {
  house.mark("tea", StockStatus::Available);
  house.send();
  EXPECT_EQ(code_of(house.reserve("A-1", "tea", 40)), "ok");
  EXPECT_EQ(code_of(house.confirm("A-1")), "ok");
  house.mark("tea", StockStatus::SoldOut);
  house.send();
  EXPECT_EQ(code_of(house.reserve("A-2", "tea", 1)), "out_of_stock");
  house.mark("tea", StockStatus::Available);
  house.mark("tea", StockStatus::SoldOut, "online_order");
  house.send();
  EXPECT_EQ(code_of(house.reserve("A-3", "tea", 1)), "out_of_stock");
  EXPECT_EQ(code_of(house.reserve("A-4", "nothing", 1)), "unknown_sku");
}

TEST_F(Turns, the_estate_is_told_in_the_same_transaction) {
  house.reserve("A-1", "soup", 3);
  house.reserve("A-2", "soup", 9);
  house.confirm("A-1");
  house.reserve("A-3", "soup", 1);
  house.release("A-3");
  const Strings told = house.ask(
      "SELECT (payload ->> 'tag') || ' ' || (payload ->> 'orderNo')"
      " FROM outbox WHERE type = 'INVENTORY_TOPIC' ORDER BY id");
  EXPECT_EQ(told, (Strings{"STOCK_RESERVED A-1", "STOCK_RESERVE_FAILED A-2", "STOCK_DEDUCTED A-1",
                           "STOCK_RESERVED A-3", "STOCK_RELEASED A-3"}));
  EXPECT_EQ(house.ask("SELECT payload ->> 'skuId' FROM outbox"
                      " WHERE payload LIKE '%FAILED%'"),
            Strings{"soup"});
  EXPECT_EQ(house.ask("SELECT transaction_type, order_id, delta_available, delta_reserved,"
                      " available_after, reserved_after, trace_id FROM inventory_transactions$"
                      " WHERE seq < 0 ORDER BY seq DESC"),
            (Strings{"reserve|A-1|-30|30|70|30|trace-A-1", "deduct|A-1|0|-30|70|0|",
                     "reserve|A-3|-10|10|60|10|trace-A-3", "release|A-3|10|-10|70|0|"}));
  EXPECT_EQ(house.ask("SELECT count(DISTINCT biz_key) = count(*) FROM outbox"), Strings{"1"});
}

// Both kinds of reservation stand in one table, and the estate's number finds its own.
TEST_F(Turns, the_hubs_own_holds_stay_apart) {
  house.hub.add(HoldLocked{Hold{HoldId("h9"),
                                HoldKind::Order,
                                DeviceId("k"),
                                OrderId("A-1"),
                                {Demand{SkuId("soup"), units(1)}},
                                kNow},
                           {}});
  house.send();
  house.reserve("A-1", "soup", 3);
  EXPECT_EQ(house.ask("SELECT order_id, qty FROM reservation$ ORDER BY order_id"),
            (Strings{"A-1|30", "s1/A-1|10"}));
  house.release("A-1");
  EXPECT_EQ(house.ask("SELECT order_id, status FROM reservation$ ORDER BY order_id"),
            (Strings{"A-1|UNLOCK", "s1/A-1|LOCK"}));
}

TEST_F(Turns, a_days_audit_finds_nothing_amiss_beside_the_relays_movements) {
  house.hub.add(DayOpened{BusinessDay{20261121}});
  house.count("soup", 90);
  house.send();
  house.reserve("A-1", "soup", 1);
  const auto found = house.shards->audit_day(house.hub.store(), BusinessDay{20261121});
  ASSERT_TRUE(found);
  EXPECT_EQ(*found, Strings());
}

TEST_F(Turns, case_54_a_hub_that_contradicts_itself_has_its_leases_frozen) {
  HubJournal clone("s1");
  clone.add(EpochBegun{1, "another first start"});
  EXPECT_EQ(apply_one(*house.shards, clone.all(), house.now).fate, BatchFate::Forked);
  EXPECT_EQ(code_of(house.reserve("A-1", "soup", 1)), "out_of_stock");
  ASSERT_TRUE(house.shards->unfreeze(house.hub.store(), "hq:alice", house.now));
  EXPECT_EQ(code_of(house.reserve("A-1", "soup", 1)), "ok");
}

// One order that contradicts the rows is tried alone and hurts nobody else in its group.
TEST_F(Turns, a_group_that_breaks_a_rule_is_no_fault_of_the_disk) {
  house.reserve("A-1", "soup", 3);
  house.ask("UPDATE lease$ SET held = 0 WHERE sku_id = 'soup'");
  const auto broken = house.rights().take_turns(
      std::vector<Turn>{ConfirmOrder{house.hub.store(), "A-1", {}, false, {}}}, house.now);
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().code(), Code::BadState);
  EXPECT_EQ(code_of(house.reserve("A-2", "cola", 1)), "ok") << "the database goes on";
}

TEST_F(Turns, a_restart_remembers_everything) {
  house.reserve("A-1", "soup", 3);
  house.reserve("A-2", "soup", 2);
  house.confirm("A-2");
  house.open();
  EXPECT_TRUE(house.reserve("A-1", "soup", 3).is_again);
  EXPECT_EQ(code_of(house.confirm("A-1")), "ok");
  EXPECT_EQ(house.lease(lease).sold, units(5));
}

// The stock's row changes once in a group; so does its log, which names every order.
TEST_F(Turns, a_group_leaves_one_row_in_the_log_of_each_sku) {
  const auto rows = [this] {
    return house.ask(
        "SELECT content FROM poi_item_stock_log$ WHERE content LIKE '%\"reservations\"%'");
  };
  const auto outcomes =
      house.take_all({house.order("A-1", {Demand{SkuId("soup"), units(2)}}),
                      house.order("A-2", {Demand{SkuId("soup"), units(3)}}),
                      ReleaseOrder{house.hub.store(), "A-1", "closed", {}, false}});
  for (const TurnOutcome& outcome : outcomes) EXPECT_EQ(code_of(outcome), "ok");
  ASSERT_EQ(rows().size(), 1U);
  EXPECT_TRUE(parse_json(rows().front())) << rows().front();
  EXPECT_NE(rows().front().find(
                R"("before":{"available":10.0,"held":0.0},"after":{"available":7.0,"held":3.0})"),
            std::string::npos)
      << rows().front();
  for (const char* part : {R"({"order":"A-1","change":"lock","quantity":2.0,)",
                           R"({"order":"A-2","change":"lock","quantity":3.0,)",
                           R"({"order":"A-1","change":"unlock","quantity":2.0,)"}) {
    EXPECT_NE(rows().front().find(part), std::string::npos) << part << rows().front();
  }
  house.reserve("A-3", "soup", 1);
  EXPECT_EQ(rows().size(), 2U);
}

}  // namespace
}  // namespace larder::relay
