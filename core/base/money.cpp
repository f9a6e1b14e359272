#include "core/base/money.hpp"

#include <algorithm>

#include "core/base/limits.hpp"

namespace larder {
namespace {

Refused overflow() {
  return refuse(Code::Overflow, "The sum is more money than the books can hold");
}

Result<Money> in_range(std::int64_t minor) {
  if (minor < -kMoneyMinorMax || minor > kMoneyMinorMax) return overflow();
  return Money::minor(minor);
}

}  // namespace

Result<Currency> Currency::parse(std::string_view text) {
  const bool is_code = text.size() == 3 && std::all_of(text.begin(), text.end(),
                                                       [](char c) { return c >= 'A' && c <= 'Z'; });
  if (!is_code) {
    return refuse(Code::BadMoney, "A currency is three capital letters of ISO 4217, such as EUR");
  }
  return Currency(std::string(text));
}

Result<Money> add(Money a, Money b) {
  std::int64_t sum = 0;
  if (__builtin_add_overflow(a.in_minor(), b.in_minor(), &sum)) return overflow();
  return in_range(sum);
}

Result<Money> multiply(Money unit_price, Quantity quantity) {
  std::int64_t tenths = 0;
  if (__builtin_mul_overflow(unit_price.in_minor(), quantity.in_tenths(), &tenths) ||
      __builtin_add_overflow(tenths, 5, &tenths)) {
    return overflow();
  }
  // Half up means towards plus infinity, also below zero: a floor after adding half a unit.
  const std::int64_t rounded = tenths / 10 - (tenths % 10 < 0 ? 1 : 0);
  return in_range(rounded);
}

}  // namespace larder
