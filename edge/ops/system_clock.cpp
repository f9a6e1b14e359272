#include "edge/ops/system_clock.hpp"

#include <algorithm>
#include <ctime>
#include <string>
#include <utility>

#include "platform/process/log.hpp"

namespace larder::edge {
namespace {

// 2025-10-09: no store was older. A clock before it was never set, and what sets it is believed.
constexpr TimePoint kFirstStores{1'760'000'000'000'000};
// A machine that has just begun gets its time from the time service; that is no jump.
constexpr Duration kFreshBoot = Duration::minutes(15);
constexpr Duration kTrusted = Duration::minutes(2);       // a step of this size is a correction
constexpr Duration kDoubted = Duration::minutes(60);      // a jump ahead that lasts is believed
constexpr Duration kHopeless = Duration::minutes(1'440);  // behind: nine tenths never get there

std::int64_t micros_of(clockid_t id) {
  std::timespec at{};
  clock_gettime(id, &at);
  return std::int64_t{at.tv_sec} * 1'000'000 + at.tv_nsec / 1'000;
}

std::string seconds_of(Duration time) { return std::to_string(time.micros / 1'000'000) + " s"; }

}  // namespace

SystemClock::SystemClock(const ZoneRules& zone, int day_start_minutes, Sources sources)
    : zone_(zone), day_start_minutes_(day_start_minutes), sources_(std::move(sources)) {
  if (!sources_.wall) sources_.wall = [] { return TimePoint{micros_of(CLOCK_REALTIME)}; };
  if (!sources_.steady) sources_.steady = [] { return Duration{micros_of(CLOCK_BOOTTIME)}; };
  started_ = sources_.steady();
}

Now SystemClock::now() {
  const Duration steady = this->steady();
  last_.at = believed(sources_.wall(), steady - std::exchange(last_steady_, steady));
  is_running_ = true;
  if (last_.at < span_.begin || last_.at >= span_.end) {
    span_ = business_day_span(last_.at, zone_, day_start_minutes_);
  }
  last_.day = std::max(last_.day, span_.day);
  return last_;
}

// What the machine says, where that is near what must have passed since the last answer. How long
// the hub was down nobody can tell: the first answer takes what it finds.
TimePoint SystemClock::believed(TimePoint wall, Duration passed) {
  const TimePoint expected = last_.at + passed;
  const bool is_fresh = sources_.steady() < kFreshBoot;
  const bool is_known = is_running_ && !is_fresh && !is_far_behind_ && last_.at >= kFirstStores;
  const bool is_ahead = is_known && wall > expected + kTrusted;
  if (!is_ahead) jump_.reset();
  const TimePoint at =
      is_ahead ? ahead(wall, expected) : (wall < last_.at ? behind(wall, passed) : wall);
  is_behind_ = wall < at;
  const bool was_far = std::exchange(is_far_behind_, wall + kTrusted < at);
  if (is_far_behind_ && !was_far) {
    log_warn("clock", "the machine's clock is " + seconds_of(at - wall) +
                          " behind the last event; the hub goes on by its own");
  }
  return at;
}

TimePoint SystemClock::behind(TimePoint wall, Duration passed) {
  const Duration by = last_.at - wall;
  if (by > kHopeless) return last_.at + passed;
  if (by > kTrusted) return last_.at + Duration{passed.micros * 9 / 10};
  return last_.at;
}

// Who holds something keeps it meanwhile, and a clock that comes back has done nothing.
TimePoint SystemClock::ahead(TimePoint wall, TimePoint expected) {
  const Duration machine = started_ + last_steady_;
  if (!jump_) {
    jump_ = DoubtedJump{machine, expected};
    log_warn("clock", "the machine's clock jumped ahead by " + seconds_of(wall - expected) +
                          "; believed when it stays so for an hour");
  }
  if (machine - jump_->since < kDoubted) return expected;
  jump_.reset();
  log_warn("clock", "the machine's clock is believed: ahead by " + seconds_of(wall - expected));
  return wall;
}

// What was a jump to the run before is one to this: the hub's time has gone on meanwhile.
void SystemClock::go_on_doubting(const DoubtedJump& jump) {
  const Duration passed = sources_.steady() - jump.since;
  if (passed.micros < 0) return;
  last_.at = std::max(last_.at, jump.at + passed);
  last_steady_ = steady();
  is_running_ = true;
  jump_ = jump;
}

Duration SystemClock::steady() { return sources_.steady() - started_; }

TimePoint SystemClock::moment_of(const LocalTime& told, TimePoint after) {
  return edge::moment_of(told, after, zone_);
}

void SystemClock::not_before(Now last) {
  last_.at = std::max(last_.at, last.at);
  last_.day = std::max(last_.day, last.day);
}

}  // namespace larder::edge
