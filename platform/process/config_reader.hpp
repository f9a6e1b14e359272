// How a daemon reads its one TOML file: strictly. Every key in the file is in the daemon's table of
// keys and is set, or it is complained about with file, line and column; nothing is guessed or
// silently corrected. The table also makes the printed config and its page in docs. Pure functions
// but for read_config_text(). Limits: kConfigBytesMax, kConfigErrorsMax.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/base/result.hpp"

namespace larder::config {

inline constexpr std::size_t kConfigBytesMax = 1024 * 1024;
inline constexpr std::size_t kConfigErrorsMax = 20;

// A row of a daemon's table: a key, its type, range, default, sentence, and where it goes.
// `set` of a text answers why it cannot be: the end of a sentence that begins with the key's name,
// for example "must be an IP address". Empty when it was set.
template <typename Config>
struct TextKeyOf {
  std::string (*set)(Config&, const std::string& value);
};
template <typename Config>
struct WholeKeyOf {
  std::int64_t min;
  std::int64_t max;
  void (*set)(Config&, std::int64_t value);
};
template <typename Config>
struct SwitchKeyOf {
  void (*set)(Config&, bool value);
};

struct KeyText {
  std::string_view section;
  std::string_view name;
  bool required;
  std::string_view fallback;  // the default as TOML; for a required key an example
  std::string_view unit;      // "" for text
  std::string_view range;     // in words
  std::string_view sentence;
};

template <typename Config>
struct KeyOf {
  std::string_view section;
  std::string_view name;
  bool required;
  std::string_view fallback;
  std::string_view unit;
  std::string_view range;
  std::string_view sentence;
  std::variant<TextKeyOf<Config>, WholeKeyOf<Config>, SwitchKeyOf<Config>> value;

  KeyText text() const { return {section, name, required, fallback, unit, range, sentence}; }
};

// The same without the type of its Config: it sets into one.
struct BoundText {
  std::function<std::string(const std::string&)> set;
};
struct BoundWhole {
  std::int64_t min;
  std::int64_t max;
  std::function<void(std::int64_t)> set;
};
struct BoundSwitch {
  std::function<void(bool)> set;
};
struct BoundKey {
  KeyText text;
  std::variant<BoundText, BoundWhole, BoundSwitch> value;
};

template <typename Config>
std::vector<BoundKey> bound_keys(std::span<const KeyOf<Config>> keys, Config& into) {
  std::vector<BoundKey> bound;
  for (const KeyOf<Config>& key : keys) {
    BoundKey each{key.text(), BoundSwitch{}};
    if (const auto* text = std::get_if<TextKeyOf<Config>>(&key.value)) {
      each.value = BoundText{
          [&into, set = text->set](const std::string& value) { return set(into, value); }};
    } else if (const auto* whole = std::get_if<WholeKeyOf<Config>>(&key.value)) {
      each.value = BoundWhole{whole->min, whole->max,
                              [&into, set = whole->set](std::int64_t value) { set(into, value); }};
    } else {
      each.value = BoundSwitch{[&into, set = std::get<SwitchKeyOf<Config>>(key.value).set](
                                   bool value) { set(into, value); }};
    }
    bound.push_back(std::move(each));
  }
  return bound;
}

template <typename Config>
std::vector<KeyText> key_texts(std::span<const KeyOf<Config>> keys) {
  std::vector<KeyText> texts;
  for (const KeyOf<Config>& key : keys) texts.push_back(key.text());
  return texts;
}

// "lan.port"
std::string path_of(const KeyText& key);

struct Place {
  std::size_t line = 1;
  std::size_t column = 1;
  auto operator<=>(const Place&) const = default;
};

// One reading of one file. Life: a value on the stack of who reads.
class Reading {
 public:
  explicit Reading(std::string file) : file_(std::move(file)) {}
  // Every key in the text is set or complained about. False when it is no TOML at all; then checks
  // across keys have no sense.
  bool read(std::string_view text, const std::vector<BoundKey>& keys);
  // Where a key was set well, so that checks across keys can name it.
  std::optional<Place> place(const std::string& path) const;
  void complain(Place place, std::string sentence) { found_.emplace(place, std::move(sentence)); }
  bool is_good() const { return found_.empty(); }
  // BadConfig: one "file:line:column: sentence" per line, in order of place.
  Refused refusal() const;

  // For config_reader.cpp.
  void set_at(const std::string& path, Place place) { places_.emplace(path, place); }
  bool was_set(const std::string& path) const { return places_.contains(path); }
  void call_bad(const std::string& path) { bad_.insert(path); }

 private:
  std::string file_;
  std::multimap<Place, std::string> found_;
  std::map<std::string, Place> places_;
  std::set<std::string> bad_;
};

// BadConfig when it cannot be read.
Result<std::string> read_config_text(const std::string& file);

// Every key with its default, commented; `head` are the comment lines in front.
std::string printed_config(const std::vector<KeyText>& keys, std::string_view head);
// The table of a page in docs.
std::string key_table(const std::vector<KeyText>& keys);

}  // namespace larder::config
