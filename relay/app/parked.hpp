// Parked events: what a hub sent and this relay could not write as rows. The raw event is kept, the
// stream goes on, and only what later changes the same order waits behind it; a person has it tried
// again (after an upgrade, or a repair), or skips it with a reason. Values, and the port to the
// rows.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"

namespace larder::relay {

inline constexpr std::size_t kParkedShownMax = 100;

struct ParkedPlace {
  Epoch epoch = 0;
  Seq seq = 0;
  bool operator==(const ParkedPlace&) const = default;
};
struct ParkedEvent {
  Epoch epoch = 0;
  Seq seq = 0;
  std::string name;    // of the event; empty when not even that can be read
  std::string reason;  // why it was set aside
  TimePoint parked_at;
  std::optional<ParkedPlace> behind = {};  // the event of its order that it waits behind
};
// What a person wants done with one of them.
struct ParkedRepair {
  StoreId store;
  Epoch epoch = 0;
  Seq seq = 0;
  bool skips = false;  // else it is tried again
  std::string reason;  // of a skip
  std::string by;
};
// What became of it, and of what waited behind it.
struct RepairOutcome {
  std::size_t written = 0, skipped = 0;
  std::size_t waiting = 0;  // events of its order that are still set aside
  std::string stopped;      // why the first of these could not be written; empty: all were
};

// As ShardStore: each function is one transaction or one read, on the database's worker.
class ParkedStore {
 public:
  virtual ~ParkedStore() = default;
  // The oldest first.
  virtual Result<std::vector<ParkedEvent>> parked(const StoreId& store, std::size_t limit) = 0;
  // The event, then what waits behind it, in order, up to one that cannot be written. Behind an
  // event that is skipped they are tried as well, but what would change an order that has no row is
  // skipped with it. NotFound; BadState: it still cannot be written, what came after
  // it contradicts it, or it waits behind another event itself (then it is not skipped either).
  virtual Result<RepairOutcome> repair(const ParkedRepair& repair, TimePoint now) = 0;
};

}  // namespace larder::relay
