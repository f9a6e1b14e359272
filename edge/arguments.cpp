#include "edge/arguments.hpp"

#include <charconv>
#include <string_view>

namespace larder::edge {

namespace {

Result<std::uint16_t> read_port(std::string_view text) {
  std::uint16_t port = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size()) {
    return refuse(Code::BadRequest, "--port wants a number from 0 to 65535");
  }
  return port;
}

}  // namespace

std::string usage() {
  return "larder-edge: the hub of a store\n"
         "  --config FILE    the configuration (default /etc/larder/edge.toml)\n"
         "  --check-config   say whether the configuration is good, and end\n"
         "  --print-config   print every key with its default, and end\n"
         "  --port N         instead of the configured port; 0: the kernel chooses\n"
         "  --data DIR       instead of the configured data directory\n"
         "  --version, --help\n"
         "Exit codes: 0 stopped, 64 usage, 65 corrupt store, 69 address taken, 74 storage failed,\n"
         "75 another hub owns the data directory, 76 written by a later Larder, 77 no permission,\n"
         "78 configuration.\n";
}

Result<Arguments> read_arguments(int count, char** values) {
  Arguments arguments;
  for (int i = 1; i < count; ++i) {
    std::string_view option = values[i];
    auto next = [&]() -> std::string { return i + 1 < count ? values[++i] : std::string(); };
    if (option == "--config") {
      arguments.config = next();
    } else if (option == "--data") {
      arguments.data_dir = next();
    } else if (option == "--port") {
      auto port = read_port(next());
      if (!port) return pass_on(port);
      arguments.port = *port;
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

}  // namespace larder::edge
