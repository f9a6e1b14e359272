// StockDraft: what the levels would be after the movements of a decision that is still being made.
// It overlays the few SKUs that moved on the books, which it does not copy; they must outlive it.
// Every function that answers a refusal leaves the draft as it was. Not thread-safe.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/result.hpp"
#include "core/stock/level.hpp"
#include "core/stock/stock.hpp"

namespace larder {

// What a lock moved.
struct Drawn {
  std::vector<Movement> movements;
  std::vector<SkuId> from_quota;  // in order of SKU: drawn from the channel's quota, not the pool
};

// What a person says of one channel; members left out stay as they are.
struct ChannelChange {
  ChannelCode channel;
  std::optional<Quantity> quota;
  std::optional<std::uint32_t> weight;
  std::optional<StockStatus> status;
  bool operator==(const ChannelChange&) const = default;
};

// What is told of a lease that was not told before.
struct Settlement {
  Quantity sold, returned;
};
struct Settled {
  Movement movement;
  Quantity sold, returned;  // as far as the lease covers it
  Quantity over;            // told as sold beyond what was outstanding
  Quantity missing;         // sold, of what a count had not found
};

class StockDraft {
 public:
  explicit StockDraft(const Stock& stock) : stock_(stock) {}

  StockLevel level(const SkuId& sku) const;

  // draft_holds.cpp
  // The draw (contract of the estate, section 6), all or nothing: the total is checked, then the
  // channel; its quota when that has enough, else the pool when that has. OutOfStock names the
  // first SKU that falls short or is marked sold out, there or everywhere. Unlimited SKUs make no
  // movement.
  Result<Drawn> lock(const std::vector<Demand>& demand, const ChannelCode& channel = {});
  std::vector<Movement> out(const Hold& hold);
  std::vector<Movement> unlock(const Hold& hold);
  // Units that come back on the shelf after they went OUT, into the pool.
  Result<std::vector<Movement>> give_back(const std::vector<Demand>& demand);

  // draft_levels.cpp
  // What a person found on the shelf, without what is held: what is leased is part of it. Shares
  // out by weight; less than what is leased is owed. Makes the SKU limited. BadQuantity.
  Result<Movement> count(const SkuId& sku, Quantity found);
  // Of one channel, or (empty) of all. The rule and its time count for SoldOut on all only.
  Movement mark(const SkuId& sku, StockStatus status, RestoreRule restore = RestoreRule::Never,
                TimePoint restore_at = {}, const ChannelCode& channel = {});
  Result<Movement> limit(const SkuId& sku, StockType type, Quantity available,
                         std::optional<Quantity> plan = {});
  // BadQuantity: weights above 100 together; WouldBreakCommitments: quotas for more than is there.
  // A quota below what was drawn from it counts as that.
  Result<Movement> set_channels(const SkuId& sku, std::span<const ChannelChange> changes);
  Result<Movement> set_thresholds(const SkuId& sku, Quantity warning, Quantity critical);
  // What comes back when a business day opens: every SKU that was marked sold out until then, and
  // every one with a plan, in order of SKU.
  std::vector<Movement> restore_for_new_day();
  // What comes back because its time has come.
  std::vector<Movement> restore_due(TimePoint at);

  // draft_leases.cpp
  // Rights leave the channel's quota, or (empty channel) the pool. OutOfStock.
  Result<Movement> grant(const SkuId& sku, const ChannelCode& channel, Quantity quantity);
  // What was sold is gone; what is returned pays what is owed first. Clamped to what is
  // outstanding.
  Settled settle(const Lease& lease, const Settlement& told);
  // Sold from a lease that these books have lost: it lowers what they think is here, the pool
  // first. `missing`: what was not here.
  Settled take_lost(const SkuId& sku, Quantity sold);

 private:
  Movement move(const SkuId& sku, MovementKind kind, const StockLevel& after);
  Movement refill(const SkuId& sku, StockLevel after);

  const Stock& stock_;
  std::map<SkuId, StockLevel> moved_;
};

}  // namespace larder
