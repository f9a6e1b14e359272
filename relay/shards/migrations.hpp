// The schema of a database of the relay, from schemas/sql/relay, embedded in the binary.
#pragma once

#include <span>

#include "platform/sqlite/migrations.hpp"

namespace larder::relay {

using sql::Migration;

inline constexpr unsigned kTables = 4;  // suffixes _0 to _3 that the schema has

std::span<const Migration> relay_migrations();

}  // namespace larder::relay
