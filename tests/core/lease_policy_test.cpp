// How large leases are.
#include "core/stock/lease_policy.hpp"

#include <gtest/gtest.h>

namespace larder {
namespace {

constexpr TimePoint kStart{1'795'000'000'000'000};

Quantity units(int count) { return Quantity::units(count); }

TEST(DemandMeter, halves_what_was_wanted_every_five_minutes) {
  DemandMeter meter;
  EXPECT_TRUE(meter.recent(kStart).is_zero());
  meter.note(units(8), kStart);
  EXPECT_EQ(meter.recent(kStart), units(8));
  EXPECT_EQ(meter.recent(kStart + kDemandHalfLife), units(4));
  EXPECT_EQ(meter.recent(kStart + Duration::minutes(10)), units(2));
  meter.note(units(2), kStart + Duration::minutes(10));
  EXPECT_EQ(meter.recent(kStart + Duration::minutes(10)), units(4));
  EXPECT_TRUE(meter.recent(kStart + Duration::minutes(24 * 60)).is_zero());
}

TEST(DemandMeter, takes_a_clock_that_goes_back_for_one_that_stands) {
  DemandMeter meter;
  meter.note(units(8), kStart);
  meter.note(units(1), TimePoint{});
  EXPECT_EQ(meter.recent(TimePoint{}), units(9));
  EXPECT_EQ(meter.recent(kStart + kDemandHalfLife), Quantity::tenths(45));
}

TEST(LeasePolicy, the_relay_asks_before_it_runs_dry_and_not_all_the_time) {
  EXPECT_TRUE(lease_to_ask(units(0), units(0), units(0)).is_zero()) << "nobody wants any";
  EXPECT_TRUE(lease_to_ask(units(10), units(20), units(0)).is_zero()) << "half is left";
  EXPECT_EQ(lease_to_ask(units(9), units(20), units(0)), units(11)) << "fills up";
  EXPECT_EQ(lease_to_ask(units(0), units(0), units(1)), kLeaseLeast) << "the first sale";
  EXPECT_EQ(lease_to_ask(units(2), units(0), units(50)), units(48)) << "a large order";
  EXPECT_EQ(lease_to_ask(units(0), units(90'000), units(0)), kLeaseMost);
}

TEST(LeasePolicy, the_relay_gives_back_what_nobody_asks_for) {
  EXPECT_TRUE(lease_to_return(units(6), units(0)).is_zero());
  EXPECT_EQ(lease_to_return(units(40), units(0)), units(34));
  EXPECT_EQ(lease_to_return(units(40), units(15)), units(10));
}

// Never more than there is, never below zero, whatever the figures.
TEST(LeasePolicy, no_figure_leaves_its_range) {
  for (int wanted = 0; wanted <= 40; wanted += 3) {
    for (int idle = 0; idle <= 40; idle += 3) {
      for (int recent = 0; recent <= 60; recent += 7) {
        EXPECT_GE(lease_to_ask(units(idle), units(recent), units(wanted)).in_tenths(), 0);
        EXPECT_LE(lease_to_return(units(idle), units(recent)), units(idle));
      }
    }
  }
}

}  // namespace
}  // namespace larder
