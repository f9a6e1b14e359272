#include <algorithm>

#include "core/base/invariant.hpp"
#include "core/ledger/ledger.hpp"

namespace larder {
namespace {

// Applies one event. Lives for one call of apply().
class Bookkeeper {
 public:
  Bookkeeper(Ledger& ledger, TimePoint at, const StaffId& staff)
      : ledger_(ledger), at_(at), staff_(staff) {}

  void operator()(const EpochBegun& e) {
    ledger_.epoch = e.epoch;
    ledger_.stock.end_all_leases();
    if (e.unverified) ledger_.stock.doubt_limited();
  }

  void operator()(const DayOpened& e) {
    ledger_.day = e.day;
    ledger_.last_number = 0;
    ledger_.bumped.clear();
    std::erase_if(ledger_.orders, [&e](const auto& entry) {
      return is_closed(entry.second) && entry.second.day < e.day;
    });
    ledger_.day_books[e.day];
    while (ledger_.day_books.size() > kDayBooksMax) {
      ledger_.day_books.erase(ledger_.day_books.begin());
    }
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

  void operator()(const StockChanged& e) {
    move(e.movement, e.asked_at == TimePoint{} ? at_ : e.asked_at);
  }

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
    const Money off = e.order.discount ? e.order.discount->amount : Money();
    today().orders.add(plus(e.order.total, off));
    if (e.order.discount) count_discount(off, e.order.device);
  }

  void operator()(const OrderPaid& e) {
    today().of(e.payment.tender).paid.add(e.payment.amount);
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
    change(e.order, [&e, this](Order& order) {
      today().cancelled.add(order.total);
      order.state = OrderState::Cancelled;
      order.reason = e.reason;
    });
  }

  void operator()(const OrderVoided& e) {
    move(e.movements);
    change(e.order, [&e, this](Order& order) {
      count_void(order, order.total, e.by);
      order.state = OrderState::Voided;
      order.reason = e.reason;
      order.closed_at = at_;  // a refund closes a served order a second time; the later counts
    });
  }

  void operator()(const WordTaken& e) {
    invariant(e.number == ledger_.words_applied + 1, "a word of HQ has its turn out of order");
    ledger_.words_applied = e.number;
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

  void operator()(const OrderDiscounted& e) {
    change(e.order, [&e, this](Order& order) {
      count_discount(minus(order.total, e.total), e.by);
      order.discount = e.discount;
      order.total = e.total;
    });
  }

  void operator()(const OrderLineVoided& e) {
    move(e.movements);
    if (!e.hold.empty() && !e.held.empty()) ledger_.stock.shrink_hold(e.hold, e.held);
    if (!e.hold.empty() && e.held.empty()) ledger_.stock.end_hold(e.hold);
    change(e.order, [&e, this](Order& order) {
      count_void(order, minus(order.total, e.total), e.by);
      strike(order, e);
      order.total = e.total;
      order.state = e.state;
      order.demand = e.demand;
      if (order.discount) order.discount->amount = e.discount;
    });
  }

  void operator()(const LeaseGranted& e) {
    move(e.movement);
    Lease lease;
    lease.id = e.lease;
    lease.sku = e.sku;
    lease.channel = e.channel;
    lease.granted = e.granted;
    ledger_.stock.grant(lease);
  }

  void operator()(const LeaseSettled& e) {
    move(e.movement);
    ledger_.stock.settle(e.lease, e.sold, e.returned, e.closed);
  }

  void operator()(const LeaseRecalled& e) { ledger_.stock.recall_lease(e.lease, e.ends); }

  void operator()(const StockOversold& e) { ledger_.stock.put_oversell(e.record); }

  void operator()(const OversellResolved& e) { ledger_.stock.resolve_oversell(e.oversell); }

  void operator()(const StaffAdded& e) { ledger_.staff[e.staff.id] = e.staff; }

  void operator()(const StaffRemoved& e) {
    const bool was_there = ledger_.staff.erase(e.staff) == 1;
    invariant(was_there, "somebody unknown is removed");
  }

  void operator()(const DayClosed& e) {
    DayBook& book = ledger_.day_books[e.day];
    invariant(!book.closed, "a day is closed twice");
    book.closed = true;
    book.close = {at_, e.by, staff_, e.name, e.figures.cash_expected(), e.cash_counted};
  }

 private:
  DayFigures& today() { return ledger_.day_books[ledger_.day].figures; }

  PersonTally& doer(const DeviceId& by) {
    const auto who = ledger_.staff.find(staff_);
    if (who != ledger_.staff.end()) return today().person(staff_, by, who->second.name);
    const auto device = ledger_.devices.find(by);
    const bool is_known = device != ledger_.devices.end();
    return today().person(StaffId(), by, is_known ? device->second.name : std::string());
  }

  void count_discount(Money off, const DeviceId& by) {
    today().discounts.add(off);
    doer(by).discounts.add(off);
  }

  // Before the order changes: whether it was paid says whether money goes back.
  void count_void(const Order& order, Money amount, const DeviceId& by) {
    today().voids.add(amount);
    doer(by).voids.add(amount);
    if (order.paid) today().of(order.payment.tender).refunded.add(amount);
  }

  void strike(Order& order, const OrderLineVoided& e) {
    const auto line = std::find_if(order.lines.begin(), order.lines.end(),
                                   [&e](const OrderLine& each) { return each.line == e.line; });
    invariant(line != order.lines.end() && !line->voided, "a line that is not there is voided");
    line->voided = true;
    line->void_reason = e.reason;
    for (Ticket& ticket : order.tickets) {
      for (TicketLine& work : ticket.lines) work.voided = work.voided || work.line == e.line;
    }
  }

  void move(const Movement& movement) { move(movement, at_); }

  void move(const Movement& movement, TimePoint at) {
    ledger_.stock.apply(movement);
    ledger_.stock_moved[movement.sku] = ledger_.seq;
    const auto change = change_of(movement, ledger_.seq, at);
    if (change) ledger_.stock_history[movement.sku].note(*change);
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
  const StaffId& staff_;
};

}  // namespace

void apply(Ledger& ledger, const Event& event, TimePoint at, const StaffId& staff) {
  ++ledger.seq;
  ledger.last_at = std::max(ledger.last_at, at);
  std::visit(Bookkeeper(ledger, ledger.last_at, staff), event);
}

}  // namespace larder
