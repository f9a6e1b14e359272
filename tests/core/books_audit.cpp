#include "tests/core/books_audit.hpp"

#include "core/base/limits.hpp"

namespace larder::test {
namespace {

std::int64_t shown(const StockLevel& level) {
  return level.available.in_tenths() + level.held.in_tenths() + level.leased.in_tenths() -
         level.owed.in_tenths();
}

bool in_range(Quantity quantity) {
  return quantity.in_tenths() >= 0 && quantity.in_tenths() <= kQuantityTenthsMax;
}

}  // namespace

void BooksAudit::move(const Movement& m) {
  Account& account = accounts_[m.sku];
  const std::int64_t change = shown(m.after) - shown(m.before);
  switch (m.kind) {
    case MovementKind::Lock:
      if (change != 0 || m.after.held <= m.before.held) fail("a lock makes or loses units");
      break;
    case MovementKind::Unlock:
      // Into a SKU without a limit the units vanish, as its figure has.
      account.opened += m.after.type == StockType::Unlimited ? change : 0;
      if (m.after.type == StockType::Limited && change != 0) fail("an unlock makes or loses units");
      break;
    case MovementKind::Out:
      account.out -= change;
      if (change >= 0 || m.after.available != m.before.available)
        fail("an out takes from the shelf");
      break;
    case MovementKind::Return:
      account.returned += change;
      if (change <= 0) fail("a return takes units");
      break;
    case MovementKind::Count:
    case MovementKind::Limit:
      account.opened += change;
      if (m.after.held != m.before.held) fail("a count touches what is held");
      break;
    case MovementKind::Restore:
      if (m.before.plan.is_zero() && m.before.restore == RestoreRule::Never)
        fail("something comes back that was not to");
      account.opened += change;
      if (m.before.plan.is_zero() && change != 0) fail("a mark that ends moves units");
      break;
    case MovementKind::Mark:
    case MovementKind::Channels:
    case MovementKind::Thresholds:
      if (change != 0) fail("a mark moves units");
      break;
    case MovementKind::Grant:
      if (change != 0 || m.after.leased <= m.before.leased) fail("a grant makes or loses units");
      break;
    case MovementKind::Settle:
      account.out -= change;
      if (change > 0 || m.after.leased > m.before.leased) fail("a settlement makes units");
      break;
  }
}

void BooksAudit::move(const std::vector<Movement>& movements, MovementKind expected) {
  for (const Movement& movement : movements) {
    if (movement.kind != expected) fail("a movement of the wrong kind");
    move(movement);
  }
}

void BooksAudit::end_hold(const HoldId& hold) {
  if (open_holds_.erase(hold) != 1) fail("I5: a hold ends that is not open");
  if (!ended_holds_.insert(hold).second) fail("I5: a hold ends twice");
}

void BooksAudit::reprice(const OrderId& order, std::int64_t total) {
  const std::int64_t change = total - totals_[order];
  totals_[order] = total;
  net_ += change;
  const auto paid = paid_.find(order);
  if (paid != paid_.end() && paid->second == Tender::Cash) cash_ += change;
}

void BooksAudit::step(const OrderId& order, const std::set<OrderState>& from, OrderState to) {
  const auto found = states_.find(order);
  if (found == states_.end()) return fail("O1: an order that was never placed moves");
  if (from.count(found->second) == 0) fail("O1: an order moves where it may not");
  found->second = to;
}

// Long because it is one branch per kind of event.
void BooksAudit::follow(const Event& event) {
  using S = OrderState;
  if (const auto* day = std::get_if<DayOpened>(&event)) {
    if (day->day <= day_) fail("O4: a day opens twice or goes back");
    day_ = day->day;
    last_number_ = 0;
    net_ = cash_ = 0;
  } else if (const auto* changed = std::get_if<StockChanged>(&event)) {
    move(changed->movement);
  } else if (const auto* locked = std::get_if<HoldLocked>(&event)) {
    move(locked->movements, MovementKind::Lock);
    const bool was_used = ended_holds_.count(locked->hold.id) != 0;
    if (was_used || !open_holds_.insert(locked->hold.id).second)
      fail("I5: a hold's name is reused");
  } else if (const auto* confirmed = std::get_if<HoldConfirmed>(&event)) {
    move(confirmed->movements, MovementKind::Out);
    end_hold(confirmed->hold);
  } else if (const auto* released = std::get_if<HoldReleased>(&event)) {
    move(released->movements, MovementKind::Unlock);
    end_hold(released->hold);
  } else if (const auto* placed = std::get_if<OrderPlaced>(&event)) {
    const Order& order = placed->order;
    if (!numbers_.emplace(order.day.yyyymmdd, order.number).second) fail("O4: a number is reused");
    if (order.number != last_number_ + 1 || order.day != day_)
      fail("O4: numbers do not rise by one");
    last_number_ = order.number;
    std::int64_t sum = 0;
    for (const OrderLine& line : order.lines) sum += line.total.in_minor();
    if (order.discount) sum -= order.discount->amount.in_minor();
    if (sum < 0) fail("O3: a total below zero");
    if (sum != order.total.in_minor()) fail("O3: the total is not the sum of the lines");
    reprice(order.id, order.total.in_minor());
    if (!states_.emplace(order.id, S::Placed).second) fail("O4: an order id is reused");
  } else if (const auto* paid = std::get_if<OrderPaid>(&event)) {
    if (!paid_.emplace(paid->order, paid->payment.tender).second)
      fail("O7: an order is paid twice");
    if (paid->payment.amount.in_minor() != totals_[paid->order]) fail("O3: paid is not the total");
    if (paid->payment.tender == Tender::Cash) cash_ += paid->payment.amount.in_minor();
    const S now = states_[paid->order];
    step(paid->order, {S::Placed, S::Accepted, S::Preparing, S::Ready, S::Served},
         now == S::Placed ? S::Paid : now);
  } else if (const auto* accepted = std::get_if<OrderAccepted>(&event)) {
    step(accepted->order, {S::Placed, S::Paid}, accepted->tickets.empty() ? S::Ready : S::Accepted);
  } else if (const auto* served = std::get_if<OrderServed>(&event)) {
    step(served->order, {S::Ready}, S::Served);
  } else if (const auto* cancelled = std::get_if<OrderCancelled>(&event)) {
    if (paid_.count(cancelled->order) != 0) fail("O1: a paid order is cancelled");
    reprice(cancelled->order, 0);
    step(cancelled->order, {S::Placed}, S::Cancelled);
  } else if (const auto* voided = std::get_if<OrderVoided>(&event)) {
    if (!restocked_.insert(voided->order).second) fail("O7: an order is voided twice");
    move(voided->movements, MovementKind::Return);
    reprice(voided->order, 0);
    step(voided->order, {S::Placed, S::Paid, S::Accepted, S::Preparing, S::Ready, S::Served},
         S::Voided);
  } else if (const auto* line = std::get_if<OrderLineVoided>(&event)) {
    if (!voided_lines_.emplace(line->order, line->line).second) fail("O7: a line is voided twice");
    const bool of_hold = !line->hold.empty();
    move(line->movements, of_hold ? MovementKind::Unlock : MovementKind::Return);
    if (of_hold && line->held.empty()) end_hold(line->hold);
    reprice(line->order, line->total.in_minor());
    step(line->order, {S::Placed, S::Accepted, S::Preparing, S::Ready, S::Served}, line->state);
  } else if (const auto* granted = std::get_if<LeaseGranted>(&event)) {
    move(granted->movement);
    leases_[granted->lease] += granted->quantity.in_tenths();
  } else if (const auto* settled = std::get_if<LeaseSettled>(&event)) {
    move(settled->movement);
    std::int64_t& open = leases_[settled->lease];
    open -= settled->sold.in_tenths() + settled->returned.in_tenths();
    if (open < 0) fail("I3: a lease gives more than it was granted");
    if (settled->closed && open != 0) fail("I6: a lease is closed with rights in it");
    if (settled->closed) leases_.erase(settled->lease);
  } else if (const auto* less = std::get_if<OrderDiscounted>(&event)) {
    if (paid_.count(less->order) != 0) fail("O7: a paid order changes its price");
    reprice(less->order, less->total.in_minor());
  } else if (const auto* closed = std::get_if<DayClosed>(&event)) {
    if (!closed_days_.insert(closed->day).second) fail("a day is closed twice");
  } else if (const auto* ticket = std::get_if<TicketChanged>(&event)) {
    if (states_[ticket->order] == S::Voided) {
      step(ticket->order, {S::Voided}, ticket->state);
      if (ticket->state != S::Voided) fail("O1: a void order comes back to life");
    } else {
      // A ticket with nothing but void lines is cleared whatever became of the rest.
      const S was = states_[ticket->order];
      const bool stays = was == ticket->state;
      if (!stays && ticket->state != S::Preparing && ticket->state != S::Ready)
        fail("O1: odd state");
      if (!stays && was == S::Served) fail("O1: a served order is cooked again");
      step(ticket->order, {S::Accepted, S::Preparing, S::Ready, S::Served}, ticket->state);
    }
  }
}

std::vector<std::string> BooksAudit::check(const Ledger& ledger) const {
  std::vector<std::string> faults = faults_;
  std::map<SkuId, std::int64_t> held;
  for (const auto& [id, hold] : ledger.stock.holds()) {
    if (open_holds_.count(id) == 0) faults.push_back("I5: the books have a hold that is not open");
    for (const Demand& part : hold.demand) held[part.sku] += part.quantity.in_tenths();
  }
  std::map<SkuId, std::int64_t> leased;
  for (const auto& [id, lease] : ledger.stock.leases()) {
    leased[lease.sku] += outstanding(lease).in_tenths();
    const auto open = leases_.find(id);
    if (open == leases_.end() || open->second != outstanding(lease).in_tenths())
      faults.push_back("I3: a lease that was not granted like this");
  }
  if (ledger.stock.leases().size() != leases_.size()) faults.push_back("I6: a lease is missing");
  if (ledger.stock.holds().size() != open_holds_.size()) faults.push_back("I5: a hold is missing");
  for (const auto& [sku, level] : ledger.stock.levels()) {
    if (!in_range(level.available) || !in_range(level.held)) faults.push_back("I1: out of range");
    if (leased[sku] != level.leased.in_tenths()) faults.push_back("I2: leased is not in leases");
    if (!fits_the_books(level)) faults.push_back("I1: accounts claim what is not there");
    if (held[sku] != level.held.in_tenths()) faults.push_back("I2: held is not what holds hold");
    const auto account = accounts_.find(sku);
    const Account a = account != accounts_.end() ? account->second : Account{};
    if (a.opened + a.returned != shown(level) + a.out)
      faults.push_back("I2: units are not conserved");
  }
  const auto book = ledger.day_books.find(ledger.day);
  const DayFigures figures = book != ledger.day_books.end() ? book->second.figures : DayFigures{};
  if (figures.net().in_minor() != net_) faults.push_back("the day's figures do not add up");
  if (figures.cash_expected().in_minor() != cash_) faults.push_back("the drawer does not add up");
  std::size_t open = 0;
  for (const auto& [id, order] : ledger.orders) {
    const auto state = states_.find(id);
    if (state == states_.end() || state->second != order.state) faults.push_back("O1: other state");
    std::int64_t cost = 0;
    for (const OrderLine& line : order.lines) cost += line.voided ? 0 : line.total.in_minor();
    if (order.discount) cost -= order.discount->amount.in_minor();
    if (cost < 0 || cost != order.total.in_minor())
      faults.push_back("O3: the total is not the lines less the discount");
    if (order.paid != (paid_.count(id) != 0)) faults.push_back("O7: paid is not what was paid");
    if (!is_closed(order)) ++open;
  }
  if (open != ledger.open_orders) faults.push_back("the count of open orders is wrong");
  return faults;
}

}  // namespace larder::test
