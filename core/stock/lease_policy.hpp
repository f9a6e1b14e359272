// How large leases are: what the relay asks for before it runs dry, what a hub grants of that, what
// it asks back, and what the relay gives back by itself. Pure functions over whole tenths, and a
// meter of recent demand; time is an argument. Both sides use them, so that neither starves the
// other: a unit at the wrong site is a sale refused.
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

// The hub: how much of `asked` it hands over of the `free` units that no account of its own
// claims. `here` is the recent demand of its own channels. All of it when there is plenty; when it
// is scarce the units are shared by demand, and whoever asked gets at least one unit where there
// are two.
Quantity lease_to_grant(Quantity asked, Quantity free, Quantity here);

// The hub, when its own channels run short: what the seller of a lease may keep of the
// `outstanding` units, by the demand on both sides (`there`: of the lease's channel, as settled
// lately). Equal to `outstanding`: nothing is asked back.
Quantity lease_to_keep(Quantity outstanding, Quantity free, Quantity here, Quantity there);

// The relay: what it gives back of `idle` because nobody asks for it: what is above twice the need.
Quantity lease_to_return(Quantity idle, Quantity recent);

}  // namespace larder
