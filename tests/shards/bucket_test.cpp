// The hash and the map that the estate's other services route by.
#include <gtest/gtest.h>

#include <array>
#include <set>
#include <string>
#include <string_view>

#include "relay/app/bucket.hpp"

namespace larder::relay {
namespace {

struct Vector {
  std::string_view bytes;
  std::uint32_t seed_0;
  std::uint32_t seed_9747b28c;
};

// Produced with mmh3 5.3.1 for Python (hash(bytes, seed, signed=False)), an implementation that
// shares no line with ours.
constexpr std::array kVectors = {
    Vector{"", 0x0, 0xebb6c228},
    Vector{"a", 0x3c2569b2, 0x7fa09ea6},
    Vector{"ab", 0x9bbfd75f, 0x74875592},
    Vector{"abc", 0xb3dd93fa, 0xc84a62dd},
    Vector{"abcd", 0x43ed676a, 0xf0478627},
    Vector{"s1", 0x2d06aa13, 0x228e932b},
    Vector{"store-0001", 0xb5c94195, 0x5515f4fa},
    Vector{"store-20000", 0x1d2c840a, 0x5cf59973},
    Vector{"hello, world", 0x149bbb7f, 0x9a933e00},
    Vector{"The quick brown fox jumps over the lazy dog", 0x2e4ff723, 0x2fa826cd},
    Vector{"杭州西湖店", 0x42e18d62, 0xe3a294cf},
    Vector{"shop/1+#%", 0xb76efed, 0xfc85fc25},
};

TEST(Bucket, the_hash_is_the_one_that_others_compute) {
  for (const Vector& vector : kVectors) {
    EXPECT_EQ(murmur3_32(vector.bytes, 0), vector.seed_0) << vector.bytes;
    EXPECT_EQ(murmur3_32(vector.bytes, 0x9747b28c), vector.seed_9747b28c) << vector.bytes;
  }
}

TEST(Bucket, ten_thousand_stores_hash_as_elsewhere) {
  std::uint32_t sum = 0;
  for (int i = 0; i < 10'000; ++i) sum = sum * 31 + murmur3_32("store-" + std::to_string(i), 0);
  EXPECT_EQ(sum, 0x821146cU);  // of mmh3, the same sum
}

TEST(Bucket, a_store_is_in_the_low_ten_bits) {
  EXPECT_EQ(bucket_of(StoreId("s1")), 531U);
  EXPECT_EQ(bucket_of(StoreId("store-0001")), 405U);
  EXPECT_EQ(bucket_of(StoreId("杭州西湖店")), 354U);
}

TEST(Bucket, the_estates_map_is_two_databases_of_four_tables) {
  const BucketMap map(2, 4);
  EXPECT_EQ(map.place(0U), (ShardPlace{0, 0}));
  EXPECT_EQ(map.place(1U), (ShardPlace{1, 0}));
  EXPECT_EQ(map.place(2U), (ShardPlace{0, 1}));
  EXPECT_EQ(map.place(7U), (ShardPlace{1, 3}));
  EXPECT_EQ(map.place(8U), (ShardPlace{0, 0}));
  EXPECT_EQ(map.place(1023U), (ShardPlace{1, 3}));
  std::set<std::pair<std::size_t, unsigned>> places;
  for (unsigned bucket = 0; bucket < kBuckets; ++bucket) {
    places.emplace(map.place(bucket).database, map.place(bucket).table);
  }
  EXPECT_EQ(places.size(), 8U);
}

}  // namespace
}  // namespace larder::relay
