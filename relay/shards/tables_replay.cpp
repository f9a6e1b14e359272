// The statements of what tills of other makes replay, and of oversell records.
#include "relay/shards/tables.hpp"

namespace larder::relay {
namespace {

Result<void> prepare_events(sql::Connection& connection, unsigned table, ReplayTables& out) {
  return prepare_all(
      connection, table,
      {{&out.event_of,
        "SELECT sku_id, is_absolute, tenths, order_id, state FROM offline_event_$"
        " WHERE product_shard_id = ?1 AND store_id = ?2 AND event_id = ?3"},
       {&out.put_event,
        "INSERT INTO offline_event_$ (product_shard_id, store_id, event_id, sku_id, is_absolute,"
        " tenths, at, order_id, state, said_by, trace_id, received_at)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"},
       // From the last figure that a till set on, and what is not counted yet.
       {&out.events_of_sku,
        "SELECT event_id, is_absolute, tenths, at, order_id, state FROM offline_event_$"
        " WHERE product_shard_id = ?1 AND store_id = ?2 AND sku_id = ?3"
        " AND (state IN ('new', 'told') OR at >= coalesce((SELECT max(at) FROM offline_event_$"
        " WHERE product_shard_id = ?1 AND store_id = ?2 AND sku_id = ?3 AND is_absolute = 1),"
        " 9223372036854775807)) ORDER BY at, event_id LIMIT ?4"},
       {&out.set_state,
        "UPDATE offline_event_$ SET state = ?4, word_id = ?5 WHERE product_shard_id = ?1"
        " AND store_id = ?2 AND event_id = ?3"},
       {&out.end_word,
        "UPDATE offline_event_$ SET state = ?4 WHERE product_shard_id = ?1 AND store_id = ?2"
        " AND word_id = ?3 AND state = 'told'"},
       {&out.refuse_new,
        "UPDATE offline_event_$ SET state = 'refused' WHERE product_shard_id = ?1"
        " AND store_id = ?2 AND sku_id = ?3 AND state = 'new'"},
       {&out.is_new,
        "SELECT 1 FROM offline_event_$ WHERE product_shard_id = ?1 AND store_id = ?2"
        " AND sku_id = ?3 AND state = 'new' LIMIT 1"}});
}

Result<void> prepare_items(sql::Connection& connection, unsigned table, ReplayTables& out) {
  return prepare_all(
      connection, table,
      {{&out.item,
        "SELECT short_by, short_told, recorded, counted_at, word_id, waits"
        " FROM offline_item_$ WHERE product_shard_id = ?1 AND store_id = ?2 AND sku_id = ?3"},
       {&out.put_item,
        "INSERT INTO offline_item_$ (product_shard_id, store_id, sku_id, short_by,"
        " short_told, recorded, counted_at, word_id, waits)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
        " ON CONFLICT (product_shard_id, store_id, sku_id) DO UPDATE SET"
        " short_by = excluded.short_by, short_told = excluded.short_told,"
        " recorded = excluded.recorded, counted_at = excluded.counted_at, word_id = "
        "excluded.word_id, waits = excluded.waits"},
       {&out.item_of_word,
        "SELECT sku_id FROM offline_item_$ WHERE product_shard_id = ?1 AND store_id = ?2"
        " AND word_id = ?3 AND word_id <> ''"},
       // Over all stores of the table.
       {&out.waiting,
        "SELECT store_id, sku_id FROM offline_item_$ WHERE waits = 1 AND word_id = ''"
        " ORDER BY store_id, sku_id LIMIT ?1"},
       {&out.site_log,
        "SELECT id, content, created_at FROM poi_item_stock_log_$ WHERE product_shard_id = ?1"
        " AND poi_id = ?2 AND stock_id = ?3 AND created_at > ?5 ORDER BY id DESC LIMIT ?4"},
       // What the relay's own channels have drawn since, less what came back to them.
       {&out.relay_draws,
        "SELECT coalesce(sum(CASE WHEN created_at > ?4 AND status <> 'UNLOCK' THEN -qty"
        " WHEN created_at <= ?4 AND status = 'UNLOCK' THEN qty ELSE 0 END), 0)"
        " FROM reservation_$ WHERE product_shard_id = ?1 AND store_id = ?2 AND sku_id = ?3"
        " AND lease_id <> '' AND updated_at > ?4"}});
}

// Over all stores of the table, and one.
Result<void> prepare_oversells(sql::Connection& connection, unsigned table, ReplayTables& out) {
  return prepare_all(
      connection, table,
      {{&out.oversells,
        "SELECT o.poi_id, o.id, o.object_id, coalesce(p.sku_name, ''), o.quantity, o.cause,"
        " o.order_ids, o.made_by, o.oversell_id, o.state, o.resolution, o.resolved_by,"
        " o.created_at, o.resolved_at FROM oversell_record_$ o"
        " LEFT JOIN product_sku_$ p ON p.product_shard_id = o.product_shard_id"
        " AND p.store_id = o.poi_id AND p.sku_id = o.object_id"
        " WHERE o.state = ?1 AND (?2 = '' OR o.poi_id = ?2)"
        " AND (o.created_at, o.poi_id, o.id) < (?3, ?4, ?5)"
        " ORDER BY o.created_at DESC, o.poi_id DESC, o.id DESC LIMIT ?6"},
       {&out.oversell,
        "SELECT o.poi_id, o.id, o.object_id, coalesce(p.sku_name, ''), o.quantity, o.cause,"
        " o.order_ids, o.made_by, o.oversell_id, o.state, o.resolution, o.resolved_by,"
        " o.created_at, o.resolved_at FROM oversell_record_$ o"
        " LEFT JOIN product_sku_$ p ON p.product_shard_id = o.product_shard_id"
        " AND p.store_id = o.poi_id AND p.sku_id = o.object_id"
        " WHERE o.product_shard_id = ?1 AND o.poi_id = ?2 AND o.id = ?3"},
       {&out.open_oversells, "SELECT count(*) FROM oversell_record_$ WHERE state = 'open'"},
       {&out.resolve_own,
        "UPDATE oversell_record_$ SET state = 'resolved', resolution = ?4, resolved_by = ?5,"
        " resolved_at = ?6 WHERE product_shard_id = ?1 AND poi_id = ?2 AND id = ?3"
        " AND state = 'open'"}});
}

}  // namespace

Result<void> prepare_replay(sql::Connection& connection, unsigned table, ReplayTables& out) {
  auto prepared = prepare_events(connection, table, out);
  if (prepared) prepared = prepare_items(connection, table, out);
  return prepared ? prepare_oversells(connection, table, out) : prepared;
}

}  // namespace larder::relay
