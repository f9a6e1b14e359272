// The statements of the leases and of the turnstile.
#include "relay/shards/tables.hpp"

namespace larder::relay {
namespace {

constexpr std::string_view kLeaseColumns =
    "SELECT store_id, epoch, lease_id, sku_id, channel_code, granted, sold, told_sold, returned,"
    " held, state, keep, expires_at FROM lease_$ ";

std::string leases_where(std::string_view rest) { return std::string(kLeaseColumns).append(rest); }

// What the hub's events do, and what a settlement looks for.
Result<void> prepare_leases(sql::Connection& connection, unsigned table, RightsTables& out) {
  return prepare_all(
      connection, table,
      {// A grant to a lease that had run out renews it; one that was closed here sells no more, and
       // what it is given goes back.
       {&out.grant,
        "INSERT INTO lease_$ (product_shard_id, store_id, epoch, lease_id, sku_id, channel_code,"
        " granted, granted_at, expires_at, updated_at)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?8)"
        " ON CONFLICT (product_shard_id, store_id, epoch, lease_id) DO UPDATE SET"
        " granted = ?7, granted_at = ?8, expires_at = ?9, keep = 0, updated_at = ?8,"
        " state = CASE WHEN state = 'closed' THEN 'expired' ELSE 'open' END"},
       {&out.lease_of,
        leases_where(
            "WHERE product_shard_id = ?1 AND store_id = ?2 AND lease_id = ?3 ORDER BY epoch DESC"
            " LIMIT 1")},
       {&out.recall,
        "UPDATE lease_$ SET state = CASE WHEN ?5 = 1 THEN 'expired' ELSE 'recalled' END,"
        " keep = ?6, updated_at = ?7 WHERE product_shard_id = ?1 AND store_id = ?2"
        " AND epoch = ?3 AND lease_id = ?4 AND state IN ('open', 'recalled')"},
       {&out.agree,
        "UPDATE lease_$ SET agreed_sold = agreed_sold + ?5, agreed_returned = agreed_returned + ?6,"
        " updated_at = ?7 WHERE product_shard_id = ?1 AND store_id = ?2 AND epoch = ?3"
        " AND lease_id = ?4"},
       {&out.end_epochs,
        "UPDATE lease_$ SET state = 'expired', updated_at = ?4 WHERE product_shard_id = ?1"
        " AND store_id = ?2 AND epoch < ?3 AND state IN ('open', 'recalled')"},
       {&out.ending,
        leases_where(
            "WHERE state = 'expired' AND (held = 0 OR granted > sold + held + returned) LIMIT ?1")},
       {&out.run_out,
        leases_where("WHERE state IN ('open', 'recalled') AND expires_at <= ?2 LIMIT ?1")},
       {&out.recalled,
        leases_where(
            "WHERE state = 'recalled' AND granted - sold - held - returned > keep LIMIT ?1")},
       {&out.untold, leases_where("WHERE sold > told_sold LIMIT ?1")}});
}

Result<void> prepare_figures(sql::Connection& connection, unsigned table, RightsTables& out) {
  return prepare_all(
      connection, table,
      {{&out.leases_of_sku,
        leases_where(
            "WHERE product_shard_id = ?1 AND store_id = ?2 AND sku_id = ?3 AND state <> 'closed'"
            " ORDER BY epoch, lease_id")},
       {&out.leases_of_store,
        leases_where("WHERE product_shard_id = ?1 AND store_id = ?2 ORDER BY epoch, lease_id")},
       // Over all stores of the table.
       {&out.idle,
        "SELECT coalesce(sum(granted - sold - held - returned), 0), count(*),"
        " coalesce(min(updated_at), 0) FROM lease_$ WHERE state <> 'closed'"
        " AND granted > sold + held + returned"},
       {&out.put_lease,
        "UPDATE lease_$ SET sold = ?5, told_sold = ?6, returned = ?7, held = ?8, state = ?9,"
        " keep = ?10, updated_at = ?11 WHERE product_shard_id = ?1 AND store_id = ?2"
        " AND epoch = ?3 AND lease_id = ?4"},
       // The relay's part of a SKU's figures, from its leases as they stand.
       {&out.refresh_figures,
        "UPDATE inventory_$ SET (relay_stock, relay_locked) ="
        " (SELECT coalesce(sum(granted - sold - held - returned), 0), coalesce(sum(held), 0)"
        " FROM lease_$ WHERE product_shard_id = ?1 AND store_id = ?2 AND sku_id = ?3"
        " AND state <> 'closed') WHERE product_shard_id = ?1 AND store_id = ?2 AND sku_id = ?3"},
       {&out.figures,
        "UPDATE inventory_$ SET current_stock = hub_stock + relay_stock,"
        " locked_stock = hub_locked + relay_locked, version = version + ?4, updated_at = ?5"
        " WHERE product_shard_id = ?1 AND store_id = ?2 AND sku_id = ?3"
        " RETURNING current_stock, locked_stock, stock_type, stock_status, relay_stock,"
        " relay_locked"},
       {&out.refresh_poi,
        "UPDATE poi_item_stock_$ SET real_quantity = ?4, stock_status = ?5,"
        " updated_at = max(?6, updated_at + 1) WHERE product_shard_id = ?1 AND poi_id = ?2"
        " AND object_type = 2 AND object_id = ?3"},
       {&out.sku_facts,
        "SELECT stock_type, stock_status, is_active FROM inventory_$ WHERE product_shard_id = ?1"
        " AND store_id = ?2 AND sku_id = ?3"},
       {&out.last_turn,
        "SELECT coalesce(min(seq), 0) FROM inventory_transactions_$ WHERE product_shard_id = ?1"
        " AND store_id = ?2"}});
}

Result<void> prepare_orders(sql::Connection& connection, unsigned table, RightsTables& out) {
  return prepare_all(
      connection, table,
      {{&out.put_order,
        "INSERT INTO channel_order_$ (product_shard_id, store_id, order_id, channel_code,"
        " reservation_type, asked, status, reason, expires_at, trace_id, created_at, updated_at,"
        " online_order, id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?11, ?12, ?13)"},
       {&out.last_order, "SELECT coalesce(max(id), 0) FROM channel_order_$"},
       // By its lines: theirs is the one tree by number.
       {&out.order_of,
        "SELECT o.store_id, o.channel_code, o.reservation_type, o.asked, o.status, o.reason,"
        " o.expires_at, o.version, o.online_order, o.id FROM reservation_$ r"
        " JOIN channel_order_$ o ON o.id = r.channel_order WHERE r.order_id = ?1 LIMIT 1"},
       // Compare and set: whoever ends a lock first, ends it.
       {&out.end_order,
        "UPDATE channel_order_$ SET status = ?4, reason = ?5, version = version + 1,"
        " updated_at = ?6 WHERE product_shard_id = ?1 AND store_id = ?2 AND id = ?3"
        " AND status = 'LOCK'"},
       {&out.due,
        "SELECT store_id, order_id, channel_code, expires_at FROM channel_order_$"
        " WHERE status = 'LOCK' AND expires_at <= ?1 ORDER BY expires_at LIMIT ?2"},
       {&out.put_line,
        "INSERT INTO reservation_$ (product_shard_id, store_id, order_id, sku_id, qty,"
        " reservation_type, status, expires_at, created_at, updated_at, channel_code, lease_id,"
        " lease_epoch, from_quota, channel_order) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9,"
        " ?10, ?11, ?12, ?13, ?14)"},
       {&out.lines_of,
        "SELECT sku_id, qty, status, expires_at, version, lease_id, lease_epoch, from_quota"
        " FROM reservation_$ WHERE product_shard_id = ?1 AND store_id = ?2 AND order_id = ?3"
        " ORDER BY sku_id"},
       {&out.end_lines,
        "UPDATE reservation_$ SET status = ?4, version = version + 1, updated_at = ?5"
        " WHERE product_shard_id = ?1 AND store_id = ?2 AND order_id = ?3 AND status = 'LOCK'"},
       // Sold, and the store would not have it.
       {&out.undo_lines,
        "UPDATE reservation_$ SET status = 'UNLOCK', version = version + 1, updated_at = ?4"
        " WHERE product_shard_id = ?1 AND store_id = ?2 AND order_id = ?3 AND status = 'OUT'"},
       {&out.paid,
        "SELECT max(is_paid) FROM store_orders_$ WHERE product_shard_id = ?1 AND store_id = ?2"
        " AND external_no = ?3 AND lost_epoch = 0 HAVING count(*) > 0"}});
}

}  // namespace

Result<void> prepare_rights(sql::Connection& connection, unsigned table, RightsTables& out) {
  auto prepared = prepare_leases(connection, table, out);
  if (prepared) prepared = prepare_figures(connection, table, out);
  if (prepared) prepared = prepare_orders(connection, table, out);
  return prepared;
}

}  // namespace larder::relay
