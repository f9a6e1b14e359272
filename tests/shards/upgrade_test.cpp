// A database of an earlier version is brought up to this one, and keeps everything.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>

#include "relay/shards/migrations.hpp"
#include "relay/shards/shard_file.hpp"
#include "tests/shards/turn_house.hpp"

namespace larder::relay {
namespace {

// As an earlier release left it, with a few rows.
void write_schema(int number, const std::filesystem::path& file, const std::string& rows) {
  sqlite3* raw = nullptr;
  ASSERT_EQ(sqlite3_open(file.c_str(), &raw), SQLITE_OK);
  std::string script = "PRAGMA page_size=4096; PRAGMA encoding='UTF-8'; BEGIN;";
  for (const Migration& migration : relay_migrations()) {
    if (migration.number <= number) script += migration.script;
  }
  script += rows + "COMMIT;";
  char* error = nullptr;
  EXPECT_EQ(sqlite3_exec(raw, script.c_str(), nullptr, nullptr, &error), SQLITE_OK)
      << (error == nullptr ? "" : error);
  sqlite3_free(error);
  sqlite3_close(raw);
}

std::string map_rows() {
  std::string rows;
  for (unsigned bucket = 0; bucket < kBuckets; ++bucket) {
    const ShardPlace place = BucketMap(2, kTables).place(bucket);
    rows += "INSERT INTO bucket_map VALUES (" + std::to_string(bucket) + "," +
            std::to_string(place.database) + "," + std::to_string(place.table) + ");";
  }
  return rows;
}

TEST(Upgrade, the_numbers_have_no_gap_and_come_once) {
  int number = 0;
  for (const Migration& migration : relay_migrations()) EXPECT_EQ(migration.number, ++number);
}

TEST(Upgrade, a_database_of_schema_two_keeps_its_rows_and_can_lease) {
  TurnHouse house;
  const StoreId store = house.hub.store();
  const std::size_t database = house.shards->database_of(store);
  const std::string suffix = suffix_of(store);
  const std::string bucket = std::to_string(bucket_of(store));
  house.shards.reset();
  const auto file = house.folder.path() / shard_file_name(database);
  for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(file.string() + end);
  std::string old = "INSERT INTO inventory" + suffix +
                    " (product_shard_id, store_id, sku_id, current_stock, locked_stock, version,"
                    " stock_type, stock_status, created_at, updated_at) VALUES (" +
                    bucket + ", 's1', 'soup', 70, 30, 5, 2, 1, 1, 2);" + "INSERT INTO reservation" +
                    suffix +
                    " (product_shard_id, store_id, order_id, sku_id, qty, reservation_type,"
                    " status, expires_at, created_at, updated_at) VALUES (" +
                    bucket + ", 's1', 's1/20261121-0001', 'soup', 30, 'order', 'LOCK', 9, 1, 1);";
  // Menus as a hub of that time sent them, and an event that only speaks of one.
  const auto event_row = [&](int seq, const std::string& body, int epoch = 1) {
    old += "INSERT INTO store_events" + suffix + " VALUES (" + bucket + ", 's1', " +
           std::to_string(seq) + ", " + std::to_string(epoch) + ", 0, 7, zeroblob(32), CAST('" +
           R"({"at":7,"cmd":"c1","by":"admin","event":")" + body + "' AS BLOB));";
  };
  const auto menu_row = [&](int seq, const std::string& menu, int epoch = 1) {
    event_row(seq, R"(menu.imported","body":{"menu":)" + menu + "}}", epoch);
  };
  menu_row(101, R"({"version":1,"items":[]})");
  event_row(102, R"(order.placed","body":{"order":{"note":"menu.imported"}}})");
  // The hub was restored to before 104: what it had sent of epoch 1 from there on is lost.
  menu_row(108, R"({"version":5,"items":["lost"]})");
  old += "INSERT INTO store_epochs" + suffix + " VALUES (" + bucket + ", 's1', 2, 104, 5, 7);";
  menu_row(105, R"({"version":2,"items":["soup"]})", 2);
  // No menu, whatever it calls itself: not read, too long a number, cut off, put aside.
  event_row(106, R"(menu.imported","body":{"menu":)", 2);
  menu_row(107, R"({"version":"x"})", 2);
  menu_row(109, R"({"version":99999999999999999999})", 2);
  menu_row(110, "7", 2);
  menu_row(111, R"({"version":9,"items":["parked"]})", 2);
  old += "INSERT INTO parked_events" + suffix + " VALUES (" + bucket +
         ", 's1', 111, 2, 0, 'not understood', 7);";
  old += map_rows();
  write_schema(2, file, old);
  house.open();
  const auto soup = house.record("soup");
  ASSERT_TRUE(soup);
  EXPECT_EQ(soup->level.available, Quantity::tenths(70));
  EXPECT_EQ(soup->level.held, Quantity::tenths(30));
  EXPECT_EQ(house.ask("SELECT order_id, qty, status, lease_id FROM reservation$"),
            std::vector<std::string>{"s1/20261121-0001|30|LOCK|"});
  const auto menu = house.shards->shard(database).shop_rows()->shop_menu(store);
  ASSERT_TRUE(menu);
  EXPECT_EQ(*menu, R"({"version":2,"items":["soup"]})") << "the newest that is kept";
  EXPECT_TRUE(std::filesystem::exists(file.string() + ".before-" +
                                      std::to_string(relay_migrations().back().number)))
      << "a copy of how it was";
  house.count("soup", 100);
  house.grant("soup", 10);
  EXPECT_EQ(code_of(house.reserve("A-1", "soup", 4)), "ok");
}

