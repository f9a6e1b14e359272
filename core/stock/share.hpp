// Shares of a total by weight: the largest remainder method (Hamilton's). The shares and what is
// left over are the total, to the tenth. A total of whole units is shared out in whole units.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/quantity.hpp"

namespace larder {

struct Shares {
  std::vector<Quantity> shares;  // as the weights
  Quantity rest;                 // what no weight claims
};

// Weights in percent, each at most 100 and together at most 100; total at least zero. What they
// lack to 100 is the weight of the rest. Of equal remainders the earlier wins, the rest last.
Shares share_out(Quantity total, std::span<const std::uint32_t> weights);

// The same in proportion to figures, with nothing left over; all zero when they are.
std::vector<Quantity> share_in_proportion(Quantity total, std::span<const Quantity> figures);

}  // namespace larder
