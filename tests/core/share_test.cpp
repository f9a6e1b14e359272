// Shares of a total by largest remainder.
#include "core/stock/share.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <numeric>

#include "core/base/limits.hpp"

namespace larder {
namespace {

std::int64_t sum(const std::vector<Quantity>& shares) {
  std::int64_t total = 0;
  for (const Quantity share : shares) total += share.in_tenths();
  return total;
}

TEST(Share, case_68_three_thirds_of_a_hundred_leave_the_rest_to_the_pool) {
  const std::vector<std::uint32_t> thirds{33, 33, 33};
  const Shares shares = share_out(Quantity::units(100), thirds);
  EXPECT_EQ(shares.shares,
            (std::vector<Quantity>{Quantity::units(33), Quantity::units(33), Quantity::units(33)}));
  EXPECT_EQ(shares.rest, Quantity::units(1));
}

TEST(Share, the_largest_remainder_gets_the_unit_that_is_left) {
  // 7 units: 30 % is 2.1, 25 % is 1.75, 45 % is 3.15.
  const Shares shares = share_out(Quantity::units(7), std::vector<std::uint32_t>{30, 25, 45});
  EXPECT_EQ(shares.shares,
            (std::vector<Quantity>{Quantity::units(2), Quantity::units(2), Quantity::units(3)}));
  EXPECT_EQ(shares.rest, Quantity());
}

TEST(Share, of_equal_remainders_the_earlier_wins_and_the_pool_comes_last) {
  const Shares shares = share_out(Quantity::units(1), std::vector<std::uint32_t>{25, 25, 25});
  EXPECT_EQ(shares.shares.front(), Quantity::units(1));
  EXPECT_EQ(shares.rest, Quantity());
}

TEST(Share, whole_units_stay_whole_and_tenths_are_shared_as_tenths) {
  EXPECT_EQ(share_out(Quantity::units(5), std::vector<std::uint32_t>{50}).shares.front(),
            Quantity::units(3));
  EXPECT_EQ(share_out(Quantity::tenths(51), std::vector<std::uint32_t>{50}).shares.front(),
            Quantity::tenths(26));
}

RC_GTEST_PROP(Share, never_makes_or_loses_a_tenth_nor_strays_by_more_than_one_unit, ()) {
  const Quantity total =
      Quantity::tenths(*rc::gen::inRange<std::int64_t>(0, kQuantityTenthsMax + 1));
  std::vector<std::uint32_t> weights;
  std::uint32_t left = 100;
  while (left > 0 && weights.size() < 16 && *rc::gen::arbitrary<bool>()) {
    weights.push_back(*rc::gen::inRange<std::uint32_t>(0, left + 1));
    left -= weights.back();
  }
  const Shares shares = share_out(total, weights);
  RC_ASSERT(sum(shares.shares) + shares.rest.in_tenths() == total.in_tenths());
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const std::int64_t exact = total.in_tenths() * weights[i] / 100;
    RC_ASSERT(std::abs(shares.shares[i].in_tenths() - exact) <= 10);
    RC_ASSERT(shares.shares[i].in_tenths() >= 0);
  }
}

RC_GTEST_PROP(Share, in_proportion_gives_all_of_it_and_nothing_to_nobody, ()) {
  const Quantity total = Quantity::tenths(*rc::gen::inRange<std::int64_t>(0, 10'000));
  std::vector<Quantity> figures;
  for (int i = *rc::gen::inRange(0, 6); i > 0; --i) {
    figures.push_back(Quantity::tenths(*rc::gen::inRange<std::int64_t>(0, 500)));
  }
  const std::vector<Quantity> shares = share_in_proportion(total, figures);
  RC_ASSERT(shares.size() == figures.size());
  RC_ASSERT(sum(shares) == (sum(figures) == 0 ? 0 : total.in_tenths()));
}

}  // namespace
}  // namespace larder
