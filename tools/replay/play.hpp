// One whole replay: devices minted, orders played, books compared.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "tools/larderctl/connection.hpp"
#include "tools/replay/report.hpp"

namespace larder::replay {

struct PlayOptions {
  ctl::HubAddress hub;
  std::string admin_token;
  std::string prefix = "replay";
  std::size_t kiosks = 8;
  std::size_t kitchen = 1;  // screens that read and check
  std::size_t screens = 0;  // screens that only receive
  double rate = 0;
  Pay pay = Pay::Card;
  std::size_t limit = 0;
  bool finish = false;
  bool through_crashes = false;
  bool keep_devices = false;
  bool compare_books = true;
  bool progress = false;  // a bar on stderr
};

// `orders` have SKUs that are on the hub's menu.
Result<Report> play(const std::vector<FileOrder>& orders, const PlayOptions& options,
                    const std::string& mode);

struct LatencyOptions {
  double rate = 200;
  double seconds = 20;
  std::uint64_t seed = 7;
  std::size_t screens = 20;  // the one that measures is one of them
};
// Orders drawn from the hub's own menu, at a rate, through as many kiosks as the limit of one
// device asks for.
Result<Report> measure_latency(PlayOptions options, const LatencyOptions& latency);

// Connects `count` screens that follow the kitchen and the menu and stays for `seconds`.
Result<void> hold_screens(const PlayOptions& options, double seconds);

}  // namespace larder::replay
