#include <algorithm>
#include <array>
#include <string_view>

#include "core/base/text.hpp"
#include "core/ledger/deciders.hpp"

namespace larder {
namespace {

constexpr std::size_t kReferenceCharactersMax = 64;
constexpr std::size_t kReasonCharactersMax = 200;

// Spaces of every width: a reason made of them says nothing to who reads the day's list.
bool is_blank(std::string_view text) {
  constexpr std::array<std::string_view, 19> kBlanks = {
      " ",      "\t",     "\u00a0", "\u1680", "\u2000", "\u2001", "\u2002",
      "\u2003", "\u2004", "\u2005", "\u2006", "\u2007", "\u2008", "\u2009",
      "\u200a", "\u200b", "\u202f", "\u205f", "\u3000"};
  while (!text.empty()) {
    const auto* blank = std::find_if(kBlanks.begin(), kBlanks.end(),
                                     [&](std::string_view one) { return text.starts_with(one); });
    if (blank == kBlanks.end()) return false;
    text.remove_prefix(blank->size());
  }
  return true;
}

}  // namespace

Refused wrong_state(const Order& order, const std::string& why) {
  if (order.state == OrderState::Cancelled) {
    return refuse(Code::Cancelled, "The order was cancelled");
  }
  return refuse(Code::BadState, why);
}

Result<std::string> check_reason(const std::string& reason) {
  if (count_characters(reason) > kReasonCharactersMax) {
    return refuse(Code::BadText, "A reason has at most 200 characters");
  }
  bool masked = false;
  std::string kept = clean_note(reason, masked);
  return is_blank(kept) ? std::string() : kept;
}

bool was_fired(const Order& order) {
  switch (order.state) {
    case OrderState::Accepted:
    case OrderState::Preparing:
    case OrderState::Ready:
    case OrderState::Served:
      return true;
    case OrderState::Placed:
    case OrderState::Paid:
    case OrderState::Cancelled:
    case OrderState::Voided:
      return false;
  }
  return false;
}

Outcome outcome_of(const Order& order, OrderState state) {
  Outcome outcome;
  outcome.order = order.id;
  outcome.number = order.number;
  outcome.total = order.total;
  outcome.state = state;
  return outcome;
}

Result<Payment> check_payment(Payment payment, Money total, bool& masked) {
  if (payment.amount != total) {
    return refuse(Code::BadMoney, "The payment must be exactly the total of " +
                                      std::to_string(total.in_minor()) + " minor units");
  }
  if (count_characters(payment.reference) > kReferenceCharactersMax) {
    return refuse(Code::BadText, "A payment reference has at most 64 characters");
  }
  payment.reference = clean_note(payment.reference, masked);
  return payment;
}

OrderState accept_order(Draft& draft, const Order& order, const Hold* hold) {
  if (hold != nullptr) {
    draft.add(HoldConfirmed{hold->id, order.id, draft.stock().out(*hold)});
  }
  OrderAccepted accepted;
  accepted.order = order.id;
  accepted.number = order.number;
  accepted.channel = order.channel;
  accepted.service = order.service;
  accepted.table = order.table;
  accepted.note = order.note;
  accepted.tickets = tickets_for(order.lines);
  accepted.state = accepted.tickets.empty() ? OrderState::Ready : OrderState::Accepted;
  const OrderState state = accepted.state;
  draft.add(std::move(accepted));
  return state;
}

Result<Outcome> decide_on(Draft& draft, const PayOrder& command) {
  const Result<const Order*> found = draft.order(command.order);
  if (!found) return pass_on(found);
  const Order& order = **found;
  if (is_closed(order) || order.paid) return wrong_state(order, "The order is paid or void");
  bool masked = false;
  Result<Payment> payment = check_payment(command.payment, order.total, masked);
  if (!payment) return pass_on(payment);

  const bool is_new = order.state == OrderState::Placed;
  OrderState state = is_new ? OrderState::Paid : order.state;
  draft.add(OrderPaid{order.id, std::move(*payment), state});
  if (is_new) state = accept_order(draft, order, draft.ledger().stock.hold_of(order.id));
  Outcome outcome = outcome_of(order, state);
  outcome.note_masked = masked;
  return outcome;
}

Result<Outcome> decide_on(Draft& draft, const AcceptOrder& command) {
  const Result<const Order*> found = draft.order(command.order);
  if (!found) return pass_on(found);
  const Order& order = **found;
  const bool waits = order.state == OrderState::Placed || order.state == OrderState::Paid;
  if (!waits) {
    return wrong_state(order, "The order is in the kitchen already, or closed");
  }
  return outcome_of(order, accept_order(draft, order, draft.ledger().stock.hold_of(order.id)));
}

Result<Outcome> decide_on(Draft& draft, const ServeOrder& command) {
  const Result<const Order*> found = draft.order(command.order);
  if (!found) return pass_on(found);
  const Order& order = **found;
  if (order.state != OrderState::Ready) {
    return wrong_state(order, "Only an order that is ready can be handed over");
  }
  draft.add(OrderServed{order.id});
  return outcome_of(order, OrderState::Served);
}

Result<Outcome> decide_on(Draft& draft, const CancelOrder& command) {
  const Result<const Order*> found = draft.order(command.order);
  if (!found) return pass_on(found);
  const Order& order = **found;
  if (draft.asker().role == Role::Kiosk && order.device != draft.asker().device) {
    return refuse(Code::NotFound, "No such order of this kiosk");
  }
  if (order.state != OrderState::Placed || order.paid) {
    return wrong_state(order,
                       "Only an order that is neither paid nor in the kitchen can be "
                       "cancelled; void it instead");
  }
  Result<std::string> reason = check_reason(command.reason);
  if (!reason) return pass_on(reason);
  if (reason->empty()) *reason = "cancelled";
  if (const Hold* hold = draft.ledger().stock.hold_of(order.id)) {
    release_hold(draft, *hold, "cancelled");
  }
  draft.add(OrderCancelled{order.id, std::move(*reason)});
  return outcome_of(order, OrderState::Cancelled);
}

Result<Outcome> decide_on(Draft& draft, const VoidOrder& command) {
  const Result<const Order*> found = draft.order(command.order);
  if (!found) return pass_on(found);
  const Order& order = **found;
  if (order.state == OrderState::Cancelled || order.state == OrderState::Voided) {
    return wrong_state(order, "The order is void already");
  }
  if (Result<void> may = check_permission(draft, Permission::Void); !may) return pass_on(may);
  Result<std::string> reason = check_reason(command.reason);
  if (!reason) return pass_on(reason);
  if (reason->empty()) return refuse(Code::BadRequest, "A void needs a reason");

  if (const Hold* hold = draft.ledger().stock.hold_of(order.id)) {
    release_hold(draft, *hold, "cancelled");
  }
  std::vector<Movement> movements;
  // What was sold online is out of the stock although the kitchen has not begun.
  const bool is_out = was_fired(order) || !order.source.empty();
  if (command.restock && is_out) {
    Result<std::vector<Movement>> back = draft.stock().give_back(order.demand);
    if (!back) return with_name(draft, back.error());
    movements = std::move(*back);
  }
  draft.add(OrderVoided{order.id, std::move(*reason), draft.asker().device, std::move(movements)});
  Outcome outcome = outcome_of(order, OrderState::Voided);
  if (order.paid) outcome.refund = order.total;
  return outcome;
}

}  // namespace larder
