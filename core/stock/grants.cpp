#include "core/stock/grants.hpp"

#include <algorithm>

namespace larder {
namespace {

// Chosen with the claim served-demand: of these and their neighbours the ones that strand least.
constexpr std::int64_t kGrantPart = 6;  // of the pool, for one ask that nobody waits for
constexpr std::int64_t kDryTimes = 2;   // the hub is dry with less than this many times the leased
constexpr std::int64_t kKeepPart = 3;   // of what both sites have, for the leases of a dry hub

std::int64_t whole_units(std::int64_t tenths, std::int64_t of) {
  return of % 10 == 0 ? tenths / 10 * 10 : tenths;
}

}  // namespace

Quantity grant_for(const StockLevel& level, const ChannelCode& channel, Quantity asked,
                   Quantity awaited) {
  if (level.type == StockType::Unlimited || level.status == StockStatus::SoldOut) return {};
  if (!channel.empty()) {
    const ChannelAccount* const account = find_account(level, channel);
    if (account != nullptr && !account->quota.is_zero()) {
      return std::min({asked, left_of(*account), level.available});
    }
    return {};
  }
  const std::int64_t pool = pool_of(level).in_tenths();
  const std::int64_t fair = whole_units(pool / kGrantPart, pool);
  return Quantity::tenths(std::min({asked.in_tenths(), pool, std::max(fair, awaited.in_tenths())}));
}

std::optional<Quantity> recall_to(const StockLevel& level, const Lease& lease) {
  // What is a channel's own by its quota stays there.
  if (!lease.channel.empty() || level.type == StockType::Unlimited) return std::nullopt;
  const std::int64_t leased = level.leased.in_tenths();
  const std::int64_t here = pool_of(level).in_tenths();
  if (leased == 0 || here >= leased * kDryTimes) return std::nullopt;
  const std::int64_t part = (here + leased) / kKeepPart;
  const std::int64_t keep = part * outstanding(lease).in_tenths() / leased;
  return Quantity::tenths(whole_units(keep, leased));
}

}  // namespace larder
