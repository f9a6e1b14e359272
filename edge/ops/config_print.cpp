#include <string>

#include "edge/ops/config_keys.hpp"

namespace larder::edge {

std::string printed_config() {
  return config::printed_config(
      config::key_texts(config_keys()),
      "# Larder: the config file of a store's hub. Keys that stand behind a # have the value "
      "shown;\n"
      "# the others must be set. A change needs a restart of larder-edge.\n");
}

std::string config_page() {
  std::string text =
      "# The config file\n\n"
      "This page is made from the table in `edge/ops/config_keys.cpp`; a test fails when it is "
      "old.\n\n"
      "The hub reads one TOML file at start. A file with anything wrong in it is refused as a "
      "whole: the\nhub does not start (exit code 78) and says `file:line:column: sentence` for "
      "each fault.\n`larder-edge --check-config` says the same without starting. The file is "
      "UTF-8 without a byte\norder mark, with Unix line ends.\n\n";
  text += config::key_table(config::key_texts(config_keys()));
  text += "\n`larder-edge --print-config` writes this:\n\n```toml\n" + printed_config() + "```\n";
  return text;
}

}  // namespace larder::edge
