// What changes the price of an order after it was placed: a line struck off, a discount.
#include <algorithm>

#include "core/base/invariant.hpp"
#include "core/ledger/deciders.hpp"

namespace larder {
namespace {

Money less(Money from, Money part) { return Money::minor(from.in_minor() - part.in_minor()); }

// The smaller of two quantities of each SKU that both name, in order of SKU.
std::vector<Demand> overlap(const std::vector<Demand>& all, const std::vector<Demand>& part) {
  std::vector<Demand> both;
  for (const Demand& need : all) {
    const auto found = std::find_if(part.begin(), part.end(),
                                    [&need](const Demand& other) { return other.sku == need.sku; });
    if (found == part.end()) continue;
    both.push_back({need.sku, std::min(need.quantity, found->quantity)});
  }
  return both;
}

// `part` must be an overlap with `all`.
std::vector<Demand> without(const std::vector<Demand>& all, const std::vector<Demand>& part) {
  std::vector<Demand> rest;
  for (const Demand& need : all) {
    const auto found = std::find_if(part.begin(), part.end(),
                                    [&need](const Demand& other) { return other.sku == need.sku; });
    const std::int64_t gone = found == part.end() ? 0 : found->quantity.in_tenths();
    const std::int64_t left = need.quantity.in_tenths() - gone;
    if (left > 0) rest.push_back({need.sku, Quantity::tenths(left)});
  }
  return rest;
}

// An order is ready when the line that goes was the last that was not done.
OrderState state_without(const Order& order, LineNo line) {
  if (order.state != OrderState::Accepted && order.state != OrderState::Preparing) {
    return order.state;
  }
  const auto is_over = [line](const TicketLine& work) { return work.voided || work.line == line; };
  const bool all = std::all_of(order.tickets.begin(), order.tickets.end(), [&](const Ticket& t) {
    return t.bumped || std::all_of(t.lines.begin(), t.lines.end(), is_over);
  });
  return all ? OrderState::Ready : order.state;
}

// The prices of an order without one of its lines.
void price_without(const Order& order, LineNo line, OrderLineVoided& event) {
  std::vector<OrderLine> left = order.lines;
  for (OrderLine& each : left) each.voided = each.voided || each.line == line;
  const Result<Money> cost = lines_total(left);
  invariant(cost.has_value(), "lines cost more than they did with one more");
  if (order.discount) event.discount = taken_off(*order.discount, *cost);
  event.total = less(*cost, event.discount);
  if (order.paid) event.refund = less(order.total, event.total);
}

// Gives back what the line took: out of the order's hold, or onto the shelf.
Result<void> return_stock(Draft& draft, const Order& order, const OrderLine& line, bool restock,
                          OrderLineVoided& event) {
  const std::vector<Demand> taken = overlap(order.demand, demand_of(line));
  event.demand = without(order.demand, taken);
  if (const Hold* hold = draft.ledger().stock.hold_of(order.id)) {
    Hold part = *hold;
    part.demand = overlap(hold->demand, taken);
    event.hold = hold->id;
    event.held = without(hold->demand, part.demand);
    event.movements = draft.stock().unlock(part);
    return {};
  }
  if (!restock || !was_fired(order)) return {};
  Result<std::vector<Movement>> back = draft.stock().give_back(taken);
  if (!back) return with_name(draft, back.error());
  event.movements = std::move(*back);
  return {};
}

}  // namespace

Result<Discount> make_discount(const Draft& draft, const DiscountRequest& request, Money lines) {
  if (Result<void> may = check_permission(draft, Permission::Discount); !may) return pass_on(may);
  Result<Discount> discount = discount_for(request, lines);
  if (!discount) return discount;
  Result<std::string> reason = check_reason(request.reason);
  if (!reason) return pass_on(reason);
  if (reason->empty()) return refuse(Code::BadRequest, "A discount needs a reason");
  discount->reason = std::move(*reason);
  discount->by = draft.asker().device;
  discount->staff = draft.asker().staff;
  return discount;
}

Result<Outcome> decide_on(Draft& draft, const DiscountOrder& command) {
  const Result<const Order*> found = draft.order(command.order);
  if (!found) return pass_on(found);
  const Order& order = **found;
  if (is_closed(order)) return wrong_state(order, "The order is closed; its price stays");
  if (order.paid) return wrong_state(order, "The order is paid; its price stays");
  const Result<Money> cost = lines_total(order.lines);
  if (!cost) return pass_on(cost);
  OrderDiscounted event;
  event.order = order.id;
  event.by = draft.asker().device;
  event.total = *cost;
  if (command.discount) {
    Result<Discount> discount = make_discount(draft, *command.discount, *cost);
    if (!discount) return pass_on(discount);
    event.total = less(*cost, discount->amount);
    event.discount = std::move(*discount);
  } else {
    Result<void> may = check_permission(draft, Permission::Discount);
    if (!may) return pass_on(may);
    if (!order.discount) return refuse(Code::BadState, "The order has no discount");
  }
  Outcome outcome = outcome_of(order, order.state);
  outcome.total = event.total;
  draft.add(std::move(event));
  return outcome;
}

Result<Outcome> decide_on(Draft& draft, const VoidLine& command) {
  const Result<const Order*> found = draft.order(command.order);
  if (!found) return pass_on(found);
  const Order& order = **found;
  if (is_closed(order)) {
    return wrong_state(order, "The order is closed; what was served can be voided as a whole only");
  }
  const auto line = std::find_if(order.lines.begin(), order.lines.end(),
                                 [&](const OrderLine& each) { return each.line == command.line; });
  if (line == order.lines.end()) return refuse(Code::NotFound, "The order has no such line");
  if (line->voided) return refuse(Code::BadState, "This line is void already");
  const auto left = std::count_if(order.lines.begin(), order.lines.end(),
                                  [](const OrderLine& each) { return !each.voided; });
  if (left == 1) return decide_on(draft, VoidOrder{order.id, command.reason, command.restock});

  if (Result<void> may = check_permission(draft, Permission::Void); !may) return pass_on(may);
  Result<std::string> reason = check_reason(command.reason);
  if (!reason) return pass_on(reason);
  if (reason->empty()) return refuse(Code::BadRequest, "A void needs a reason");
  OrderLineVoided event;
  event.order = order.id;
  event.line = command.line;
  event.reason = std::move(*reason);
  event.by = draft.asker().device;
  event.state = state_without(order, command.line);
  price_without(order, command.line, event);
  Result<void> returned = return_stock(draft, order, *line, command.restock, event);
  if (!returned) return pass_on(returned);
  Outcome outcome = outcome_of(order, event.state);
  outcome.total = event.total;
  outcome.refund = event.refund;
  draft.add(std::move(event));
  return outcome;
}

}  // namespace larder
