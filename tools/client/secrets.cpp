#include "tools/client/secrets.hpp"

#include <sys/random.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <span>

namespace larder::client {
namespace {

// getrandom(2) gives up to 256 bytes whole once the system's pool is ready; only a signal can break
// the wait before that.
void fill(std::span<std::uint8_t> bytes) {
  for (;;) {
    const ssize_t got = getrandom(bytes.data(), bytes.size(), 0);
    if (got == static_cast<ssize_t>(bytes.size())) return;
    if (got < 0 && errno != EINTR) std::abort();  // no token is better than a guessable one
  }
}

void append_hex(std::string& out, std::uint8_t byte) {
  constexpr const char* kHex = "0123456789abcdef";
  out += kHex[byte >> 4];
  out += kHex[byte & 0xf];
}

}  // namespace

std::string new_token() {
  std::array<std::uint8_t, 32> bytes{};
  fill(bytes);
  std::string text;
  for (const std::uint8_t byte : bytes) append_hex(text, byte);
  return text;
}

std::string new_command_id() {
  std::array<std::uint8_t, 16> bytes{};
  fill(bytes);
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3f) | 0x80);
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    append_hex(text, bytes[i]);
  }
  return text;
}

}  // namespace larder::client
