// Config: what HQ's operator says in one TOML file. Read once at start, then a plain value that is
// handed to the rooms. The keys, their ranges and their sentences are in config_keys.cpp, from
// which `larder-relay --print-config` and docs/CONFIG-RELAY.md are made.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "platform/process/config_reader.hpp"
#include "platform/process/log.hpp"

namespace larder::relay {

struct Config {
  // [relay]
  std::string id;
  std::string data_dir = "/var/lib/larder-relay";

  // [broker]
  std::string broker_address = "127.0.0.1";
  std::uint16_t broker_port = 1883;
  bool tls = false;
  std::string ca_file, cert_file, key_file;
  std::string user, password_file;
  std::vector<unsigned> partitions;  // in order, each once; all of them when nothing is said

  // [http]
  std::string http_address = "127.0.0.1";
  std::uint16_t http_port = 7490;  // 0 only from the command line: the kernel chooses
  std::string web_root = "/usr/share/larder/web-relay";
  bool https_only = false;
  bool storefront = false;

  // [shards]
  std::size_t databases = 2;

  // [limits]
  std::size_t stores = 50'000;
  std::size_t queue_batches = 2'048;
  std::size_t queue_megabytes = 64;
  std::size_t catch_up_stores = 200;

  // [reconcile]
  std::size_t reconcile_every_minutes = 60;  // 0: only when somebody asks

  // [log]
  LogLevel log_level = LogLevel::Info;
  LogFormat log_format = LogFormat::Auto;

  bool operator==(const Config&) const = default;
};

using TextKey = config::TextKeyOf<Config>;
using WholeKey = config::WholeKeyOf<Config>;
using SwitchKey = config::SwitchKeyOf<Config>;
using ConfigKey = config::KeyOf<Config>;
std::span<const ConfigKey> config_keys();

// BadConfig when anything is wrong, as Reading::refusal() says it.
Result<Config> parse_config(std::string_view text, const std::string& file);
Result<Config> read_config(const std::string& file);
// The one line of a file that nobody but its owner may read (case 91). BadConfig, Forbidden.
Result<std::string> read_secret(const std::string& file);

std::string printed_config();
std::string config_page();  // docs/CONFIG-RELAY.md

}  // namespace larder::relay
