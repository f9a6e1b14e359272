// A database of an earlier version is brought up to this one, and keeps everything.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include "relay/shards/migrations.hpp"
#include "relay/shards/shard_file.hpp"
#include "tests/shards/turn_house.hpp"

namespace larder::relay {
namespace {

// As the first release left it: schema 2, with a few rows.
void write_schema_two(const std::filesystem::path& file, const std::string& rows) {
  sqlite3* raw = nullptr;
  ASSERT_EQ(sqlite3_open(file.c_str(), &raw), SQLITE_OK);
  std::string script = "PRAGMA page_size=4096; PRAGMA encoding='UTF-8'; BEGIN;";
  for (const Migration& migration : relay_migrations()) {
    if (migration.number <= 2) script += migration.script;
  }
  script += rows + "COMMIT;";
  char* error = nullptr;
  EXPECT_EQ(sqlite3_exec(raw, script.c_str(), nullptr, nullptr, &error), SQLITE_OK)
      << (error == nullptr ? "" : error);
  sqlite3_free(error);
  sqlite3_close(raw);
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
  for (unsigned bucket_no = 0; bucket_no < kBuckets; ++bucket_no) {
    const ShardPlace place = BucketMap(2, kTables).place(bucket_no);
    old += "INSERT INTO bucket_map VALUES (" + std::to_string(bucket_no) + "," +
           std::to_string(place.database) + "," + std::to_string(place.table) + ");";
  }
  write_schema_two(file, old);
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

}  // namespace
}  // namespace larder::relay
