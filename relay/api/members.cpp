#include "relay/api/members.hpp"

#include <algorithm>

#include "core/base/limits.hpp"
#include "relay/api/http.hpp"
#include "relay/api/times.hpp"

namespace larder::relay {

Members::Members(const Json& json, std::string path)
    : object_(json.as<JsonObject>()), path_(std::move(path)) {
  if (object_ != nullptr) return;
  error_ = Error(Code::BadRequest, (path_.empty() ? "the body" : path_) + " must be a JSON object");
}

const Json* Members::find(std::string_view name, bool needed) {
  if (error_) return nullptr;
  asked_.emplace(name);
  for (const auto& [key, value] : *object_) {
    if (key == name && value.as<std::nullptr_t>() == nullptr) return &value;
  }
  if (needed) wrong(name, "is needed");
  return nullptr;
}

void Members::wrong(std::string_view name, std::string_view sentence) {
  if (error_) return;
  error_ = Error(Code::BadRequest, path_ + std::string(name) + ": " + std::string(sentence));
}

std::string Members::text(std::string_view name, std::size_t bytes_max) {
  auto found = text_if(name, bytes_max);
  if (!found) wrong(name, "is needed");
  return found.value_or("");
}

std::optional<std::string> Members::text_if(std::string_view name, std::size_t bytes_max) {
  const Json* json = find(name, false);
  if (json == nullptr) return std::nullopt;
  const std::string* text = json->as<std::string>();
  if (text == nullptr || text->empty() || text->size() > bytes_max || !is_clean_text(*text)) {
    wrong(name, "must be text of 1 to " + std::to_string(bytes_max) + " bytes");
    return std::nullopt;
  }
  return *text;
}

std::string Members::id(std::string_view name) {
  auto found = id_if(name);
  if (!found) wrong(name, "is needed");
  return found.value_or("");
}

std::optional<std::string> Members::id_if(std::string_view name) {
  const Json* json = find(name, false);
  if (json == nullptr) return std::nullopt;
  const std::string* text = json->as<std::string>();
  if (text != nullptr && is_id(*text)) return *text;
  wrong(name, kIdRule);
  return std::nullopt;
}

int Members::one_of(std::string_view name, int first, int last) {
  const auto found = one_of_if(name, first, last);
  if (!found) wrong(name, "is needed");
  return found.value_or(first);
}

std::optional<int> Members::one_of_if(std::string_view name, int first, int last) {
  const Json* json = find(name, false);
  if (json == nullptr) return std::nullopt;
  const std::int64_t* number = json->as<std::int64_t>();
  if (number != nullptr && *number >= first && *number <= last) return static_cast<int>(*number);
  wrong(name, "must be " + std::to_string(first) + " or " + std::to_string(last));
  return std::nullopt;
}

std::optional<std::int64_t> Members::whole_if(std::string_view name, std::int64_t least,
                                              std::int64_t most, std::string_view rule) {
  const Json* json = find(name, false);
  if (json == nullptr) return std::nullopt;
  const std::int64_t* number = json->as<std::int64_t>();
  if (number != nullptr && *number >= least && *number <= most) return *number;
  wrong(name, rule);
  return std::nullopt;
}

std::optional<Quantity> Members::quantity_if(std::string_view name) {
  const Json* json = find(name, false);
  if (json == nullptr) return std::nullopt;
  std::string text;
  if (const auto* whole = json->as<std::int64_t>()) text = std::to_string(*whole);
  if (const auto* decimal = json->as<Decimal>()) text = decimal->text;
  const auto quantity = Quantity::parse(text);
  if (quantity) return *quantity;
  wrong(name, "must be a number from 0 to 100000000 with at most one decimal");
  return std::nullopt;
}

std::optional<TimePoint> Members::time_if(std::string_view name) {
  const auto text = text_if(name, kIdBytesMax);
  if (!text) return std::nullopt;
  const auto at = read_time(*text);
  if (!at) wrong(name, "must be a time such as 2026-11-21T12:00:00Z");
  return at;
}

const JsonArray* Members::array_if(std::string_view name, std::size_t most) {
  const Json* json = find(name, false);
  if (json == nullptr) return nullptr;
  const JsonArray* array = json->as<JsonArray>();
  if (array != nullptr && array->size() <= most) return array;
  wrong(name, "must be an array of at most " + std::to_string(most));
  return nullptr;
}

const Json* Members::value(std::string_view name) { return find(name, true); }

const Json* Members::value_if(std::string_view name) { return find(name, false); }

void Members::join(const Result<void>& part) {
  if (!part && !error_) error_ = part.error();
}

Result<void> Members::finish() {
  if (!error_) {
    for (const auto& [key, value] : *object_) {
      if (!asked_.contains(key)) {
        wrong(is_clean_text(key) ? key : "a member", "is not known here");
        break;
      }
    }
  }
  if (error_) return Refused(*error_);
  return {};
}

std::optional<ChannelCode> channel_of(std::string_view code) {
  std::string lower;
  for (const char c : code) {
    const bool is_letter = c >= 'A' && c <= 'Z';
    if (!is_letter && !(c >= '0' && c <= '9') && c != '_') return std::nullopt;
    lower += is_letter ? static_cast<char>(c - 'A' + 'a') : c;
  }
  if (lower.empty()) return std::nullopt;
  return ChannelCode(std::move(lower));
}

bool is_id(std::string_view text) {
  const auto good = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("._:/-").find(c) != std::string_view::npos;
  };
  return !text.empty() && text.size() <= kIdBytesMax && std::all_of(text.begin(), text.end(), good);
}

}  // namespace larder::relay
