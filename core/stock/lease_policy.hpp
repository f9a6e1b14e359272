// How large leases are, at the relay: what it asks for before it runs dry, and what it gives back
// by itself. Pure functions over whole tenths, and a meter of recent demand; time is an argument.
// What a hub grants of that and calls back is in grants.hpp.
#pragma once

#include <cstdint>

#include "core/base/quantity.hpp"
#include "core/base/time.hpp"

namespace larder {

// Demand counts half after this time: the sum in the meter is what about seven minutes ask for.
inline constexpr Duration kDemandHalfLife = Duration::minutes(5);
// The least that is worth a word: who has never sold anything begins with this.
inline constexpr Quantity kLeaseLeast = Quantity::units(3);
// A lease is not asked to cover more, however hot a SKU is.
inline constexpr Quantity kLeaseMost = Quantity::units(5'000);

// What was wanted lately of one SKU on one account, sold or refused, as a decaying sum. A value;
// time that goes back counts as no time.
class DemandMeter {
 public:
  void note(Quantity wanted, TimePoint at);
  Quantity recent(TimePoint at) const;

 private:
  std::int64_t decayed(TimePoint at) const;
  std::int64_t thousandths_ = 0;  // of a tenth
  TimePoint at_;
};

// The relay: how much more it asks for, when `idle` is unsold and unheld and `wanted` (zero: nobody
// in particular) could not be served from it. Zero: enough is there. It asks when less than half of
// what recent demand takes is left, and then for all of it.
Quantity lease_to_ask(Quantity idle, Quantity recent, Quantity wanted);

// The relay: what it gives back of `idle` because nobody asks for it: what is above twice the need.
Quantity lease_to_return(Quantity idle, Quantity recent);

}  // namespace larder
