#include "lan-protocol/topics.hpp"

#include <gtest/gtest.h>

#include "lan-protocol/codec.hpp"
#include "lan-protocol/messages.hpp"
#include "tests/protocol/examples.hpp"
#include "tests/protocol/golden.hpp"

namespace larder {
namespace {

constexpr TimePoint kAt{1'795'254'300'123'456};

Event golden_event(const std::string& path) {
  return decode_event(golden::text_of("events/" + path))->event;
}

// The books that the golden snapshots were written for.
Ledger golden_ledger() {
  Ledger ledger;
  ledger.catalog =
      Catalog::build(std::get<MenuImported>(golden_event("menu.imported/good.1.json")).menu)
          .map_error([](const Error& error) {
            ADD_FAILURE() << error.message();
            return error;
          })
          .value();
  const auto locked = std::get<HoldLocked>(golden_event("hold.locked/good.1.json"));
  const StockLevel before = locked.movements[0].before;
  ledger.stock.apply(Movement{SkuId("soup"), MovementKind::Count, {}, before});
  ledger.stock.apply(locked.movements[0]);
  ledger.stock.open_hold(locked.hold);
  const Order order = examples::voided_order();
  ledger.orders[order.id] = order;
  ledger.bumped[StationId("grill")] = {order.id};
  const auto added = std::get<DeviceAdded>(golden_event("device.added/good.1.json"));
  ledger.devices[added.device.id] = added.device;
  return ledger;
}

std::string snapshot_of(Topic topic, const Ledger& ledger) {
  return write_snapshot("1", topic, 1, 41, 12, kAt, view_of(topic, ledger));
}

TEST(Topics, views_have_the_promised_bytes) {
  const Ledger ledger = golden_ledger();
  for (const Topic topic : {Topic::Kitchen, Topic::Orders, Topic::Stock, Topic::Devices}) {
    const std::string name(topic_name(topic));
    EXPECT_EQ(snapshot_of(topic, ledger),
              golden::text_of("messages/hub/good.snapshot-" + name + ".json"));
  }
  Ledger other = ledger;
  other.stock = Stock();
  const StockLevel soup = {StockType::Limited, StockStatus::Available, Quantity::units(12),
                           Quantity::units(1)};
  other.stock.apply(Movement{SkuId("soup"), MovementKind::Count, {}, soup});
  EXPECT_EQ(snapshot_of(Topic::Menu, other),
            golden::text_of("messages/hub/good.snapshot-menu.json"));
}

TEST(Topics, no_view_shows_a_token_digest) {
  for (const Topic topic : kAllTopics) {
    const std::string view = view_of(topic, golden_ledger());
    EXPECT_EQ(view.find("token"), std::string::npos) << topic_name(topic);
    EXPECT_EQ(view.find("e3b0c442"), std::string::npos) << topic_name(topic);
  }
}

TEST(Topics, names_go_there_and_back) {
  for (const Topic topic : kAllTopics) EXPECT_EQ(find_topic(topic_name(topic)), topic);
  EXPECT_FALSE(find_topic("gossip"));
  EXPECT_FALSE(find_topic(""));
}

TEST(Topics, roles_are_those_of_the_page) {
  const auto may = [](Topic topic, Role role) {
    return (topic_roles(topic) & role_bit(role)) != 0;
  };
  for (const Role role : {Role::Kiosk, Role::Kds, Role::Till, Role::Admin}) {
    EXPECT_TRUE(may(Topic::Menu, role));
    EXPECT_EQ(may(Topic::Kitchen, role), role != Role::Kiosk);
    EXPECT_EQ(may(Topic::Orders, role), role == Role::Till || role == Role::Admin);
    EXPECT_EQ(may(Topic::Stock, role), role != Role::Kiosk);
    EXPECT_EQ(may(Topic::Devices, role), role == Role::Admin);
  }
}

TEST(Topics, each_event_belongs_where_the_page_says) {
  const auto names = [](const Event& event) {
    std::string text;
    for (const Topic topic : kAllTopics) {
      if ((topics_of(event) & topic_bit(topic)) != 0) text += std::string(topic_name(topic)) + " ";
    }
    return text;
  };
  EXPECT_EQ(names(EpochBegun{}), "menu kitchen orders stock devices ");
  EXPECT_EQ(names(DayOpened{}), "menu kitchen orders stock devices ");
  EXPECT_EQ(names(MenuImported{}), "menu stock ");
  EXPECT_EQ(names(StockChanged{}), "menu stock ");
  EXPECT_EQ(names(HoldLocked{}), "menu stock ");
  EXPECT_EQ(names(HoldMoved{}), "menu stock ");
  EXPECT_EQ(names(HoldConfirmed{}), "menu stock ");
  EXPECT_EQ(names(HoldReleased{}), "menu stock ");
  EXPECT_EQ(names(DeviceAdded{}), "devices ");
  EXPECT_EQ(names(DeviceRevoked{}), "devices ");
  EXPECT_EQ(names(OrderPlaced{}), "orders ");
  EXPECT_EQ(names(OrderPaid{}), "orders ");
  EXPECT_EQ(names(OrderAccepted{}), "kitchen orders ");
  EXPECT_EQ(names(OrderServed{}), "kitchen orders ");
  EXPECT_EQ(names(OrderCancelled{}), "kitchen orders ");
  EXPECT_EQ(names(TicketChanged{}), "kitchen orders ");
  EXPECT_EQ(names(OrderVoided{}), "kitchen orders ");
  EXPECT_EQ(names(golden_event("order.voided/good.2.json")), "menu kitchen orders stock ");
}

Order order_number(std::uint32_t number, OrderState state) {
  Order order = examples::placed_order();
  order.id = OrderId("20261121-" + std::to_string(10'000 + number));
  order.number = number;
  order.state = state;
  order.closed_at = state == OrderState::Voided ? TimePoint{number} : TimePoint{};
  return order;
}

std::size_t orders_in(const std::string& view) {
  return parse_json(view, {32, 1'000'000, 4'096})->find("orders")->as<JsonArray>()->size();
}

TEST(Topics, the_kitchen_sees_what_is_to_be_cooked_and_what_was_bumped_today) {
  Ledger ledger;
  Order waiting = order_number(1, OrderState::Accepted);
  waiting.tickets.resize(2);
  waiting.tickets[0].bumped = true;
  Order bumped_today = order_number(2, OrderState::Ready);
  bumped_today.tickets.resize(1);
  bumped_today.tickets[0].bumped = true;
  Order bumped_before = bumped_today;
  bumped_before.id = OrderId("20261120-0009");
  const Order not_fired = order_number(3, OrderState::Placed);
  for (const Order& order : {waiting, bumped_today, bumped_before, not_fired}) {
    ledger.orders[order.id] = order;
  }
  ledger.bumped[StationId("grill")] = {bumped_today.id};
  const std::string view = view_of(Topic::Kitchen, ledger);
  EXPECT_EQ(orders_in(view), 2U);
  EXPECT_NE(view.find(waiting.id.text()), std::string::npos);
  EXPECT_NE(view.find(R"("bumped":{"grill":["20261121-10002"]})"), std::string::npos) << view;
}

TEST(Topics, the_till_sees_all_open_orders_and_the_latest_closed_ones) {
  Ledger ledger;
  for (std::uint32_t i = 0; i < 300; ++i) {
    const Order closed = order_number(i, OrderState::Voided);
    ledger.orders[closed.id] = closed;
  }
  for (std::uint32_t i = 300; i < 700; ++i) {
    const Order open = order_number(i, OrderState::Accepted);
    ledger.orders[open.id] = open;
  }
  const std::string view = view_of(Topic::Orders, ledger);
  EXPECT_EQ(orders_in(view), 600U);
  EXPECT_EQ(view.find("20261121-10099"), std::string::npos) << "closed too long ago";
  EXPECT_NE(view.find("20261121-10100"), std::string::npos);
}

}  // namespace
}  // namespace larder
