#include "platform/sqlite/migrations.hpp"

#include <string>
#include <utility>

namespace larder::sql {
namespace {

Result<void> run_one(Connection& connection, const Migration& migration) {
  auto transaction = Transaction::begin(connection);
  if (!transaction) return pass_on(transaction);
  auto ran = connection.execute(migration.script);
  if (!ran) {
    return refuse(ran.error().code(),
                  std::string("Migration ") + migration.name + ": " + ran.error().message());
  }
  auto reached = schema_number(connection);
  if (!reached) return pass_on(reached);
  if (*reached != migration.number) {
    return refuse(Code::StorageFault, std::string("Migration ") + migration.name +
                                          " does not set user_version to its number");
  }
  return transaction->commit();
}

}  // namespace

Result<std::int64_t> schema_number(Connection& connection) {
  return connection.integer("PRAGMA user_version");
}

Result<void> migrate(Connection& connection, std::span<const Migration> migrations) {
  auto at = schema_number(connection);
  if (!at) return pass_on(at);
  if (!migrations.empty() && *at > migrations.back().number) {
    return refuse(Code::NewerSchema,
                  "The store file was written by a later Larder (schema " + std::to_string(*at) +
                      ", this one knows " + std::to_string(migrations.back().number) +
                      "): start that version, or restore a backup made before the upgrade");
  }
  for (const Migration& migration : migrations) {
    if (migration.number <= *at) continue;
    auto ran = run_one(connection, migration);
    if (!ran) return ran;
  }
  return {};
}

Result<Sha256> schema_fingerprint(Connection& connection) {
  auto rows = connection.prepare(
      "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema ORDER BY type, name");
  if (!rows) return pass_on(rows);
  std::string all;
  for (;;) {
    auto row = rows->step();
    if (!row) return pass_on(row);
    if (!*row) break;
    for (int column = 0; column < 4; ++column) {
      all += rows->text(column);
      all += '\0';
    }
  }
  return sha256(all);
}

Result<Sha256> expected_fingerprint(std::span<const Migration> migrations) {
  auto empty = Connection::open("", Connection::Mode::Memory);
  if (!empty) return pass_on(empty);
  auto migrated = migrate(*empty, migrations);
  if (!migrated) return pass_on(migrated);
  return schema_fingerprint(*empty);
}

}  // namespace larder::sql
