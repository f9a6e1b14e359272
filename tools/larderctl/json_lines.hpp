// The line of every value of a JSON text, so that a mistake in a menu file can be pointed at.
// The text is read by lan-protocol/json.hpp; this only counts where each of its values begins.
#pragma once

#include <string_view>
#include <vector>

#include "lan-protocol/json.hpp"

namespace larder::ctl {

struct LinedJson {
  const Json* json = nullptr;
  unsigned line = 1;
  std::vector<LinedJson> children;  // elements of an array, member values of an object, in order
  // Null when there is no such member.
  const LinedJson* find(std::string_view key) const;
};

// `json` is what parse_json made of `text`, and must outlive the answer.
LinedJson with_lines(std::string_view text, const Json& json);
// The line of a byte of the text, from 1.
unsigned line_of(std::string_view text, std::size_t byte);

}  // namespace larder::ctl
