// KeptLevels: a store's levels as the rows of its database have them, and the record of where they
// were not what its hub said. Life: one job, inside a transaction where it writes. Thread: the
// worker of the database. Limit: kDifferencesKept records of a store; the oldest go.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/stock/level.hpp"
#include "relay/app/reconciliation.hpp"
#include "relay/shards/tables.hpp"

namespace larder::relay {

inline constexpr std::int64_t kDifferencesKept = 1'000;

struct KeptLevel {
  StockLevel level;
  Quantity lent = {};  // by the leases of the hub's epoch, as hub and relay agree
  // What is wrong with what the estate reads: a sentence, empty when it is the hub's part and that
  // of the relay's leases.
  std::string wrong_sum = {};
  bool is_sound() const { return level.leased == lent && wrong_sum.empty(); }
};

class KeptLevels {
 public:
  KeptLevels(ReconcileTables& tables, unsigned bucket, const StoreId& store)
      : tables_(tables), bucket_(bucket), store_(store) {}

  // Of the SKUs behind `after`, up to `last` (empty: to the end).
  Result<std::map<SkuId, KeptLevel>> read(Epoch epoch, const SkuId& after, const SkuId& last);
  // A SKU without rows is unlimited and available.
  Result<KeptLevel> read_one(Epoch epoch, const SkuId& sku);
  // Why the rows of the SKU may be behind: a sentence, empty when nothing is known.
  Result<std::string> cause_of(const SkuId& sku, Epoch epoch);
  // Its id.
  Result<std::int64_t> note(const StockDifference& found);
  // Of one that nothing can be written for: kept once, as long as nothing else is said of the SKU.
  Result<void> note_open(const StockDifference& found);
  Result<std::vector<StockDifference>> differences(std::size_t limit);

 private:
  sql::Statement& keyed(sql::Statement& statement) {
    return statement.bind(1, bucket_).bind_text(2, store_.text());
  }
  Result<bool> is_said_already(const StockDifference& found);

  ReconcileTables& tables_;
  unsigned bucket_;
  const StoreId& store_;
};

}  // namespace larder::relay
