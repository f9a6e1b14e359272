// What both fuzzers of config files ask of a refusal: its code, and a place on every line.
#pragma once

#include <sstream>

#include "platform/process/config_reader.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace larder::fuzz {

// "file:line:column: sentence", in printable characters: it goes to a terminal and to a log.
inline void require_places(const Error& error) {
  require(error.code() == Code::BadConfig, "a bad file is a bad config");
  std::istringstream lines(error.message());
  std::size_t count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    const std::size_t colon = line.find(".toml:");
    require(colon != std::string::npos, "a fault names its file");
    for (const char c : line) {
      require(static_cast<unsigned char>(c) >= ' ' && c != 0x7f, "a fault is printable");
    }
    const std::string rest = line.substr(colon + 6);
    if (rest.starts_with(" and ")) continue;  // "and 7 more"
    unsigned row = 0, column = 0;
    require(std::sscanf(rest.c_str(), "%u:%u: ", &row, &column) == 2 && row > 0 && column > 0,
            "a fault has a line and a column");
  }
  require(count > 0 && count <= config::kConfigErrorsMax + 1, "not a thousand lines");
}

}  // namespace larder::fuzz
