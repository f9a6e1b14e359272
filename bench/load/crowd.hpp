// Two ways to reserve with many connections. A crowd: each connection one command after the other
// (a closed loop: as fast as the server lets it). A pace: so many commands a second, whatever the
// server does (an open loop: latency counts from when a command was due). One thread, epoll, two
// system calls a command, whatever the server.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bench/load/assembly.hpp"

namespace larder::bench {

struct CrowdPlan {
  AssemblyPlan assembly;
  double rate = 0;  // of a pace, all connections together
  double warm_up_seconds = 0.5;
  double seconds = 2;
};

struct CrowdResult {
  std::uint64_t accepted = 0;  // in all, for the books
  std::uint64_t refused = 0;
  std::uint64_t counted = 0;  // answered within the measured time
  double seconds = 0;
  std::uint64_t unanswered = 0;          // when everything had been waited for
  std::vector<std::uint32_t> latencies;  // microseconds, of those counted
};

CrowdResult run_crowd(const CrowdPlan& plan);
CrowdResult run_pace(const CrowdPlan& plan);

}  // namespace larder::bench
