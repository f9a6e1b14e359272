// Counts, marks and limits by people.
#include <gtest/gtest.h>

#include "tests/core/store.hpp"

namespace larder::test {
namespace {

const SkuId kSoup("soup");

TEST(CountStock, makes_a_sku_limited_with_the_figures_before_and_after) {
  Store store;
  store.must(store.till, CountStock{kSoup, units(12), std::nullopt});
  EXPECT_EQ(story(store.last_events()), "StockChanged");
  const auto& change = last_of<StockChanged>(store.last_events());
  EXPECT_EQ(change.by, DeviceId("till-1"));
  EXPECT_EQ(change.movement.kind, MovementKind::Count);
  EXPECT_EQ(change.movement.before, StockLevel{});
  EXPECT_EQ(change.movement.after.type, StockType::Limited);
  EXPECT_EQ(change.movement.after.available, units(12));
  EXPECT_EQ(store.ledger.stock_moved.at(kSoup), store.ledger.seq);
}

TEST(CountStock, case_44_a_count_older_than_the_last_movement_is_stale) {
  Store store;
  store.count("soup", 5);
  const Seq seen = store.ledger.seq;
  EXPECT_TRUE(store.run(store.till, CountStock{kSoup, units(6), seen}));
  EXPECT_EQ(store.refused(store.till, CountStock{kSoup, units(6), seen}), Code::StaleCount);
  const Seq before_sale = store.ledger.seq;
  store.must(store.kiosk, paid_by_card({line("soup")}, 590));
  EXPECT_EQ(store.refused(store.till, CountStock{kSoup, units(6), before_sale}), Code::StaleCount);
  EXPECT_TRUE(store.run(store.till, CountStock{kSoup, units(6), store.ledger.seq}));
  EXPECT_TRUE(store.run(store.till, CountStock{SkuId("cola"), units(6), Seq{0}})) << "never moved";
}

TEST(CountStock, case_43_what_is_held_stays_held_under_any_count) {
  Store store;
  store.count("soup", 5);
  const OrderId id = store.must(store.kiosk, takeaway({line("soup", 2)})).order;
  store.must(store.till, CountStock{kSoup, units(0), std::nullopt});
  EXPECT_EQ(store.level("soup").held, units(2));
  store.must(store.till, CancelOrder{id, ""});
  EXPECT_EQ(store.level("soup").available, units(2));
}

TEST(CountStock, case_28_figures_out_of_range_are_refused) {
  Store store;
  const auto count = [&](std::int64_t tenths) {
    return store.refused(store.till, CountStock{kSoup, Quantity::tenths(tenths), std::nullopt});
  };
  EXPECT_EQ(count(-1), Code::BadQuantity);
  EXPECT_EQ(count(kQuantityTenthsMax + 1), Code::BadQuantity);
  const LimitStock most{kSoup, StockType::Limited, Quantity::tenths(kQuantityTenthsMax + 1)};
  EXPECT_EQ(store.refused(store.till, most), Code::BadQuantity);
}

TEST(CountStock, case_31_what_is_not_on_the_menu_has_no_stock) {
  Store store;
  EXPECT_EQ(store.refused(store.till, CountStock{SkuId("none"), units(1), std::nullopt}),
            Code::UnknownSku);
  EXPECT_EQ(store.refused(store.till, MarkStock{SkuId("'; DROP"), StockStatus::SoldOut}),
            Code::UnknownSku);
  EXPECT_EQ(store.refused(store.till, LimitStock{SkuId(), StockType::Limited, units(1)}),
            Code::UnknownSku);
  EXPECT_TRUE(store.ledger.stock.levels().empty());
}

TEST(MarkStock, says_sold_out_and_available_again) {
  Store store;
  store.must(store.kds, MarkStock{kSoup, StockStatus::SoldOut});
  EXPECT_EQ(last_of<StockChanged>(store.last_events()).movement.kind, MovementKind::Mark);
  EXPECT_EQ(last_of<StockChanged>(store.last_events()).by, DeviceId("kds-1"));
  EXPECT_FALSE(is_sellable(store.level("soup")));
  store.must(store.kds, MarkStock{kSoup, StockStatus::SoldOut});
  EXPECT_TRUE(store.last_events().empty()) << "it was said already";
  store.must(store.kds, MarkStock{kSoup, StockStatus::Available});
  EXPECT_TRUE(is_sellable(store.level("soup")));
}

TEST(MarkStock, available_with_nothing_left_stays_unsellable) {
  Store store;
  store.count("soup", 0);
  store.must(store.till, MarkStock{kSoup, StockStatus::SoldOut});
  store.must(store.till, MarkStock{kSoup, StockStatus::Available});
  EXPECT_FALSE(is_sellable(store.level("soup")));
  EXPECT_EQ(store.refused(store.till, takeaway({line("soup")})), Code::OutOfStock);
}

TEST(LimitStock, sets_and_lifts_a_limit) {
  Store store;
  store.must(store.till, LimitStock{kSoup, StockType::Limited, units(1)});
  EXPECT_EQ(store.level("soup").available, units(1));
  EXPECT_EQ(store.refused(store.till, takeaway({line("soup", 2)})), Code::OutOfStock);
  store.must(store.till, LimitStock{kSoup, StockType::Unlimited, Quantity()});
  EXPECT_EQ(last_of<StockChanged>(store.last_events()).movement.kind, MovementKind::Limit);
  EXPECT_TRUE(store.run(store.till, takeaway({line("soup", 2)})));
}

TEST(LimitStock, lifted_under_an_open_hold_the_hold_still_ends_well) {
  Store store;
  store.count("soup", 5);
  const OrderId paid = store.must(store.kiosk, takeaway({line("soup", 2)})).order;
  const OrderId cancelled = store.must(store.kiosk, takeaway({line("soup", 1)})).order;
  store.must(store.till, LimitStock{kSoup, StockType::Unlimited, Quantity()});
  store.must(store.till, PayOrder{paid, cash(1180)});
  store.must(store.till, CancelOrder{cancelled, ""});
  EXPECT_EQ(store.level("soup").held, units(0));
  EXPECT_EQ(store.level("soup").available, units(0));
}

TEST(LimitStock, set_between_cart_and_order_makes_a_new_hold) {
  Store store;
  const HoldId cart = store.must(store.kiosk, PlaceHold{{line("soup", 2)}}).hold;
  store.count("soup", 2);
  PlaceOrder command = takeaway({line("soup", 2)});
  command.hold = cart;
  store.must(store.kiosk, command);
  EXPECT_EQ(story(store.last_events()), "HoldReleased HoldLocked OrderPlaced");
  EXPECT_EQ(store.level("soup").held, units(2));
}

TEST(StockMoved, follows_every_kind_of_movement) {
  Store store;
  const auto moved = [&] { return store.ledger.stock_moved.at(kSoup); };
  store.count("soup", 9);
  EXPECT_EQ(moved(), store.ledger.seq);
  const OrderId id = store.must(store.kiosk, takeaway({line("soup")})).order;
  EXPECT_EQ(moved(), store.ledger.seq - 1) << "HoldLocked, then OrderPlaced";
  store.must(store.till, PayOrder{id, cash(590)});
  EXPECT_EQ(moved(), store.ledger.seq - 1) << "HoldConfirmed, then OrderAccepted";
  store.must(store.till, VoidOrder{id, "wrong", true});
  EXPECT_EQ(moved(), store.ledger.seq);
  const HoldId cart = store.must(store.kiosk, PlaceHold{{line("soup")}}).hold;
  store.must(store.kiosk, ReleaseHold{cart});
  EXPECT_EQ(moved(), store.ledger.seq);
  store.must(store.kds, MarkStock{kSoup, StockStatus::SoldOut});
  EXPECT_EQ(moved(), store.ledger.seq);
  EXPECT_EQ(store.ledger.stock_moved.size(), 1U);
}

}  // namespace
}  // namespace larder::test
