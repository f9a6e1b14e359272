// What a POS of another make replays: kept once by its ids, merged per SKU, and written where the
// stock is owned: as a count that goes down to the store's hub, or in the row itself where no hub
// of ours is. Changes, figures, oversell records and words are one transaction.
#include <algorithm>
#include <set>
#include <utility>

#include "core/base/limits.hpp"
#include "core/ledger/commands.hpp"
#include "lan-protocol/codec.hpp"
#include "lan-protocol/json.hpp"
#include "relay/shards/replay_rows.hpp"
#include "relay/shards/sqlite_shard.hpp"

namespace larder::relay {
namespace {

constexpr std::size_t kOrdersNamed = 20;

bool is_fresh(const ReplayRow& kept) { return kept.state == "new" || kept.state == "told"; }

OfflineFate fate_of(std::string_view state) {
  if (state == "superseded") return OfflineFate::Superseded;
  if (state == "unlimited") return OfflineFate::Unlimited;
  return state == "unknown" ? OfflineFate::Unknown : OfflineFate::Applied;
}

Quantity shown(std::int64_t figure) {
  return Quantity::tenths(std::clamp<std::int64_t>(figure, 0, kQuantityTenthsMax));
}

}  // namespace

// A SKU as a merge sees it.
struct SqliteShard::OfflineLook {
  StoreId store;
  SkuId sku;
  bool has_hub = false, is_known = false, is_limited = false;
  std::optional<StockRecord> record;  // of a hub
  std::optional<PoiStock> poi;        // else
  OfflineItem item;
  std::vector<ReplayRow> events;
  SkuBooks books;

