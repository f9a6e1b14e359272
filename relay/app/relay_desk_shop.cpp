// What the storefront asks of the shards.
#include "relay/app/relay_desk_ask.hpp"

namespace larder::relay {

template <typename T>
void RelayDesk::ask_shop(const StoreId& store, std::function<Result<T>(ShopStore&)> job,
                         Done<T> done) {
  ask<T>(
      store,
      [job = std::move(job)](ShardStore& shard) -> Result<T> {
        ShopStore* const rows = shard.shop_rows();
        if (rows == nullptr) return refuse(Code::Unavailable, "there is no storefront here");
        return job(*rows);
      },
      std::move(done));
}

void RelayDesk::shop(const StoreId& store, const ChannelCode& channel, Done<ShopState> done) {
  ask_shop<ShopState>(
      store,
      [store, channel, now = ports_.clock.now()](ShopStore& rows) {
        return rows.shop(store, channel, now);
      },
      std::move(done));
}

void RelayDesk::shop_menu(const StoreId& store, Done<std::optional<std::string>> done) {
  ask_shop<std::optional<std::string>>(
      store, [store](ShopStore& rows) { return rows.shop_menu(store); }, std::move(done));
}

void RelayDesk::shop_order(const StoreId& store, const std::string& order,
                           Done<std::optional<ShopOrder>> done) {
  ask_shop<std::optional<ShopOrder>>(
      store, [store, order](ShopStore& rows) { return rows.shop_order(store, order); },
      std::move(done));
}

}  // namespace larder::relay
