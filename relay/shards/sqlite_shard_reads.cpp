// What HQ's pages and the API ask of stock and orders.
#include <algorithm>

#include "relay/shards/sqlite_shard.hpp"
#include "relay/shards/stock_record.hpp"

namespace larder::relay {

StockRecord record_of(const sql::Statement& row) {
  StockRecord record;
  record.store = StoreId(std::string(row.text(0)));
  record.sku = SkuId(std::string(row.text(1)));
  record.name = row.text(2);
  record.level.type = row.integer(3) == 2 ? StockType::Limited : StockType::Unlimited;
  record.level.status = row.integer(4) == 2 ? StockStatus::SoldOut : StockStatus::Available;
  record.level.available = Quantity::tenths(row.integer(5));
  record.level.held = Quantity::tenths(row.integer(6));
  record.version = static_cast<std::uint64_t>(row.integer(7));
  record.updated_at = TimePoint{row.integer(8)};
  record.level.restore_at = TimePoint{row.integer(14)};
  const RestoreRule rule = row.integer(14) != 0 ? RestoreRule::At : RestoreRule::NextDay;
  record.level.restore = row.integer(9) == 1 ? rule : RestoreRule::Never;
  record.relay_available = Quantity::tenths(row.integer(10));
  record.relay_held = Quantity::tenths(row.integer(11));
  record.level.leased = Quantity::tenths(row.integer(12));
  record.level.owed = Quantity::tenths(row.integer(13));
  record.level.plan = Quantity::tenths(row.integer(15));
  record.level.warning = Quantity::tenths(row.integer(16));
  record.level.critical = Quantity::tenths(row.integer(17));
  return record;
}

namespace {

Result<std::vector<StockRecord>> records_of(sql::Statement& rows) {
  const sql::Scope scope(rows);
  std::vector<StockRecord> records;
  for (;;) {
    auto row = rows.step();
    if (!row) return pass_on(row);
    if (!*row) return records;
    records.push_back(record_of(rows));
  }
}

}  // namespace

Result<std::vector<StockRecord>> SqliteShard::stock(const StoreId& store) {
  auto place = place_of(store);
  if (!place) return pass_on(place);
  sql::Statement& rows = place->tables->reads.stock;
  rows.bind(1, place->bucket).bind_text(2, store.text());
  auto records = settle(records_of(rows));
  if (records) say_as_of(*records);
  return records;
}

// By the mark of the same thread: rows and mark move together, in one transaction.
void SqliteShard::say_as_of(std::vector<StockRecord>& records) const {
  for (StockRecord& record : records) {
    const auto mark = marks_.find(record.store);
    if (mark == marks_.end()) continue;
    record.as_of = mark->second.up_to;
    record.as_of_at = mark->second.last_event_at;
  }
}

Result<std::optional<StockRecord>> SqliteShard::stock_of(const StoreId& store, const SkuId& sku) {
  auto place = place_of(store);
  if (!place) return pass_on(place);
  sql::Statement& rows = place->tables->reads.stock_of;
  rows.bind(1, place->bucket).bind_text(2, store.text()).bind_text(3, sku.text());
  auto records = settle(records_of(rows));
  if (!records) return pass_on(records);
  if (records->empty()) return std::optional<StockRecord>();
  say_as_of(*records);
  return std::optional(std::move(records->front()));
}

Result<std::vector<StockRecord>> SqliteShard::stock_of_sku(std::size_t database, const SkuId& sku,
                                                           std::size_t limit) {
  auto ready = check_ready(database);
  if (!ready) return pass_on(ready);
  std::vector<StockRecord> all;
  for (Tables& tables : tables_) {
    if (all.size() >= limit) break;
    sql::Statement& rows = tables.reads.stock_of_sku;
    rows.bind_text(1, sku.text()).bind(2, static_cast<std::int64_t>(limit - all.size()));
    auto records = settle(records_of(rows));
    if (!records) return pass_on(records);
    say_as_of(*records);
    std::move(records->begin(), records->end(), std::back_inserter(all));
  }
  return all;
}

Result<std::uint64_t> SqliteShard::low_stock(std::size_t database) {
  auto ready = check_ready(database);
  if (!ready) return pass_on(ready);
  std::uint64_t all = 0;
  for (Tables& tables : tables_) {
    sql::Statement& count = tables.reads.low_stock;
    const sql::Scope scope(count);
    auto row = settle(count.step());
    if (!row) return pass_on(row);
    all += static_cast<std::uint64_t>(count.integer(0));
  }
  return all;
}

Result<std::vector<OrderRecord>> SqliteShard::last_orders(const StoreId& store, std::size_t limit) {
  auto place = place_of(store);
  if (!place) return pass_on(place);
  sql::Statement& rows = place->tables->reads.last_orders;
  const sql::Scope scope(rows);
  rows.bind(1, place->bucket).bind_text(2, store.text());
  rows.bind(3, static_cast<std::int64_t>(std::min<std::size_t>(limit, 10'000)));
  std::vector<OrderRecord> orders;
  for (;;) {
    auto row = rows.step();
    if (!row) return settle<std::vector<OrderRecord>>(pass_on(row));
    if (!*row) return orders;
    OrderRecord order;
    order.store = store;
    order.order = OrderId(std::string(rows.text(0)));
    order.day = BusinessDay{static_cast<std::int32_t>(rows.integer(1))};
    order.number = static_cast<std::uint32_t>(rows.integer(2));
    order.channel = rows.text(3);
    order.service = rows.text(4);
    order.state = rows.text(5);
    order.total_minor = rows.integer(6);
    order.currency = rows.text(7);
    order.placed_at = TimePoint{rows.integer(8)};
    order.updated_at = TimePoint{rows.integer(9)};
    orders.push_back(std::move(order));
  }
}

}  // namespace larder::relay
