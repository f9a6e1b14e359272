// The store's time zone, and the business day that a moment belongs to.
#pragma once

#include <cstdint>
#include <string>

#include "core/base/result.hpp"
#include "core/base/time.hpp"

namespace larder::edge {

// How far local time is ahead of UTC, at every moment. Offsets change at most once in four days.
class ZoneRules {
 public:
  virtual ~ZoneRules() = default;
  virtual std::int64_t offset_seconds(std::int64_t unix_seconds) const = 0;
};

// The zone of this process, by the C library. begin() sets TZ: call it once, in main, before any
// thread is started. Reading is safe from any thread.
class ProcessZone final : public ZoneRules {
 public:
  static void begin(const std::string& zone);
  std::int64_t offset_seconds(std::int64_t unix_seconds) const override;
};

// Why this is no zone to keep a store's days in: the end of a sentence that begins with the key's
// name; empty when it is one. The name must be a plain IANA name with a file under `zoneinfo`.
std::string zone_complaint(const std::string& zone, const std::string& zoneinfo);

// A business day and the moments it spans: [begin, end).
struct DaySpan {
  BusinessDay day;
  TimePoint begin;
  TimePoint end;
};

// Day D begins at the first moment when local time is not before D at `start_minutes`. So the days
// follow each other without gap or overlap, whatever the clocks of the zone do: a start that is
// skipped in spring is moved to the end of the gap, one that comes twice in autumn counts the first
// time.
DaySpan business_day_span(TimePoint at, const ZoneRules& zone, int start_minutes);
BusinessDay business_day(TimePoint at, const ZoneRules& zone, int start_minutes);

// The first moment at which the clock on the wall is not before `told`: one that is skipped in
// spring is the end of the gap, one that comes twice in autumn is the first of the two. Without a
// date, of the first day on which that lies after `after`.
TimePoint moment_of(const LocalTime& told, TimePoint after, const ZoneRules& zone);

}  // namespace larder::edge
