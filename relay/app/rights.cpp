#include "relay/app/rights.hpp"

#include <algorithm>

#include "core/stock/draft.hpp"
#include "core/stock/figures.hpp"

namespace larder::relay {
// A lease that has run out sells nothing, also before its row says so.
bool Rights::sells(const LeaseRecord& lease) const {
  const bool is_open = lease.state == LeaseState::Open || lease.state == LeaseState::Recalled;
  return is_open && !is_frozen_ && now_ < lease.expires_at;
}

StockLevel Rights::level(const SkuId& sku) const {
  StockLevel level;
  const auto found = skus_.find(sku);
  if (found == skus_.end()) return level;
  const SkuRights& rights = found->second;
  level.type = rights.type;
  level.status = rights.status;
  for (const auto& [channel, status] : rights.channels) account_for(level, channel).status = status;
  for (const LeaseRecord& lease : rights.leases) {
    level.held = plus(level.held, lease.held);
    if (!sells(lease)) continue;
    level.available = plus(level.available, lease.idle());
    if (lease.channel.empty()) continue;
    ChannelAccount& account = account_for(level, lease.channel);
    account.sold = plus(account.sold, plus(lease.sold, lease.held));
    account.quota = plus(account.quota, minus(lease.granted, lease.returned));
  }
  return level;
}

Quantity Rights::most(const SkuId& sku, const ChannelCode& channel) const {
  return most_for(level(sku), channel);
}

RightsSeen Rights::seen(const Demand& need, const ChannelCode& channel, bool is_refused) const {
  RightsSeen seen;
  seen.sku = need.sku;
  seen.idle = most(need.sku, channel);
  seen.wanted = need.quantity;
  seen.is_refused = is_refused;
  const auto found = skus_.find(need.sku);
  if (found != skus_.end() && found->second.quotas.contains(channel)) seen.ask_channel = channel;
  return seen;
}

LeaseRecord* Rights::find(const Draw& draw) {
  const auto known = skus_.find(draw.sku);
  if (known == skus_.end()) return nullptr;
  for (LeaseRecord& lease : known->second.leases) {
    if (lease.lease == draw.lease && lease.epoch == draw.epoch) return &lease;
  }
  return nullptr;
}

LeaseRecord* Rights::with_idle(const SkuId& sku, const ChannelCode& channel, Quantity quantity) {
  for (LeaseRecord& lease : skus_.at(sku).leases) {
    if (sells(lease) && lease.channel == channel && lease.idle() >= quantity) return &lease;
  }
  return nullptr;
}

Result<std::vector<DrawMovement>> Rights::lock(const std::vector<Demand>& demand,
                                               const ChannelCode& channel) {
  Stock books;
  for (const Demand& need : demand) {
    books.apply(Movement{need.sku, MovementKind::Count, books.level(need.sku), level(need.sku)});
  }
  const auto drawn = StockDraft(books).lock(demand, channel);
  if (!drawn) return pass_on(drawn);
  std::vector<DrawMovement> moved;
  std::vector<LeaseRecord*> leases;
  for (const Demand& need : demand) {
    Draw draw{need.sku, need.quantity, {}, 0, false};
    LeaseRecord* lease = nullptr;
    if (books.level(need.sku).type == StockType::Limited) {
      draw.from_quota =
          std::binary_search(drawn->from_quota.begin(), drawn->from_quota.end(), need.sku);
      lease = with_idle(need.sku, draw.from_quota ? channel : ChannelCode(), need.quantity);
      if (lease == nullptr) {
        return refuse(Code::OutOfStock, need.sku.text() + ": no single lease has as much",
                      need.sku.text());
      }
      draw.lease = lease->lease;
      draw.epoch = lease->epoch;
    }
    moved.push_back(DrawMovement{std::move(draw), books.level(need.sku), {}});
    leases.push_back(lease);
  }
  for (std::size_t i = 0; i < moved.size(); ++i) {
    if (leases[i] == nullptr) continue;
    leases[i]->held = plus(leases[i]->held, moved[i].draw.quantity);
    changed_.emplace(leases[i]->sku, leases[i]->lease);
    moved[i].after = level(moved[i].draw.sku);
  }
  return moved;
}

Result<DrawMovement> Rights::end(const Draw& draw, bool is_sold) {
  DrawMovement moved{draw, level(draw.sku), {}};
  LeaseRecord* const lease = find(draw);
  if (lease == nullptr || lease->held < draw.quantity) {
    return refuse(Code::BadState, "lease " + draw.lease.text() + " does not hold " +
                                      draw.quantity.text() + " of " + draw.sku.text());
  }
  lease->held = minus(lease->held, draw.quantity);
  if (is_sold) lease->sold = plus(lease->sold, draw.quantity);
  changed_.emplace(lease->sku, lease->lease);
  moved.after = level(draw.sku);
  return moved;
}

Result<DrawMovement> Rights::out(const Draw& draw) { return end(draw, true); }
Result<DrawMovement> Rights::unlock(const Draw& draw) { return end(draw, false); }

void Rights::told(const Draw& draw) {
  LeaseRecord* const lease = find(draw);
  if (lease != nullptr) lease->told_sold = plus(lease->told_sold, draw.quantity);
}

std::vector<const LeaseRecord*> Rights::changed() const {
  std::vector<const LeaseRecord*> leases;
  for (const auto& [sku, rights] : skus_) {
    for (const LeaseRecord& lease : rights.leases) {
      if (changed_.contains({sku, lease.lease})) leases.push_back(&lease);
    }
  }
  return leases;
}

}  // namespace larder::relay
