// Sums of the figures of a level that are known to stay in range, and its accounts to be changed.
// Who is not sure of the range asks add() and subtract() of core/base/quantity.hpp.
#pragma once

#include "core/stock/level.hpp"

namespace larder {

constexpr Quantity plus(Quantity a, Quantity b) {
  return Quantity::tenths(a.in_tenths() + b.in_tenths());
}
constexpr Quantity minus(Quantity a, Quantity b) {
  return Quantity::tenths(a.in_tenths() - b.in_tenths());
}

// nullptr: the channel has no account there.
ChannelAccount* account_of(StockLevel& level, const ChannelCode& channel);
// Made in its place when there is none yet.
ChannelAccount& account_for(StockLevel& level, const ChannelCode& channel);

}  // namespace larder
