#include "relay/shards/lease_rows.hpp"

#include "relay/shards/event_rows.hpp"

namespace larder::relay {

std::string_view state_name(LeaseState state) {
  switch (state) {
    case LeaseState::Open:
      return "open";
    case LeaseState::Recalled:
      return "recalled";
    case LeaseState::Expired:
      return "expired";
    case LeaseState::Closed:
      return "closed";
  }
  return "closed";
}

LeaseState lease_state_of(std::string_view name) {
  if (name == "open") return LeaseState::Open;
  if (name == "recalled") return LeaseState::Recalled;
  return name == "expired" ? LeaseState::Expired : LeaseState::Closed;
}

LeaseRecord lease_of(const sql::Statement& row) {
  LeaseRecord lease;
  lease.store = StoreId(std::string(row.text(0)));
  lease.epoch = static_cast<Epoch>(row.integer(1));
  lease.lease = LeaseId(std::string(row.text(2)));
  lease.sku = SkuId(std::string(row.text(3)));
  lease.channel = ChannelCode(std::string(row.text(4)));
  lease.granted = Quantity::tenths(row.integer(5));
  lease.sold = Quantity::tenths(row.integer(6));
  lease.told_sold = Quantity::tenths(row.integer(7));
  lease.returned = Quantity::tenths(row.integer(8));
  lease.held = Quantity::tenths(row.integer(9));
  lease.state = lease_state_of(row.text(10));
  lease.keep = Quantity::tenths(row.integer(11));
  lease.expires_at = TimePoint{row.integer(12)};
  return lease;
}

Result<std::vector<LeaseRecord>> leases_of(sql::Statement& rows) {
  const sql::Scope scope(rows);
  std::vector<LeaseRecord> leases;
  for (;;) {
    auto row = rows.step();
    if (!row) return pass_on(row);
    if (!*row) return leases;
    leases.push_back(lease_of(rows));
  }
}

Result<void> LeaseRows::put(const LeaseRecord& lease, TimePoint now) {
  sql::Statement& put = keyed(tables_.rights.put_lease);
  put.bind(3, lease.epoch).bind_text(4, lease.lease.text()).bind(5, lease.sold.in_tenths());
  put.bind(6, lease.told_sold.in_tenths()).bind(7, lease.returned.in_tenths());
  put.bind(8, lease.held.in_tenths()).bind_text(9, state_name(lease.state));
  return put.bind(10, lease.keep.in_tenths()).bind(11, now.micros).run();
}

Result<std::optional<LeaseRecord>> LeaseRows::find(const LeaseId& lease) {
  keyed(tables_.rights.lease_of).bind_text(3, lease.text());
  auto found = leases_of(tables_.rights.lease_of);
  if (!found) return pass_on(found);
  if (found->empty()) return std::optional<LeaseRecord>();
  return std::optional(std::move(found->front()));
}

Result<std::vector<LeaseRecord>> LeaseRows::of_sku(const SkuId& sku) {
  keyed(tables_.rights.leases_of_sku).bind_text(3, sku.text());
  return leases_of(tables_.rights.leases_of_sku);
}

Result<std::optional<SkuFigures>> LeaseRows::refresh(const SkuId& sku, TimePoint now) {
  auto taken = keyed(tables_.rights.refresh_figures).bind_text(3, sku.text()).run();
  if (!taken) return pass_on(taken);
  sql::Statement& whole = keyed(tables_.rights.figures);
  const sql::Scope scope(whole);
  auto row = whole.bind_text(3, sku.text()).bind(4, 1).bind(5, now.micros).step();
  if (!row) return pass_on(row);
  if (!*row) return std::optional<SkuFigures>();
  SkuFigures figures;
  figures.level.available = Quantity::tenths(whole.integer(0));
  figures.level.held = Quantity::tenths(whole.integer(1));
  figures.level.type = whole.integer(2) == 2 ? StockType::Limited : StockType::Unlimited;
  figures.level.status = whole.integer(3) == 2 ? StockStatus::SoldOut : StockStatus::Available;
  figures.relay_stock = Quantity::tenths(whole.integer(4));
  figures.relay_locked = Quantity::tenths(whole.integer(5));
  poi_.set_relay_part(store_, sku, figures.relay_stock, figures.relay_locked);
  return std::optional(figures);
}

Result<void> LeaseRows::refresh_poi(const SkuId& sku, const StockLevel& level, TimePoint now) {
  sql::Statement& put = keyed(tables_.rights.refresh_poi).bind_text(3, sku.text());
  put.bind(4, level.available.in_tenths()).bind(5, poi_status(level));
  return put.bind(6, now.micros).run();
}

}  // namespace larder::relay
