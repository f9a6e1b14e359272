#include "relay/api/times.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>

namespace larder::relay {

namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kDay = 86'400 * kSecond;
constexpr TimePoint kLast{253'402'300'800LL * kSecond - 1};  // the end of 9999

// Reads digits and fixed characters from the front of a text; after the first that does not fit it
// stays failed.
class Scan {
 public:
  explicit Scan(std::string_view text) : rest_(text) {}

  int digits(std::size_t count) {
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (rest_.empty() || rest_[0] < '0' || rest_[0] > '9') return fail();
      value = value * 10 + (rest_[0] - '0');
      rest_.remove_prefix(1);
    }
    return value;
  }
  bool next_is(std::string_view any) const {
    return !rest_.empty() && any.find(rest_[0]) != std::string_view::npos;
  }
  char one_of(std::string_view any) {
    if (!next_is(any)) return static_cast<char>(fail());
    const char c = rest_[0];
    rest_.remove_prefix(1);
    return c;
  }
  // ".5" is 500,000.
  int micros() {
    int value = 0;
    int places = 0;
    for (; places < 6 && next_is("0123456789"); ++places) value = value * 10 + digits(1);
    if (places == 0) fail();
    for (; places < 6; ++places) value *= 10;
    return value;
  }
  bool is_done() const { return good_ && rest_.empty(); }

 private:
  int fail() {
    good_ = false;
    return 0;
  }
  std::string_view rest_;
  bool good_ = true;
};

std::optional<std::int64_t> days_of(int year, int month, int day) {
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date).time_since_epoch().count();
}

}  // namespace

std::string time_text(TimePoint at) {
  const std::int64_t micros = at.micros < 0 ? 0 : std::min(at.micros, kLast.micros);
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(micros / kDay))};
  const std::int64_t rest = micros % kDay;
  std::array<char, 64> out{};
  std::snprintf(out.data(), out.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%06dZ", int(date.year()),
                unsigned(date.month()), unsigned(date.day()),
                static_cast<int>(rest / (3'600 * kSecond)),
                static_cast<int>(rest / (60 * kSecond) % 60), static_cast<int>(rest / kSecond % 60),
                static_cast<int>(rest % kSecond));
  return out.data();
}

std::optional<TimePoint> read_time(std::string_view text) {
  Scan scan(text);
  const int year = scan.digits(4);
  scan.one_of("-");
  const int month = scan.digits(2);
  scan.one_of("-");
  const int day = scan.digits(2);
  scan.one_of("Tt");
  const int hour = scan.digits(2);
  scan.one_of(":");
  const int minute = scan.digits(2);
  scan.one_of(":");
  const int second = scan.digits(2);
  int micros = 0;
  if (scan.next_is(".")) {
    scan.one_of(".");
    micros = scan.micros();
  }
  const char zone = scan.one_of("Zz+-");
  int ahead = 0;  // of UTC, in minutes
  if (zone == '+' || zone == '-') {
    const int hours = scan.digits(2);
    scan.one_of(":");
    const int minutes = scan.digits(2);
    if (hours > 23 || minutes > 59) return std::nullopt;
    ahead = (zone == '-' ? -1 : 1) * (hours * 60 + minutes);
  }
  const auto days = days_of(year, month, day);
  if (!scan.is_done() || !days || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  const TimePoint at{*days * kDay + ((hour * 60 + minute - ahead) * 60 + second) * kSecond +
                     micros};
  if (at.micros < 0 || at > kLast) return std::nullopt;
  return at;
}

std::optional<BusinessDay> read_day(std::string_view text) {
  Scan scan(text);
  const bool dashed = text.size() == 10;
  const int year = scan.digits(4);
  if (dashed) scan.one_of("-");
  const int month = scan.digits(2);
  if (dashed) scan.one_of("-");
  const int day = scan.digits(2);
  if (!scan.is_done() || year < 1970 || !days_of(year, month, day)) return std::nullopt;
  return BusinessDay{year * 10'000 + month * 100 + day};
}

}  // namespace larder::relay
