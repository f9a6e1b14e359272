#include "core/stock/history.hpp"

#include <algorithm>

#include "core/base/limits.hpp"

namespace larder {
namespace {

std::int64_t countable(const StockLevel& level) {
  if (level.type == StockType::Unlimited) return 0;
  return level.available.in_tenths() + level.leased.in_tenths() - level.owed.in_tenths();
}

bool sets(const Movement& movement) {
  switch (movement.kind) {
    case MovementKind::Count:
    case MovementKind::Limit:
      return true;
    case MovementKind::Restore:
      return !movement.after.plan.is_zero();
    default:
      return false;
  }
}

}  // namespace

void StockHistory::note(const StockChange& change) {
  changes_.push_back(change);
  if (changes_.size() <= kStockChangesKept) return;
  forgotten_ = changes_.front().seq;
  changes_.erase(changes_.begin());
}

SinceLook StockHistory::since(Seq look) const {
  SinceLook result;
  result.is_known = look >= forgotten_;
  for (const StockChange& change : changes_) {
    if (change.seq <= look) continue;
    if (change.is_absolute) result.set = change;
    if (!change.is_absolute) result.added += change.tenths;
  }
  return result;
}

StockHistory StockHistory::of(std::vector<StockChange> changes, Seq forgotten) {
  StockHistory history;
  history.changes_ = std::move(changes);
  history.forgotten_ = forgotten;
  return history;
}

std::optional<StockChange> change_of(const Movement& movement, Seq seq, TimePoint at) {
  if (sets(movement)) return StockChange{seq, countable(movement.after), true, at};
  const std::int64_t added = countable(movement.after) - countable(movement.before);
  if (added == 0) return std::nullopt;
  return StockChange{seq, added, false, at};
}

}  // namespace larder
