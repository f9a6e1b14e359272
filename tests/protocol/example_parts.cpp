#include "tests/protocol/example_parts.hpp"

namespace larder::examples {

using rc::gen::arbitrary;
using rc::gen::inRange;

std::string some_id() {
  const std::string bytes = "ABCXYZabcxyz0189._:/-";
  const auto size = *rc::gen::weightedElement<int>({{8, 3}, {1, 64}, {2, 12}});
  std::string id;
  while (static_cast<int>(id.size()) < size) id += *rc::gen::elementOf(bytes);
  return id;
}

std::string some_text() {
  static const std::vector<std::string> kPieces = {
      "",        "a", " ",      "\"",      "\\", "/",      "\x7f",     "soup", "汤",   "🌶",
      "e\u0301", "]", "\u202e", "\\u0041", "{}", "\u2028", "\xc2\x80", "5",    "null", ","};
  std::string text;
  for (int i = *inRange(0, 5); i > 0; --i) text += *rc::gen::elementOf(kPieces);
  return text;
}

bool flag() { return *arbitrary<bool>(); }
std::uint32_t number32() { return *arbitrary<std::uint32_t>(); }
// Whole numbers on the wire are signed 64-bit.
std::uint64_t number63() { return *arbitrary<std::uint64_t>() >> 1; }
TimePoint time() { return TimePoint{*arbitrary<std::int64_t>()}; }
LocalTime local_time() {
  LocalTime time;
  if (flag()) time.yyyymmdd = *inRange(1, 10'000) * 10'000 + *inRange(101, 129);
  time.minutes = *inRange(0, 24 * 60);
  return time;
}
Money money() { return Money::minor(*inRange<std::int64_t>(-kMoneyMinorMax, kMoneyMinorMax + 1)); }
Quantity quantity() { return Quantity::tenths(*inRange<std::int64_t>(0, kQuantityTenthsMax + 1)); }
Quantity line_quantity() {
  return Quantity::tenths(*inRange<std::int64_t>(1, kOrderQuantityTenthsMax + 1));
}
Text text() { return Text{some_text(), some_text()}; }

OrderState order_state() { return one_of(OrderState::Voided); }
Channel channel() { return one_of(Channel::OnlineOrder); }
Service service() { return one_of(Service::Takeaway); }
std::vector<bool> flags() { return several(flag); }

Permissions permissions() {
  Permissions set;
  set.bits = static_cast<std::uint8_t>(*inRange(0, 1 << kPermissions));
  return set;
}

Discount discount() {
  Discount discount;
  discount.kind = one_of(DiscountKind::Amount);
  if (discount.kind == DiscountKind::Percent) discount.percent = quantity();
  if (discount.kind == DiscountKind::Amount) discount.off = money();
  discount.amount = money();
  discount.reason = some_text();
  discount.by = id_or_empty<DeviceId>();
  discount.staff = id_or_empty<StaffId>();
  return discount;
}

Tally tally() { return {number32(), money()}; }
TenderTally tender_tally() { return {tally(), tally()}; }

DayFigures figures() {
  DayFigures figures{tally(), tally(), tally(), tally(), tender_tally(), tender_tally(), {}};
  figures.people = several([] {
    return PersonTally{id_or_empty<StaffId>(), id_or_empty<DeviceId>(), some_text(), tally(),
                       tally()};
  });
  return figures;
}

ChannelAccount account() {
  return {id<ChannelCode>(), one_of(StockStatus::SoldOut), quantity(), quantity(), number32()};
}

StockLevel level() {
  StockLevel level{one_of(StockType::Limited), one_of(StockStatus::SoldOut), quantity(), quantity(),
                   one_of(RestoreRule::At)};
  if (level.restore == RestoreRule::At) level.restore_at = time();
  if (flag()) return level;  // as it was before there were channels
  level.plan = quantity();
  level.leased = quantity();
  level.owed = quantity();
  level.warning = quantity();
  level.critical = quantity();
  level.channels = several(account);
  return level;
}

Movement movement() { return {id<SkuId>(), one_of(MovementKind::Thresholds), level(), level()}; }
Demand demand() { return {id<SkuId>(), quantity()}; }
Payment payment() { return {one_of(Tender::Card), money(), some_text()}; }

Hold hold() {
  return {id<HoldId>(),
          one_of(HoldKind::Order),
          id_or_empty<DeviceId>(),
          id_or_empty<OrderId>(),
          several(demand),
          time(),
          id_or_empty<ChannelCode>(),
          several(id<SkuId>)};
}

ChosenOption chosen_option() { return {id<GroupId>(), id<OptionId>(), text(), money()}; }
ChosenPart chosen_part() {
  return {id<PartId>(), id<SkuId>(), text(), money(), id_or_empty<StationId>()};
}

OrderLine order_line() {
  return {number32(),
          id<SkuId>(),
          text(),
          id_or_empty<StationId>(),
          quantity(),
          money(),
          money(),
          several(chosen_option),
          several(chosen_part),
          some_text(),
          several(id<SkuId>),
          flag(),
          some_text()};
}

TicketLine ticket_line() {
  return {number32(),  id<SkuId>(), text(), quantity(), several(chosen_option),
          some_text(), flag(),      flag()};
}

Ticket ticket() {
  return {id_or_empty<StationId>(),       several(ticket_line), flag(),  time(),
          one_of(TicketAction::Recalled), number32(),           flags(), time()};
}

Order order() {
  Order order;
  order.id = id<OrderId>();
  order.number = number32();
  order.day = BusinessDay{*arbitrary<std::int32_t>()};
  order.channel = channel();
  order.service = service();
  order.table = some_text();
  order.device = id_or_empty<DeviceId>();
  order.menu_version = number63();
  order.lines = several(order_line);
  order.total = money();
  order.note = some_text();
  order.state = order_state();
  order.paid = flag();
  if (flag()) order.payment = payment();
  order.reason = some_text();
  order.placed_at = time();
  order.fired_at = time();
  order.closed_at = time();
  order.demand = several(demand);
  order.tickets = several(ticket);
  if (flag()) order.discount = discount();
  order.source = id_or_empty<ChannelCode>();
  order.external = some_text();
  order.guest = some_text();
  return order;
}

Device device() {
  return {id<DeviceId>(), some_text(), one_of(Role::Admin), id_or_empty<StationId>(), some_text(),
          flag(),         time()};
}

Item item() {
  Item item;
  item.id = id<ItemId>();
  item.category = id<CategoryId>();
  item.name = text();
  item.description = text();
  item.image = some_text();
  item.station = id_or_empty<StationId>();
  item.channels.bits = static_cast<std::uint8_t>(*inRange(0, 1 << kChannels));
  item.skus = several([] { return Sku{id<SkuId>(), text(), money()}; });
  item.option_groups = several(id<GroupId>);
  item.parts = several([] {
    return ComboPart{id<PartId>(), text(), several([] {
                       return ComboChoice{id<SkuId>(), money()};
                     })};
  });
  return item;
}

Menu any_menu() {
  Menu menu;
  menu.version = number63();
  menu.currency = *Currency::parse(*rc::gen::element<std::string>("EUR", "USD", "CNY"));
  menu.stations = several([] { return Station{id<StationId>(), text()}; });
  menu.categories = several([] { return Category{id<CategoryId>(), text()}; });
  menu.option_groups = several([] {
    return OptionGroup{id<GroupId>(), text(), number32(), number32(), several([] {
                         return Option{id<OptionId>(), text(), money(), id_or_empty<SkuId>()};
                       })};
  });
  menu.items = several(item);
  return menu;
}

LineRequest line_request() {
  return {id<SkuId>(), line_quantity(), several([] {
            return OptionChoice{id<GroupId>(), id<OptionId>()};
          }),
          several([] {
            return PartChoice{id<PartId>(), id<SkuId>()};
          }),
          some_text()};
}

std::vector<LineRequest> line_requests() {
  std::vector<LineRequest> lines = several(line_request);
  lines.push_back(line_request());
  return lines;
}

std::string reason() { return some_text() + "because"; }

}  // namespace larder::examples
