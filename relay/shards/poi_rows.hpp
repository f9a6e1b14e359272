// PoiRows: what the messages about a SKU need of its `poi_item_stock` row and channels, remembered
// so that a movement costs no read. Life: as the database; forgotten when a transaction is taken
// back. Thread: the worker of the database. Limit: kPoiRowsMax, then it starts again.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "core/base/time.hpp"
#include "relay/app/ports.hpp"
#include "relay/shards/tables.hpp"

namespace larder::relay {

inline constexpr std::size_t kPoiRowsMax = 100'000;

struct PoiRow {
  std::int64_t id = 0;
  std::string brand;
  Quantity plan;
  int restore_type = 2;
  std::int64_t restore_at = 0;
  std::string channels;  // JSON array, as it travels
};

class PoiRows {
 public:
  // Made when there is none.
  Result<const PoiRow*> find(StockTables& tables, unsigned bucket, const StoreId& store,
                             const SkuId& sku, TimePoint now);
  void forget() { rows_.clear(); }

 private:
  std::unordered_map<std::string, PoiRow> rows_;  // by store and SKU, a zero byte between
};

// {"channel_code":..,"stock_status":..,"stock_type":..}, of all channels of a stock row.
Result<std::string> channels_json(StockTables& tables, unsigned bucket, const StoreId& store,
                                  std::int64_t stock_id);
// The message of `poi-item-stock-sync-topic` (contract of the estate, section 4).
std::string poi_message(const StoreId& store, const std::string& object, const PoiRow& row,
                        int status, int type, int restore, Quantity real);

}  // namespace larder::relay
