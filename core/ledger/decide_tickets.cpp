#include <algorithm>

#include "core/ledger/deciders.hpp"

namespace larder {
namespace {

// An order and the ticket of one station.
struct Work {
  const Order* order = nullptr;
  const Ticket* ticket = nullptr;
};

const Ticket* ticket_at(const Order& order, const StationId& station) {
  const auto found =
      std::find_if(order.tickets.begin(), order.tickets.end(),
                   [&station](const Ticket& ticket) { return ticket.station == station; });
  return found != order.tickets.end() ? &*found : nullptr;
}

Result<Work> find_work(const Draft& draft, const OrderId& id, const StationId& station) {
  const Result<const Order*> order = draft.order(id);
  if (!order) return pass_on(order);
  const Ticket* const ticket = ticket_at(**order, station);
  if (ticket == nullptr) return refuse(Code::NotFound, "The order has no ticket at this station");
  return Work{*order, ticket};
}

bool is_dead(const Order& order) {
  return order.state == OrderState::Cancelled || order.state == OrderState::Voided;
}

bool is_cooking(const Order& order) {
  return order.state == OrderState::Accepted || order.state == OrderState::Preparing ||
         order.state == OrderState::Ready;
}

Result<void> check_cooking(const Order& order) {
  if (is_cooking(order)) return {};
  return refuse(Code::BadState, "The order is not being cooked: it is served, cancelled or void");
}

std::vector<bool> marks_of(const Ticket& ticket) {
  std::vector<bool> done;
  for (const TicketLine& line : ticket.lines) done.push_back(line.done);
  return done;
}

// The order's state when this ticket ends up bumped or not. A dead order stays dead, and a ticket
// with nothing but void lines moves nothing: it is only cleared from the screen.
OrderState state_after(const Work& work, bool bumped) {
  if (is_dead(*work.order) || is_all_void(*work.ticket)) return work.order->state;
  const bool all =
      bumped && std::all_of(work.order->tickets.begin(), work.order->tickets.end(),
                            [&work](const Ticket& ticket) {
                              return ticket.bumped || is_all_void(ticket) || &ticket == work.ticket;
                            });
  return all ? OrderState::Ready : OrderState::Preparing;
}

TicketChanged change_of(const Draft& draft, const Work& work, TicketAction action, bool bumped) {
  TicketChanged change;
  change.order = work.order->id;
  change.station = work.ticket->station;
  change.action = action;
  change.done = marks_of(*work.ticket);
  change.bumped = bumped;
  change.state = state_after(work, bumped);
  change.by = draft.asker().device;
  return change;
}

Outcome finish(Draft& draft, const Work& work, TicketChanged change) {
  const OrderState state = change.state;
  draft.add(std::move(change));
  return outcome_of(*work.order, state);
}

// The last ticket this station bumped that can still come back.
Result<OrderId> last_bumped(const Draft& draft, const StationId& station) {
  const auto list = draft.ledger().bumped.find(station);
  if (!draft.opens_day() && list != draft.ledger().bumped.end()) {
    const auto found =
        std::find_if(list->second.rbegin(), list->second.rend(), [&](const OrderId& id) {
          const auto order = draft.ledger().orders.find(id);
          if (order == draft.ledger().orders.end() || !is_cooking(order->second)) return false;
          return !is_all_void(*ticket_at(order->second, station));
        });
    if (found != list->second.rend()) return *found;
  }
  return refuse(Code::NotFound, "This station has bumped nothing today that can be recalled");
}

}  // namespace

Result<Outcome> decide_on(Draft& draft, const CheckTicketItem& command) {
  const Result<Work> work = find_work(draft, command.order, command.station);
  if (!work) return pass_on(work);
  if (Result<void> cooking = check_cooking(*work->order); !cooking) return pass_on(cooking);
  if (command.index >= work->ticket->lines.size()) {
    return refuse(Code::NotFound, "The ticket has no such line");
  }
  if (work->ticket->lines[command.index].voided) {
    return refuse(Code::BadState, "This line is void: it is not to be cooked");
  }
  if (work->ticket->lines[command.index].done == command.done) {
    return outcome_of(*work->order, work->order->state);
  }
  if (work->ticket->bumped) return refuse(Code::BadState, "The ticket is bumped; recall it first");
  const TicketAction action = command.done ? TicketAction::Checked : TicketAction::Unchecked;
  TicketChanged change = change_of(draft, *work, action, false);
  change.index = command.index;
  change.done[command.index] = command.done;
  return finish(draft, *work, std::move(change));
}

Result<Outcome> decide_on(Draft& draft, const BumpTicket& command) {
  const Result<Work> work = find_work(draft, command.order, command.station);
  if (!work) return pass_on(work);
  if (work->ticket->bumped) return refuse(Code::BadState, "The ticket is bumped already");
  TicketChanged change = change_of(draft, *work, TicketAction::Bumped, true);
  change.done.assign(change.done.size(), true);
  return finish(draft, *work, std::move(change));
}

Result<Outcome> decide_on(Draft& draft, const RecallTicket& command) {
  OrderId id = command.order;
  if (id.empty()) {
    const Result<OrderId> last = last_bumped(draft, command.station);
    if (!last) return pass_on(last);
    id = *last;
  }
  const Result<Work> work = find_work(draft, id, command.station);
  if (!work) return pass_on(work);
  if (Result<void> cooking = check_cooking(*work->order); !cooking) return pass_on(cooking);
  if (!work->ticket->bumped) return refuse(Code::BadState, "The ticket is not bumped");
  TicketChanged change = change_of(draft, *work, TicketAction::Recalled, false);
  // The bump marked every line done; what the cook had not ticked comes back unticked.
  if (!work->ticket->done_before.empty()) change.done = work->ticket->done_before;
  return finish(draft, *work, std::move(change));
}

Result<Outcome> decide_on(Draft& draft, const UndoTicket& command) {
  const Result<Work> work = find_work(draft, command.order, command.station);
  if (!work) return pass_on(work);
  const Ticket& ticket = *work->ticket;
  const bool dismissed = is_dead(*work->order) && ticket.last_action == TicketAction::Bumped;
  if (!dismissed) {
    if (Result<void> cooking = check_cooking(*work->order); !cooking) return pass_on(cooking);
  }
  if (ticket.last_action == TicketAction::None ||
      draft.at() - ticket.acted_at > Duration::seconds(kUndoSeconds)) {
    return refuse(Code::BadState, "There is nothing to undo, or it is more than 10 s ago");
  }
  const bool bumped = ticket.last_action == TicketAction::Recalled;
  TicketChanged change = change_of(draft, *work, ticket.last_action, bumped);
  change.undo = true;
  switch (ticket.last_action) {
    case TicketAction::Checked:
    case TicketAction::Unchecked:
      change.index = ticket.last_index;
      change.done[change.index] = ticket.last_action == TicketAction::Unchecked;
      break;
    case TicketAction::Bumped:
      change.done = ticket.done_before;
      break;
    case TicketAction::Recalled:  // a bump again
      change.done.assign(change.done.size(), true);
      break;
    case TicketAction::None:
      break;
  }
  return finish(draft, *work, std::move(change));
}

}  // namespace larder
