// What the tests of days and clocks stand on: calendar times, and a zone that changes where it is
// told to.
#pragma once

#include <cstdint>
#include <ctime>
#include <iterator>
#include <map>

#include "edge/ops/zone.hpp"

namespace larder::edge {

inline constexpr std::int64_t kHour = 3'600;

// Seconds since 1970 of a UTC calendar time.
inline std::int64_t utc(int year, int month, int day, int hour, int minute = 0, int second = 0) {
  std::tm parts{};
  parts.tm_year = year - 1900;
  parts.tm_mon = month - 1;
  parts.tm_mday = day;
  parts.tm_hour = hour;
  parts.tm_min = minute;
  parts.tm_sec = second;
  return timegm(&parts);
}
inline TimePoint at(std::int64_t seconds) { return TimePoint{seconds * 1'000'000}; }
inline std::int64_t seconds_of(TimePoint time) { return time.micros / 1'000'000; }

// An offset that changes where it is told to.
class TestZone final : public ZoneRules {
 public:
  explicit TestZone(std::int64_t offset) : first_(offset) {}
  TestZone& then(std::int64_t from, std::int64_t offset) {
    changes_[from] = offset;
    return *this;
  }
  std::int64_t offset_seconds(std::int64_t unix_seconds) const override {
    const auto next = changes_.upper_bound(unix_seconds);
    return next == changes_.begin() ? first_ : std::prev(next)->second;
  }

 private:
  std::int64_t first_;
  std::map<std::int64_t, std::int64_t> changes_;
};

}  // namespace larder::edge
