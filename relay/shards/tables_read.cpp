// The statements that HQ's pages, the API and the audit of the books run.
#include "relay/shards/tables.hpp"

namespace larder::relay {
namespace {

Result<void> prepare_stock(sql::Connection& connection, unsigned table, ReadTables& out) {
  return prepare_all(
      connection, table,
      {{&out.stock,
        "SELECT i.store_id, i.sku_id, coalesce(p.sku_name, ''), i.stock_type, i.stock_status,"
        " i.hub_stock, i.hub_locked, i.version, i.updated_at, i.restore_type, i.relay_stock,"
        " i.relay_locked, i.leased, i.owed, i.restore_at, i.plan_quantity, i.warning_threshold,"
        " i.critical_threshold FROM inventory_$ i"
        " LEFT JOIN product_sku_$ p ON p.product_shard_id = ?1 AND p.store_id = ?2"
        " AND p.sku_id = i.sku_id WHERE i.product_shard_id = ?1 AND i.store_id = ?2"
        " AND i.is_active = 1 ORDER BY i.sku_id"},
       {&out.stock_of,
        "SELECT i.store_id, i.sku_id, coalesce(p.sku_name, ''), i.stock_type, i.stock_status,"
        " i.hub_stock, i.hub_locked, i.version, i.updated_at, i.restore_type, i.relay_stock,"
        " i.relay_locked, i.leased, i.owed, i.restore_at, i.plan_quantity, i.warning_threshold,"
        " i.critical_threshold FROM inventory_$ i"
        " LEFT JOIN product_sku_$ p ON p.product_shard_id = ?1 AND p.store_id = ?2"
        " AND p.sku_id = ?3 WHERE i.product_shard_id = ?1 AND i.store_id = ?2"
        " AND i.sku_id = ?3"},
       // Over all stores of the table: the one statement without a bucket.
       {&out.stock_of_sku,
        "SELECT i.store_id, i.sku_id, coalesce(p.sku_name, ''), i.stock_type, i.stock_status,"
        " i.hub_stock, i.hub_locked, i.version, i.updated_at, i.restore_type, i.relay_stock,"
        " i.relay_locked, i.leased, i.owed, i.restore_at, i.plan_quantity, i.warning_threshold,"
        " i.critical_threshold FROM inventory_$ i"
        " LEFT JOIN product_sku_$ p ON p.product_shard_id = i.product_shard_id"
        " AND p.store_id = i.store_id AND p.sku_id = i.sku_id"
        " WHERE i.sku_id = ?1 ORDER BY i.store_id LIMIT ?2"},
       {&out.low_stock,
        "SELECT count(*) FROM inventory_$ WHERE stock_type = 2 AND is_active = 1"
        " AND current_stock <= warning_threshold"},
       {&out.last_orders,
        "SELECT order_id, day, number, channel, service, state, total_minor, currency, placed_at,"
        " updated_at FROM store_orders_$ WHERE product_shard_id = ?1 AND store_id = ?2"
        " AND lost_epoch = 0 ORDER BY placed_seq DESC LIMIT ?3"},
       {&out.sync_poi,
        "INSERT INTO poi_item_stock_$ (product_shard_id, poi_id, brand_id, object_type, object_id,"
        " stock_status, stock_type, plan_quantity, real_quantity, auto_restore_type,"
        " auto_restore_at, created_at, updated_at)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?12)"
        " ON CONFLICT (product_shard_id, poi_id, object_type, object_id) DO UPDATE SET"
        " brand_id = excluded.brand_id, stock_status = excluded.stock_status,"
        " stock_type = excluded.stock_type, plan_quantity = excluded.plan_quantity,"
        " real_quantity = excluded.real_quantity, auto_restore_type = excluded.auto_restore_type,"
        " auto_restore_at = excluded.auto_restore_at,"
        " updated_at = max(excluded.updated_at, updated_at + 1)"
        " RETURNING id, updated_at"},
       {&out.put_poi_channel,
        "INSERT INTO poi_item_channel_stock_$ (product_shard_id, poi_id, brand_id, stock_id,"
        " channel_code, stock_status, stock_type, channel_quota, weight)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
        " ON CONFLICT (product_shard_id, poi_id, stock_id, channel_code) DO UPDATE SET"
        " brand_id = excluded.brand_id, stock_status = excluded.stock_status,"
        " stock_type = excluded.stock_type, channel_quota = CASE WHEN excluded.channel_quota < 0"
        " THEN channel_quota ELSE excluded.channel_quota END, weight = CASE WHEN excluded.weight < "
        "0"
        " THEN weight ELSE excluded.weight END"},
       {&out.poi_changed,
        "SELECT id, brand_id, object_type, object_id, stock_status, stock_type, plan_quantity,"
        " real_quantity, auto_restore_type, auto_restore_at, updated_at FROM poi_item_stock_$"
        " WHERE product_shard_id = ?1 AND poi_id = ?2 AND updated_at > ?3"
        " AND (?4 = '' OR (object_id = ?4 AND object_type = ?5)) ORDER BY updated_at, id"}});
}

Result<void> prepare_words(sql::Connection& connection, unsigned table, ReadTables& out) {
  return prepare_all(
      connection, table,
      {{&out.put_word,
        "INSERT INTO hq_words_$ (product_shard_id, store_id, number, id, verb, args, by, not_after,"
        " issued_at, asked) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"},
       {&out.word_by_id,
        "SELECT number, id, verb, args, by, not_after, issued_at, applied_seq, applied_at, outcome,"
        " message, asked FROM hq_words_$ WHERE product_shard_id = ?1 AND store_id = ?2"
        " AND id = ?3"},
       {&out.words_after,
        "SELECT number, id, verb, args, by, not_after, issued_at, applied_seq, applied_at, outcome,"
        " message FROM hq_words_$ WHERE product_shard_id = ?1 AND store_id = ?2 AND number > ?3"
        " ORDER BY number LIMIT ?4"},
       {&out.last_words,
        "SELECT number, id, verb, args, by, not_after, issued_at, applied_seq, applied_at, outcome,"
        " message FROM hq_words_$ WHERE product_shard_id = ?1 AND store_id = ?2"
        " ORDER BY number DESC LIMIT ?3"}});
}

Result<void> prepare_books(sql::Connection& connection, unsigned table, BookTables& out) {
  return prepare_all(
      connection, table,
      {{&out.day,
        "SELECT first_seq FROM store_days_$ WHERE product_shard_id = ?1 AND store_id = ?2"
        " AND day = ?3"},
       {&out.next_day,
        "SELECT coalesce(min(first_seq), 0) FROM store_days_$ WHERE product_shard_id = ?1"
        " AND store_id = ?2 AND first_seq > ?3"},
       {&out.events,
        "SELECT seq, epoch, hash, data FROM store_events_$ WHERE product_shard_id = ?1"
        " AND store_id = ?2 AND seq >= ?3 AND seq <= ?4 ORDER BY seq, epoch"},
       {&out.orders,
        "SELECT order_id, placed_seq, placed_minor, total_minor, last_seq FROM store_orders_$"
        " WHERE product_shard_id = ?1 AND store_id = ?2 AND placed_seq >= ?3 AND placed_seq <= ?4"
        " AND lost_epoch = 0 ORDER BY placed_seq, order_id"},
       {&out.order_sum,
        "SELECT count(*), coalesce(sum(placed_minor), 0) FROM store_orders_$"
        " WHERE product_shard_id = ?1 AND store_id = ?2 AND placed_seq >= ?3 AND placed_seq <= ?4"
        " AND lost_epoch = 0"},
       {&out.movements,
        "SELECT seq, epoch, line, sku_id FROM inventory_transactions_$ WHERE product_shard_id = ?1"
        " AND store_id = ?2 AND seq >= ?3 AND seq <= ?4 ORDER BY seq, epoch, line"},
       {&out.movement_count,
        "SELECT seq, epoch, count(*) FROM inventory_transactions_$ WHERE product_shard_id = ?1"
        " AND store_id = ?2 AND seq >= ?3 AND seq <= ?4 GROUP BY seq, epoch"},
       {&out.epochs,
        "SELECT epoch, first_seq FROM store_epochs_$ WHERE product_shard_id = ?1"
        " AND store_id = ?2 ORDER BY epoch"}});
}

}  // namespace

Result<void> prepare_read(sql::Connection& connection, unsigned table, Tables& tables) {
  auto prepared = prepare_stock(connection, table, tables.reads);
  if (prepared) prepared = prepare_words(connection, table, tables.reads);
  if (prepared) prepared = prepare_books(connection, table, tables.books);
  return prepared;
}

}  // namespace larder::relay
