#include "platform/process/config_reader.hpp"

namespace larder::config {
namespace {

std::string unit_and_range(const KeyText& key) {
  std::string text(key.range);
  if (!key.unit.empty()) text += " " + std::string(key.unit);
  return text;
}

}  // namespace

std::string printed_config(const std::vector<KeyText>& keys, std::string_view head) {
  std::string text(head);
  std::string_view section;
  for (const KeyText& key : keys) {
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

std::string key_table(const std::vector<KeyText>& keys) {
  std::string text = "| key | default | allowed | what it is |\n|---|---|---|---|\n";
  for (const KeyText& key : keys) {
    text += "| `" + path_of(key) + "` | ";
    text += key.required ? "must be set" : "`" + std::string(key.fallback) + "`";
    text += " | " + unit_and_range(key) + " | " + std::string(key.sentence) + " |\n";
  }
  return text;
}

}  // namespace larder::config
