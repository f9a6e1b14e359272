#include <string>

#include "edge/ops/config_keys.hpp"

namespace larder::edge {
namespace {

std::string unit_and_range(const ConfigKey& key) {
  std::string text(key.range);
  if (!key.unit.empty()) text += " " + std::string(key.unit);
  return text;
}

}  // namespace

std::string printed_config() {
  std::string text =
      "# Larder: the config file of a store's hub. Keys that stand behind a # have the value "
      "shown;\n"
      "# the others must be set. A change needs a restart of larder-edge.\n";
  std::string_view section;
  for (const ConfigKey& key : config_keys()) {
    if (key.section != section) {
      section = key.section;
      text += "\n[" + std::string(section) + "]\n";
    }
    text += "# " + std::string(key.sentence) + " (" + unit_and_range(key) + ")\n";
    text += key.required ? "" : "#";
    text += std::string(key.name) + " = " + std::string(key.fallback) + "\n";
  }
  return text;
}

std::string config_page() {
  std::string text =
      "# The config file\n\n"
      "This page is made from the table in `edge/ops/config_keys.cpp`; a test fails when it is "
      "old.\n\n"
      "The hub reads one TOML file at start. A file with anything wrong in it is refused as a "
      "whole: the\nhub does not start (exit code 78) and says `file:line:column: sentence` for "
      "each fault.\n`larder-edge --check-config` says the same without starting. The file is "
      "UTF-8 without a byte\norder mark, with Unix line ends.\n\n"
      "| key | default | allowed | what it is |\n|---|---|---|---|\n";
  for (const ConfigKey& key : config_keys()) {
    text += "| `" + key_path(key) + "` | ";
    text += key.required ? "must be set" : "`" + std::string(key.fallback) + "`";
    text += " | " + unit_and_range(key) + " | " + std::string(key.sentence) + " |\n";
  }
  text += "\n`larder-edge --print-config` writes this:\n\n```toml\n" + printed_config() + "```\n";
  return text;
}

}  // namespace larder::edge
