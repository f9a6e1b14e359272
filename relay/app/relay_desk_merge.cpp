// What the desk is asked of replays, of oversell records, of events that were set aside and of
// comparisons with the hubs.
#include <algorithm>

#include "relay/app/relay_desk_ask.hpp"

namespace larder::relay {
namespace {

// What became of the events that waited behind one that was tried again or skipped.
std::string after_it(const RepairOutcome& outcome) {
  std::string what = "; events written: " + std::to_string(outcome.written) +
                     ", skipped: " + std::to_string(outcome.skipped) +
                     ", of its order still set aside: " + std::to_string(outcome.waiting);
  if (!outcome.stopped.empty()) what += " (" + outcome.stopped + ")";
  return what;
}

}  // namespace

void RelayDesk::replay(const OfflineBatch& batch, Done<Replayed> done) {
  const std::size_t database = ports_.shards.database_of(batch.store);
  ask<Replayed>(
      batch.store,
      [batch, now = ports_.clock.now()](ShardStore& shard) -> Result<Replayed> {
        ReplayStore* const replays = shard.replays();
        if (replays == nullptr) return refuse(Code::Unavailable, "nothing is replayed here");
        return replays->replay(batch, now);
      },
      [this, database, store = batch.store, done = std::move(done)](Result<Replayed> replayed) {
        if (!replayed) return done(std::move(replayed));
        for (const StoreWord& each : replayed->words) relay_.words().issued(each.word, each.store);
        for (const ReplayedItem& item : replayed->items) {
          if (item.oversold.is_zero()) continue;
          ports_.telemetry.alarm("store " + store.text() + ": " + item.oversold.text() + " of " +
                                 item.sku.text() +
                                 " were sold that are not there, by a till that was away");
        }
        if (ports_.on_resent && !replayed->items.empty()) ports_.on_resent(database);
        done(std::move(replayed));
      });
}

void RelayDesk::parked(const StoreId& store, Done<std::vector<ParkedEvent>> done) {
  ask<std::vector<ParkedEvent>>(
      store,
      [store](ShardStore& shard) -> Result<std::vector<ParkedEvent>> {
        ParkedStore* const rows = shard.parked_rows();
        if (rows == nullptr) return std::vector<ParkedEvent>();
        return rows->parked(store, kParkedShownMax);
      },
      std::move(done));
}

void RelayDesk::repair_parked(const ParkedRepair& repair, Done<RepairOutcome> done) {
  ask<RepairOutcome>(
      repair.store,
      [repair, now = ports_.clock.now()](ShardStore& shard) -> Result<RepairOutcome> {
        ParkedStore* const rows = shard.parked_rows();
        if (rows == nullptr) return refuse(Code::NotFound, "nothing is set aside here");
        return rows->repair(repair, now);
      },
      [this, repair, done = std::move(done)](Result<RepairOutcome> result) {
        if (result) {
          ports_.telemetry.note("store " + repair.store.text() + ": event " +
                                std::to_string(repair.seq) + " that was set aside is " +
                                (repair.skips ? "skipped" : "written") + ", by " + repair.by +
                                after_it(*result));
          relay_.reload(repair.store);
        }
        done(std::move(result));
      });
}

void RelayDesk::oversells(const OversellQuery& query, Done<std::vector<OversellEntry>> done) {
  using Entries = std::vector<OversellEntry>;
  gather<Entries, Entries>(
      [query](ShardStore& shard, std::size_t) -> Result<Entries> {
        OversellStore* const rows = shard.oversell_rows();
        if (rows == nullptr) return Entries();
        return rows->oversells(query);
      },
      [](Entries& whole, Entries& part) {
        std::move(part.begin(), part.end(), std::back_inserter(whole));
      },
      [limit = query.limit](Entries& whole) {
        std::sort(whole.begin(), whole.end(), is_shown_before);
        if (whole.size() > limit) whole.resize(limit);
      },
      std::move(done));
}

void RelayDesk::oversell(const StoreId& store, std::int64_t id,
                         Done<std::optional<OversellEntry>> done) {
  ask<std::optional<OversellEntry>>(
      store,
      [store, id](ShardStore& shard) -> Result<std::optional<OversellEntry>> {
        OversellStore* const rows = shard.oversell_rows();
        if (rows == nullptr) return std::optional<OversellEntry>();
        return rows->oversell(store, id);
      },
      std::move(done));
}

void RelayDesk::resolve_oversell(const StoreId& store, std::int64_t id,
                                 const std::string& resolution, const std::string& by,
                                 Done<OversellEntry> done) {
  ask<OversellEntry>(
      store,
      [store, id, resolution, by,
       now = ports_.clock.now()](ShardStore& shard) -> Result<OversellEntry> {
        OversellStore* const rows = shard.oversell_rows();
        if (rows == nullptr) return refuse(Code::NotFound, "there are no oversell records here");
        return rows->resolve_oversell(store, id, resolution, by, now);
      },
      std::move(done));
}

void RelayDesk::reconcile(const StoreId& store, const std::string& by, Done<Reconciliation> done) {
  relay_.reconciler().reconcile(store, by, std::move(done));
}

void RelayDesk::differences(const StoreId& store, Done<std::vector<StockDifference>> done) {
  ask<std::vector<StockDifference>>(
      store,
      [store](ShardStore& shard) -> Result<std::vector<StockDifference>> {
        ReconcileStore* const rows = shard.reconcile_rows();
        if (rows == nullptr) return std::vector<StockDifference>();
        return rows->differences(store, kDifferencesShownMax);
      },
      std::move(done));
}

}  // namespace larder::relay
