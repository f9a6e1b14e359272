// FakeDesk's stock of the relay itself: what a store has is what its channels may reserve.
#include <algorithm>

#include "tests/support/fake_desk.hpp"

namespace larder::relay {
namespace {

Quantity changed(Quantity from, std::int64_t tenths) {
  return Quantity::tenths(from.in_tenths() + tenths);
}

}  // namespace

void FakeDesk::reserve(const ReserveOrder& turn, Done<std::vector<Reservation>> done) {
  asked.push_back(turn);
  const auto fail = [&](Code code, const std::string& why, const std::string& subject = "") {
    give<std::vector<Reservation>>(std::move(done), refuse(code, why, subject));
  };
  if (is_down || is_silent) return fail(Code::StorageFault, "database 0 is down");
  auto& records = rows[turn.store];
  if (const auto known = reserved.find(turn.order); known != reserved.end()) {
    const auto& lines = known->second;
    const bool is_same = lines.size() == turn.items.size() && lines.front().store == turn.store &&
                         std::equal(lines.begin(), lines.end(), turn.items.begin(),
                                    [](const auto& a, const auto& b) {
                                      return a.sku == b.sku && a.quantity == b.quantity;
                                    });
    const bool is_told = std::any_of(asked.begin(), asked.end(), [&turn](const ReserveOrder& each) {
      return each.order == turn.order && each.online_order != turn.online_order;
    });
    if (!is_same || is_told)
      return fail(Code::KeyReuse, "the order was reserved with other contents");
    return give<std::vector<Reservation>>(std::move(done), lines);
  }
  for (const Demand& item : turn.items) {
    const auto record = records.find(item.sku);
    if (record == records.end()) return fail(Code::UnknownSku, item.sku.text() + ": no record");
    const StockLevel& level = record->second.level;
    const bool is_short = level.type == StockType::Limited && level.available < item.quantity;
    if (is_short) return fail(Code::OutOfStock, item.sku.text() + ": too few", item.sku.text());
  }
  std::vector<Reservation> lines;
  for (const Demand& item : turn.items) {
    StockLevel& level = records[item.sku].level;
    if (level.type == StockType::Limited) {
      level.available = changed(level.available, -item.quantity.in_tenths());
      level.held = changed(level.held, item.quantity.in_tenths());
    }
    lines.push_back(Reservation{turn.store,
                                turn.order,
                                turn.channel,
                                item.sku,
                                item.quantity,
                                ReservationStatus::Lock,
                                {},
                                at + turn.life,
                                1});
  }
  reserved[turn.order] = lines;
  give<std::vector<Reservation>>(std::move(done), std::move(lines));
}

void FakeDesk::confirm(const ConfirmOrder& turn, Done<std::vector<Reservation>> done) {
  const auto found = reserved.find(turn.order);
  if (found == reserved.end()) {
    return give<std::vector<Reservation>>(std::move(done),
                                          refuse(Code::NotFound, "there is no such order"));
  }
  for (Reservation& line : found->second) {
    if (line.status == ReservationStatus::Unlock) {
      return give<std::vector<Reservation>>(std::move(done),
                                            refuse(Code::Cancelled, "it was released before"));
    }
    line.status = ReservationStatus::Out;
  }
  give<std::vector<Reservation>>(std::move(done), found->second);
}

void FakeDesk::release(const ReleaseOrder& turn, Done<std::vector<Reservation>> done) {
  const auto found = reserved.find(turn.order);
  if (found == reserved.end()) {
    return give<std::vector<Reservation>>(std::move(done), std::vector<Reservation>());
  }
  for (Reservation& line : found->second) {
    if (line.status == ReservationStatus::Out) {
      return give<std::vector<Reservation>>(std::move(done),
                                            refuse(Code::BadState, "it is confirmed already"));
    }
    line.status = ReservationStatus::Unlock;
    line.reason = turn.reason;
  }
  give<std::vector<Reservation>>(std::move(done), found->second);
}

void FakeDesk::reservations(const std::string& order, Done<std::vector<Reservation>> done) {
  const auto found = reserved.find(order);
  give<std::vector<Reservation>>(
      std::move(done), found == reserved.end() ? std::vector<Reservation>() : found->second);
}

void FakeDesk::shop(const StoreId& id, const ChannelCode&, Done<ShopState> done) {
  ++shelves_read;
  ShopState shown;
  shown.menu = MenuMark{views[id].epoch, menus.contains(id) ? menus[id].first : 0};
  for (const auto& [sku, record] : rows[id]) {
    shown.levels.push_back(ShopLevel{sku, record.level.type, record.level.status,
                                     record.relay_available, record.level.available});
  }
  give<ShopState>(std::move(done), std::move(shown));
}

void FakeDesk::shop_menu(const StoreId& id, Done<std::optional<std::string>> done) {
  ++menus_read;
  const auto found = menus.find(id);
  give<std::optional<std::string>>(std::move(done), found == menus.end()
                                                        ? std::optional<std::string>()
                                                        : std::optional(found->second.second));
}

void FakeDesk::shop_order(const StoreId& id, const std::string& order,
                          Done<std::optional<ShopOrder>> done) {
  using Found = std::optional<ShopOrder>;
  const auto found = reserved.find(order);
  if (found == reserved.end() || found->second.front().store != id) {
    return give<Found>(std::move(done), Found());
  }
  const Reservation& first = found->second.front();
  ShopOrder shown = shop_orders[order];
  shown.store = id;
  shown.order = order;
  shown.status = first.status;
  shown.reason = first.reason;
  shown.expires_at = first.expires_at;
  if (shown.updated_at == TimePoint{}) shown.updated_at = at;
  for (const ReserveOrder& each : asked) {
    if (each.order == order) shown.online_order = each.online_order;
  }
  give<Found>(std::move(done), Found(std::move(shown)));
}

void FakeDesk::rebuild(const StoreId& id, const SkuId& sku, Done<void> done) {
  if (rows[id].contains(sku)) return give<void>(std::move(done), {});
  give<void>(std::move(done), refuse(Code::NotFound, "this store has no record of that SKU"));
}

}  // namespace larder::relay