// What schema 8 knew of one store: a lease, an order of two lines at the turnstile, a hub's hold, a
// movement of each, and an outbox whose newest rows have gone.
std::string rows_of_schema_eight(const std::string& suffix, const std::string& bucket) {
  const std::string key = "(" + bucket + ", 's1', ";
  const std::string into = "INSERT INTO ";
  std::string rows = map_rows();
  rows +=
      "INSERT INTO store_stream (store_id, product_shard_id, hub_id, epoch, up_to, hash,"
      " last_event_at, last_commit_at) VALUES ('s1', " +
      bucket + ", 'hub-1', 1, 0, zeroblob(32), 1, 1);";
  for (const char* sku : {"soup", "tea"}) {
    const std::string name = std::string("'") + sku + "'";
    rows +=
        into + "inventory" + suffix +
        " (product_shard_id, store_id, sku_id, current_stock, locked_stock, version,"
        " stock_type, stock_status, created_at, updated_at, relay_stock, relay_locked) VALUES " +
        key + name + ", 70, 30, 5, 2, 1, 1, 2, 70, 30);";
    rows += into + "lease" + suffix +
            " (product_shard_id, store_id, epoch, lease_id, sku_id, channel_code, granted, held,"
            " granted_at, expires_at, updated_at) VALUES " +
            key + "1, 'L-" + sku + "', " + name + ", '', 100, 30, 1, 9000000000000000, 1);";
    rows += into + "reservation" + suffix +
            " (product_shard_id, store_id, order_id, sku_id, qty, reservation_type, status,"
            " expires_at, created_at, updated_at, channel_code, lease_id, lease_epoch) VALUES " +
            key + "'A-1', " + name +
            ", 30, 'order', 'LOCK', 9000000000000000, 5, 5, 'online_order', 'L-" + sku + "', 1);";
  }
  rows += into + "channel_order" + suffix +
          " (product_shard_id, store_id, order_id, channel_code, reservation_type, asked, status,"
          " expires_at, created_at, updated_at) VALUES " +
          key +
          "'A-1', 'online_order', 'order', 'soup=30,tea=30', 'LOCK', 9000000000000000, 5, 5);";
  rows += into + "reservation" + suffix +
          " (product_shard_id, store_id, order_id, sku_id, qty, reservation_type, status,"
          " expires_at, version, created_at, updated_at) VALUES " +
          key + "'s1/20261121-0001', 'soup', 10, 'order', 'OUT', 9, 2, 1, 4);";
  for (const auto& [seq, id] : {std::pair("-2", "s1/relay/2"), std::pair("7", "s1/1/7/0")}) {
    rows += into + "inventory_transactions" + suffix + " VALUES " + key + seq + ", 0, 0, '" + id +
            "', 'A-1', 'soup', 'reserve', -30, 30, 70, 30, 100, 100, 'reservation', 'L', '', 'x',"
            " '', 5);";
  }
  for (const auto& [id, status] : {std::pair("3", "DONE"), std::pair("4", "INIT"),
                                   std::pair("6", "DEAD"), std::pair("9", "DONE")}) {
    rows += into +
            "outbox (id, type, biz_key, store_id, payload, status, next_retry_time,"
            " created_at) VALUES (" +
            id + ", 't', 'k" + id + "', 's1', '{}', '" + status + "', 1, 1);";
  }
  return rows;
}

