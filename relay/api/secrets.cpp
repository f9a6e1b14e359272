#include "relay/api/secrets.hpp"

#include <sodium.h>

#include <array>
#include <vector>

namespace larder::relay {

namespace {

// OWASP's first choice for argon2id; 13 ms on a terminal's processor.
constexpr unsigned long long kPasses = 2;
constexpr std::size_t kMemoryBytes = 19ULL * 1024 * 1024;

// Each thread takes its bytes from a pool, so that not every request asks the kernel. What was
// given away is not kept.
std::vector<unsigned char> random_bytes(std::size_t count) {
  thread_local std::array<unsigned char, 4'096> pool;
  thread_local std::size_t left = 0;
  if (count > pool.size() || sodium_init() < 0) std::abort();  // no randomness, no secrets
  if (count > left) {
    randombytes_buf(pool.data(), pool.size());
    left = pool.size();
  }
  const auto first = pool.begin() + static_cast<std::ptrdiff_t>(left - count);
  std::vector<unsigned char> bytes(first, first + static_cast<std::ptrdiff_t>(count));
  sodium_memzero(&*first, count);
  left -= count;
  return bytes;
}

}  // namespace

std::string random_hex(std::size_t bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const unsigned char byte : random_bytes(bytes)) {
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 0x0FU];
  }
  return out;
}

std::string random_base64url(std::size_t bytes) {
  const auto raw = random_bytes(bytes);
  constexpr int kVariant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
  std::string out(sodium_base64_encoded_len(raw.size(), kVariant), '\0');
  sodium_bin2base64(out.data(), out.size(), raw.data(), raw.size(), kVariant);
  out.resize(out.find('\0'));
  return out;
}

std::string random_code(std::size_t length) {
  constexpr std::string_view kLetters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
  std::string out;
  for (const unsigned char byte : random_bytes(length)) out += kLetters[byte & 31U];
  return out;
}

Result<std::string> hash_password(const std::string& password) {
  if (sodium_init() < 0) std::abort();
  std::array<char, crypto_pwhash_STRBYTES> out{};
  if (crypto_pwhash_str_alg(out.data(), password.data(), password.size(), kPasses, kMemoryBytes,
                            crypto_pwhash_ALG_ARGON2ID13) != 0) {
    return refuse(Code::Unavailable, "There is no memory to hash a password");
  }
  return std::string(out.data());
}

bool is_password(const std::string& hash, const std::string& password) {
  if (sodium_init() < 0) std::abort();
  return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

void waste_a_guess(const std::string& password) { (void)hash_password(password).has_value(); }

}  // namespace larder::relay
