#include "relay/api/store_index.hpp"

#include <algorithm>
#include <charconv>

namespace larder::relay {

StoreRank rank_of(const StoreView& store) {
  const std::string& id = store.store.text();
  if (store.is_frozen) return {0, 0, id};
  if (!store.is_live) return {1, store.since.micros, id};  // away longest first
  const auto behind = static_cast<std::int64_t>(store.behind);
  if (behind > 0) return {2, -behind, id};
  const auto waiting = static_cast<std::int64_t>(store.words_outstanding());
  if (waiting > 0) return {3, -waiting, id};
  return {4, 0, id};
}

std::string cursor_of(const StoreRank& rank) {
  return std::to_string(rank.group) + "." + std::to_string(rank.measure) + "." + rank.store;
}

std::optional<StoreRank> rank_of_cursor(std::string_view cursor) {
  StoreRank rank;
  const char* end = cursor.data() + cursor.size();
  const auto group = std::from_chars(cursor.data(), end, rank.group);
  if (group.ec != std::errc() || group.ptr == end || *group.ptr != '.') return std::nullopt;
  const auto measure = std::from_chars(group.ptr + 1, end, rank.measure);
  if (measure.ec != std::errc() || measure.ptr == end || *measure.ptr != '.') return std::nullopt;
  rank.store.assign(measure.ptr + 1, end);
  if (rank.store.empty()) return std::nullopt;
  return rank;
}

const std::vector<StoreIndex::Row>& StoreIndex::rows(Desk& desk, Duration now) {
  if (made_at_ && now - *made_at_ < kFresh) return rows_;
  rows_.clear();
  StoresQuery query;
  query.limit = 1'000;
  for (;;) {
    std::vector<StoreView> part = desk.stores(query);
    const bool last = part.size() < query.limit;
    if (!part.empty()) query.after = part.back().store;
    for (StoreView& view : part) {
      StoreRank rank = rank_of(view);
      rows_.push_back({std::move(rank), std::move(view)});
    }
    if (last) break;
  }
  std::sort(rows_.begin(), rows_.end(), [](const Row& a, const Row& b) { return a.rank < b.rank; });
  made_at_ = now;
  return rows_;
}

}  // namespace larder::relay
