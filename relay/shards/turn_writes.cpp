// What a group of turns writes, beside the ends of its orders.
#include <charconv>

#include "lan-protocol/codec.hpp"
#include "lan-protocol/json.hpp"
#include "relay/shards/event_rows.hpp"
#include "relay/shards/turn_rows.hpp"

namespace larder::relay {
namespace {

void put_figures(JsonWriter& out, std::string_view name, const StockLevel& level) {
  out.key(name).begin_object().key("available").raw(level.available.text());
  out.key("held").raw(level.held.text()).end_object();
}

}  // namespace

Result<void> TurnRows::message(const StoreId& store, std::string_view topic,
                               std::string_view payload) {
  has_written_ = true;
  if (turn_ == 0) {
    sql::Statement& next = house_.tables.next_turn;
    const sql::Scope scope(next);
    auto row = next.step();
    if (!row) return pass_on(row);
    turn_ = next.integer(0);
  }
  const std::string key = "turn/" + std::to_string(turn_) + "/" + std::to_string(messages_++);
  sql::Statement& put = house_.tables.put_message;
  put.bind_text(1, topic).bind_text(2, key).bind_text(3, store.text()).bind_text(4, payload);
  return put.bind(5, now_.micros).run();
}

Result<void> TurnRows::tell(const Told& told, const std::vector<Demand>& items) {
  JsonWriter out;
  out.reserve(240).begin_object().member("tag", told.tag).member("orderNo", told.order);
  out.member("warehouseId", told.store.text()).member("channelCode", upper_code(told.channel));
  if (!told.reason.empty()) out.member("reason", told.reason);
  if (!told.sku.empty()) out.member("skuId", told.sku);
  out.key("items").begin_array();
  for (const Demand& item : items) {
    out.begin_object().member("skuId", item.sku.text()).key("qty").raw(item.quantity.text());
    out.end_object();
  }
  out.end_array().member("traceId", told.trace_id).member("at", now_.micros).end_object();
  return message(told.store, kStockResultTopic, out.text());
}

Result<std::int64_t> TurnRows::next_order(Tables& tables) {
  const auto known = last_orders_.find(&tables);
  if (known != last_orders_.end()) return ++known->second;
  sql::Statement& last = tables.rights.last_order;
  const sql::Scope scope(last);
  auto row = last.step();
  if (!row) return pass_on(row);
  return last_orders_[&tables] = last.integer(0) + 1;
}

Result<std::int64_t> TurnRows::put_order(const ReserveOrder& turn, Till& till,
                                         ReservationStatus status, const std::string& reason) {
  has_written_ = true;
  auto id = next_order(*till.place.tables);
  if (!id) return id;
  const std::string asked = asked_text(turn.items);
  sql::Statement& put = till.place.tables->rights.put_order;
  put.bind(1, till.place.bucket).bind_text(2, turn.store.text()).bind_text(3, turn.order);
  put.bind_text(4, turn.channel.text()).bind_text(5, turn.is_cart ? "cart" : "order");
  put.bind_text(6, asked).bind_text(7, status_name(status)).bind_text(8, reason);
  put.bind(9, (now_ + turn.life).micros).bind_text(10, turn.by.trace_id);
  auto written = put.bind(11, now_.micros).bind_text(12, turn.online_order).bind(13, *id).run();
  if (!written) return pass_on(written);
  return id;
}

Result<void> TurnRows::put_line(const ReserveOrder& turn, Till& till, const Draw& draw,
                                ReservationStatus status, std::int64_t order) {
  sql::Statement& put = till.place.tables->rights.put_line;
  put.bind(1, till.place.bucket).bind_text(2, turn.store.text()).bind_text(3, turn.order);
  put.bind_text(4, draw.sku.text()).bind(5, draw.quantity.in_tenths());
  put.bind_text(6, turn.is_cart ? "cart" : "order").bind_text(7, status_name(status));
  put.bind(8, (now_ + turn.life).micros).bind(9, now_.micros);
  put.bind_text(10, turn.channel.text()).bind_text(11, draw.lease.text()).bind(12, draw.epoch);
  return put.bind(13, draw.from_quota ? 1 : 0).bind(14, order).run();
}

// Figures of the relay's own stock. The hub counts its movements upwards from 1, the relay
// downwards from -1, so that neither takes the other's place.
Result<void> TurnRows::put_movement(const StoreId& store, Till& till, const DrawMovement& moved,
                                    const Cause& cause) {
  if (till.last_seq == 1) {
    sql::Statement& last = till.place.tables->rights.last_turn;
    const sql::Scope scope(last);
    auto row = last.bind(1, till.place.bucket).bind_text(2, store.text()).step();
    if (!row) return pass_on(row);
    till.last_seq = std::min<std::int64_t>(last.integer(0), 0);
  }
  const std::int64_t seq = --till.last_seq;
  const std::int64_t available = moved.after.available.in_tenths();
  const std::int64_t held = moved.after.held.in_tenths();
  const std::int64_t available_before = moved.before.available.in_tenths();
  const std::int64_t held_before = moved.before.held.in_tenths();
  const std::string id = store.text() + "/relay/" + std::to_string(-seq);
  sql::Statement& put = till.place.tables->stock.put_movement;
  put.bind(1, till.place.bucket).bind_text(2, store.text()).bind(3, seq).bind(4, 0).bind(5, 0);
  put.bind_text(6, id).bind_text(7, cause.order).bind_text(8, moved.draw.sku.text());
  put.bind_text(9, cause.type).bind(10, available - available_before);
  put.bind(11, held - held_before).bind(12, available).bind(13, held);
  put.bind(14, available_before + held_before).bind(15, available + held);
  put.bind_text(16, "reservation").bind_text(17, moved.draw.lease.text());
  put.bind_text(18, cause.reason).bind_text(19, cause.by.name).bind_text(20, cause.by.trace_id);
  auto written = put.bind(21, now_.micros).run();
  if (!written) return written;
  note(till, moved, cause);
  return {};
}

void TurnRows::note(Till& till, const DrawMovement& moved, const Cause& cause) {
  const auto [at, is_first] = till.moved.try_emplace(moved.draw.sku);
  Moved& sum = at->second;
  if (is_first) {
    sum.before = moved.before;
    sum.orders.begin_array();
  }
  sum.after = moved.after;
  sum.orders.begin_object().member("order", cause.order).member("change", cause.change);
  sum.orders.key("quantity").raw(moved.draw.quantity.text());
  sum.orders.member("lease", moved.draw.lease.text()).member("from_quota", moved.draw.from_quota);
  sum.orders.member("reason", cause.reason).member("by", cause.by.name).end_object();
}

// The stock's row changes once in a group, and so does its log. What each order did stands in it,
// and in the movements.
Result<void> TurnRows::put_log(const StoreId& store, Till& till, const PoiRow& poi,
                               const Moved& moved) {
  JsonWriter content;
  content.begin_object().member("change", "reservations").member("site", "relay");
  put_figures(content, "before", moved.before);
  put_figures(content, "after", moved.after);
  content.key("orders").raw(moved.orders.text() + "]").end_object();
  sql::Statement& log = till.place.tables->stock.put_log;
  log.bind(1, till.place.bucket).bind_text(2, store.text()).bind_text(3, poi.brand);
  return log.bind(4, poi.id).bind_text(5, content.text()).bind(6, now_.micros).run();
}

Result<void> TurnRows::finish() {
  for (auto& [store, till] : tills_) {
    auto written = finish(store, till);
    if (!written) return written;
  }
  return {};
}

Result<void> TurnRows::finish(const StoreId& store, Till& till) {
  LeaseRows rows(*till.place.tables, house_.poi, till.place.bucket, store);
  for (const LeaseRecord* const lease : till.rights.changed()) {
    auto written = rows.put(*lease, now_);
    if (!written) return written;
  }
  for (const auto& [sku, moved] : till.moved) {
    auto poi = house_.poi.find(till.place.tables->stock, till.place.bucket, store, sku, now_);
    if (!poi) return pass_on(poi);
    auto logged = put_log(store, till, **poi, moved);
    if (!logged) return logged;
    auto figures = rows.refresh(sku, now_);
    if (!figures) return pass_on(figures);
    if (!*figures) continue;
    const StockLevel& level = (*figures)->level;
    auto written = rows.refresh_poi(sku, level, now_);
    if (!written) return written;
    const auto number = static_cast<std::uint64_t>(-till.last_seq);
    written = message(store, kInventoryTopic,
                      cache_message(store, sku, level, "reservation", "relay", number, now_));
    if (!written) return written;
    written = message(store, kPoiTopic,
                      poi_message(store, sku.text(), **poi, poi_status(level), poi_type(level),
                                  (*poi)->restore_type, level.available));
    if (!written) return written;
  }
  return {};
}

}  // namespace larder::relay
