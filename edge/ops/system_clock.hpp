// SystemClock: the hub's Clock on a real machine. Lives from main() to shutdown; network thread
// only. Wall time and business day never go back: when the machine's clock is set back, time stands
// still until it has caught up. Durations count through suspend (CLOCK_BOOTTIME).
#pragma once

#include <functional>

#include "edge/app/ports.hpp"
#include "edge/ops/zone.hpp"

namespace larder::edge {

class SystemClock final : public Clock {
 public:
  using Source = std::function<TimePoint()>;

  // `zone` must outlive the clock. `wall` is for tests; without it CLOCK_REALTIME.
  SystemClock(const ZoneRules& zone, int day_start_minutes, Source wall = {});

  Now now() override;
  Duration steady() override;
  TimePoint moment_of(const LocalTime& told, TimePoint after) override;

  // What the journal has seen already: no later answer is before it. Called once after recovery, so
  // that a machine that boots with its clock in the past writes no event before the last one.
  void not_before(Now last);
  // True while the machine's clock is behind what this clock has answered.
  bool is_behind() const { return is_behind_; }

 private:
  const ZoneRules& zone_;
  int day_start_minutes_;
  Source wall_;
  std::int64_t started_micros_;
  Now last_;
  DaySpan span_;  // of the last answer, so that the zone is asked once a day
  bool is_behind_ = false;
};

}  // namespace larder::edge
