// The client's half of RFC 6455 for benches: whole text messages, no fragments, one mask for all (a
// mask protects proxies from scripts; there are neither here).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "bench/load/speaker.hpp"

namespace larder::bench {

std::string upgrade_request();
void put_text_frame(std::string_view text, std::string& out);
// Unmasked: the answer to a ping.
void put_pong(std::string_view payload, std::string& out);

struct Frame {
  enum class Kind { Text, Ping, Pong, Close, Other };
  Kind kind = Kind::Other;
  std::string_view payload;  // good until the inbox changes
  std::size_t bytes = 0;     // of the whole frame: what to drop
};
// The frame at the front; none when it is not whole yet.
std::optional<Frame> front_frame(const Inbox& in);

}  // namespace larder::bench
