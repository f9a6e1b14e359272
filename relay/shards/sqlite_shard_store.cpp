#include "relay/shards/sqlite_shard_store.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include "relay/shards/shard_file.hpp"

namespace larder::relay {
namespace {

// One map for all: the one that is written down, or the estate's when nothing is. A database that
// has none yet (made when the power went) gets it.
Result<BucketMap> agree_on_map(std::vector<sql::Connection>& files) {
  std::vector<std::vector<ShardPlace>> maps;
  std::vector<ShardPlace> agreed;
  for (sql::Connection& file : files) {
    auto map = read_map(file);
    if (!map) return pass_on(map);
    if (!map->empty() && !agreed.empty() && *map != agreed) {
      return refuse(Code::Corrupt,
                    "The databases disagree about where the buckets live: restore them together");
    }
    if (!map->empty()) agreed = *map;
    maps.push_back(std::move(*map));
  }
  BucketMap map = agreed.empty() ? BucketMap(files.size(), kTables) : BucketMap(agreed);
  if (map.databases() > files.size() || map.tables() > kTables) {
    return refuse(Code::Corrupt, "The map of the buckets names " + std::to_string(map.databases()) +
                                     " databases, " + std::to_string(files.size()) + " are here");
  }
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (!maps[i].empty()) continue;
    auto written = write_map(files[i], map);
    if (!written) return pass_on(written);
  }
  return map;
}

}  // namespace

Result<std::unique_ptr<SqliteShardStore>> SqliteShardStore::open(
    const std::filesystem::path& directory, std::size_t databases) {
  if (databases < 1 || databases > kBuckets) {
    return refuse(Code::BadConfig, "A relay has 1 to 1024 databases");
  }
  std::error_code failed;
  std::filesystem::create_directories(directory, failed);
  if (failed) {
    return refuse(Code::StorageFault,
                  "Cannot make " + directory.string() + ": " + failed.message());
  }
  std::vector<sql::Connection> files;
  for (std::size_t i = 0; i < databases; ++i) {
    auto file = open_shard(directory, i);
    if (!file) return pass_on(file);
    files.push_back(std::move(*file));
  }
  auto map = agree_on_map(files);
  if (!map) return pass_on(map);
  auto shared = std::make_shared<SharedMap>(std::move(*map));
  std::unique_ptr<SqliteShardStore> store(new SqliteShardStore(shared));
  for (std::size_t i = 0; i < databases; ++i) {
    auto shard = SqliteShard::open(std::move(files[i]), i, shared);
    if (!shard) return pass_on(shard);
    store->shards_.push_back(std::move(*shard));
  }
  return store;
}

Result<void> SqliteShardStore::use_map(const BucketMap& map) {
  if (map.databases() > shards_.size() || map.tables() > kTables) {
    return refuse(Code::BadConfig, "The map names databases or tables that are not here");
  }
  for (const auto& shard : shards_) {
    auto written = shard->write_map(map);
    if (!written) return written;
  }
  map_->set(map);
  return {};
}