  bool sets(const MergedBooks& merged) const {
    return std::any_of(events.begin(), events.end(), [&](const ReplayRow& kept) {
      const auto& late = merged.superseded;
      return is_fresh(kept) && kept.event.change.is_absolute &&
             std::find(late.begin(), late.end(), kept.event.change.id) == late.end();
    });
  }
};

Result<Replayed> SqliteShard::replay(const OfflineBatch& batch, TimePoint now) {
  auto place = place_of(batch.store);
  if (!place) return pass_on(place);
  auto transaction = sql::Transaction::begin(connection_);
  if (!transaction) return settle<Replayed>(pass_on(transaction));
  Replayed result;
  std::set<SkuId> touched;
  for (const OfflineEvent& event : batch.events) {
    auto kept = keep_offline(event, batch, *place, now);
    if (!kept) return settle<Replayed>(pass_on(kept));
    if (!kept->is_again) touched.insert(event.sku);
    result.events.push_back(std::move(*kept));
  }
  Marks drafts;
  for (const SkuId& sku : touched) {
    auto item = merge_offline(batch.store, sku, *place, &batch, drafts, result.words, now);
    if (!item) {
      poi_.forget();  // rows that were made for it are taken back
      return settle<Replayed>(pass_on(item));
    }
    if (*item) result.items.push_back(std::move(**item));
  }
  ReplayRows rows(*place->tables, place->bucket, batch.store);
  for (ReplayedEvent& each : result.events) {
    auto kept = rows.event(each.id);
    if (!kept) return settle<Replayed>(pass_on(kept));
    each.fate = fate_of((*kept)->state);
  }
  Result<void> written;
  if (!touched.empty()) {
    written = log(batch.store, batch.by.name,
                  "replayed " + std::to_string(batch.events.size()) + " changes made offline", now);
  }
  if (written) written = transaction->commit();
  if (!written) return settle<Replayed>(pass_on(written));
  adopt(drafts);
  return result;
}

Result<ReplayedEvent> SqliteShard::keep_offline(const OfflineEvent& event,
                                                const OfflineBatch& batch, const Place& place,
                                                TimePoint now) {
  ReplayRows rows(*place.tables, place.bucket, batch.store);
  auto known = rows.event(event.change.id);
  if (!known) return pass_on(known);
  if (*known) {
    const OfflineEvent& before = (*known)->event;
    const bool is_same = before.sku == event.sku && before.order == event.order &&
                         before.change.is_absolute == event.change.is_absolute &&
                         before.change.tenths == event.change.tenths;
    if (is_same) return ReplayedEvent{event.change.id, OfflineFate::Applied, true};
    return refuse(Code::KeyReuse,
                  "Event " + event.change.id + " was replayed before with other contents");
  }
  // A till whose clock is ahead does not outrank what is done later.
  OfflineEvent kept = event;
  kept.change.at = std::min(kept.change.at, now);
  auto written = rows.put_event(kept, "new", batch.by, now);
  if (!written) return pass_on(written);
  return ReplayedEvent{event.change.id, OfflineFate::Applied, false};
}

Result<SqliteShard::OfflineLook> SqliteShard::look_offline(const StoreId& store, const SkuId& sku,
                                                           const Place& place, TimePoint now) {
  ReplayRows rows(*place.tables, place.bucket, store);
  OfflineLook look;
  look.store = store;
  look.sku = sku;
  look.has_hub = marks_.contains(store);
  auto events = rows.events_of(sku);
  if (!events) return pass_on(events);
  auto item = rows.item(sku);
  if (!item) return pass_on(item);
  look.events = std::move(*events);
  look.item = *item;
  std::int64_t stock_id = 0;
  if (look.has_hub) {
    auto record = stock_of(store, sku);
    if (!record) return pass_on(record);
    look.record = std::move(*record);
    look.is_known = look.record.has_value();
    look.is_limited = look.is_known && look.record->level.type == StockType::Limited;
    if (look.is_limited) {
      look.books.there =
          look.record->level.available.in_tenths() + look.record->relay_available.in_tenths();
    }
    if (look.is_known) {
      auto row = poi_.find(place.tables->stock, place.bucket, store, sku, now);
      if (!row) return pass_on(row);
      stock_id = (*row)->id;
    }
  } else {
    auto poi = poi_of(store, place, 2, sku.text(), stock_id);
    if (!poi) return pass_on(poi);
    look.poi = std::move(*poi);
    look.is_known = look.poi.has_value();
    look.is_limited = look.is_known && look.poi->stock_type == 2;
    if (look.is_limited) look.books.there = look.poi->real_quantity.in_tenths();
  }
  std::optional<TimePoint> set_at;
  // Without a till's own figure all that matters is one that the owner has set after what is
  // counted now, or while something was short.
  std::optional<TimePoint> first;
  if (look.item.short_by > 0 || look.item.recorded > 0) first = look.item.counted_at;
  for (const ReplayRow& kept : look.events) {
    const OfflineChange& change = kept.event.change;
    look.books.replayed.push_back(change);
    if (change.is_absolute) set_at = std::max(set_at, std::optional(change.at));
    if (!is_fresh(kept)) continue;
    look.books.fresh.insert(change.id);
    first = first ? std::min(*first, change.at) : change.at;
  }
  look.books.short_by = look.item.short_by;
  look.books.recorded = look.item.recorded;
  look.books.counted_at = look.item.counted_at;
  if (!look.is_known) return look;
  const TimePoint since = set_at.value_or(TimePoint{first.value_or(now).micros - 1});
  auto site = rows.site_changes(look.has_hub, stock_id, sku, since);
  if (!site) return pass_on(site);
  look.books.site = std::move(*site);
  if (set_at && look.has_hub) {
    auto draws = rows.relay_draws(sku, *set_at, now);
    if (!draws) return pass_on(draws);
    look.books.site.push_back(std::move(*draws));
  }
  return look;
}

Result<std::optional<ReplayedItem>> SqliteShard::merge_offline(
    const StoreId& store, const SkuId& sku, const Place& place, const OfflineBatch* batch,
    Marks& drafts, std::vector<StoreWord>& words, TimePoint now) {
  auto look = look_offline(store, sku, place, now);
  if (!look) return pass_on(look);
  const MergedBooks merged = merge_replayed(look->books);
  const bool sets = look->sets(merged);
  const bool is_there = look->is_known || (!look->has_hub && sets);
  ReplayRows rows(*place.tables, place.bucket, store);
  std::string_view ends;
  if (!is_there) ends = "unknown";
  if (is_there && !look->is_limited && !sets) ends = "unlimited";
  bool has_news = false;
  for (ReplayRow& kept : look->events) {
    if (kept.state != "new") continue;
    const std::string& id = kept.event.change.id;
    const auto& late = merged.superseded;
    const bool is_late = std::find(late.begin(), late.end(), id) != late.end();
    has_news = has_news || (ends.empty() && !is_late);
    if (ends.empty() && !is_late) continue;
    kept.state = is_late ? "superseded" : std::string(ends);
    auto written = rows.set_state(id, kept.state, {});
    if (!written) return pass_on(written);
  }
  OfflineItem& item = look->item;
  if (merged.is_over) {
    item.short_by = 0;
    // The count of the word is in the books, and a figure was set after it.
    const bool is_under_way =
        std::any_of(look->events.begin(), look->events.end(),
                    [](const ReplayRow& kept) { return kept.state == "told"; });
    if (!is_under_way) item.short_told = 0;
  }
  if (has_news) item.counted_at = merged.counted_at;
  item.recorded = has_news || merged.is_over ? merged.recorded : item.recorded;
  item.waits = has_news && look->has_hub;
  Result<void> written;
  if (has_news) written = record_offline(*look, merged.oversold, place, now);
  if (written && has_news && !look->has_hub) {
    written = write_offline(*look, merged, place, batch, now);
  }
  if (written && item.waits && item.word.empty()) {
    written = tell_offline(*look, merged, place, drafts, words, now);
  }
  if (written) written = rows.put_item(sku, item);
  if (!written) return pass_on(written);
  if (!has_news) return std::optional<ReplayedItem>();
  return std::optional(
      ReplayedItem{sku, shown(merged.figure), shown(merged.oversold), look->has_hub});
}

Result<void> SqliteShard::record_offline(const OfflineLook& look, std::int64_t tenths,
                                         const Place& place, TimePoint now) {
  if (tenths <= 0) return {};
  std::set<std::string> orders;
  for (const ReplayRow& kept : look.events) {
    const bool is_named = kept.state == "new" && !kept.event.order.empty();
    if (is_named && orders.size() < kOrdersNamed) orders.insert(kept.event.order);
  }
  JsonWriter list;
  list.begin_array();
  for (const std::string& order : orders) list.value(order);
  list.end_array();
  sql::Statement& put = place.tables->stock.put_oversell;
  put.bind(1, place.bucket).bind_text(2, look.store.text());
  put.bind_text(3, look.poi ? look.poi->brand_id : std::string_view());
  put.bind_text(4, look.sku.text()).bind(5, tenths).bind_text(6, kReplay);
  put.bind_text(7, list.text()).bind(8, now.micros).bind_text(9, {});
  return put.bind_text(10, "pos").run();
}

// The hub adds what moved since `based_on`. A figure that somebody set there meanwhile is later
// than this count's time, which is the earliest there is: the hub refuses, and it is merged anew.
Result<void> SqliteShard::tell_offline(OfflineLook& look, const MergedBooks& merged,
                                       const Place& place, Marks& drafts,
                                       std::vector<StoreWord>& words, TimePoint now) {
  const auto draft = drafts.find(look.store);
  const StreamMark& mark = draft != drafts.end() ? draft->second : marks_.at(look.store);
  const StockLevel& level = look.record->level;
  const std::int64_t found = shown(merged.figure).in_tenths() -
                             look.record->relay_available.in_tenths() + level.leased.in_tenths() -
                             level.owed.in_tenths();
  const Command count = CountStock{look.sku, shown(found), mark.up_to, TimePoint{1}};
  Word word;
  word.id = CommandId(std::string(kReplayWord) + std::to_string(mark.words_issued + 1));
  word.verb = std::string(command_verb(count));
  word.args = encode_args(count);
  word.by = "relay";
  auto issued = put_word(NewWord{look.store, word, {}}, drafts, now);
  if (!issued) return pass_on(issued);
  look.item.word = word.id.text();
  look.item.waits = false;
  look.item.short_told = std::max<std::int64_t>(0, -merged.figure);
  ReplayRows rows(*place.tables, place.bucket, look.store);
  for (const ReplayRow& kept : look.events) {
    if (kept.state != "new") continue;
    auto told = rows.set_state(kept.event.change.id, "told", look.item.word);
    if (!told) return told;
  }
  words.push_back(StoreWord{look.store, std::move(*issued)});
  return {};
}

Result<void> SqliteShard::write_offline(OfflineLook& look, const MergedBooks& merged,
                                        const Place& place, const OfflineBatch* batch,
                                        TimePoint now) {
  PoiStock stock = look.poi.value_or(PoiStock{});
  if (!look.poi) {
    stock.brand_id = batch != nullptr ? batch->brand : std::string();
    stock.poi = look.store;
    stock.object_id = look.sku.text();
  }
  stock.stock_type = 2;
  stock.real_quantity = shown(merged.figure);
  if (look.sets(merged)) stock.stock_status = 1;
  if (merged.figure <= 0) stock.stock_status = 2;
  look.item.short_by = std::max<std::int64_t>(0, -merged.figure);
  auto written = write_poi(stock, place, kReplay, now);
  ReplayRows rows(*place.tables, place.bucket, look.store);
  for (const ReplayRow& kept : look.events) {
    if (!written) return written;
    if (kept.state == "new") written = rows.set_state(kept.event.change.id, "done", {});
  }
  return written;
}

Result<std::vector<StoreWord>> SqliteShard::tell_replayed(TimePoint now, std::size_t limit) {
  if (fault_) return Refused(*fault_);
  std::vector<std::pair<StoreId, SkuId>> due;
  for (Tables& tables : tables_) {
    sql::Statement& rows = tables.replay.waiting;
    const sql::Scope scope(rows);
    rows.bind(1, static_cast<std::int64_t>(limit));
    for (;;) {
      auto row = settle(rows.step());
      if (!row) return pass_on(row);
      if (!*row || due.size() >= limit) break;
      due.emplace_back(std::string(rows.text(0)), std::string(rows.text(1)));
    }
  }
  std::vector<StoreWord> words;
  if (due.empty()) return words;
  auto transaction = sql::Transaction::begin(connection_);
  if (!transaction) return settle<std::vector<StoreWord>>(pass_on(transaction));
  Marks drafts;
  for (const auto& [store, sku] : due) {
    auto place = place_of(store);
    if (!place) continue;  // it has moved, and its rows are still to go
    auto merged = merge_offline(store, sku, *place, nullptr, drafts, words, now);
    if (merged) continue;
    // One that cannot be merged any more does not hold back the others.
    Result<void> ended = pass_on(merged);
    if (merged.error().code() == Code::BadState) {
      ended = ReplayRows(*place->tables, place->bucket, store).give_up(sku);
      if (ended) ended = log(store, "relay", "gave up a replay: " + merged.error().message(), now);
    }
    if (!ended) {
      poi_.forget();
      return settle<std::vector<StoreWord>>(pass_on(ended));
    }
  }
  auto committed = transaction->commit();
  if (!committed) return settle<std::vector<StoreWord>>(pass_on(committed));
  adopt(drafts);
  return words;
}

}  // namespace larder::relay
