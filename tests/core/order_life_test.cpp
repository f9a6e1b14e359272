// From placed to closed: pay, accept, serve, cancel, void.
#include <gtest/gtest.h>

#include "tests/core/store.hpp"

namespace larder::test {
namespace {

void bump_all(Store& store, const OrderId& id) {
  const std::vector<Ticket> tickets = store.order(id).tickets;
  for (const Ticket& ticket : tickets) store.must(store.kds, BumpTicket{id, ticket.station});
}

OrderId placed(Store& store) { return store.must(store.kiosk, takeaway({line("soup")})).order; }
OrderId accepted(Store& store) {
  return store.must(store.kiosk, paid_by_card({line("soup")}, 590)).order;
}

TEST(PayOrder, pays_and_fires_an_order_that_waited) {
  Store store;
  store.count("soup", 2);
  const OrderId id = placed(store);
  store.wait(60);
  const Outcome outcome = store.must(store.till, PayOrder{id, cash(590)});
  EXPECT_EQ(story(store.last_events()), "OrderPaid HoldConfirmed OrderAccepted");
  EXPECT_EQ(last_of<OrderPaid>(store.last_events()).state, OrderState::Paid);
  EXPECT_EQ(outcome.state, OrderState::Accepted);
  const Order& order = store.order(id);
  EXPECT_TRUE(order.paid);
  EXPECT_EQ(order.payment, cash(590));
  EXPECT_EQ(order.fired_at, store.now.at);
  EXPECT_EQ(store.level("soup").available, units(1));
  EXPECT_EQ(store.level("soup").held, units(0));
}

TEST(PayOrder, an_order_in_the_kitchen_stays_where_it_is) {
  Store store;
  const OrderId id = store.must(store.till, fired_at_table({line("soup")})).order;
  store.must(store.kds, CheckTicketItem{id, StationId("grill"), 0, true});
  EXPECT_EQ(store.must(store.till, PayOrder{id, card(590)}).state, OrderState::Preparing);
  EXPECT_EQ(story(store.last_events()), "OrderPaid");
  EXPECT_EQ(store.order(id).state, OrderState::Preparing);
  EXPECT_TRUE(store.order(id).paid);
}

TEST(PayOrder, a_served_order_closes_when_it_is_paid) {
  Store store;
  const OrderId id = store.must(store.till, fired_at_table({line("soup")})).order;
  bump_all(store, id);
  store.must(store.till, ServeOrder{id});
  EXPECT_FALSE(is_closed(store.order(id)));
  EXPECT_EQ(store.ledger.open_orders, 1U);
  store.wait(5);
  store.must(store.till, PayOrder{id, cash(590)});
  EXPECT_TRUE(is_closed(store.order(id)));
  EXPECT_EQ(store.order(id).closed_at, store.now.at);
  EXPECT_EQ(store.ledger.open_orders, 0U);
}

TEST(PayOrder, case_30_the_amount_is_the_total) {
  Store store;
  const OrderId id = placed(store);
  EXPECT_EQ(store.refused(store.till, PayOrder{id, cash(589)}), Code::BadMoney);
  EXPECT_EQ(store.refused(store.till, PayOrder{id, cash(591)}), Code::BadMoney);
}

TEST(PayOrder, is_refused_twice_and_when_the_order_is_over) {
  Store store;
  const OrderId id = placed(store);
  store.must(store.till, PayOrder{id, cash(590)});
  EXPECT_EQ(store.refused(store.till, PayOrder{id, cash(590)}), Code::BadState);
  const OrderId cancelled = placed(store);
  store.must(store.till, CancelOrder{cancelled, ""});
  EXPECT_EQ(store.refused(store.till, PayOrder{cancelled, cash(590)}), Code::Cancelled);
  const OrderId voided = placed(store);
  store.must(store.till, VoidOrder{voided, "wrong", false});
  EXPECT_EQ(store.refused(store.till, PayOrder{voided, cash(590)}), Code::BadState);
  EXPECT_EQ(store.refused(store.till, PayOrder{OrderId("none"), cash(590)}), Code::NotFound);
}

TEST(PayOrder, case_49_a_reference_that_looks_like_a_card_is_masked) {
  Store store;
  const OrderId id = placed(store);
  Payment payment = card(590);
  payment.reference = "4111111111111111";
  EXPECT_TRUE(store.must(store.till, PayOrder{id, payment}).note_masked);
  EXPECT_EQ(store.order(id).payment.reference, "************1111");
}

TEST(AcceptOrder, sends_a_waiting_order_to_the_kitchen_once) {
  Store store;
  store.count("soup", 2);
  const OrderId id = placed(store);
  EXPECT_EQ(store.must(store.till, AcceptOrder{id}).state, OrderState::Accepted);
  EXPECT_EQ(story(store.last_events()), "HoldConfirmed OrderAccepted");
  EXPECT_FALSE(store.order(id).paid);
  EXPECT_EQ(store.refused(store.till, AcceptOrder{id}), Code::BadState);
  EXPECT_EQ(store.refused(store.till, AcceptOrder{OrderId("none")}), Code::NotFound);
  const OrderId cancelled = placed(store);
  store.must(store.kiosk, CancelOrder{cancelled, ""});
  EXPECT_EQ(store.refused(store.till, AcceptOrder{cancelled}), Code::Cancelled);
}

TEST(ServeOrder, hands_over_what_is_ready_and_nothing_else) {
  Store store;
  const OrderId id = accepted(store);
  EXPECT_EQ(store.refused(store.till, ServeOrder{id}), Code::BadState);
  bump_all(store, id);
  EXPECT_EQ(store.order(id).state, OrderState::Ready);
  EXPECT_EQ(store.must(store.kds, ServeOrder{id}).state, OrderState::Served);
  EXPECT_TRUE(is_closed(store.order(id)));
  EXPECT_EQ(store.order(id).closed_at, store.now.at);
  EXPECT_EQ(store.refused(store.till, ServeOrder{id}), Code::BadState);
  EXPECT_EQ(store.refused(store.till, ServeOrder{placed(store)}), Code::BadState);
}

TEST(CancelOrder, ends_a_waiting_order_and_its_hold) {
  Store store;
  store.count("soup", 2);
  const OrderId id = placed(store);
  EXPECT_EQ(store.must(store.kiosk, CancelOrder{id, "changed my mind"}).state,
            OrderState::Cancelled);
  EXPECT_EQ(story(store.last_events()), "HoldReleased OrderCancelled");
  EXPECT_EQ(last_of<HoldReleased>(store.last_events()).reason, "cancelled");
  EXPECT_EQ(last_of<HoldReleased>(store.last_events()).order, id);
  EXPECT_EQ(store.order(id).reason, "changed my mind");
  EXPECT_EQ(store.order(id).closed_at, store.now.at);
  EXPECT_EQ(store.level("soup").available, units(2));
  EXPECT_EQ(store.ledger.open_orders, 0U);
  EXPECT_EQ(store.refused(store.kiosk, CancelOrder{id, ""}), Code::Cancelled);
}

TEST(CancelOrder, a_kiosk_cancels_its_own_orders_only) {
  Store store;
  const OrderId id = placed(store);
  EXPECT_EQ(store.refused(store.other_kiosk, CancelOrder{id, ""}), Code::NotFound);
  EXPECT_TRUE(store.run(store.till, CancelOrder{id, ""}));
  EXPECT_EQ(store.order(id).reason, "cancelled");
}

TEST(CancelOrder, is_refused_once_the_order_is_paid_or_fired) {
  Store store;
  EXPECT_EQ(store.refused(store.till, CancelOrder{accepted(store), ""}), Code::BadState);
  const OrderId fired = store.must(store.till, fired_at_table({line("soup")})).order;
  EXPECT_EQ(store.refused(store.till, CancelOrder{fired, ""}), Code::BadState);
  EXPECT_EQ(store.refused(store.till, CancelOrder{OrderId("none"), ""}), Code::NotFound);
}

TEST(CancelOrder, a_reason_is_short) {
  Store store;
  const OrderId id = placed(store);
  EXPECT_EQ(store.refused(store.till, CancelOrder{id, std::string(201, 'x')}), Code::BadText);
}

TEST(VoidOrder, needs_a_short_reason) {
  Store store;
  const OrderId id = accepted(store);
  EXPECT_EQ(store.refused(store.till, VoidOrder{id, "", false}), Code::BadRequest);
  EXPECT_EQ(store.refused(store.till, VoidOrder{id, "\x01", false}), Code::BadRequest);
  for (const char* blanks : {" ", " \u00a0 ", "\u3000\u3000", "\u200b \u2003"}) {
    EXPECT_EQ(store.refused(store.till, VoidOrder{id, blanks, false}), Code::BadRequest) << blanks;
  }
  EXPECT_EQ(store.refused(store.till, VoidOrder{id, std::string(201, 'x'), false}), Code::BadText);
  EXPECT_TRUE(store.run(store.till, VoidOrder{id, std::string(200, 'x'), false}));
}

TEST(VoidOrder, gives_stock_back_only_when_asked) {
  Store store;
  store.count("soup", 5);
  const OrderId kept = accepted(store);
  const OrderId restocked = accepted(store);
  store.must(store.till, VoidOrder{kept, "burnt", false});
  EXPECT_TRUE(last_of<OrderVoided>(store.last_events()).movements.empty());
  EXPECT_EQ(store.level("soup").available, units(3));
  store.must(store.till, VoidOrder{restocked, "wrong table", true});
  const auto& voided = last_of<OrderVoided>(store.last_events());
  EXPECT_EQ(voided.by, DeviceId("till-1"));
  ASSERT_EQ(voided.movements.size(), 1U);
  EXPECT_EQ(voided.movements[0].kind, MovementKind::Return);
  EXPECT_EQ(store.level("soup").available, units(4));
}

TEST(VoidOrder, case_47_a_second_void_gives_nothing_back) {
  Store store;
  store.count("soup", 5);
  const OrderId id = accepted(store);
  store.must(store.till, VoidOrder{id, "wrong", true});
  EXPECT_EQ(store.level("soup").available, units(5));
  EXPECT_EQ(store.refused(store.till, VoidOrder{id, "wrong", true}), Code::BadState);
  EXPECT_EQ(store.level("soup").available, units(5));
}

TEST(VoidOrder, case_47_all_that_is_given_back_is_what_was_paid) {
  Store store;
  const OrderId id =
      store.must(store.kiosk, paid_by_card({line("soup"), line("soup")}, 1180)).order;
  const Money first = store.must(store.till, VoidLine{id, 2, "wrong", false}).refund;
  EXPECT_EQ(first, Money::minor(590));
  EXPECT_EQ(store.refused(store.till, VoidLine{id, 2, "wrong", false}), Code::BadState);
  EXPECT_EQ(store.must(store.till, VoidOrder{id, "all", false}).refund, Money::minor(590));
  const OrderId unpaid = placed(store);
  EXPECT_EQ(store.must(store.till, VoidOrder{unpaid, "left", false}).refund, Money());
}

TEST(VoidOrder, releases_what_a_waiting_order_holds) {
  Store store;
  store.count("soup", 5);
  const OrderId id = placed(store);
  store.must(store.till, VoidOrder{id, "wrong", true});
  EXPECT_EQ(story(store.last_events()), "HoldReleased OrderVoided");
  EXPECT_TRUE(last_of<OrderVoided>(store.last_events()).movements.empty()) << "it never went out";
  EXPECT_EQ(store.level("soup").available, units(5));
  EXPECT_EQ(store.level("soup").held, units(0));
}

TEST(VoidOrder, refunds_a_served_order_and_leaves_a_cancelled_one) {
  Store store;
  const OrderId id = accepted(store);
  bump_all(store, id);
  store.must(store.till, ServeOrder{id});
  store.wait(30);
  EXPECT_EQ(store.must(store.till, VoidOrder{id, "cold", false}).state, OrderState::Voided);
  EXPECT_EQ(store.order(id).closed_at, store.now.at);
  EXPECT_EQ(store.ledger.open_orders, 0U);
  const OrderId cancelled = placed(store);
  store.must(store.kiosk, CancelOrder{cancelled, ""});
  EXPECT_EQ(store.refused(store.till, VoidOrder{cancelled, "x", true}), Code::Cancelled);
  EXPECT_EQ(store.refused(store.till, VoidOrder{OrderId("none"), "x", true}), Code::NotFound);
}

TEST(DayOpened, closed_orders_leave_and_open_ones_stay) {
  Store store;
  const OrderId open = placed(store);
  const OrderId unpaid = store.must(store.till, fired_at_table({line("soup")})).order;
  bump_all(store, unpaid);
  store.must(store.till, ServeOrder{unpaid});
  const OrderId closed = accepted(store);
  bump_all(store, closed);
  store.must(store.till, ServeOrder{closed});
  EXPECT_EQ(store.ledger.bumped.size(), 1U);
  store.now.day = BusinessDay{20261122};
  EXPECT_EQ(store.refused(store.till, VoidOrder{closed, "late", false}), Code::NotFound)
      << "the day that would open takes it out of the books";
  store.must(store.till, PayOrder{unpaid, cash(590)});
  EXPECT_EQ(story(store.last_events()), "DayOpened OrderPaid");
  EXPECT_EQ(store.ledger.orders.count(open), 1U);
  EXPECT_EQ(store.ledger.orders.count(unpaid), 1U) << "closed today";
  EXPECT_EQ(store.ledger.orders.count(closed), 0U);
  EXPECT_EQ(store.ledger.open_orders, 1U);
  EXPECT_TRUE(store.ledger.bumped.empty());
}

TEST(DayOpened, a_command_that_changes_nothing_opens_no_day) {
  Store store;
  store.now.day = BusinessDay{20261122};
  store.must(store.till, MarkStock{SkuId("soup"), StockStatus::Available});
  EXPECT_TRUE(store.last_events().empty());
  EXPECT_EQ(store.ledger.day, BusinessDay{20261121});
}

TEST(DayOpened, the_hubs_own_tick_turns_the_day_when_nobody_orders) {
  Store store;
  store.count("soup", 2);
  store.must(store.kiosk, PlaceHold{{line("soup")}});
  store.wait(kCartHoldSeconds);
  store.now.day = BusinessDay{20261122};
  store.must(store.hub, ExpireHolds{});
  EXPECT_EQ(story(store.last_events()), "DayOpened HoldReleased");
  store.now.day = BusinessDay{20261123};
  store.must(store.hub, ExpireHolds{});
  EXPECT_EQ(story(store.last_events()), "DayOpened");
  store.must(store.hub, ExpireHolds{});
  EXPECT_TRUE(store.last_events().empty());
}

TEST(Time, case_109_a_clock_that_goes_back_does_not_turn_the_books_back) {
  Store store;
  placed(store);
  const TimePoint before = store.ledger.last_at;
  store.now.at = TimePoint{};
  const OrderId id = accepted(store);
  EXPECT_EQ(store.order(id).placed_at, before);
  EXPECT_EQ(store.order(id).fired_at, before);
  EXPECT_EQ(store.ledger.last_at, before);
}

}  // namespace
}  // namespace larder::test
