#include "lan-protocol/json.hpp"

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>

namespace larder {
namespace {

// Any number Larder knows fits in far less; a longer one is an attack or a mistake.
constexpr std::size_t kNumberBytesMax = 64;
constexpr std::size_t kFewMembers = 16;
constexpr std::size_t kUsualMembers = 6;  // room for them is made at once

bool has_control_byte(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

bool is_odd_point(char c) {
  return std::string_view("0123456789+-eE.").find(c) == std::string_view::npos;
}

// Few members are compared pair by pair; many are sorted, so that a hostile object costs n log n.
bool has_duplicate_key(const JsonObject& object) {
  if (object.size() <= kFewMembers) {
    for (std::size_t i = 1; i < object.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        if (object[i].first == object[j].first) return true;
      }
    }
    return false;
  }
  std::vector<std::string_view> keys;
  keys.reserve(object.size());
  for (const auto& [key, value] : object) keys.push_back(key);
  std::sort(keys.begin(), keys.end());
  return std::adjacent_find(keys.begin(), keys.end()) != keys.end();
}

// Builds the tree from nlohmann's calls. Limits are checked at each call, before anything is kept,
// so a hostile text costs no more than its length. Every callback answers false to stop.
class TreeBuilder {
 public:
  using number_integer_t = nlohmann::json::number_integer_t;
  using number_unsigned_t = nlohmann::json::number_unsigned_t;
  using number_float_t = nlohmann::json::number_float_t;
  using string_t = nlohmann::json::string_t;
  using binary_t = nlohmann::json::binary_t;

  TreeBuilder(std::string_view text, const JsonLimits& limits) : text_(text), limits_(limits) {}

  bool null() { return add(Json::Kind(nullptr)); }
  bool boolean(bool flag) { return add(Json::Kind(flag)); }
  // nlohmann calls this for numbers with a minus only, so a zero here was "-0".
  bool number_integer(number_integer_t number) {
    if (number == 0) return add(Json::Kind(Decimal{"-0"}));
    return add(Json::Kind(std::int64_t{number}));
  }
  bool number_unsigned(number_unsigned_t number) {
    constexpr auto kMax = static_cast<number_unsigned_t>(std::numeric_limits<std::int64_t>::max());
    if (number > kMax) return add(Json::Kind(Decimal{std::to_string(number)}));
    return add(Json::Kind(static_cast<std::int64_t>(number)));
  }
  // nlohmann writes the locale's decimal point into the text; the text here never had another.
  bool number_float(number_float_t, string_t lexeme) {
    std::replace_if(lexeme.begin(), lexeme.end(), is_odd_point, '.');
    if (lexeme.size() > kNumberBytesMax) {
      return stop(Code::BadQuantity, "a number is longer than 64 digits");
    }
    return add(Json::Kind(Decimal{std::move(lexeme)}));
  }
  bool string(string_t& text) { return is_good_text(text) && add(Json::Kind(std::move(text))); }
  bool binary(binary_t&) { return stop(Code::BadJson, "binary values are not JSON"); }
  bool start_object(std::size_t) {
    if (!open(Json::Kind(JsonObject{}))) return false;
    open_.back()->as<JsonObject>()->reserve(kUsualMembers);
    return true;
  }
  bool key(string_t& name) {
    if (!is_good_text(name)) return false;
    open_.back()->as<JsonObject>()->emplace_back(std::move(name), Json());
    return true;
  }
  bool end_object() {
    if (has_duplicate_key(*open_.back()->as<JsonObject>())) {
      return stop(Code::BadJson, "an object has the same key twice");
    }
    return close();
  }
  bool start_array(std::size_t) { return open(Json::Kind(JsonArray{})); }
  bool end_array() { return close(); }
  template <typename Exception>
  bool parse_error(std::size_t position, const std::string& token, const Exception& failure) {
    constexpr int kNumberOverflow = 406;
    if (failure.id == kNumberOverflow) {
      return stop(Code::BadQuantity, "a number is out of all range");
    }
    const bool in_string = !token.empty() && token.front() == '"';
    const bool at_control = position > 0 && position <= text_.size() &&
                            static_cast<unsigned char>(text_[position - 1]) < 0x20;
    if (in_string && at_control) return stop(Code::BadText, "control byte in a string");
    return stop(Code::BadJson, "not JSON at byte " + std::to_string(position));
  }

  Result<Json> finish() {
    if (error_) return Refused(*error_);
    return std::move(root_);
  }

