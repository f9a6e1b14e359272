#include "lan-protocol/digest.hpp"

#include <openssl/evp.h>

#include <cstdlib>
#include <memory>

namespace larder {
namespace {

// Without SHA-256 no journal can be kept, so its absence is a broken invariant and ends the
// process.
void must(bool worked) {
  if (!worked) std::abort();
}

// Fetched once: OpenSSL 3 looks an algorithm up by name each time otherwise.
const EVP_MD* algorithm() {
  static const EVP_MD* const fetched = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  must(fetched != nullptr);
  return fetched;
}

class Hasher {
 public:
  Hasher() : context_(EVP_MD_CTX_new()) {
    must(context_ != nullptr);
    must(EVP_DigestInit_ex(context_.get(), algorithm(), nullptr) == 1);
  }
  Hasher& add(const void* bytes, std::size_t size) {
    must(EVP_DigestUpdate(context_.get(), bytes, size) == 1);
    return *this;
  }
  Hasher& add(std::string_view bytes) { return add(bytes.data(), bytes.size()); }
  template <typename Integer>
  Hasher& add_little_endian(Integer number) {
    std::array<std::uint8_t, sizeof(Integer)> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      bytes[i] = static_cast<std::uint8_t>(number >> (8 * i));
    }
    return add(bytes.data(), bytes.size());
  }
  Sha256 finish() {
    Sha256 digest{};
    unsigned size = 0;
    must(EVP_DigestFinal_ex(context_.get(), digest.data(), &size) == 1 && size == digest.size());
    return digest;
  }

 private:
  struct Free {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  std::unique_ptr<EVP_MD_CTX, Free> context_;
};

}  // namespace

Sha256 sha256(std::string_view bytes) { return Hasher().add(bytes).finish(); }

std::string hex(const Sha256& digest) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(digest.size() * 2);
  for (const std::uint8_t byte : digest) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 0x0f];
  }
  return text;
}

std::optional<Sha256> digest_of_hex(std::string_view text) {
  Sha256 digest{};
  if (text.size() != 2 * digest.size()) return std::nullopt;
  const auto digit = [](char c) -> int {
    if (c >= '0' && c <= '9') return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
  };
  for (std::size_t i = 0; i < digest.size(); ++i) {
    const int high = digit(text[2 * i]);
    const int low = digit(text[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    digest[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return digest;
}

Sha256 chain(const Sha256& before, Epoch epoch, Seq seq, std::string_view data) {
  return Hasher()
      .add(before.data(), before.size())
      .add_little_endian(epoch)
      .add_little_endian(seq)
      .add(data)
      .finish();
}

Sha256 body_digest(std::string_view verb, std::string_view canonical_args) {
  return Hasher().add(verb).add("\0", 1).add(canonical_args).finish();
}

std::uint64_t answer_key(std::string_view command_id) {
  const Sha256 digest = sha256(command_id);
  std::uint64_t key = 0;
  for (std::size_t i = 0; i < sizeof key; ++i) key |= std::uint64_t{digest[i]} << (8 * i);
  return key;
}

}  // namespace larder
