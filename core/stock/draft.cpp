#include "core/stock/draft.hpp"

#include "core/base/invariant.hpp"

namespace larder {
namespace {

Refused sold_out(const SkuId& sku) {
  return refuse(Code::OutOfStock, sku.text() + ": sold out", sku.text());
}

Refused too_few(const SkuId& sku, Quantity left, Quantity wanted) {
  return refuse(Code::OutOfStock,
                sku.text() + ": " + left.text() + " left, " + wanted.text() + " wanted",
                sku.text());
}

Refused bad_figure(const SkuId& sku) {
  return refuse(Code::BadQuantity,
                sku.text() + ": a count is from 0 to 100000000, with what is held", sku.text());
}

Quantity less(Quantity from, Quantity part) {
  invariant(part.in_tenths() >= 0 && part <= from, "a hold sets aside more than its SKU shows");
  return Quantity::tenths(from.in_tenths() - part.in_tenths());
}

Quantity more(Quantity to, Quantity part) {
  return Quantity::tenths(to.in_tenths() + part.in_tenths());
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

Result<std::vector<Movement>> StockDraft::lock(const std::vector<Demand>& demand) {
  const std::map<SkuId, StockLevel> moved_before = moved_;
  std::vector<Movement> movements;
  for (const Demand& need : demand) {
    StockLevel after = level(need.sku);
    Result<std::vector<Movement>> refusal;
    if (need.quantity.in_tenths() <= 0 || need.quantity.in_tenths() > kQuantityTenthsMax) {
      refusal = refuse(Code::BadQuantity, "A demand is above 0", need.sku.text());
    } else if (after.status == StockStatus::SoldOut) {
      refusal = sold_out(need.sku);
    } else if (after.type == StockType::Limited && after.available < need.quantity) {
      refusal = too_few(need.sku, after.available, need.quantity);
    }
    if (!refusal) {
      moved_ = moved_before;
      return refusal;
    }
    if (after.type == StockType::Unlimited) continue;
    after.available = less(after.available, need.quantity);
    after.held = more(after.held, need.quantity);
    movements.push_back(move(need.sku, MovementKind::Lock, after));
  }
  return movements;
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
    if (after.type == StockType::Limited) after.available = more(after.available, part.quantity);
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
    if (!available || !add(*available, after.held)) {
      moved_ = moved_before;
      return refuse(Code::Overflow, part.sku.text() + ": more than the books can hold",
                    part.sku.text());
    }
    after.available = *available;
    movements.push_back(move(part.sku, MovementKind::Return, after));
  }
  return movements;
}

Result<Movement> StockDraft::count(const SkuId& sku, Quantity available) {
  StockLevel after = level(sku);
  after.type = StockType::Limited;
  after.available = available;
  if (!fits_the_books(after)) return bad_figure(sku);
  return move(sku, MovementKind::Count, after);
}

Movement StockDraft::mark(const SkuId& sku, StockStatus status, RestoreRule restore) {
  StockLevel after = level(sku);
  after.status = status;
  after.restore = status == StockStatus::SoldOut ? restore : RestoreRule::Never;
  return move(sku, MovementKind::Mark, after);
}

Result<Movement> StockDraft::limit(const SkuId& sku, StockType type, Quantity available) {
  StockLevel after = level(sku);
  after.type = type;
  after.available = type == StockType::Limited ? available : Quantity();
  if (!fits_the_books(after)) return bad_figure(sku);
  return move(sku, MovementKind::Limit, after);
}

std::vector<Movement> StockDraft::restore_for_new_day() {
  std::vector<Movement> movements;
  for (const auto& [sku, kept] : stock_.levels()) {
    StockLevel after = level(sku);
    if (after.status != StockStatus::SoldOut || after.restore != RestoreRule::NextDay) continue;
    after.status = StockStatus::Available;
    after.restore = RestoreRule::Never;
    movements.push_back(move(sku, MovementKind::Restore, after));
  }
  return movements;
}

}  // namespace larder
