// The statements that compare a store's stock with what its hub says of it.
#include "relay/shards/tables.hpp"

namespace larder::relay {

Result<void> prepare_reconcile(sql::Connection& connection, unsigned table, ReconcileTables& out) {
  return prepare_all(
      connection, table,
      {// Also of what left the menu: the hub keeps its level.
       {&out.levels,
        "SELECT i.store_id, i.sku_id, '', i.stock_type, i.stock_status, i.hub_stock, i.hub_locked,"
        " i.version, i.updated_at, i.restore_type, i.relay_stock, i.relay_locked, i.leased, i.owed,"
        " i.restore_at, i.plan_quantity, i.warning_threshold, i.critical_threshold,"
        " i.current_stock, i.locked_stock, coalesce(l.idle, 0), coalesce(l.held, 0)"
        " FROM inventory_$ i LEFT JOIN (SELECT sku_id, sum(granted - sold - held - returned) idle,"
        " sum(held) held FROM lease_$ WHERE product_shard_id = ?1 AND store_id = ?2"
        " AND state <> 'closed' AND sku_id > ?3 GROUP BY sku_id) l ON l.sku_id = i.sku_id"
        " WHERE i.product_shard_id = ?1 AND i.store_id = ?2 AND i.sku_id > ?3"
        " AND (?4 = '' OR i.sku_id <= ?4) ORDER BY i.sku_id"},
       // The hub's own accounts; what a POS of another make reports has no quota.
       {&out.accounts,
        "SELECT s.object_id, c.channel_code, c.stock_status, c.channel_quota, c.weight,"
        " c.channel_sold FROM poi_item_stock_$ s JOIN poi_item_channel_stock_$ c"
        " ON c.product_shard_id = ?1 AND c.poi_id = ?2 AND c.stock_id = s.id"
        " WHERE s.product_shard_id = ?1 AND s.poi_id = ?2 AND s.object_type = 2"
        " AND s.object_id > ?3 AND (?4 = '' OR s.object_id <= ?4) AND c.channel_quota >= 0"
        " ORDER BY s.object_id, c.channel_code"},
       // What hub and relay agree to be out, of the leases of this epoch.
       {&out.lent,
        "SELECT sku_id, sum(granted - agreed_sold - agreed_returned) FROM lease_$"
        " WHERE product_shard_id = ?1 AND store_id = ?2 AND epoch = ?5 AND sku_id > ?3"
        " AND (?4 = '' OR sku_id <= ?4) GROUP BY sku_id"},
       {&out.parked,
        "SELECT p.seq, p.epoch FROM parked_events_$ p JOIN store_events_$ e"
        " ON e.product_shard_id = ?1 AND e.store_id = ?2 AND e.seq = p.seq AND e.epoch = p.epoch"
        " WHERE p.product_shard_id = ?1 AND p.store_id = ?2"
        " AND substr(p.reason, 1, length(?4)) <> ?4"
        " AND instr(CAST(e.data AS TEXT), ?3) > 0 ORDER BY p.epoch DESC, p.seq DESC LIMIT 1"},
       // Whether the store's epoch ?4 began without events, and has not moved the SKU yet.
       {&out.lost,
        "SELECT 1 FROM store_epochs_$ e WHERE e.product_shard_id = ?1 AND e.store_id = ?2"
        " AND e.epoch = ?4 AND e.lost > 0 AND NOT EXISTS (SELECT 1 FROM inventory_transactions_$ t"
        " WHERE t.product_shard_id = ?1 AND t.store_id = ?2 AND t.seq >= e.first_seq"
        " AND t.epoch = ?4 AND t.sku_id = ?3)"},
       {&out.put,
        "INSERT INTO stock_difference_$ (product_shard_id, store_id, sku_id, epoch, seq, what,"
        " cause, is_repaired, asked_by, found_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
        " RETURNING id"},
       // The last that was said of the SKU.
       {&out.last,
        "SELECT what, is_repaired FROM stock_difference_$ WHERE product_shard_id = ?1"
        " AND store_id = ?2 AND sku_id = ?3 ORDER BY id DESC LIMIT 1"},
       {&out.shown,
        "SELECT sku_id, epoch, seq, what, cause, is_repaired, asked_by, found_at"
        " FROM stock_difference_$ WHERE product_shard_id = ?1 AND store_id = ?2"
        " ORDER BY id DESC LIMIT ?3"},
       {&out.trim,
        "DELETE FROM stock_difference_$ WHERE product_shard_id = ?1 AND store_id = ?2 AND id <="
        " (SELECT id FROM stock_difference_$ WHERE product_shard_id = ?1 AND store_id = ?2"
        " ORDER BY id DESC LIMIT 1 OFFSET ?3)"}});
}

}  // namespace larder::relay
