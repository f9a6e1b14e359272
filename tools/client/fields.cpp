#include "tools/client/fields.hpp"

#include "core/base/quantity.hpp"

namespace larder::client {

std::string text_of(const Json& object, std::string_view key) {
  const Json* found = object.find(key);
  const auto* text = found == nullptr ? nullptr : found->as<std::string>();
  return text == nullptr ? std::string() : *text;
}

std::int64_t number_of(const Json& object, std::string_view key) {
  const Json* found = object.find(key);
  const auto* number = found == nullptr ? nullptr : found->as<std::int64_t>();
  return number == nullptr ? 0 : *number;
}

bool flag_of(const Json& object, std::string_view key) {
  const Json* found = object.find(key);
  const auto* flag = found == nullptr ? nullptr : found->as<bool>();
  return flag != nullptr && *flag;
}

std::int64_t tenths_of(const Json& object, std::string_view key) {
  const Json* found = object.find(key);
  if (found == nullptr) return -1;
  if (const auto* whole = found->as<std::int64_t>())
    return *whole < 0 || *whole > kQuantityTenthsMax / 10 ? -1 : *whole * 10;
  const auto* decimal = found->as<Decimal>();
  if (decimal == nullptr) return -1;
  const Result<Quantity> quantity = Quantity::parse(decimal->text);
  return quantity ? quantity->in_tenths() : -1;
}

const JsonArray& list_of(const Json& object, std::string_view key) {
  static const JsonArray kEmpty;
  const Json* found = object.find(key);
  const auto* list = found == nullptr ? nullptr : found->as<JsonArray>();
  return list == nullptr ? kEmpty : *list;
}

std::string name_of(const Json& object, std::string_view key) {
  const Json* found = object.find(key);
  if (found == nullptr) return {};
  if (const auto* plain = found->as<std::string>()) return *plain;
  std::string english = text_of(*found, "en");
  return english.empty() ? text_of(*found, "zh") : english;
}

void write_json(JsonWriter& out, const Json& json) {
  if (const auto* flag = json.as<bool>()) {
    out.value(*flag);
  } else if (const auto* number = json.as<std::int64_t>()) {
    out.value(*number);
  } else if (const auto* decimal = json.as<Decimal>()) {
    out.raw(decimal->text);
  } else if (const auto* text = json.as<std::string>()) {
    out.value(*text);
  } else if (const auto* array = json.as<JsonArray>()) {
    out.begin_array();
    for (const Json& element : *array) write_json(out, element);
    out.end_array();
  } else if (const auto* object = json.as<JsonObject>()) {
    out.begin_object();
    for (const auto& [key, member] : *object) {
      out.key(key);
      write_json(out, member);
    }
    out.end_object();
  } else {
    out.null();
  }
}

std::string to_text(const Json& json) {
  JsonWriter out;
  write_json(out, json);
  return out.take();
}

}  // namespace larder::client
