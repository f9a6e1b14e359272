#include "platform/process/log_escape.hpp"

#include <cstdint>
#include <cstdio>

namespace larder {
namespace {

struct Character {
  std::uint32_t code = 0;
  std::size_t bytes = 0;  // 0: not UTF-8
};

// The character at the front of `text` by the table of RFC 3629: no overlong forms, no surrogates.
Character front_character(std::string_view text) {
  const auto byte = [&text](std::size_t at) {
    return at < text.size() ? static_cast<std::uint32_t>(static_cast<unsigned char>(text[at])) : 0U;
  };
  const auto follows = [&byte](std::size_t at) { return (byte(at) & 0xC0U) == 0x80U; };
  const std::uint32_t first = byte(0);
  if (first < 0x80U) return {first, 1};
  if (first >= 0xC2U && first <= 0xDFU && follows(1)) {
    return {(first & 0x1FU) << 6 | (byte(1) & 0x3FU), 2};
  }
  if (first >= 0xE0U && first <= 0xEFU && follows(1) && follows(2)) {
    const std::uint32_t code = (first & 0x0FU) << 12 | (byte(1) & 0x3FU) << 6 | (byte(2) & 0x3FU);
    const bool is_surrogate = code >= 0xD800U && code <= 0xDFFFU;
    if (code >= 0x800U && !is_surrogate) return {code, 3};
  }
  if (first >= 0xF0U && first <= 0xF4U && follows(1) && follows(2) && follows(3)) {
    const std::uint32_t code = (first & 0x07U) << 18 | (byte(1) & 0x3FU) << 12 |
                               (byte(2) & 0x3FU) << 6 | (byte(3) & 0x3FU);
    if (code >= 0x10000U && code <= 0x10FFFFU) return {code, 4};
  }
  return {};
}

bool steers_a_terminal(std::uint32_t code) {
  return (code >= 0x80U && code <= 0x9FU) || code == 0x61CU || code == 0x200EU || code == 0x200FU ||
         (code >= 0x2028U && code <= 0x202EU) || (code >= 0x2066U && code <= 0x2069U) ||
         code == 0xFEFFU;
}

void append_hex(std::string& out, const char* pattern, std::uint32_t value) {
  char buffer[16];
  std::snprintf(buffer, sizeof buffer, pattern, value);
  out += buffer;
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const Character next = front_character(text);
    const std::size_t taken = next.bytes == 0 ? 1 : next.bytes;
    if (next.bytes == 0 || next.code < 0x20U || next.code == 0x7FU) {
      append_hex(out, "\\x%02x", static_cast<unsigned char>(text.front()));
    } else if (next.code == '\\') {
      out += "\\\\";
    } else if (steers_a_terminal(next.code)) {
      append_hex(out, "\\u{%04x}", next.code);
    } else {
      out += text.substr(0, taken);
    }
    text.remove_prefix(taken);
  }
  return out;
}

}  // namespace larder
