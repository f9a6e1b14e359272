// SystemClock: the hub's Clock on a real machine. Lives from main() to shutdown; network thread
// only. Wall time and business day never go back. Durations count through suspend
// (CLOCK_BOOTTIME), and so does the wall time while the machine's clock cannot be believed:
// set back a little, time stands still until it has caught up; set back further, it goes on at nine
// tenths of its pace, and where that is hopeless (a dead battery) at its own; set ahead, it is
// believed after an hour, or at once when it was behind before. A restart within that hour goes on
// doubting (ClockNote), as long as the machine runs.
#pragma once

#include <functional>
#include <optional>

#include "edge/app/ports.hpp"
#include "edge/ops/zone.hpp"

namespace larder::edge {

// The machine's clock jumped ahead at `since`, by CLOCK_BOOTTIME, and the hub had `at`.
struct DoubtedJump {
  Duration since;
  TimePoint at;
  bool operator==(const DoubtedJump&) const = default;
};

class SystemClock final : public Clock {
 public:
  struct Sources {
    std::function<TimePoint()> wall;
    std::function<Duration()> steady;
  };

  // `zone` must outlive the clock. `sources` are for tests; without them CLOCK_REALTIME and
  // CLOCK_BOOTTIME.
  SystemClock(const ZoneRules& zone, int day_start_minutes, Sources sources = {});

  Now now() override;
  Duration steady() override;
  TimePoint moment_of(const LocalTime& told, TimePoint after) override;

  // What the journal has seen already: no later answer is before it. Called once after recovery, so
  // that a machine that boots with its clock in the past writes no event before the last one.
  void not_before(Now last);
  // True while the machine's clock is behind what this clock has answered.
  bool is_behind() const { return is_behind_; }
  // True while the machine's clock has jumped ahead and is not believed.
  bool is_ahead() const { return jump_.has_value(); }
  const std::optional<DoubtedJump>& doubted_jump() const { return jump_; }
  // What a run before this one, in this boot of the machine, doubted when it ended. Called once,
  // before the first answer.
  void go_on_doubting(const DoubtedJump& jump);

 private:
  TimePoint believed(TimePoint wall, Duration passed);
  TimePoint behind(TimePoint wall, Duration passed);
  TimePoint ahead(TimePoint wall, TimePoint expected);

  const ZoneRules& zone_;
  int day_start_minutes_;
  Sources sources_;
  Duration started_;
  Now last_;
  Duration last_steady_{};   // of the last answer
  bool is_running_ = false;  // there was an answer
  std::optional<DoubtedJump> jump_;
  DaySpan span_;  // of the last answer, so that the zone is asked once a day
  bool is_behind_ = false;
  bool is_far_behind_ = false;
};

}  // namespace larder::edge
