// A StockRecord of a row: of the statements that begin with the columns of ReadTables::stock.
#pragma once

#include "relay/app/ports.hpp"
#include "relay/shards/tables.hpp"

namespace larder::relay {

StockRecord record_of(const sql::Statement& row);

}  // namespace larder::relay
