// Leases and oversell records in the books of Stock.
#include "core/base/invariant.hpp"
#include "core/stock/stock.hpp"

namespace larder {

Quantity outstanding(const Lease& lease) {
  return Quantity::tenths(lease.granted.in_tenths() - lease.sold.in_tenths() -
                          lease.returned.in_tenths());
}

const Lease* Stock::lease(const LeaseId& id) const {
  const auto found = leases_.find(id);
  return found != leases_.end() ? &found->second : nullptr;
}

std::vector<const Lease*> Stock::leases_of(const SkuId& sku) const {
  std::vector<const Lease*> leases;
  for (auto at = leases_by_sku_.lower_bound({sku, LeaseId()});
       at != leases_by_sku_.end() && at->first == sku; ++at) {
    leases.push_back(lease(at->second));
  }
  return leases;
}

const Lease* Stock::running_lease(const SkuId& sku, const ChannelCode& channel) const {
  for (const Lease* const lease : leases_of(sku)) {
    if (lease->channel == channel && !lease->is_ending) return lease;
  }
  return nullptr;
}

void Stock::grant(const Lease& lease) {
  const auto [place, is_new] = leases_.try_emplace(lease.id, lease);
  if (is_new) leases_by_sku_.insert({lease.sku, lease.id});
  if (is_new) return;
  Lease& known = place->second;
  invariant(known.sku == lease.sku && known.channel == lease.channel && !known.is_ending &&
                lease.granted > known.granted,
            "a lease is granted under another's name");
  known.is_recalled = false;
  known.granted = lease.granted;
}

void Stock::settle(const LeaseId& id, Quantity sold, Quantity returned, bool closed) {
  const auto found = leases_.find(id);
  invariant(found != leases_.end(), "a lease that is not open is settled");
  Lease& lease = found->second;
  lease.sold = Quantity::tenths(lease.sold.in_tenths() + sold.in_tenths());
  lease.returned = Quantity::tenths(lease.returned.in_tenths() + returned.in_tenths());
  if (!returned.is_zero()) lease.is_recalled = false;
  invariant(outstanding(lease).in_tenths() >= 0, "a lease gives back more than it had");
  if (!closed) return;
  invariant(outstanding(lease).is_zero(), "a lease is closed with rights in it");
  leases_by_sku_.erase({lease.sku, id});
  leases_.erase(found);
}

void Stock::recall_lease(const LeaseId& id, bool ends) {
  const auto found = leases_.find(id);
  invariant(found != leases_.end(), "a lease that is not open is recalled");
  found->second.is_recalled = true;
  found->second.is_ending = found->second.is_ending || ends;
}

void Stock::doubt_limited() {
  for (auto& [sku, level] : levels_) {
    if (level.type == StockType::Limited) level.unverified = true;
  }
}

void Stock::end_all_leases() {
  for (auto& [id, lease] : leases_) lease.is_ending = true;
}

void Stock::put_oversell(const OversellRecord& record) {
  const bool is_new = oversells_.emplace(record.id, record).second;
  invariant(is_new, "an oversell is recorded twice");
}

void Stock::resolve_oversell(const OversellId& id) {
  const bool was_open = oversells_.erase(id) == 1;
  invariant(was_open, "an oversell that is not open is resolved");
}

}  // namespace larder
