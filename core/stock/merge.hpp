// OfflineMerge: one stock figure out of what tills of other makes did while they were away
// (contract of the estate, section 3): relative changes add up; the latest absolute one counts, and
// the deltas that came after it. Whatever the order in which they arrive, and however often, the
// same changes give the same figure: a change is known by its id, and changes are ordered by
// (time, id), as in a last-writer-wins register with a counter on top (Shapiro and others, 2011).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/time.hpp"

namespace larder {

struct OfflineChange {
  std::string id;  // unique for the store; the same id again is the same change
  bool is_absolute = false;
  std::int64_t tenths = 0;  // added (may be below zero), or set (is not)
  TimePoint at;             // of the till that did it
  bool operator==(const OfflineChange&) const = default;
};

// Whether `a` counts before `b`.
bool comes_before(const OfflineChange& a, const OfflineChange& b);

// The figure in tenths, below zero when more was sold than was there. `changes`: all that are
// known, in any order, each id once; `opening` counts where none is absolute.
std::int64_t merged(std::int64_t opening, const std::vector<OfflineChange>& changes);

}  // namespace larder
