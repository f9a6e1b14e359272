#include "relay/shards/poi_rows.hpp"

#include <algorithm>

#include "core/stock/stock.hpp"
#include "lan-protocol/json.hpp"

namespace larder::relay {
namespace {

Result<bool> read(StockTables& tables, unsigned bucket, const StoreId& store, const SkuId& sku,
                  PoiRow& out) {
  sql::Statement& find = tables.poi_row;
  const sql::Scope scope(find);
  find.bind(1, bucket).bind_text(2, store.text()).bind_text(3, sku.text());
  auto row = find.step();
  if (!row || !*row) return row;
  out.id = find.integer(0);
  out.brand = find.text(1);
  out.plan = Quantity::tenths(find.integer(2));
  out.restore_type = static_cast<int>(find.integer(3));
  out.restore_at = find.integer(4);
  out.relay_stock = Quantity::tenths(find.integer(5));
  out.relay_locked = Quantity::tenths(find.integer(6));
  return true;
}

std::string key_of(const StoreId& store, const SkuId& sku) {
  std::string key = store.text();
  key += '\0';
  key += sku.text();
  return key;
}

}  // namespace

Result<const PoiRow*> PoiRows::find(StockTables& tables, unsigned bucket, const StoreId& store,
                                    const SkuId& sku, TimePoint now) {
  std::string key = key_of(store, sku);
  if (const auto known = rows_.find(key); known != rows_.end()) return &known->second;
  PoiRow row;
  auto found = read(tables, bucket, store, sku, row);
  if (found && !*found) {
    sql::Statement& make = tables.make_poi_row;
    make.bind(1, bucket).bind_text(2, store.text()).bind_text(3, sku.text()).bind(4, now.micros);
    auto made = make.run();
    if (!made) return pass_on(made);
    found = read(tables, bucket, store, sku, row);
  }
  if (!found) return pass_on(found);
  auto channels = channels_json(tables, bucket, store, row.id);
  if (!channels) return pass_on(channels);
  row.channels = std::move(*channels);
  auto accounts = accounts_of(tables, bucket, store, row.id);
  if (!accounts) return pass_on(accounts);
  row.accounts = std::move(*accounts);
  if (rows_.size() >= kPoiRowsMax) rows_.clear();
  return &(rows_[std::move(key)] = std::move(row));
}

void PoiRows::set_relay_part(const StoreId& store, const SkuId& sku, Quantity stock,
                             Quantity locked) {
  const auto known = rows_.find(key_of(store, sku));
  if (known == rows_.end()) return;
  known->second.relay_stock = stock;
  known->second.relay_locked = locked;
}

void PoiRows::set_plan(const StoreId& store, const SkuId& sku, Quantity plan, int restore_type,
                       TimePoint restore_at) {
  const auto known = rows_.find(key_of(store, sku));
  if (known == rows_.end()) return;
  known->second.plan = plan;
  known->second.restore_type = restore_type;
  known->second.restore_at = restore_at.micros;
}

void PoiRows::forget(const StoreId& store, const SkuId& sku) { rows_.erase(key_of(store, sku)); }

std::string lower_code(std::string_view code) {
  std::string lower(code);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

std::string upper_code(const ChannelCode& channel) {
  std::string code = channel.text();
  for (char& c : code) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return code;
}

Result<std::vector<PoiAccount>> accounts_of(StockTables& tables, unsigned bucket,
                                            const StoreId& store, std::int64_t stock_id) {
  sql::Statement& find = tables.poi_channels;
  const sql::Scope scope(find);
  find.bind(1, bucket).bind_text(2, store.text()).bind(3, stock_id);
  std::vector<PoiAccount> accounts;
  for (;;) {
    auto row = find.step();
    if (!row) return pass_on(row);
    if (!*row) return accounts;
    const bool is_out = find.integer(1) == 2;
    PoiAccount& row_of = accounts.emplace_back();
    row_of.account.channel = ChannelCode(lower_code(find.text(0)));
    row_of.account.status = is_out ? StockStatus::SoldOut : StockStatus::Available;
    row_of.account.quota = Quantity::tenths(std::max<std::int64_t>(0, find.integer(3)));
    row_of.account.weight = static_cast<std::uint32_t>(std::max<std::int64_t>(0, find.integer(4)));
    row_of.account.sold = Quantity::tenths(find.integer(5));
    row_of.is_hubs = find.integer(3) >= 0;
  }
}

std::string cache_message(const StoreId& store, const SkuId& sku, const StockLevel& level,
                          std::string_view change, std::string_view site, std::uint64_t number,
                          TimePoint at) {
  JsonWriter out;
  out.reserve(240);
  out.begin_object().member("storeId", store.text()).member("skuId", sku.text());
  out.key("availableQty").raw(level.available.text());
  out.key("reservedQty").raw(level.held.text());
  out.member("stockType", level.type == StockType::Limited ? 2 : 1);
  out.member("stockStatus", is_sellable(level) ? 1 : 2).member("change", change);
  out.member(site == "relay" ? "turn" : "seq", number).member("at", at.micros).end_object();
  return out.take();
}

Result<std::string> channels_json(StockTables& tables, unsigned bucket, const StoreId& store,
                                  std::int64_t stock_id) {
  sql::Statement& find = tables.poi_channels;
  const sql::Scope scope(find);
  find.bind(1, bucket).bind_text(2, store.text()).bind(3, stock_id);
  JsonWriter out;
  out.begin_array();
  for (;;) {
    auto row = find.step();
    if (!row) return pass_on(row);
    if (!*row) break;
    out.begin_object().member("channel_code", find.text(0));
    out.member("stock_status", find.integer(1)).member("stock_type", find.integer(2));
    out.end_object();
  }
  out.end_array();
  return out.take();
}

std::string poi_message(const StoreId& store, const std::string& object, const PoiRow& row,
                        int status, int type, int restore, Quantity real) {
  JsonWriter out;
  out.reserve(320 + row.channels.size());
  out.begin_object().member("brandId", row.brand).member("poiId", store.text());
  out.member("objectType", "item_stock").member("eventType", "poi.item.stock");
  out.key("data").begin_object().member("object_id", object);
  out.member("stock_status", status).member("stock_type", type);
  out.key("plan_quantity").raw(row.plan.text()).key("real_quantity").raw(real.text());
  out.member("auto_restore_type", restore).key("auto_restore_at");
  if (row.restore_at == 0)
    out.null();
  else
    out.value(row.restore_at);
  out.key("channel_stocks").raw(row.channels).end_object().end_object();
  return out.take();
}

}  // namespace larder::relay
