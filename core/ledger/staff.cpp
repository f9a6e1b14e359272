#include "core/ledger/staff.hpp"

#include <algorithm>
#include <string_view>

namespace larder {
namespace {

constexpr std::string_view kCost = "$argon2id$v=19$m=19456,t=2,p=1$";
constexpr std::size_t kSaltCharacters = 22;  // 16 bytes, base64 without padding
constexpr std::size_t kHashCharacters = 43;  // 32 bytes

bool is_base64(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/';
  });
}

}  // namespace

bool is_pin_hash(const std::string& text) {
  if (text.size() != kCost.size() + kSaltCharacters + 1 + kHashCharacters) return false;
  if (text.compare(0, kCost.size(), kCost) != 0) return false;
  const std::string_view rest = std::string_view(text).substr(kCost.size());
  return is_base64(rest.substr(0, kSaltCharacters)) && rest[kSaltCharacters] == '$' &&
         is_base64(rest.substr(kSaltCharacters + 1));
}

}  // namespace larder
