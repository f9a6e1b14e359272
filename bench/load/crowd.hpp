// Crowd: many connections that reserve one after the other, each with one command under way (a
// closed loop). One thread, epoll, two system calls a command, whatever the server.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bench/load/speaker.hpp"

namespace larder::bench {

struct CrowdPlan {
  MakeSpeaker make_speaker;
  std::uint16_t port = 0;
  std::size_t connections = 1;
  std::vector<std::string> tokens;  // larder: one a connection
  std::vector<std::string> skus;    // drawn from evenly
  std::string run;
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

}  // namespace larder::bench
