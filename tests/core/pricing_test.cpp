// Prices, demand and tickets come from the hub's menu alone.
#include "core/orders/pricing.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "tests/core/store.hpp"

namespace larder::test {
namespace {

Code code_of(const std::vector<LineRequest>& lines, Channel channel = Channel::Kiosk) {
  const Result<PricedOrder> priced = price(sample_catalog(), channel, lines);
  return priced ? Code::Unavailable : priced.error().code();
}

LineRequest with_options(LineRequest request, std::vector<OptionChoice> options) {
  request.options = std::move(options);
  return request;
}

OptionChoice bread(const std::string& option) { return {GroupId("bread"), OptionId(option)}; }

TEST(Pricing, a_line_costs_what_the_menu_says) {
  const auto soup = with_options(line("soup", 2), {bread("rye")});
  const PricedOrder priced = *price(sample_catalog(), Channel::Kiosk, {soup, line("cola", 3)});
  ASSERT_EQ(priced.lines.size(), 2U);
  EXPECT_EQ(priced.lines[0].line, 1U);
  EXPECT_EQ(priced.lines[0].unit_price, Money::minor(640));
  EXPECT_EQ(priced.lines[0].total, Money::minor(1280));
  EXPECT_EQ(priced.lines[0].options[0].name.en, "Rye");
  EXPECT_EQ(priced.lines[1].line, 2U);
  EXPECT_EQ(priced.total, Money::minor(1280 + 750));
}

TEST(Pricing, a_name_has_its_variant) {
  const PricedOrder priced =
      *price(sample_catalog(), Channel::Kiosk, {burger("burger-l"), line("soup")});
  EXPECT_EQ(priced.lines[0].name, (Text{"Burger, large", ""}));
  EXPECT_EQ(priced.lines[1].name, (Text{"Soup of the day", "汤"}));
}

TEST(Pricing, demand_is_summed_over_lines_options_and_parts) {
  const auto soup = with_options(line("soup", 2), {bread("rye")});
  auto combo = meal("burger-s", "cola");
  combo.quantity = units(3);
  combo.options = {bread("rye")};
  const PricedOrder priced =
      *price(sample_catalog(), Channel::Kiosk, {soup, combo, line("cola"), line("soup")});
  const std::vector<Demand> expected{{SkuId("burger-s"), units(3)},
                                     {SkuId("cola"), units(4)},
                                     {SkuId("loaf"), units(5)},
                                     {SkuId("meal"), units(3)},
                                     {SkuId("soup"), units(3)}};
  EXPECT_EQ(priced.demand, expected);
}

TEST(Pricing, a_combo_costs_its_price_and_the_differences_of_its_parts) {
  const PricedOrder priced = *price(sample_catalog(), Channel::Kiosk, {meal("burger-l", "bottle")});
  EXPECT_EQ(priced.total, Money::minor(1300 + 200 - 50));
  ASSERT_EQ(priced.lines[0].parts.size(), 2U);
  EXPECT_EQ(priced.lines[0].parts[0].name.en, "Burger, large");
  EXPECT_EQ(priced.lines[0].parts[0].station, StationId("grill"));
  EXPECT_EQ(priced.lines[0].parts[1].station, StationId());
}

TEST(Pricing, case_28_bad_quantities_are_refused) {
  for (const std::int64_t tenths : {std::int64_t{0}, std::int64_t{-10}, kOrderQuantityTenthsMax + 1,
                                    std::int64_t{1} << 31, std::int64_t{1} << 62}) {
    LineRequest request = line("soup");
    request.quantity = Quantity::tenths(tenths);
    EXPECT_EQ(code_of({request}), Code::BadQuantity) << tenths;
  }
  LineRequest least = line("soup");
  least.quantity = Quantity::tenths(1);
  EXPECT_EQ(price(sample_catalog(), Channel::Kiosk, {least})->total, Money::minor(59));
}

TEST(Pricing, case_29_a_total_beyond_the_books_is_refused) {
  Menu menu = sample_menu();
  Item& soup = menu.items[0];
  soup.skus[0].price = Money::minor(kPriceMinorMax);
  menu.option_groups[0].max_choices = 50;
  menu.option_groups[0].options[0].price_delta = Money::minor(kPriceMinorMax);
  LineRequest dear = line("soup", 10'000);
  dear.options.assign(50, bread("rye"));
  const Result<PricedOrder> priced =
      price(*Catalog::build(menu), Channel::Pos, std::vector<LineRequest>(200, dear));
  ASSERT_FALSE(priced);
  EXPECT_EQ(priced.error().code(), Code::Overflow);
  EXPECT_TRUE(price(*Catalog::build(menu), Channel::Pos, {dear}));
}

TEST(Pricing, case_31_an_unknown_sku_is_refused_and_not_repeated) {
  for (const std::string& sku :
       {std::string("none"), std::string(1024, 'x'), std::string("'; DROP"), std::string("../soup"),
        std::string("soup\0", 5), std::string()}) {
    const Result<PricedOrder> priced = price(sample_catalog(), Channel::Kiosk, {line(sku)});
    ASSERT_FALSE(priced);
    EXPECT_EQ(priced.error().code(), Code::UnknownSku);
    EXPECT_TRUE(sku.empty() || priced.error().message().find(sku) == std::string::npos);
    EXPECT_TRUE(priced.error().subject().empty());
  }
}

TEST(Pricing, case_32_options_are_those_of_the_item_and_in_number) {
  EXPECT_EQ(code_of({with_options(line("cola"), {bread("rye")})}), Code::BadOption);
  EXPECT_EQ(code_of({with_options(line("soup"), {bread("none")})}), Code::BadOption);
  EXPECT_EQ(code_of({with_options(line("soup"), {bread("rye"), bread("white")})}), Code::BadOption);
  EXPECT_EQ(code_of({line("burger-s")}), Code::BadOption) << "doneness must be chosen";
  std::vector<OptionChoice> thousand(1000, bread("rye"));
  EXPECT_EQ(code_of({with_options(line("soup"), thousand)}), Code::BadCombo);
}

TEST(Pricing, case_32_a_combo_takes_each_part_once) {
  EXPECT_EQ(code_of({line("meal")}), Code::BadCombo);
  LineRequest request = meal("burger-s", "cola");
  request.parts[1].part = PartId("main");
  EXPECT_EQ(code_of({request}), Code::BadCombo) << "one part twice, another not";
  EXPECT_EQ(code_of({meal("soup", "cola")}), Code::BadCombo) << "not among the choices";
  EXPECT_EQ(code_of({meal("meal", "cola")}), Code::BadCombo) << "itself";
  LineRequest plain = line("cola");
  plain.parts = {{PartId("main"), SkuId("burger-s")}};
  EXPECT_EQ(code_of({plain}), Code::BadCombo) << "parts of what is no combo";
}

TEST(Pricing, an_option_taken_twice_counts_twice) {
  Menu menu = sample_menu();
  menu.option_groups[0].max_choices = 2;
  const Catalog catalog = *Catalog::build(menu);
  const auto twice = with_options(line("soup"), {bread("rye"), bread("rye")});
  const PricedOrder priced = *price(catalog, Channel::Kiosk, {twice});
  EXPECT_EQ(priced.total, Money::minor(690));
  EXPECT_EQ(priced.demand[0], (Demand{SkuId("loaf"), units(2)}));
}

TEST(Pricing, a_line_never_costs_less_than_nothing) {
  Menu menu = sample_menu();
  menu.option_groups[0].options[0].price_delta = Money::minor(-591);
  const auto cheap = with_options(line("soup"), {bread("rye")});
  EXPECT_EQ(price(*Catalog::build(menu), Channel::Kiosk, {cheap}).error().code(), Code::BadOption);
  menu.option_groups[0].options[0].price_delta = Money::minor(-590);
  EXPECT_EQ(price(*Catalog::build(menu), Channel::Kiosk, {cheap})->total, Money());
}

TEST(Pricing, case_33_empty_and_endless_orders_are_refused) {
  EXPECT_EQ(code_of({}), Code::BadOrder);
  EXPECT_EQ(code_of(std::vector<LineRequest>(kOrderLinesMax, line("cola"))), Code::Unavailable);
  EXPECT_EQ(code_of(std::vector<LineRequest>(kOrderLinesMax + 1, line("cola"))), Code::BadOrder);
  EXPECT_EQ(code_of(std::vector<LineRequest>(10'001, line("cola"))), Code::BadOrder);
}

TEST(Pricing, an_item_is_sold_on_its_channels_only) {
  EXPECT_EQ(code_of({line("wine")}, Channel::Kiosk), Code::NotSoldHere);
  EXPECT_EQ(code_of({line("wine")}, Channel::Pos), Code::Unavailable);
  EXPECT_EQ(code_of({line("loaf")}, Channel::Pos), Code::NotSoldHere);
}

RC_GTEST_PROP(Pricing, the_total_is_the_sum_of_the_lines, ()) {
  const auto count = *rc::gen::inRange<std::size_t>(1, 12);
  std::vector<LineRequest> lines;
  for (std::size_t i = 0; i < count; ++i) {
    lines.push_back(*rc::gen::element(line("soup"), line("cola"), burger("burger-l"),
                                      meal("burger-s", "bottle")));
    lines.back().quantity =
        Quantity::tenths(*rc::gen::inRange<std::int64_t>(1, kOrderQuantityTenthsMax + 1));
  }
  const Result<PricedOrder> priced = price(sample_catalog(), Channel::Pos, lines);
  RC_ASSERT(priced.has_value());
  std::int64_t sum = 0;
  for (const OrderLine& priced_line : priced->lines) {
    sum += priced_line.total.in_minor();
    RC_ASSERT(priced_line.total == *multiply(priced_line.unit_price, priced_line.quantity));
  }
  RC_ASSERT(priced->total == Money::minor(sum));
  RC_ASSERT(std::is_sorted(priced->demand.begin(), priced->demand.end(),
                           [](const Demand& a, const Demand& b) { return a.sku < b.sku; }));
}

std::vector<Ticket> tickets_of(const std::vector<LineRequest>& lines) {
  return tickets_for(price(sample_catalog(), Channel::Pos, lines)->lines);
}

TEST(Tickets, there_is_one_per_station_in_order_of_station) {
  LineRequest soup = line("soup", 2);
  soup.note = "hot";
  const std::vector<Ticket> tickets =
      tickets_of({soup, line("cola"), burger("burger-s"), line("bottle")});
  ASSERT_EQ(tickets.size(), 2U);
  EXPECT_EQ(tickets[0].station, StationId("bar"));
  EXPECT_EQ(tickets[1].station, StationId("grill"));
  ASSERT_EQ(tickets[1].lines.size(), 2U);
  EXPECT_EQ(tickets[1].lines[0].note, "hot");
  EXPECT_EQ(tickets[1].lines[0].quantity, units(2));
  EXPECT_EQ(tickets[1].lines[1].line, 3U);
  EXPECT_EQ(tickets[1].lines[1].options[0].name.en, "Well done");
}

TEST(Tickets, a_combo_is_cooked_where_its_parts_are) {
  LineRequest combo = meal("burger-s", "cola");
  combo.options = {bread("rye")};
  const std::vector<Ticket> tickets = tickets_of({combo});
  ASSERT_EQ(tickets.size(), 2U);
  EXPECT_EQ(tickets[0].lines[0].sku, SkuId("cola"));
  EXPECT_TRUE(tickets[0].lines[0].options.empty());
  ASSERT_EQ(tickets[1].lines.size(), 1U) << "the combo itself is no work";
  EXPECT_EQ(tickets[1].lines[0].name.en, "Burger, small");
  EXPECT_EQ(tickets[1].lines[0].options.size(), 1U) << "its options are shown once";
  EXPECT_EQ(tickets[1].lines[0].line, tickets[0].lines[0].line);
}

TEST(Tickets, what_no_station_cooks_makes_none) {
  EXPECT_TRUE(tickets_of({line("bottle")}).empty());
}

}  // namespace
}  // namespace larder::test
