// Orders that were sold online: drawn from leases, waiting for a person, accepted or rejected.
#include <gtest/gtest.h>

#include "core/stock/draft.hpp"
#include "tests/core/store.hpp"

namespace larder::test {
namespace {

const SkuId kSoup("soup");

class Online : public testing::Test {
 protected:
  Online() {
    store.count("soup", 20);
    store.must(relay, AskLease{kSoup, {}, units(6), units(6)});
    lease = store.ledger.stock.running_lease(kSoup, {})->id;
  }

  PlaceOnline soups(std::int32_t count, const std::string& external = "OO-1") {
    PlaceOnline command;
    command.source = ChannelCode("online_order");
    command.external = external;
    command.name = "Ms Wu";
    command.lines = {line("soup", count)};
    command.payment = {Tender::Card, Money::minor(590LL * count), "sim-1"};
    command.draws = {{lease, units(count)}};
    return command;
  }

  Store store;
  Asker relay{DeviceId("hq:relay"), Role::Admin};
  LeaseId lease;
};

TEST_F(Online, an_order_is_paid_waits_and_takes_its_units_from_the_lease_alone) {
  const Outcome placed = store.must(relay, soups(2));
  EXPECT_EQ(story(store.last_events()), "LeaseSettled OrderPlaced OrderPaid");
  const Order& order = store.order(placed.order);
  EXPECT_EQ(order.state, OrderState::Paid);
  EXPECT_TRUE(order.tickets.empty()) << "the kitchen does not see it yet";
  EXPECT_EQ(order.external, "OO-1");
  EXPECT_EQ(order.guest, "Ms Wu");
  EXPECT_EQ(store.level("soup").available, units(14)) << "the hub's own rights are untouched";
  EXPECT_EQ(store.level("soup").leased, units(4));
  EXPECT_TRUE(store.ledger.stock.holds().empty());
}

TEST_F(Online, an_order_for_a_hub_that_was_off_shows_how_long_it_has_waited) {
  PlaceOnline command = soups(1);
  command.placed_at = TimePoint{store.now.at.micros - Duration::minutes(110).micros};
  EXPECT_EQ(store.order(store.must(relay, command).order).placed_at, command.placed_at);
  command = soups(1, "OO-2");
  command.placed_at = store.now.at + Duration::minutes(5);  // the relay's clock is ahead
  EXPECT_EQ(store.order(store.must(relay, command).order).placed_at, store.now.at);
  EXPECT_EQ(store.order(store.must(relay, soups(1, "OO-3")).order).placed_at, store.now.at);
}

TEST_F(Online, a_person_accepts_and_the_kitchen_cooks) {
  const Outcome placed = store.must(relay, soups(2));
  store.must(store.till, AcceptOrder{placed.order});
  EXPECT_EQ(story(store.last_events()), "OrderAccepted");
  EXPECT_EQ(store.order(placed.order).state, OrderState::Accepted);
  EXPECT_EQ(store.refused(store.till, AcceptOrder{placed.order}), Code::BadState);
}

TEST_F(Online, a_person_rejects_and_the_units_are_back_on_the_shelf) {
  const Outcome placed = store.must(relay, soups(2));
  const Outcome rejected = store.must(store.till, VoidOrder{placed.order, "kitchen closed", true});
  EXPECT_EQ(rejected.refund, Money::minor(1180));
  EXPECT_EQ(store.level("soup").available, units(16));
  EXPECT_EQ(store.order(placed.order).state, OrderState::Voided);
}

TEST_F(Online, case_70_one_number_of_a_channel_is_one_order) {
  store.must(relay, soups(1));
  EXPECT_EQ(store.refused(relay, soups(1)), Code::BadState);
  EXPECT_EQ(store.level("soup").leased, units(5));
  store.must(relay, soups(1, "OO-2"));
}

TEST_F(Online, a_price_that_changed_is_refused_whole) {
  PlaceOnline command = soups(1);
  command.payment.amount = Money::minor(589);
  EXPECT_EQ(store.refused(relay, command), Code::PriceChanged);
  EXPECT_EQ(store.level("soup").leased, units(6));
}

TEST_F(Online, what_is_limited_must_be_drawn_whole_from_an_open_lease) {
  PlaceOnline command = soups(2);
  command.draws = {{lease, units(1)}};
  EXPECT_EQ(store.refused(relay, command), Code::OutOfStock);
  command.draws = {{lease, units(3)}};
  EXPECT_EQ(store.refused(relay, command), Code::OutOfStock) << "nor more than it needs";
  command.draws = {{LeaseId("l999"), units(2)}};
  EXPECT_EQ(store.refused(relay, command), Code::NotFound);
  command.draws = {};
  EXPECT_EQ(store.refused(relay, command), Code::OutOfStock);
}

// The lease was granted in the gap that nobody could bring back: the relay has sold from it.
TEST_F(Online, case_119_a_lease_that_was_lost_with_its_events_lowers_what_is_here) {
  PlaceOnline command = soups(2);
  command.draws = {{LeaseId("l999"), units(2)}};
  EXPECT_EQ(store.refused(relay, command), Code::NotFound) << "nothing was lost";
  store.must(store.hub, BeginEpoch{"no internet", true});
  const Quantity before = store.level("soup").available;
  store.must(relay, command);
  EXPECT_EQ(story(store.last_events()), "StockChanged OrderPlaced OrderPaid");
  EXPECT_EQ(store.level("soup").available.in_tenths(), before.in_tenths() - 20);
  EXPECT_TRUE(store.ledger.stock.oversells().empty());
  command = soups(13, "OO-2");
  command.draws = {{LeaseId("l998"), units(13)}};
  store.must(relay, command);
  EXPECT_EQ(store.level("soup").available, units(0));
  ASSERT_EQ(store.ledger.stock.oversells().size(), 1U) << "more was sold than was here";
  EXPECT_EQ(store.ledger.stock.oversells().begin()->second.quantity.in_tenths(),
            130 - (before.in_tenths() - 20));
  store.count("soup", 10);
  command = soups(1, "OO-3");
  command.draws = {{LeaseId("l997"), units(1)}};
  EXPECT_EQ(store.refused(relay, command), Code::NotFound) << "it has been counted";
}

TEST_F(Online, a_kitchen_that_comes_back_is_not_flooded) {
  store.count("soup", 200);
  for (std::size_t i = 0; i < kOnlineWaitingMax; ++i) {
    store.must(relay, AskLease{kSoup, {}, units(1)});
    const Lease* const running = store.ledger.stock.running_lease(kSoup, {});
    lease = running->id;
    store.must(relay, soups(1, std::to_string(i)));
  }
  EXPECT_EQ(store.refused(relay, soups(1, "late")), Code::Overloaded) << "left for the resend";
  store.must(store.till, AcceptOrder{store.ledger.orders.begin()->first});
  store.must(relay, soups(1, "late"));
}

TEST_F(Online, hub_channels_and_odd_numbers_are_refused) {
  PlaceOnline command = soups(1);
  command.source = ChannelCode("kiosk");
  EXPECT_EQ(store.refused(relay, command), Code::BadRequest);
  command = soups(1, "");
  EXPECT_EQ(store.refused(relay, command), Code::BadRequest);
}

}  // namespace
}  // namespace larder::test
