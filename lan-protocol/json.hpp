// JSON as the LAN speaks it: a strict reader into a small tree, and a writer of canonical bytes.
// No floating point anywhere: a number with a decimal stays the text it came as. The reader is
// nlohmann's, behind json.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/base/limits.hpp"
#include "core/base/result.hpp"

namespace larder {

// A number that is not a whole 64-bit integer, as the text it came as ("1.5", "1e3",
// "9223372036854775808").
struct Decimal {
  std::string text;
  bool operator==(const Decimal&) const = default;
};

class Json;
using JsonArray = std::vector<Json>;
using JsonObject =
    std::vector<std::pair<std::string, Json>>;  // in the order of the text; keys are unique

class Json {
 public:
  using Kind =
      std::variant<std::nullptr_t, bool, std::int64_t, Decimal, std::string, JsonArray, JsonObject>;
  Json() = default;
  explicit Json(Kind kind) : kind_(std::move(kind)) {}
  template <typename T>
  const T* as() const {
    return std::get_if<T>(&kind_);
  }
  template <typename T>
  T* as() {
    return std::get_if<T>(&kind_);
  }
  // The member of an object; null when there is none or this is no object.
  const Json* find(std::string_view key) const;
  bool operator==(const Json&) const = default;

 private:
  Kind kind_ = nullptr;
};

struct JsonLimits {
  std::size_t depth = kJsonDepthMax;  // bounds the stack of whoever walks or destroys the tree
  std::size_t nodes = kJsonNodesMax;
  std::size_t string_bytes = kStringBytesMax;
};

// BadJson (with the byte where it breaks), TooDeep, BadText (control bytes, NUL, over-long
// strings), BadQuantity (a number out of all range).
Result<Json> parse_json(std::string_view text, const JsonLimits& limits = {});

// The first string member `name` of the outermost object, read as far as the text is JSON and
// without limits but its length; empty when there is none. For answers to messages that are
// refused.
std::string find_top_level_string(std::string_view text, std::string_view name);

// Appends canonical JSON: no white space, members in the order they are written.
class JsonWriter {
 public:
  JsonWriter& begin_object();
  JsonWriter& end_object();
  JsonWriter& begin_array();
  JsonWriter& end_array();
  JsonWriter& key(std::string_view name);
  JsonWriter& value(std::string_view text);
  JsonWriter& value(const char* text) { return value(std::string_view(text)); }
  JsonWriter& value(const std::string& text) { return value(std::string_view(text)); }
  JsonWriter& value(bool flag);
  JsonWriter& value(std::int64_t number);
  JsonWriter& value(std::uint64_t number);
  JsonWriter& value(std::int32_t number) { return value(std::int64_t{number}); }
  JsonWriter& value(std::uint32_t number) { return value(std::uint64_t{number}); }
  JsonWriter& null();
  // Bytes that are canonical JSON already.
  JsonWriter& raw(std::string_view json);
  template <typename T>
  JsonWriter& member(std::string_view name, const T& v) {
    return key(name).value(v);
  }
  // Room for that many more bytes, for who knows how much is coming.
  JsonWriter& reserve(std::size_t bytes) {
    out_.reserve(out_.size() + bytes);
    return *this;
  }
  std::string take() { return std::move(out_); }
  const std::string& text() const { return out_; }

 private:
  void comma();
  std::string out_;
  bool need_comma_ = false;
};

}  // namespace larder
