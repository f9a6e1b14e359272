// KnownKeys: which command ids may have been answered before, in two bytes each. Never forgets a
// key; says "may be" of one it has not seen about once in 4,000,000,000 / size() times. That costs
// a look into the journal, for which that device's later commands wait. Keys are hashes already
// (answer_key). Life: with the Hub, on the network thread. Limits: 2 bytes per key and 320 KiB;
// every kYoungMax keys the young ones move in with the old, which takes about a millisecond for a
// million.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace larder::edge {

class KnownKeys {
 public:
  explicit KnownKeys(const std::vector<std::uint64_t>& keys = {});

  bool may_contain(std::uint64_t key) const;
  void add(std::uint64_t key);
  std::size_t size() const { return rests_.size() + young_.size(); }

 private:
  static constexpr std::size_t kShelves = 1U << 16;
  static constexpr std::size_t kYoungMax = 8'192;
  static constexpr std::size_t kSlots = 2 * kYoungMax;

  void settle_young();

  // Of a key's upper 32 bits, the first 16 name the shelf and the others stand on it.
  std::vector<std::uint32_t> ends_;   // where each shelf ends in rests_
  std::vector<std::uint16_t> rests_;  // shelf after shelf
  std::vector<std::uint32_t> young_;  // the newest, in the order they came
  std::vector<std::uint32_t> slots_;  // the same for finding: open addressing, 0 is free
};

}  // namespace larder::edge
