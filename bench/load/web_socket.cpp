#include "bench/load/web_socket.hpp"

#include <array>
#include <cstdint>

namespace larder::bench {

namespace {

constexpr std::array<char, 4> kMask = {0x37, 0x5a, 0x21, 0x6c};
constexpr std::uint8_t kText = 1, kClose = 8, kPing = 9, kPong = 10;

void put_frame(std::uint8_t opcode, std::string_view payload, std::string& out) {
  constexpr std::size_t kShort = 126;
  out += static_cast<char>(0x80 | opcode);
  if (payload.size() < kShort) {
    out += static_cast<char>(0x80 | payload.size());
  } else {  // a bench sends nothing over 64 KiB
    out += static_cast<char>(0x80 | 126);
    out += static_cast<char>(payload.size() >> 8);
    out += static_cast<char>(payload.size() & 0xff);
  }
  out.append(kMask.data(), kMask.size());
  for (std::size_t i = 0; i < payload.size(); ++i) {
    out += static_cast<char>(payload[i] ^ kMask[i % kMask.size()]);
  }
}

Frame::Kind kind_of(std::uint8_t first) {
  switch (first & 0x0f) {
    case kText:
      return Frame::Kind::Text;
    case kPing:
      return Frame::Kind::Ping;
    case kPong:
      return Frame::Kind::Pong;
    case kClose:
      return Frame::Kind::Close;
    default:
      return Frame::Kind::Other;
  }
}

}  // namespace

std::string upgrade_request() {
  return "GET /ws/v1 HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
         "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: larder.v1\r\n"
         "Sec-WebSocket-Key: bGFyZGVyLWJlbmNoLWtleQ==\r\n\r\n";
}

void put_text_frame(std::string_view text, std::string& out) { put_frame(kText, text, out); }
void put_pong(std::string_view payload, std::string& out) { put_frame(kPong, payload, out); }

std::optional<Frame> front_frame(const Inbox& in) {
  const std::string_view all = in.rest();
  if (all.size() < 2) return std::nullopt;
  const auto byte = [&all](std::size_t at) { return static_cast<std::uint8_t>(all[at]); };
  std::uint64_t length = byte(1) & 0x7f;
  std::size_t head = 2;
  const std::size_t extended = length == 127 ? 8U : length == 126 ? 2U : 0U;
  if (extended != 0) {
    if (all.size() < head + extended) return std::nullopt;
    length = 0;
    for (std::size_t i = 0; i < extended; ++i) length = (length << 8) | byte(head + i);
    head += extended;
  }
  if (all.size() - head < length) return std::nullopt;
  const auto size = static_cast<std::size_t>(length);
  return Frame{kind_of(byte(0)), all.substr(head, size), head + size};
}

}  // namespace larder::bench
