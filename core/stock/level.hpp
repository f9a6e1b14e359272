// What a site knows of one SKU: how it is sold, what it may sell, what is set aside, and whose it
// is. A site is the hub, or the relay with what its leases gave it (docs/adr/0013).
#pragma once

#include <cstdint>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/quantity.hpp"
#include "core/base/time.hpp"

namespace larder {

enum class StockType { Unlimited, Limited };
enum class StockStatus {
  Available,
  SoldOut
};  // SoldOut: said by a person (86); a limited SKU is also out at zero

// When a SKU that a person marked sold out comes back by itself.
enum class RestoreRule { Never, NextDay, At };

// What one channel may do with a SKU.
struct ChannelAccount {
  ChannelCode channel;
  StockStatus status = StockStatus::Available;
  Quantity quota;            // set aside for this channel
  Quantity sold;             // drawn from the quota: by holds, sales and leases
  std::uint32_t weight = 0;  // percent of a new total; 0: the quota is what was set by hand
  bool operator==(const ChannelAccount&) const = default;
};

struct StockLevel {
  StockType type = StockType::Unlimited;
  StockStatus status = StockStatus::Available;
  Quantity available;                        // of a limited SKU; zero and meaningless otherwise
  Quantity held;                             // set aside by open holds
  RestoreRule restore = RestoreRule::Never;  // of one marked SoldOut; Never otherwise
  TimePoint restore_at = {};                 // of RestoreRule::At
  Quantity plan = {};    // what a new business day begins with; zero: what was left
  Quantity leased = {};  // handed to the relay, and neither sold nor returned as far as is known
  Quantity owed = {};    // of `leased`, what a count did not find; returns pay it first
  Quantity warning = {}, critical = {};       // thresholds; zero: none
  std::vector<ChannelAccount> channels = {};  // in order of channel
  // Events of it are lost: `available` is what it was before them, until somebody has counted.
  bool unverified = false;
  bool operator==(const StockLevel&) const = default;
};

// One change of one account, with the figures before and after: the audit line of the estate.
// Restore: the hub itself, when the business day opens or its time has come. Grant: rights go to a
// lease. Settle: a lease's sales and what it gave back. Channels, Thresholds: said by a person.
enum class MovementKind {
  Lock,
  Out,
  Unlock,
  Count,
  Mark,
  Limit,
  Return,
  Restore,
  Grant,
  Settle,
  Channels,
  Thresholds
};

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

// The hub's own channels; every other is sold by the relay.
bool is_hub_channel(const ChannelCode& channel);

const ChannelAccount* find_account(const StockLevel& level, const ChannelCode& channel);
// What a channel has left of its quota; never below zero.
Quantity left_of(const ChannelAccount& account);
// What no account claims of `available`: the shared pool.
Quantity pool_of(const StockLevel& level);
// The most that `channel` can have in one demand: its quota or the pool, whichever has more. Zero
// when it is sold out there. Of a limited SKU only.
Quantity most_for(const StockLevel& level, const ChannelCode& channel);

// Whether the figures of one SKU, and their sums, are in range, and no account claims what is not
// there.
bool fits_the_books(const StockLevel& level);
// True when one more tenth can be sold, on any channel.
bool is_sellable(const StockLevel& level);

// How low a limited SKU is: at or under its warning or its critical threshold.
enum class Alert { None, Warning, Critical };
Alert alert_of(const StockLevel& level);

}  // namespace larder
