// Placing an order: who, what, for how much, and from which stock.
#include <gtest/gtest.h>

#include "tests/core/store.hpp"

namespace larder::test {
namespace {

TEST(PlaceOrder, a_paid_order_goes_to_the_kitchen_at_once) {
  Store store;
  const Outcome outcome =
      store.must(store.kiosk, paid_by_card({line("soup", 2), line("cola")}, 1430));
  EXPECT_EQ(outcome.order, OrderId("20261121-0001"));
  EXPECT_EQ(outcome.number, 1U);
  EXPECT_EQ(outcome.total, Money::minor(1430));
  EXPECT_EQ(outcome.state, OrderState::Accepted);
  EXPECT_TRUE(outcome.hold.empty());
  EXPECT_EQ(story(store.last_events()), "OrderPlaced OrderPaid OrderAccepted");
  const Order& order = store.order(outcome.order);
  EXPECT_EQ(order.channel, Channel::Kiosk);
  EXPECT_EQ(order.device, DeviceId("kiosk-1"));
  EXPECT_EQ(order.menu_version, 1U);
  EXPECT_TRUE(order.paid);
  EXPECT_EQ(order.payment, card(1430));
  EXPECT_EQ(order.placed_at, store.now.at);
  EXPECT_EQ(order.fired_at, store.now.at);
  EXPECT_EQ(order.tickets.size(), 2U);
  const auto& accepted = last_of<OrderAccepted>(store.last_events());
  EXPECT_EQ(accepted.number, 1U);
  EXPECT_EQ(accepted.channel, Channel::Kiosk);
  EXPECT_EQ(accepted.tickets, order.tickets);
}

TEST(PlaceOrder, an_unpaid_order_waits) {
  Store store;
  const Outcome outcome = store.must(store.kiosk, takeaway({line("soup")}));
  EXPECT_EQ(outcome.state, OrderState::Placed);
  EXPECT_EQ(story(store.last_events()), "OrderPlaced");
  EXPECT_FALSE(store.order(outcome.order).paid);
  EXPECT_TRUE(store.order(outcome.order).tickets.empty());
}

TEST(PlaceOrder, a_till_fires_an_unpaid_order) {
  Store store;
  const Outcome outcome = store.must(store.till, fired_at_table({line("soup")}));
  EXPECT_EQ(outcome.state, OrderState::Accepted);
  EXPECT_EQ(story(store.last_events()), "OrderPlaced OrderAccepted");
  const Order& order = store.order(outcome.order);
  EXPECT_EQ(order.channel, Channel::Pos);
  EXPECT_EQ(order.table, "12");
  EXPECT_FALSE(order.paid);
}

TEST(PlaceOrder, an_order_with_nothing_to_cook_is_ready) {
  Store store;
  const Outcome outcome = store.must(store.till, paid_by_card({line("bottle")}, 200));
  EXPECT_EQ(outcome.state, OrderState::Ready);
  EXPECT_EQ(store.order(outcome.order).state, OrderState::Ready);
}

TEST(PlaceOrder, a_kiosk_takes_cards_only_and_never_fires) {
  Store store;
  PlaceOrder command = takeaway({line("soup")});
  command.payment = cash(590);
  EXPECT_EQ(store.refused(store.kiosk, command), Code::Forbidden);
  EXPECT_TRUE(store.run_at_till(command));
  EXPECT_EQ(store.refused(store.kiosk, fired_at_table({line("soup")})), Code::Forbidden);
}

TEST(PlaceOrder, only_kiosks_and_tills_sell) {
  Store store;
  EXPECT_EQ(store.refused(store.kds, takeaway({line("soup")})), Code::Forbidden);
  EXPECT_EQ(store.refused(store.admin, takeaway({line("soup")})), Code::Forbidden);
}

TEST(PlaceOrder, a_dine_in_order_names_a_short_table) {
  Store store;
  EXPECT_EQ(store.refused(store.till, fired_at_table({line("soup")}, "")), Code::BadOrder);
  EXPECT_EQ(store.refused(store.till, fired_at_table({line("soup")}, "\x1b")), Code::BadOrder);
  EXPECT_EQ(store.refused(store.till, fired_at_table({line("soup")}, std::string(17, 'x'))),
            Code::BadOrder);
  PlaceOrder kiosk = fired_at_table({line("soup")}, "");
  kiosk.fire = false;
  EXPECT_EQ(store.refused(store.kiosk, kiosk), Code::BadOrder);
  kiosk.table = "桌桌桌桌桌桌桌桌桌桌桌桌桌桌桌桌";
  EXPECT_TRUE(store.run(store.kiosk, kiosk));
  PlaceOrder away = takeaway({line("soup")});
  away.table = "12";
  EXPECT_EQ(store.order(store.must(store.kiosk, away).order).table, "");
}

TEST(PlaceOrder, case_30_a_total_that_is_not_the_hubs_is_refused) {
  Store store;
  PlaceOrder command = takeaway({line("soup")});
  command.expected_total = Money::minor(589);
  EXPECT_EQ(store.refused(store.kiosk, command), Code::PriceChanged);
  command.expected_total = Money::minor(590);
  EXPECT_TRUE(store.run(store.kiosk, command));
}

TEST(PlaceOrder, case_30_a_payment_is_exactly_the_total) {
  Store store;
  for (const std::int64_t amount : {0, 589, 591, -590}) {
    EXPECT_EQ(store.refused(store.kiosk, paid_by_card({line("soup")}, amount)), Code::BadMoney);
  }
}

TEST(PlaceOrder, case_31_33_what_is_not_on_the_menu_changes_nothing) {
  Store store;
  EXPECT_EQ(store.refused(store.kiosk, takeaway({line("none")})), Code::UnknownSku);
  EXPECT_EQ(store.refused(store.kiosk, takeaway({})), Code::BadOrder);
  EXPECT_EQ(store.refused(store.kiosk, takeaway(std::vector<LineRequest>(10'001, line("soup")))),
            Code::BadOrder);
  EXPECT_EQ(store.refused(store.kiosk, takeaway({line("wine")})), Code::NotSoldHere);
}

TEST(PlaceOrder, case_49_card_numbers_are_masked_before_they_are_kept) {
  Store store;
  LineRequest soup = line("soup");
  soup.note = "4111 1111 1111 1111";
  PlaceOrder command = paid_by_card({soup}, 590);
  command.note = "or 5555555555554444";
  command.payment->reference = "378282246310005";
  const Outcome outcome = store.must(store.kiosk, command);
  EXPECT_TRUE(outcome.note_masked);
  const Order& order = store.order(outcome.order);
  EXPECT_EQ(order.note, "or ************4444");
  EXPECT_EQ(order.lines[0].note, "**** **** **** 1111");
  EXPECT_EQ(order.tickets[0].lines[0].note, "**** **** **** 1111");
  EXPECT_EQ(order.payment.reference, "***********0005");
  EXPECT_FALSE(store.must(store.kiosk, paid_by_card({line("soup")}, 590)).note_masked);
}

TEST(PlaceOrder, case_48_a_long_note_is_cut) {
  Store store;
  PlaceOrder command = takeaway({line("soup")});
  command.note = std::string(65'000, 'x');
  EXPECT_EQ(store.order(store.must(store.kiosk, command).order).note, std::string(200, 'x'));
}

TEST(PlaceOrder, a_payment_reference_is_short) {
  Store store;
  PlaceOrder command = paid_by_card({line("soup")}, 590);
  command.payment->reference = std::string(65, 'x');
  EXPECT_EQ(store.refused(store.kiosk, command), Code::BadText);
  command.payment->reference = std::string(64, 'x');
  EXPECT_TRUE(store.run(store.kiosk, command));
}

TEST(PlaceOrder, case_46_numbers_begin_at_one_with_each_day) {
  Store store;
  EXPECT_EQ(store.must(store.till, takeaway({line("soup")})).number, 1U);
  EXPECT_EQ(store.must(store.till, takeaway({line("soup")})).number, 2U);
  store.now.day = BusinessDay{20261122};
  const Outcome next = store.must(store.till, takeaway({line("soup")}));
  EXPECT_EQ(next.order, OrderId("20261122-0001"));
  EXPECT_EQ(story(store.last_events()), "DayOpened OrderPlaced");
  store.now.day = BusinessDay{20261121};
  const Outcome late = store.must(store.till, takeaway({line("soup")}));
  EXPECT_EQ(late.order, OrderId("20261122-0002")) << "days do not go back";
  EXPECT_EQ(store.order(late.order).day, BusinessDay{20261122});
}

TEST(PlaceOrder, a_number_may_outgrow_four_digits) {
  Store store;
  store.ledger.last_number = 9'999;
  store.ledger.day = store.now.day;
  EXPECT_EQ(store.must(store.till, takeaway({line("soup")})).order, OrderId("20261121-10000"));
}

TEST(PlaceOrder, too_many_open_orders_are_refused) {
  Store store;
  store.must(store.till, takeaway({line("soup")}));
  EXPECT_EQ(store.ledger.open_orders, 1U);
  store.ledger.open_orders = kOpenOrdersMax;
  EXPECT_EQ(store.refused(store.till, takeaway({line("soup")})), Code::Overloaded);
}

TEST(PlaceOrder, an_unpaid_order_holds_its_limited_stock) {
  Store store;
  store.count("soup", 3);
  const Outcome outcome =
      store.must(store.kiosk, takeaway({line("soup"), line("soup"), line("cola")}));
  EXPECT_EQ(story(store.last_events()), "HoldLocked OrderPlaced");
  const auto& locked = last_of<HoldLocked>(store.last_events());
  EXPECT_EQ(locked.hold.id, HoldId("h" + std::to_string(store.ledger.seq - 1)));
  EXPECT_EQ(locked.hold.kind, HoldKind::Order);
  EXPECT_EQ(locked.hold.order, outcome.order);
  EXPECT_EQ(locked.hold.demand, (std::vector<Demand>{{SkuId("soup"), units(2)}}));
  EXPECT_EQ(outcome.hold, locked.hold.id);
  EXPECT_EQ(outcome.expires_at, store.now.at + Duration::seconds(kOrderHoldSeconds));
  EXPECT_EQ(store.level("soup").available, units(1));
  EXPECT_EQ(store.level("soup").held, units(2));
  EXPECT_EQ(store.ledger.stock.hold_of(outcome.order)->id, outcome.hold);
}

TEST(PlaceOrder, the_hold_is_named_after_its_event_also_when_a_day_opens) {
  Store store;
  store.count("soup", 3);
  store.now.day = BusinessDay{20261122};
  const Seq before = store.ledger.seq;
  store.must(store.kiosk, takeaway({line("soup")}));
  EXPECT_EQ(story(store.last_events()), "DayOpened HoldLocked OrderPlaced");
  EXPECT_EQ(last_of<HoldLocked>(store.last_events()).hold.id,
            HoldId("h" + std::to_string(before + 2)));
}

TEST(PlaceOrder, a_paid_or_fired_order_takes_its_stock_out) {
  Store store;
  store.count("soup", 3);
  store.must(store.kiosk, paid_by_card({line("soup")}, 590));
  EXPECT_EQ(story(store.last_events()),
            "HoldLocked OrderPlaced OrderPaid HoldConfirmed OrderAccepted");
  const auto& confirmed = last_of<HoldConfirmed>(store.last_events());
  EXPECT_EQ(confirmed.movements[0].kind, MovementKind::Out);
  EXPECT_EQ(confirmed.movements[0].after.available, units(2));
  EXPECT_EQ(confirmed.movements[0].after.held, units(0));
  store.must(store.till, fired_at_table({line("soup")}));
  EXPECT_EQ(story(store.last_events()), "HoldLocked OrderPlaced HoldConfirmed OrderAccepted");
  EXPECT_EQ(store.level("soup").available, units(1));
  EXPECT_TRUE(store.ledger.stock.holds().empty());
}

TEST(PlaceOrder, case_41_42_what_is_not_there_is_refused_whole) {
  Store store;
  store.count("soup", 1);
  store.count("cola", 5);
  const Result<Outcome> refused = store.run(store.kiosk, takeaway({line("cola"), line("soup", 2)}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Code::OutOfStock);
  EXPECT_EQ(refused.error().message(), "Soup of the day: 1.0 left, 2.0 wanted");
  EXPECT_EQ(refused.error().subject(), "soup");
  EXPECT_EQ(store.level("cola").available, units(5));
}

TEST(PlaceOrder, options_and_parts_use_stock_too) {
  Store store;
  store.count("loaf", 1);
  store.count("cola", 1);
  LineRequest soup = line("soup", 2);
  soup.options = {{GroupId("bread"), OptionId("rye")}};
  EXPECT_EQ(store.refused(store.kiosk, takeaway({soup})), Code::OutOfStock);
  EXPECT_EQ(store.refused(store.kiosk, takeaway({meal("burger-s", "cola"), line("cola")})),
            Code::OutOfStock);
  EXPECT_TRUE(store.run(store.kiosk, takeaway({meal("burger-s", "cola")})));
  EXPECT_EQ(store.level("cola").held, units(1));
}

TEST(PlaceOrder, what_is_marked_sold_out_is_refused) {
  Store store;
  store.must(store.kds, MarkStock{SkuId("cola"), StockStatus::SoldOut});
  EXPECT_EQ(store.refused(store.kiosk, takeaway({line("cola")})), Code::OutOfStock);
  EXPECT_EQ(store.refused(store.till, paid_by_card({meal("burger-s", "cola")}, 1300)),
            Code::OutOfStock);
  EXPECT_TRUE(store.run(store.kiosk, takeaway({meal("burger-s", "bottle")})));
  store.must(store.kds, MarkStock{SkuId("meal"), StockStatus::SoldOut});
  EXPECT_EQ(store.refused(store.kiosk, takeaway({meal("burger-s", "bottle")})), Code::OutOfStock);
}

TEST(PlaceOrder, case_45_an_order_keeps_its_prices_when_the_menu_changes) {
  Store store;
  const OrderId id = store.must(store.kiosk, takeaway({line("soup")})).order;
  Menu dearer = sample_menu();
  dearer.items[0].skus[0].price = Money::minor(999);
  dearer.items[0].name.en = "Stew";
  store.must(store.admin, ImportMenu{dearer});
  EXPECT_EQ(store.order(id).total, Money::minor(590));
  EXPECT_EQ(store.order(id).menu_version, 1U);
  EXPECT_EQ(store.refused(store.till, PayOrder{id, cash(999)}), Code::BadMoney);
  store.must(store.till, PayOrder{id, cash(590)});
  EXPECT_EQ(last_of<OrderAccepted>(store.last_events()).tickets[0].lines[0].name.en,
            "Soup of the day");
  EXPECT_EQ(store.refused(store.kiosk, paid_by_card({line("soup")}, 590)), Code::BadMoney);
  EXPECT_EQ(store.order(store.must(store.kiosk, takeaway({line("soup")})).order).menu_version, 2U);
}

}  // namespace
}  // namespace larder::test
