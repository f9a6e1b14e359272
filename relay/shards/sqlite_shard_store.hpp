// SqliteShardStore: all databases of a relay as one ShardStore; each question goes to the database
// that its store lives in. Life: from open() to shutdown. Thread: as the port says, functions of
// one database on that database's worker; database_of() and use_map() on any. Limits: the number
// of databases is fixed at start; kTables tables in each.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "relay/shards/sqlite_shard.hpp"

namespace larder::relay {

class SqliteShardStore final : public ShardStore {
 public:
  // Opens `jiaoyi_product_0.db` and on, making what is absent, the directory included. A new set
  // gets the estate's map over `databases`; an old one keeps its own. Corrupt: the databases have
  // different maps, or the map names one that is not there. Locked: another relay has them.
  static Result<std::unique_ptr<SqliteShardStore>> open(const std::filesystem::path& directory,
                                                        std::size_t databases = 2);

  // One database, for its worker: it answers "moved" for stores that live elsewhere.
  SqliteShard& shard(std::size_t database) { return *shards_.at(database); }
  // From now on buckets live there, in every database and after a restart. Their rows must be there
  // already. Call it while no worker runs a job.
  Result<void> use_map(const BucketMap& map);

  std::size_t databases() const override { return shards_.size(); }
  std::size_t database_of(const StoreId& store) const override {
    return map_->get()->place(store).database;
  }
  Result<std::vector<BatchOutcome>> apply(std::size_t database, std::span<const StoreBatch> group,
                                          TimePoint now) override;
  Result<std::vector<StreamMark>> marks(std::size_t database) override;
  Result<std::optional<StreamMark>> mark(const StoreId& store) override;
  Result<void> unfreeze(const StoreId& store, const std::string& by, TimePoint now) override;
  Result<void> freeze(const StoreId& store, const std::string& reason, TimePoint now) override;
  Result<std::vector<KeptEvent>> line(const StoreId& store, Seq after, std::size_t limit) override;
  Result<std::vector<RescueRecord>> rescues(std::size_t database) override;
  Result<void> keep_rescue(const RescueRecord& record) override;
  Result<Epoch> promise(const StoreId& store, const HubId& hub, const std::string& boot) override;
  Result<IssuedWord> issue(const NewWord& word, TimePoint now) override;
  Result<std::vector<IssuedWord>> words_after(const StoreId& store, Seq after,
                                              std::size_t limit) override;
  Result<std::vector<IssuedWord>> last_words(const StoreId& store, std::size_t limit) override;
  Result<std::vector<StockRecord>> stock(const StoreId& store) override;
  Result<std::optional<StockRecord>> stock_of(const StoreId& store, const SkuId& sku) override;
  Result<std::vector<StockRecord>> stock_of_sku(std::size_t database, const SkuId& sku,
                                                std::size_t limit) override;
  Result<std::vector<OrderRecord>> last_orders(const StoreId& store, std::size_t limit) override;
  Result<DayBooks> day_books(const StoreId& store, BusinessDay day) override;
  Result<std::vector<std::string>> event_hashes(const StoreId& store, Seq from, Seq to) override;
  Result<std::vector<std::string>> audit_day(const StoreId& store, BusinessDay day) override;
  Result<PoiStock> sync_from_pos(const PoiStock& stock, TimePoint now) override;
  Result<std::vector<PoiStock>> find_to_pos(const StoreId& poi,
                                            std::optional<TimePoint> changed_since) override;
  Result<std::uint64_t> low_stock(std::size_t database) override;
  Result<std::vector<OutboxRow>> outbox_waiting(std::size_t database, std::int64_t after,
                                                std::size_t limit) override;
  Result<std::vector<OutboxRow>> outbox_waiting_of(std::size_t database, const StoreId& store,
                                                   std::size_t limit) override;
  Result<void> outbox_done(std::size_t database, std::span<const std::int64_t> ids) override;
  Result<void> outbox_failed(std::size_t database, std::int64_t id, int retry_count,
                             std::optional<TimePoint> again) override;
  Result<std::vector<OutboxRow>> outbox_dead(std::size_t database, std::size_t limit) override;
  Result<bool> outbox_resend(std::size_t database, std::int64_t id, TimePoint now) override;
  Result<OutboxFigures> outbox_figures(std::size_t database) override;

 private:
  explicit SqliteShardStore(std::shared_ptr<SharedMap> map) : map_(std::move(map)) {}
  SqliteShard& of(const StoreId& store) { return shard(database_of(store)); }
  // Any database answers for one that does not exist: "moved".
  SqliteShard& at(std::size_t database) { return shard(database < shards_.size() ? database : 0); }

  std::shared_ptr<SharedMap> map_;
  std::vector<std::unique_ptr<SqliteShard>> shards_;
};

}  // namespace larder::relay
