// FakeDesk's oversell records: a hub's own end when the hub has taken the word.
#include <algorithm>

#include "tests/support/fake_desk.hpp"

namespace larder::relay {

void FakeDesk::add_oversell(const std::string& store, const std::string& sku, int units,
                            const std::string& cause, const std::string& hubs_id) {
  OversellEntry entry;
  entry.store = StoreId(store);
  entry.id = static_cast<std::int64_t>(oversold.size()) + 1;
  entry.sku = SkuId(sku);
  entry.name = rows[entry.store][entry.sku].name;
  entry.quantity = Quantity::units(units);
  entry.cause = cause;
  entry.orders_json = R"(["A-)" + std::to_string(entry.id) + "\"]";
  entry.made_by = hubs_id.empty() ? "pos" : "till-1";
  entry.hubs_id = hubs_id;
  entry.at = at + Duration::seconds(static_cast<std::int64_t>(entry.id));
  oversold.push_back(std::move(entry));
}

void FakeDesk::oversells(const OversellQuery& query, Done<std::vector<OversellEntry>> done) {
  std::vector<OversellEntry> found;
  OversellEntry before;
  before.at = query.before.at;
  before.store = query.before.store;
  before.id = query.before.id;
  for (const OversellEntry& entry : oversold) {
    const bool is_of = query.store.empty() || entry.store == query.store;
    if (is_of && entry.is_open == query.is_open && is_shown_before(before, entry)) {
      found.push_back(entry);
    }
  }
  std::sort(found.begin(), found.end(), is_shown_before);
  if (found.size() > query.limit) found.resize(query.limit);
  give<std::vector<OversellEntry>>(std::move(done), std::move(found));
}

void FakeDesk::oversell(const StoreId& store, std::int64_t id,
                        Done<std::optional<OversellEntry>> done) {
  std::optional<OversellEntry> found;
  for (const OversellEntry& entry : oversold) {
    if (entry.store == store && entry.id == id) found = entry;
  }
  give<std::optional<OversellEntry>>(std::move(done), std::move(found));
}

void FakeDesk::resolve_oversell(const StoreId& store, std::int64_t id,
                                const std::string& resolution, const std::string& by,
                                Done<OversellEntry> done) {
  for (OversellEntry& entry : oversold) {
    if (entry.store != store || entry.id != id) continue;
    if (!entry.is_open && entry.resolution != resolution) break;
    if (entry.is_open) end_oversell(entry, resolution, by);
    return give<OversellEntry>(std::move(done), entry);
  }
  give<OversellEntry>(std::move(done), refuse(Code::BadState, "it was resolved before"));
}

void FakeDesk::end_oversell(OversellEntry& entry, const std::string& resolution,
                            const std::string& by) {
  entry.is_open = false;
  entry.resolution = resolution;
  entry.resolved_by = by;
  entry.resolved_at = tick();
}

}  // namespace larder::relay
