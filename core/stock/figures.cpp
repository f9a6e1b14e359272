#include "core/stock/figures.hpp"

#include <algorithm>

namespace larder {

ChannelAccount* account_of(StockLevel& level, const ChannelCode& channel) {
  const auto found = std::ranges::find(level.channels, channel, &ChannelAccount::channel);
  return found != level.channels.end() ? &*found : nullptr;
}

ChannelAccount& account_for(StockLevel& level, const ChannelCode& channel) {
  const auto place =
      std::ranges::lower_bound(level.channels, channel, {}, &ChannelAccount::channel);
  if (place != level.channels.end() && place->channel == channel) return *place;
  ChannelAccount account;
  account.channel = channel;
  return *level.channels.insert(place, account);
}

}  // namespace larder
