#include <algorithm>

#include "core/base/invariant.hpp"
#include "core/ledger/ledger.hpp"

namespace larder {
namespace {

// Applies one event. Lives for one call of apply().
class Bookkeeper {
 public:
  Bookkeeper(Ledger& ledger, TimePoint at) : ledger_(ledger), at_(at) {}

  void operator()(const EpochBegun& e) { ledger_.epoch = e.epoch; }

  void operator()(const DayOpened& e) {
    ledger_.day = e.day;
    ledger_.last_number = 0;
    ledger_.bumped.clear();
    std::erase_if(ledger_.orders, [&e](const auto& entry) {
      return is_closed(entry.second) && entry.second.day < e.day;
    });
  }

  void operator()(const MenuImported& e) {
    Result<Catalog> catalog = Catalog::build(e.menu);
    invariant(catalog.has_value(), "an imported menu contradicts itself");
    ledger_.catalog = std::move(*catalog);
  }

  void operator()(const DeviceAdded& e) { ledger_.devices[e.device.id] = e.device; }

  void operator()(const DeviceRevoked& e) {
    const auto found = ledger_.devices.find(e.device);
    invariant(found != ledger_.devices.end(), "an unknown device is revoked");
    found->second.revoked = true;
  }

  void operator()(const StockChanged& e) { move(e.movement); }

  void operator()(const HoldLocked& e) {
    move(e.movements);
    ledger_.stock.open_hold(e.hold);
  }

  void operator()(const HoldMoved& e) {
    ledger_.stock.move_hold_to_order(e.hold, e.order, e.expires_at);
  }

  void operator()(const HoldConfirmed& e) {
    move(e.movements);
    ledger_.stock.end_hold(e.hold);
  }

  void operator()(const HoldReleased& e) {
    move(e.movements);
    ledger_.stock.end_hold(e.hold);
  }

  void operator()(const OrderPlaced& e) {
    const bool is_new = ledger_.orders.emplace(e.order.id, e.order).second;
    invariant(is_new, "an order is placed twice");
    ledger_.last_number = e.order.number;
    ++ledger_.open_orders;
  }

  void operator()(const OrderPaid& e) {
    change(e.order, [&e](Order& order) {
      order.paid = true;
      order.payment = e.payment;
      order.state = e.state;
    });
  }

  void operator()(const OrderAccepted& e) {
    change(e.order, [&e, this](Order& order) {
      order.tickets = e.tickets;
      order.fired_at = at_;
      order.state = e.state;
    });
  }

  void operator()(const OrderServed& e) {
    change(e.order, [](Order& order) { order.state = OrderState::Served; });
  }

  void operator()(const OrderCancelled& e) {
    change(e.order, [&e](Order& order) {
      order.state = OrderState::Cancelled;
      order.reason = e.reason;
    });
  }

  void operator()(const OrderVoided& e) {
    move(e.movements);
    change(e.order, [&e, this](Order& order) {
      order.state = OrderState::Voided;
      order.reason = e.reason;
      order.closed_at = at_;  // a refund closes a served order a second time; the later counts
    });
  }

  void operator()(const TicketChanged& e) {
    change(e.order, [&e, this](Order& order) {
      order.state = e.state;
      const auto ticket = std::find_if(order.tickets.begin(), order.tickets.end(),
                                       [&e](const Ticket& t) { return t.station == e.station; });
      invariant(ticket != order.tickets.end() && ticket->lines.size() == e.done.size(),
                "a ticket that the order has not is changed");
      change_ticket(*ticket, e);
    });
  }

 private:
  void move(const Movement& movement) {
    ledger_.stock.apply(movement);
    ledger_.stock_moved[movement.sku] = ledger_.seq;
  }

  void move(const std::vector<Movement>& movements) {
    for (const Movement& movement : movements) move(movement);
  }

  // Changes an order and keeps the count of open ones.
  template <typename Change>
  void change(const OrderId& id, Change change_order) {
    const auto found = ledger_.orders.find(id);
    invariant(found != ledger_.orders.end(), "an unknown order is changed");
    Order& order = found->second;
    const bool was_closed = is_closed(order);
    change_order(order);
    if (was_closed || !is_closed(order)) return;
    order.closed_at = at_;
    --ledger_.open_orders;
  }

  void change_ticket(Ticket& ticket, const TicketChanged& e) {
    std::vector<bool> done_before;
    for (std::size_t i = 0; i < ticket.lines.size(); ++i) {
      done_before.push_back(ticket.lines[i].done);
      ticket.lines[i].done = e.done[i];
    }
    const bool is_bump = e.action == TicketAction::Bumped && !e.undo;
    ticket.done_before = is_bump ? std::move(done_before) : std::vector<bool>();
    ticket.last_action = e.undo ? TicketAction::None : e.action;
    ticket.last_index = e.undo ? 0 : e.index;
    ticket.acted_at = at_;
    if (ticket.bumped == e.bumped) return;
    ticket.bumped = e.bumped;
    ticket.bumped_at = e.bumped ? at_ : TimePoint{};
    list_bumped(e);
  }

  // Keeps the station's list of what it bumped today, newest last.
  void list_bumped(const TicketChanged& e) {
    std::vector<OrderId>& list = ledger_.bumped[e.station];
    if (e.bumped) {
      list.push_back(e.order);
      return;
    }
    const auto newest = std::find(list.rbegin(), list.rend(), e.order);
    if (newest != list.rend()) list.erase(std::next(newest).base());
    if (list.empty()) ledger_.bumped.erase(e.station);
  }

  Ledger& ledger_;
  TimePoint at_;
};

}  // namespace

void apply(Ledger& ledger, const Event& event, TimePoint at) {
  ++ledger.seq;
  ledger.last_at = std::max(ledger.last_at, at);
  std::visit(Bookkeeper(ledger, ledger.last_at), event);
}

}  // namespace larder
