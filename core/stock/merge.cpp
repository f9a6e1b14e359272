#include "core/stock/merge.hpp"

#include <tuple>

namespace larder {

bool comes_before(const OfflineChange& a, const OfflineChange& b) {
  return std::tie(a.at, a.id) < std::tie(b.at, b.id);
}

std::int64_t merged(std::int64_t opening, const std::vector<OfflineChange>& changes) {
  const OfflineChange* last_set = nullptr;
  for (const OfflineChange& change : changes) {
    if (!change.is_absolute) continue;
    if (last_set == nullptr || comes_before(*last_set, change)) last_set = &change;
  }
  std::int64_t figure = last_set != nullptr ? last_set->tenths : opening;
  for (const OfflineChange& change : changes) {
    if (change.is_absolute) continue;
    if (last_set == nullptr || comes_before(*last_set, change)) figure += change.tenths;
  }
  return figure;
}

}  // namespace larder
