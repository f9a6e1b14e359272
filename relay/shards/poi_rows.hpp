// PoiRows: what the messages about a SKU need of its `poi_item_stock` row and channels, remembered
// so that a movement costs no read. Life: as the database; forgotten when a transaction is taken
// back. Thread: the worker of the database. Limit: kPoiRowsMax, then it starts again.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/base/time.hpp"
#include "relay/app/ports.hpp"
#include "relay/shards/tables.hpp"

namespace larder::relay {

inline constexpr std::size_t kPoiRowsMax = 100'000;

// What a channel has of its own. is_hubs: by the hub's books, not a POS's report.
struct PoiAccount {
  ChannelAccount account;
  bool is_hubs = false;
};
struct PoiRow {
  std::int64_t id = 0;
  std::string brand;
  Quantity plan;
  int restore_type = 2;
  std::int64_t restore_at = 0;
  std::string channels = {};  // JSON array, as it travels
  std::vector<PoiAccount> accounts = {};
  // The relay's part of the SKU's figures: what its leases can sell, and what they hold.
  Quantity relay_stock = {}, relay_locked = {};
};

class PoiRows {
 public:
  // Made when there is none.
  Result<const PoiRow*> find(StockTables& tables, unsigned bucket, const StoreId& store,
                             const SkuId& sku, TimePoint now);
  void forget() { rows_.clear(); }
  // The leases of this SKU have changed.
  void set_relay_part(const StoreId& store, const SkuId& sku, Quantity stock, Quantity locked);
  void set_plan(const StoreId& store, const SkuId& sku, Quantity plan, int restore_type,
                TimePoint restore_at);
  // Its channels have.
  void forget(const StoreId& store, const SkuId& sku);

 private:
  std::unordered_map<std::string, PoiRow> rows_;  // by store and SKU, a zero byte between
};

// A channel as the ledger spells it, and as the estate does.
std::string lower_code(std::string_view code);
std::string upper_code(const ChannelCode& channel);
Result<std::vector<PoiAccount>> accounts_of(StockTables& tables, unsigned bucket,
                                            const StoreId& store, std::int64_t stock_id);
// {"channel_code":..,"stock_status":..,"stock_type":..}, of all channels of a stock row.
Result<std::string> channels_json(StockTables& tables, unsigned bucket, const StoreId& store,
                                  std::int64_t stock_id);
// The message of `inventory-cache-update-topic`. `level` counts what can be sold anywhere; `number`
// tells later ones from earlier ones: the event's, or (with `site` "relay") the turnstile's.
std::string cache_message(const StoreId& store, const SkuId& sku, const StockLevel& level,
                          std::string_view change, std::string_view site, std::uint64_t number,
                          TimePoint at);
// The message of `poi-item-stock-sync-topic` (contract of the estate, section 4).
std::string poi_message(const StoreId& store, const std::string& object, const PoiRow& row,
                        int status, int type, int restore, Quantity real);

}  // namespace larder::relay
