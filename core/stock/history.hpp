// StockHistory: how the stock of one SKU moved lately, so that a figure which somebody set on the
// strength of an older look can be brought up to date: the movements after that look are added to
// it. A value. Limit: the last kStockChangesKept changes; of what is older nothing is known.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"
#include "core/stock/level.hpp"

namespace larder {

struct StockChange {
  Seq seq = 0;
  std::int64_t tenths = 0;   // what the change added; of an absolute one: what it set
  bool is_absolute = false;  // a count, a limit, a plan that is there again
  TimePoint at;              // hybrid time of an absolute one
  bool operator==(const StockChange&) const = default;
};

// What came after a look.
struct SinceLook {
  std::int64_t added = 0;               // by relative changes, in tenths
  std::optional<StockChange> set = {};  // the last absolute one
  bool is_known = true;                 // false: the look is older than what is kept
};

class StockHistory {
 public:
  void note(const StockChange& change);
  SinceLook since(Seq look) const;

  // For snapshots.
  const std::vector<StockChange>& changes() const { return changes_; }
  Seq forgotten() const { return forgotten_; }
  static StockHistory of(std::vector<StockChange> changes, Seq forgotten);
  bool operator==(const StockHistory&) const = default;

 private:
  std::vector<StockChange> changes_;  // in order of seq
  Seq forgotten_ = 0;                 // the last that is not kept any more
};

// What a movement does to the units that a person would count, without those that are held: none
// for a movement between accounts.
std::optional<StockChange> change_of(const Movement& movement, Seq seq, TimePoint at);

}  // namespace larder
