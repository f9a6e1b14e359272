// TurnHouse: real databases on a disk, a hub's journal, and turns taken one group at a time.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "relay/app/turns.hpp"
#include "tests/shards/shard_fixture.hpp"

namespace larder::relay {

inline Quantity units(int count) { return Quantity::units(count); }

class TurnHouse {
 public:
  explicit TurnHouse(const std::string& store = "s1") : hub(store) { open(); }

  // The process ends, in order or not, and starts again.
  void open() {
    shards.reset();
    shards = open_store(folder.path());
  }
  RightsStore& rights() { return *shards->shard(shards->database_of(hub.store())).rights(); }

  // The hub's books of one SKU, kept as its rules keep them.
  StockLevel& level(const std::string& sku) { return levels_[sku]; }
  void count(const std::string& sku, int quantity);
  void mark(const std::string& sku, StockStatus status, const std::string& channel = "");
  void set_quota(const std::string& sku, const std::string& channel, int quota);
  // Grants and applies: the lease's id.
  std::string grant(const std::string& sku, int quantity, const std::string& channel = "",
                    std::int64_t ttl_seconds = 3'600);
  void recall(const std::string& lease, const std::string& sku, int keep, bool ends = false);
  // What is in the journal and not yet at the relay.
  BatchOutcome send();

  TurnOutcome take(const Turn& turn);
  std::vector<TurnOutcome> take_all(const std::vector<Turn>& turns);
  ReserveOrder order(const std::string& number, std::vector<Demand> items,
                     const std::string& channel = "online_order");
  TurnOutcome reserve(const std::string& number, const std::string& sku, int quantity,
                      const std::string& channel = "online_order");
  TurnOutcome confirm(const std::string& number);
  TurnOutcome release(const std::string& number, const std::string& reason = "cancelled");
  std::vector<StoreWord> settle();

  LeaseRecord lease(const std::string& id);
  std::optional<StockRecord> record(const std::string& sku);
  std::vector<std::string> ask(const std::string& query);  // '$' is the suffix of the store's table

  Folder folder;
  HubJournal hub;
  std::unique_ptr<SqliteShardStore> shards;
  TimePoint now = kNow;

 private:
  std::map<std::string, StockLevel> levels_;
  std::map<std::string, Quantity> granted_;
  std::map<std::string, std::string> running_;  // lease by sku/channel
  Seq sent_ = 0;
};

std::string code_of(const TurnOutcome& outcome);  // "ok" or the code's wire name

}  // namespace larder::relay
