#include "edge/ops/config.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <utility>
#include <vector>

#include "edge/ops/config_keys.hpp"
#include "edge/ops/log_escape.hpp"
#include "edge/ops/zone.hpp"

// toml++ 3.3.0 asserts on some broken files. A broken file must be refused and not end the process,
// so an assertion of the library is an exception here.
[[noreturn]] static void refuse_as_toml() { throw std::logic_error("this is not TOML"); }
#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 1
#define TOML_ASSERT(expression) \
  (static_cast<bool>(expression) ? static_cast<void>(0) : refuse_as_toml())
#include <toml++/toml.h>

namespace larder::edge {
namespace {

struct Place {
  std::size_t line = 1;
  std::size_t column = 1;
  auto operator<=>(const Place&) const = default;
};

Place place_of(const toml::source_region& region) {
  return {std::max<std::size_t>(1, region.begin.line),
          std::max<std::size_t>(1, region.begin.column)};
}

// What is wrong with the file, in order of place.
class Complaints {
 public:
  explicit Complaints(std::string file) : file_(std::move(file)) {}
  void add(Place place, std::string sentence) { found_.emplace(place, std::move(sentence)); }
  bool empty() const { return found_.empty(); }
  Refused refusal() const {
    std::string text;
    std::size_t shown = 0;
    for (const auto& [place, sentence] : found_) {
      if (shown++ == kConfigErrorsMax) {
        text +=
            "\n" + file_ + ": and " + std::to_string(found_.size() - kConfigErrorsMax) + " more";
        break;
      }
      if (!text.empty()) text += '\n';
      text += file_ + ":" + std::to_string(place.line) + ":" + std::to_string(place.column) + ": " +
              sentence;
    }
    return refuse(Code::BadConfig, std::move(text));
  }

