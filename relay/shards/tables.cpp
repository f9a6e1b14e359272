#include "relay/shards/tables.hpp"

#include <string>

namespace larder::relay {

Result<void> prepare_all(sql::Connection& connection, unsigned table,
                         std::initializer_list<StatementText> texts) {
  for (const auto& [statement, text] : texts) {
    std::string whole;
    for (const char c : text) {
      if (c == '$')
        whole += std::to_string(table);
      else
        whole += c;
    }
    auto prepared = connection.prepare(whole);
    if (!prepared) return pass_on(prepared);
    *statement = std::move(*prepared);
  }
  return {};
}

Result<Tables> prepare_tables(sql::Connection& connection, unsigned table) {
  Tables tables;
  auto prepared = prepare_written(connection, table, tables);
  if (prepared) prepared = prepare_read(connection, table, tables);
  if (prepared) prepared = prepare_rights(connection, table, tables.rights);
  if (prepared) prepared = prepare_replay(connection, table, tables.replay);
  if (prepared) prepared = prepare_shop(connection, table, tables.shop);
  if (prepared) prepared = prepare_reconcile(connection, table, tables.reconcile);
  if (!prepared) return pass_on(prepared);
  return tables;
}

Result<HouseTables> prepare_house(sql::Connection& connection) {
  HouseTables house;
  const std::string rescue_rows =
      "SELECT store_id, promised, hub_id, boot, above, permit_code, permitted_by,"
      " permitted_until, permit_epoch, wrong_codes, permitted_hub, suspect_hub, denied_hub"
      " FROM store_rescue";
  const std::string rescue_row = rescue_rows + " WHERE store_id = ?1";
  auto prepared = prepare_all(
      connection, 0,
      {{&house.marks,
        "SELECT store_id, hub_id, epoch, up_to, hash, is_frozen, frozen_reason, words_issued,"
        " words_applied, last_event_at, last_commit_at, parked FROM store_stream"},
       {&house.put_mark,
        "INSERT INTO store_stream (product_shard_id, store_id, hub_id, epoch, up_to, hash,"
        " is_frozen, frozen_reason, words_issued, words_applied, last_event_at, last_commit_at,"
        " parked) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"},
       {&house.move_mark,
        "UPDATE store_stream SET hub_id = ?3, epoch = ?4, up_to = ?5, hash = ?6, is_frozen = ?7,"
        " frozen_reason = ?8, words_issued = ?9, words_applied = ?10, last_event_at = ?11,"
        " last_commit_at = ?12, parked = ?13"
        " WHERE store_id = ?2 AND product_shard_id = ?1 AND epoch = ?14 AND up_to = ?15"},
       {&house.rescues, rescue_rows},
       {&house.rescue, rescue_row},
       {&house.put_rescue,
        "INSERT OR REPLACE INTO store_rescue (store_id, promised, hub_id, boot, above, permit_code,"
        " permitted_by, permitted_until, permit_epoch, wrong_codes, permitted_hub, suspect_hub,"
        " denied_hub) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"},
       {&house.keep_fork,
        "INSERT INTO forked_events (store_id, hub_id, epoch, seq, side, data, seen_at)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"},
       {&house.log, "INSERT INTO stream_log (store_id, who, what, at) VALUES (?1, ?2, ?3, ?4)"},
       {&house.put_message,
        "INSERT INTO outbox (type, biz_key, store_id, payload, next_retry_time, created_at)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?5)"},
       {&house.waiting,
        "SELECT id, type, biz_key, store_id, payload, status, retry_count, next_retry_time,"
        " created_at FROM outbox WHERE status = 'INIT' AND id > ?1 ORDER BY id LIMIT ?2"},
       {&house.waiting_of,
        "SELECT id, type, biz_key, store_id, payload, status, retry_count, next_retry_time,"
        " created_at FROM outbox WHERE status = 'INIT' AND store_id = ?1 ORDER BY id LIMIT ?2"},
       {&house.done, "UPDATE outbox SET status = 'DONE' WHERE id = ?1 AND status = 'INIT'"},
       {&house.failed,
        "UPDATE outbox SET status = ?2, retry_count = ?3, next_retry_time = ?4"
        " WHERE id = ?1 AND status = 'INIT'"},
       {&house.dead,
        "SELECT id, type, biz_key, store_id, payload, status, retry_count, next_retry_time,"
        " created_at FROM outbox WHERE status = 'DEAD' ORDER BY id LIMIT ?1"},
       {&house.resend,
        "UPDATE outbox SET status = 'INIT', retry_count = 0, next_retry_time = ?2"
        " WHERE id = ?1 AND status = 'DEAD'"},
       {&house.figures,
        "SELECT (SELECT count(*) FROM outbox WHERE status = 'INIT'),"
        " (SELECT count(*) FROM outbox WHERE status = 'DEAD'),"
        " coalesce((SELECT created_at FROM outbox WHERE status = 'INIT' ORDER BY id LIMIT 1), -1)"},
       {&house.oldest, "SELECT id, created_at FROM outbox WHERE id > ?1 ORDER BY id LIMIT 500"},
       // The newest stays: the next row's id is counted from it.
       {&house.trim,
        "DELETE FROM outbox WHERE id > ?1 AND id <= ?2 AND status = 'DONE'"
        " AND id < (SELECT max(id) FROM outbox)"},
       {&house.next_turn, "UPDATE turnstile SET turns = turns + 1 WHERE id = 1 RETURNING turns"},
       {&house.cancel_unseen,
        "INSERT OR IGNORE INTO cancelled_order (order_id, store_id, reason, at)"
        " VALUES (?1, ?2, ?3, ?4)"},
       {&house.any_cancelled, "SELECT 1 FROM cancelled_order LIMIT 1"},
       {&house.is_cancelled, "SELECT store_id, reason FROM cancelled_order WHERE order_id = ?1"},
       {&house.forget_cancelled, "DELETE FROM cancelled_order WHERE at < ?1"}});
  if (!prepared) return pass_on(prepared);
  return house;
}

}  // namespace larder::relay
