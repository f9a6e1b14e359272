// LeaseRows: the rows of the leases of one store, and what follows from them in the estate's
// figures. Life: inside one transaction. Thread: the worker of the database.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "relay/app/turns.hpp"
#include "relay/shards/poi_rows.hpp"
#include "relay/shards/tables.hpp"

namespace larder::relay {

std::string_view state_name(LeaseState state);
LeaseState lease_state_of(std::string_view name);
// A row of the statements that begin with the columns of a lease.
LeaseRecord lease_of(const sql::Statement& row);
Result<std::vector<LeaseRecord>> leases_of(sql::Statement& rows);

// The ids of the words that settle a lease begin with this.
inline std::string settle_prefix(Epoch epoch, const LeaseId& lease) {
  return "settle-" + std::to_string(epoch) + "-" + lease.text() + "-";
}

// How a SKU stands in `inventory` after its leases changed: what can be sold and is set aside
// anywhere, and the relay's part of it.
struct SkuFigures {
  StockLevel level;
  Quantity relay_stock, relay_locked;
};

class LeaseRows {
 public:
  LeaseRows(Tables& tables, PoiRows& poi, unsigned bucket, const StoreId& store)
      : tables_(tables), poi_(poi), bucket_(bucket), store_(store) {}

  Result<void> put(const LeaseRecord& lease, TimePoint now);
  Result<std::optional<LeaseRecord>> find(const LeaseId& lease);
  Result<std::vector<LeaseRecord>> of_sku(const SkuId& sku);
  // The relay's part is taken from the leases, the whole from both parts. None: the SKU has no row.
  Result<std::optional<SkuFigures>> refresh(const SkuId& sku, TimePoint now);
  // The same in `poi_item_stock`. `id` and what it says of itself come from PoiRows.
  Result<void> refresh_poi(const SkuId& sku, const StockLevel& level, TimePoint now);

 private:
  sql::Statement& keyed(sql::Statement& statement) {
    return statement.bind(1, bucket_).bind_text(2, store_.text());
  }

  Tables& tables_;
  PoiRows& poi_;
  unsigned bucket_;
  const StoreId& store_;
};

}  // namespace larder::relay
