#include "edge/ops/system_clock.hpp"

#include <algorithm>
#include <ctime>
#include <utility>

namespace larder::edge {
namespace {

std::int64_t micros_of(clockid_t id) {
  std::timespec at{};
  clock_gettime(id, &at);
  return std::int64_t{at.tv_sec} * 1'000'000 + at.tv_nsec / 1'000;
}

}  // namespace

SystemClock::SystemClock(const ZoneRules& zone, int day_start_minutes, Source wall)
    : zone_(zone),
      day_start_minutes_(day_start_minutes),
      wall_(std::move(wall)),
      started_micros_(micros_of(CLOCK_BOOTTIME)) {}

Now SystemClock::now() {
  const TimePoint wall = wall_ ? wall_() : TimePoint{micros_of(CLOCK_REALTIME)};
  is_behind_ = wall < last_.at;
  last_.at = std::max(last_.at, wall);
  if (last_.at < span_.begin || last_.at >= span_.end) {
    span_ = business_day_span(last_.at, zone_, day_start_minutes_);
  }
  last_.day = std::max(last_.day, span_.day);
  return last_;
}

Duration SystemClock::steady() { return Duration{micros_of(CLOCK_BOOTTIME) - started_micros_}; }

TimePoint SystemClock::moment_of(const LocalTime& told, TimePoint after) {
  return edge::moment_of(told, after, zone_);
}

void SystemClock::not_before(Now last) {
  last_.at = std::max(last_.at, last.at);
  last_.day = std::max(last_.day, last.day);
}

}  // namespace larder::edge
