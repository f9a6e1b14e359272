#include "core/stock/stock.hpp"

#include <algorithm>

#include "core/base/invariant.hpp"

namespace larder {

StockLevel Stock::level(const SkuId& sku) const {
  const auto found = levels_.find(sku);
  return found != levels_.end() ? found->second : StockLevel{};
}

const Hold* Stock::hold(const HoldId& id) const {
  const auto found = holds_.find(id);
  return found != holds_.end() ? &found->second : nullptr;
}

const Hold* Stock::hold_of(const OrderId& order) const {
  const auto found = hold_by_order_.find(order);
  return found != hold_by_order_.end() ? hold(found->second) : nullptr;
}

const Hold* Stock::cart_of(const DeviceId& device) const {
  const auto found = cart_by_device_.find(device);
  return found != cart_by_device_.end() ? hold(found->second) : nullptr;
}

std::vector<HoldId> Stock::expired(TimePoint at) const {
  std::vector<HoldId> ids;
  for (const auto& [id, hold] : holds_) {
    if (hold.expires_at <= at) ids.push_back(id);
  }
  return ids;
}

std::vector<SkuId> Stock::due(TimePoint at) const {
  std::vector<SkuId> skus;
  for (const auto& [when, sku] : due_) {
    if (when > at) break;
    skus.push_back(sku);
  }
  std::sort(skus.begin(), skus.end());
  return skus;
}

void Stock::apply(const Movement& movement) {
  invariant(level(movement.sku) == movement.before, "a movement starts from other figures");
  invariant(fits_the_books(movement.after), "a movement ends out of range");
  const StockLevel& before = movement.before;
  const StockLevel& after = movement.after;
  if (before.restore == RestoreRule::At) due_.erase({before.restore_at, movement.sku});
  if (after.restore == RestoreRule::At) due_.insert({after.restore_at, movement.sku});
  levels_[movement.sku] = after;
}

void Stock::open_hold(const Hold& hold) {
  const bool is_new = holds_.emplace(hold.id, hold).second;
  invariant(is_new, "a hold is opened twice");
  const bool is_alone = hold.kind == HoldKind::Order
                            ? hold_by_order_.emplace(hold.order, hold.id).second
                            : cart_by_device_.emplace(hold.device, hold.id).second;
  invariant(is_alone, "an order or a cart has two holds");
}

void Stock::move_hold_to_order(const HoldId& id, const OrderId& order, TimePoint expires_at) {
  const auto found = holds_.find(id);
  invariant(found != holds_.end() && found->second.kind == HoldKind::Cart, "no such cart hold");
  Hold& hold = found->second;
  cart_by_device_.erase(hold.device);
  hold.kind = HoldKind::Order;
  hold.order = order;
  hold.expires_at = expires_at;
  const bool is_alone = hold_by_order_.emplace(order, id).second;
  invariant(is_alone, "an order has two holds");
}

void Stock::shrink_hold(const HoldId& id, const std::vector<Demand>& demand) {
  const auto found = holds_.find(id);
  invariant(found != holds_.end(), "a hold that is not open shrinks");
  found->second.demand = demand;
}

void Stock::end_hold(const HoldId& id) {
  const auto found = holds_.find(id);
  invariant(found != holds_.end(), "a hold ends twice");
  if (found->second.kind == HoldKind::Order) {
    hold_by_order_.erase(found->second.order);
  } else {
    cart_by_device_.erase(found->second.device);
  }
  holds_.erase(found);
}

}  // namespace larder