TEST(Upgrade, a_database_of_schema_eight_keeps_its_orders_under_their_numbers) {
  TurnHouse house;
  const StoreId store = house.hub.store();
  const std::size_t database = house.shards->database_of(store);
  house.shards.reset();
  const auto file = house.folder.path() / shard_file_name(database);
  for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(file.string() + end);
  write_schema(8, file, rows_of_schema_eight(suffix_of(store), std::to_string(bucket_of(store))));
  house.open();
  using Strings = std::vector<std::string>;
  EXPECT_EQ(house.ask("SELECT order_id, sku_id, qty, status, version, lease_id, channel_order > 0"
                      " FROM reservation$ ORDER BY order_id, sku_id"),
            (Strings{"A-1|soup|30|LOCK|1|L-soup|1", "A-1|tea|30|LOCK|1|L-tea|1",
                     "s1/20261121-0001|soup|10|OUT|2||0"}));
  EXPECT_EQ(house.ask("SELECT seq, txn_id FROM inventory_transactions$ ORDER BY seq"),
            (Strings{"-2|s1/relay/2", "7|s1/1/7/0"}));
  EXPECT_EQ(house.ask("SELECT id, status FROM outbox ORDER BY id"),
            (Strings{"3|DONE", "4|INIT", "6|DEAD", "9|DONE"}));
  const auto waiting = house.shards->outbox_waiting(database, 0, 10);
  ASSERT_TRUE(waiting);
  ASSERT_EQ(waiting->size(), 1U);
  EXPECT_EQ(waiting->front().id, 4);
  EXPECT_EQ(code_of(house.reserve("A-1", "soup", 9)), "key_reuse") << "the number is known";
  const TurnOutcome paid = house.confirm("A-1");
  ASSERT_TRUE(paid.lines) << paid.lines.error().message();
  EXPECT_EQ(paid.lines->size(), 2U);
  EXPECT_EQ(house.lease("L-tea").sold, Quantity::tenths(30));
  EXPECT_EQ(house.ask("SELECT min(id) FROM outbox WHERE id > 9"), Strings{"10"});
  EXPECT_EQ(code_of(house.reserve("A-2", "soup", 1)), "ok");
  EXPECT_EQ(house.ask("SELECT order_id FROM channel_order$ ORDER BY id"), (Strings{"A-1", "A-2"}));
}

// For such a rule SQLite makes a table in memory for every row that is written, which took a third
// of a reserve.
TEST(Upgrade, no_rule_of_a_column_lists_three_texts_or_more) {
  TurnHouse house;
  for (const std::string& table :
       house.ask("SELECT name || ': ' || sql FROM sqlite_schema WHERE sql IS NOT NULL")) {
    std::size_t at = 0;
    while ((at = table.find(" IN (", at)) != std::string::npos) {
      const std::string list = table.substr(at, table.find(')', at) - at);
      EXPECT_LE(std::count(list.begin(), list.end(), ','), 1) << table.substr(0, 60) << list;
      ++at;
    }
  }
}

// Rows of one SKU over the last days, among many others: asked for with every replay.
TEST(Upgrade, what_the_relay_has_drawn_of_a_sku_is_found_without_a_walk) {
  TurnHouse house;
  const auto plan = house.ask(
      "EXPLAIN QUERY PLAN SELECT sum(qty) FROM reservation$ WHERE product_shard_id = 1"
      " AND store_id = 's1' AND sku_id = 'soup' AND lease_id <> '' AND updated_at > 5");
  ASSERT_EQ(plan.size(), 1U);
  EXPECT_NE(plan.front().find("_drawn (product_shard_id=? AND store_id=? AND sku_id=? AND"),
            std::string::npos)
      << plan.front();
}

}  // namespace
}  // namespace larder::relay
