#include "core/base/quantity.hpp"

#include "core/base/limits.hpp"

namespace larder {
namespace {

// More digits than any quantity in range has; a longer text is refused before it is added up.
constexpr std::size_t kDigitsMax = 12;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

Refused bad_quantity() {
  return refuse(Code::BadQuantity,
                "A quantity is digits with at most one decimal, such as 3 or 2.5, and not above "
                "100000000");
}

Result<Quantity> in_range(std::int64_t tenths) {
  if (tenths < 0 || tenths > kQuantityTenthsMax) {
    return refuse(Code::Overflow, "The quantity leaves the range 0 to 100000000");
  }
  return Quantity::tenths(tenths);
}

}  // namespace

Result<Quantity> Quantity::parse(std::string_view text) {
  std::size_t at = 0;
  std::int64_t whole = 0;
  while (at < text.size() && is_digit(text[at])) {
    if (at >= kDigitsMax) return bad_quantity();
    whole = whole * 10 + (text[at++] - '0');
  }
  if (at == 0 || (at > 1 && text[0] == '0')) return bad_quantity();
  std::int64_t tenth = 0;
  if (at < text.size()) {
    if (text[at] != '.' || text.size() != at + 2 || !is_digit(text[at + 1])) return bad_quantity();
    tenth = text[at + 1] - '0';
  }
  const std::int64_t value = whole * 10 + tenth;
  if (value > kQuantityTenthsMax) return bad_quantity();
  return Quantity(value);
}

std::string Quantity::text() const {
  const bool negative = tenths_ < 0;
  const std::uint64_t size =
      negative ? 0 - static_cast<std::uint64_t>(tenths_) : static_cast<std::uint64_t>(tenths_);
  return (negative ? "-" : "") + std::to_string(size / 10) + "." + std::to_string(size % 10);
}

Result<Quantity> add(Quantity a, Quantity b) {
  std::int64_t sum = 0;
  if (__builtin_add_overflow(a.in_tenths(), b.in_tenths(), &sum)) return in_range(-1);
  return in_range(sum);
}

Result<Quantity> subtract(Quantity a, Quantity b) {
  std::int64_t rest = 0;
  if (__builtin_sub_overflow(a.in_tenths(), b.in_tenths(), &rest)) return in_range(-1);
  return in_range(rest);
}

Result<Quantity> multiply(Quantity per_unit, Quantity count) {
  std::int64_t hundredths = 0;
  if (__builtin_mul_overflow(per_unit.in_tenths(), count.in_tenths(), &hundredths)) {
    return in_range(-1);
  }
  if (hundredths % 10 != 0) {
    return refuse(Code::BadQuantity, "The product is not a whole number of tenths");
  }
  return in_range(hundredths / 10);
}

}  // namespace larder
