// Oversell records: more was sold than anybody had the right to. Each has a life: open, until a
// person says how it was resolved. A hub's own are resolved at the hub, by a word; what a replay
// found is resolved here. Values, and the port to the rows.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/quantity.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"

namespace larder::relay {

inline constexpr std::size_t kOversellsShownMax = 200;

struct OversellEntry {
  StoreId store;
  std::int64_t id = 0;  // of the store's record
  SkuId sku;
  std::string name;  // from the store's menu, empty when it is not there
  Quantity quantity;
  std::string cause;        // "override" "count" "settlement" of a hub, "replay"
  std::string orders_json;  // array of order numbers
  std::string made_by;
  std::string hubs_id;  // the hub's name of it; empty: found here
  bool is_open = true;
  std::string resolution, resolved_by;
  TimePoint at, resolved_at;
};

// The latest first; where two have the same time, by store and id.
struct OversellPlace {
  TimePoint at{INT64_MAX};
  StoreId store;
  std::int64_t id = INT64_MAX;
};
struct OversellQuery {
  bool is_open = true;
  StoreId store;         // empty: of all
  OversellPlace before;  // what stands after this
  std::size_t limit = kOversellsShownMax;
};
// Whether `a` is shown before `b`.
bool is_shown_before(const OversellEntry& a, const OversellEntry& b);

// As ShardStore: each function is one transaction or one read, on the database's worker.
class OversellStore {
 public:
  virtual ~OversellStore() = default;
  // Of the stores of this database.
  virtual Result<std::vector<OversellEntry>> oversells(const OversellQuery& query) = 0;
  virtual Result<std::uint64_t> open_oversells() = 0;
  virtual Result<std::optional<OversellEntry>> oversell(const StoreId& store, std::int64_t id) = 0;
  // Of one that was found here, and how it then is. NotFound; BadState when it was resolved
  // otherwise, or is the hub's to resolve.
  virtual Result<OversellEntry> resolve_oversell(const StoreId& store, std::int64_t id,
                                                 const std::string& resolution,
                                                 const std::string& by, TimePoint now) = 0;
};

}  // namespace larder::relay
