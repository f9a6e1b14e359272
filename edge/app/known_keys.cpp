#include "edge/app/known_keys.hpp"

#include <algorithm>

namespace larder::edge {

namespace {

constexpr unsigned kRestBits = 16;

// 0 marks a free slot; a key that would be 0 is taken for its neighbour.
std::uint32_t mark_of(std::uint64_t key) {
  return std::max<std::uint32_t>(1, static_cast<std::uint32_t>(key >> 32));
}
std::size_t shelf_of(std::uint32_t mark) { return mark >> kRestBits; }
std::uint16_t rest_of(std::uint32_t mark) { return static_cast<std::uint16_t>(mark & 0xffff); }

}  // namespace

KnownKeys::KnownKeys(const std::vector<std::uint64_t>& keys)
    : ends_(kShelves, 0), rests_(keys.size()), slots_(kSlots, 0) {
  young_.reserve(kYoungMax);
  for (const std::uint64_t key : keys) ++ends_[shelf_of(mark_of(key))];
  std::uint32_t end = 0;
  for (std::uint32_t& shelf : ends_) shelf = end += shelf;
  std::vector<std::uint32_t> at = ends_;
  for (const std::uint64_t key : keys) {
    const std::uint32_t mark = mark_of(key);
    rests_[--at[shelf_of(mark)]] = rest_of(mark);
  }
}

bool KnownKeys::may_contain(std::uint64_t key) const {
  const std::uint32_t mark = mark_of(key);
  for (std::size_t slot = mark % kSlots; slots_[slot] != 0; slot = (slot + 1) % kSlots) {
    if (slots_[slot] == mark) return true;
  }
  const std::size_t shelf = shelf_of(mark);
  const auto from = rests_.begin() + (shelf == 0 ? 0 : ends_[shelf - 1]);
  const auto to = rests_.begin() + ends_[shelf];
  return std::find(from, to, rest_of(mark)) != to;
}

void KnownKeys::add(std::uint64_t key) {
  if (young_.size() == kYoungMax) settle_young();
  const std::uint32_t mark = mark_of(key);
  std::size_t slot = mark % kSlots;
  while (slots_[slot] != 0) slot = (slot + 1) % kSlots;
  slots_[slot] = mark;
  young_.push_back(mark);
}

// In place, from the last shelf to the first: each moves up by as many as come before it.
void KnownKeys::settle_young() {
  std::sort(young_.begin(), young_.end());
  std::size_t old_end = rests_.size();
  std::size_t young_left = young_.size();
  rests_.resize(old_end + young_left);
  for (std::size_t shelf = kShelves; shelf-- > 0 && young_left > 0;) {
    const std::size_t old_begin = shelf == 0 ? 0 : ends_[shelf - 1];
    const auto at = rests_.begin();
    auto to = at + static_cast<std::ptrdiff_t>(old_end + young_left);
    ends_[shelf] = static_cast<std::uint32_t>(old_end + young_left);
    while (young_left > 0 && shelf_of(young_[young_left - 1]) == shelf) {
      *--to = rest_of(young_[--young_left]);
    }
    std::move_backward(at + static_cast<std::ptrdiff_t>(old_begin),
                       at + static_cast<std::ptrdiff_t>(old_end), to);
    old_end = old_begin;
  }
  young_.clear();
  std::fill(slots_.begin(), slots_.end(), 0);
}

}  // namespace larder::edge
