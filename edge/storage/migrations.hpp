// The schema of a store file: the scripts of schemas/sql/edge, embedded in the binary.
#pragma once

#include <cstdint>
#include <span>

#include "platform/sqlite/migrations.hpp"

namespace larder::edge {

using sql::Migration;

inline constexpr std::int64_t kApplicationId = 0x4C524452;  // "LRDR"

// In order.
std::span<const Migration> edge_migrations();

}  // namespace larder::edge
