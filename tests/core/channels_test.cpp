// Channels of a SKU: quotas, weights, the shared pool, and the order in which they are drawn.
#include <gtest/gtest.h>

#include "core/stock/draft.hpp"
#include "tests/core/store.hpp"

namespace larder::test {
namespace {

const SkuId kSoup("soup");
const ChannelCode kKiosk("kiosk");
const ChannelCode kPos("pos");
const ChannelCode kOnline("online_order");

ChannelChange quota(const ChannelCode& channel, std::int32_t units_of) {
  return {channel, units(units_of), std::nullopt, std::nullopt};
}
ChannelChange weight(const ChannelCode& channel, std::uint32_t percent) {
  return {channel, std::nullopt, percent, std::nullopt};
}
ChannelChange status(const ChannelCode& channel, StockStatus is) {
  return {channel, std::nullopt, std::nullopt, is};
}

class ChannelRules : public testing::Test {
 protected:
  ChannelRules() { store.count("soup", 10); }

  Outcome set(const std::vector<ChannelChange>& changes) {
    return store.must(store.till, SetChannels{kSoup, changes});
  }
  ChannelAccount account(const ChannelCode& channel) {
    const StockLevel level = store.level("soup");
    const ChannelAccount* const found = find_account(level, channel);
    if (found == nullptr) throw std::runtime_error("no account of " + channel.text());
    return *found;
  }

