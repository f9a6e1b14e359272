// A Network and a Wire without a thread or a socket, in place of tools/client/wire.cpp: what the
// fuzzer of a hub's messages speaks through. One connection at a time, on the caller's thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tools/client/wire.hpp"

namespace larder::fuzz {

// Of the connection that was opened last.
struct WireScript {
  client::WireCallbacks callbacks;
  std::vector<std::string> sent;
  std::vector<std::function<void()>> due;  // asked for by run_at
  bool is_open = false;
  std::size_t opened = 0;
};
WireScript& wire_script();

// A message of the hub, when somebody still listens.
void hub_says(std::string_view text);
void hub_hangs_up(std::uint16_t code);
// Everything that was to run later runs once, as if its time had come.
void time_passes();

}  // namespace larder::fuzz
