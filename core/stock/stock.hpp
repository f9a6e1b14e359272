// Stock of one store at one site: levels per SKU, the holds on them, the leases of its rights. What
// may move is decided by StockDraft; the functions here change the books and cannot fail: a
// movement that does not start from the books as they are breaks an invariant. No clock, no I/O;
// not thread-safe. Of a limited SKU, available + held + leased stays in [0, kQuantityTenthsMax]. A
// hold goes LOCK -> OUT or LOCK
// -> UNLOCK and ends exactly once (two-phase transfer, as in TigerBeetle).
#pragma once

#include <map>
#include <set>
#include <utility>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/limits.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"
#include "core/stock/lease.hpp"
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
  ChannelCode channel = {};            // where it is sold; empty: at a site without channels
  std::vector<SkuId> from_quota = {};  // in order: drawn from the channel's quota, not the pool
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

  // SKUs marked sold out until a set time that has come, in order of SKU.
  std::vector<SkuId> due(TimePoint at) const;
  const std::map<LeaseId, Lease>& leases() const { return leases_; }
  const Lease* lease(const LeaseId& id) const;
  // The one lease of a SKU and channel that may still be added to.
  const Lease* running_lease(const SkuId& sku, const ChannelCode& channel) const;
  std::vector<const Lease*> leases_of(const SkuId& sku) const;
  // Open ones.
  const std::map<OversellId, OversellRecord>& oversells() const { return oversells_; }

  void apply(const Movement& movement);
  void open_hold(const Hold& hold);
  void move_hold_to_order(const HoldId& id, const OrderId& order, TimePoint expires_at);
  // What a hold still sets aside, after a line of its order is void.
  void shrink_hold(const HoldId& id, const std::vector<Demand>& demand);
  void end_hold(const HoldId& id);

  // A new lease, or more for the running one.
  void grant(const Lease& lease);
  // `closed`: it leaves the books; nothing may be outstanding.
  void settle(const LeaseId& id, Quantity sold, Quantity returned, bool closed);
  // Its holder is asked to give back; `ends`: and gets no more grants.
  void recall_lease(const LeaseId& id, bool ends);
  void end_all_leases();
  // Events are lost: what limited SKUs have left is to be counted.
  void doubt_limited();
  void put_oversell(const OversellRecord& record);
  void resolve_oversell(const OversellId& id);

 private:
  std::map<SkuId, StockLevel> levels_;
  std::set<std::pair<TimePoint, SkuId>> due_;  // of levels with RestoreRule::At
  std::map<LeaseId, Lease> leases_;
  std::set<std::pair<SkuId, LeaseId>> leases_by_sku_;
  std::map<OversellId, OversellRecord> oversells_;
  std::map<HoldId, Hold> holds_;
  std::map<OrderId, HoldId> hold_by_order_;
  std::map<DeviceId, HoldId> cart_by_device_;
};

}  // namespace larder