  Store store;
};

TEST_F(ChannelRules, a_quota_comes_out_of_the_pool) {
  set({quota(kKiosk, 4)});
  EXPECT_EQ(store.level("soup").available, units(10));
  EXPECT_EQ(pool_of(store.level("soup")), units(6));
  EXPECT_EQ(most_for(store.level("soup"), kPos), units(6));
  EXPECT_EQ(most_for(store.level("soup"), kKiosk), units(6));
}

TEST_F(ChannelRules, the_quota_is_drawn_first_and_whole_then_the_pool_whole) {
  set({quota(kKiosk, 4)});
  store.must(store.kiosk, takeaway({line("soup", 3)}));
  EXPECT_EQ(account(kKiosk).sold, units(3)) << "from the quota";
  EXPECT_EQ(pool_of(store.level("soup")), units(6));
  store.must(store.kiosk, takeaway({line("soup", 2)}));
  EXPECT_EQ(account(kKiosk).sold, units(3)) << "one is left in the quota: not enough for two";
  EXPECT_EQ(pool_of(store.level("soup")), units(4)) << "so both came from the pool";
  EXPECT_EQ(store.refused(store.kiosk, takeaway({line("soup", 5)})), Code::OutOfStock)
      << "five are there in all, but neither account has five";
}

// The fifth fault of the estate: a deduct checked the channel's limit but not the total.
TEST_F(ChannelRules, production_fault_5_the_total_is_checked_as_well_as_the_channel) {
  set({quota(kKiosk, 4), quota(kOnline, 6)});
  EXPECT_EQ(store.refused(store.till, takeaway({line("soup")})), Code::OutOfStock)
      << "everything is some other channel's";
  store.must(store.till, CountStock{kSoup, units(3), std::nullopt});
  EXPECT_TRUE(fits_the_books(store.level("soup")));
  EXPECT_EQ(store.refused(store.kiosk, takeaway({line("soup", 4)})), Code::OutOfStock);
}

TEST_F(ChannelRules, what_is_released_goes_back_where_it_came_from) {
  set({quota(kKiosk, 4)});
  const Outcome cart = store.must(store.kiosk, PlaceHold{{line("soup", 3)}});
  EXPECT_EQ(account(kKiosk).sold, units(3));
  store.must(store.kiosk, ReleaseHold{cart.hold});
  EXPECT_EQ(account(kKiosk).sold, Quantity());
  EXPECT_EQ(pool_of(store.level("soup")), units(6));

  const Outcome big = store.must(store.kiosk, PlaceHold{{line("soup", 5)}});
  EXPECT_EQ(pool_of(store.level("soup")), units(1));
  store.must(store.kiosk, ReleaseHold{big.hold});
  EXPECT_EQ(pool_of(store.level("soup")), units(6));
  EXPECT_EQ(account(kKiosk).sold, Quantity());
}

TEST_F(ChannelRules, sold_out_on_one_channel_and_on_sale_on_another) {
  set({status(kKiosk, StockStatus::SoldOut)});
  EXPECT_EQ(store.refused(store.kiosk, takeaway({line("soup")})), Code::OutOfStock);
  store.must(store.till, takeaway({line("soup")}));
  store.must(store.till, MarkStock{kSoup, StockStatus::Available, RestoreRule::Never, {}, kKiosk});
  store.must(store.kiosk, takeaway({line("soup")}));
}

TEST_F(ChannelRules, a_channel_of_an_unlimited_sku_can_be_sold_out_too) {
  store.must(store.till, MarkStock{SkuId("wine"), StockStatus::SoldOut, {}, {}, kPos});
  EXPECT_EQ(store.refused(store.till, takeaway({line("wine")})), Code::OutOfStock);
  EXPECT_EQ(store.level("wine").status, StockStatus::Available);
}

TEST_F(ChannelRules, lines_that_use_one_sku_are_summed_before_they_are_drawn) {
  set({quota(kKiosk, 4)});
  store.must(store.kiosk, takeaway({line("soup", 2), line("soup", 3)}));
  EXPECT_EQ(account(kKiosk).sold, Quantity()) << "five at once: the pool's";
  EXPECT_EQ(pool_of(store.level("soup")), units(1));
}

TEST_F(ChannelRules, weights_share_out_what_is_there_and_every_new_total) {
  set({weight(kKiosk, 30), weight(kOnline, 25)});
  EXPECT_EQ(account(kKiosk).quota, units(3));
  EXPECT_EQ(account(kOnline).quota, units(3)) << "2.5: the larger remainder, before the pool's";
  EXPECT_EQ(pool_of(store.level("soup")), units(4));
  store.count("soup", 100);
  EXPECT_EQ(account(kKiosk).quota, units(30));
  EXPECT_EQ(account(kOnline).quota, units(25));
  EXPECT_EQ(pool_of(store.level("soup")), units(45));
}

TEST_F(ChannelRules, case_68_weights_above_a_hundred_and_quotas_above_the_stock_are_refused) {
  const auto refused = [&](const std::vector<ChannelChange>& changes) {
    return store.refused(store.till, SetChannels{kSoup, changes});
  };
  EXPECT_EQ(refused({weight(kKiosk, 60), weight(kOnline, 41)}), Code::BadQuantity);
  EXPECT_EQ(refused({quota(kKiosk, 11)}), Code::WouldBreakCommitments);
  EXPECT_EQ(refused({quota(kKiosk, 6), quota(kOnline, 5)}), Code::WouldBreakCommitments);
  EXPECT_EQ(refused({}), Code::BadRequest);
  EXPECT_TRUE(store.level("soup").channels.empty()) << "nothing changed";
}

TEST_F(ChannelRules, case_69_a_quota_below_what_is_drawn_counts_as_that) {
  set({quota(kKiosk, 5)});
  store.must(store.kiosk, takeaway({line("soup", 4)}));
  const Outcome outcome = set({quota(kKiosk, 1)});
  EXPECT_EQ(account(kKiosk).quota, units(4)) << "max(sold, new)";
  EXPECT_EQ(left_of(account(kKiosk)), Quantity());
  ASSERT_EQ(outcome.pending_shrink.size(), 1U);
  EXPECT_EQ(outcome.pending_shrink[0].first, kKiosk);
  EXPECT_EQ(outcome.pending_shrink[0].second, units(3));
  EXPECT_EQ(outcome.remark, "pending_shrink: kiosk 3.0") << "what HQ's word answers";
  EXPECT_EQ(pool_of(store.level("soup")), units(6));
}

TEST_F(ChannelRules, a_total_below_the_quotas_cuts_them_in_proportion) {
  set({quota(kKiosk, 6), quota(kOnline, 2)});
  store.count("soup", 4);
  EXPECT_EQ(left_of(account(kKiosk)), units(3));
  EXPECT_EQ(left_of(account(kOnline)), units(1));
  EXPECT_EQ(pool_of(store.level("soup")), Quantity());
}

TEST_F(ChannelRules, a_shared_out_quota_takes_back_no_more_than_it_gave) {
  set({weight(kKiosk, 50)});
  const Outcome cart = store.must(store.kiosk, PlaceHold{{line("soup", 4)}});
  store.count("soup", 2);  // shared out anew: one for the kiosk
  store.must(store.kiosk, ReleaseHold{cart.hold});
  EXPECT_TRUE(fits_the_books(store.level("soup")));
  EXPECT_EQ(store.level("soup").available, units(6));
  EXPECT_EQ(pool_of(store.level("soup")), units(5)) << "the four are the pool's";
}

TEST_F(ChannelRules, an_account_that_says_nothing_is_dropped) {
  set({quota(kKiosk, 4)});
  set({quota(kKiosk, 0)});
  EXPECT_TRUE(store.level("soup").channels.empty());
}

TEST_F(ChannelRules, a_plan_is_there_again_with_the_new_day) {
  store.must(store.till, LimitStock{kSoup, StockType::Limited, units(3), units(40)});
  set({weight(kKiosk, 25)});
  store.must(store.kiosk, takeaway({line("soup", 2)}));
  ++store.now.day.yyyymmdd;
  store.must(store.hub, ExpireHolds{});
  EXPECT_EQ(store.level("soup").available, units(40));
  EXPECT_EQ(store.level("soup").held, units(2)) << "yesterday's hold is still set aside";
  EXPECT_EQ(account(kKiosk).quota, units(10));
  EXPECT_EQ(account(kKiosk).sold, Quantity());
  store.must(store.hub, ExpireHolds{});
  EXPECT_TRUE(store.last_events().empty()) << "once";
}

TEST_F(ChannelRules, what_is_to_come_back_at_a_time_comes_back_once) {
  const TimePoint due = store.now.at + Duration::minutes(10);
  store.must(store.till, MarkStock{kSoup, StockStatus::SoldOut, RestoreRule::At, due});
  EXPECT_EQ(store.ledger.stock.due(store.now.at), std::vector<SkuId>{});
  store.wait(10 * 60);
  EXPECT_EQ(store.ledger.stock.due(store.now.at), std::vector<SkuId>{kSoup});
  store.must(store.hub, ExpireHolds{});
  EXPECT_EQ(story(store.last_events()), "StockChanged");
  EXPECT_EQ(store.level("soup").status, StockStatus::Available);
  EXPECT_TRUE(store.ledger.stock.due(store.now.at).empty());
  EXPECT_EQ(store.refused(store.till, MarkStock{kSoup, StockStatus::SoldOut, RestoreRule::At, due}),
            Code::BadRequest)
      << "that time is over";
}

TEST_F(ChannelRules, thresholds_are_kept_and_in_order) {
  store.must(store.till, SetThresholds{kSoup, units(5), units(2)});
  EXPECT_EQ(store.level("soup").warning, units(5));
  EXPECT_EQ(store.refused(store.till, SetThresholds{kSoup, units(2), units(5)}), Code::BadQuantity);
}

}  // namespace
}  // namespace larder::test
