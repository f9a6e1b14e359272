// What a group of turns reads: the store's rights, orders known by their number.
#include <algorithm>

#include "relay/shards/turn_rows.hpp"

namespace larder::relay {

std::string_view status_name(ReservationStatus status) {
  switch (status) {
    case ReservationStatus::Lock:
      return "LOCK";
    case ReservationStatus::Out:
      return "OUT";
    case ReservationStatus::Unlock:
      return "UNLOCK";
  }
  return "UNLOCK";
}

ReservationStatus reservation_status_of(std::string_view name) {
  if (name == "LOCK") return ReservationStatus::Lock;
  return name == "OUT" ? ReservationStatus::Out : ReservationStatus::Unlock;
}

std::string asked_text(const std::vector<Demand>& items) {
  std::vector<Demand> sorted = items;
  std::sort(sorted.begin(), sorted.end(),
            [](const Demand& a, const Demand& b) { return a.sku < b.sku; });
  std::string text;
  for (const Demand& item : sorted) {
    if (!text.empty()) text += ',';
    text.append(item.sku.text()).append("=").append(std::to_string(item.quantity.in_tenths()));
  }
  return text;
}

Result<TurnRows::Till*> TurnRows::till_of(const StoreId& store) {
  if (const auto known = tills_.find(store); known != tills_.end()) return &known->second;
  auto place = house_.place(store);
  if (!place) return pass_on(place);
  Till till(now_);
  till.place = *place;
  if (house_.is_frozen(store)) till.rights.freeze();
  return &tills_.emplace(store, std::move(till)).first->second;
}

// What nobody ever told us of is not sold; its leases are known all the same, for what was locked.
Result<void> TurnRows::learn(Till& till, const StoreId& store, const SkuId& sku) {
  if (till.rights.knows(sku)) return {};
  Tables& tables = *till.place.tables;
  SkuRights rights;
  {
    sql::Statement& facts = tables.rights.sku_facts;
    const sql::Scope scope(facts);
    facts.bind(1, till.place.bucket).bind_text(2, store.text()).bind_text(3, sku.text());
    auto row = facts.step();
    if (!row) return pass_on(row);
    if (*row) {
      rights.type = facts.integer(0) == 2 ? StockType::Limited : StockType::Unlimited;
      rights.status = facts.integer(1) == 2 ? StockStatus::SoldOut : StockStatus::Available;
      if (facts.integer(2) == 1) till.sold.insert(sku);
    }
  }
  if (till.sold.contains(sku)) {  // nobody draws from the accounts of the others
    auto poi = house_.poi.find(tables.stock, till.place.bucket, store, sku, now_);
    if (!poi) return pass_on(poi);
    for (const PoiAccount& each : (*poi)->accounts) {
      rights.channels[each.account.channel] = each.account.status;
      if (!each.account.quota.is_zero()) rights.quotas.insert(each.account.channel);
    }
  }
  auto leases = LeaseRows(tables, house_.poi, till.place.bucket, store).of_sku(sku);
  if (!leases) return pass_on(leases);
  rights.leases = std::move(*leases);
  till.rights.put(sku, std::move(rights));
  return {};
}

// A number is the estate's own: in this database's table it belongs to one store.
Result<std::optional<TurnRows::KnownOrder>> TurnRows::find_order(const StoreId& store,
                                                                 const std::string& number) {
  auto place = house_.place(store);
  if (!place) return pass_on(place);
  sql::Statement& find = place->tables->rights.order_of;
  const sql::Scope scope(find);
  auto row = find.bind_text(1, number).step();
  if (!row) return pass_on(row);
  if (!*row) return std::optional<KnownOrder>();
  KnownOrder order;
  order.store = StoreId(std::string(find.text(0)));
  order.channel = ChannelCode(std::string(find.text(1)));
  order.is_cart = find.text(2) == "cart";
  order.asked = find.text(3);
  order.status = reservation_status_of(find.text(4));
  order.reason = find.text(5);
  order.expires_at = TimePoint{find.integer(6)};
  order.online_order = find.text(8);
  order.id = find.integer(9);
  order.place = *place;
  return std::optional(std::move(order));
}

Result<TurnRows::Lines> TurnRows::lines_of(const KnownOrder& order, const std::string& number) {
  sql::Statement& find = order.place.tables->rights.lines_of;
  const sql::Scope scope(find);
  find.bind(1, order.place.bucket).bind_text(2, order.store.text()).bind_text(3, number);
  Lines lines;
  for (;;) {
    auto row = find.step();
    if (!row) return pass_on(row);
    if (!*row) return lines;
    Line& line = lines.emplace_back();
    line.draw.sku = SkuId(std::string(find.text(0)));
    line.draw.quantity = Quantity::tenths(find.integer(1));
    line.draw.lease = LeaseId(std::string(find.text(5)));
    line.draw.epoch = static_cast<Epoch>(find.integer(6));
    line.draw.from_quota = find.integer(7) == 1;
    line.shown = Reservation{order.store,
                             number,
                             order.channel,
                             line.draw.sku,
                             line.draw.quantity,
                             reservation_status_of(find.text(2)),
                             order.reason,
                             TimePoint{find.integer(3)},
                             static_cast<std::uint64_t>(find.integer(4))};
  }
}

Result<std::optional<std::string>> TurnRows::cancelled_before(const StoreId& store,
                                                              const std::string& number) {
  if (!has_cancelled_) {
    sql::Statement& any = house_.tables.any_cancelled;
    const sql::Scope scope(any);
    auto row = any.step();
    if (!row) return pass_on(row);
    has_cancelled_ = *row;
  }
  if (!*has_cancelled_) return std::optional<std::string>();
  sql::Statement& find = house_.tables.is_cancelled;
  const sql::Scope scope(find);
  auto row = find.bind_text(1, number).step();
  if (!row) return pass_on(row);
  const bool is_meant = *row && (find.text(0).empty() || find.text(0) == store.text());
  return is_meant ? std::optional(std::string(find.text(1))) : std::nullopt;
}

}  // namespace larder::relay