 private:
  std::string file_;
  std::multimap<Place, std::string> found_;
};

// Bytes that TOML would forgive or mention late, and that show a file is not what it looks like.
void check_bytes(std::string_view text, Complaints& complaints) {
  if (text.starts_with("\xEF\xBB\xBF")) {
    complaints.add({1, 1}, "the file begins with a byte order mark; save it as UTF-8 without BOM");
  }
  Place place;
  for (const char c : text) {
    if (c == '\r') {
      complaints.add(place,
                     "the line ends with a carriage return; save the file with Unix line "
                     "ends");
      return;  // the others are the same
    }
    if (c == '\0') {
      complaints.add(place, "the file holds a zero byte; it is not text");
      return;
    }
    place = c == '\n' ? Place{place.line + 1, 1} : Place{place.line, place.column + 1};
  }
}

std::string_view type_in_words(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::table:
      return "a table";
    case toml::node_type::array:
      return "a list";
    case toml::node_type::string:
      return "text";
    case toml::node_type::integer:
      return "a whole number";
    case toml::node_type::floating_point:
      return "a number with a fraction";
    case toml::node_type::boolean:
      return "true or false";
    case toml::node_type::date:
    case toml::node_type::time:
    case toml::node_type::date_time:
      return "a date or time";
    case toml::node_type::none:
      break;
  }
  return "nothing";
}

// Sets one value; answers the end of a sentence that begins with the key's path, or nothing.
std::string set_value(const ConfigKey& key, const toml::node& node, Config& config) {
  const auto wrong_type = [&node](std::string_view wanted) {
    return "is " + std::string(type_in_words(node)) + " but must be " + std::string(wanted);
  };
  if (const auto* text = std::get_if<TextKey>(&key.value)) {
    const auto* value = node.as_string();
    return value == nullptr ? wrong_type("text in quotes") : text->set(config, value->get());
  }
  if (const auto* whole = std::get_if<WholeKey>(&key.value)) {
    const auto* value = node.as_integer();
    if (value == nullptr) return wrong_type("a whole number");
    if (value->get() < whole->min || value->get() > whole->max) {
      return "is " + std::to_string(value->get()) + " but must be " + std::string(key.range);
    }
    whole->set(config, value->get());
    return {};
  }
  const auto* value = node.as_boolean();
  if (value == nullptr) return wrong_type("true or false, without quotes");
  std::get<SwitchKey>(key.value).set(config, value->get());
  return {};
}

// How many single edits lie between two words (Levenshtein).
std::size_t edits_between(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

std::string unknown_key(const std::string& path) {
  std::string sentence = "unknown key " + escaped(path).substr(0, 100);
  if (path.size() > 60) return sentence;
  std::size_t fewest = 4;
  std::string nearest;
  for (const ConfigKey& key : config_keys()) {
    const std::size_t edits = edits_between(path, key_path(key));
    if (edits < fewest) {
      fewest = edits;
      nearest = key_path(key);
    }
  }
  return nearest.empty() ? sentence : sentence + "; did you mean " + nearest + "?";
}

// Walks the file once: every key in it is set or complained about.
class Reader {
 public:
  Reader(Config& config, Complaints& complaints) : config_(config), complaints_(complaints) {}

  void read(const toml::table& root) {
    for (const auto& [name, node] : root) {
      const std::string section(name.str());
      if (!is_section(section)) {
        complaints_.add(place_of(name.source()), unknown_key(section));
      } else if (const toml::table* table = node.as_table()) {
        read_section(section, *table);
      } else {
        complaints_.add(place_of(name.source()), section + " is " +
                                                     std::string(type_in_words(node)) +
                                                     " but must be a table [" + section + "]");
      }
    }
    for (const ConfigKey& key : config_keys()) {
      if (key.required && !places_.contains(key_path(key))) {
        complaints_.add(section_place(root, key.section),
                        key_path(key) + " is missing, for example " + std::string(key.name) +
                            " = " + std::string(key.fallback));
      }
    }
  }

  // Where a key was set well, so that checks across keys can name it.
  std::optional<Place> place(const std::string& path) const {
    const auto found = places_.find(path);
    if (found == places_.end() || bad_.contains(path)) return std::nullopt;
    return found->second;
  }

 private:
  static bool is_section(const std::string& name) {
    return std::ranges::any_of(config_keys(),
                               [&name](const ConfigKey& key) { return key.section == name; });
  }

  static Place section_place(const toml::table& root, std::string_view section) {
    const toml::node* node = root.get(section);
    return node == nullptr ? Place{} : place_of(node->source());
  }

  void read_section(const std::string& section, const toml::table& table) {
    for (const auto& [name, node] : table) {
      const std::string path = section + "." + std::string(name.str());
      const auto keys = config_keys();
      const auto key = std::ranges::find_if(
          keys, [&path](const ConfigKey& each) { return key_path(each) == path; });
      if (key == keys.end()) {
        complaints_.add(place_of(name.source()), unknown_key(path));
        continue;
      }
      const Place place = place_of(node.source());
      places_.emplace(path, place);
      const std::string complaint = set_value(*key, node, config_);
      if (complaint.empty()) continue;
      bad_.insert(path);
      complaints_.add(place, path + " " + complaint);
    }
  }

  Config& config_;
  Complaints& complaints_;
  std::map<std::string, Place> places_;
  std::set<std::string> bad_;
};

// What no key can know alone.
void check_together(const Config& config, const Reader& reader, const std::string& zoneinfo,
                    Complaints& complaints) {
  if (const auto place = reader.place("store.zone")) {
    const std::string complaint = zone_complaint(config.zone, zoneinfo);
    if (!complaint.empty()) complaints.add(*place, "store.zone " + complaint);
  }
  // The key that is in the file is named; the other one may stand at its default.
  const auto either = [&reader](const char* first, const char* second) {
    const auto place = reader.place(first);
    return place ? place : reader.place(second);
  };
  if (config.command_burst < config.commands_per_second) {
    if (const auto place = either("lan.command_burst", "lan.commands_per_second")) {
      complaints.add(*place, "lan.command_burst (" + std::to_string(config.command_burst) +
                                 ") must not be less than lan.commands_per_second (" +
                                 std::to_string(config.commands_per_second) + ")");
    }
  }
  if (config.very_late_seconds <= config.late_seconds) {
    if (const auto place = either("kitchen.very_late_s", "kitchen.late_s")) {
      complaints.add(*place, "kitchen.very_late_s (" + std::to_string(config.very_late_seconds) +
                                 ") must be more than kitchen.late_s (" +
                                 std::to_string(config.late_seconds) + ")");
    }
  }
}

// Exceptions of the library end here.
std::optional<toml::table> parse_toml(std::string_view text, const std::string& file,
                                      Complaints& complaints) {
  try {
    return toml::parse(text, file);
  } catch (const toml::parse_error& error) {
    complaints.add(place_of(error.source()), escaped(error.description()));
  } catch (const std::exception& error) {
    complaints.add({}, escaped(error.what()));
  }
  return std::nullopt;
}

}  // namespace

Result<Config> parse_config(std::string_view text, const std::string& file,
                            const std::string& zoneinfo) {
  Complaints complaints(file);
  if (text.size() > kConfigBytesMax) {
    complaints.add({}, "the file is larger than 1 MiB; this is no config file");
    return complaints.refusal();
  }
  check_bytes(text, complaints);
  if (!complaints.empty()) return complaints.refusal();

  const std::optional<toml::table> root = parse_toml(text, file, complaints);
  if (!root) return complaints.refusal();
  Config config;
  Reader reader(config, complaints);
  reader.read(*root);
  check_together(config, reader, zoneinfo, complaints);
  if (!complaints.empty()) return complaints.refusal();
  return config;
}

Result<Config> read_config(const std::string& file, const std::string& zoneinfo) {
  std::ifstream in(file, std::ios::binary);
  std::string text;
  if (in) {
    text.resize(kConfigBytesMax + 1);
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
  }
  if (!in && !in.eof()) {
    return refuse(Code::BadConfig, file + ": cannot be read: " + std::strerror(errno));
  }
  return parse_config(text, file, zoneinfo);
}

}  // namespace larder::edge
