// The schema of a store file as numbered steps, embedded in the binary; each runs once, whole or
// not at all. Released steps never change (schemas/sql/edge).
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "edge/storage/sqlite.hpp"

namespace larder::edge {

struct Migration {
  int number;        // 1, 2, 3 ... ; the script sets PRAGMA user_version to it
  const char* name;  // the file it was made from
  const char* script;
};

inline constexpr std::int64_t kApplicationId = 0x4C524452;  // "LRDR"

// Those of schemas/sql/edge, in order.
std::span<const Migration> edge_migrations();

// Runs what the file lacks, one transaction each. NewerSchema when the file is ahead of the list.
Result<void> migrate(sql::Connection& connection, std::span<const Migration> migrations);
Result<std::int64_t> schema_number(sql::Connection& connection);

// Every table, index and trigger as one hash: a trigger dropped by hand changes it.
Result<Sha256> schema_fingerprint(sql::Connection& connection);
// What it is after these migrations on an empty database.
Result<Sha256> expected_fingerprint(std::span<const Migration> migrations);

}  // namespace larder::edge
