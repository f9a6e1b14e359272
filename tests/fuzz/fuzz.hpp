// What every fuzzer here asks beside not crashing: a promise that is broken ends the run with a
// sentence, and a refusal is one that can be told to a client.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "lan-protocol/json.hpp"
#include "lan-protocol/messages.hpp"

namespace larder::fuzz {

inline void require(bool holds, std::string_view promise) {
  if (holds) return;
  std::fprintf(stderr, "broken promise: %.*s\n", static_cast<int>(promise.size()), promise.data());
  std::abort();
}

inline std::string_view text_of(const std::uint8_t* bytes, std::size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}

struct TreeSize {
  std::size_t depth = 0;
  std::size_t nodes = 0;
};

// The recursion is bounded by what is to be shown: a tree deeper than the limits would crash here.
inline void measure(const Json& json, std::size_t depth, TreeSize& size) {
  ++size.nodes;
  if (depth > size.depth) size.depth = depth;
  if (const auto* list = json.as<JsonArray>()) {
    for (const Json& each : *list) measure(each, depth + 1, size);
  } else if (const auto* object = json.as<JsonObject>()) {
    for (const auto& [name, each] : *object) measure(each, depth + 1, size);
  }
}

inline void require_within(const Json& json, const JsonLimits& limits) {
  TreeSize size;
  measure(json, 0, size);
  require(size.depth <= limits.depth, "a tree is no deeper than its limit");
  require(size.nodes <= limits.nodes, "a tree has no more values than its limit");
}

// The code is one of the closed list, the sentence is there, short, and fits into a reply that a
// client can read.
inline void require_tellable(const Error& error) {
  require(!code_name(error.code()).empty(), "a refusal has a code of the closed list");
  require(!error.message().empty(), "a refusal has a sentence");
  require(error.message().size() <= 8 * 1024, "a refusal is short");
  const std::string reply = write_refusal("1", 1, 1, error);
  const Result<Json> read = parse_json(reply, JsonLimits{4, 64, 16 * 1024});
  require(read.has_value(), "a refusal can be read by a client");
}

}  // namespace larder::fuzz
