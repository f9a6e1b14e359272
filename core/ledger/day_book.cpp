#include "core/ledger/day_book.hpp"

#include <algorithm>
#include <tuple>

#include "core/base/limits.hpp"

namespace larder {

Money plus(Money a, Money b) {
  return Money::minor(
      std::clamp(a.in_minor() + b.in_minor(), -kMoneyMinorMax, std::int64_t{kMoneyMinorMax}));
}

Money minus(Money a, Money b) { return plus(a, Money::minor(-b.in_minor())); }

void Tally::add(Money more) {
  ++count;
  amount = plus(amount, more);
}

PersonTally& DayFigures::person(const StaffId& staff, const DeviceId& device,
                                const std::string& name) {
  const DeviceId where = staff.empty() ? device : DeviceId();
  const auto place = std::lower_bound(
      people.begin(), people.end(), std::tie(staff, where),
      [](const auto& tally, const auto& key) { return std::tie(tally.staff, tally.device) < key; });
  if (place != people.end() && place->staff == staff && place->device == where) return *place;
  PersonTally made;
  made.staff = staff;
  made.device = where;
  made.name = name;
  return *people.insert(place, std::move(made));
}

Money DayFigures::net() const {
  return minus(minus(minus(orders.amount, discounts.amount), voids.amount), cancelled.amount);
}

Money DayFigures::cash_expected() const { return minus(cash.paid.amount, cash.refunded.amount); }

}  // namespace larder
