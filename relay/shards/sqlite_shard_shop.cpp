// What the storefront asks: a store's menu, what can be sold of it, and an order's way.
#include <algorithm>

#include "relay/shards/poi_rows.hpp"
#include "relay/shards/sqlite_shard.hpp"
#include "relay/shards/turn_rows.hpp"

namespace larder::relay {
namespace {

// As Rights draws and LeaseKeeper asks: whole from the channel's own lease or whole from the
// pool's, and of the hub only for the channel's quota when it has one.
void put_quantities(const sql::Statement& row, ShopLevel& level) {
  const std::int64_t own = std::max<std::int64_t>(0, row.integer(4));
  const std::int64_t pool = std::max<std::int64_t>(0, row.integer(5));
  const std::int64_t here = std::max(own, pool);
  const std::int64_t with_hub =
      row.integer(7) > 0 ? std::max(own + std::max<std::int64_t>(0, row.integer(8)), pool)
                         : std::max(own, pool + std::max<std::int64_t>(0, row.integer(6)));
  level.here = Quantity::tenths(here);
  level.there = Quantity::tenths(with_hub - here);
}

}  // namespace

Result<ShopState> SqliteShard::shop(const StoreId& store, const ChannelCode& channel,
                                    TimePoint now) {
  auto place = place_of(store);
  if (!place) return pass_on(place);
  ShopState state;
  const auto mark = marks_.find(store);
  if (mark != marks_.end()) state.menu.epoch = mark->second.epoch;
  {
    sql::Statement& version = place->tables->shop.version;
    const sql::Scope scope(version);
    auto row = version.bind(1, place->bucket).bind_text(2, store.text()).step();
    if (!row) return settle<ShopState>(pass_on(row));
    if (*row) state.menu.version = static_cast<std::uint64_t>(version.integer(0));
  }
  const std::string code = upper_code(channel);  // bound, not copied
  sql::Statement& rows = place->tables->shop.levels;
  const sql::Scope scope(rows);
  rows.bind(1, place->bucket).bind_text(2, store.text()).bind_text(3, channel.text());
  rows.bind_text(4, code).bind(5, now.micros);
  const bool is_frozen = mark != marks_.end() && mark->second.is_frozen;
  for (;;) {
    auto row = rows.step();
    if (!row) return settle<ShopState>(pass_on(row));
    if (!*row) return state;
    ShopLevel& level = state.levels.emplace_back();
    level.sku = SkuId(std::string(rows.text(0)));
    level.type = rows.integer(1) == 2 ? StockType::Limited : StockType::Unlimited;
    const bool is_out = rows.integer(2) == 2 || rows.integer(3) == 2;
    level.status = is_out ? StockStatus::SoldOut : StockStatus::Available;
    if (!is_frozen) put_quantities(rows, level);
  }
}

Result<std::optional<std::string>> SqliteShard::shop_menu(const StoreId& store) {
  auto place = place_of(store);
  if (!place) return pass_on(place);
  sql::Statement& find = place->tables->shop.menu;
  const sql::Scope scope(find);
  auto row = find.bind(1, place->bucket).bind_text(2, store.text()).step();
  if (!row) return settle<std::optional<std::string>>(pass_on(row));
  return *row ? std::optional(std::string(find.text(0))) : std::nullopt;
}

Result<std::optional<ShopOrder>> SqliteShard::shop_order(const StoreId& store,
                                                         const std::string& order) {
  using Found = std::optional<ShopOrder>;
  auto place = place_of(store);
  if (!place) return pass_on(place);
  ShopTables& tables = place->tables->shop;
  const sql::Scope order_scope(tables.order), store_scope(tables.at_store), scope(tables.word);
  for (sql::Statement* find : {&tables.order, &tables.at_store, &tables.word}) {
    find->bind(1, place->bucket).bind_text(2, store.text()).bind_text(3, order);
  }
  auto row = tables.order.step();
  if (!row) return settle<Found>(pass_on(row));
  if (!*row) return Found();
  ShopOrder found;
  found.store = store;
  found.order = order;
  found.status = reservation_status_of(tables.order.text(0));
  found.reason = tables.order.text(1);
  found.expires_at = TimePoint{tables.order.integer(2)};
  found.updated_at = TimePoint{tables.order.integer(3)};
  found.online_order = tables.order.text(4);
  row = tables.word.step();
  if (!row) return settle<Found>(pass_on(row));
  if (*row) {
    found.outcome = tables.word.text(0);
    found.message = tables.word.text(1);
    found.updated_at = TimePoint{tables.word.integer(2)};
  }
  row = tables.at_store.step();
  if (!row) return settle<Found>(pass_on(row));
  if (*row) {
    ShopOrder::AtStore& there = found.at_store.emplace(ShopOrder::AtStore{});
    there.number = static_cast<std::uint32_t>(tables.at_store.integer(0));
    there.state = tables.at_store.text(1);
    there.reason = tables.at_store.text(2);
    there.updated_at = TimePoint{tables.at_store.integer(3)};
  }
  return Found(std::move(found));
}

}  // namespace larder::relay
