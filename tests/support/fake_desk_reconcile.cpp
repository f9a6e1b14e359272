// FakeDesk's comparisons with the hubs: a hub that is there tells its levels, what is put down in
// `unequal` is found once, and is repaired when that says so.
#include <algorithm>
#include <utility>

#include "tests/support/fake_desk.hpp"

namespace larder::relay {

void FakeDesk::reconcile(const StoreId& id, const std::string& by, Done<Reconciliation> done) {
  reconciled.push_back(id.text() + " " + by);
  StoreView& view = views[id];
  Reconciliation made;
  made.store = id;
  if (!view.is_live) {
    made.unanswered = "the hub of this store is away";
    return give<Reconciliation>(std::move(done), made);
  }
  const TimePoint now = tick();
  made.epoch = view.epoch;
  made.seq = view.up_to;
  made.skus = rows[id].size();
  made.differences = std::exchange(unequal[id], {});
  for (StockDifference& each : made.differences) {
    each.store = id;
    each.epoch = made.epoch;
    each.seq = made.seq;
    each.found_at = now;
    each.by = by;
  }
  made.is_equal = made.differences.empty();
  auto& kept = differed[id];
  kept.insert(kept.begin(), made.differences.begin(), made.differences.end());
  kept.resize(std::min(kept.size(), kDifferencesShownMax));
  view.reconciled_at = now;
  view.differences += made.differences.size();
  give<Reconciliation>(std::move(done), made);
}

void FakeDesk::differences(const StoreId& id, Done<std::vector<StockDifference>> done) {
  give<std::vector<StockDifference>>(std::move(done), differed[id]);
}

}  // namespace larder::relay
