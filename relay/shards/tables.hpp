// The prepared statements of one set of sharded tables (one suffix) and of what a database has
// once. Life: as the connection. In every statement ?1 is the bucket and ?2 the store, so that
// tables are only reached through the key that other systems route by.
#pragma once

#include <array>
#include <initializer_list>
#include <string_view>
#include <utility>

#include "core/base/ids.hpp"
#include "platform/sqlite/sqlite.hpp"
#include "relay/shards/migrations.hpp"

namespace larder::relay {

// What an event writes.
struct StreamTables {
  sql::Statement put_event, event_at, hash_before, put_epoch, put_day, park;
  sql::Statement lose_orders, lose_days, lose_words, words_applied;
  sql::Statement parked, parked_line, unpark, rewait, is_told, has_order;
  sql::Statement lost_line, later_movement, later_order;
};
struct StockTables {
  sql::Statement put_level, put_movement, reserve, move_hold, end_hold, shrink_hold;
  sql::Statement poi_row, make_poi_row, poi_channels, put_poi_level, put_log;
  sql::Statement put_account, drop_account, put_oversell, resolve_oversell;
};
struct OrderTables {
  sql::Statement place, change, word_taken, word_learned;
};
struct MenuTables {
  sql::Statement put_merchant, put_product, put_sku, retire_products, retire_skus;
  sql::Statement make_level, retire_levels, put_whole;
};
// What HQ and the API ask for.
struct ReadTables {
  sql::Statement stock, stock_of, stock_of_sku, last_orders, low_stock;
  sql::Statement put_word, word_by_id, words_after, last_words;
  sql::Statement sync_poi, put_poi_channel, poi_changed;
};
struct BookTables {
  sql::Statement day, next_day, events, orders, order_sum, movements, movement_count, epochs;
};

// Leases, and the orders of the relay's channels.
struct RightsTables {
  sql::Statement grant, lease_of, recall, agree, end_epochs;
  sql::Statement leases_of_sku, leases_of_store, put_lease, ending, run_out, recalled, untold;
  sql::Statement refresh_figures, figures, refresh_poi, idle;
  sql::Statement sku_facts, last_turn;
  sql::Statement put_order, last_order, order_of, end_order, due, put_line, lines_of, end_lines,
      paid, undo_lines;
};

// What tills of other makes replay.
struct ReplayTables {
  sql::Statement event_of, put_event, events_of_sku, set_state, end_word, is_new, refuse_new;
  sql::Statement item, put_item, item_of_word, waiting, site_log, relay_draws;
  sql::Statement oversells, oversell, resolve_own, open_oversells;
};
// What the storefront asks for.
struct ShopTables {
  sql::Statement version, levels, menu, order, at_store, word;
};

// What holds a store's stock against its hub's.
struct ReconcileTables {
  sql::Statement levels, accounts, lent, parked, lost, put, last, shown, trim;
};

struct Tables {
  StreamTables stream;
  StockTables stock;
  OrderTables orders;
  MenuTables menu;
  ReadTables reads;
  BookTables books;
  RightsTables rights;
  ReplayTables replay;
  ShopTables shop;
  ReconcileTables reconcile;
};

// Not sharded.
struct HouseTables {
  sql::Statement marks, put_mark, move_mark, keep_fork, log;
  sql::Statement rescues, rescue, put_rescue;
  sql::Statement put_message, waiting, waiting_of, done, failed, dead, resend, figures, oldest,
      trim;
  sql::Statement next_turn, cancel_unseen, any_cancelled, is_cancelled, forget_cancelled;
};

using StatementText = std::pair<sql::Statement*, std::string_view>;
// '$' in a text stands for the suffix.
Result<void> prepare_all(sql::Connection& connection, unsigned table,
                         std::initializer_list<StatementText> texts);

Result<Tables> prepare_tables(sql::Connection& connection, unsigned table);
Result<HouseTables> prepare_house(sql::Connection& connection);

// Part of prepare_tables().
Result<void> prepare_written(sql::Connection& connection, unsigned table, Tables& tables);
Result<void> prepare_read(sql::Connection& connection, unsigned table, Tables& tables);
Result<void> prepare_rights(sql::Connection& connection, unsigned table, RightsTables& out);
Result<void> prepare_replay(sql::Connection& connection, unsigned table, ReplayTables& out);
Result<void> prepare_reconcile(sql::Connection& connection, unsigned table, ReconcileTables& out);
Result<void> prepare_shop(sql::Connection& connection, unsigned table, ShopTables& out);

}  // namespace larder::relay
