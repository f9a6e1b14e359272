// The hub's config file: taken whole, or refused with a place for each fault.
#include "edge/ops/config.hpp"
#include "tests/fuzz/config.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string text(larder::fuzz::text_of(bytes, size));
  const auto config = larder::edge::parse_config(text, "larder.toml");
  if (!config) {
    larder::fuzz::require_places(config.error());
    return 0;
  }
  larder::fuzz::require(config->port > 0, "a port is one");
  larder::fuzz::require(config->command_burst >= config->commands_per_second, "a burst is one");
  larder::fuzz::require(config->very_late_seconds > config->late_seconds, "late comes first");
  larder::fuzz::require(!config->store.text().empty(), "a store has an id");
  const auto again = larder::edge::parse_config(text, "larder.toml");
  larder::fuzz::require(again.has_value() && *again == *config, "a file says one thing");
  return 0;
}
