// The command line of larder-relay.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/base/result.hpp"

namespace larder::relay {

enum class Mode { Serve, CheckConfig, PrintConfig, Help, Version };

struct Arguments {
  Mode mode = Mode::Serve;
  std::string config = "/etc/larder/relay.toml";
  std::optional<std::uint16_t> port;    // of HTTP, over the config; 0: the kernel chooses
  std::optional<std::string> data_dir;  // over the config
};

// BadRequest with a sentence when an option is unknown or its value is wrong.
Result<Arguments> read_arguments(int count, char** values);
std::string usage();

}  // namespace larder::relay