Result<std::vector<BatchOutcome>> SqliteShardStore::apply(std::size_t database,
                                                          std::span<const StoreBatch> group,
                                                          TimePoint now) {
  return at(database).apply(database, group, now);
}
Result<std::vector<StreamMark>> SqliteShardStore::marks(std::size_t database) {
  return at(database).marks(database);
}
Result<std::optional<StreamMark>> SqliteShardStore::mark(const StoreId& store) {
  return of(store).mark(store);
}
Result<void> SqliteShardStore::unfreeze(const StoreId& store, const std::string& by,
                                        TimePoint now) {
  return of(store).unfreeze(store, by, now);
}
Result<void> SqliteShardStore::freeze(const StoreId& store, const std::string& reason,
                                      TimePoint now) {
  return of(store).freeze(store, reason, now);
}
Result<std::vector<KeptEvent>> SqliteShardStore::line(const StoreId& store, Seq after,
                                                      std::size_t limit) {
  return of(store).line(store, after, limit);
}
Result<std::vector<RescueRecord>> SqliteShardStore::rescues(std::size_t database) {
  return at(database).rescues(database);
}
Result<Epoch> SqliteShardStore::promise(const StoreId& store, const HubId& hub,
                                        const std::string& boot) {
  return of(store).promise(store, hub, boot);
}
Result<void> SqliteShardStore::keep_rescue(const RescueRecord& record) {
  return of(record.store).keep_rescue(record);
}
Result<IssuedWord> SqliteShardStore::issue(const NewWord& word, TimePoint now) {
  return of(word.store).issue(word, now);
}
Result<std::vector<IssuedWord>> SqliteShardStore::words_after(const StoreId& store, Seq after,
                                                              std::size_t limit) {
  return of(store).words_after(store, after, limit);
}
Result<std::vector<IssuedWord>> SqliteShardStore::last_words(const StoreId& store,
                                                             std::size_t limit) {
  return of(store).last_words(store, limit);
}
Result<std::vector<StockRecord>> SqliteShardStore::stock(const StoreId& store) {
  return of(store).stock(store);
}
Result<std::optional<StockRecord>> SqliteShardStore::stock_of(const StoreId& store,
                                                              const SkuId& sku) {
  return of(store).stock_of(store, sku);
}
Result<std::vector<StockRecord>> SqliteShardStore::stock_of_sku(std::size_t database,
                                                                const SkuId& sku,
                                                                std::size_t limit) {
  return at(database).stock_of_sku(database, sku, limit);
}
Result<std::vector<OrderRecord>> SqliteShardStore::last_orders(const StoreId& store,
                                                               std::size_t limit) {
  return of(store).last_orders(store, limit);
}
Result<DayBooks> SqliteShardStore::day_books(const StoreId& store, BusinessDay day) {
  return of(store).day_books(store, day);
}
Result<std::vector<std::string>> SqliteShardStore::event_hashes(const StoreId& store, Seq from,
                                                                Seq to) {
  return of(store).event_hashes(store, from, to);
}
Result<std::vector<std::string>> SqliteShardStore::audit_day(const StoreId& store,
                                                             BusinessDay day) {
  return of(store).audit_day(store, day);
}
Result<PoiStock> SqliteShardStore::sync_from_pos(const PoiStock& stock, TimePoint now) {
  return of(stock.poi).sync_from_pos(stock, now);
}
Result<std::vector<PoiStock>> SqliteShardStore::find_to_pos(
    const StoreId& poi, std::optional<TimePoint> changed_since) {
  return of(poi).find_to_pos(poi, changed_since);
}
Result<std::vector<OutboxRow>> SqliteShardStore::outbox_waiting(std::size_t database,
                                                                std::int64_t after,
                                                                std::size_t limit) {
  return at(database).outbox_waiting(database, after, limit);
}
Result<std::vector<OutboxRow>> SqliteShardStore::outbox_waiting_of(std::size_t database,
                                                                   const StoreId& store,
                                                                   std::size_t limit) {
  return at(database).outbox_waiting_of(database, store, limit);
}
Result<std::uint64_t> SqliteShardStore::low_stock(std::size_t database) {
  return at(database).low_stock(database);
}
Result<void> SqliteShardStore::outbox_done(std::size_t database,
                                           std::span<const std::int64_t> ids) {
  return at(database).outbox_done(database, ids);
}
Result<void> SqliteShardStore::outbox_failed(std::size_t database, std::int64_t id, int retry_count,
                                             std::optional<TimePoint> again) {
  return at(database).outbox_failed(database, id, retry_count, again);
}
Result<std::vector<OutboxRow>> SqliteShardStore::outbox_dead(std::size_t database,
                                                             std::size_t limit) {
  return at(database).outbox_dead(database, limit);
}
Result<bool> SqliteShardStore::outbox_resend(std::size_t database, std::int64_t id, TimePoint now) {
  return at(database).outbox_resend(database, id, now);
}
Result<ShardStore::OutboxFigures> SqliteShardStore::outbox_figures(std::size_t database) {
  return at(database).outbox_figures(database);
}

}  // namespace larder::relay
