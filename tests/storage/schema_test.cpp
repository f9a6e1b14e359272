// The schema as the database itself enforces it, its migrations, and the rules of a connection.
#include <unistd.h>

#include <array>
#include <deque>

#include "edge/storage/verify.hpp"
#include "tests/storage/store_fixture.hpp"

namespace larder::edge {
namespace {

// A store with five events, opened as the hub opens it, without the journal on top.
class OpenStore {
 public:
  OpenStore() {
    Author author;
    EXPECT_TRUE(open_and_recover(folder_.data()).journal->commit(author.group(5, 1)));
    auto opened = open_store(store_in(folder_.data()), kStore, edge_migrations());
    EXPECT_TRUE(opened) << opened.error().message();
    if (opened) connection_.emplace(std::move(*opened));
  }
  std::string error_of(const char* sql) {
    auto done = connection_->execute(sql);
    return done ? "" : done.error().message();
  }
  sql::Connection& connection() { return *connection_; }

 private:
  Folder folder_;
  std::optional<sql::Connection> connection_;
};

TEST(Schema, events_never_change_and_never_leave_before_retention) {
  OpenStore store;
  for (const char* sql :
       {"UPDATE events SET data = '{}' WHERE seq = 1", "UPDATE events SET seq = 9 WHERE seq = 5",
        "UPDATE OR REPLACE events SET seq = 2 WHERE seq = 5"}) {
    EXPECT_NE(store.error_of(sql).find("never changes"), std::string::npos) << sql;
  }
  for (const char* sql : {"DELETE FROM events WHERE seq = 5", "DELETE FROM events",
                          "REPLACE INTO events SELECT seq, epoch, hash, '{}' FROM events"}) {
    EXPECT_NE(store.error_of(sql).find("retention"), std::string::npos) << sql;
  }
  EXPECT_EQ(store.error_of("INSERT INTO meta VALUES ('events_let_go', '2')"), "");
  EXPECT_EQ(store.error_of("DELETE FROM events WHERE seq <= 2"), "");
  EXPECT_NE(store.error_of("DELETE FROM events WHERE seq = 3"), "");
  EXPECT_NE(store.error_of("UPDATE answers SET reply = ''"), "");
}

TEST(Schema, strict_tables_refuse_what_does_not_belong) {
  OpenStore store;
  const std::array<const char*, 8> bad = {
      "INSERT INTO events VALUES (6, 1, 'text of thirty-two bytes in all.', '{}')",
      "INSERT INTO events VALUES (6, 1, zeroblob(31), '{}')",
      "INSERT INTO events VALUES (6, 0, zeroblob(32), '{}')",
      "INSERT INTO events VALUES (6, 4294967296, zeroblob(32), '{}')",
      "INSERT INTO events VALUES (0, 1, zeroblob(32), '{}')",
      "INSERT INTO events VALUES (6, 'one', zeroblob(32), '{}')",
      "INSERT INTO events VALUES (6, 1, zeroblob(32), '')",
      "INSERT INTO answers (key, id, body, at, reply) VALUES (1, '', zeroblob(32), 1, '{}')"};
  for (const char* sql : bad) EXPECT_NE(store.error_of(sql), "") << sql;
  EXPECT_EQ(store.error_of("INSERT INTO events VALUES (6, 1, zeroblob(32), '{}')"), "");
}

TEST(Connection, attach_and_pragmas_are_refused_at_run_time) {
  OpenStore store;
  for (const char* sql : {"ATTACH ':memory:' AS other", "PRAGMA synchronous=OFF",
                          "PRAGMA journal_mode=DELETE", "PRAGMA user_version", "DETACH main"}) {
    EXPECT_NE(store.error_of(sql).find("not authorized"), std::string::npos) << sql;
  }
}

TEST(Connection, is_defensive_and_limited) {
  OpenStore store;
  EXPECT_NE(store.error_of("DELETE FROM sqlite_schema"), "");
  EXPECT_NE(store.error_of("SELECT load_extension('x')"), "");
  EXPECT_NE(store.error_of(("SELECT '" + std::string(40'000, 'x') + "'").c_str()), "");
  EXPECT_NE(store.error_of("SELECT \"no such column\""), "");
  auto memory = sql::Connection::open("", sql::Connection::Mode::Memory);
  EXPECT_FALSE(memory->execute("ATTACH ':memory:' AS other")) << "the limit alone refuses it";
}

TEST(Connection, answer_keys_come_from_the_index_alone) {
  OpenStore store;
  auto plan = store.connection().prepare(
      "EXPLAIN QUERY PLAN SELECT key FROM answers INDEXED BY answers_by_key");
  ASSERT_TRUE(plan);
  ASSERT_TRUE(*plan->step());
  EXPECT_NE(std::string(plan->text(3)).find("COVERING INDEX"), std::string::npos);
}

// The embedded migrations and `more` after them; `last` in the place of the last one's script.
std::vector<Migration> migrations_and(int more, const char* last = nullptr) {
  static constexpr std::array<const char*, 4> kScripts = {
      "ALTER TABLE events ADD COLUMN note TEXT;", "CREATE TABLE extra (x INTEGER) STRICT;",
      "CREATE TABLE more (x INTEGER) STRICT;", "DROP TABLE more;"};
  static std::deque<std::string> kept;  // a Migration does not own its script
  std::vector<Migration> list(edge_migrations().begin(), edge_migrations().end());
  for (int each = 0; each < more; ++each) {
    const int number = list.back().number + 1;
    kept.push_back(kScripts[std::size_t(each)] + std::string("PRAGMA user_version = ") +
                   std::to_string(number));
    const bool is_replaced = each + 1 == more && last != nullptr;
    list.push_back(Migration{number, "test", is_replaced ? last : kept.back().c_str()});
  }
  return list;
}

Result<Seq> start_with(const std::filesystem::path& data, const std::vector<Migration>& list) {
  auto journal = open_journal(data, kStore, JournalOptions{HubId(), 0, list});
  if (!journal) return pass_on(journal);
  auto recovered = (*journal)->recover();
  if (!recovered) return pass_on(recovered);
  return recovered->seq;
}

std::vector<std::filesystem::path> backups_in(const std::filesystem::path& data) {
  std::vector<std::filesystem::path> found;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(data / "backups", none)) {
    found.push_back(entry.path());
  }
  return found;
}

TEST(Migrations, the_embedded_ones_are_numbered_from_one_without_a_gap) {
  int number = 0;
  for (const Migration& migration : edge_migrations()) EXPECT_EQ(migration.number, ++number);
  EXPECT_GE(number, 1);
}

// It would sell on from books that are in doubt, or meet an event that it has no word for.
TEST(Migrations, a_store_from_before_identity_is_taken_on_and_its_hub_does_not_take_it_back) {
  const Folder folder;
  const std::vector<Migration> before(edge_migrations().begin(), edge_migrations().begin() + 2);
  {
    auto journal = open_journal(folder.data(), kStore, JournalOptions{HubId(), 0, before});
    ASSERT_TRUE(journal) << journal.error().message();
    ASSERT_TRUE((*journal)->recover());
    ASSERT_TRUE((*journal)->commit(Author().group(5)));
  }
  const std::vector<Migration> now = migrations_and(0);
  EXPECT_EQ(start_with(folder.data(), now).value(), 5U);
  ASSERT_EQ(backups_in(folder.data()).size(), 1U);
  const auto kept = verify_store(backups_in(folder.data()).front());
  ASSERT_TRUE(kept) << kept.error().message();
  EXPECT_EQ(kept->schema, 2);
  const auto old_hub = start_with(folder.data(), before);
  ASSERT_FALSE(old_hub);
  EXPECT_EQ(old_hub.error().code(), Code::NewerSchema);
  EXPECT_EQ(start_with(folder.data(), now).value(), 5U) << "it left the file as it was";
}

TEST(Migrations, an_existing_store_is_backed_up_then_upgraded_once) {
  const Folder folder;
  ASSERT_TRUE(open_and_recover(folder.data()).journal->commit(Author().group(5)));
  EXPECT_TRUE(backups_in(folder.data()).empty()) << "a new store needs no backup";
  EXPECT_EQ(start_with(folder.data(), migrations_and(1)).value(), 5U);
  ASSERT_EQ(backups_in(folder.data()).size(), 1U);
  auto report = verify_store(backups_in(folder.data()).front());
  ASSERT_TRUE(report) << report.error().message();
  EXPECT_TRUE(report->is_good()) << describe(*report);
  EXPECT_EQ(report->schema, edge_migrations().back().number);
  EXPECT_EQ(start_with(folder.data(), migrations_and(1)).value(), 5U);
  EXPECT_EQ(backups_in(folder.data()).size(), 1U) << "a second start changes nothing";
}

// The package of an earlier Larder reads the number there, and must not be installed over this
// store.
TEST(Migrations, the_new_schema_stands_in_the_file_itself_while_the_hub_runs) {
  const Folder folder;
  ASSERT_TRUE(open_and_recover(folder.data()).journal->commit(Author().group(5)));
  auto journal = open_journal(folder.data(), kStore, JournalOptions{HubId(), 0, migrations_and(1)});
  ASSERT_TRUE(journal);
  const std::string header = bytes_of(store_in(folder.data())).substr(0, 100);
  EXPECT_EQ(header.substr(60, 4),
            std::string({0, 0, 0, static_cast<char>(edge_migrations().back().number + 1)}));
}

// The upgrade once emptied the -wal while the file still said that its -wal was needed.
TEST(Migrations, case_102_a_kill_between_an_upgrade_and_its_recovery_is_of_no_consequence) {
  const Folder folder;
  const auto killed = [](const std::function<bool()>& work) {
    return wait_for(start_child([&] {
      ::_exit(work() ? 0 : 1);
      return 1;
    }));
  };
  ASSERT_EQ(killed([&] {
              auto opened = open_and_recover(folder.data());
              return opened.journal && opened.journal->commit(Author().group(5));
            }),
            0);
  const auto list = migrations_and(1);
  const JournalOptions upgraded{HubId(), 0, list};
  ASSERT_EQ(killed([&] {
              auto journal = open_journal(folder.data(), kStore, upgraded);
              if (!journal) return false;
              ::_exit(0);
            }),
            0);
  EXPECT_EQ(start_with(folder.data(), migrations_and(1)).value(), 5U);
}

TEST(Migrations, the_last_three_backups_are_kept) {
  const Folder folder;
  ASSERT_TRUE(open_and_recover(folder.data()).journal->commit(Author().group(5)));
  ASSERT_TRUE(take_backup(*open_and_recover(folder.data()).journal, "by-hand"));
  for (int more = 1; more <= 4; ++more) {
    ASSERT_TRUE(start_with(folder.data(), migrations_and(more)));
  }
  EXPECT_EQ(backups_in(folder.data()).size(), 4U) << "three of upgrades and the one made by hand";
}

TEST(Migrations, case_102_one_that_fails_at_any_statement_leaves_the_old_schema) {
  for (const char* script :
       {"ALTER TABLE events ADD COLUMN note TEXT; SELECT no_such_function(); PRAGMA user_version=3",
        "DROP TABLE answers; DROP TABLE nothing_like_it; PRAGMA user_version=3",
        "CREATE TABLE extra (x INTEGER) STRICT; PRAGMA user_version = 7", "not sql"}) {
    const Folder folder;
    ASSERT_TRUE(open_and_recover(folder.data()).journal->commit(Author().group(5, 1)));
    EXPECT_FALSE(start_with(folder.data(), migrations_and(1, script))) << script;
    auto [journal, recovered] = open_and_recover(folder.data());
    EXPECT_EQ(recovered.seq, 5U);
    EXPECT_EQ(recovered.answer_keys.size(), 1U);
  }
}

TEST(Migrations, case_100_and_124_an_older_larder_refuses_an_upgraded_store) {
  const Folder folder;
  ASSERT_TRUE(open_and_recover(folder.data()).journal->commit(Author().group(5)));
  ASSERT_TRUE(start_with(folder.data(), migrations_and(2)));
  const std::string before = bytes_of(store_in(folder.data()));
  auto old = open_journal(folder.data());
  ASSERT_FALSE(old);
  EXPECT_EQ(old.error().code(), Code::NewerSchema);
  EXPECT_TRUE(bytes_of(store_in(folder.data())) == before);
  EXPECT_EQ(start_with(folder.data(), migrations_and(2)).value(), 5U);
}

}  // namespace
}  // namespace larder::edge
