#include "relay/arguments.hpp"

#include <charconv>
#include <string_view>

namespace larder::relay {

std::string usage() {
  return "larder-relay: the cloud's side of the stores\n"
         "  --config FILE    the configuration (default /etc/larder/relay.toml)\n"
         "  --check-config   say whether the configuration is good, and end\n"
         "  --print-config   print every key with its default, and end\n"
         "  --port N         of HTTP, instead of the configured port; 0: the kernel chooses\n"
         "  --data DIR       instead of the configured data directory\n"
         "  --version, --help\n"
         "Exit codes: 0 stopped, 64 usage, 65 corrupt database, 69 address taken, 74 storage\n"
         "failed, 75 another relay owns the data directory, 76 written by a later Larder,\n"
         "77 no permission, 78 configuration.\n";
}

Result<Arguments> read_arguments(int count, char** values) {
  Arguments arguments;
  for (int i = 1; i < count; ++i) {
    const std::string_view option = values[i];
    const auto next = [&]() -> std::string { return i + 1 < count ? values[++i] : std::string(); };
    if (option == "--config") {
      arguments.config = next();
    } else if (option == "--data") {
      arguments.data_dir = next();
    } else if (option == "--port") {
      const std::string text = next();
      std::uint16_t port = 0;
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
      if (error != std::errc() || end != text.data() + text.size()) {
        return refuse(Code::BadRequest, "--port wants a number from 0 to 65535");
      }
      arguments.port = port;
    } else if (option == "--check-config") {
      arguments.mode = Mode::CheckConfig;
    } else if (option == "--print-config") {
      arguments.mode = Mode::PrintConfig;
    } else if (option == "--version") {
      arguments.mode = Mode::Version;
    } else if (option == "--help" || option == "-h") {
      arguments.mode = Mode::Help;
    } else {
      return refuse(Code::BadRequest, "there is no option " + std::string(option));
    }
  }
  return arguments;
}

}  // namespace larder::relay
