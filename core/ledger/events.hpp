// Events: what happened. Past tense; applying one cannot fail. Their JSON bytes go to the journal,
// the screens and the cloud alike. Each carries the figures after the change, so that a reader
// needs none of our rules.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"
#include "core/ledger/day_book.hpp"
#include "core/ledger/device.hpp"
#include "core/ledger/staff.hpp"
#include "core/orders/catalog.hpp"
#include "core/orders/order.hpp"
#include "core/stock/level.hpp"
#include "core/stock/stock.hpp"

namespace larder {

struct EpochBegun {
  Epoch epoch = 0;
  std::string reason;
  bool unverified = false;  // events before it are lost: limited stock is to be counted
  bool operator==(const EpochBegun&) const = default;
};
struct DayOpened {  // closed orders of earlier days leave the books; numbers start again at 1
  BusinessDay day;
  bool operator==(const DayOpened&) const = default;
};
struct MenuImported {
  Menu menu;
  bool operator==(const MenuImported&) const = default;
};
struct DeviceAdded {  // a device with the same id is replaced
  Device device;
  bool operator==(const DeviceAdded&) const = default;
};
struct DeviceRevoked {
  DeviceId device;
  bool operator==(const DeviceRevoked&) const = default;
};
struct StockChanged {  // a count, an 86, a limit; or back by its restore rule, by nobody
  Movement movement;
  DeviceId by;
  TimePoint asked_at = {};  // hybrid time, of what HQ set; else zero: when it happened
  bool operator==(const StockChanged&) const = default;
};
struct HoldLocked {
  Hold hold;
  std::vector<Movement> movements;
  bool operator==(const HoldLocked&) const = default;
};
struct HoldMoved {  // a cart's hold becomes an order's
  HoldId hold;
  OrderId order;
  TimePoint expires_at;
  bool operator==(const HoldMoved&) const = default;
};
struct HoldConfirmed {  // OUT
  HoldId hold;
  OrderId order;
  std::vector<Movement> movements;
  bool operator==(const HoldConfirmed&) const = default;
};
struct HoldReleased {  // UNLOCK
  HoldId hold;
  OrderId order;
  std::string reason;  // "released" "expired" "cancelled" "replaced"
  std::vector<Movement> movements;
  bool operator==(const HoldReleased&) const = default;
};
struct OrderPlaced {
  Order order;  // state Placed, no payment, no tickets
  bool operator==(const OrderPlaced&) const = default;
};
struct OrderPaid {
  OrderId order;
  Payment payment;
  OrderState state = OrderState::Paid;  // after
  bool operator==(const OrderPaid&) const = default;
};
// The header of a ticket, so that a kitchen screen needs no other event to show it.
struct OrderAccepted {
  OrderId order;
  std::uint32_t number = 0;
  Channel channel = Channel::Pos;
  Service service = Service::Takeaway;
  std::string table;
  std::string note;
  std::vector<Ticket> tickets;
  OrderState state = OrderState::Accepted;  // after; an order with nothing to cook is Ready at once
  bool operator==(const OrderAccepted&) const = default;
};
struct OrderServed {
  OrderId order;
  bool operator==(const OrderServed&) const = default;
};
struct OrderCancelled {
  OrderId order;
  std::string reason;
  bool operator==(const OrderCancelled&) const = default;
};
struct OrderVoided {
  OrderId order;
  std::string reason;
  DeviceId by;
  std::vector<Movement> movements;  // when it was restocked
  bool operator==(const OrderVoided&) const = default;
};
// One event for check, bump, recall and undo: what was done, and the ticket and order after it.
struct TicketChanged {
  OrderId order;
  StationId station;
  TicketAction action = TicketAction::None;
  bool undo = false;                         // `action` was taken back
  std::uint32_t index = 0;                   // of the line, for Checked and Unchecked
  std::vector<bool> done;                    // per line, after
  bool bumped = false;                       // after
  OrderState state = OrderState::Preparing;  // of the order, after
  DeviceId by;
  bool operator==(const TicketChanged&) const = default;
};

struct OrderDiscounted {
  OrderId order;
  std::optional<Discount> discount;  // empty: taken back
  Money total;                       // after
  DeviceId by;
  bool operator==(const OrderDiscounted&) const = default;
};
// One line is struck off. The stock comes back from the order's hold, or onto the shelf.
struct OrderLineVoided {
  OrderId order;
  LineNo line = 0;
  std::string reason;
  DeviceId by;
  Money discount;                            // what still comes off, after
  Money total;                               // after
  Money refund;                              // to give back now, when it was paid
  OrderState state = OrderState::Preparing;  // after; Ready when only this line was not done
  std::vector<Demand> demand;                // of the order, after
  HoldId hold;                               // which shrank; empty: none
  std::vector<Demand> held;                  // of that hold, after; nothing ends it
  std::vector<Movement> movements;
  bool operator==(const OrderLineVoided&) const = default;
};
struct StaffAdded {  // somebody with the same id is replaced
  Staff staff;
  bool operator==(const StaffAdded&) const = default;
};
struct StaffRemoved {
  StaffId staff;
  bool operator==(const StaffRemoved&) const = default;
};
struct DayClosed {
  BusinessDay day;
  DayFigures figures;  // as they stood
  Money cash_counted;
  DeviceId by;
  std::string name;  // of who was signed in
  bool operator==(const DayClosed&) const = default;
};
// A word of HQ had its turn, done or not; what it changed stands in the events before it.
struct WordTaken {
  Seq number = 0;  // of the word, without a gap
  CommandId id;
  std::string by;  // who at HQ: "hq:alice"
  std::string verb;
  std::string code;     // "ok", or why it was refused
  std::string message;  // the refusal's sentence
  bool operator==(const WordTaken&) const = default;
};

// Rights went to the relay: a new lease, or more for the running one.
struct LeaseGranted {
  LeaseId lease;
  SkuId sku;
  ChannelCode channel;           // whose quota they came from; empty: the shared pool
  Quantity quantity;             // by this grant
  Quantity granted;              // by all grants of this lease
  std::int64_t ttl_seconds = 0;  // counted by the relay from its own commit
  Movement movement;
  bool operator==(const LeaseGranted&) const = default;
};
struct LeaseSettled {
  LeaseId lease;
  Quantity sold, returned;  // by this settlement, as far as the lease covers it
  bool closed = false;
  Movement movement;
  bool operator==(const LeaseSettled&) const = default;
};
// The relay is asked to give back what is idle above `keep`.
struct LeaseRecalled {
  LeaseId lease;
  SkuId sku;
  Quantity keep;
  bool ends = false;   // no more grants: it is closed when its last hold ends
  std::string reason;  // "dry" "count" "channels"
  bool operator==(const LeaseRecalled&) const = default;
};
struct StockOversold {
  OversellRecord record;
  bool operator==(const StockOversold&) const = default;
};
struct OversellResolved {
  OversellId oversell;
  std::string resolution;
  DeviceId by;
  bool operator==(const OversellResolved&) const = default;
};

using Event =
    std::variant<EpochBegun, DayOpened, MenuImported, DeviceAdded, DeviceRevoked, StockChanged,
                 HoldLocked, HoldMoved, HoldConfirmed, HoldReleased, OrderPlaced, OrderPaid,
                 OrderAccepted, OrderServed, OrderCancelled, OrderVoided, TicketChanged,
                 OrderDiscounted, OrderLineVoided, StaffAdded, StaffRemoved, DayClosed, WordTaken,
                 LeaseGranted, LeaseSettled, LeaseRecalled, StockOversold, OversellResolved>;

// What an event moved in the stock.
inline std::span<const Movement> movements_of(const Event& event) {
  return std::visit(
      [](const auto& body) -> std::span<const Movement> {
        if constexpr (requires { body.movements; }) {
          return body.movements;
        } else if constexpr (requires { body.movement; }) {
          return {&body.movement, 1};
        } else {
          return {};
        }
      },
      event);
}

}  // namespace larder
