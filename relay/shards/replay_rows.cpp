#include "relay/shards/replay_rows.hpp"

#include <algorithm>
#include <array>

#include "core/stock/history.hpp"
#include "lan-protocol/codec.hpp"
#include "lan-protocol/json.hpp"

namespace larder::relay {
namespace {

constexpr std::array kKinds = {
    MovementKind::Lock,  MovementKind::Out,    MovementKind::Unlock,   MovementKind::Count,
    MovementKind::Mark,  MovementKind::Limit,  MovementKind::Return,   MovementKind::Restore,
    MovementKind::Grant, MovementKind::Settle, MovementKind::Channels, MovementKind::Thresholds};

std::string text_of(const Json& object, std::string_view name) {
  const Json* value = object.find(name);
  const std::string* text = value == nullptr ? nullptr : value->as<std::string>();
  return text == nullptr ? std::string() : *text;
}

Quantity quantity_of(const Json& object, std::string_view name) {
  const Json* value = object.find(name);
  if (value == nullptr) return {};
  const std::int64_t* whole = value->as<std::int64_t>();
  const Decimal* tenths = value->as<Decimal>();
  const auto parsed = Quantity::parse(whole != nullptr    ? std::to_string(*whole)
                                      : tenths != nullptr ? tenths->text
                                                          : std::string("?"));
  return parsed ? *parsed : Quantity();
}

// As far as a change of it can be told from the log.
StockLevel level_of(const Json& json) {
  StockLevel level;
  level.type = text_of(json, "type") == "limited" ? StockType::Limited : StockType::Unlimited;
  level.available = quantity_of(json, "available");
  level.leased = quantity_of(json, "leased");
  level.owed = quantity_of(json, "owed");
  level.plan = quantity_of(json, "plan");
  return level;
}

// None: this row is no movement, or one that leaves alone what can be sold anywhere. What a lease
// sold left it when it was drawn; what our own words set is counted by their events. A report of a
// POS sets the figure where no hub of ours does.
std::optional<OfflineChange> change_of_row(bool has_hub, std::int64_t row,
                                           const std::string& content, const SkuId& sku,
                                           TimePoint at) {
  const auto json = parse_json(content);
  if (!json || !text_of(*json, "word").empty()) return std::nullopt;
  const std::string id = "log/" + std::to_string(row);
  if (text_of(*json, "change") == kReport) {
    if (has_hub) return std::nullopt;
    return OfflineChange{id, true, quantity_of(*json, "real_quantity").in_tenths(), at};
  }
  const Json* before = json->find("before");
  const Json* after = json->find("after");
  const std::string name = text_of(*json, "change");
  const auto kind = std::find_if(kKinds.begin(), kKinds.end(),
                                 [&](MovementKind each) { return wire_name(each) == name; });
  if (before == nullptr || after == nullptr || kind == kKinds.end()) return std::nullopt;
  if (*kind == MovementKind::Settle) return std::nullopt;
  const auto change = change_of(Movement{sku, *kind, level_of(*before), level_of(*after)}, 0, at);
  if (!change) return std::nullopt;
  return OfflineChange{id, change->is_absolute, change->tenths, at};
}

Error too_many(const SkuId& sku) {
  return Error(Code::BadState,
               sku.text() + " has changed more than " + std::to_string(kSiteChangesRead) +
                   " times meanwhile: what was replayed cannot be merged; count it");
}

}  // namespace

Result<std::optional<ReplayRow>> ReplayRows::event(const std::string& id) {
  sql::Statement& find = keyed(tables_.replay.event_of);
  const sql::Scope scope(find);
  auto row = find.bind_text(3, id).step();
  if (!row) return pass_on(row);
  if (!*row) return std::optional<ReplayRow>();
  ReplayRow kept;
  kept.event.sku = SkuId(std::string(find.text(0)));
  kept.event.change = OfflineChange{id, find.integer(1) == 1, find.integer(2), {}};
  kept.event.order = find.text(3);
  kept.state = find.text(4);
  return std::optional(std::move(kept));
}

Result<void> ReplayRows::put_event(const OfflineEvent& event, std::string_view state,
                                   const Asker& by, TimePoint now) {
  sql::Statement& put = keyed(tables_.replay.put_event);
  put.bind_text(3, event.change.id).bind_text(4, event.sku.text());
  put.bind(5, event.change.is_absolute ? 1 : 0).bind(6, event.change.tenths);
  put.bind(7, event.change.at.micros).bind_text(8, event.order).bind_text(9, state);
  return put.bind_text(10, by.name).bind_text(11, by.trace_id).bind(12, now.micros).run();
}

Result<void> ReplayRows::set_state(const std::string& id, std::string_view state,
                                   std::string_view word) {
  sql::Statement& put = keyed(tables_.replay.set_state);
  return put.bind_text(3, id).bind_text(4, state).bind_text(5, word).run();
}

Result<std::vector<ReplayRow>> ReplayRows::events_of(const SkuId& sku) {
  sql::Statement& rows = keyed(tables_.replay.events_of_sku);
  const sql::Scope scope(rows);
  rows.bind_text(3, sku.text()).bind(4, kSiteChangesRead + 1);
  std::vector<ReplayRow> events;
  for (;;) {
    auto row = rows.step();
    if (!row) return pass_on(row);
    if (!*row) return events;
    if (events.size() >= std::size_t{kSiteChangesRead}) return Refused(too_many(sku));
    ReplayRow& kept = events.emplace_back();
    kept.event.sku = sku;
    kept.event.change = OfflineChange{std::string(rows.text(0)), rows.integer(1) == 1,
                                      rows.integer(2), TimePoint{rows.integer(3)}};
    kept.event.order = rows.text(4);
    kept.state = rows.text(5);
  }
}

Result<OfflineItem> ReplayRows::item(const SkuId& sku) {
  sql::Statement& find = keyed(tables_.replay.item);
  const sql::Scope scope(find);
  auto row = find.bind_text(3, sku.text()).step();
  if (!row) return pass_on(row);
  if (!*row) return OfflineItem{};
  OfflineItem item;
  item.short_by = find.integer(0);
  item.short_told = find.integer(1);
  item.recorded = find.integer(2);
  item.counted_at = TimePoint{find.integer(3)};
  item.word = find.text(4);
  item.waits = find.integer(5) == 1;
  return item;
}

Result<void> ReplayRows::put_item(const SkuId& sku, const OfflineItem& item) {
  sql::Statement& put = keyed(tables_.replay.put_item);
  put.bind_text(3, sku.text()).bind(4, item.short_by).bind(5, item.short_told);
  put.bind(6, item.recorded).bind(7, item.counted_at.micros).bind_text(8, item.word);
  return put.bind(9, item.waits ? 1 : 0).run();
}

Result<std::vector<OfflineChange>> ReplayRows::site_changes(bool has_hub, std::int64_t stock_id,
                                                            const SkuId& sku, TimePoint since) {
  sql::Statement& rows = keyed(tables_.replay.site_log);
  const sql::Scope scope(rows);
  rows.bind(3, stock_id).bind(4, kSiteChangesRead + 1).bind(5, since.micros);
  std::vector<OfflineChange> changes;
  for (std::int64_t read = 0;; ++read) {
    auto row = rows.step();
    if (!row) return pass_on(row);
    if (!*row) return changes;
    if (read >= kSiteChangesRead) return Refused(too_many(sku));
    const TimePoint at{rows.integer(2)};
    auto change = change_of_row(has_hub, rows.integer(0), std::string(rows.text(1)), sku, at);
    if (!change) continue;
    changes.push_back(std::move(*change));
    if (changes.back().is_absolute) return changes;
  }
}

Result<OfflineChange> ReplayRows::relay_draws(const SkuId& sku, TimePoint since, TimePoint now) {
  sql::Statement& sum = keyed(tables_.replay.relay_draws);
  const sql::Scope scope(sum);
  auto row = sum.bind_text(3, sku.text()).bind(4, since.micros).step();
  if (!row) return pass_on(row);
  return OfflineChange{"relay", false, sum.integer(0), now};
}

Result<bool> ReplayRows::has_new(const SkuId& sku) {
  sql::Statement& find = keyed(tables_.replay.is_new);
  const sql::Scope scope(find);
  return find.bind_text(3, sku.text()).step();
}

Result<void> ReplayRows::give_up(const SkuId& sku) {
  auto item = this->item(sku);
  if (!item) return pass_on(item);
  item->waits = false;
  if (auto put = put_item(sku, *item); !put) return put;
  return keyed(tables_.replay.refuse_new).bind_text(3, sku.text()).run();
}

Result<std::string> ReplayRows::sku_of_word(const std::string& word) {
  sql::Statement& find = keyed(tables_.replay.item_of_word);
  const sql::Scope scope(find);
  auto row = find.bind_text(3, word).step();
  if (!row) return pass_on(row);
  return *row ? std::string(find.text(0)) : std::string();
}

Result<void> ReplayRows::word_counted(const std::string& word) {
  auto sku = sku_of_word(word);
  if (!sku) return pass_on(sku);
  if (sku->empty()) return {};
  auto item = this->item(SkuId(*sku));
  if (!item) return pass_on(item);
  sql::Statement& end = keyed(tables_.replay.end_word);
  if (auto ended = end.bind_text(3, word).bind_text(4, "done").run(); !ended) return ended;
  item->short_by = item->short_told;
  return put_item(SkuId(*sku), *item);
}

Result<void> ReplayRows::word_ended(const std::string& word, std::string_view outcome) {
  auto found = sku_of_word(word);
  if (!found) return pass_on(found);
  if (found->empty()) return {};  // a word that is answered twice
  const std::string& sku = *found;
  auto item = this->item(SkuId(sku));
  if (!item) return pass_on(item);
  const bool is_taken = outcome == "ok";
  // The hub's stock moved on meanwhile, or the word came too late: it is merged anew.
  const bool is_again = outcome == code_name(Code::StaleCount) ||
                        outcome == code_name(Code::Expired) ||
                        outcome == code_name(Code::Overloaded);
  if (is_taken) item->short_by = item->short_told;
  sql::Statement& end = keyed(tables_.replay.end_word);
  end.bind_text(3, word).bind_text(4, is_taken ? "done" : is_again ? "new" : "refused");
  if (auto ended = end.run(); !ended) return ended;
  auto more = has_new(SkuId(sku));
  if (!more) return pass_on(more);
  item->word.clear();
  item->waits = *more;
  return put_item(SkuId(sku), *item);
}

}  // namespace larder::relay
