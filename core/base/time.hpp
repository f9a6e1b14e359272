// Time as the rules see it: an argument. The hub's Clock makes a Now; nothing in core asks for the
// time itself.
#pragma once

#include <compare>
#include <cstdint>
#include <string>

namespace larder {

// Microseconds since 1970-01-01T00:00:00Z, UTC.
struct TimePoint {
  std::int64_t micros = 0;
  constexpr auto operator<=>(const TimePoint&) const = default;
};

struct Duration {
  std::int64_t micros = 0;
  static constexpr Duration seconds(std::int64_t value) { return Duration{value * 1'000'000}; }
  static constexpr Duration minutes(std::int64_t value) { return seconds(value * 60); }
  constexpr auto operator<=>(const Duration&) const = default;
};

constexpr TimePoint operator+(TimePoint t, Duration d) { return TimePoint{t.micros + d.micros}; }
constexpr Duration operator-(TimePoint a, TimePoint b) { return Duration{a.micros - b.micros}; }

constexpr Duration operator-(Duration a, Duration b) { return Duration{a.micros - b.micros}; }
constexpr Duration operator+(Duration a, Duration b) { return Duration{a.micros + b.micros}; }

// A business day of the store, in its own zone, as the number yyyymmdd; 0 before the first.
struct BusinessDay {
  std::int32_t yyyymmdd = 0;
  constexpr auto operator<=>(const BusinessDay&) const = default;
};

// A time by the clock on the store's wall. Which moment that is, the store's zone says.
struct LocalTime {
  std::int32_t yyyymmdd = 0;  // 0: the next time that the clock shows it
  std::int32_t minutes = 0;   // since midnight, by the clock
  constexpr auto operator<=>(const LocalTime&) const = default;
};

// What every decision is told. `at` never goes back between two calls; `day` is the business day
// that `at` falls in.
struct Now {
  TimePoint at;
  BusinessDay day;
};

}  // namespace larder
