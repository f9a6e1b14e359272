// One of each event, and the orders of the golden files.
#include "tests/protocol/examples.hpp"

#include "tests/protocol/example_parts.hpp"

namespace larder::examples {
namespace {

using rc::gen::arbitrary;
using rc::gen::inRange;

// Long because it makes one of each event.
Event event_of(std::size_t index) {
  switch (index) {
    case 0:
      return EpochBegun{number32(), some_text(), flag()};
    case 1:
      return DayOpened{BusinessDay{*arbitrary<std::int32_t>()}};
    case 2:
      return MenuImported{any_menu()};
    case 3:
      return DeviceAdded{device()};
    case 4:
      return DeviceRevoked{id<DeviceId>()};
    case 5:
      return StockChanged{movement(), id_or_empty<DeviceId>(), time()};
    case 6:
      return HoldLocked{hold(), several(movement)};
    case 7:
      return HoldMoved{id<HoldId>(), id<OrderId>(), time()};
    case 8:
      return HoldConfirmed{id<HoldId>(), id_or_empty<OrderId>(), several(movement)};
    case 9:
      return HoldReleased{id<HoldId>(), id_or_empty<OrderId>(), some_text(), several(movement)};
    case 10:
      return OrderPlaced{order()};
    case 11:
      return OrderPaid{id<OrderId>(), payment(), order_state()};
    case 12:
      return OrderAccepted{id<OrderId>(), number32(),  channel(),       service(),
                           some_text(),   some_text(), several(ticket), order_state()};
    case 13:
      return OrderServed{id<OrderId>()};
    case 14:
      return OrderCancelled{id<OrderId>(), some_text()};
    case 15:
      return OrderVoided{id<OrderId>(), some_text(), id_or_empty<DeviceId>(), several(movement)};
    case 17:
      return OrderDiscounted{id<OrderId>(), flag() ? std::optional(discount()) : std::nullopt,
                             money(), id_or_empty<DeviceId>()};
    case 18:
      return OrderLineVoided{id<OrderId>(),   number32(),
                             some_text(),     id_or_empty<DeviceId>(),
                             money(),         money(),
                             money(),         order_state(),
                             several(demand), id_or_empty<HoldId>(),
                             several(demand), several(movement)};
    case 19:
      return StaffAdded{Staff{id<StaffId>(), some_text(), some_text(), permissions(), time()}};
    case 20:
      return StaffRemoved{id<StaffId>()};
    case 21:
      return DayClosed{BusinessDay{*arbitrary<std::int32_t>()}, figures(), money(),
                       id_or_empty<DeviceId>(), some_text()};
    case 22:
      return WordTaken{number63(), id_or_empty<CommandId>(), some_text(), some_text(), some_text(),
                       some_text()};
    case 23:
      return LeaseGranted{id<LeaseId>(), id<SkuId>(), id_or_empty<ChannelCode>(),
                          quantity(),    quantity(),  number32(),
                          movement()};
    case 24:
      return LeaseSettled{id<LeaseId>(), quantity(), quantity(), flag(), movement()};
    case 25:
      return LeaseRecalled{id<LeaseId>(), id<SkuId>(), quantity(), flag(), some_text()};
    case 26:
      return StockOversold{OversellRecord{id<OversellId>(), id<SkuId>(), quantity(), some_text(),
                                          id_or_empty<OrderId>(), id_or_empty<DeviceId>(), time(),
                                          id_or_empty<StaffId>()}};
    case 27:
      return OversellResolved{id<OversellId>(), some_text(), id_or_empty<DeviceId>()};
    default:
      break;
  }
  return TicketChanged{id<OrderId>(),
                       id_or_empty<StationId>(),
                       one_of(TicketAction::Recalled),
                       flag(),
                       number32(),
                       flags(),
                       flag(),
                       order_state(),
                       id_or_empty<DeviceId>()};
}
static_assert(std::variant_size_v<Event> == 28, "event_of() makes one of each alternative");

ChosenOption rye() {
  return {GroupId("bread"), OptionId("rye"), Text{"Rye", ""}, Money::minor(50)};
}

}  // namespace

rc::Gen<StampedEvent> any_event(std::size_t alternative) {
  return rc::gen::exec([alternative] {
    return StampedEvent{time(), id_or_empty<CommandId>(), id_or_empty<DeviceId>(),
                        id_or_empty<StaffId>(), event_of(alternative)};
  });
}

Order placed_order() {
  Order order;
  order.id = OrderId("20261121-0007");
  order.number = 7;
  order.day = BusinessDay{20261121};
  order.channel = Channel::Kiosk;
  order.service = Service::DineIn;
  order.table = "12";
  order.device = DeviceId("kiosk-1");
  order.menu_version = 3;
  order.lines = {{1,
                  SkuId("soup"),
                  Text{"Soup", "汤"},
                  StationId("grill"),
                  Quantity::units(2),
                  Money::minor(640),
                  Money::minor(1280),
                  {rye()},
                  {{PartId("drink"), SkuId("cola"), Text{"Cola", ""}, Money(), StationId("bar")}},
                  "say \"hot\"\\"}};
  order.total = Money::minor(1280);
  order.note = "不要辣 🌶";
  order.placed_at = TimePoint{1'795'254'300'123'456};
  order.demand = {{SkuId("soup"), Quantity::units(2)}};
  return order;
}

Order voided_order() {
  Order order = placed_order();
  const TimePoint at = order.placed_at;
  order.state = OrderState::Voided;
  order.paid = true;
  order.payment = {Tender::Card, Money::minor(1280), "sim-1"};
  order.reason = "wrong table";
  order.fired_at = TimePoint{at.micros + 1};
  order.closed_at = TimePoint{at.micros + 2};
  Ticket ticket;
  ticket.station = StationId("grill");
  ticket.lines = {{1, SkuId("soup"), Text{"Soup", "汤"}, Quantity::units(2), {rye()}, "", true}};
  ticket.bumped = true;
  ticket.bumped_at = at;
  ticket.last_action = TicketAction::Bumped;
  ticket.done_before = {false};
  ticket.acted_at = at;
  order.tickets = {ticket};
  return order;
}

}  // namespace larder::examples
