#include "tools/larderctl/json_lines.hpp"

#include <algorithm>

namespace larder::ctl {
namespace {

std::size_t end_of_string(std::string_view text, std::size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at)
    if (text[at] == '\\') ++at;
  return at + 1;
}

bool is_key(std::string_view text, std::size_t after_string) {
  const std::size_t next = text.find_first_not_of(" \t\r\n", after_string);
  return next != std::string_view::npos && text[next] == ':';
}

// The lines of all values in the order of the text, which is the order of a walk over the tree. The
// text is known to be JSON.
std::vector<unsigned> lines_of_values(std::string_view text) {
  std::vector<unsigned> lines;
  unsigned line = 1;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == '\n') ++line;
    if (c == '"') {
      const std::size_t end = end_of_string(text, at);
      if (!is_key(text, end)) lines.push_back(line);
      at = end;
      continue;
    }
    const bool opens = c == '{' || c == '[';
    const bool scalar = c == '-' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
    if (opens || scalar) lines.push_back(line);
    at = scalar ? std::min(text.find_first_of(" \t\r\n,]}", at), text.size()) : at + 1;
  }
  return lines;
}

LinedJson walk(const Json& json, const std::vector<unsigned>& lines, std::size_t& at) {
  LinedJson lined;
  lined.json = &json;
  lined.line = at < lines.size() ? lines[at] : 1;
  ++at;
  if (const auto* array = json.as<JsonArray>())
    for (const Json& element : *array) lined.children.push_back(walk(element, lines, at));
  if (const auto* object = json.as<JsonObject>())
    for (const auto& [key, member] : *object) lined.children.push_back(walk(member, lines, at));
  return lined;
}

}  // namespace

const LinedJson* LinedJson::find(std::string_view key) const {
  const auto* object = json->as<JsonObject>();
  if (object == nullptr) return nullptr;
  for (std::size_t i = 0; i < object->size(); ++i)
    if ((*object)[i].first == key) return &children[i];
  return nullptr;
}

LinedJson with_lines(std::string_view text, const Json& json) {
  const std::vector<unsigned> lines = lines_of_values(text);
  std::size_t at = 0;
  return walk(json, lines, at);
}

unsigned line_of(std::string_view text, std::size_t byte) {
  const auto upto = text.substr(0, std::min(byte, text.size()));
  return 1 + static_cast<unsigned>(std::count(upto.begin(), upto.end(), '\n'));
}

}  // namespace larder::ctl
