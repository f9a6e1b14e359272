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

// decide_house.cpp
Result<Outcome> decide_on(Draft& draft, const ImportMenu& command);
Result<Outcome> decide_on(Draft& draft, const AddDevice& command);
Result<Outcome> decide_on(Draft& draft, const RevokeDevice& command);
Result<Outcome> decide_on(Draft& draft, const BeginEpoch& command);

// Shared by several deciders.

// Where the asker sells; Forbidden for a role that does not.
Result<Channel> channel_of(const Asker& asker);
// The requests with their notes cleaned, priced by the hub's menu.
Result<PricedOrder> price_for(const Draft& draft, Channel channel, std::vector<LineRequest> lines,
                              bool& note_masked);
// The part of a demand that the books keep figures for.
std::vector<Demand> limited_part(const Draft& draft, const std::vector<Demand>& demand);
// An OutOfStock with the name of the SKU in place of its id.
Refused with_name(const Draft& draft, const Error& error);
// Locks the whole demand (unlimited SKUs must not be marked sold out) and adds HoldLocked with the
// limited part as a new hold. OutOfStock, or Overloaded at kHoldsMax.
Result<Hold> lock_hold(Draft& draft, Hold hold, const std::vector<Demand>& demand);
// Adds HoldReleased for an open hold.
void release_hold(Draft& draft, const Hold& hold, const std::string& reason);
// The payment as it is kept; BadMoney when it is not exactly the total, BadText for a reference
// that is too long. A reference that looks like a card number is masked.
Result<Payment> check_payment(Payment payment, Money total, bool& masked);
// Adds HoldConfirmed and OrderAccepted; answers the order's state after them.
OrderState accept_order(Draft& draft, const Order& order, const Hold* hold);
Outcome outcome_of(const Order& order, OrderState state);

}  // namespace larder
