// The schema of the in-process bus's file: the scripts of schemas/sql/bus, embedded in the binary.
#pragma once

#include <span>

#include "platform/sqlite/migrations.hpp"

namespace larder::relay {

std::span<const sql::Migration> bus_migrations();

}  // namespace larder::relay
