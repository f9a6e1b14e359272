// The schema of a SQLite file as numbered steps, embedded in the binary; each runs once, whole or
// not at all. Released steps never change.
#pragma once

#include <cstdint>
#include <span>

#include "platform/sqlite/sqlite.hpp"

namespace larder::sql {

struct Migration {
  int number;        // 1, 2, 3 ... ; the script sets PRAGMA user_version to it
  const char* name;  // the file it was made from
  const char* script;
};

// Runs what the file lacks, one transaction each. NewerSchema when the file is ahead of the list.
Result<void> migrate(Connection& connection, std::span<const Migration> migrations);
Result<std::int64_t> schema_number(Connection& connection);

// Every table, index and trigger as one hash: a trigger dropped by hand changes it.
Result<Sha256> schema_fingerprint(Connection& connection);
// What it is after these migrations on an empty database.
Result<Sha256> expected_fingerprint(std::span<const Migration> migrations);

}  // namespace larder::sql
