#include "core/stock/stock.hpp"

#include "core/base/invariant.hpp"
#include "core/stock/draft.hpp"

namespace larder {

bool fits_the_books(const StockLevel& level) {
  return level.available.in_tenths() >= 0 && level.held.in_tenths() >= 0 &&
         level.available.in_tenths() <= kQuantityTenthsMax &&
         level.held.in_tenths() <= kQuantityTenthsMax - level.available.in_tenths();
}

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

Result<std::vector<Movement>> Stock::lock(const std::vector<Demand>& demand) const {
  return StockDraft(*this).lock(demand);
}

std::vector<Movement> Stock::out(const Hold& hold) const { return StockDraft(*this).out(hold); }

std::vector<Movement> Stock::unlock(const Hold& hold) const {
  return StockDraft(*this).unlock(hold);
}

Result<Movement> Stock::count(const SkuId& sku, Quantity available) const {
  return StockDraft(*this).count(sku, available);
}

Movement Stock::mark(const SkuId& sku, StockStatus status, RestoreRule restore) const {
  return StockDraft(*this).mark(sku, status, restore);
}

Result<Movement> Stock::limit(const SkuId& sku, StockType type, Quantity available) const {
  return StockDraft(*this).limit(sku, type, available);
}

Result<std::vector<Movement>> Stock::give_back(const std::vector<Demand>& demand) const {
  return StockDraft(*this).give_back(demand);
}

void Stock::apply(const Movement& movement) {
  invariant(level(movement.sku) == movement.before, "a movement starts from other figures");
  invariant(fits_the_books(movement.after), "a movement ends out of range");
  levels_[movement.sku] = movement.after;
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

bool is_sellable(const StockLevel& level) {
  return level.status == StockStatus::Available &&
         (level.type == StockType::Unlimited || level.available.in_tenths() > 0);
}

}  // namespace larder
