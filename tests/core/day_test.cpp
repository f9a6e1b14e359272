// The close of a day, and what comes back with the next one.
#include <gtest/gtest.h>

#include "tests/core/store.hpp"

namespace larder::test {
namespace {

const SkuId kSoup("soup");

Asker as(const Store& store, const std::string& staff) {
  Asker asker = store.till;
  asker.staff = StaffId(staff);
  return asker;
}

void hire(Store& store, const std::string& id) {
  Permissions all;
  all.bits = 15;
  store.must(store.admin, AddStaff{StaffId(id), "Ms " + id, kPinHash, all});
}

OrderId fired(Store& store, std::vector<LineRequest> lines) {
  return store.must(store.till, fired_at_table(std::move(lines))).order;
}

const DayFigures& today(const Store& store) {
  return store.ledger.day_books.at(store.ledger.day).figures;
}

TEST(Day, its_figures_say_what_was_taken_given_away_and_by_whom) {
  Store store;
  hire(store, "anna");
  hire(store, "ben");
  const OrderId a = fired(store, {line("soup"), line("cola")});
  store.must(
      as(store, "anna"),
      DiscountOrder{a, DiscountRequest{DiscountKind::Percent, Quantity::tenths(100), {}, "late"}});
  store.must(as(store, "ben"), VoidLine{a, 2, "wrong", false});
  store.must(store.till, PayOrder{a, cash(531)});
  store.must(store.kiosk, paid_by_card({line("bottle")}, 200));
  const OrderId gone = store.must(store.till, takeaway({line("bottle")})).order;
  store.must(store.till, CancelOrder{gone, "left"});
  const DayFigures& f = today(store);
  EXPECT_EQ(f.orders, (Tally{3, Money::minor(1'240)}));
  EXPECT_EQ(f.discounts, (Tally{1, Money::minor(84)}));
  EXPECT_EQ(f.voids, (Tally{1, Money::minor(225)}));
  EXPECT_EQ(f.cancelled, (Tally{1, Money::minor(200)}));
  EXPECT_EQ(f.net(), Money::minor(731));
  EXPECT_EQ(f.cash.paid, (Tally{1, Money::minor(531)}));
  EXPECT_EQ(f.card.paid, (Tally{1, Money::minor(200)}));
  ASSERT_EQ(f.people.size(), 2U);
  EXPECT_EQ(f.people[0].name, "Ms anna");
  EXPECT_EQ(f.people[0].discounts, (Tally{1, Money::minor(84)}));
  EXPECT_EQ(f.people[1].name, "Ms ben");
  EXPECT_EQ(f.people[1].voids, (Tally{1, Money::minor(225)}));
}

TEST(Day, what_nobody_signed_for_stands_under_the_device) {
  Store store;
  store.must(store.admin, AddDevice{store.till.device, "Front till", Role::Till, StationId(),
                                    std::string(64, 'd')});
  store.must(store.till, VoidOrder{fired(store, {line("soup")}), "wrong", false});
  ASSERT_EQ(today(store).people.size(), 1U);
  EXPECT_EQ(today(store).people[0].name, "Front till");
  EXPECT_EQ(today(store).people[0].device, store.till.device);
}

TEST(Day, is_closed_once_with_the_cash_that_was_counted) {
  Store store;
  hire(store, "anna");
  store.must(store.till, PayOrder{fired(store, {line("soup")}), cash(590)});
  const CloseDay close{BusinessDay{}, Money::minor(580)};
  EXPECT_EQ(store.refused(as(store, "anna"), CloseDay{{}, Money::minor(-1)}), Code::BadMoney);
  const Outcome outcome = store.must(as(store, "anna"), close);
  EXPECT_EQ(outcome.difference, Money::minor(-10));
  EXPECT_EQ(last_of<DayClosed>(store.last_events()).figures, today(store));
  const DayBook& book = store.ledger.day_books.at(store.ledger.day);
  EXPECT_TRUE(book.closed);
  EXPECT_EQ(book.close.name, "Ms anna");
  EXPECT_EQ(book.close.cash_expected, Money::minor(590));
  EXPECT_EQ(store.refused(as(store, "anna"), close), Code::BadState);
  store.must(store.till, paid_by_card({line("soup")}, 590));
  EXPECT_EQ(book.close.cash_expected, Money::minor(590)) << "what comes later is not in it";
}

TEST(Day, can_be_closed_after_the_next_has_opened_while_its_figures_are_kept) {
  Store store;
  const BusinessDay first = store.now.day;
  store.must(store.till, PayOrder{fired(store, {line("soup")}), cash(590)});
  store.now.day = BusinessDay{20261122};
  EXPECT_EQ(store.must(store.till, CloseDay{first, Money::minor(590)}).day, first);
  EXPECT_EQ(store.refused(store.till, CloseDay{first, Money::minor(590)}), Code::BadState);
  store.must(store.till, CloseDay{BusinessDay{}, Money()});
  EXPECT_EQ(store.refused(store.till, CloseDay{BusinessDay{20260101}, Money()}), Code::NotFound);
  for (std::int32_t day = 20261123; day <= 20261130; ++day) {
    store.now.day = BusinessDay{day};
    store.must(store.hub, ExpireHolds{});
  }
  EXPECT_EQ(store.ledger.day_books.size(), kDayBooksMax);
  EXPECT_EQ(store.ledger.day_books.count(first), 0U);
}

TEST(Restore, next_day_brings_back_what_was_marked_so_and_nothing_else) {
  Store store;
  store.must(store.till, MarkStock{kSoup, StockStatus::SoldOut, RestoreRule::NextDay});
  store.must(store.till, MarkStock{SkuId("cola"), StockStatus::SoldOut});
  store.wait(3'600);
  store.must(store.hub, ExpireHolds{});
  EXPECT_EQ(store.level("soup").status, StockStatus::SoldOut);
  store.now.day = BusinessDay{20261122};
  store.must(store.hub, ExpireHolds{});
  EXPECT_EQ(story(store.last_events()), "DayOpened StockChanged");
  const StockChanged change = last_of<StockChanged>(store.last_events());
  EXPECT_EQ(change.movement.kind, MovementKind::Restore);
  EXPECT_TRUE(change.by.empty());
  EXPECT_EQ(store.level("soup"), StockLevel{});
  EXPECT_EQ(store.level("cola").status, StockStatus::SoldOut);
  store.must(store.hub, ExpireHolds{});
  EXPECT_TRUE(store.last_events().empty()) << "exactly once";
  store.now.day = BusinessDay{20261123};
  store.must(store.hub, ExpireHolds{});
  EXPECT_EQ(story(store.last_events()), "DayOpened");
}

TEST(Restore, comes_before_the_first_order_of_the_day_that_asks_for_it) {
  Store store;
  store.count("cola", 5);
  store.must(store.till, MarkStock{kSoup, StockStatus::SoldOut, RestoreRule::NextDay});
  store.now.day = BusinessDay{20261122};
  store.must(store.kiosk, takeaway({line("soup"), line("cola")}));
  EXPECT_EQ(story(store.last_events()), "DayOpened StockChanged HoldLocked OrderPlaced");
  const HoldLocked locked = last_of<HoldLocked>(store.last_events());
  EXPECT_EQ(locked.hold.id.text(), "h" + std::to_string(store.ledger.seq - 1))
      << "a hold is named after its own event";
}

TEST(Restore, a_count_on_the_new_day_starts_from_what_came_back) {
  Store store;
  store.must(store.till, MarkStock{kSoup, StockStatus::SoldOut, RestoreRule::NextDay});
  store.now.day = BusinessDay{20261122};
  store.count("soup", 7);
  EXPECT_EQ(story(store.last_events()), "DayOpened StockChanged StockChanged");
  EXPECT_EQ(store.level("soup").available, units(7));
  EXPECT_EQ(store.level("soup").status, StockStatus::Available);
}

TEST(Restore, the_rule_goes_with_the_mark) {
  Store store;
  store.must(store.till, MarkStock{kSoup, StockStatus::SoldOut, RestoreRule::NextDay});
  store.must(store.till, MarkStock{kSoup, StockStatus::SoldOut, RestoreRule::Never});
  EXPECT_EQ(story(store.last_events()), "StockChanged") << "another rule is a change";
  store.must(store.till, MarkStock{kSoup, StockStatus::SoldOut, RestoreRule::NextDay});
  store.must(store.till, MarkStock{kSoup, StockStatus::Available});
  EXPECT_EQ(store.level("soup").restore, RestoreRule::Never);
}

}  // namespace
}  // namespace larder::test
