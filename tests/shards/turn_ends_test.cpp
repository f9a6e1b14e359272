// How a reservation ends: exactly once, whatever races.
#include <gtest/gtest.h>

#include "tests/shards/turn_house.hpp"

namespace larder::relay {
namespace {

using Strings = std::vector<std::string>;

Menu menu_with(const std::string& sku, std::uint64_t version) {
  Menu menu;
  menu.version = version;
  menu.currency = *Currency::parse("EUR");
  menu.stations = {Station{StationId("grill"), {"Grill", ""}}};
  menu.categories = {Category{CategoryId("food"), {"Food", ""}}};
  Item item;
  item.id = ItemId(sku);
  item.category = CategoryId("food");
  item.name = {sku, ""};
  item.station = StationId("grill");
  item.skus = {Sku{SkuId(sku), {}, Money::minor(590)}};
  menu.items = {item};
  return menu;
}

class TurnEnds : public testing::Test {
 protected:
  TurnEnds() {
    house.count("soup", 100);
    lease = house.grant("soup", 10);
  }
  Turn confirming(const std::string& number, bool is_known_paid = false) const {
    return ConfirmOrder{house.hub.store(), number, {"api:oo", {}}, is_known_paid, {}};
  }
  Turn releasing(const std::string& number, bool only_expired = false) const {
    return ReleaseOrder{house.hub.store(), number, "cancelled", {"api:oo", {}}, only_expired};
  }
  // Nothing but this is true of the one lease.
  void expect_lease(int sold, int held) {
    EXPECT_EQ(house.lease(lease).sold, units(sold));
    EXPECT_EQ(house.lease(lease).held, units(held));
    EXPECT_EQ(house.lease(lease).idle(), units(10 - sold - held));
  }
  TurnHouse house;
  std::string lease;
};

TEST_F(TurnEnds, case_39_of_a_cancel_and_a_deduct_in_one_instant_one_wins) {
  for (const bool cancel_first : {true, false}) {
    const std::string number = cancel_first ? "A-1" : "A-2";
    house.reserve(number, "soup", 3);
    std::vector<Turn> race{confirming(number), releasing(number)};
    if (cancel_first) std::swap(race[0], race[1]);
    const auto outcomes = house.take_all(race);
    EXPECT_EQ(code_of(outcomes[0]), "ok");
    EXPECT_EQ(code_of(outcomes[1]), cancel_first ? "cancelled" : "bad_state");
    expect_lease(cancel_first ? 0 : 3, 0);
  }
}

TEST_F(TurnEnds, case_40_of_the_sweep_and_a_deduct_one_wins) {
  house.reserve("A-1", "soup", 3);
  house.now = house.now + kReservationLife;
  EXPECT_EQ(code_of(house.confirm("A-1")), "expired") << "too late, and not released yet";
  expect_lease(0, 3);
  const auto outcomes =
      house.take_all({releasing("A-1", true), confirming("A-1"), confirming("A-1", true)});
  EXPECT_EQ(code_of(outcomes[0]), "ok");
  EXPECT_EQ(code_of(outcomes[1]), "expired");
  EXPECT_EQ(code_of(outcomes[2]), "expired") << "known to be paid, but the units are gone";
  expect_lease(0, 0);
  // The other way round: whoever knows that it is paid came first.
  house.reserve("A-2", "soup", 2);
  house.now = house.now + kReservationLife;
  const auto other = house.take_all({confirming("A-2", true), releasing("A-2", true)});
  EXPECT_EQ(code_of(other[0]), "ok");
  EXPECT_EQ(code_of(other[1]), "bad_state");
  expect_lease(2, 0);
}

TEST_F(TurnEnds, the_sweep_takes_nothing_before_its_time) {
  house.reserve("A-1", "soup", 3);
  house.now = house.now + Duration{kReservationLife.micros - 1};
  EXPECT_EQ(code_of(house.take(releasing("A-1", true))), "bad_state");
  expect_lease(0, 3);
  const auto due = house.rights().due_orders(house.now, 10);
  ASSERT_TRUE(due);
  EXPECT_TRUE(due->empty());
  house.now = house.now + Duration{1};
  const auto later = house.rights().due_orders(house.now, 10);
  ASSERT_TRUE(later);
  ASSERT_EQ(later->size(), 1U);
  EXPECT_EQ(later->front().order, "A-1");
}

TEST_F(TurnEnds, confirmed_again_it_answers_the_same) {
  house.reserve("A-1", "soup", 3);
  EXPECT_FALSE(house.confirm("A-1").is_again);
  const TurnOutcome again = house.confirm("A-1");
  EXPECT_TRUE(again.is_again);
  EXPECT_EQ(again.lines->front().status, ReservationStatus::Out);
  expect_lease(3, 0);
  EXPECT_EQ(code_of(house.confirm("A-9")), "not_found");
}

// The estate has paid for it: a release that was done twice took the units off twice.
TEST_F(TurnEnds, production_fault_1_a_doubled_release_never_drives_held_below_zero) {
  house.reserve("A-1", "soup", 3);
  house.reserve("A-2", "soup", 2);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(code_of(house.release("A-1")), "ok");
  house.take_all({releasing("A-1"), releasing("A-1"), releasing("A-1")});
  expect_lease(0, 2);
  EXPECT_EQ(house.ask("SELECT locked_stock FROM inventory$"), Strings{"20"});
  EXPECT_EQ(house.ask("SELECT count(*) FROM outbox WHERE payload LIKE '%STOCK_RELEASED%'"),
            Strings{"1"});
}

TEST_F(TurnEnds, case_70_a_retry_under_the_same_number_has_one_effect) {
  std::vector<Turn> all;
  for (int i = 0; i < 5; ++i) {
    all.emplace_back(house.order("EXT-1", {{SkuId("soup"), units(2)}}));
  }
  for (int i = 0; i < 5; ++i) all.push_back(confirming("EXT-1"));
  for (const TurnOutcome& each : house.take_all(all)) EXPECT_EQ(code_of(each), "ok");
  expect_lease(2, 0);
  EXPECT_EQ(house.ask("SELECT count(*) FROM inventory_transactions$ WHERE order_id = 'EXT-1'"),
            Strings{"2"});
}

// The guest has paid: that the dish went off the menu in those minutes is the store's to sort out.
TEST_F(TurnEnds, case_45_a_dish_that_went_off_the_menu_is_still_paid_and_given_back) {
  ReserveOrder guest = house.order("W-1", {{SkuId("soup"), units(3)}});
  guest.online_order = R"({"source":"online_order","external":"W-1"})";
  ASSERT_EQ(code_of(house.take(guest)), "ok");
  house.reserve("A-2", "soup", 2);
  house.hub.add(MenuImported{menu_with("soup", 1)});
  house.hub.add(MenuImported{menu_with("cola", 2)});
  ASSERT_EQ(house.send().fate, BatchFate::Applied);
  EXPECT_EQ(house.ask("SELECT is_active FROM inventory$ WHERE sku_id = 'soup'"), Strings{"0"});
  EXPECT_EQ(code_of(house.reserve("A-3", "soup", 1)), "unknown_sku") << "nobody orders it any more";
  const auto outcomes =
      house.take_all({confirming("W-1"), house.order("A-4", {{SkuId("soup"), units(1)}})});
  EXPECT_EQ(code_of(outcomes[0]), "ok");
  ASSERT_TRUE(outcomes[0].word) << "the store hears of it";
  EXPECT_EQ(outcomes[0].word->word.verb, "online.order");
  EXPECT_EQ(code_of(outcomes[1]), "unknown_sku") << "known from the turn before, and not sold";
  expect_lease(3, 2);
  EXPECT_EQ(code_of(house.release("A-2")), "ok");
  expect_lease(3, 0);
}

// Of the second line the lease holds nothing: no half of the order may stand.
TEST_F(TurnEnds, case_45_an_order_that_cannot_end_whole_is_as_it_was) {
  house.count("cola", 10);
  const std::string other = house.grant("cola", 5);
  house.take(house.order("A-1", {{SkuId("cola"), units(2)}, {SkuId("soup"), units(3)}}));
  ASSERT_EQ(house.ask("UPDATE lease$ SET held = 0 WHERE sku_id = 'soup' RETURNING held"),
            Strings{"0"});
  const auto outcomes = house.rights().take_turns(std::vector<Turn>{confirming("A-1")}, house.now);
  ASSERT_FALSE(outcomes) << "not a refusal, which would commit what was written";
  EXPECT_EQ(house.ask("SELECT status FROM channel_order$"), Strings{"LOCK"});
  EXPECT_EQ(house.lease(other).held, units(2));
}

TEST_F(TurnEnds, case_71_a_cancel_before_its_order_is_remembered) {
  EXPECT_EQ(code_of(house.release("A-1", "guest left")), "ok");
  EXPECT_EQ(code_of(house.reserve("A-1", "soup", 3)), "cancelled");
  expect_lease(0, 0);
  const auto shown = house.rights().reservations_of("A-1");
  ASSERT_TRUE(shown);
  ASSERT_EQ(shown->size(), 1U);
  EXPECT_EQ(shown->front().status, ReservationStatus::Unlock);
  EXPECT_EQ(shown->front().reason, "guest left");
  EXPECT_EQ(code_of(house.reserve("A-1", "soup", 3)), "cancelled") << "again and again";
  EXPECT_EQ(code_of(house.confirm("A-1")), "cancelled");
  EXPECT_EQ(code_of(house.release("A-1")), "ok");
}

TEST_F(TurnEnds, case_71_is_forgotten_when_the_order_has_not_come_in_a_week) {
  const auto remembered = [this] { return house.ask("SELECT order_id FROM cancelled_order"); };
  const auto maintain_after = [this](int days) {  // ask() opens the house anew
    SqliteShard& shard = house.shards->shard(house.shards->database_of(house.hub.store()));
    shard.maintain(true, house.now + Duration::minutes(days * 24 * 60));
  };
  EXPECT_EQ(code_of(house.release("A-1", "guest left")), "ok");
  maintain_after(6);
  EXPECT_EQ(remembered(), Strings{"A-1"});
  maintain_after(8);
  EXPECT_EQ(remembered(), Strings{});
}

TEST_F(TurnEnds, case_71_also_when_nobody_knew_whose_it_was) {
  EXPECT_EQ(code_of(house.take(ReleaseOrder{{}, "A-7", "closed", {}, false})), "ok");
  house.open();
  EXPECT_EQ(code_of(house.reserve("A-7", "soup", 1)), "cancelled");
  EXPECT_EQ(code_of(house.reserve("A-8", "soup", 1)), "ok");
}

// The rows decide, not the memory of whoever asks: two relays that have read the same state.
TEST_F(TurnEnds, case_72_two_that_take_the_same_order_have_one_effect) {
  house.reserve("A-1", "soup", 3);
  const auto first = house.take(confirming("A-1"));
  house.open();  // another process, with nothing in its memory
  const auto second = house.take(confirming("A-1"));
  EXPECT_EQ(code_of(first), "ok");
  EXPECT_TRUE(second.is_again);
  expect_lease(3, 0);
  house.reserve("A-2", "soup", 1);
  house.open();
  EXPECT_TRUE(house.reserve("A-2", "soup", 1).is_again);
  expect_lease(3, 1);
}

TEST_F(TurnEnds, a_number_belongs_to_one_store) {
  house.reserve("A-1", "soup", 3);
  const BucketMap map(2, kTables);
  const ShardPlace here = map.place(house.hub.store());
  StoreId other;
  for (int i = 0; other.empty(); ++i) {  // another whose rows are in the same tables
    const StoreId each("n" + std::to_string(i));
    const ShardPlace place = map.place(each);
    if (place.database == here.database && place.table == here.table) other = each;
  }
  EXPECT_EQ(code_of(house.take(ConfirmOrder{other, "A-1", {}, false, {}})), "not_found");
  EXPECT_EQ(code_of(house.take(ReleaseOrder{other, "A-1", "x", {}, false})), "not_found");
  ReserveOrder same = house.order("A-1", {{SkuId("soup"), units(3)}});
  same.store = other;
  EXPECT_EQ(code_of(house.take(same)), "key_reuse");
  expect_lease(0, 3);
}

TEST_F(TurnEnds, a_cart_is_short_when_its_asker_says_so) {
  ReserveOrder cart = house.order("C-1", {{SkuId("soup"), units(1)}});
  cart.is_cart = true;
  cart.life = Duration::minutes(3);
  EXPECT_EQ(house.take(cart).lines->front().expires_at, house.now + Duration::minutes(3));
  EXPECT_EQ(house.ask("SELECT reservation_type FROM reservation$"), Strings{"cart"});
}

TEST_F(TurnEnds, payment_is_read_from_the_stores_own_orders) {
  const auto unknown = house.rights().is_paid(house.hub.store(), "A-1");
  ASSERT_TRUE(unknown);
  EXPECT_FALSE(unknown->has_value());
  Order order;
  order.id = OrderId("20261121-0007");
  order.external = "A-1";
  order.source = ChannelCode("online_order");
  house.hub.add(OrderPlaced{order});
  house.send();
  EXPECT_EQ(*house.rights().is_paid(house.hub.store(), "A-1"), std::optional(false));
  house.hub.add(OrderPaid{order.id, {}, OrderState::Paid});
  house.send();
  EXPECT_EQ(*house.rights().is_paid(house.hub.store(), "A-1"), std::optional(true));
}

}  // namespace
}  // namespace larder::relay
