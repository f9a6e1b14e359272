// What a replay found, for people on stdout and for machines in a JSON file.
#pragma once

#include <string>
#include <vector>

#include "tools/replay/books.hpp"
#include "tools/replay/fleet.hpp"

namespace larder::replay {

struct Report {
  std::string mode;  // "play" or "latency"
  std::size_t orders = 0;
  std::size_t lines = 0;
  std::int64_t total = 0;  // minor units
  std::size_t acknowledged = 0;
  std::uint64_t resent = 0;   // after a lost connection
  std::uint64_t retried = 0;  // because the hub asked for patience
  FleetOutcome outcome;
  std::vector<Difference> differences;
  std::uint64_t events = 0;
  Seq head = 0;
  std::string head_hash;
};

std::string to_json(const Report& report);
// Several lines; the last is `N orders, M lines, total X.XX, D differences`.
std::string to_words(const Report& report);

}  // namespace larder::replay
