// SHA-256 (FIPS 180-4, by OpenSSL), and what Larder takes it over.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/ids.hpp"

namespace larder {

using Sha256 = std::array<std::uint8_t, 32>;

Sha256 sha256(std::string_view bytes);
std::string hex(const Sha256& digest);
// Of 64 hex digits in lower case; none for anything else.
std::optional<Sha256> digest_of_hex(std::string_view text);

// The hash of an event in the chain: SHA-256(hash before || epoch, little-endian 32 bits || seq,
// little-endian 64 bits || data).
Sha256 chain(const Sha256& before, Epoch epoch, Seq seq, std::string_view data);
// What tells two bodies under one command id apart: SHA-256(verb || 0 || canonical args).
Sha256 body_digest(std::string_view verb, std::string_view canonical_args);
// First 8 bytes of SHA-256(id), little-endian: the key under which an answer is remembered.
std::uint64_t answer_key(std::string_view command_id);

}  // namespace larder
