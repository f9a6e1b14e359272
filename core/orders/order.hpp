// An order and its kitchen tickets, as the books keep them.
// PLACED -> PAID -> ACCEPTED -> PREPARING -> READY -> SERVED, or CANCELLED / VOIDED with a reason.
// A till may have an order accepted before it is paid (dine-in): `paid` tells, not the state.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/money.hpp"
#include "core/base/quantity.hpp"
#include "core/base/time.hpp"
#include "core/orders/catalog.hpp"
#include "core/stock/level.hpp"

namespace larder {

enum class OrderState { Placed, Paid, Accepted, Preparing, Ready, Served, Cancelled, Voided };
enum class Service { DineIn, Takeaway };
enum class Tender { Cash, Card };  // a card is an external reference, never a number

struct ChosenOption {
  GroupId group;
  OptionId option;
  Text name;
  Money price_delta;
  bool operator==(const ChosenOption&) const = default;
};

struct ChosenPart {
  PartId part;
  SkuId sku;
  Text name;
  Money price_delta;
  StationId station;
  bool operator==(const ChosenPart&) const = default;
};

// What comes off an order's price, and who said so.
enum class DiscountKind { Percent, Amount };

struct Discount {
  DiscountKind kind = DiscountKind::Percent;
  Quantity percent;  // tenths of a percent, 0.1 to 100.0; of kind Percent
  Money off;         // as it was asked for; of kind Amount
  Money amount;      // what comes off now; never more than the lines cost
  std::string reason;
  DeviceId by;
  StaffId staff;  // empty: nobody was signed in
  bool operator==(const Discount&) const = default;
};

struct OrderLine {
  LineNo line = 0;
  SkuId sku;
  Text name;  // item and variant
  StationId station;
  Quantity quantity;
  Money unit_price;  // of the SKU with its options and parts
  Money total;
  std::vector<ChosenOption> options;
  std::vector<ChosenPart> parts;
  std::string note;
  std::vector<SkuId> uses = {};  // what its options take from the stock beside it, one entry each
  bool voided = false;           // struck off after it was ordered: costs nothing
  std::string void_reason = {};
  bool operator==(const OrderLine&) const = default;
};

struct Payment {
  Tender tender = Tender::Cash;
  Money amount;
  std::string reference;
  bool operator==(const Payment&) const = default;
};

// What one station cooks of one order. The lines are those of the order with that station (a
// combo's parts at their own).
struct TicketLine {
  LineNo line = 0;  // line of the order; a combo's parts share the number
  SkuId sku;
  Text name;
  Quantity quantity;
  std::vector<ChosenOption> options;
  std::string note;
  bool done = false;
  bool voided = false;  // not to be cooked any more
  bool operator==(const TicketLine&) const = default;
};

enum class TicketAction { None, Checked, Unchecked, Bumped, Recalled };

struct Ticket {
  StationId station;
  std::vector<TicketLine> lines;
  bool bumped = false;
  TimePoint bumped_at;
  // What undo takes back, and until when (kUndoSeconds after `acted_at`).
  TicketAction last_action = TicketAction::None;
  std::uint32_t last_index = 0;   // place of the line in `lines`, for Checked and Unchecked
  std::vector<bool> done_before;  // per line, for Bumped (a bump marks every line done)
  TimePoint acted_at;
  bool operator==(const Ticket&) const = default;
};

struct Order {
  OrderId id;
  std::uint32_t number = 0;  // of the business day, from 1
  BusinessDay day;
  Channel channel = Channel::Pos;
  Service service = Service::Takeaway;
  std::string table;  // of a dine-in order
  DeviceId device;    // where it was placed
  std::uint64_t menu_version = 0;
  std::vector<OrderLine> lines;
  Money total;  // of the lines that are not void, less the discount
  std::string note;
  OrderState state = OrderState::Placed;
  bool paid = false;
  Payment payment;
  std::string reason;  // of a cancel or void
  TimePoint placed_at;
  TimePoint fired_at;  // when the tickets went to the kitchen
  TimePoint closed_at;
  std::vector<Demand> demand;  // of stock, summed per SKU
  std::vector<Ticket> tickets;
  std::optional<Discount> discount;
  // Of an order that was sold online: where, its number there, and the guest's name.
  ChannelCode source = {};
  std::string external = {};
  std::string guest = {};
  bool operator==(const Order&) const = default;
};

// Where its stock is drawn.
ChannelCode code_of(Channel channel);

// SERVED and paid, CANCELLED or VOIDED: nothing more can happen to it.
bool is_closed(const Order& order);

// True when nothing on it is to be cooked any more: it waits only to be cleared from the screen.
bool is_all_void(const Ticket& ticket);

}  // namespace larder
