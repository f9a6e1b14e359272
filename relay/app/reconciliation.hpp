// Reconciliation: the hub owns the levels of its stock, the relay's rows are a copy. On a schedule
// and on demand the two are compared per SKU, at one and the same event of the hub; a difference is
// named, repaired by the hub's truth, and kept here. Values, and the port to the rows.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"
#include "lan-protocol/stock_books.hpp"

namespace larder::relay {

inline constexpr std::size_t kDifferencesShownMax = 100;
// After which a comparison ends as it then is, whatever the hub does.
inline constexpr Duration kReconcilePatience = Duration::seconds(20);

struct StockDifference {
  StoreId store;
  SkuId sku;
  std::string what;   // a sentence: "available 3.0 at the hub, 5.0 at the relay"
  std::string cause;  // a sentence, or empty: unknown
  Epoch epoch = 0;
  Seq seq = 0;  // the hub's event at which it was found
  TimePoint found_at;
  bool is_repaired = false;
  std::string by;  // "schedule", or a person's name
};

struct Reconciliation {
  StoreId store;
  Epoch epoch = 0;
  Seq seq = 0;               // the hub's event that was looked at last
  std::uint64_t skus = 0;    // compared
  std::uint64_t moving = 0;  // SKUs that moved meanwhile: compared next time
  std::vector<StockDifference> differences;
  std::string unanswered;  // why it could not be compared, a sentence; empty: it was
  bool is_equal = false;
};

// What a part of a store's SKUs came to.
struct StockLook {
  bool is_comparable = true;  // false: the hub looked in another epoch, or the rows are behind it
  std::uint64_t skus = 0, moving = 0;
  std::vector<SkuId> differing;
};
struct StockRepair {
  bool is_comparable = true;
  std::uint64_t moving = 0;
  std::vector<StockDifference> differences;
};

// As ShardStore: each function is one transaction or one read, on the database's worker.
class ReconcileStore {
 public:
  virtual ~ReconcileStore() = default;
  // The SKUs behind `after`, as far as the hub's marks go. A SKU that moved after the hub looked is
  // left out: the event that moved it says what is true.
  virtual Result<StockLook> compare_stock(const StoreId& store, const SkuId& after,
                                          const StockBooks& hubs) = 0;
  // Writes the hub's levels where the rows still differ and nothing has moved since; what was found
  // is kept.
  virtual Result<StockRepair> repair_stock(const StoreId& store, const StockBooks& hubs,
                                           const std::string& by, TimePoint now) = 0;
  // The newest first.
  virtual Result<std::vector<StockDifference>> differences(const StoreId& store,
                                                           std::size_t limit) = 0;
};

}  // namespace larder::relay
