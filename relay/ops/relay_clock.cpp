#include "relay/ops/relay_clock.hpp"

#include <ctime>

namespace larder::relay {
namespace {

std::int64_t micros_of(clockid_t id) {
  std::timespec at{};
  clock_gettime(id, &at);
  return std::int64_t{at.tv_sec} * 1'000'000 + at.tv_nsec / 1'000;
}

}  // namespace

RelayClock::RelayClock() : started_micros_(micros_of(CLOCK_BOOTTIME)) {}

TimePoint RelayClock::now() { return TimePoint{micros_of(CLOCK_REALTIME)}; }
Duration RelayClock::steady() { return Duration{micros_of(CLOCK_BOOTTIME) - started_micros_}; }

}  // namespace larder::relay
