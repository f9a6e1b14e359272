// How the hub shares its rights with the relay: how much one ask is granted, and when idle rights
// are called back. Escrow, as in O'Neil's
// method and in bounded counters: neither side is left with nothing while the other sits on
// everything, and what is scarce stays where it can be asked from.
#pragma once

#include <optional>

#include "core/stock/lease.hpp"
#include "core/stock/level.hpp"

namespace larder {

// Of a channel's own quota all that is asked and there; of the pool a small part, in whole
// units when the pool is whole, but as much as somebody waits for now. Zero: nothing now.
Quantity grant_for(const StockLevel& level, const ChannelCode& channel, Quantity asked,
                   Quantity awaited);

// What a lease may keep when the hub runs dry: a third of what hub and relay have together of this
// SKU, in proportion to what this lease has of all that is leased. None: the hub has enough.
std::optional<Quantity> recall_to(const StockLevel& level, const Lease& lease);

}  // namespace larder
