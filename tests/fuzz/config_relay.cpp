// The relay's config file: taken whole, or refused with a place for each fault.
#include "relay/ops/config.hpp"

#include <algorithm>

#include "lan-protocol/uplink.hpp"
#include "tests/fuzz/config.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using larder::fuzz::require;
  const std::string text(larder::fuzz::text_of(bytes, size));
  const auto config = larder::relay::parse_config(text, "relay.toml");
  if (!config) {
    larder::fuzz::require_places(config.error());
    return 0;
  }
  const auto& partitions = config->partitions;
  require(!partitions.empty() && partitions.back() < larder::kPartitions &&
              std::adjacent_find(partitions.begin(), partitions.end(), std::greater_equal<>()) ==
                  partitions.end(),
          "partitions are in order, each once");
  require(config->catch_up_stores <= config->stores, "no more behind than there are");
  require(config->databases > 0, "there is a database");
  const auto again = larder::relay::parse_config(text, "relay.toml");
  require(again.has_value() && *again == *config, "a file says one thing");
  return 0;
}
