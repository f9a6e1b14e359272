// Replay: what a POS of another make did while it was away, merged into one figure for each SKU by
// the rule of core/stock/merge. Values, the pure function that merges, and the port to the rows.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "core/stock/merge.hpp"
#include "relay/app/turns.hpp"

namespace larder::relay {

inline constexpr std::size_t kReplayEventsMax = 200;  // of one request

struct OfflineEvent {
  OfflineChange change;  // its id is unique for the store
  SkuId sku;
  std::string order;  // that it belongs to; may be empty
};
struct OfflineBatch {
  std::string brand;
  StoreId store;
  std::vector<OfflineEvent> events;
  Asker by;
};

// Superseded: a figure was set later. Unlimited: nobody counts that SKU. Unknown: no such SKU here.
enum class OfflineFate { Applied, Superseded, Unlimited, Unknown };
struct ReplayedEvent {
  std::string id;
  OfflineFate fate = OfflineFate::Applied;
  bool is_again = false;  // it was here before, and changed nothing
};
struct ReplayedItem {
  SkuId sku;
  Quantity real;       // what can be sold anywhere, as it will be
  Quantity oversold;   // by this replay
  bool waits = false;  // until the hub, who owns the stock, has taken it
};
struct Replayed {
  std::vector<ReplayedEvent> events;  // as they were sent
  std::vector<ReplayedItem> items;    // that changed, in order of SKU
  std::vector<StoreWord> words;
};

// The books of one SKU, in tenths of what can be sold anywhere.
struct SkuBooks {
  std::int64_t there = 0;     // as it is shown: never below zero
  std::int64_t short_by = 0;  // what it would be below zero by
  std::int64_t recorded = 0;  // of that, what an oversell record says
  TimePoint counted_at;       // the latest replayed change in it
  // The owner's own changes, from the last figure that was set there on.
  std::vector<OfflineChange> site;
  // Of the tills: all from the last figure that one of them set on, and all that are fresh.
  std::vector<OfflineChange> replayed;
  std::set<std::string> fresh;  // ids of those that `there` does not count yet
};
struct MergedBooks {
  std::int64_t figure = 0;    // may be below zero
  bool is_over = false;       // what was short before is: a figure was set since
  std::int64_t recorded = 0;  // once `oversold` is written
  std::int64_t oversold = 0;  // more than is recorded
  TimePoint counted_at;
  std::vector<std::string> superseded;  // of the fresh ones
};
MergedBooks merge_replayed(const SkuBooks& books);

// As ShardStore: each function is one transaction, on the database's worker.
class ReplayStore {
 public:
  virtual ~ReplayStore() = default;
  // All or nothing. KeyReuse: an id that is known came with other contents.
  virtual Result<Replayed> replay(const OfflineBatch& batch, TimePoint now) = 0;
  // What hubs have not been told yet, or refused because their stock had moved on; at most `limit`.
  virtual Result<std::vector<StoreWord>> tell_replayed(TimePoint now, std::size_t limit) = 0;
};

}  // namespace larder::relay
