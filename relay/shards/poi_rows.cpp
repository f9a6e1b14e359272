#include "relay/shards/poi_rows.hpp"

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
  return true;
}

}  // namespace

Result<const PoiRow*> PoiRows::find(StockTables& tables, unsigned bucket, const StoreId& store,
                                    const SkuId& sku, TimePoint now) {
  std::string key = store.text();
  key += '\0';
  key += sku.text();
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
  if (rows_.size() >= kPoiRowsMax) rows_.clear();
  return &(rows_[std::move(key)] = std::move(row));
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
