#include "relay/app/replay.hpp"

#include <algorithm>

namespace larder::relay {
namespace {

const OfflineChange* last_set(const std::vector<OfflineChange>& changes) {
  const OfflineChange* last = nullptr;
  for (const OfflineChange& change : changes) {
    if (!change.is_absolute) continue;
    if (last == nullptr || comes_before(*last, change)) last = &change;
  }
  return last;
}

bool is_superseded(const OfflineChange& change, const OfflineChange* winner) {
  return winner != nullptr && change.id != winner->id && comes_before(change, *winner);
}

// A till's own figure counts: from it on everything is known, and added up.
std::int64_t from_the_tills(const SkuBooks& books) {
  std::vector<OfflineChange> all = books.site;
  all.insert(all.end(), books.replayed.begin(), books.replayed.end());
  return merged(0, all);
}

}  // namespace

MergedBooks merge_replayed(const SkuBooks& books) {
  const OfflineChange* const tills = last_set(books.replayed);
  const OfflineChange* const owners = last_set(books.site);
  const bool is_tills = tills != nullptr && (owners == nullptr || comes_before(*owners, *tills));
  const OfflineChange* const winner = is_tills ? tills : owners;
  // What was short before a figure was set is over with it.
  const bool is_over = winner != nullptr && books.counted_at < winner->at;
  MergedBooks result;
  result.is_over = is_over;
  result.counted_at = books.counted_at;
  result.figure = books.there - (is_over ? 0 : books.short_by);
  for (const OfflineChange& change : books.replayed) {
    if (!books.fresh.contains(change.id)) continue;
    if (is_superseded(change, winner)) {
      result.superseded.push_back(change.id);
      continue;
    }
    if (!change.is_absolute) result.figure += change.tenths;
    result.counted_at = std::max(result.counted_at, change.at);
  }
  if (is_tills) result.figure = from_the_tills(books);
  const std::int64_t missing = std::max<std::int64_t>(0, -result.figure);
  const std::int64_t recorded = is_over ? 0 : books.recorded;
  result.oversold = std::max<std::int64_t>(0, missing - recorded);
  result.recorded = missing == 0 ? 0 : std::max(recorded, missing);
  return result;
}

}  // namespace larder::relay
