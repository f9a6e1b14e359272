// What a store knows of one SKU: how it is sold, how much is there, how much is set aside.
#pragma once

#include "core/base/ids.hpp"
#include "core/base/quantity.hpp"

namespace larder {

enum class StockType { Unlimited, Limited };
enum class StockStatus {
  Available,
  SoldOut
};  // SoldOut: said by a person (86); a limited SKU is also out at zero

// When a SKU that a person marked sold out comes back by itself.
enum class RestoreRule { Never, NextDay };

struct StockLevel {
  StockType type = StockType::Unlimited;
  StockStatus status = StockStatus::Available;
  Quantity available;                        // of a limited SKU; zero and meaningless otherwise
  Quantity held;                             // set aside by open holds
  RestoreRule restore = RestoreRule::Never;  // of one marked SoldOut; Never otherwise
  bool operator==(const StockLevel&) const = default;
};

// One change of one account, with the figures before and after: the audit line of the estate.
// Restore: the hub itself, when the business day opens.
enum class MovementKind { Lock, Out, Unlock, Count, Mark, Limit, Return, Restore };

struct Movement {
  SkuId sku;
  MovementKind kind = MovementKind::Lock;
  StockLevel before;
  StockLevel after;
  bool operator==(const Movement&) const = default;
};

// What an order or a cart needs, one entry per SKU (lines that use the same SKU are summed before).
struct Demand {
  SkuId sku;
  Quantity quantity;
  bool operator==(const Demand&) const = default;
};

}  // namespace larder
