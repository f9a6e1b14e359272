// Holds: LOCK draws from a channel's quota or the pool; OUT and UNLOCK end what it set aside.
#include <algorithm>

#include "core/base/invariant.hpp"
#include "core/base/limits.hpp"
#include "core/stock/draft.hpp"
#include "core/stock/figures.hpp"

namespace larder {
namespace {

Refused sold_out(const SkuId& sku) {
  return refuse(Code::OutOfStock, sku.text() + ": sold out", sku.text());
}

Refused sold_out_there(const SkuId& sku, const ChannelCode& channel) {
  return refuse(Code::OutOfStock, sku.text() + ": sold out on " + channel.text(), sku.text());
}

Refused too_few(const SkuId& sku, Quantity left, Quantity wanted) {
  return refuse(Code::OutOfStock,
                sku.text() + ": " + left.text() + " left, " + wanted.text() + " wanted",
                sku.text());
}

Quantity less(Quantity from, Quantity part) {
  invariant(part.in_tenths() >= 0 && part <= from, "a hold sets aside more than its SKU shows");
  return minus(from, part);
}

// Takes one demand from `level`; answers whether it came from the channel's quota.
Result<bool> draw(StockLevel& level, const Demand& need, const ChannelCode& channel) {
  if (need.quantity.in_tenths() <= 0 || need.quantity.in_tenths() > kQuantityTenthsMax) {
    return refuse(Code::BadQuantity, "A demand is above 0", need.sku.text());
  }
  if (level.status == StockStatus::SoldOut) return sold_out(need.sku);
  ChannelAccount* const account = account_of(level, channel);
  if (account != nullptr && account->status == StockStatus::SoldOut) {
    return sold_out_there(need.sku, channel);
  }
  if (level.type == StockType::Unlimited) return false;
  if (level.available < need.quantity) return too_few(need.sku, level.available, need.quantity);
  const bool from_quota = account != nullptr && left_of(*account) >= need.quantity;
  if (!from_quota && pool_of(level) < need.quantity) {
    return too_few(need.sku, most_for(level, channel), need.quantity);
  }
  if (from_quota) account->sold = plus(account->sold, need.quantity);
  level.available = less(level.available, need.quantity);
  level.held = plus(level.held, need.quantity);
  return from_quota;
}

}  // namespace

StockLevel StockDraft::level(const SkuId& sku) const {
  const auto found = moved_.find(sku);
  return found != moved_.end() ? found->second : stock_.level(sku);
}

Movement StockDraft::move(const SkuId& sku, MovementKind kind, const StockLevel& after) {
  Movement movement{sku, kind, level(sku), after};
  moved_[sku] = after;
  return movement;
}

Result<Drawn> StockDraft::lock(const std::vector<Demand>& demand, const ChannelCode& channel) {
  const std::map<SkuId, StockLevel> moved_before = moved_;
  Drawn drawn;
  for (const Demand& need : demand) {
    StockLevel after = level(need.sku);
    const Result<bool> from_quota = draw(after, need, channel);
    if (!from_quota) {
      moved_ = moved_before;
      return pass_on(from_quota);
    }
    if (after.type == StockType::Unlimited) continue;
    if (*from_quota) drawn.from_quota.push_back(need.sku);
    drawn.movements.push_back(move(need.sku, MovementKind::Lock, after));
  }
  std::sort(drawn.from_quota.begin(), drawn.from_quota.end());
  return drawn;
}

std::vector<Movement> StockDraft::out(const Hold& hold) {
  std::vector<Movement> movements;
  for (const Demand& part : hold.demand) {
    StockLevel after = level(part.sku);
    after.held = less(after.held, part.quantity);
    movements.push_back(move(part.sku, MovementKind::Out, after));
  }
  return movements;
}

std::vector<Movement> StockDraft::unlock(const Hold& hold) {
  std::vector<Movement> movements;
  for (const Demand& part : hold.demand) {
    StockLevel after = level(part.sku);
    after.held = less(after.held, part.quantity);
    // A SKU that became unlimited meanwhile has no figure to give the units back to.
    if (after.type == StockType::Limited) {
      after.available = plus(after.available, part.quantity);
      ChannelAccount* const account = account_of(after, hold.channel);
      const bool from_quota =
          std::binary_search(hold.from_quota.begin(), hold.from_quota.end(), part.sku);
      // A quota that was shared out anew meanwhile takes back no more than it gave: the rest is
      // the pool's.
      if (account != nullptr && from_quota) {
        account->sold = less(account->sold, std::min(account->sold, part.quantity));
      }
    }
    movements.push_back(move(part.sku, MovementKind::Unlock, after));
  }
  return movements;
}

Result<std::vector<Movement>> StockDraft::give_back(const std::vector<Demand>& demand) {
  const std::map<SkuId, StockLevel> moved_before = moved_;
  std::vector<Movement> movements;
  for (const Demand& part : demand) {
    StockLevel after = level(part.sku);
    if (after.type == StockType::Unlimited) continue;
    const Result<Quantity> available = add(after.available, part.quantity);
    if (available) after.available = *available;
    if (!available || !fits_the_books(after)) {
      moved_ = moved_before;
      return refuse(Code::Overflow, part.sku.text() + ": more than the books can hold",
                    part.sku.text());
    }
    movements.push_back(move(part.sku, MovementKind::Return, after));
  }
  return movements;
}

}  // namespace larder
