#include "edge/ops/config.hpp"

#include "edge/ops/config_keys.hpp"
#include "edge/ops/config_uplink.hpp"
#include "edge/ops/zone.hpp"

namespace larder::edge {
namespace {

// What no key can know alone.
void check_together(const Config& config, const std::string& zoneinfo, config::Reading& reader) {
  if (const auto place = reader.place("store.zone")) {
    const std::string complaint = zone_complaint(config.zone, zoneinfo);
    if (!complaint.empty()) reader.complain(*place, "store.zone " + complaint);
  }
  // The key that is in the file is named; the other one may stand at its default.
  const auto either = [&reader](const char* first, const char* second) {
    const auto place = reader.place(first);
    return place ? place : reader.place(second);
  };
  if (config.command_burst < config.commands_per_second) {
    if (const auto place = either("lan.command_burst", "lan.commands_per_second")) {
      reader.complain(*place, "lan.command_burst (" + std::to_string(config.command_burst) +
                                  ") must not be less than lan.commands_per_second (" +
                                  std::to_string(config.commands_per_second) + ")");
    }
  }
  if (config.very_late_seconds <= config.late_seconds) {
    if (const auto place = either("kitchen.very_late_s", "kitchen.late_s")) {
      reader.complain(*place, "kitchen.very_late_s (" + std::to_string(config.very_late_seconds) +
                                  ") must be more than kitchen.late_s (" +
                                  std::to_string(config.late_seconds) + ")");
    }
  }
}

}  // namespace

Result<Config> parse_config(std::string_view text, const std::string& file,
                            const std::string& zoneinfo) {
  config::Reading reading(file);
  Config config;
  if (reading.read(text, config::bound_keys(config_keys(), config))) {
    check_together(config, zoneinfo, reading);
    check_uplink(config, reading);
  }
  if (!reading.is_good()) return reading.refusal();
  return config;
}

Result<Config> read_config(const std::string& file, const std::string& zoneinfo) {
  const auto text = config::read_config_text(file);
  if (!text) return pass_on(text);
  return parse_config(*text, file, zoneinfo);
}

}  // namespace larder::edge
