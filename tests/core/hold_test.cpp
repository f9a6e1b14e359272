// Carts and their holds: placed, replaced, taken over by an order, released, expired.
#include <gtest/gtest.h>

#include "tests/core/store.hpp"

namespace larder::test {
namespace {

PlaceOrder with_hold(std::vector<LineRequest> lines, const HoldId& hold) {
  PlaceOrder command = takeaway(std::move(lines));
  command.hold = hold;
  return command;
}

class Holds : public testing::Test {
 protected:
  Holds() { store.count("soup", 5); }

  Outcome hold(const Asker& asker, std::int32_t soups) {
    return store.must(asker, PlaceHold{{line("soup", soups), line("cola")}});
  }

  Store store;
};

TEST_F(Holds, a_cart_sets_limited_stock_aside_for_three_minutes) {
  const Outcome outcome = hold(store.kiosk, 2);
  EXPECT_EQ(outcome.total, Money::minor(1430));
  EXPECT_EQ(outcome.expires_at, store.now.at + Duration::seconds(kCartHoldSeconds));
  const Hold* const cart = store.ledger.stock.hold(outcome.hold);
  ASSERT_NE(cart, nullptr);
  EXPECT_EQ(cart->kind, HoldKind::Cart);
  EXPECT_EQ(cart->device, DeviceId("kiosk-1"));
  EXPECT_EQ(cart->demand, (std::vector<Demand>{{SkuId("soup"), units(2)}}));
  EXPECT_EQ(store.level("soup").available, units(3));
}

TEST_F(Holds, a_new_cart_takes_the_place_of_the_old_one) {
  const HoldId first = hold(store.kiosk, 4).hold;
  const HoldId second = hold(store.kiosk, 5).hold;
  EXPECT_NE(first, second);
  EXPECT_EQ(story(store.last_events()), "HoldReleased HoldLocked");
  EXPECT_EQ(last_of<HoldReleased>(store.last_events()).reason, "replaced");
  EXPECT_EQ(store.level("soup").held, units(5)) << "the old cart's units were free for the new one";
  EXPECT_EQ(store.refused(store.kiosk, PlaceHold{{line("soup", 6)}}), Code::OutOfStock);
  EXPECT_NE(store.ledger.stock.hold(second), nullptr) << "a refusal leaves the old cart";
}

TEST_F(Holds, each_device_has_its_own_cart) {
  hold(store.kiosk, 3);
  EXPECT_EQ(store.refused(store.other_kiosk, PlaceHold{{line("soup", 3)}}), Code::OutOfStock);
  hold(store.other_kiosk, 2);
  EXPECT_EQ(store.ledger.stock.holds().size(), 2U);
}

TEST_F(Holds, a_cart_is_priced_and_checked_like_an_order) {
  EXPECT_EQ(store.refused(store.kiosk, PlaceHold{{}}), Code::BadOrder);
  EXPECT_EQ(store.refused(store.kiosk, PlaceHold{{line("none")}}), Code::UnknownSku);
  EXPECT_EQ(store.refused(store.kds, PlaceHold{{line("soup")}}), Code::Forbidden);
  store.must(store.till, MarkStock{SkuId("cola"), StockStatus::SoldOut});
  EXPECT_EQ(store.refused(store.kiosk, PlaceHold{{line("cola")}}), Code::OutOfStock);
}

TEST_F(Holds, a_cart_without_limited_stock_is_a_hold_of_nothing) {
  const Outcome outcome = store.must(store.kiosk, PlaceHold{{line("cola")}});
  EXPECT_TRUE(store.ledger.stock.hold(outcome.hold)->demand.empty());
  const Outcome order = store.must(store.kiosk, with_hold({line("cola")}, outcome.hold));
  EXPECT_EQ(story(store.last_events()), "HoldMoved OrderPlaced");
  EXPECT_EQ(order.hold, outcome.hold);
}

TEST_F(Holds, an_order_takes_its_cart_over) {
  const HoldId cart = hold(store.kiosk, 5).hold;
  store.wait(60);
  PlaceOrder command = with_hold({line("soup", 5), line("cola")}, cart);
  const Outcome waiting = store.must(store.kiosk, command);
  EXPECT_EQ(story(store.last_events()), "HoldMoved OrderPlaced");
  EXPECT_EQ(waiting.hold, cart);
  EXPECT_EQ(waiting.expires_at, store.now.at + Duration::seconds(kOrderHoldSeconds));
  EXPECT_EQ(store.ledger.stock.hold_of(waiting.order)->kind, HoldKind::Order);
  EXPECT_EQ(store.ledger.stock.hold_of(waiting.order)->expires_at, waiting.expires_at);
  EXPECT_EQ(store.ledger.stock.cart_of(DeviceId("kiosk-1")), nullptr);
  store.must(store.till, PayOrder{waiting.order, cash(waiting.total.in_minor())});
  EXPECT_EQ(last_of<HoldConfirmed>(store.last_events()).hold, cart);
  EXPECT_EQ(store.level("soup").held, units(0));
  EXPECT_EQ(store.level("soup").available, units(0));
}

TEST_F(Holds, a_paid_order_takes_its_cart_out_at_once) {
  const HoldId cart = hold(store.kiosk, 1).hold;
  PlaceOrder command = with_hold({line("soup"), line("cola")}, cart);
  command.payment = card(840);
  store.must(store.kiosk, command);
  EXPECT_EQ(story(store.last_events()),
            "HoldMoved OrderPlaced OrderPaid HoldConfirmed OrderAccepted");
  EXPECT_TRUE(store.ledger.stock.holds().empty());
}

TEST_F(Holds, an_order_of_other_things_replaces_its_cart) {
  const HoldId cart = hold(store.kiosk, 4).hold;
  const Outcome order = store.must(store.kiosk, with_hold({line("soup", 5)}, cart));
  EXPECT_EQ(story(store.last_events()), "HoldReleased HoldLocked OrderPlaced");
  EXPECT_NE(order.hold, cart);
  EXPECT_EQ(store.level("soup").held, units(5));
  EXPECT_EQ(store.refused(store.other_kiosk, takeaway({line("soup")})), Code::OutOfStock);
}

TEST_F(Holds, what_a_cart_holds_may_be_marked_sold_out_meanwhile) {
  const HoldId cart = store.must(store.kiosk, PlaceHold{{line("soup")}}).hold;
  const HoldId other = store.must(store.other_kiosk, PlaceHold{{line("soup"), line("cola")}}).hold;
  store.must(store.kds, MarkStock{SkuId("soup"), StockStatus::SoldOut});
  EXPECT_TRUE(store.run(store.kiosk, with_hold({line("soup")}, cart)));
  store.must(store.kds, MarkStock{SkuId("cola"), StockStatus::SoldOut});
  const auto refused = store.run(store.other_kiosk, with_hold({line("soup"), line("cola")}, other));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Code::OutOfStock) << "the cola was not held";
  EXPECT_EQ(refused.error().message(), "Cola: sold out");
  EXPECT_EQ(store.refused(store.other_kiosk, with_hold({line("soup", 2)}, other)), Code::OutOfStock)
      << "another demand is a new hold";
}

TEST_F(Holds, a_hold_belongs_to_its_device) {
  const HoldId cart = hold(store.kiosk, 1).hold;
  const Outcome order = store.must(store.kiosk, takeaway({line("soup")}));
  EXPECT_EQ(store.refused(store.other_kiosk, with_hold({line("soup")}, cart)), Code::NotFound);
  EXPECT_EQ(store.refused(store.kiosk, with_hold({line("soup")}, HoldId("h999"))), Code::NotFound);
  EXPECT_EQ(store.refused(store.kiosk, with_hold({line("soup")}, order.hold)), Code::NotFound);
  EXPECT_EQ(store.refused(store.other_kiosk, ReleaseHold{cart}), Code::NotFound);
  EXPECT_EQ(store.refused(store.kiosk, ReleaseHold{order.hold}), Code::NotFound);
  EXPECT_EQ(store.refused(store.kiosk, ReleaseHold{HoldId("h999")}), Code::NotFound);
}

TEST_F(Holds, case_38_a_hold_is_used_once_and_in_time) {
  const HoldId cart = hold(store.kiosk, 1).hold;
  store.wait(kCartHoldSeconds);
  EXPECT_EQ(store.refused(store.kiosk, with_hold({line("soup")}, cart)), Code::Expired);
  const HoldId next = hold(store.kiosk, 1).hold;
  store.must(store.kiosk, with_hold({line("soup"), line("cola")}, next));
  EXPECT_EQ(store.refused(store.kiosk, with_hold({line("soup")}, next)), Code::NotFound);
}

TEST_F(Holds, a_cart_is_released) {
  const HoldId cart = hold(store.kiosk, 2).hold;
  EXPECT_EQ(store.must(store.kiosk, ReleaseHold{cart}).hold, cart);
  const auto& released = last_of<HoldReleased>(store.last_events());
  EXPECT_EQ(released.reason, "released");
  EXPECT_EQ(released.movements[0].kind, MovementKind::Unlock);
  EXPECT_EQ(store.level("soup").available, units(5));
  EXPECT_EQ(store.refused(store.kiosk, ReleaseHold{cart}), Code::NotFound);
}

TEST_F(Holds, carts_expire_and_nothing_happens_before) {
  hold(store.kiosk, 2);
  store.wait(kCartHoldSeconds - 1);
  store.must(store.hub, ExpireHolds{});
  EXPECT_TRUE(store.last_events().empty());
  store.wait(1);
  store.must(store.hub, ExpireHolds{});
  EXPECT_EQ(story(store.last_events()), "HoldReleased");
  EXPECT_EQ(last_of<HoldReleased>(store.last_events()).reason, "expired");
  EXPECT_EQ(store.level("soup").available, units(5));
  store.must(store.hub, ExpireHolds{});
  EXPECT_TRUE(store.last_events().empty());
}

TEST_F(Holds, case_40_an_order_that_nobody_paid_in_time_is_cancelled) {
  const Outcome waiting = store.must(store.kiosk, takeaway({line("soup")}));
  const Outcome paid = store.must(store.kiosk, takeaway({line("soup")}));
  store.wait(kOrderHoldSeconds);
  store.must(store.till, PayOrder{paid.order, cash(590)});
  store.must(store.hub, ExpireHolds{});
  EXPECT_EQ(story(store.last_events()), "HoldReleased OrderCancelled");
  EXPECT_EQ(store.order(waiting.order).state, OrderState::Cancelled);
  EXPECT_EQ(store.order(waiting.order).reason, "expired");
  EXPECT_EQ(store.order(paid.order).state, OrderState::Accepted);
  EXPECT_EQ(store.level("soup").available, units(4));
  EXPECT_EQ(store.refused(store.till, PayOrder{waiting.order, cash(590)}), Code::Cancelled);
}

TEST_F(Holds, at_most_a_hundred_expire_in_one_step) {
  store.count("soup", 1000);
  for (int i = 0; i < 130; ++i) {
    store.must({DeviceId("k" + std::to_string(i)), Role::Kiosk}, PlaceHold{{line("soup")}});
  }
  store.wait(kCartHoldSeconds);
  store.must(store.hub, ExpireHolds{});
  EXPECT_EQ(store.last_events().size(), 100U);
  EXPECT_EQ(store.level("soup").held, units(30));
  store.must(store.hub, ExpireHolds{});
  EXPECT_EQ(store.level("soup").available, units(1000));
}

TEST_F(Holds, open_holds_have_a_limit) {
  for (std::size_t i = 0; i < kHoldsMax; ++i) {
    const std::string name = "k" + std::to_string(i);
    Hold cart{HoldId("x" + name), HoldKind::Cart, DeviceId(name), {}, {}, store.now.at};
    store.ledger.stock.open_hold(cart);
  }
  const auto decision = decide(store.ledger, store.kiosk, PlaceHold{{line("soup")}}, store.now);
  ASSERT_FALSE(decision);
  EXPECT_EQ(decision.error().code(), Code::Overloaded);
  EXPECT_TRUE(decide(store.ledger, store.kiosk, takeaway({line("cola")}), store.now));
}

}  // namespace
}  // namespace larder::test
