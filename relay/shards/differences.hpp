// Sentences for people: in what two sides differ about a SKU.
#pragma once

#include <string>

#include "core/stock/level.hpp"

namespace larder::relay {

// "available 3.0 at the hub, 5.0 at the relay; ..."; empty: they are the same.
std::string difference_of(const StockLevel& hub, const StockLevel& relay);
// What the hub has handed over, against the leases that are kept here.
std::string lent_difference(Quantity hub, Quantity relay);

}  // namespace larder::relay
