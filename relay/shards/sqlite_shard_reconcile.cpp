// A store's stock held against what its hub says: compared by marks, and where they differ written
// as the hub has it, with a record of what was found.
#include <algorithm>
#include <map>
#include <utility>

#include "core/stock/figures.hpp"
#include "relay/shards/differences.hpp"
#include "relay/shards/event_rows.hpp"
#include "relay/shards/kept_levels.hpp"
#include "relay/shards/lease_rows.hpp"
#include "relay/shards/sqlite_shard.hpp"

namespace larder::relay {

// None: the hub's answer is of another epoch than the rows, or they are not there yet.
Result<bool> SqliteShard::is_comparable(const StoreId& store, const StockBooks& hubs) const {
  const auto mark = marks_.find(store);
  if (mark == marks_.end()) return refuse(Code::NotFound, "no such store");
  return mark->second.epoch == hubs.epoch && mark->second.up_to >= hubs.seq;
}

Result<bool> SqliteShard::has_moved(const StoreId& store, const SkuId& sku, const StockBooks& hubs,
                                    const Place& place) {
  sql::Statement& find = place.tables->stream.later_movement;
  const sql::Scope scope(find);
  find.bind(1, place.bucket).bind_text(2, store.text()).bind_text(3, sku.text());
  return find.bind(4, static_cast<std::int64_t>(hubs.seq)).bind(5, hubs.epoch).step();
}

Result<StockLook> SqliteShard::compare_stock(const StoreId& store, const SkuId& after,
                                             const StockBooks& hubs) {
  auto place = place_of(store);
  if (!place) return pass_on(place);
  StockLook look;
  auto comparable = is_comparable(store, hubs);
  if (!comparable) return pass_on(comparable);
  look.is_comparable = *comparable;
  if (!look.is_comparable) return look;
  const SkuId last = hubs.has_more && !hubs.marks.empty() ? hubs.marks.back().sku : SkuId();
  KeptLevels kept(place->tables->reconcile, place->bucket, store);
  auto rows = settle(kept.read(hubs.epoch, after, last));
  if (!rows) return pass_on(rows);
  std::map<SkuId, std::string> differing;  // by SKU: the mark that the hub does not have
  for (const auto& [sku, row] : *rows) {
    ++look.skus;
    std::string mark = level_mark(sku, row.level);
    if (!row.is_sound()) look.differing.push_back(sku);
    if (!mark.empty()) differing[sku] = std::move(mark);
  }
  for (const StockMark& each : hubs.marks) {
    if (!rows->contains(each.sku)) ++look.skus;
    const auto here = differing.find(each.sku);
    if (here != differing.end() && here->second == each.mark) {
      differing.erase(here);
    } else {
      differing[each.sku] = each.mark;
    }
  }
  for (const auto& [sku, mark] : differing) look.differing.push_back(sku);
  std::sort(look.differing.begin(), look.differing.end());
  look.differing.erase(std::unique(look.differing.begin(), look.differing.end()),
                       look.differing.end());
  return settle(leave_out_moving(store, hubs, *place, std::move(look)));
}

// What moved after the hub looked says by itself what is true, and is compared the next time.
Result<StockLook> SqliteShard::leave_out_moving(const StoreId& store, const StockBooks& hubs,
                                                const Place& place, StockLook look) {
  std::vector<SkuId> differing = std::exchange(look.differing, {});
  for (SkuId& sku : differing) {
    auto moved = has_moved(store, sku, hubs, place);
    if (!moved) return pass_on(moved);
    if (*moved) {
      ++look.moving;
    } else {
      look.differing.push_back(std::move(sku));
    }
  }
  return look;
}

Result<StockRepair> SqliteShard::repair_stock(const StoreId& store, const StockBooks& hubs,
                                              const std::string& by, TimePoint now) {
  auto place = place_of(store);
  if (!place) return pass_on(place);
  StockRepair repair;
  auto comparable = is_comparable(store, hubs);
  if (!comparable) return pass_on(comparable);
  repair.is_comparable = *comparable;
  if (!repair.is_comparable) return repair;
  auto transaction = sql::Transaction::begin(connection_);
  if (!transaction) return settle<StockRepair>(pass_on(transaction));
  EventRows rows(*place->tables, house_, poi_, store, place->bucket, now);
  Result<void> done;
  for (const NamedLevel& each : hubs.levels) {
    auto moved = has_moved(store, each.sku, hubs, *place);
    if (!moved) done = pass_on(moved);
    if (moved && *moved) ++repair.moving;
    if (moved && !*moved) done = repair_level(store, hubs, each, by, *place, rows, repair, now);
    if (!done) break;
  }
  if (done) done = rows.finish();
  if (done) done = transaction->commit();
  if (!done) {
    poi_.forget();
    return settle<StockRepair>(pass_on(done));
  }
  return repair;
}

Result<void> SqliteShard::repair_level(const StoreId& store, const StockBooks& hubs,
                                       const NamedLevel& hub, const std::string& by,
                                       const Place& place, EventRows& rows, StockRepair& repair,
                                       TimePoint now) {
  KeptLevels kept(place.tables->reconcile, place.bucket, store);
  auto row = kept.read_one(hubs.epoch, hub.sku);
  if (!row) return pass_on(row);
  const StockLevel truth = kept_level(hub.level);
  const StockLevel before = kept_level(row->level);
  StockDifference found;
  found.store = store;
  found.sku = hub.sku;
  found.epoch = hubs.epoch;
  found.seq = hubs.seq;
  found.by = by;
  found.found_at = now;
  found.is_repaired = true;
  found.what = difference_of(truth, before);
  if (!row->wrong_sum.empty()) found.what += (found.what.empty() ? "" : "; ") + row->wrong_sum;
  const bool is_written = !found.what.empty();
  if (truth.leased != row->lent) {
    found.is_repaired = false;
    const std::string lent = lent_difference(truth.leased, row->lent);
    found.what += found.what.empty() ? lent : "; " + lent;
  }
  if (found.what.empty()) return {};
  auto cause = kept.cause_of(hub.sku, hubs.epoch);
  if (!cause) return pass_on(cause);
  found.cause = std::move(*cause);
  repair.differences.push_back(found);
  if (!is_written) return kept.note_open(found);
  auto noted = kept.note(found);
  if (!noted) return pass_on(noted);
  auto refreshed = LeaseRows(*place.tables, poi_, place.bucket, store).refresh(hub.sku, now);
  if (!refreshed) return pass_on(refreshed);
  return rows.restate(hub.sku, before, hub.level,
                      EventRows::Stated{hubs.epoch, hubs.seq, *noted, by});
}

Result<std::vector<StockDifference>> SqliteShard::differences(const StoreId& store,
                                                              std::size_t limit) {
  auto place = place_of(store);
  if (!place) return pass_on(place);
  return settle(KeptLevels(place->tables->reconcile, place->bucket, store)
                    .differences(std::min(limit, kDifferencesShownMax)));
}

}  // namespace larder::relay
