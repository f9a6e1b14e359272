// Stock of one store: levels per SKU and the holds on them. Pure rules; no clock, no I/O; not
// thread-safe. The functions that answer movements change nothing; apply() changes the books and
// cannot fail: a movement that does not start from the books as they are breaks an invariant. Of a
// limited SKU, available + held stays in [0, kQuantityTenthsMax]. A hold goes LOCK -> OUT or LOCK
// -> UNLOCK and ends exactly once (two-phase transfer, as in TigerBeetle).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/limits.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"
#include "core/stock/level.hpp"

namespace larder {

enum class HoldKind { Cart, Order };

// An open hold. Ended holds leave the books; the journal remembers them.
struct Hold {
  HoldId id;
  HoldKind kind = HoldKind::Cart;
  DeviceId device;  // who asked
  OrderId order;    // empty for a cart
  std::vector<Demand> demand;
  TimePoint expires_at;
  bool operator==(const Hold&) const = default;
};

class Stock {
 public:
  // A SKU that nobody has counted or limited is unlimited and available.
  StockLevel level(const SkuId& sku) const;
  const std::map<SkuId, StockLevel>& levels() const { return levels_; }
  const std::map<HoldId, Hold>& holds() const { return holds_; }
  const Hold* hold(const HoldId& id) const;
  // The open hold of an order, if it has one.
  const Hold* hold_of(const OrderId& order) const;
  // The open cart hold of a device, if it has one; a device has at most one.
  const Hold* cart_of(const DeviceId& device) const;
  // Holds whose time has come, in order of id.
  std::vector<HoldId> expired(TimePoint at) const;

  // All or nothing. OutOfStock names the first SKU that falls short or is marked sold out.
  // Unlimited SKUs make no movement. For several steps in one decision see StockDraft.
  Result<std::vector<Movement>> lock(const std::vector<Demand>& demand) const;
  std::vector<Movement> out(const Hold& hold) const;
  std::vector<Movement> unlock(const Hold& hold) const;
  // A person's count of what can still be sold: sets `available`; what is held stays held. Makes
  // the SKU limited. BadQuantity when the figure, or it and what is held, is out of range.
  Result<Movement> count(const SkuId& sku, Quantity available) const;
  // The rule counts for SoldOut only: what is available again has none.
  Movement mark(const SkuId& sku, StockStatus status,
                RestoreRule restore = RestoreRule::Never) const;
  Result<Movement> limit(const SkuId& sku, StockType type, Quantity available) const;
  // Units that come back on the shelf after they went OUT (a void with restock). Unlimited SKUs
  // make no movement.
  Result<std::vector<Movement>> give_back(const std::vector<Demand>& demand) const;

  void apply(const Movement& movement);
  void open_hold(const Hold& hold);
  void move_hold_to_order(const HoldId& id, const OrderId& order, TimePoint expires_at);
  // What a hold still sets aside, after a line of its order is void.
  void shrink_hold(const HoldId& id, const std::vector<Demand>& demand);
  void end_hold(const HoldId& id);

 private:
  std::map<SkuId, StockLevel> levels_;
  std::map<HoldId, Hold> holds_;
  std::map<OrderId, HoldId> hold_by_order_;
  std::map<DeviceId, HoldId> cart_by_device_;
};

// Whether the figures of one SKU, and their sum, are in range.
bool fits_the_books(const StockLevel& level);
// True when one more tenth can be sold.
bool is_sellable(const StockLevel& level);

}  // namespace larder
