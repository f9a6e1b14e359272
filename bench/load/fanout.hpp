// Fan-out: one caller, many watchers, and how long it takes until the last of them has it.
// The caller marks an item sold out and back (the hub), or publishes a message as long as the
// hub's event (an MQTT broker, QoS 0). One thread, epoll, whatever the server.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace larder::bench {

struct FanoutPlan {
  std::string server;  // larder, mosquitto
  std::uint16_t port = 0;
  std::size_t watchers = 200;
  std::string caller_token;         // larder: of a till
  std::vector<std::string> tokens;  // larder: of the screens
  std::string run;
  std::size_t singles = 300;      // one at a time: until the last has it
  std::size_t flood = 20'000;     // one after the other, so many under way at most
  std::size_t window = 128;       // of the flood
  std::size_t payload_bytes = 0;  // mosquitto: of a message
};

struct FanoutResult {
  std::vector<std::uint32_t> latencies;  // of the singles, microseconds
  double flood_seconds = 0;
  std::uint64_t seen_least = 0;  // events that a watcher has had in all: the fewest and the most
  std::uint64_t seen_most = 0;
  std::size_t event_bytes = 0;  // of one event as the last watcher got it, alone in its frame
};

FanoutResult run_fanout(const FanoutPlan& plan);

}  // namespace larder::bench
