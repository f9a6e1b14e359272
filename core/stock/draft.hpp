// StockDraft: what the levels would be after the movements of a decision that is still being made.
// It overlays the few SKUs that moved on the books, which it does not copy; they must outlive it.
// Not thread-safe.
#pragma once

#include <map>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/result.hpp"
#include "core/stock/level.hpp"
#include "core/stock/stock.hpp"

namespace larder {

class StockDraft {
 public:
  explicit StockDraft(const Stock& stock) : stock_(stock) {}

  StockLevel level(const SkuId& sku) const;

  // As the functions of Stock with these names, one after the other. A refusal leaves the draft as
  // it was.
  Result<std::vector<Movement>> lock(const std::vector<Demand>& demand);
  std::vector<Movement> out(const Hold& hold);
  std::vector<Movement> unlock(const Hold& hold);
  Result<std::vector<Movement>> give_back(const std::vector<Demand>& demand);
  Result<Movement> count(const SkuId& sku, Quantity available);
  Movement mark(const SkuId& sku, StockStatus status, RestoreRule restore);
  Result<Movement> limit(const SkuId& sku, StockType type, Quantity available);
  // What comes back when a business day opens: every SKU that was marked sold out until then, in
  // order of SKU.
  std::vector<Movement> restore_for_new_day();

 private:
  Movement move(const SkuId& sku, MovementKind kind, const StockLevel& after);

  const Stock& stock_;
  std::map<SkuId, StockLevel> moved_;
};

}  // namespace larder
