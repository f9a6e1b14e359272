// What moves stock: levels, movements, reservations, and the word about it to the estate.
#include <algorithm>
#include <variant>

#include "core/stock/stock.hpp"
#include "relay/shards/event_rows.hpp"
#include "relay/shards/replay_rows.hpp"

namespace larder::relay {
namespace {

std::string_view transaction_type(MovementKind kind) {
  switch (kind) {
    case MovementKind::Lock:
      return "reserve";
    case MovementKind::Out:
      return "deduct";
    case MovementKind::Unlock:
      return "release";
    case MovementKind::Return:
      return "restock";
    case MovementKind::Count:
    case MovementKind::Mark:
    case MovementKind::Limit:
    case MovementKind::Restore:  // an 86 ends, or a plan is there again
    case MovementKind::Grant:
    case MovementKind::Settle:
    case MovementKind::Channels:
    case MovementKind::Thresholds:
      return "adjust";
  }
  return "adjust";
}

// `word`: of a replay's word, so that its figure is not taken for one of the hub's own.
std::string log_content(const Movement& movement, Epoch epoch, Seq seq, std::string_view reason,
                        std::string_view by, std::string_view word) {
  JsonWriter out;
  out.reserve(320);
  out.begin_object().member("change", wire_name(movement.kind));
  write_level(out.key("before"), movement.sku, movement.before);
  write_level(out.key("after"), movement.sku, movement.after);
  out.member("reason", reason).member("by", by).member("epoch", epoch).member("seq", seq);
  if (word.starts_with(kReplayWord)) out.member("word", word);
  out.end_object();
  return out.take();
}

}  // namespace

int poi_status(const StockLevel& level) { return is_sellable(level) ? 1 : 2; }
int poi_restore(const StockLevel& level) { return level.restore == RestoreRule::Never ? 2 : 1; }
int poi_type(const StockLevel& level) { return level.type == StockType::Limited ? 2 : 1; }

StockLevel whole_level(const StockLevel& hubs, const PoiRow& row) {
  StockLevel whole = hubs;
  whole.held = Quantity::tenths(hubs.held.in_tenths() + row.relay_locked.in_tenths());
  if (hubs.type == StockType::Unlimited) return whole;
  whole.available = Quantity::tenths(hubs.available.in_tenths() + row.relay_stock.in_tenths());
  return whole;
}

Result<void> EventRows::on(const StockChanged& event) {
  const std::string id = std::to_string(seq_);
  auto moved =
      move(event.movement, Cause{"event", id, {}, wire_name(event.movement.kind), event.by.text()});
  const std::string& command = stamped_.command.text();
  if (!moved || !command.starts_with(kReplayWord)) return moved;
  return ReplayRows(tables_, bucket_, store_).word_counted(command);
}

Result<void> EventRows::on(const HoldLocked& event) {
  const Hold& hold = event.hold;
  auto locked = lock_rows(hold);
  if (!locked) return locked;
  return move(event.movements,
              Cause{"hold", hold.id.text(), hold.order.text(), "locked", hold.device.text()});
}

Result<void> EventRows::lock_rows(const Hold& hold) {
  const std::string name = reservation_of(hold.id, hold.order);
  for (const Demand& demand : hold.demand) {
    sql::Statement& put = keyed(tables_.stock.reserve);
    put.bind_text(3, name).bind_text(4, demand.sku.text()).bind(5, demand.quantity.in_tenths());
    put.bind_text(6, hold.kind == HoldKind::Cart ? "cart" : "order");
    auto written = put.bind(7, hold.expires_at.micros).bind(8, stamped_.at.micros).run();
    if (!written) return written;
  }
  return {};
}

Result<void> EventRows::on(const HoldMoved& event) {
  const std::string from = reservation_of(event.hold, {});
  const std::string to = reservation_of(event.hold, event.order);
  sql::Statement& put = keyed(tables_.stock.move_hold);
  put.bind_text(3, from).bind_text(4, to).bind(5, event.expires_at.micros);
  return put.bind(6, stamped_.at.micros).run();
}

Result<void> EventRows::on(const HoldConfirmed& event) {
  auto ended = end_hold(event.hold, event.order, "OUT");
  if (!ended) return ended;
  return move(event.movements, Cause{"hold", event.hold.text(), event.order.text(), "confirmed",
                                     stamped_.by.text()});
}

Result<void> EventRows::on(const HoldReleased& event) {
  auto ended = end_hold(event.hold, event.order, "UNLOCK");
  if (!ended) return ended;
  return move(event.movements, Cause{"hold", event.hold.text(), event.order.text(), event.reason,
                                     stamped_.by.text()});
}

Result<void> EventRows::follow_hold(const StampedEvent& later) {
  stamped_ = later;
  part_ = Part::Whole;
  if (const auto* locked = std::get_if<HoldLocked>(&later.event)) return lock_rows(locked->hold);
  if (const auto* moved = std::get_if<HoldMoved>(&later.event)) return on(*moved);
  if (const auto* out = std::get_if<HoldConfirmed>(&later.event)) {
    return end_hold(out->hold, out->order, "OUT");
  }
  if (const auto* back = std::get_if<HoldReleased>(&later.event)) {
    return end_hold(back->hold, back->order, "UNLOCK");
  }
  const auto* voided = std::get_if<OrderLineVoided>(&later.event);
  return voided == nullptr ? Result<void>() : shrink_hold(*voided);
}

// A line was struck off: what its SKUs had locked is less, or gone.
Result<void> EventRows::shrink_hold(const OrderLineVoided& event) {
  if (event.hold.empty() || part_ == Part::Order) return {};
  if (event.held.empty()) return end_hold(event.hold, event.order, "UNLOCK");
  const std::string name = reservation_of(event.hold, event.order);
  for (const Movement& movement : event.movements) {
    const auto left = std::find_if(event.held.begin(), event.held.end(),
                                   [&](const Demand& held) { return held.sku == movement.sku; });
    const bool is_gone = left == event.held.end();
    const std::int64_t back = movement.before.held.in_tenths() - movement.after.held.in_tenths();
    sql::Statement& put = keyed(tables_.stock.shrink_hold);
    put.bind_text(3, name).bind_text(4, movement.sku.text());
    put.bind(5, is_gone ? back : left->quantity.in_tenths());
    put.bind_text(6, is_gone ? "UNLOCK" : "LOCK").bind(7, stamped_.at.micros);
    auto written = put.run();
    if (!written) return written;
  }
  return {};
}

Result<void> EventRows::end_hold(const HoldId& hold, const OrderId& order,
                                 std::string_view status) {
  const std::string name = reservation_of(hold, order);
  sql::Statement& put = keyed(tables_.stock.end_hold);
  return put.bind_text(3, name).bind_text(4, status).bind(5, stamped_.at.micros).run();
}

std::string EventRows::reservation_of(const HoldId& hold, const OrderId& order) const {
  return store_.text() + "/" + (order.empty() ? hold.text() : order.text());
}

Result<void> EventRows::move(const std::vector<Movement>& movements, const Cause& cause) {
  if (part_ == Part::Order) return {};
  for (const Movement& movement : movements) {
    auto moved = move(movement, cause);
    if (!moved) return moved;
  }
  return {};
}

Result<void> EventRows::move(const Movement& movement, const Cause& cause) {
  auto written = put_movement(movement, cause);
  if (!written) return written;
  const bool is_left = left_skus_.contains(movement.sku.text());
  if (!is_left) {
    Level& level = levels_[movement.sku.text()];
    level.after = movement.after;
    ++level.changes;
    level.at = stamped_.at;
  }
  auto row = poi_.find(tables_.stock, bucket_, store_, movement.sku, now_);
  if (!row) return pass_on(row);
  const std::string content =
      log_content(movement, epoch_, seq_, cause.reason, cause.by, stamped_.command.text());
  sql::Statement& log = keyed(tables_.stock.put_log);
  log.bind_text(3, (*row)->brand).bind(4, (*row)->id).bind_text(5, content);
  written = log.bind(6, stamped_.at.micros).run();
  if (is_left) ++line_;
  if (!written || is_left) return written;
  written = put_accounts(movement.sku, **row, movement.after);
  if (!written) return written;
  row = poi_.find(tables_.stock, bucket_, store_, movement.sku, now_);
  if (!row) return pass_on(row);
  const StockLevel after = whole_level(movement.after, **row);
  written = message(kInventoryTopic, line_,
                    cache_message(store_, movement.sku, after, wire_name(movement.kind), "hub",
                                  seq_, stamped_.at));
  if (!written) return written;
  PoiRow shown = **row;
  shown.plan = after.plan;
  shown.restore_at = after.restore_at.micros;
  const std::string poi = poi_message(store_, movement.sku.text(), shown, poi_status(after),
                                      poi_type(after), poi_restore(after), after.available);
  written = message(kPoiTopic, line_, poi);
  ++line_;
  return written;
}

Result<void> EventRows::put_movement(const Movement& movement, const Cause& cause) {
  const std::int64_t available = movement.after.available.in_tenths();
  const std::int64_t held = movement.after.held.in_tenths();
  const std::int64_t available_before = movement.before.available.in_tenths();
  const std::int64_t held_before = movement.before.held.in_tenths();
  const auto seq = static_cast<std::int64_t>(seq_);
  std::string id;
  id.reserve(64);
  id.append(store_.text()).append("/").append(std::to_string(epoch_)).append("/");
  id.append(std::to_string(seq_)).append("/").append(std::to_string(line_));
  const std::string order =
      cause.order.empty() ? std::string() : store_.text() + "/" + std::string(cause.order);
  sql::Statement& put = keyed(tables_.stock.put_movement);
  put.bind(3, seq).bind(4, epoch_).bind(5, line_).bind_text(6, id).bind_text(7, order);
  put.bind_text(8, movement.sku.text()).bind_text(9, transaction_type(movement.kind));
  put.bind(10, available - available_before).bind(11, held - held_before);
  put.bind(12, available).bind(13, held).bind(14, available_before + held_before);
  put.bind(15, available + held).bind_text(16, cause.type).bind_text(17, cause.id);
  put.bind_text(18, cause.reason).bind_text(19, cause.by);
  put.bind_text(20, stamped_.command.text()).bind(21, stamped_.at.micros);
  return put.run();
}

Result<void> EventRows::finish() {
  auto done = write_orders();
  if (!done) return done;
  for (const auto& [name, level] : levels_) {
    const SkuId sku(name);
    auto written = put_level(sku, level);
    auto row = poi_.find(tables_.stock, bucket_, store_, sku, now_);
    if (!row) return pass_on(row);
    const StockLevel whole = whole_level(level.after, **row);
    sql::Statement& poi = keyed(tables_.stock.put_poi_level);
    poi.bind_text(3, name).bind(4, poi_status(whole)).bind(5, poi_type(whole));
    poi.bind(6, whole.available.in_tenths()).bind(7, now_.micros).bind(8, poi_restore(whole));
    poi.bind(9, whole.restore_at.micros).bind(10, whole.plan.in_tenths());
    poi.bind(11, whole.type == StockType::Limited ? pool_of(level.after).in_tenths() : 0);
    if (written) written = poi.run();
    if (!written) return written;
    poi_.set_plan(store_, sku, whole.plan, poi_restore(whole), whole.restore_at);
  }
  levels_.clear();
  return {};
}

// The hub's part as it says; the relay's part stays.
Result<void> EventRows::put_level(const SkuId& sku, const Level& level) {
  const StockLevel& after = level.after;
  sql::Statement& put = keyed(tables_.stock.put_level);
  put.bind_text(3, sku.text()).bind(4, after.available.in_tenths());
  put.bind(5, after.held.in_tenths()).bind(6, level.changes).bind(7, poi_type(after));
  put.bind(8, after.status == StockStatus::SoldOut ? 2 : 1).bind(9, level.at.micros);
  put.bind(10, poi_restore(after)).bind(11, after.leased.in_tenths());
  put.bind(12, after.owed.in_tenths()).bind(13, after.restore_at.micros);
  put.bind(14, after.plan.in_tenths()).bind(15, after.warning.in_tenths());
  return put.bind(16, after.critical.in_tenths()).run();
}

}  // namespace larder::relay
