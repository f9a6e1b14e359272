// Levels, movements and holds, without orders around them.
#include "core/stock/stock.hpp"

#include <gtest/gtest.h>

#include "core/stock/draft.hpp"

namespace larder {
namespace {

const SkuId kSoup("soup");
const SkuId kCola("cola");

Stock with_soup(std::int32_t available) {
  Stock stock;
  stock.apply(*StockDraft(stock).count(kSoup, Quantity::units(available)));
  return stock;
}

Hold cart(const std::string& id, std::vector<Demand> demand,
          const std::string& device = "kiosk-1") {
  return {HoldId(id), HoldKind::Cart, DeviceId(device), {}, std::move(demand), TimePoint{1000}};
}

void apply_all(Stock& stock, const std::vector<Movement>& movements) {
  for (const Movement& movement : movements) stock.apply(movement);
}

TEST(Stock, a_sku_nobody_counted_is_unlimited) {
  const Stock stock;
  EXPECT_EQ(stock.level(kSoup), StockLevel{});
  EXPECT_TRUE(is_sellable(stock.level(kSoup)));
  EXPECT_TRUE(StockDraft(stock).lock({{kSoup, Quantity::units(9999)}})->movements.empty());
}

TEST(Stock, refuses_the_last_unit_twice) {
  Stock stock = with_soup(1);
  const std::vector<Movement> lock =
      StockDraft(stock).lock({{kSoup, Quantity::units(1)}})->movements;
  ASSERT_EQ(lock.size(), 1U);
  EXPECT_EQ(lock[0].kind, MovementKind::Lock);
  EXPECT_EQ(lock[0].before.available, Quantity::units(1));
  EXPECT_EQ(lock[0].after.available, Quantity());
  EXPECT_EQ(lock[0].after.held, Quantity::units(1));
  apply_all(stock, lock);
  EXPECT_FALSE(is_sellable(stock.level(kSoup)));
  const auto again = StockDraft(stock).lock({{kSoup, Quantity::tenths(1)}});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code(), Code::OutOfStock);
  EXPECT_EQ(again.error().subject(), "soup");
  EXPECT_EQ(again.error().message(), "soup: 0.0 left, 0.1 wanted");
}

TEST(Stock, locks_all_or_nothing_and_sums_a_sku_named_twice) {
  Stock stock = with_soup(3);
  stock.apply(*StockDraft(stock).count(kCola, Quantity::units(1)));
  EXPECT_FALSE(StockDraft(stock).lock({{kSoup, Quantity::units(1)}, {kCola, Quantity::units(2)}}));
  EXPECT_FALSE(StockDraft(stock).lock({{kSoup, Quantity::units(2)}, {kSoup, Quantity::units(2)}}));
  EXPECT_EQ(StockDraft(stock)
                .lock({{kSoup, Quantity::units(2)}, {kSoup, Quantity::units(1)}})
                ->movements.size(),
            2U);
}

TEST(Stock, a_demand_of_nothing_is_refused) {
  const Stock stock = with_soup(3);
  EXPECT_EQ(StockDraft(stock).lock({{kSoup, Quantity()}}).error().code(), Code::BadQuantity);
  EXPECT_EQ(StockDraft(stock).lock({{kSoup, Quantity::tenths(-10)}}).error().code(),
            Code::BadQuantity);
}

TEST(Stock, a_mark_stops_unlimited_and_limited_skus) {
  Stock stock = with_soup(3);
  stock.apply(StockDraft(stock).mark(kSoup, StockStatus::SoldOut));
  stock.apply(StockDraft(stock).mark(kCola, StockStatus::SoldOut));
  EXPECT_EQ(StockDraft(stock).lock({{kSoup, Quantity::units(1)}}).error().code(), Code::OutOfStock);
  EXPECT_EQ(StockDraft(stock).lock({{kCola, Quantity::units(1)}}).error().code(), Code::OutOfStock);
  EXPECT_FALSE(is_sellable(stock.level(kCola)));
  stock.apply(StockDraft(stock).mark(kSoup, StockStatus::Available));
  EXPECT_EQ(stock.level(kSoup).available, Quantity::units(3));
  EXPECT_TRUE(StockDraft(stock).lock({{kSoup, Quantity::units(3)}}));
}

TEST(Stock, a_hold_goes_out_or_back) {
  Stock stock = with_soup(5);
  const std::vector<Demand> two{{kSoup, Quantity::units(2)}};
  apply_all(stock, StockDraft(stock).lock(two)->movements);
  stock.open_hold(cart("h1", two));
  EXPECT_EQ(stock.cart_of(DeviceId("kiosk-1"))->id, HoldId("h1"));
  apply_all(stock, StockDraft(stock).unlock(*stock.hold(HoldId("h1"))));
  stock.end_hold(HoldId("h1"));
  EXPECT_EQ(stock.level(kSoup).available, Quantity::units(5));
  EXPECT_EQ(stock.level(kSoup).held, Quantity());
  EXPECT_EQ(stock.cart_of(DeviceId("kiosk-1")), nullptr);

  apply_all(stock, StockDraft(stock).lock(two)->movements);
  stock.open_hold(cart("h2", two));
  stock.move_hold_to_order(HoldId("h2"), OrderId("o1"), TimePoint{2000});
  EXPECT_EQ(stock.cart_of(DeviceId("kiosk-1")), nullptr);
  ASSERT_NE(stock.hold_of(OrderId("o1")), nullptr);
  EXPECT_EQ(stock.hold_of(OrderId("o1"))->expires_at, TimePoint{2000});
  apply_all(stock, StockDraft(stock).out(*stock.hold(HoldId("h2"))));
  stock.end_hold(HoldId("h2"));
  EXPECT_EQ(stock.hold_of(OrderId("o1")), nullptr);
  EXPECT_EQ(stock.level(kSoup).available, Quantity::units(3));
  EXPECT_EQ(stock.level(kSoup).held, Quantity());
}

TEST(Stock, names_the_holds_whose_time_has_come) {
  Stock stock;
  stock.open_hold(cart("h1", {}, "a"));
  Hold later = cart("h2", {}, "b");
  later.expires_at = TimePoint{2000};
  stock.open_hold(later);
  EXPECT_TRUE(stock.expired(TimePoint{999}).empty());
  EXPECT_EQ(stock.expired(TimePoint{1000}), std::vector<HoldId>{HoldId("h1")});
  EXPECT_EQ(stock.expired(TimePoint{2000}).size(), 2U);
}

TEST(Stock, a_count_leaves_what_is_held) {
  Stock stock = with_soup(5);
  apply_all(stock, StockDraft(stock).lock({{kSoup, Quantity::units(2)}})->movements);
  const Movement count = *StockDraft(stock).count(kSoup, Quantity::units(10));
  EXPECT_EQ(count.kind, MovementKind::Count);
  EXPECT_EQ(count.after.available, Quantity::units(10));
  EXPECT_EQ(count.after.held, Quantity::units(2));
}

TEST(Stock, counts_and_limits_out_of_range_are_refused) {
  Stock stock = with_soup(5);
  apply_all(stock, StockDraft(stock).lock({{kSoup, Quantity::units(2)}})->movements);
  const auto code = [](const auto& result) { return result.error().code(); };
  const Quantity most = Quantity::tenths(kQuantityTenthsMax);
  EXPECT_EQ(code(StockDraft(stock).count(kSoup, Quantity::tenths(-1))), Code::BadQuantity);
  EXPECT_EQ(code(StockDraft(stock).count(kCola, Quantity::tenths(kQuantityTenthsMax + 1))),
            Code::BadQuantity);
  EXPECT_EQ(code(StockDraft(stock).limit(kCola, StockType::Limited,
                                         Quantity::tenths(kQuantityTenthsMax + 1))),
            Code::BadQuantity);
  // With the two that are held the sum would leave the books when they come back.
  EXPECT_EQ(code(StockDraft(stock).count(kSoup, most)), Code::BadQuantity);
  EXPECT_TRUE(StockDraft(stock).count(kCola, most));
}

TEST(Stock, a_hold_ends_well_when_its_sku_became_unlimited) {
  Stock stock = with_soup(5);
  const std::vector<Demand> two{{kSoup, Quantity::units(2)}};
  apply_all(stock, StockDraft(stock).lock(two)->movements);
  stock.open_hold(cart("h1", two));
  stock.apply(*StockDraft(stock).limit(kSoup, StockType::Unlimited, Quantity::units(77)));
  EXPECT_EQ(stock.level(kSoup).available, Quantity());
  EXPECT_EQ(stock.level(kSoup).held, Quantity::units(2));
  apply_all(stock, StockDraft(stock).unlock(*stock.hold(HoldId("h1"))));
  EXPECT_EQ(stock.level(kSoup).held, Quantity());
  EXPECT_EQ(stock.level(kSoup).available, Quantity());
}

TEST(Stock, gives_back_to_limited_skus_only) {
  Stock stock = with_soup(5);
  const auto back =
      *StockDraft(stock).give_back({{kCola, Quantity::units(1)}, {kSoup, Quantity::units(2)}});
  ASSERT_EQ(back.size(), 1U);
  EXPECT_EQ(back[0].kind, MovementKind::Return);
  EXPECT_EQ(back[0].after.available, Quantity::units(7));
  stock.apply(*StockDraft(stock).count(kSoup, Quantity::tenths(kQuantityTenthsMax)));
  EXPECT_EQ(StockDraft(stock).give_back({{kSoup, Quantity::tenths(1)}}).error().code(),
            Code::Overflow);
}

TEST(StockDraft, shows_the_levels_after_the_steps_so_far) {
  Stock stock = with_soup(2);
  const std::vector<Demand> two{{kSoup, Quantity::units(2)}};
  apply_all(stock, StockDraft(stock).lock(two)->movements);
  const Hold hold = cart("h1", two);
  stock.open_hold(hold);
  StockDraft draft(stock);
  EXPECT_FALSE(draft.lock(two));
  EXPECT_EQ(draft.unlock(hold).size(), 1U);
  EXPECT_EQ(draft.level(kSoup).available, Quantity::units(2));
  EXPECT_FALSE(draft.lock({{kSoup, Quantity::units(1)}, {kSoup, Quantity::units(2)}}));
  EXPECT_EQ(draft.level(kSoup).available, Quantity::units(2)) << "a refusal moves nothing";
  EXPECT_EQ(draft.lock(two)->movements.at(0).before.available, Quantity::units(2));
  EXPECT_EQ(stock.level(kSoup).held, Quantity::units(2)) << "the books are not touched";
}

using StockDeathTest = testing::Test;

TEST(StockDeathTest, a_movement_from_other_figures_ends_the_process) {
  Stock stock = with_soup(2);
  const Movement stale = *StockDraft(stock).count(kSoup, Quantity::units(9));
  stock.apply(StockDraft(stock).mark(kSoup, StockStatus::SoldOut));
  EXPECT_DEATH(stock.apply(stale), "a movement starts from other figures");
}

TEST(StockDeathTest, a_hold_that_ends_twice_ends_the_process) {
  Stock stock;
  stock.open_hold(cart("h1", {}));
  stock.end_hold(HoldId("h1"));
  EXPECT_DEATH(stock.end_hold(HoldId("h1")), "a hold ends twice");
}

}  // namespace
}  // namespace larder
