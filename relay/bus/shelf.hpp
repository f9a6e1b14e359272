// The shelf: what the estate was told last, kept in the bus's file for people who look and for
// tests. An Effect, run by a DurableConsumer. Limits: the newest kShelfMessages.
#pragma once

#include <cstdint>

#include "relay/bus/consume_log.hpp"

namespace larder::relay {

inline constexpr std::int64_t kShelfMessages = 20'000;

// `now` is asked on the consumer's thread.
Effect put_on_shelf(std::function<TimePoint()> now);

}  // namespace larder::relay
