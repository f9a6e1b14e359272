// SmallShop: a store's ledger in memory for measurements of the rules alone: a menu of plain SKUs,
// one till, one relay, and a clock that the caller moves. A refusal changes nothing.
#pragma once

#include <string>
#include <vector>

#include "core/ledger/ledger.hpp"

namespace larder::prove {

class SmallShop {
 public:
  // Each SKU costs 1.00 and is sold everywhere.
  explicit SmallShop(const std::vector<std::string>& skus);

  Result<Decision> run(const Asker& asker, const Command& command);
  // The same, when a refusal would be a fault of the caller: ends the process.
  Decision must(const Asker& asker, const Command& command);
  void wait(std::int64_t seconds) { now.at = now.at + Duration::seconds(seconds); }
  StockLevel level(const std::string& sku) const { return ledger.stock.level(SkuId(sku)); }

  Ledger ledger;
  Now now{TimePoint{1'795'254'300'000'000}, BusinessDay{20261121}};
  Asker till{DeviceId("till-1"), Role::Till};
  Asker kiosk{DeviceId("kiosk-1"), Role::Kiosk};
  Asker hq{DeviceId("hq:alice"), Role::Admin};
  Asker relay{DeviceId("hq:relay"), Role::Admin};
  Asker hub;
};

// An order of so many of each, paid by card.
PlaceOrder paid_order(const std::vector<Demand>& wanted);

}  // namespace larder::prove
