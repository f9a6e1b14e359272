// Reading members of a Json object that we trust in shape but not in presence: an absent or
// differently typed member is the default.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "lan-protocol/json.hpp"

namespace larder::client {

// Limits for what the hub sends: snapshots and journals are larger than any client's message.
inline constexpr JsonLimits kHubJson{32, 8'000'000, 1'024 * 1'024};

std::string text_of(const Json& object, std::string_view key);
std::int64_t number_of(const Json& object, std::string_view key);
bool flag_of(const Json& object, std::string_view key);
// A quantity in tenths, from 2 or 2.0; -1 when it is neither.
std::int64_t tenths_of(const Json& object, std::string_view key);
// An empty list when the member is absent or no array.
const JsonArray& list_of(const Json& object, std::string_view key);
// {"en":..,"zh":..}: the English one, else the Chinese.
std::string name_of(const Json& object, std::string_view key);

// The tree as canonical bytes again.
void write_json(JsonWriter& out, const Json& json);
std::string to_text(const Json& json);

}  // namespace larder::client
