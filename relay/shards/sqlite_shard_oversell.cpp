// Oversell records as HQ asks for them, and the end of those that were found here.
#include <algorithm>
#include <tuple>

#include "relay/shards/sqlite_shard.hpp"

namespace larder::relay {
namespace {

OversellEntry entry_of(const sql::Statement& row) {
  OversellEntry entry;
  entry.store = StoreId(std::string(row.text(0)));
  entry.id = row.integer(1);
  entry.sku = SkuId(std::string(row.text(2)));
  entry.name = row.text(3);
  entry.quantity = Quantity::tenths(row.integer(4));
  entry.cause = row.text(5);
  entry.orders_json = row.text(6);
  entry.made_by = row.text(7);
  entry.hubs_id = row.text(8);
  entry.is_open = row.text(9) == "open";
  entry.resolution = row.text(10);
  entry.resolved_by = row.text(11);
  entry.at = TimePoint{row.integer(12)};
  entry.resolved_at = TimePoint{row.integer(13)};
  return entry;
}

Result<std::vector<OversellEntry>> entries_of(sql::Statement& rows) {
  const sql::Scope scope(rows);
  std::vector<OversellEntry> entries;
  for (;;) {
    auto row = rows.step();
    if (!row) return pass_on(row);
    if (!*row) return entries;
    entries.push_back(entry_of(rows));
  }
}

}  // namespace

Result<std::vector<OversellEntry>> SqliteShard::oversells(const OversellQuery& query) {
  if (fault_) return Refused(*fault_);
  const std::size_t limit = std::min(query.limit, kOversellsShownMax + 1);
  std::vector<OversellEntry> all;
  for (Tables& tables : tables_) {
    sql::Statement& rows = tables.replay.oversells;
    rows.bind_text(1, query.is_open ? "open" : "resolved").bind_text(2, query.store.text());
    rows.bind(3, query.before.at.micros).bind_text(4, query.before.store.text());
    rows.bind(5, query.before.id).bind(6, static_cast<std::int64_t>(limit));
    auto found = settle(entries_of(rows));
    if (!found) return pass_on(found);
    std::move(found->begin(), found->end(), std::back_inserter(all));
  }
  std::sort(all.begin(), all.end(), is_shown_before);
  if (all.size() > limit) all.erase(all.begin() + static_cast<std::ptrdiff_t>(limit), all.end());
  return all;
}

Result<std::uint64_t> SqliteShard::open_oversells() {
  if (fault_) return Refused(*fault_);
  std::uint64_t all = 0;
  for (Tables& tables : tables_) {
    sql::Statement& count = tables.replay.open_oversells;
    const sql::Scope scope(count);
    auto row = settle(count.step());
    if (!row) return pass_on(row);
    all += static_cast<std::uint64_t>(count.integer(0));
  }
  return all;
}

Result<std::optional<OversellEntry>> SqliteShard::oversell(const StoreId& store, std::int64_t id) {
  auto place = place_of(store);
  if (!place) return pass_on(place);
  sql::Statement& find = place->tables->replay.oversell;
  find.bind(1, place->bucket).bind_text(2, store.text()).bind(3, id);
  auto found = settle(entries_of(find));
  if (!found) return pass_on(found);
  if (found->empty()) return std::optional<OversellEntry>();
  return std::optional(std::move(found->front()));
}

Result<OversellEntry> SqliteShard::resolve_oversell(const StoreId& store, std::int64_t id,
                                                    const std::string& resolution,
                                                    const std::string& by, TimePoint now) {
  auto known = oversell(store, id);
  if (!known) return pass_on(known);
  if (!*known) return refuse(Code::NotFound, "this store has no such oversell record");
  OversellEntry entry = std::move(**known);
  if (!entry.is_open && entry.resolution == resolution) return entry;  // the same again
  if (!entry.is_open) {
    return refuse(Code::BadState, "it was resolved before, by " + entry.resolved_by);
  }
  if (!entry.hubs_id.empty()) {
    return refuse(Code::BadState, "the store's hub keeps this record, and resolves it");
  }
  auto place = place_of(store);
  if (!place) return pass_on(place);
  auto transaction = sql::Transaction::begin(connection_);
  if (!transaction) return settle<OversellEntry>(pass_on(transaction));
  sql::Statement& put = place->tables->replay.resolve_own;
  put.bind(1, place->bucket).bind_text(2, store.text()).bind(3, id);
  auto written = put.bind_text(4, resolution).bind_text(5, by).bind(6, now.micros).run();
  if (written) {
    written =
        log(store, by, "resolved oversell record " + std::to_string(id) + ": " + resolution, now);
  }
  if (written) written = transaction->commit();
  if (!written) return settle<OversellEntry>(pass_on(written));
  entry.is_open = false;
  entry.resolution = resolution;
  entry.resolved_by = by;
  entry.resolved_at = now;
  return entry;
}

}  // namespace larder::relay
