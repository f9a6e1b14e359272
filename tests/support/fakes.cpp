#include "tests/support/fakes.hpp"

#include <cstdlib>

#include "lan-protocol/codec.hpp"
#include "lan-protocol/digest.hpp"

namespace larder::edge {

Recovered MemoryJournal::recovered() const {
  Recovered found;
  found.hub = HubId("h-test");
  found.store = StoreId("s1");
  found.room = disk;
  Seq from = 0;
  if (!snapshots.empty()) {
    found.snapshot = snapshots.back();
    from = snapshots.back().seq;
    found.seq = from;
    found.epoch = snapshots.back().epoch;
    found.hash = snapshots.back().hash;
  }
  for (const auto& event : events) {
    if (event.seq > from) found.tail.push_back(event);
  }
  if (!found.tail.empty()) {
    found.seq = found.tail.back().seq;
    found.epoch = found.tail.back().epoch;
    found.hash = found.tail.back().hash;
  }
  found.uplink_acked = uplink_acked;
  found.doubt = doubt;
  if (doubt.is_on()) found.epoch_floor = std::max({found.epoch, doubt.seen_epoch, epoch_floor});
  for (const auto& [id, answer] : answers) found.answer_keys.push_back(answer_key(id.text()));
  return found;
}

namespace {

const Json* walk(const Json& json, const std::string& path) {
  const Json* place = &json;
  std::size_t from = 0;
  while (place != nullptr && from <= path.size()) {
    std::size_t dot = path.find('.', from);
    if (dot == std::string::npos) dot = path.size();
    std::string member = path.substr(from, dot - from);
    if (const auto* array = place->as<JsonArray>()) {
      std::size_t index = static_cast<std::size_t>(std::atoi(member.c_str()));
      place = index < array->size() ? &(*array)[index] : nullptr;
    } else {
      place = place->find(member);
    }
    from = dot + 1;
  }
  return place;
}

constexpr JsonLimits kTestLimits{32, 1'000'000, 1'000'000};

}  // namespace

std::string text_at(const std::string& json, const std::string& path) {
  auto parsed = parse_json(json, kTestLimits);
  if (!parsed) return "";
  const Json* found = walk(*parsed, path);
  const std::string* text = found != nullptr ? found->as<std::string>() : nullptr;
  return text != nullptr ? *text : "";
}

std::int64_t number_at(const std::string& json, const std::string& path) {
  auto parsed = parse_json(json, kTestLimits);
  if (!parsed) return -1;
  const Json* found = walk(*parsed, path);
  const std::int64_t* number = found != nullptr ? found->as<std::int64_t>() : nullptr;
  return number != nullptr ? *number : -1;
}

std::string FakePins::hash_of(const std::string& pin) {
  const std::string hash = pin + std::string(43 - pin.size(), 'h');
  return "$argon2id$v=19$m=19456,t=2,p=1$" + std::string(22, 's') + "$" + hash;
}

Menu sample_menu() {
  const char* text = R"({"version":0,"currency":"EUR",
    "stations":[{"id":"grill","name":{"en":"Grill","zh":""}},{"id":"bar","name":{"en":"Bar","zh":""}}],
    "categories":[{"id":"food","name":{"en":"Food","zh":""}}],
    "option_groups":[{"id":"bread","name":{"en":"Bread","zh":""},"min":0,"max":2,
      "options":[{"id":"rye","name":{"en":"Rye","zh":""},"price_delta":50,"uses":""}]}],
    "items":[
     {"id":"soup","category":"food","name":{"en":"Soup","zh":""},"description":{"en":"","zh":""},"image":"","station":"grill",
      "channels":["pos","kiosk","emenu","online_order"],"skus":[{"id":"soup","name":{"en":"","zh":""},"price":590}],
      "option_groups":["bread"],"parts":[]},
     {"id":"cake","category":"food","name":{"en":"Cake","zh":""},"description":{"en":"","zh":""},"image":"","station":"bar",
      "channels":["pos","kiosk","emenu","online_order"],"skus":[{"id":"cake","name":{"en":"","zh":""},"price":400}],
      "option_groups":[],"parts":[]}]})";
  auto json = parse_json(text, kTestLimits);
  if (!json) std::abort();
  auto menu = decode_menu(*json);
  if (!menu) std::abort();
  return *menu;
}

}  // namespace larder::edge
