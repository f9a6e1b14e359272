// Rights: what the relay may sell of one store's SKUs, in memory while a group of turns is decided.
// The draw is that of core/stock over what the leases give: the total is checked, then the channel;
// its own lease when that has enough, else the pool's, else a refusal. Life: one group. Not
// thread-safe; no I/O.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/stock/stock.hpp"
#include "relay/app/turns.hpp"

namespace larder::relay {

// What is known of one SKU before it is drawn from.
struct SkuRights {
  StockType type = StockType::Unlimited;        // as the hub says
  StockStatus status = StockStatus::Available;  // of all channels
  std::map<ChannelCode, StockStatus> channels;  // those that have one of their own
  std::set<ChannelCode> quotas;                 // those with a quota at the hub
  std::vector<LeaseRecord> leases;              // that are not closed
};

// One SKU of an order, and the lease it was drawn from (none: it is not limited).
struct Draw {
  SkuId sku;
  Quantity quantity;
  LeaseId lease;
  Epoch epoch = 0;
  bool from_quota = false;
};
// A draw, and the relay's figures of its SKU before and after.
struct DrawMovement {
  Draw draw;
  StockLevel before, after;
};

class Rights {
 public:
  explicit Rights(TimePoint now) : now_(now) {}

  // Its hub's events contradict each other: nothing is sold of its leases until a person has
  // looked.
  void freeze() { is_frozen_ = true; }
  bool knows(const SkuId& sku) const { return skus_.contains(sku); }
  void put(const SkuId& sku, SkuRights rights) { skus_[sku] = std::move(rights); }

  // Every SKU must be known. All or nothing; OutOfStock names the first that falls short.
  Result<std::vector<DrawMovement>> lock(const std::vector<Demand>& demand,
                                         const ChannelCode& channel);
  // LOCK -> OUT: sold. LOCK -> UNLOCK: idle again, in the lease it was drawn from. BadState: the
  // lease does not hold as much, which no row can lead to.
  Result<DrawMovement> out(const Draw& draw);
  Result<DrawMovement> unlock(const Draw& draw);
  // Sold units that the hub is told of by another word than a settlement.
  void told(const Draw& draw);

  // As core/stock knows it: available and held are the relay's own.
  StockLevel level(const SkuId& sku) const;
  // The most that `channel` could have in one demand now.
  Quantity most(const SkuId& sku, const ChannelCode& channel) const;
  RightsSeen seen(const Demand& need, const ChannelCode& channel, bool is_refused) const;
  // Leases whose figures changed since put(), in order.
  std::vector<const LeaseRecord*> changed() const;

 private:
  bool sells(const LeaseRecord& lease) const;
  LeaseRecord* find(const Draw& draw);
  LeaseRecord* with_idle(const SkuId& sku, const ChannelCode& channel, Quantity quantity);
  Result<DrawMovement> end(const Draw& draw, bool is_sold);

  TimePoint now_;
  bool is_frozen_ = false;
  std::map<SkuId, SkuRights> skus_;
  std::set<std::pair<SkuId, LeaseId>> changed_;
};

}  // namespace larder::relay
