// Changes that did not know of one another: what HQ sets from afar, and what other makes replay.
#include "core/stock/merge.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "tests/core/store.hpp"

namespace larder::test {
namespace {

const SkuId kSoup("soup");

class FromAfar : public testing::Test {
 protected:
  FromAfar() { store.count("soup", 20); }

  CountStock set(std::int32_t to, Seq look) {
    return CountStock{kSoup, units(to), look, store.now.at};
  }
  Seq look() const { return store.ledger.seq; }
  Quantity available() { return store.level("soup").available; }

  Store store;
  Asker hq{DeviceId("hq:alice"), Role::Admin};
};

TEST_F(FromAfar, what_was_sold_after_the_look_is_taken_off) {
  const Seq seen = look();
  store.must(store.till, paid_by_card({line("soup", 3)}, 3 * 590));
  store.wait(5);
  store.must(hq, set(50, seen));
  EXPECT_EQ(available(), units(47));
  EXPECT_EQ(last_of<StockChanged>(store.last_events()).asked_at, store.now.at);
}

TEST_F(FromAfar, what_is_only_held_is_taken_off_too_and_comes_back_when_released) {
  const Seq seen = look();
  const Outcome cart = store.must(store.kiosk, PlaceHold{{line("soup", 2)}});
  store.must(hq, set(10, seen));
  EXPECT_EQ(available(), units(8));
  store.must(store.kiosk, ReleaseHold{cart.hold});
  EXPECT_EQ(available(), units(10));
}

TEST_F(FromAfar, more_sold_than_was_set_is_an_oversell_record) {
  const Seq seen = look();
  store.must(store.till, paid_by_card({line("soup", 5)}, 5 * 590));
  store.must(hq, set(2, seen));
  EXPECT_EQ(available(), Quantity());
  EXPECT_EQ(last_of<StockOversold>(store.last_events()).record.quantity, units(3));
}

TEST_F(FromAfar, of_two_that_set_it_the_later_counts_and_a_person_is_told) {
  const Seq seen = look();
  store.wait(10);
  store.must(store.till, CountStock{kSoup, units(12), std::nullopt, std::nullopt});
  CountStock early = set(50, seen);
  early.at = TimePoint{store.now.at.micros - 1};
  EXPECT_EQ(store.refused(hq, early), Code::StaleCount) << "the store's own is later";
  store.wait(10);
  const Outcome outcome = store.must(hq, set(50, seen));
  EXPECT_EQ(available(), units(50));
  EXPECT_NE(outcome.remark.find("12.0"), std::string::npos);
}

TEST_F(FromAfar, two_words_of_hq_are_compared_by_their_own_times) {
  const Seq seen = look();
  CountStock first = set(30, seen);
  CountStock second = set(40, seen);
  second.at = first.at->micros == 0 ? first.at : TimePoint{first.at->micros + 1};
  store.wait(60);  // both arrive long after they were said
  store.must(hq, first);
  store.must(hq, second);
  EXPECT_EQ(available(), units(40));
  EXPECT_EQ(store.refused(hq, first), Code::StaleCount) << "late and again";
}

TEST_F(FromAfar, a_look_older_than_what_is_kept_is_refused) {
  const Seq seen = look();
  for (std::size_t i = 0; i <= kStockChangesKept; ++i) {
    const Outcome cart = store.must(store.kiosk, PlaceHold{{line("soup")}});
    store.must(store.kiosk, ReleaseHold{cart.hold});
  }
  EXPECT_EQ(store.refused(hq, set(50, seen)), Code::StaleCount);
  store.must(hq, set(50, look()));
}

// (a) of the estate's three: HQ marks sold out while the store sells the same item.
TEST_F(FromAfar, sold_out_from_hq_and_a_sale_at_the_same_time_both_count) {
  const Outcome cart = store.must(store.kiosk, PlaceHold{{line("soup", 2)}});
  store.must(hq, MarkStock{kSoup, StockStatus::SoldOut});
  PlaceOrder order = paid_by_card({line("soup", 2)}, 2 * 590);
  order.hold = cart.hold;
  store.must(store.kiosk, order);
  EXPECT_EQ(available(), units(18));
  EXPECT_EQ(store.level("soup").status, StockStatus::SoldOut);
  EXPECT_EQ(store.refused(store.kiosk, takeaway({line("soup")})), Code::OutOfStock);
}

// --- what other makes replay ---------------------------------------------------------------

OfflineChange added(const std::string& id, std::int64_t tenths, std::int64_t at) {
  return {id, false, tenths, TimePoint{at}};
}
OfflineChange was_set(const std::string& id, std::int64_t tenths, std::int64_t at) {
  return {id, true, tenths, TimePoint{at}};
}

TEST(OfflineMerge, relative_changes_add_up) {
  EXPECT_EQ(merged(100, {added("a", -30, 1), added("b", -20, 2), added("c", 10, 3)}), 60);
}

TEST(OfflineMerge, a_set_counts_with_what_came_after_it_only) {
  EXPECT_EQ(merged(100, {added("a", -30, 1), was_set("b", 50, 2), added("c", -20, 3)}), 30);
  EXPECT_EQ(merged(100, {was_set("old", 10, 1), was_set("new", 50, 2), added("c", -5, 2)}), 50)
      << "at the same time the id decides: c before new";
}

TEST(OfflineMerge, falls_below_zero_when_more_was_sold_than_was_there) {
  EXPECT_EQ(merged(20, {added("a", -15, 1), added("b", -15, 2)}), -10);
}

// The plain model: everybody in one room, one after the other.
RC_GTEST_PROP(OfflineMerge, is_what_one_room_would_have_counted_in_any_order_of_arrival, ()) {
  std::vector<OfflineChange> changes;
  for (int i = *rc::gen::inRange(0, 20); i > 0; --i) {
    const bool sets = *rc::gen::inRange(0, 4) == 0;
    const auto tenths = *rc::gen::inRange<std::int64_t>(sets ? 0 : -200, 200);
    changes.push_back(
        {"c" + std::to_string(i), sets, tenths, TimePoint{*rc::gen::inRange<std::int64_t>(0, 12)}});
  }
  std::vector<OfflineChange> in_order = changes;
  std::sort(in_order.begin(), in_order.end(), comes_before);
  std::int64_t model = 100;
  for (const OfflineChange& change : in_order) {
    model = change.is_absolute ? change.tenths : model + change.tenths;
  }
  RC_ASSERT(merged(100, changes) == model);
  std::reverse(changes.begin(), changes.end());
  RC_ASSERT(merged(100, changes) == model);
}

}  // namespace
}  // namespace larder::test
