// One decider per command: reads the books, adds events to the draft, answers the outcome or why
// not. Internal to core/ledger.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/ledger/draft.hpp"

namespace larder {

// decide_place.cpp
Result<Outcome> decide_on(Draft& draft, const PlaceOrder& command);

// decide_orders.cpp
Result<Outcome> decide_on(Draft& draft, const PayOrder& command);
Result<Outcome> decide_on(Draft& draft, const AcceptOrder& command);
Result<Outcome> decide_on(Draft& draft, const ServeOrder& command);
Result<Outcome> decide_on(Draft& draft, const CancelOrder& command);
Result<Outcome> decide_on(Draft& draft, const VoidOrder& command);

// decide_tickets.cpp
Result<Outcome> decide_on(Draft& draft, const CheckTicketItem& command);
Result<Outcome> decide_on(Draft& draft, const BumpTicket& command);
Result<Outcome> decide_on(Draft& draft, const RecallTicket& command);
Result<Outcome> decide_on(Draft& draft, const UndoTicket& command);

// decide_stock.cpp
Result<Outcome> decide_on(Draft& draft, const PlaceHold& command);
Result<Outcome> decide_on(Draft& draft, const ReleaseHold& command);
Result<Outcome> decide_on(Draft& draft, const ExpireHolds& command);
Result<Outcome> decide_on(Draft& draft, const CountStock& command);
Result<Outcome> decide_on(Draft& draft, const MarkStock& command);
Result<Outcome> decide_on(Draft& draft, const LimitStock& command);

Result<Outcome> decide_on(Draft& draft, const SetChannels& command);
Result<Outcome> decide_on(Draft& draft, const SetThresholds& command);

// decide_leases.cpp
Result<Outcome> decide_on(Draft& draft, const AskLease& command);
Result<Outcome> decide_on(Draft& draft, const SettleLease& command);
Result<Outcome> decide_on(Draft& draft, const ResolveOversell& command);

// decide_online.cpp
Result<Outcome> decide_on(Draft& draft, const PlaceOnline& command);

// decide_house.cpp
Result<Outcome> decide_on(Draft& draft, const ImportMenu& command);
Result<Outcome> decide_on(Draft& draft, const AddDevice& command);
Result<Outcome> decide_on(Draft& draft, const RevokeDevice& command);
Result<Outcome> decide_on(Draft& draft, const AddStaff& command);
Result<Outcome> decide_on(Draft& draft, const RemoveStaff& command);
Result<Outcome> decide_on(Draft& draft, const BeginEpoch& command);

// decide_lines.cpp
Result<Outcome> decide_on(Draft& draft, const VoidLine& command);
Result<Outcome> decide_on(Draft& draft, const DiscountOrder& command);

// decide_day.cpp
Result<Outcome> decide_on(Draft& draft, const CloseDay& command);

// decide_words.cpp
Result<Outcome> decide_on(Draft& draft, const TakeWord& command);

// Shared by several deciders.

// Forbidden at a till where nobody is signed in who may do this; a store without staff asks nobody.
Result<void> check_permission(const Draft& draft, Permission permission);
// The discount as the order keeps it; BadRequest without a reason.
Result<Discount> make_discount(const Draft& draft, const DiscountRequest& request, Money lines);
// The reason as it is kept; BadText when it is too long.
Result<std::string> check_reason(const std::string& reason);
// BadState, or Cancelled for an order that was.
Refused wrong_state(const Order& order, const std::string& why);
// True from the moment the order went to the kitchen and its stock went OUT.
bool was_fired(const Order& order);
// Where the asker sells; Forbidden for a role that does not.
Result<Channel> channel_of(const Asker& asker);
// The requests with their notes cleaned, priced by the hub's menu.
Result<PricedOrder> price_for(const Draft& draft, Channel channel, std::vector<LineRequest> lines,
                              bool& note_masked);
// What every order begins with: number, id, day, lines, total. The caller fills in the rest.
Order begin_order(const Draft& draft, PricedOrder priced, Channel channel, Service service);
// UnknownSku for what is not on the menu.
Result<void> check_sku(const Draft& draft, const SkuId& sku);
// The part of a demand that the books keep figures for.
std::vector<Demand> limited_part(const Draft& draft, const std::vector<Demand>& demand);
// An OutOfStock with the name of the SKU in place of its id.
Refused with_name(const Draft& draft, const Error& error);
// Locks the whole demand on the hold's channel (unlimited SKUs must not be marked sold out) and
// adds HoldLocked with the limited part as a new hold; calls leases back when that leaves too
// little. OutOfStock, or Overloaded at kHoldsMax.
Result<Hold> lock_hold(Draft& draft, Hold hold, const std::vector<Demand>& demand);
// Asks the leases of what was drawn for idle rights when the hub has few left.
void recall_when_dry(Draft& draft, const std::vector<Demand>& drawn);
// Calls all leases of a SKU back for good.
void end_leases(Draft& draft, const SkuId& sku, const std::string& reason);
// A quota below what its lease has out is called back to it.
void recall_shrunk(Draft& draft, const SkuId& sku, const ChannelChange& change);
// Adds LeaseSettled, and an oversell record for what the lease does not cover.
void settle_lease(Draft& draft, const Lease& lease, const Settlement& told, bool closed,
                  const OrderId& order);
// Adds StockOversold; nothing for a quantity of zero.
void record_oversell(Draft& draft, const SkuId& sku, Quantity quantity, const std::string& cause,
                     const OrderId& order);
// Adds HoldReleased for an open hold.
void release_hold(Draft& draft, const Hold& hold, const std::string& reason);
// The payment as it is kept; BadMoney when it is not exactly the total, BadText for a reference
// that is too long. A reference that looks like a card number is masked.
Result<Payment> check_payment(Payment payment, Money total, bool& masked);
// Adds HoldConfirmed and OrderAccepted; answers the order's state after them.
OrderState accept_order(Draft& draft, const Order& order, const Hold* hold);
Outcome outcome_of(const Order& order, OrderState state);

}  // namespace larder
