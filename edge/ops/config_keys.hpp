// The one table of what the config file may say. A row is a key: its type, range, default, sentence
// and where it goes in Config.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "edge/ops/config.hpp"

namespace larder::edge {

// Sets the value, or answers why it cannot: the end of a sentence that begins with the key's name,
// for example "must be an IP address". Empty when it was set.
struct TextKey {
  std::string (*set)(Config&, const std::string& value);
};
struct WholeKey {
  std::int64_t min;
  std::int64_t max;
  void (*set)(Config&, std::int64_t value);
};
struct SwitchKey {
  void (*set)(Config&, bool value);
};

struct ConfigKey {
  std::string_view section;
  std::string_view name;
  bool required;
  std::string_view fallback;  // the default as TOML; for a required key an example
  std::string_view unit;      // "" for text
  std::string_view range;     // in words
  std::string_view sentence;
  std::variant<TextKey, WholeKey, SwitchKey> value;
};

std::span<const ConfigKey> config_keys();

// "lan.port"
std::string key_path(const ConfigKey& key);

}  // namespace larder::edge
