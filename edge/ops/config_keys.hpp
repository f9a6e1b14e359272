// The one table of what the config file may say. A row is a key: its type, range, default, sentence
// and where it goes in Config.
#pragma once

#include <span>
#include <string>

#include "edge/ops/config.hpp"
#include "platform/process/config_reader.hpp"

namespace larder::edge {

using TextKey = config::TextKeyOf<Config>;
using WholeKey = config::WholeKeyOf<Config>;
using SwitchKey = config::SwitchKeyOf<Config>;
using ConfigKey = config::KeyOf<Config>;

std::span<const ConfigKey> config_keys();

// "lan.port"
std::string key_path(const ConfigKey& key);

}  // namespace larder::edge