 private:
  bool stop(Code code, std::string message) {
    if (!error_) error_ = Error(code, std::move(message));
    return false;
  }
  bool is_good_text(const std::string& text) {
    if (text.size() > limits_.string_bytes) {
      return stop(Code::BadText,
                  "a string is longer than " + std::to_string(limits_.string_bytes) + " bytes");
    }
    if (has_control_byte(text)) return stop(Code::BadText, "control byte in a string");
    return true;
  }
  // Pointers stay good while a container is open: nothing is added to its parent before it closes.
  Json* place(Json::Kind kind) {
    if (open_.empty()) {
      root_ = Json(std::move(kind));
      return &root_;
    }
    if (JsonArray* array = open_.back()->as<JsonArray>()) {
      return &array->emplace_back(std::move(kind));
    }
    Json& value = open_.back()->as<JsonObject>()->back().second;
    value = Json(std::move(kind));
    return &value;
  }
  bool count_node() {
    if (++nodes_ <= limits_.nodes) return true;
    return stop(Code::TooDeep, "more than " + std::to_string(limits_.nodes) + " values");
  }
  bool add(Json::Kind kind) {
    if (!count_node()) return false;
    place(std::move(kind));
    return true;
  }
  bool open(Json::Kind kind) {
    if (open_.size() >= limits_.depth) {
      return stop(Code::TooDeep, "nested deeper than " + std::to_string(limits_.depth));
    }
    if (!count_node()) return false;
    open_.push_back(place(std::move(kind)));
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }

  std::string_view text_;
  JsonLimits limits_;
  Json root_;
  std::vector<Json*> open_;
  std::size_t nodes_ = 0;
  std::optional<Error> error_;
};

// Keeps the first top-level string member of one name and nothing else.
class StringFinder {
 public:
  using number_integer_t = nlohmann::json::number_integer_t;
  using number_unsigned_t = nlohmann::json::number_unsigned_t;
  using number_float_t = nlohmann::json::number_float_t;
  using string_t = nlohmann::json::string_t;
  using binary_t = nlohmann::json::binary_t;

  explicit StringFinder(std::string_view name) : name_(name) {}

  bool null() { return skip(); }
  bool boolean(bool) { return skip(); }
  bool number_integer(number_integer_t) { return skip(); }
  bool number_unsigned(number_unsigned_t) { return skip(); }
  bool number_float(number_float_t, const string_t&) { return skip(); }
  bool binary(binary_t&) { return skip(); }
  bool string(string_t& text) {
    if (!wanted_) return true;
    found_ = std::move(text);
    return false;
  }
  bool start_object(std::size_t) { return go_in(); }
  bool end_object() { return go_out(); }
  bool start_array(std::size_t) {
    if (depth_ == 0) return false;
    return go_in();
  }
  bool end_array() { return go_out(); }
  bool key(const string_t& name) {
    wanted_ = depth_ == 1 && name == name_;
    return true;
  }
  template <typename Exception>
  bool parse_error(std::size_t, const std::string&, const Exception&) {
    return false;
  }
  std::string take() { return std::move(found_); }

 private:
  bool skip() {
    wanted_ = false;
    return true;
  }
  bool go_in() {
    ++depth_;
    return skip();
  }
  bool go_out() {
    --depth_;
    return true;
  }
  std::string_view name_;
  std::string found_;
  std::size_t depth_ = 0;
  bool wanted_ = false;
};

template <typename Sax>
void read_with(std::string_view text, Sax& sax) {
  // The answer is in `sax`: it stops the reader, or hears of the error.
  static_cast<void>(nlohmann::json::sax_parse(text.data(), text.data() + text.size(), &sax,
                                              nlohmann::json::input_format_t::json, true, false));
}

}  // namespace

const Json* Json::find(std::string_view key) const {
  const JsonObject* object = as<JsonObject>();
  if (object == nullptr) return nullptr;
  for (const auto& [name, value] : *object) {
    if (name == key) return &value;
  }
  return nullptr;
}

Result<Json> parse_json(std::string_view text, const JsonLimits& limits) {
  // nlohmann skips a byte order mark; RFC 8259 section 8.1 forbids to send one.
  if (text.substr(0, 3) == "\xEF\xBB\xBF") {
    return refuse(Code::BadJson, "not JSON at byte 1: byte order mark");
  }
  TreeBuilder builder(text, limits);
  read_with(text, builder);
  Result<Json> json = builder.finish();
  // nlohmann takes a NUL between tokens for the end of the text, whatever follows it.
  const std::size_t nul = text.find('\0');
  if (json && nul != std::string_view::npos) {
    return refuse(Code::BadJson, "not JSON at byte " + std::to_string(nul + 1));
  }
  return json;
}

std::string find_top_level_string(std::string_view text, std::string_view name) {
  StringFinder finder(name);
  read_with(text, finder);
  return finder.take();
}

}  // namespace larder
