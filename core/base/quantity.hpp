// Quantity: whole tenths in a 64-bit integer. The wire shows at most one decimal; never floating
// point.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace larder {

class Quantity {
 public:
  constexpr Quantity() = default;
  static constexpr Quantity tenths(std::int64_t value) { return Quantity(value); }
  static constexpr Quantity units(std::int32_t value) { return Quantity(std::int64_t{value} * 10); }
  // "3", "3.0" or "2.5": digits, at most one decimal, no sign, no exponent, no leading zeros; at
  // most kQuantityTenthsMax.
  static Result<Quantity> parse(std::string_view text);

  constexpr std::int64_t in_tenths() const { return tenths_; }
  constexpr bool is_zero() const { return tenths_ == 0; }
  // "3.0", "2.5": always one decimal.
  std::string text() const;
  constexpr auto operator<=>(const Quantity&) const = default;

 private:
  explicit constexpr Quantity(std::int64_t value) : tenths_(value) {}
  std::int64_t tenths_ = 0;
};

// Both answer Overflow when the sum leaves [0, kQuantityTenthsMax].
Result<Quantity> add(Quantity a, Quantity b);
Result<Quantity> subtract(Quantity a, Quantity b);
// An amount per unit times a count of units; Overflow, or BadQuantity when the product is not whole
// tenths.
Result<Quantity> multiply(Quantity per_unit, Quantity count);

}  // namespace larder
