// Money: whole minor units (cents) and a currency. Every sum is checked; there is no conversion.
#pragma once

#include <compare>
#include <cstdint>
#include <string>

#include "core/base/quantity.hpp"
#include "core/base/result.hpp"

namespace larder {

class Currency {
 public:
  Currency() = default;
  // ISO 4217, three capital letters; BadMoney otherwise.
  static Result<Currency> parse(std::string_view text);
  const std::string& text() const { return text_; }
  bool operator==(const Currency&) const = default;

 private:
  explicit Currency(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

// Minor units alone: inside one store all money has the store's currency, named once in the
// catalog.
class Money {
 public:
  constexpr Money() = default;
  static constexpr Money minor(std::int64_t value) { return Money(value); }
  constexpr std::int64_t in_minor() const { return minor_; }
  constexpr auto operator<=>(const Money&) const = default;

 private:
  explicit constexpr Money(std::int64_t value) : minor_(value) {}
  std::int64_t minor_ = 0;
};

// Overflow when the result leaves [-kMoneyMinorMax, kMoneyMinorMax].
Result<Money> add(Money a, Money b);
// Price per unit times quantity. Tenths of a unit round half up to the minor unit.
Result<Money> multiply(Money unit_price, Quantity quantity);

}  // namespace larder
