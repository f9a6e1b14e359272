// Quantities, money, codes: the values that everything else counts with.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <limits>
#include <set>

#include "core/base/limits.hpp"
#include "core/base/money.hpp"
#include "core/base/quantity.hpp"

namespace larder {
namespace {

constexpr std::int64_t kInt64Max = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kInt64Min = std::numeric_limits<std::int64_t>::min();

TEST(Quantity, reads_whole_numbers_and_one_decimal) {
  EXPECT_EQ(Quantity::parse("3"), Quantity::tenths(30));
  EXPECT_EQ(Quantity::parse("3.0"), Quantity::tenths(30));
  EXPECT_EQ(Quantity::parse("2.5"), Quantity::tenths(25));
  EXPECT_EQ(Quantity::parse("0"), Quantity());
  EXPECT_EQ(Quantity::parse("0.1"), Quantity::tenths(1));
  EXPECT_EQ(Quantity::parse("100000000"), Quantity::tenths(kQuantityTenthsMax));
}

TEST(Quantity, case_28_bad_quantities_are_refused) {
  for (const char* text : {"",
                           "-1",
                           "-0",
                           "+1",
                           "1e3",
                           "1e999",
                           "NaN",
                           "Infinity",
                           "1.25",
                           "1.",
                           ".5",
                           "01",
                           "00",
                           "1 ",
                           " 1",
                           "0x1",
                           "2147483648",
                           "9223372036854775808",
                           "9223372036854775807",
                           "100000000.1",
                           "99999999999999999999999",
                           "1.0.0"}) {
    const Result<Quantity> parsed = Quantity::parse(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code(), Code::BadQuantity) << text;
  }
}

TEST(Quantity, case_50_digits_of_other_scripts_and_decimal_commas_are_refused) {
  for (const char* text : {"1,5", "１", "１.５", "١", "۱", "1\u066b5", "1\u00a0000", "1'000"}) {
    EXPECT_FALSE(Quantity::parse(text)) << text;
  }
}

TEST(Quantity, is_written_with_one_decimal) {
  EXPECT_EQ(Quantity::tenths(25).text(), "2.5");
  EXPECT_EQ(Quantity::units(3).text(), "3.0");
  EXPECT_EQ(Quantity().text(), "0.0");
  EXPECT_EQ(Quantity::tenths(-7).text(), "-0.7");
  EXPECT_EQ(Quantity::tenths(kInt64Min).text(), "-922337203685477580.8");
}

RC_GTEST_PROP(Quantity, reads_what_it_wrote, ()) {
  const auto value = *rc::gen::inRange<std::int64_t>(0, kQuantityTenthsMax + 1);
  RC_ASSERT(Quantity::parse(Quantity::tenths(value).text()) == Quantity::tenths(value));
}

TEST(Quantity, sums_stay_in_range) {
  const Quantity most = Quantity::tenths(kQuantityTenthsMax);
  EXPECT_EQ(add(Quantity::tenths(1), Quantity::tenths(2)), Quantity::tenths(3));
  EXPECT_EQ(subtract(Quantity::tenths(3), Quantity::tenths(3)), Quantity());
  EXPECT_EQ(add(most, Quantity::tenths(1)).error().code(), Code::Overflow);
  EXPECT_EQ(subtract(Quantity(), Quantity::tenths(1)).error().code(), Code::Overflow);
  EXPECT_EQ(add(Quantity::tenths(kInt64Max), Quantity::tenths(kInt64Max)).error().code(),
            Code::Overflow);
  EXPECT_EQ(subtract(Quantity::tenths(kInt64Min), Quantity::tenths(1)).error().code(),
            Code::Overflow);
}

TEST(Quantity, products_are_whole_tenths_or_refused) {
  EXPECT_EQ(multiply(Quantity::tenths(15), Quantity::units(3)), Quantity::tenths(45));
  EXPECT_EQ(multiply(Quantity::tenths(15), Quantity::tenths(15)).error().code(), Code::BadQuantity);
  EXPECT_EQ(multiply(Quantity::tenths(kQuantityTenthsMax), Quantity::units(2)).error().code(),
            Code::Overflow);
  EXPECT_EQ(multiply(Quantity::tenths(kInt64Max), Quantity::units(2)).error().code(),
            Code::Overflow);
}

TEST(Money, knows_its_currency) {
  EXPECT_EQ(Currency::parse("EUR")->text(), "EUR");
  for (const char* text : {"", "eur", "EU", "EURO", "EU1", "€"}) {
    EXPECT_EQ(Currency::parse(text).error().code(), Code::BadMoney) << text;
  }
}

TEST(Money, rounds_half_a_minor_unit_up) {
  EXPECT_EQ(multiply(Money::minor(5), Quantity::tenths(1)), Money::minor(1));
  EXPECT_EQ(multiply(Money::minor(4), Quantity::tenths(1)), Money::minor(0));
  EXPECT_EQ(multiply(Money::minor(999), Quantity::tenths(25)), Money::minor(2498));
  EXPECT_EQ(multiply(Money::minor(-5), Quantity::tenths(1)), Money::minor(0));
  EXPECT_EQ(multiply(Money::minor(-6), Quantity::tenths(1)), Money::minor(-1));
  EXPECT_EQ(multiply(Money::minor(-15), Quantity::tenths(1)), Money::minor(-1));
}

TEST(Money, case_29_sums_that_leave_the_books_are_refused) {
  const Money most = Money::minor(kMoneyMinorMax);
  EXPECT_EQ(add(most, Money()), most);
  EXPECT_EQ(add(most, Money::minor(1)).error().code(), Code::Overflow);
  EXPECT_EQ(add(Money::minor(-kMoneyMinorMax), Money::minor(-1)).error().code(), Code::Overflow);
  EXPECT_EQ(add(Money::minor(kInt64Max), Money::minor(kInt64Max)).error().code(), Code::Overflow);
  EXPECT_EQ(multiply(most, Quantity::tenths(11)).error().code(), Code::Overflow);
  EXPECT_EQ(
      multiply(Money::minor(kInt64Max), Quantity::tenths(kOrderQuantityTenthsMax)).error().code(),
      Code::Overflow);
  EXPECT_EQ(multiply(Money::minor(kInt64Max), Quantity::tenths(1)).error().code(), Code::Overflow);
}

RC_GTEST_PROP(Money, multiplies_like_exact_arithmetic, ()) {
  const auto price = *rc::gen::inRange<std::int64_t>(-kPriceMinorMax, kPriceMinorMax + 1);
  const auto tenths = *rc::gen::inRange<std::int64_t>(0, kOrderQuantityTenthsMax + 1);
  const Result<Money> product = multiply(Money::minor(price), Quantity::tenths(tenths));
  RC_ASSERT(product.has_value());
  // Half up: 10 p is in [exact - 5 + 1, exact + 5].
  const std::int64_t error = product->in_minor() * 10 - price * tenths;
  RC_ASSERT(error > -5 && error <= 5);
}

TEST(Code, has_a_wire_name_of_its_own_for_each_reason) {
  std::set<std::string_view> names;
  const int last = static_cast<int>(Code::Unavailable);
  for (int i = 0; i <= last; ++i) names.insert(code_name(static_cast<Code>(i)));
  EXPECT_EQ(names.size(), static_cast<std::size_t>(last) + 1);
  EXPECT_EQ(code_name(Code::BadJson), "bad_json");
  EXPECT_EQ(code_name(Code::OutOfStock), "out_of_stock");
  EXPECT_EQ(code_name(Code::WouldBreakCommitments), "would_break_commitments");
  EXPECT_EQ(code_name(Code::Unavailable), "unavailable");
}

}  // namespace
}  // namespace larder
