#include "core/stock/grants.hpp"

#include <algorithm>

namespace larder {
namespace {

// The hub is dry when it has less than this part of what is leased.
constexpr std::int64_t kDryPart = 4;

std::int64_t whole_units(std::int64_t tenths, std::int64_t of) {
  return of % 10 == 0 ? tenths / 10 * 10 : tenths;
}

}  // namespace

Quantity grant_for(const StockLevel& level, const ChannelCode& channel, Quantity asked) {
  if (level.type == StockType::Unlimited || level.status == StockStatus::SoldOut) return {};
  if (!channel.empty()) {
    const ChannelAccount* const account = find_account(level, channel);
    if (account != nullptr && !account->quota.is_zero()) {
      return std::min({asked, left_of(*account), level.available});
    }
    return {};
  }
  const std::int64_t pool = pool_of(level).in_tenths();
  return std::min(asked, Quantity::tenths(whole_units(pool / 2, pool)));
}

std::optional<Quantity> recall_to(const StockLevel& level, const Lease& lease) {
  // What is a channel's own by its quota stays there.
  if (!lease.channel.empty() || level.type == StockType::Unlimited) return std::nullopt;
  const std::int64_t leased = level.leased.in_tenths();
  const std::int64_t here = pool_of(level).in_tenths();
  if (leased == 0 || here * kDryPart >= leased) return std::nullopt;
  const std::int64_t half = (here + leased) / 2;
  const std::int64_t keep = half * outstanding(lease).in_tenths() / leased;
  return Quantity::tenths(whole_units(keep, leased));
}

}  // namespace larder
