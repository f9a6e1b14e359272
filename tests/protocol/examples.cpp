// Long because every shape of the protocol has its maker here.
#include "tests/protocol/examples.hpp"

namespace larder::examples {
namespace {

using rc::gen::arbitrary;
using rc::gen::inRange;

std::string some_id() {
  const std::string bytes = "ABCXYZabcxyz0189._:/-";
  const auto size = *rc::gen::weightedElement<int>({{8, 3}, {1, 64}, {2, 12}});
  std::string id;
  while (static_cast<int>(id.size()) < size) id += *rc::gen::elementOf(bytes);
  return id;
}

template <typename IdType>
IdType id() {
  return IdType(some_id());
}

template <typename IdType>
IdType id_or_empty() {
  return *arbitrary<bool>() ? id<IdType>() : IdType();
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

template <typename Enum>
Enum one_of(Enum last) {
  return static_cast<Enum>(*inRange(0, static_cast<int>(last) + 1));
}

template <typename Make>
auto several(Make make) {
  std::vector<decltype(make())> values;
  for (int i = *inRange(0, 3); i > 0; --i) values.push_back(make());
  return values;
}

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
                                          id_or_empty<OrderId>(), id_or_empty<DeviceId>(), time()}};
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

DiscountRequest discount_request() {
  if (flag()) {
    return {DiscountKind::Percent, Quantity::tenths(*inRange<std::int64_t>(1, 1'001)), Money(),
            reason()};
  }
  return {DiscountKind::Amount, Quantity(), money(), reason()};
}

PlaceOrder place_order() {
  PlaceOrder command;
  command.service = service();
  command.table = some_text();
  command.lines = line_requests();
  command.note = some_text();
  command.hold = id_or_empty<HoldId>();
  if (flag()) command.expected_total = money();
  if (flag()) command.payment = payment();
  command.fire = flag();
  command.override_stock = flag();
  if (flag()) command.discount = discount_request();
  return command;
}

CountStock count_stock() {
  CountStock command{id<SkuId>(), quantity(), std::nullopt};
  if (flag()) command.based_on = number63();
  if (command.based_on && flag()) command.at = time();
  return command;
}

LimitStock limit_stock() {
  if (flag()) return {id<SkuId>(), StockType::Unlimited, Quantity()};
  LimitStock command{id<SkuId>(), StockType::Limited, quantity()};
  if (flag()) command.plan = quantity();
  return command;
}

MarkStock mark_stock() {
  MarkStock command{id<SkuId>(), one_of(StockStatus::SoldOut)};
  if (flag()) {
    command.channel = id<ChannelCode>();
  } else if (command.status == StockStatus::SoldOut) {
    command.restore = one_of(RestoreRule::At);
    if (command.restore == RestoreRule::At && flag()) {
      command.restore_local = local_time();
    } else if (command.restore == RestoreRule::At) {
      command.restore_at = time();
    }
  }
  return command;
}

ChannelChange channel_change() {
  ChannelChange change;
  change.channel = id<ChannelCode>();
  if (flag()) change.quota = quantity();
  if (!change.quota && flag()) change.weight = static_cast<std::uint32_t>(*inRange(0, 101));
  if (flag()) change.status = one_of(StockStatus::SoldOut);
  return change;
}

PlaceOnline place_online() {
  PlaceOnline command;
  command.source = id<ChannelCode>();
  command.external = reason();
  command.name = some_text();
  command.service = service();
  command.lines = line_requests();
  command.note = some_text();
  command.payment = payment();
  command.draws = several([] { return LeaseDraw{id<LeaseId>(), quantity()}; });
  return command;
}

Command command_of(std::size_t index) {
  switch (index) {
    case 0:
      return place_order();
    case 1:
      return PayOrder{id<OrderId>(), payment()};
    case 2:
      return AcceptOrder{id<OrderId>()};
    case 3:
      return ServeOrder{id<OrderId>()};
    case 4:
      return CancelOrder{id<OrderId>(), reason()};
    case 5:
      return VoidOrder{id<OrderId>(), reason(), flag()};
    case 6:
      return CheckTicketItem{id<OrderId>(), id<StationId>(), number32(), flag()};
    case 7:
      return BumpTicket{id<OrderId>(), id<StationId>()};
    case 8:
      return RecallTicket{id_or_empty<OrderId>(), id<StationId>()};
    case 9:
      return UndoTicket{id<OrderId>(), id<StationId>()};
    case 10:
      return PlaceHold{line_requests()};
    case 11:
      return ReleaseHold{id<HoldId>()};
    case 12:
      return count_stock();
    case 13:
      return mark_stock();
    case 14:
      return limit_stock();
    case 15:
      return ImportMenu{any_menu()};
    case 16:
      return AddDevice{id<DeviceId>(), some_text(), one_of(Role::Admin), id_or_empty<StationId>(),
                       std::string(64, 'a')};
    case 18:
      return VoidLine{id<OrderId>(), number32(), reason(), flag()};
    case 19:
      return DiscountOrder{id<OrderId>(),
                           flag() ? std::optional(discount_request()) : std::nullopt};
    case 20:
      return AddStaff{
          id<StaffId>(), some_text(),
          "$argon2id$v=19$m=19456,t=2,p=1$" + std::string(22, 'S') + "$" + std::string(43, '/'),
          permissions()};
    case 21:
      return RemoveStaff{id<StaffId>()};
    case 22:
      return CloseDay{BusinessDay{*arbitrary<std::int32_t>()},
                      Money::minor(*inRange<std::int64_t>(0, kMoneyMinorMax + 1))};
    case 23:
      return SetChannels{id<SkuId>(), several(channel_change)};
    case 24:
      return SetThresholds{id<SkuId>(), quantity(), quantity()};
    case 25:
      return ResolveOversell{id<OversellId>(), reason()};
    case 26:
      return AskLease{id<SkuId>(), id_or_empty<ChannelCode>(), quantity(), quantity()};
    case 27:
      return SettleLease{id<LeaseId>(), quantity(), quantity(), flag()};
    case 28:
      return place_online();
    default:
      break;
  }
  return RevokeDevice{id<DeviceId>()};
}

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

rc::Gen<Command> any_command(std::size_t alternative) {
  return rc::gen::exec([alternative] { return command_of(alternative); });
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
