// The figures of one business day, kept while its events are applied: what the statement shows and
// the close writes down. Each figure counts on the day on which the thing happened.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/money.hpp"
#include "core/base/time.hpp"
#include "core/orders/order.hpp"

namespace larder {

// How often, and how much in all. Sums stop at the largest amount the books can hold.
struct Tally {
  std::uint32_t count = 0;
  Money amount;
  void add(Money more);
  bool operator==(const Tally&) const = default;
};

struct TenderTally {
  Tally paid;
  Tally refunded;  // for what was voided after it was paid
  bool operator==(const TenderTally&) const = default;
};

// What one person gave away. `staff` is empty where nobody was signed in: then it is the device.
struct PersonTally {
  StaffId staff;
  DeviceId device;
  std::string name;  // as it was on that day
  Tally discounts;
  Tally voids;
  bool operator==(const PersonTally&) const = default;
};

struct DayFigures {
  Tally orders;     // placed; the amount is what their lines cost
  Tally discounts;  // a discount that is taken back counts as a negative amount
  Tally voids;      // by how much the totals fell
  Tally cancelled;
  TenderTally cash;
  TenderTally card;
  std::vector<PersonTally> people;  // in order of staff, then device
  bool operator==(const DayFigures&) const = default;

  TenderTally& of(Tender tender) { return tender == Tender::Cash ? cash : card; }
  PersonTally& person(const StaffId& staff, const DeviceId& device, const std::string& name);
  // Orders less discounts, voids and cancelled ones.
  Money net() const;
  // What the drawer should hold beside its float.
  Money cash_expected() const;
};

struct DayClose {
  TimePoint at;
  DeviceId by;
  StaffId staff;
  std::string name;
  Money cash_expected;  // when it was closed
  Money cash_counted;
  bool operator==(const DayClose&) const = default;
};

struct DayBook {
  DayFigures figures;
  bool closed = false;
  DayClose close;
  bool operator==(const DayBook&) const = default;
};

// Both stop at the ends of what the books can hold.
Money plus(Money a, Money b);
Money minus(Money a, Money b);

}  // namespace larder
