// The statements of the storefront.
#include "relay/shards/tables.hpp"

namespace larder::relay {

Result<void> prepare_shop(sql::Connection& connection, unsigned table, ShopTables& out) {
  return prepare_all(
      connection, table,
      {{&out.version,
        "SELECT version FROM store_menu_$ WHERE product_shard_id = ?1 AND store_id = ?2"},
       {&out.menu, "SELECT menu FROM store_menu_$ WHERE product_shard_id = ?1 AND store_id = ?2"},
       // ?3: the channel as the ledger writes it, ?4: as the estate does, ?5: now. A draw is whole
       // from one lease: the channel's own (4) or the pool's (5). The hub's part: the pool (6), the
       // channel's quota (7) and what is left of it (8).
       {&out.levels,
        "SELECT i.sku_id, i.stock_type, i.stock_status,"
        " coalesce((SELECT c.stock_status FROM poi_item_channel_stock_$ c"
        " WHERE c.product_shard_id = ?1 AND c.poi_id = ?2 AND c.stock_id = p.id"
        " AND c.channel_code = ?4), 1),"
        " coalesce((SELECT max(l.granted - l.sold - l.held - l.returned) FROM lease_$ l"
        " WHERE l.product_shard_id = ?1 AND l.store_id = ?2 AND l.sku_id = i.sku_id"
        " AND l.state IN ('open', 'recalled') AND l.expires_at > ?5 AND l.channel_code = ?3), 0),"
        " coalesce((SELECT max(l.granted - l.sold - l.held - l.returned) FROM lease_$ l"
        " WHERE l.product_shard_id = ?1 AND l.store_id = ?2 AND l.sku_id = i.sku_id"
        " AND l.state IN ('open', 'recalled') AND l.expires_at > ?5 AND l.channel_code = ''), 0),"
        " i.hub_stock - coalesce((SELECT sum(max(c.channel_quota - c.channel_sold, 0))"
        " FROM poi_item_channel_stock_$ c WHERE c.product_shard_id = ?1 AND c.poi_id = ?2"
        " AND c.stock_id = p.id AND c.channel_quota > 0), 0),"
        " coalesce((SELECT c.channel_quota FROM poi_item_channel_stock_$ c"
        " WHERE c.product_shard_id = ?1 AND c.poi_id = ?2 AND c.stock_id = p.id"
        " AND c.channel_code = ?4), 0),"
        " coalesce((SELECT min(max(c.channel_quota - c.channel_sold, 0), i.hub_stock)"
        " FROM poi_item_channel_stock_$ c WHERE c.product_shard_id = ?1 AND c.poi_id = ?2"
        " AND c.stock_id = p.id AND c.channel_code = ?4), 0)"
        " FROM inventory_$ i LEFT JOIN poi_item_stock_$ p ON p.product_shard_id = ?1"
        " AND p.poi_id = ?2 AND p.object_type = 2 AND p.object_id = i.sku_id"
        " WHERE i.product_shard_id = ?1 AND i.store_id = ?2 AND i.is_active = 1 ORDER BY i.sku_id"},
       {&out.order,
        "SELECT o.status, o.reason, o.expires_at, o.updated_at, o.online_order FROM reservation_$ r"
        " JOIN channel_order_$ o ON o.id = r.channel_order WHERE r.order_id = ?3"
        " AND o.product_shard_id = ?1 AND o.store_id = ?2 AND o.online_order <> '' LIMIT 1"},
       {&out.at_store,
        "SELECT number, state, reason, updated_at FROM store_orders_$ WHERE product_shard_id = ?1"
        " AND store_id = ?2 AND external_no = ?3 AND lost_epoch = 0 ORDER BY placed_seq LIMIT 1"},
       {&out.word,
        "SELECT outcome, message, applied_at FROM hq_words_$ WHERE product_shard_id = ?1"
        " AND store_id = ?2 AND id = 'online-' || ?3 AND applied_seq > 0"}});
}

}  // namespace larder::relay
