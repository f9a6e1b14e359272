// One of each command.
#include "tests/protocol/example_parts.hpp"
#include "tests/protocol/examples.hpp"

namespace larder::examples {
namespace {

using rc::gen::arbitrary;
using rc::gen::inRange;

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

}  // namespace

rc::Gen<Command> any_command(std::size_t alternative) {
  return rc::gen::exec([alternative] { return command_of(alternative); });
}

}  // namespace larder::examples
