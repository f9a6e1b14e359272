#include "edge/pins/pin_hash.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>

#include "core/base/limits.hpp"

namespace larder::edge {
namespace {

constexpr unsigned long long kOpsLimit = 2;
constexpr std::size_t kMemLimit = 19ULL * 1024 * 1024;

// Safe to call again and from any thread.
bool is_ready() { return sodium_init() >= 0; }

}  // namespace

bool is_pin(const std::string& text) {
  return text.size() >= kPinDigitsMin && text.size() <= kPinDigitsMax &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

Result<std::string> hash_pin(const std::string& pin) {
  if (!is_pin(pin)) return refuse(Code::BadRequest, "A PIN has 4 to 8 digits");
  std::array<char, crypto_pwhash_STRBYTES> text{};
  const bool made =
      is_ready() && crypto_pwhash_str_alg(text.data(), pin.data(), pin.size(), kOpsLimit, kMemLimit,
                                          crypto_pwhash_ALG_ARGON2ID13) == 0;
  if (!made) return refuse(Code::Unavailable, "There is no memory to hash the PIN; try again");
  return std::string(text.data());
}

bool pin_matches(const std::string& hash, const std::string& pin) {
  return is_ready() && hash.size() < crypto_pwhash_STRBYTES &&
         crypto_pwhash_str_verify(hash.c_str(), pin.data(), pin.size()) == 0;
}

}  // namespace larder::edge
