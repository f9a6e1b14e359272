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

TEST(LeasePolicy, the_hub_shares_what_is_scarce_by_demand) {
  EXPECT_EQ(lease_to_grant(units(10), units(100), units(20)), units(10)) << "plenty";
  EXPECT_EQ(lease_to_grant(units(10), units(20), units(30)), units(5)) << "one in four asks";
  EXPECT_EQ(lease_to_grant(units(10), units(4), units(0)), units(4)) << "nobody here wants it";
  EXPECT_EQ(lease_to_grant(units(1), units(3), units(500)), units(1)) << "one of three";
  EXPECT_TRUE(lease_to_grant(units(1), units(1), units(500)).is_zero()) << "the last one stays";
  EXPECT_TRUE(lease_to_grant(units(0), units(9), units(0)).is_zero());
  EXPECT_TRUE(lease_to_grant(units(5), units(0), units(0)).is_zero());
}

TEST(LeasePolicy, the_hub_asks_back_when_its_own_channels_run_short) {
  EXPECT_EQ(lease_to_keep(units(10), units(9), units(8), units(0)), units(10)) << "not short";
  EXPECT_EQ(lease_to_keep(units(10), units(0), units(8), units(0)), units(0)) << "idle there";
  EXPECT_EQ(lease_to_keep(units(10), units(0), units(5), units(5)), units(5));
  EXPECT_EQ(lease_to_keep(units(2), units(0), units(1), units(90)), units(1)) << "whole units";
}

TEST(LeasePolicy, the_relay_gives_back_what_nobody_asks_for) {
  EXPECT_TRUE(lease_to_return(units(6), units(0)).is_zero());
  EXPECT_EQ(lease_to_return(units(40), units(0)), units(34));
  EXPECT_EQ(lease_to_return(units(40), units(15)), units(10));
}

// Never more than there is, never below zero, whatever the figures.
TEST(LeasePolicy, no_figure_leaves_its_range) {
  for (int asked = 0; asked <= 40; asked += 3) {
    for (int free = 0; free <= 40; free += 3) {
      for (int here = 0; here <= 60; here += 7) {
        const Quantity given = lease_to_grant(units(asked), units(free), units(here));
        EXPECT_LE(given, units(std::min(asked, free)));
        EXPECT_GE(given.in_tenths(), 0);
        const Quantity kept = lease_to_keep(units(asked), units(free), units(here), units(9));
        EXPECT_LE(kept, units(asked));
        EXPECT_GE(kept.in_tenths(), 0);
        EXPECT_GE(lease_to_ask(units(free), units(here), units(asked)).in_tenths(), 0);
        EXPECT_LE(lease_to_return(units(free), units(here)), units(free));
      }
    }
  }
}

}  // namespace
}  // namespace larder
