// Where a store's rows live: a bucket of 1024 by hash, and the map from buckets to databases and
// tables. The hash never changes; growing means another map (contract of the estate, section 1).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "core/base/ids.hpp"

namespace larder::relay {

inline constexpr unsigned kBuckets = 1024;

// MurmurHash3_x86_32 (Austin Appleby, public domain) of the bytes.
std::uint32_t murmur3_32(std::string_view bytes, std::uint32_t seed);

unsigned bucket_of(const StoreId& store);

struct ShardPlace {
  std::size_t database = 0;
  unsigned table = 0;  // the suffix
  bool operator==(const ShardPlace&) const = default;
};

// The map as data. Life: a value.
class BucketMap {
 public:
  // The estate's default: database bucket % databases, table (bucket / databases) % tables.
  BucketMap(std::size_t databases, unsigned tables);
  // As somebody has written it down; one place for each of the kBuckets.
  explicit BucketMap(std::vector<ShardPlace> places);
  bool operator==(const BucketMap&) const = default;
  ShardPlace place(unsigned bucket) const { return places_.at(bucket); }
  ShardPlace place(const StoreId& store) const { return place(bucket_of(store)); }
  std::size_t databases() const { return databases_; }
  unsigned tables() const { return tables_; }

 private:
  std::size_t databases_;
  unsigned tables_;
  std::vector<ShardPlace> places_;  // by bucket
};

}  // namespace larder::relay
