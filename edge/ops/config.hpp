// Config: what an operator says in one TOML file. Read once at start, then a plain value that is
// handed to the rooms; nothing reads it from a global. The keys, their ranges and their sentences
// are in config_keys.cpp, from which `--print-config` and docs/CONFIG.md are made.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/limits.hpp"
#include "core/base/result.hpp"
#include "platform/process/config_reader.hpp"
#include "platform/process/log.hpp"

namespace larder::edge {

inline constexpr std::string_view kZoneInfoDirectory = "/usr/share/zoneinfo";
using config::kConfigBytesMax;
using config::kConfigErrorsMax;

struct Config {
  // [store]
  StoreId store;
  std::string name;
  std::string zone;                // IANA name, its file exists
  std::string currency;            // ISO 4217, or empty: the menu says it
  std::string accent = "#c2410c";  // "#rrggbb"
  int day_start_minutes = 4 * 60;  // after local midnight

  // [hub]
  std::string data_dir = "/var/lib/larder";
  std::string web_root = "/usr/share/larder/web";
  bool force_filesystem = false;
  std::string machine_file;  // names this machine in place of what its hardware says

  // [lan]
  std::string address = "0.0.0.0";
  std::uint16_t port = 7480;            // 0 only from the command line: the kernel chooses
  std::vector<std::string> host_names;  // under which screens may call the hub
  int commands_per_second = kCommandsPerSecond;
  int command_burst = kCommandBurst;
  int sessions = static_cast<int>(kSessionsMax);

  // [mdns]
  bool mdns = true;

  // [kitchen]
  int late_seconds = 300;
  int very_late_seconds = 480;
  int staff_idle_seconds = 180;

  // [uplink]
  bool uplink = true;          // and an address is set
  std::string uplink_address;  // empty: this hub has no cloud
  std::uint16_t uplink_port = 8883;
  bool uplink_tls = true;
  std::string uplink_ca_file, uplink_cert_file, uplink_key_file;
  std::string uplink_user, uplink_password_file;
  int uplink_max_inflight = 32;

  // [log]
  LogLevel log_level = LogLevel::Info;
  LogFormat log_format = LogFormat::Auto;

  bool has_uplink() const { return uplink && !uplink_address.empty(); }
  bool operator==(const Config&) const = default;
};

// BadConfig when anything is wrong; the message then holds one "file:line:column: sentence" per
// line, in order of place, at most kConfigErrorsMax. Nothing is guessed or silently corrected.
Result<Config> parse_config(std::string_view text, const std::string& file,
                            const std::string& zoneinfo = std::string(kZoneInfoDirectory));
// The same for a file; "file: sentence" when it cannot be read.
Result<Config> read_config(const std::string& file,
                           const std::string& zoneinfo = std::string(kZoneInfoDirectory));

// Every key with its default, commented: the output of `larder-edge --print-config`.
std::string printed_config();
// docs/CONFIG.md.
std::string config_page();

}  // namespace larder::edge
