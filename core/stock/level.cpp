#include "core/stock/level.hpp"

#include <algorithm>

#include "core/base/limits.hpp"

namespace larder {

bool is_hub_channel(const ChannelCode& channel) {
  const std::string& code = channel.text();
  return code == "pos" || code == "kiosk" || code == "emenu";
}

const ChannelAccount* find_account(const StockLevel& level, const ChannelCode& channel) {
  const auto found = std::find_if(level.channels.begin(), level.channels.end(),
                                  [&](const ChannelAccount& a) { return a.channel == channel; });
  return found != level.channels.end() ? &*found : nullptr;
}

Quantity left_of(const ChannelAccount& account) {
  return Quantity::tenths(
      std::max<std::int64_t>(0, account.quota.in_tenths() - account.sold.in_tenths()));
}

Quantity pool_of(const StockLevel& level) {
  std::int64_t pool = level.available.in_tenths();
  for (const ChannelAccount& account : level.channels) pool -= left_of(account).in_tenths();
  return Quantity::tenths(std::max<std::int64_t>(0, pool));
}

Quantity most_for(const StockLevel& level, const ChannelCode& channel) {
  if (level.status == StockStatus::SoldOut) return {};
  const ChannelAccount* const account = find_account(level, channel);
  if (account == nullptr) return pool_of(level);
  if (account->status == StockStatus::SoldOut) return {};
  return std::min(level.available, std::max(left_of(*account), pool_of(level)));
}

bool fits_the_books(const StockLevel& level) {
  std::int64_t sum = 0;
  for (const Quantity part : {level.available, level.held, level.leased}) {
    if (part.in_tenths() < 0 || part.in_tenths() > kQuantityTenthsMax) return false;
    sum += part.in_tenths();
  }
  if (sum > kQuantityTenthsMax || level.owed.in_tenths() < 0 || level.owed > level.leased) {
    return false;
  }
  std::int64_t claimed = 0;
  for (const ChannelAccount& account : level.channels) {
    const bool is_whole = account.quota.in_tenths() >= 0 && account.sold.in_tenths() >= 0 &&
                          account.quota.in_tenths() <= kQuantityTenthsMax &&
                          account.sold <= account.quota;
    if (!is_whole) return false;
    claimed += left_of(account).in_tenths();
  }
  return claimed <= level.available.in_tenths();
}

bool is_sellable(const StockLevel& level) {
  return level.status == StockStatus::Available &&
         (level.type == StockType::Unlimited || level.available.in_tenths() > 0);
}

Alert alert_of(const StockLevel& level) {
  if (level.type == StockType::Unlimited) return Alert::None;
  if (!level.critical.is_zero() && level.available <= level.critical) return Alert::Critical;
  if (!level.warning.is_zero() && level.available <= level.warning) return Alert::Warning;
  return Alert::None;
}

}  // namespace larder
