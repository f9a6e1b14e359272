// Commands: what devices ask of the hub. Imperative; each may be refused. The wire form is in
// schemas/json and PROTOCOL.md.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/money.hpp"
#include "core/base/quantity.hpp"
#include "core/ledger/device.hpp"
#include "core/ledger/staff.hpp"
#include "core/orders/catalog.hpp"
#include "core/orders/order.hpp"
#include "core/orders/pricing.hpp"
#include "core/stock/draft.hpp"
#include "core/stock/level.hpp"

namespace larder {

struct PlaceOrder {
  Service service = Service::Takeaway;
  std::string table;
  std::vector<LineRequest> lines;
  std::string note;
  HoldId hold;                          // empty: no cart hold to take over
  std::optional<Money> expected_total;  // refused with PriceChanged when the hub computes another
  std::optional<Payment> payment;       // amount must be the total; empty: pay later
  bool fire = false;                    // a till sends an unpaid order to the kitchen (dine-in)
  std::optional<DiscountRequest> discount = {};  // by a till
  // By a till: "the food is there". What falls short is sold all the same and recorded as oversold.
  bool override_stock = false;
  bool operator==(const PlaceOrder&) const = default;
};
struct PayOrder {
  OrderId order;
  Payment payment;
  bool operator==(const PayOrder&) const = default;
};
struct AcceptOrder {
  OrderId order;
  bool operator==(const AcceptOrder&) const = default;
};
struct ServeOrder {
  OrderId order;
  bool operator==(const ServeOrder&) const = default;
};
struct CancelOrder {  // before it is paid or fired
  OrderId order;
  std::string reason;
  bool operator==(const CancelOrder&) const = default;
};
struct VoidOrder {  // after
  OrderId order;
  std::string reason;
  bool restock = false;
  bool operator==(const VoidOrder&) const = default;
};
struct VoidLine {  // all of one line, before the order is closed
  OrderId order;
  LineNo line = 0;
  std::string reason;
  bool restock = false;
  bool operator==(const VoidLine&) const = default;
};
struct DiscountOrder {  // of an open order that is not paid; replaces the one it has
  OrderId order;
  std::optional<DiscountRequest> discount;  // empty: the discount is taken back
  bool operator==(const DiscountOrder&) const = default;
};
struct CheckTicketItem {
  OrderId order;
  StationId station;
  std::uint32_t index = 0;  // place in the ticket's lines, from 0
  bool done = true;
  bool operator==(const CheckTicketItem&) const = default;
};
struct BumpTicket {
  OrderId order;
  StationId station;
  bool operator==(const BumpTicket&) const = default;
};
struct RecallTicket {  // an empty order means: the last one this station bumped
  OrderId order;
  StationId station;
  bool operator==(const RecallTicket&) const = default;
};
struct UndoTicket {
  OrderId order;
  StationId station;
  bool operator==(const UndoTicket&) const = default;
};
struct PlaceHold {
  std::vector<LineRequest> lines;
  bool operator==(const PlaceHold&) const = default;
};
struct ReleaseHold {
  HoldId hold;
  bool operator==(const ReleaseHold&) const = default;
};
struct CountStock {
  SkuId sku;
  Quantity available;  // found on the shelf, without what is held; what is leased is part of it
  std::optional<Seq>
      based_on;  // refused with StaleCount when the SKU moved after this sequence number
  // Of HQ only: its hybrid time. The movements after `based_on` are added to the figure; of two
  // that set it without knowing of one another, the later counts.
  std::optional<TimePoint> at = {};
  bool operator==(const CountStock&) const = default;
};
struct MarkStock {
  SkuId sku;
  StockStatus status = StockStatus::SoldOut;
  RestoreRule restore = RestoreRule::Never;  // of SoldOut
  TimePoint restore_at = {};                 // of RestoreRule::At
  ChannelCode channel = {};                  // only there; empty: everywhere
  // In place of `restore_at`, as it was told; the hub turns it into that before it decides.
  std::optional<LocalTime> restore_local = {};
  bool operator==(const MarkStock&) const = default;
};
struct LimitStock {
  SkuId sku;
  StockType type = StockType::Unlimited;
  Quantity available;
  std::optional<Quantity> plan = {};  // what a new business day begins with; empty: as it is
  bool operator==(const LimitStock&) const = default;
};
struct SetChannels {
  SkuId sku;
  std::vector<ChannelChange> channels;
  bool operator==(const SetChannels&) const = default;
};
struct SetThresholds {
  SkuId sku;
  Quantity warning, critical;
  bool operator==(const SetThresholds&) const = default;
};
struct ResolveOversell {
  OversellId oversell;
  std::string resolution;
  bool operator==(const ResolveOversell&) const = default;
};
// By the relay only, as words.
struct AskLease {
  SkuId sku;
  ChannelCode channel;    // empty: of the shared pool
  Quantity quantity;      // what it would like to have more; it gets what the policy allows
  Quantity awaited = {};  // of it, what a guest waits for now
  bool operator==(const AskLease&) const = default;
};
struct SettleLease {
  LeaseId lease;
  Quantity sold, returned;  // not told before
  bool closed = false;      // it sells no more and nothing is left in it
  bool operator==(const SettleLease&) const = default;
};
// One lease's part in an order that was sold online.
struct LeaseDraw {
  LeaseId lease;
  Quantity quantity;
  bool operator==(const LeaseDraw&) const = default;
};
struct PlaceOnline {
  ChannelCode source;    // the channel it was sold on
  std::string external;  // its number there
  std::string name;      // the guest's, for the counter
  Service service = Service::Takeaway;
  std::vector<LineRequest> lines;
  std::string note;
  Payment payment;  // of the total as it was shown
  std::vector<LeaseDraw> draws;
  TimePoint placed_at =
      {};  // when the relay sent it, by its clock: of the word, not of its arguments
  bool operator==(const PlaceOnline&) const = default;
};
struct ImportMenu {
  Menu menu;  // its version is ignored: the hub counts
  bool operator==(const ImportMenu&) const = default;
};
struct AddDevice {
  DeviceId device;
  std::string name;
  Role role = Role::Kiosk;
  StationId station;
  std::string token_sha256;  // 64 hex digits; the token itself never reaches the hub
  bool operator==(const AddDevice&) const = default;
};
struct RevokeDevice {
  DeviceId device;
  bool operator==(const RevokeDevice&) const = default;
};
struct AddStaff {  // somebody with the same id is replaced
  StaffId staff;
  std::string name;
  std::string pin_hash;  // is_pin_hash()
  Permissions permissions;
  bool operator==(const AddStaff&) const = default;
};
struct RemoveStaff {
  StaffId staff;
  bool operator==(const RemoveStaff&) const = default;
};
struct CloseDay {
  BusinessDay day;     // 0: the one that is open
  Money cash_counted;  // without the float
  bool operator==(const CloseDay&) const = default;
};
// Made by the hub itself, never by a device. ExpireHolds also opens the business day when it is
// due.
struct ExpireHolds {
  bool operator==(const ExpireHolds&) const = default;
};
// Made by the hub itself, or by a person who lets a hub in recovery go on without what it lost.
struct BeginEpoch {
  std::string reason;
  bool unverified = false;  // what limited SKUs have left is not known until somebody has counted
  bool operator==(const BeginEpoch&) const = default;
};

// Closes the turn of one of HQ's words, after its own command was decided. Refused with BadState
// when it is not the next one.
struct TakeWord {
  Seq number = 0;
  CommandId id;
  std::string by;
  std::string verb;
  std::string code;
  std::string message;
  bool operator==(const TakeWord&) const = default;
};

using Command = std::variant<PlaceOrder, PayOrder, AcceptOrder, ServeOrder, CancelOrder, VoidOrder,
                             CheckTicketItem, BumpTicket, RecallTicket, UndoTicket, PlaceHold,
                             ReleaseHold, CountStock, MarkStock, LimitStock, ImportMenu, AddDevice,
                             RevokeDevice, VoidLine, DiscountOrder, AddStaff, RemoveStaff, CloseDay,
                             SetChannels, SetThresholds, ResolveOversell, AskLease, SettleLease,
                             PlaceOnline, ExpireHolds, BeginEpoch, TakeWord>;

}  // namespace larder
