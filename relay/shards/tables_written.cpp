// The statements that an event runs.
#include "relay/shards/tables.hpp"

namespace larder::relay {
namespace {

Result<void> prepare_stream(sql::Connection& connection, unsigned table, StreamTables& out) {
  return prepare_all(
      connection, table,
      {{&out.put_event,
        "INSERT INTO store_events_$ (product_shard_id, store_id, seq, epoch, type, at, hash, data)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"},
       {&out.event_at,
        "SELECT hash, data FROM store_events_$"
        " WHERE product_shard_id = ?1 AND store_id = ?2 AND seq = ?3 AND epoch = ?4"},
       {&out.hash_before,
        "SELECT hash FROM store_events_$ WHERE product_shard_id = ?1 AND store_id = ?2"
        " AND seq = ?3 ORDER BY epoch DESC LIMIT 1"},
       {&out.put_epoch,
        "INSERT INTO store_epochs_$ (product_shard_id, store_id, epoch, first_seq, lost, began_at)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6)"},
       {&out.put_day,
        "INSERT OR IGNORE INTO store_days_$ (product_shard_id, store_id, day, first_seq)"
        " VALUES (?1, ?2, ?3, ?4)"},
       {&out.lose_orders,
        "UPDATE store_orders_$ SET lost_epoch = ?4 WHERE product_shard_id = ?1 AND store_id = ?2"
        " AND placed_seq >= ?3 AND lost_epoch = 0"},
       {&out.lose_days,
        "DELETE FROM store_days_$ WHERE product_shard_id = ?1 AND store_id = ?2"
        " AND first_seq >= ?3"},
       {&out.lose_words,
        "UPDATE hq_words_$ SET applied_seq = 0, applied_at = 0, outcome = '', message = ''"
        " WHERE product_shard_id = ?1 AND store_id = ?2 AND applied_seq >= ?3"},
       {&out.words_applied,
        "SELECT coalesce(max(number), 0) FROM hq_words_$ WHERE product_shard_id = ?1"
        " AND store_id = ?2 AND applied_seq > 0"}});
}

// Events that were set aside.
Result<void> prepare_parked(sql::Connection& connection, unsigned table, StreamTables& out) {
  return prepare_all(
      connection, table,
      {{&out.park,
        "INSERT INTO parked_events_$ (product_shard_id, store_id, seq, epoch, type, reason,"
        " parked_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"},
       {&out.parked,
        "SELECT p.seq, p.epoch, p.reason, p.parked_at, coalesce(e.data, ''),"
        " EXISTS (SELECT 1 FROM store_epochs_$ x WHERE x.product_shard_id = ?1"
        " AND x.store_id = ?2 AND x.epoch > p.epoch AND x.first_seq <= p.seq)"
        " FROM parked_events_$ p LEFT JOIN store_events_$ e"
        " ON e.product_shard_id = ?1 AND e.store_id = ?2 AND e.seq = p.seq AND e.epoch = p.epoch"
        " WHERE p.product_shard_id = ?1"
        " AND p.store_id = ?2 ORDER BY p.seq, p.epoch LIMIT ?3"},
       {&out.parked_line,
        "SELECT p.seq, p.epoch, e.data FROM parked_events_$ p JOIN store_events_$ e"
        " ON e.product_shard_id = ?1 AND e.store_id = ?2 AND e.seq = p.seq AND e.epoch = p.epoch"
        " WHERE p.product_shard_id = ?1 AND p.store_id = ?2 AND NOT EXISTS (SELECT 1"
        " FROM store_epochs_$ x WHERE x.product_shard_id = ?1 AND x.store_id = ?2"
        " AND x.epoch > p.epoch AND x.first_seq <= p.seq) ORDER BY p.seq, p.epoch"},
       {&out.unpark,
        "DELETE FROM parked_events_$ WHERE product_shard_id = ?1 AND store_id = ?2 AND seq = ?3"
        " AND epoch = ?4"},
       {&out.rewait,
        "UPDATE parked_events_$ SET reason = ?5 WHERE product_shard_id = ?1 AND store_id = ?2"
        " AND seq = ?3 AND epoch = ?4"},
       // The event has stated its levels already: the first of its movements is there.
       {&out.is_told,
        "SELECT 1 FROM inventory_transactions_$ WHERE product_shard_id = ?1 AND store_id = ?2"
        " AND seq = ?3 AND epoch = ?4 AND line = 0 AND sku_id = ?5"},
       {&out.has_order,
        "SELECT 1 FROM store_orders_$ WHERE product_shard_id = ?1 AND store_id = ?2"
        " AND order_id = ?3 AND lost_epoch = 0"},
       // What came after event ?4 of epoch ?5, about ?3.
       {&out.lost_line,
        "SELECT 1 FROM store_epochs_$ WHERE product_shard_id = ?1 AND store_id = ?2 AND ?3 = ''"
        " AND first_seq <= ?4 AND epoch > ?5 LIMIT 1"},
       {&out.later_movement,
        "SELECT 1 FROM inventory_transactions_$ m WHERE m.product_shard_id = ?1"
        " AND m.store_id = ?2 AND m.seq > ?4 AND m.epoch >= ?5 AND m.sku_id = ?3 AND NOT EXISTS"
        " (SELECT 1 FROM store_epochs_$ x WHERE x.product_shard_id = ?1 AND x.store_id = ?2"
        " AND x.epoch > m.epoch AND x.first_seq <= m.seq) LIMIT 1"},
       {&out.later_order,
        "SELECT 1 FROM store_orders_$ WHERE product_shard_id = ?1 AND store_id = ?2"
        " AND order_id = ?3 AND lost_epoch = 0 AND last_seq > ?4 AND ?5 > 0"}});
}

Result<void> prepare_stock(sql::Connection& connection, unsigned table, StockTables& out) {
  return prepare_all(
      connection, table,
      {{&out.put_level,
        "INSERT INTO inventory_$ (product_shard_id, store_id, sku_id, current_stock, locked_stock,"
        " version, stock_type, stock_status, created_at, updated_at, restore_type, hub_stock,"
        " hub_locked, leased, owed, restore_at, plan_quantity, warning_threshold,"
        " critical_threshold)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, ?10, ?4, ?5, ?11, ?12, ?13, ?14, ?15,"
        " ?16) ON CONFLICT (product_shard_id, store_id, sku_id) DO UPDATE SET"
        " current_stock = excluded.current_stock + relay_stock,"
        " locked_stock = excluded.locked_stock + relay_locked,"
        " version = version + excluded.version, stock_type = excluded.stock_type,"
        " stock_status = excluded.stock_status, updated_at = excluded.updated_at,"
        " restore_type = excluded.restore_type, hub_stock = excluded.hub_stock,"
        " hub_locked = excluded.hub_locked, leased = excluded.leased, owed = excluded.owed,"
        " restore_at = excluded.restore_at, plan_quantity = excluded.plan_quantity,"
        " warning_threshold = excluded.warning_threshold,"
        " critical_threshold = excluded.critical_threshold"},
       {&out.put_movement,
        "INSERT INTO inventory_transactions_$ (product_shard_id, store_id, seq, epoch, line,"
        " txn_id, order_id, sku_id, transaction_type, delta_available, delta_reserved,"
        " available_after, reserved_after, quantity_before, quantity_after, reference_type,"
        " reference_id, reason, operator_id, trace_id, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6,"
        " ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)"},
       {&out.reserve,
        "INSERT INTO reservation_$ (product_shard_id, store_id, order_id, sku_id, qty,"
        " reservation_type, status, expires_at, created_at, updated_at)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'LOCK', ?7, ?8, ?8)"
        " ON CONFLICT (order_id, sku_id) DO UPDATE SET qty = excluded.qty, status = 'LOCK',"
        " reservation_type = excluded.reservation_type, expires_at = excluded.expires_at,"
        " version = version + 1, updated_at = excluded.updated_at"},
       {&out.move_hold,
        "UPDATE OR REPLACE reservation_$ SET order_id = ?4, reservation_type = 'order',"
        " expires_at = ?5, version = version + 1, updated_at = ?6 WHERE product_shard_id = ?1"
        " AND store_id = ?2 AND order_id = ?3 AND status = 'LOCK'"},
       // Compare and set: whoever ends a lock first, ends it.
       {&out.end_hold,
        "UPDATE reservation_$ SET status = ?4, version = version + 1, updated_at = ?5"
        " WHERE product_shard_id = ?1 AND store_id = ?2 AND order_id = ?3 AND status = 'LOCK'"},
       // One SKU of a hold: less of it, or (status UNLOCK) none any more.
       {&out.shrink_hold,
        "UPDATE reservation_$ SET qty = ?5, status = ?6, version = version + 1, updated_at = ?7"
        " WHERE product_shard_id = ?1 AND store_id = ?2 AND order_id = ?3 AND sku_id = ?4"
        " AND status = 'LOCK'"},
       {&out.poi_row,
        "SELECT p.id, p.brand_id, p.plan_quantity, p.auto_restore_type, p.auto_restore_at,"
        " coalesce(i.relay_stock, 0), coalesce(i.relay_locked, 0) FROM poi_item_stock_$ p"
        " LEFT JOIN inventory_$ i ON i.product_shard_id = ?1 AND i.store_id = ?2 AND i.sku_id = ?3"
        " WHERE p.product_shard_id = ?1 AND p.poi_id = ?2 AND p.object_type = 2"
        " AND p.object_id = ?3"},
       {&out.make_poi_row,
        "INSERT OR IGNORE INTO poi_item_stock_$ (product_shard_id, poi_id, object_type, object_id,"
        " stock_status, stock_type, created_at, updated_at) VALUES (?1, ?2, 2, ?3, 1, 1, ?4, ?4)"},
       {&out.poi_channels,
        "SELECT channel_code, stock_status, stock_type, channel_quota, weight, channel_sold"
        " FROM poi_item_channel_stock_$ WHERE product_shard_id = ?1 AND poi_id = ?2"
        " AND stock_id = ?3 ORDER BY channel_code"},
       {&out.put_poi_level,
        "UPDATE poi_item_stock_$ SET stock_status = ?4, stock_type = ?5, real_quantity = ?6,"
        " auto_restore_type = ?8, auto_restore_at = ?9, plan_quantity = ?10,"
        " shared_pool_quantity = ?11, updated_at = max(?7, updated_at + 1)"
        " WHERE product_shard_id = ?1 AND poi_id = ?2 AND object_type = 2 AND object_id = ?3"},
       {&out.put_log,
        "INSERT INTO poi_item_stock_log_$ (product_shard_id, poi_id, brand_id, stock_id, content,"
        " created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"}});
}

// The accounts of a hub's channels, and what was oversold.
Result<void> prepare_accounts(sql::Connection& connection, unsigned table, StockTables& out) {
  return prepare_all(
      connection, table,
      {{&out.put_account,
        "INSERT INTO poi_item_channel_stock_$ (product_shard_id, poi_id, brand_id, stock_id,"
        " channel_code, stock_status, stock_type, channel_quota, weight, channel_sold)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
        " ON CONFLICT (product_shard_id, poi_id, stock_id, channel_code) DO UPDATE SET"
        " stock_status = excluded.stock_status, stock_type = excluded.stock_type,"
        " channel_quota = excluded.channel_quota, weight = excluded.weight,"
        " channel_sold = excluded.channel_sold"},
       {&out.drop_account,
        "DELETE FROM poi_item_channel_stock_$ WHERE product_shard_id = ?1 AND poi_id = ?2"
        " AND stock_id = ?3 AND channel_code = ?4 AND channel_quota >= 0"},
       {&out.put_oversell,
        "INSERT INTO oversell_record_$ (product_shard_id, poi_id, brand_id, object_id, quantity,"
        " cause, order_ids, created_at, oversell_id, made_by)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"},
       {&out.resolve_oversell,
        "UPDATE oversell_record_$ SET state = 'resolved', resolution = ?4, resolved_by = ?5,"
        " resolved_at = ?6 WHERE product_shard_id = ?1 AND poi_id = ?2 AND oversell_id = ?3"
        " AND state = 'open'"}});
}

Result<void> prepare_orders(sql::Connection& connection, unsigned table, OrderTables& out) {
  return prepare_all(
      connection, table,
      {{&out.place,
        "INSERT INTO store_orders_$ (product_shard_id, store_id, order_id, day, number, channel,"
        " service, state, is_paid, reason, placed_minor, total_minor, currency, placed_seq,"
        " last_seq, placed_at, updated_at, external_no, source)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12,"
        " coalesce((SELECT currency FROM merchants_$ WHERE product_shard_id = ?1"
        " AND store_id = ?2), ''), ?13, ?14, ?15, ?16, ?17, ?18)"},
       {&out.change,
        "UPDATE store_orders_$ SET state = CASE WHEN ?4 = '' THEN state ELSE ?4 END,"
        " is_paid = max(is_paid, ?5), reason = CASE WHEN ?6 = '' THEN reason ELSE ?6 END,"
        " total_minor = CASE WHEN ?7 THEN ?8 ELSE total_minor END, last_seq = ?9, updated_at = ?10"
        " WHERE product_shard_id = ?1 AND store_id = ?2 AND order_id = ?3 AND lost_epoch = 0"},
       {&out.word_taken,
        "UPDATE hq_words_$ SET applied_seq = ?4, applied_at = ?5, outcome = ?6, message = ?7"
        " WHERE product_shard_id = ?1 AND store_id = ?2 AND number = ?3"},
       // A word that another relay, or this one before it was restored, had issued.
       {&out.word_learned,
        "INSERT OR IGNORE INTO hq_words_$ (product_shard_id, store_id, number, id, verb, args, by,"
        " not_after, issued_at, applied_seq, applied_at, outcome, message)"
        " VALUES (?1, ?2, ?3, ?8, ?9, '{}', ?10, 0, ?5, ?4, ?5, ?6, ?7)"}});
}

Result<void> prepare_menu(sql::Connection& connection, unsigned table, MenuTables& out) {
  return prepare_all(
      connection, table,
      {{&out.put_whole,
        "INSERT INTO store_menu_$ (product_shard_id, store_id, version, menu, updated_at)"
        " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (product_shard_id, store_id) DO UPDATE SET"
        " version = excluded.version, menu = excluded.menu, updated_at = excluded.updated_at"},
       {&out.put_merchant,
        "INSERT INTO merchants_$ (product_shard_id, store_id, merchant_id, currency, menu_version,"
        " created_at, updated_at) VALUES (?1, ?2, ?2, ?3, ?4, ?5, ?5)"
        " ON CONFLICT (product_shard_id, store_id) DO UPDATE SET currency = excluded.currency,"
        " menu_version = excluded.menu_version, updated_at = excluded.updated_at"},
       {&out.put_product,
        "INSERT INTO store_products_$ (product_shard_id, store_id, product_id, category_id,"
        " product_name, product_name_zh, description, image, station, channels, is_combo,"
        " is_active, menu_version, created_at, updated_at)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 1, ?12, ?13, ?13)"
        " ON CONFLICT (product_shard_id, store_id, product_id) DO UPDATE SET"
        " category_id = excluded.category_id, product_name = excluded.product_name,"
        " product_name_zh = excluded.product_name_zh, description = excluded.description,"
        " image = excluded.image, station = excluded.station, channels = excluded.channels,"
        " is_combo = excluded.is_combo, is_active = 1, menu_version = excluded.menu_version,"
        " updated_at = excluded.updated_at"},
       {&out.put_sku,
        "INSERT INTO product_sku_$ (product_shard_id, store_id, sku_id, product_id, sku_name,"
        " sku_name_zh, price_minor, currency, is_active, menu_version, created_at, updated_at)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 1, ?9, ?10, ?10)"
        " ON CONFLICT (product_shard_id, store_id, sku_id) DO UPDATE SET"
        " product_id = excluded.product_id, sku_name = excluded.sku_name,"
        " sku_name_zh = excluded.sku_name_zh, price_minor = excluded.price_minor,"
        " currency = excluded.currency, is_active = 1, menu_version = excluded.menu_version,"
        " updated_at = excluded.updated_at"},
       {&out.retire_products,
        "UPDATE store_products_$ SET is_active = 0, updated_at = ?4 WHERE product_shard_id = ?1"
        " AND store_id = ?2 AND menu_version <> ?3 AND is_active = 1"},
       {&out.retire_skus,
        "UPDATE product_sku_$ SET is_active = 0, updated_at = ?4 WHERE product_shard_id = ?1"
        " AND store_id = ?2 AND menu_version <> ?3 AND is_active = 1"},
       {&out.make_level,
        "INSERT INTO inventory_$ (product_shard_id, store_id, sku_id, current_stock, locked_stock,"
        " version, stock_type, stock_status, created_at, updated_at)"
        " VALUES (?1, ?2, ?3, 0, 0, 0, 1, 1, ?4, ?4)"
        " ON CONFLICT (product_shard_id, store_id, sku_id) DO UPDATE SET is_active = 1"},
       {&out.retire_levels,
        "UPDATE inventory_$ SET is_active = 0 WHERE product_shard_id = ?1 AND store_id = ?2"
        " AND is_active = 1 AND sku_id IN (SELECT sku_id FROM product_sku_$"
        " WHERE product_shard_id = ?1 AND store_id = ?2 AND is_active = 0)"}});
}

}  // namespace

Result<void> prepare_written(sql::Connection& connection, unsigned table, Tables& tables) {
  auto prepared = prepare_stream(connection, table, tables.stream);
  if (prepared) prepared = prepare_parked(connection, table, tables.stream);
  if (prepared) prepared = prepare_stock(connection, table, tables.stock);
  if (prepared) prepared = prepare_accounts(connection, table, tables.stock);
  if (prepared) prepared = prepare_orders(connection, table, tables.orders);
  if (prepared) prepared = prepare_menu(connection, table, tables.menu);
  return prepared;
}

}  // namespace larder::relay
