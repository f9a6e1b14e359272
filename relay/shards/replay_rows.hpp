// ReplayRows: the rows of one store's replayed changes and of the figures they are merged into.
// Life: inside one transaction. Thread: the worker of the database.
// Limit: of a SKU's log and of its replayed changes at most kSiteChangesRead rows each are read; a
// merge that needs more of them is refused (BadState), for with a part it would be wrong.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "relay/app/replay.hpp"
#include "relay/shards/poi_rows.hpp"
#include "relay/shards/tables.hpp"

namespace larder::relay {

inline constexpr std::int64_t kSiteChangesRead = 20'000;
// How a row of the log names a report of a POS, and what a replay made of it.
inline constexpr std::string_view kReport = "sync_from_pos";
inline constexpr std::string_view kReplay = "replay";
// Begins the ids of the words that tell a hub of a replay.
inline constexpr std::string_view kReplayWord = "replay-";

// A row of `offline_item`.
struct OfflineItem {
  std::int64_t short_by = 0, short_told = 0, recorded = 0;
  TimePoint counted_at;
  std::string word;
  bool waits = false;
};
struct ReplayRow {
  OfflineEvent event;
  std::string state;
};

class ReplayRows {
 public:
  ReplayRows(Tables& tables, unsigned bucket, const StoreId& store)
      : tables_(tables), bucket_(bucket), store_(store) {}

  Result<std::optional<ReplayRow>> event(const std::string& id);
  Result<void> put_event(const OfflineEvent& event, std::string_view state, const Asker& by,
                         TimePoint now);
  Result<void> set_state(const std::string& id, std::string_view state, std::string_view word);
  // What the merge needs of this SKU. BadState: more than can be read.
  Result<std::vector<ReplayRow>> events_of(const SkuId& sku);
  Result<OfflineItem> item(const SkuId& sku);
  Result<void> put_item(const SkuId& sku, const OfflineItem& item);
  // The owner's own changes after `since` of what can be sold anywhere (a hub's, else what a POS
  // reports), back to the last figure that was set there. In the order of their rows: one that a
  // clock which was set back has dated before `since` ends nothing. `stock_id`: of the SKU's row in
  // poi_item_stock. BadState: more than can be read.
  Result<std::vector<OfflineChange>> site_changes(bool has_hub, std::int64_t stock_id,
                                                  const SkuId& sku, TimePoint since);
  // The relay's own, as one.
  Result<OfflineChange> relay_draws(const SkuId& sku, TimePoint since, TimePoint now);
  // What is not told yet of this SKU can never be merged: it stays, refused.
  Result<void> give_up(const SkuId& sku);
  // The count that a word asked for is in the books, before the hub's answer to the word: what was
  // told is counted, and must not be taken off again by a replay that comes between the two.
  Result<void> word_counted(const std::string& word);
  // The hub has answered a word of a replay: counted, to be told anew, or refused.
  Result<void> word_ended(const std::string& word, std::string_view outcome);

 private:
  sql::Statement& keyed(sql::Statement& statement) {
    return statement.bind(1, bucket_).bind_text(2, store_.text());
  }
  Result<bool> has_new(const SkuId& sku);
  // Empty: no word of that id is under way.
  Result<std::string> sku_of_word(const std::string& word);

  Tables& tables_;
  unsigned bucket_;
  const StoreId& store_;
};

}  // namespace larder::relay
