// Parked events: what a hub sent and this relay could not write as rows. The raw event is kept, the
// stream goes on; a person has it tried again (after an upgrade, or a repair), or skips it with a
// reason. Values, and the port to the rows.
#pragma once

#include <string>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"

namespace larder::relay {

inline constexpr std::size_t kParkedShownMax = 100;

struct ParkedEvent {
  Epoch epoch = 0;
  Seq seq = 0;
  std::string name;    // of the event; empty when not even that can be read
  std::string reason;  // why it was set aside
  TimePoint parked_at;
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

// As ShardStore: each function is one transaction or one read, on the database's worker.
class ParkedStore {
 public:
  virtual ~ParkedStore() = default;
  // The oldest first.
  virtual Result<std::vector<ParkedEvent>> parked(const StoreId& store, std::size_t limit) = 0;
  // NotFound; BadState: it still cannot be written, or what came after it about the same SKU or
  // order has overtaken it, so that its rows would set back what is true now.
  virtual Result<void> repair(const ParkedRepair& repair, TimePoint now) = 0;
};

}  // namespace larder::relay
