// Leases: rights that leave for the relay, and what becomes of them (docs/adr/0013).
#include <algorithm>

#include "core/base/invariant.hpp"
#include "core/base/limits.hpp"
#include "core/stock/draft.hpp"
#include "core/stock/figures.hpp"

namespace larder {
Result<Movement> StockDraft::grant(const SkuId& sku, const ChannelCode& channel,
                                   Quantity quantity) {
  StockLevel after = level(sku);
  if (quantity.in_tenths() <= 0 || quantity.in_tenths() > kQuantityTenthsMax) {
    return refuse(Code::BadQuantity, "A lease is of more than nothing", sku.text());
  }
  ChannelAccount* const account = account_of(after, channel);
  const Quantity most = channel.empty()      ? pool_of(after)
                        : account != nullptr ? left_of(*account)
                                             : Quantity();
  if (after.type == StockType::Unlimited || most < quantity) {
    return refuse(Code::OutOfStock, sku.text() + ": there is not as much to lease", sku.text());
  }
  if (account != nullptr) account->sold = plus(account->sold, quantity);
  after.available = minus(after.available, quantity);
  after.leased = plus(after.leased, quantity);
  return move(sku, MovementKind::Grant, after);
}

Settled StockDraft::settle(const Lease& lease, const Settlement& told) {
  StockLevel after = level(lease.sku);
  const Quantity open = outstanding(lease);
  invariant(open <= after.leased, "a lease holds more than its SKU shows");
  Settled settled;
  settled.sold = std::min(told.sold, open);
  settled.returned = std::min(told.returned, minus(open, settled.sold));
  settled.over = minus(told.sold, settled.sold);
  after.leased = minus(minus(after.leased, settled.sold), settled.returned);
  const Quantity pays = std::min(after.owed, settled.returned);
  after.owed = minus(after.owed, pays);
  const Quantity back = minus(settled.returned, pays);
  if (after.type == StockType::Limited) {
    after.available = plus(after.available, back);
    if (ChannelAccount* const account = account_of(after, lease.channel)) {
      account->sold = minus(account->sold, std::min(account->sold, back));
    }
  }
  // No more can be owed than can still come back: what is above that was sold and is not there.
  if (after.owed > after.leased) {
    settled.missing = minus(after.owed, after.leased);
    after.owed = after.leased;
  }
  settled.movement = move(lease.sku, MovementKind::Settle, after);
  return settled;
}

Settled StockDraft::take_lost(const SkuId& sku, Quantity sold) {
  StockLevel after = level(sku);
  Settled settled;
  Quantity rest = sold;
  const Quantity of_pool = std::min(rest, pool_of(after));
  after.available = minus(after.available, of_pool);
  rest = minus(rest, of_pool);
  for (ChannelAccount& account : after.channels) {
    const Quantity of_quota = std::min(rest, left_of(account));
    account.sold = plus(account.sold, of_quota);
    after.available = minus(after.available, of_quota);
    rest = minus(rest, of_quota);
  }
  settled.sold = minus(sold, rest);
  settled.missing = rest;
  settled.movement = move(sku, MovementKind::Settle, after);
  return settled;
}

}  // namespace larder
