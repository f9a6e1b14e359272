// What only a till does: staff and their permissions, discounts, lines struck off.
#include <gtest/gtest.h>

#include "tests/core/store.hpp"

namespace larder::test {
namespace {

const SkuId kSoup("soup");
const OrderId kNone("none");

Permissions all() {
  Permissions permissions;
  permissions.bits = 15;
  return permissions;
}

Asker as(const Store& store, const std::string& staff) {
  Asker asker = store.till;
  asker.staff = StaffId(staff);
  return asker;
}

void hire(Store& store, const std::string& id, Permissions permissions = all()) {
  store.must(store.admin, AddStaff{StaffId(id), "Ms " + id, kPinHash, permissions});
}

DiscountRequest percent(std::int64_t tenths) {
  return {DiscountKind::Percent, Quantity::tenths(tenths), Money(), "late"};
}
DiscountRequest amount(std::int64_t minor) {
  return {DiscountKind::Amount, Quantity(), Money::minor(minor), "late"};
}

std::string message_of(const Result<Outcome>& refused) {
  return refused ? "accepted" : refused.error().message();
}

OrderId fired(Store& store, std::vector<LineRequest> lines) {
  return store.must(store.till, fired_at_table(std::move(lines))).order;
}

const DayFigures& today(const Store& store) {
  return store.ledger.day_books.at(store.ledger.day).figures;
}

TEST(Staff, a_store_without_any_asks_nobody) {
  Store store;
  const OrderId id = fired(store, {line("soup"), line("cola")});
  store.must(store.till, DiscountOrder{id, percent(100)});
  store.must(store.till, VoidLine{id, 2, "wrong", false});
  store.must(store.till, LimitStock{kSoup, StockType::Limited, units(5)});
  store.must(store.till, CloseDay{BusinessDay{}, Money()});
}

TEST(Staff, with_some_the_till_asks_for_a_pin_and_for_permission) {
  Store store;
  const OrderId id = fired(store, {line("soup"), line("cola")});
  Permissions discount_only;
  discount_only.add(Permission::Discount);
  hire(store, "anna");
  hire(store, "ben", discount_only);
  const std::vector<Command> guarded{DiscountOrder{id, percent(100)},
                                     VoidLine{id, 2, "wrong", false},
                                     VoidOrder{id, "wrong", false},
                                     CountStock{kSoup, units(5), std::nullopt},
                                     LimitStock{kSoup, StockType::Limited, units(5)},
                                     CloseDay{BusinessDay{}, Money()}};
  for (const Command& command : guarded) {
    EXPECT_EQ(store.refused(store.till, command), Code::Forbidden) << command.index();
    EXPECT_EQ(store.refused(as(store, "carla"), command), Code::Forbidden) << command.index();
    const bool may = std::holds_alternative<DiscountOrder>(command);
    EXPECT_EQ(store.run(as(store, "ben"), command).has_value(), may) << command.index();
  }
  EXPECT_EQ(message_of(store.run(store.till, guarded[1])),
            "Sign in with your PIN to void what was ordered");
  EXPECT_EQ(message_of(store.run(as(store, "ben"), guarded[1])),
            "Ms ben may not void what was ordered; somebody who may must sign in");
  for (const Command& command : guarded) {
    if (!std::holds_alternative<VoidOrder>(command)) store.must(as(store, "anna"), command);
  }
  store.must(as(store, "anna"), VoidOrder{id, "wrong", false});
}

TEST(Staff, an_order_with_a_discount_asks_as_well_and_the_rest_asks_nobody) {
  Store store;
  hire(store, "anna");
  PlaceOrder place = takeaway({line("soup")});
  store.must(store.till, place);
  place.discount = percent(100);
  EXPECT_EQ(store.refused(store.till, place), Code::Forbidden);
  store.must(as(store, "anna"), place);
  store.must(store.till, MarkStock{kSoup, StockStatus::SoldOut});
  store.must(store.admin, CountStock{kSoup, units(5), std::nullopt});
}

TEST(Staff, comes_is_replaced_and_goes) {
  Store store;
  hire(store, "anna", Permissions{});
  hire(store, "anna");
  EXPECT_EQ(store.ledger.staff.size(), 1U);
  EXPECT_EQ(store.ledger.staff.at(StaffId("anna")).permissions, all());
  store.must(store.admin, RemoveStaff{StaffId("anna")});
  EXPECT_TRUE(store.ledger.staff.empty());
  EXPECT_EQ(store.refused(store.admin, RemoveStaff{StaffId("anna")}), Code::NotFound);
  store.must(store.till, CountStock{kSoup, units(5), std::nullopt});
}

TEST(Staff, a_pin_is_kept_as_argon2id_of_the_planned_cost_only) {
  Store store;
  AddStaff add{StaffId("anna"), "Anna", kPinHash, all()};
  for (const std::string& hash :
       {std::string(), std::string("1234"), kPinHash + "x", kPinHash.substr(1),
        "$argon2id$v=19$m=99456,t=2,p=1$" + kPinHash.substr(31), "$argon2i" + kPinHash.substr(9)}) {
    add.pin_hash = hash;
    EXPECT_EQ(store.refused(store.admin, add), Code::BadRequest) << hash;
  }
  add.pin_hash = kPinHash;
  add.name = "";
  EXPECT_EQ(store.refused(store.admin, add), Code::BadRequest);
  for (std::size_t i = 0; i < kStaffMax; ++i) hire(store, "s" + std::to_string(i));
  add.name = "Anna";
  EXPECT_EQ(store.refused(store.admin, add), Code::Overloaded);
}

TEST(Discount, a_percentage_rounds_half_up_to_the_minor_unit) {
  const auto off = [](std::int64_t tenths, std::int64_t lines) {
    return discount_for(percent(tenths), Money::minor(lines))->amount.in_minor();
  };
  EXPECT_EQ(off(100, 590), 59);
  EXPECT_EQ(off(125, 590), 74);     // 73.75
  EXPECT_EQ(off(100, 1'995), 200);  // 199.5
  EXPECT_EQ(off(100, 1'994), 199);  // 199.4
  EXPECT_EQ(off(1, 499), 0);
  EXPECT_EQ(off(1, 500), 1);
  EXPECT_EQ(off(1'000, 1'999), 1'999);
  EXPECT_EQ(off(999, kMoneyMinorMax), kMoneyMinorMax / 1'000 * 999);
  EXPECT_EQ(off(500, 0), 0);
}

TEST(Discount, of_nothing_or_more_than_all_is_refused) {
  const Money cost = Money::minor(590);
  EXPECT_EQ(discount_for(percent(0), cost).error().code(), Code::BadQuantity);
  EXPECT_EQ(discount_for(percent(1'001), cost).error().code(), Code::BadQuantity);
  EXPECT_EQ(discount_for(amount(0), cost).error().code(), Code::BadMoney);
  EXPECT_EQ(discount_for(amount(-1), cost).error().code(), Code::BadMoney);
  EXPECT_EQ(discount_for(amount(591), cost).error().code(), Code::BadMoney);
  EXPECT_EQ(discount_for(amount(590), cost)->amount, cost);
}

TEST(Discount, is_given_replaced_and_taken_back) {
  Store store;
  hire(store, "anna");
  const Asker anna = as(store, "anna");
  const OrderId id = fired(store, {line("soup"), line("cola")});
  const Outcome outcome = store.must(anna, DiscountOrder{id, percent(100)});
  EXPECT_EQ(outcome.total, Money::minor(756));
  EXPECT_EQ(store.order(id).total, Money::minor(756));
  EXPECT_EQ(store.order(id).discount->staff, StaffId("anna"));
  EXPECT_EQ(store.order(id).discount->by, store.till.device);
  EXPECT_EQ(story(store.last_events()), "OrderDiscounted");
  store.must(anna, DiscountOrder{id, amount(840)});
  EXPECT_EQ(store.order(id).total, Money());
  store.must(anna, DiscountOrder{id, std::nullopt});
  EXPECT_EQ(store.order(id).total, Money::minor(840));
  EXPECT_EQ(store.refused(anna, DiscountOrder{id, std::nullopt}), Code::BadState);
  EXPECT_EQ(today(store).discounts, (Tally{3, Money()}));
}

TEST(Discount, needs_a_reason_and_an_order_that_is_open_and_not_paid) {
  Store store;
  const OrderId id = fired(store, {line("soup")});
  DiscountRequest silent = percent(100);
  silent.reason = "";
  EXPECT_EQ(store.refused(store.till, DiscountOrder{id, silent}), Code::BadRequest);
  silent.reason = "   ";
  EXPECT_EQ(store.refused(store.till, DiscountOrder{id, silent}), Code::BadRequest);
  EXPECT_EQ(store.refused(store.till, DiscountOrder{kNone, percent(100)}), Code::NotFound);
  store.must(store.till, PayOrder{id, cash(590)});
  EXPECT_EQ(store.refused(store.till, DiscountOrder{id, percent(100)}), Code::BadState);
  const OrderId gone = store.must(store.till, takeaway({line("soup")})).order;
  store.must(store.till, CancelOrder{gone, "left"});
  EXPECT_EQ(store.refused(store.till, DiscountOrder{gone, percent(100)}), Code::Cancelled);
}

TEST(Discount, of_a_new_order_is_in_the_price_that_is_expected_and_paid) {
  Store store;
  PlaceOrder place = paid_by_card({line("soup")}, 590);
  place.discount = percent(100);
  EXPECT_EQ(store.refused(store.till, place), Code::BadMoney);
  place.payment = card(531);
  place.expected_total = Money::minor(590);
  EXPECT_EQ(store.refused(store.till, place), Code::PriceChanged);
  place.expected_total = Money::minor(531);
  EXPECT_EQ(store.must(store.till, place).total, Money::minor(531));
  EXPECT_EQ(store.refused(store.kiosk, place), Code::Forbidden);
  EXPECT_EQ(today(store).orders, (Tally{1, Money::minor(590)}));
  EXPECT_EQ(today(store).discounts, (Tally{1, Money::minor(59)}));
}

TEST(VoidLine, before_the_kitchen_gives_back_what_the_hold_has_of_it) {
  Store store;
  store.count("soup", 5);
  store.count("loaf", 5);
  LineRequest rye = line("soup", 2);
  rye.options = {{GroupId("bread"), OptionId("rye")}};
  const OrderId id = store.must(store.till, takeaway({rye, line("soup")})).order;
  store.must(store.till, VoidLine{id, 1, "wrong", false});
  EXPECT_EQ(story(store.last_events()), "OrderLineVoided");
  EXPECT_EQ(store.level("soup"), (StockLevel{StockType::Limited, {}, units(4), units(1)}));
  EXPECT_EQ(store.level("loaf"), (StockLevel{StockType::Limited, {}, units(5), units(0)}));
  EXPECT_EQ(store.order(id).total, Money::minor(590));
  EXPECT_EQ(store.order(id).demand, (std::vector<Demand>{{kSoup, units(1)}}));
  store.must(store.till, AcceptOrder{id});
  EXPECT_EQ(store.level("soup").held, units(0));
  EXPECT_EQ(store.order(id).tickets.at(0).lines.size(), 1U) << "a void line is not cooked";
}

TEST(VoidLine, ends_a_hold_that_holds_nothing_more) {
  Store store;
  store.count("soup", 5);
  const OrderId id = store.must(store.till, takeaway({line("soup"), line("cola")})).order;
  store.must(store.till, VoidLine{id, 1, "wrong", false});
  EXPECT_TRUE(store.ledger.stock.holds().empty());
  EXPECT_EQ(store.level("soup").available, units(5));
}

TEST(VoidLine, in_the_kitchen_goes_back_on_the_shelf_only_when_said) {
  Store store;
  store.count("soup", 5);
  for (const bool restock : {false, true}) {
    const Quantity before = store.level("soup").available;
    const OrderId id = fired(store, {line("soup"), line("cola")});
    store.must(store.till, VoidLine{id, 1, "wrong", restock});
    const std::int64_t gone = before.in_tenths() - store.level("soup").available.in_tenths();
    EXPECT_EQ(gone, restock ? 0 : 10);
  }
}

TEST(VoidLine, strikes_the_ticket_and_never_fires_it_again) {
  Store store;
  const OrderId id = fired(store, {line("soup"), burger("burger-s"), line("cola")});
  store.must(store.till, VoidLine{id, 1, "wrong", false});
  const Ticket& grill = store.order(id).tickets.at(1);
  EXPECT_TRUE(grill.lines.at(0).voided);
  EXPECT_FALSE(grill.lines.at(1).voided);
  EXPECT_EQ(store.order(id).lines.at(0).void_reason, "wrong");
  EXPECT_EQ(store.refused(store.kds, CheckTicketItem{id, StationId("grill"), 0, true}),
            Code::BadState);
  EXPECT_EQ(store.refused(store.till, VoidLine{id, 1, "wrong", false}), Code::BadState);
  EXPECT_EQ(store.refused(store.till, VoidLine{id, 9, "wrong", false}), Code::NotFound);
  EXPECT_EQ(store.refused(store.till, VoidLine{id, 2, "", false}), Code::BadRequest);
}

TEST(VoidLine, of_all_that_was_left_to_cook_makes_the_order_ready) {
  Store store;
  const StationId bar("bar");
  const StationId grill("grill");
  const OrderId id = fired(store, {line("soup"), line("cola")});
  store.must(store.kds, BumpTicket{id, grill});
  EXPECT_EQ(store.must(store.till, VoidLine{id, 2, "wrong", false}).state, OrderState::Ready);
  store.must(store.till, ServeOrder{id});
  store.must(store.kds, BumpTicket{id, bar});
  EXPECT_EQ(store.order(id).state, OrderState::Served) << "a void ticket is only cleared";
  EXPECT_TRUE(store.order(id).tickets.at(0).bumped);
}

TEST(VoidLine, a_cleared_void_ticket_is_not_what_recall_brings_back) {
  Store store;
  const StationId bar("bar");
  const OrderId first = fired(store, {line("cola")});
  const OrderId second = fired(store, {line("soup"), line("cola")});
  store.must(store.kds, BumpTicket{first, bar});
  store.must(store.till, VoidLine{second, 2, "wrong", false});
  store.must(store.kds, BumpTicket{second, bar});
  EXPECT_EQ(store.must(store.kds, RecallTicket{OrderId(), bar}).order, first);
}

TEST(VoidLine, of_a_paid_order_says_what_to_give_back) {
  Store store;
  PlaceOrder place = takeaway({line("soup"), line("cola")});
  place.discount = percent(100);
  place.payment = cash(756);
  const OrderId id = store.must(store.till, place).order;
  const Outcome outcome = store.must(store.till, VoidLine{id, 2, "wrong", false});
  EXPECT_EQ(outcome.total, Money::minor(531)) << "the percentage is of what is left";
  EXPECT_EQ(outcome.refund, Money::minor(225));
  EXPECT_EQ(store.order(id).discount->amount, Money::minor(59));
  EXPECT_EQ(today(store).cash_expected(), Money::minor(531));
  EXPECT_EQ(store.must(store.till, VoidOrder{id, "all", false}).refund, Money::minor(531));
  EXPECT_EQ(today(store).cash_expected(), Money());
  EXPECT_EQ(today(store).net(), Money());
}

TEST(VoidLine, an_amount_off_is_never_more_than_what_is_left) {
  Store store;
  const OrderId id = fired(store, {line("soup"), line("cola")});
  store.must(store.till, DiscountOrder{id, amount(800)});
  store.must(store.till, VoidLine{id, 1, "wrong", false});
  EXPECT_EQ(store.order(id).total, Money());
  EXPECT_EQ(store.order(id).discount->amount, Money::minor(250));
  EXPECT_EQ(store.order(id).discount->off, Money::minor(800)) << "what was asked for stays";
}

TEST(VoidLine, of_the_last_line_voids_the_order) {
  Store store;
  const OrderId id = fired(store, {line("soup"), line("cola")});
  store.must(store.till, VoidLine{id, 1, "wrong", false});
  EXPECT_EQ(store.must(store.till, VoidLine{id, 2, "wrong", true}).state, OrderState::Voided);
  EXPECT_EQ(story(store.last_events()), "OrderVoided");
  EXPECT_EQ(store.refused(store.till, VoidLine{id, 2, "wrong", true}), Code::BadState);
}

}  // namespace
}  // namespace larder::test
