#include "tests/support/fake_desk.hpp"

#include <algorithm>

#include "lan-protocol/codec.hpp"
#include "lan-protocol/verbs.hpp"

namespace larder::relay {

void FakeDesk::add_store(const std::string& id) {
  const StoreId store(id);
  StoreView view;
  view.store = store;
  view.hub = HubId("h-" + id);
  view.epoch = 1;
  view.up_to = view.hub_head = 120;
  view.is_live = true;
  view.since = view.last_event_at = view.last_commit_at = at;
  view.version = "0.1.0";
  view.clock_ahead = Duration{12'000};
  views[store] = view;
  StockRecord soup{.store = store,
                   .sku = SkuId("soup"),
                   .name = "Soup of the day",
                   .level = {.type = StockType::Limited,
                             .status = StockStatus::Available,
                             .available = Quantity::units(12),
                             .held = Quantity::tenths(5)},
                   .version = 3,
                   .updated_at = at,
                   .as_of = 120,
                   .as_of_at = at};
  StockRecord cola = soup;
  cola.sku = SkuId("cola");
  cola.name = "Cola";
  cola.level = {};
  rows[store] = {{soup.sku, soup}, {cola.sku, cola}};
}

std::vector<StoreView> FakeDesk::stores(const StoresQuery& query) {
  std::vector<StoreView> found;
  for (auto it = views.upper_bound(query.after); it != views.end(); ++it) {
    if (found.size() >= std::min<std::size_t>(query.limit, 1'000)) break;
    if (it->first.text().starts_with(query.prefix)) found.push_back(it->second);
  }
  return found;
}

std::optional<StoreView> FakeDesk::store(const StoreId& id) {
  const auto found = views.find(id);
  if (found == views.end()) return std::nullopt;
  return found->second;
}

EstateView FakeDesk::estate() {
  EstateView all;
  for (const auto& [id, view] : views) {
    ++all.stores;
    all.live += view.is_live ? 1 : 0;
    all.behind += view.behind;
  }
  return all;
}

void FakeDesk::stock(const StoreId& id, Done<std::vector<StockRecord>> done) {
  std::vector<StockRecord> records;
  for (const auto& [sku, record] : rows[id]) records.push_back(record);
  give<std::vector<StockRecord>>(std::move(done), records);
}

void FakeDesk::stock_of(const StoreId& id, const SkuId& sku,
                        Done<std::optional<StockRecord>> done) {
  std::optional<StockRecord> found;
  if (rows[id].contains(sku)) found = rows[id][sku];
  give<std::optional<StockRecord>>(std::move(done), found);
}

void FakeDesk::stock_of_sku(const SkuId& sku, std::size_t limit,
                            Done<std::vector<StockRecord>> done) {
  std::vector<StockRecord> records;
  for (const auto& [id, of_store] : rows) {
    const auto found = of_store.find(sku);
    if (found != of_store.end() && records.size() < limit) records.push_back(found->second);
  }
  give<std::vector<StockRecord>>(std::move(done), records);
}

void FakeDesk::last_orders(const StoreId& id, std::size_t limit,
                           Done<std::vector<OrderRecord>> done) {
  std::vector<OrderRecord> last = orders[id];
  last.resize(std::min(last.size(), limit));
  give<std::vector<OrderRecord>>(std::move(done), last);
}

void FakeDesk::last_words(const StoreId& id, std::size_t limit,
                          Done<std::vector<IssuedWord>> done) {
  const auto& all = words[id];
  std::vector<IssuedWord> last(all.rbegin(), all.rend());
  last.resize(std::min(last.size(), limit));
  give<std::vector<IssuedWord>>(std::move(done), last);
}

void FakeDesk::issue(const NewWord& word, Done<IssuedWord> done) {
  if (on_issue) return give<IssuedWord>(std::move(done), on_issue(word));
  if (is_down || is_silent) return give<IssuedWord>(std::move(done), IssuedWord{});
  auto& all = words[word.store];
  const std::string& contents = word.asked.empty() ? word.word.args : word.asked;
  for (const IssuedWord& known : all) {
    if (known.word.id != word.word.id) continue;
    const bool same = known.word.verb == word.word.verb && asked_of_[known.word.id] == contents;
    if (same) return give<IssuedWord>(std::move(done), known);
    return give<IssuedWord>(std::move(done),
                            refuse(Code::KeyReuse, "this id was used for another word"));
  }
  IssuedWord issued;
  issued.number = all.size() + 1;
  issued.word = word.word;
  issued.issued_at = tick();
  all.push_back(issued);
  asked_of_[word.word.id] = contents;
  views[word.store].words_issued = issued.number;
  give<IssuedWord>(std::move(done), issued);
  if (!views[word.store].is_live) return;
  loop_.after(hub_delay, [this, id = word.store, index = all.size() - 1] { hub_takes(id, index); });
}

void FakeDesk::hub_takes(const StoreId& id, std::size_t index) {
  IssuedWord& word = words[id][index];
  word.outcome = hub_does(id, word.word);
  if (word.outcome != "ok") word.message = "the hub knows no such SKU";
  word.applied_at = tick();
  views[id].words_applied = word.number;
}

std::string FakeDesk::hub_does(const StoreId& id, const Word& word) {
  const CommandVerb* verb = find_command_verb(word.verb);
  const auto args = parse_json(word.args, {.nodes = kMenuJsonNodesMax});
  if (verb == nullptr || !args) return "bad_request";
  const auto command = verb->decode(*args);
  if (!command) return "bad_request";
  const auto row_of = [this, &id](const SkuId& sku) -> StockRecord* {
    const auto found = rows[id].find(sku);
    return found == rows[id].end() ? nullptr : &found->second;
  };
  if (const auto* mark = std::get_if<MarkStock>(&*command)) {
    StockRecord* row = row_of(mark->sku);
    if (row == nullptr) return "unknown_sku";
    row->level.status = mark->status;
    row->level.restore = mark->restore;
    row->level.restore_at = mark->restore == RestoreRule::At ? tick() : TimePoint{};
  } else if (const auto* low = std::get_if<SetThresholds>(&*command)) {
    StockRecord* row = row_of(low->sku);
    if (row == nullptr) return "unknown_sku";
    row->level.warning = low->warning;
    row->level.critical = low->critical;
  } else if (const auto* over = std::get_if<ResolveOversell>(&*command)) {
    const auto entry = std::find_if(oversold.begin(), oversold.end(), [&](const OversellEntry& e) {
      return e.store == id && e.hubs_id == over->oversell.text() && e.is_open;
    });
    if (entry == oversold.end()) return "not_found";
    end_oversell(*entry, over->resolution, word.by);
  } else if (const auto* limit = std::get_if<LimitStock>(&*command)) {
    StockRecord* row = row_of(limit->sku);
    if (row == nullptr) return "unknown_sku";
    row->level.type = limit->type;
    row->level.available = limit->available;
  }
  return "ok";
}

void FakeDesk::await_word(const StoreId& id, Seq number, Duration patience, Done<IssuedWord> done) {
  const auto& all = words[id];
  if (number == 0 || number > all.size()) {
    return give<IssuedWord>(std::move(done), refuse(Code::NotFound, "there is no such word"));
  }
  const IssuedWord& word = all[number - 1];
  if (word.applied_at || patience.micros <= 0) return give<IssuedWord>(std::move(done), word);
  constexpr Duration kLook{5'000};
  const Duration rest = patience - kLook;
  loop_.after(kLook, [this, id, number, rest, done] { await_word(id, number, rest, done); });
}

void FakeDesk::statement(const StoreId& id, BusinessDay day, Done<Statement> done) {
  Statement statement;
  statement.store = id;
  statement.day = day;
  statement.relay = {.day = day,
                     .first = 1,
                     .last = 120,
                     .events = 120,
                     .orders = 40,
                     .total_minor = 61'250,
                     .movements = 80,
                     .digest = {}};
  const StoreView view = views[id];
  if (view.is_live) statement.hub = statement.relay;
  statement.is_equal = view.is_live && !view.is_frozen;
  if (view.is_frozen && statement.hub) {
    statement.hub->digest[0] = 7;
    statement.first_bad = 57;
    statement.differences = {"event 57 differs between the hub and the relay"};
  }
  give<Statement>(std::move(done), statement);
}

void FakeDesk::unfreeze(const StoreId& id, const std::string& by, Done<void> done) {
  views[id].is_frozen = false;
  unfrozen.push_back(id.text() + " " + by);
  give<void>(std::move(done), {});
}

void FakeDesk::permit_takeover(const StoreId& id, const std::string& code, const std::string& by,
                               Done<void> done) {
  permits.push_back(id.text() + " " + code + " " + by);
  give<void>(std::move(done), {});
}

void FakeDesk::sync_from_pos(const PoiStock& stock, Done<PoiStock> done) {
  if (on_sync) return give<PoiStock>(std::move(done), on_sync(stock));
  const std::string key = stock.poi.text() + "/" + stock.object_id;
  const auto found = poi.find(key);
  if (stock.based_on && found != poi.end() && found->second.updated_at != *stock.based_on) {
    return give<PoiStock>(std::move(done),
                          refuse(Code::BadState, "updated_at: the row has changed since"));
  }
  PoiStock kept = stock;
  kept.based_on.reset();
  kept.updated_at = tick();
  if (!is_down && !is_silent) poi[key] = kept;
  give<PoiStock>(std::move(done), kept);
}

void FakeDesk::replay(const OfflineBatch& batch, Done<Replayed> done) {
  replayed.push_back(batch);
  if (on_replay) return give<Replayed>(std::move(done), on_replay(batch));
  Replayed result;
  std::map<SkuId, std::int64_t> sums;
  for (const OfflineEvent& event : batch.events) {
    result.events.push_back({event.change.id, OfflineFate::Applied, false});
    sums[event.sku] += event.change.tenths;
  }
  for (const auto& [sku, sum] : sums) {
    result.items.push_back({sku, Quantity::tenths(std::max<std::int64_t>(0, sum)), {}, true});
  }
  give<Replayed>(std::move(done), std::move(result));
}

void FakeDesk::find_to_pos(const StoreId& id, std::optional<TimePoint> changed_since,
                           Done<std::vector<PoiStock>> done) {
  std::vector<PoiStock> found;
  for (const auto& [key, stock] : poi) {
    if (stock.poi != id || (changed_since && stock.updated_at <= *changed_since)) continue;
    found.push_back(stock);
  }
  give<std::vector<PoiStock>>(std::move(done), found);
}

void FakeDesk::outbox(Done<OutboxView> done) {
  OutboxView view;
  view.waiting = 3;
  view.dead = dead.size();
  view.oldest = at;
  give<OutboxView>(std::move(done), view);
}

void FakeDesk::outbox_dead(std::size_t limit, Done<std::vector<OutboxRow>> done) {
  std::vector<OutboxRow> some = dead;
  some.resize(std::min(some.size(), limit));
  give<std::vector<OutboxRow>>(std::move(done), some);
}

void FakeDesk::outbox_resend(std::size_t database, std::int64_t id, Done<bool> done) {
  const auto gone = std::erase_if(dead, [database, id](const OutboxRow& row) {
    return row.database == database && row.id == id;
  });
  give<bool>(std::move(done), gone > 0);
}

}  // namespace larder::relay
