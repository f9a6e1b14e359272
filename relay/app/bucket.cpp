#include "relay/app/bucket.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace larder::relay {
namespace {

std::uint32_t mixed(std::uint32_t block) {
  block *= 0xCC9E2D51U;
  block = std::rotl(block, 15);
  return block * 0x1B873593U;
}

std::uint32_t byte_at(std::string_view bytes, std::size_t place) {
  return static_cast<std::uint8_t>(bytes[place]);
}

}  // namespace

std::uint32_t murmur3_32(std::string_view bytes, std::uint32_t seed) {
  std::uint32_t hash = seed;
  const std::size_t whole = bytes.size() / 4 * 4;
  for (std::size_t i = 0; i < whole; i += 4) {
    hash ^= mixed(byte_at(bytes, i) | byte_at(bytes, i + 1) << 8 | byte_at(bytes, i + 2) << 16 |
                  byte_at(bytes, i + 3) << 24);
    hash = std::rotl(hash, 13) * 5 + 0xE6546B64U;
  }
  std::uint32_t tail = 0;
  for (std::size_t i = bytes.size(); i > whole; --i) tail = tail << 8 | byte_at(bytes, i - 1);
  if (whole != bytes.size()) hash ^= mixed(tail);
  hash ^= static_cast<std::uint32_t>(bytes.size());
  hash = (hash ^ hash >> 16) * 0x85EBCA6BU;
  hash = (hash ^ hash >> 13) * 0xC2B2AE35U;
  return hash ^ hash >> 16;
}

unsigned bucket_of(const StoreId& store) { return murmur3_32(store.text(), 0) & (kBuckets - 1); }

BucketMap::BucketMap(std::vector<ShardPlace> places)
    : databases_(0), tables_(0), places_(std::move(places)) {
  for (const ShardPlace& place : places_) {
    databases_ = std::max(databases_, place.database + 1);
    tables_ = std::max(tables_, place.table + 1);
  }
}

BucketMap::BucketMap(std::size_t databases, unsigned tables)
    : databases_(databases), tables_(tables) {
  for (unsigned bucket = 0; bucket < kBuckets; ++bucket) {
    places_.push_back(
        ShardPlace{bucket % databases, static_cast<unsigned>(bucket / databases % tables)});
  }
}

}  // namespace larder::relay
