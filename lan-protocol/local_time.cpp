// A time by the clock on the store's wall: "17:30" or "2026-11-21T17:30".
#include <algorithm>
#include <array>
#include <string_view>

#include "core/base/calendar.hpp"
#include "lan-protocol/fields.hpp"
#include "lan-protocol/shapes.hpp"

namespace larder {
namespace {

constexpr std::string_view kDate = "####-##-##T";
constexpr std::string_view kTime = "##:##";

// `#` stands for a digit, everything else for itself.
bool has_shape(std::string_view text, std::string_view shape) {
  return std::equal(text.begin(), text.end(), shape.begin(), shape.end(),
                    [](char c, char as) { return as == '#' ? c >= '0' && c <= '9' : c == as; });
}

// The digits of the text as one number.
std::int32_t digits_of(std::string_view text) {
  std::int32_t number = 0;
  for (const char c : text) {
    if (c >= '0' && c <= '9') number = number * 10 + (c - '0');
  }
  return number;
}

void put_digits(std::string& text, std::int32_t number, int places) {
  std::array<char, 4> digits{};
  for (int i = places; i-- > 0; number /= 10) {
    digits.at(static_cast<std::size_t>(i)) = static_cast<char>('0' + number % 10);
  }
  text.append(digits.data(), static_cast<std::size_t>(places));
}

}  // namespace

void take(const Input& in, LocalTime& out) {
  const std::string* whole = in.json().as<std::string>();
  if (whole == nullptr) return in.refuse(Code::BadRequest, "must be a string");
  std::string_view time = *whole;
  LocalTime read;
  if (time.size() > kTime.size() && has_shape(time.substr(0, kDate.size()), kDate)) {
    read.yyyymmdd = digits_of(time.substr(0, kDate.size()));
    time.remove_prefix(kDate.size());
    if (!days_of_date(read.yyyymmdd)) return in.refuse(Code::BadRequest, "there is no such date");
  }
  const std::int32_t number = has_shape(time, kTime) ? digits_of(time) : 9'999;
  if (number / 100 > 23 || number % 100 > 59) {
    return in.refuse(Code::BadRequest, "must be a time as 17:30 or 2026-11-21T17:30");
  }
  read.minutes = number / 100 * 60 + number % 100;
  out = read;
}

void put(JsonWriter& out, const LocalTime& time) {
  std::string text;
  if (time.yyyymmdd != 0) {
    put_digits(text, time.yyyymmdd / 10'000, 4);
    text += '-';
    put_digits(text, time.yyyymmdd / 100 % 100, 2);
    text += '-';
    put_digits(text, time.yyyymmdd % 100, 2);
    text += 'T';
  }
  put_digits(text, time.minutes / 60, 2);
  text += ':';
  put_digits(text, time.minutes % 60, 2);
  out.value(text);
}

}  // namespace larder
