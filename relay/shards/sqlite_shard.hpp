// SqliteShard: one database of the relay as a ShardStore: its own stores' batches and questions,
// and "moved" for every other store. WAL with synchronous=FULL, one connection that writes, reads
// and checkpoints; a group is one transaction with one fsync, its own or one that it shares with
// the groups beside it (sync_later). Life: from open() until the clean stop (the destructor copies
// the -wal back). Thread: one at a time, its worker; sync() on any. Limits: the marks of all its
// stores are in memory; the -wal is copied back from 8 MB when idle, from 64 MB always. After a
// write or a sync that failed for anything but a full disk it refuses everything: start-up is
// recovery.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/ledger/commands.hpp"
#include "relay/app/oversells.hpp"
#include "relay/app/parked.hpp"
#include "relay/app/reconciliation.hpp"
#include "relay/app/replay.hpp"
#include "relay/app/shop.hpp"
#include "relay/app/turns.hpp"
#include "relay/shards/held_orders.hpp"
#include "relay/shards/poi_rows.hpp"
#include "relay/shards/shared_map.hpp"
#include "relay/shards/stream_judge.hpp"
#include "relay/shards/tables.hpp"

namespace larder::relay {

class EventRows;
class KeptEvents;

class SqliteShard final : public ShardStore,
                          public RightsStore,
                          public ReplayStore,
                          public OversellStore,
                          public ParkedStore,
                          public ShopStore,
                          public ReconcileStore {
 public:
  // `connection`: as open_shard() gives it.
  static Result<std::unique_ptr<SqliteShard>> open(sql::Connection connection, std::size_t index,
                                                   std::shared_ptr<SharedMap> map);
  ~SqliteShard() override;
  SqliteShard(const SqliteShard&) = delete;
  SqliteShard& operator=(const SqliteShard&) = delete;

  std::size_t databases() const override { return map_->get()->databases(); }
  std::size_t database_of(const StoreId& store) const override;

  // sqlite_shard_apply.cpp
  Result<std::vector<BatchOutcome>> apply(std::size_t database, std::span<const StoreBatch> group,
                                          TimePoint now) override;

  // sqlite_shard.cpp
  Result<std::vector<StreamMark>> marks(std::size_t database) override;
  Result<std::optional<StreamMark>> mark(const StoreId& store) override;
  Result<void> unfreeze(const StoreId& store, const std::string& by, TimePoint now) override;
  Result<void> freeze(const StoreId& store, const std::string& reason, TimePoint now) override;

  // sqlite_shard_rescues.cpp
  Result<std::vector<RescueRecord>> rescues(std::size_t database) override;
  Result<void> keep_rescue(const RescueRecord& record) override;
  Result<Epoch> promise(const StoreId& store, const HubId& hub, const std::string& boot) override;

  // sqlite_shard_words.cpp
  Result<IssuedWord> issue(const NewWord& word, TimePoint now) override;
  Result<std::vector<IssuedWord>> words_after(const StoreId& store, Seq after,
                                              std::size_t limit) override;
  Result<std::vector<IssuedWord>> last_words(const StoreId& store, std::size_t limit) override;

  // sqlite_shard_reads.cpp
  Result<std::vector<StockRecord>> stock(const StoreId& store) override;
  Result<std::optional<StockRecord>> stock_of(const StoreId& store, const SkuId& sku) override;
  Result<std::vector<StockRecord>> stock_of_sku(std::size_t database, const SkuId& sku,
                                                std::size_t limit) override;
  Result<std::vector<OrderRecord>> last_orders(const StoreId& store, std::size_t limit) override;

  // sqlite_shard_books.cpp
  Result<DayBooks> day_books(const StoreId& store, BusinessDay day) override;
  Result<std::vector<std::string>> event_hashes(const StoreId& store, Seq from, Seq to) override;
  Result<std::vector<std::string>> audit_day(const StoreId& store, BusinessDay day) override;
  Result<std::vector<KeptEvent>> line(const StoreId& store, Seq after, std::size_t limit) override;

  // sqlite_shard_poi.cpp
  Result<PoiStock> sync_from_pos(const PoiStock& stock, TimePoint now) override;
  Result<std::vector<PoiStock>> find_to_pos(const StoreId& poi,
                                            std::optional<TimePoint> changed_since) override;

  Result<std::uint64_t> low_stock(std::size_t database) override;

  // sqlite_shard_outbox.cpp
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

  RightsStore* rights() override { return this; }
  // sqlite_shard_turns.cpp
  Result<std::vector<TurnOutcome>> take_turns(std::span<const Turn> group, TimePoint now) override;
  Result<std::vector<Reservation>> reservations_of(const std::string& order) override;
  Result<std::vector<DueOrder>> due_orders(TimePoint now, std::size_t limit) override;
  Result<std::optional<bool>> is_paid(const StoreId& store, const std::string& order) override;
  // sqlite_shard_leases.cpp
  Result<std::vector<StoreWord>> settle_leases(TimePoint now, std::size_t limit) override;
  Result<std::vector<StoreWord>> return_idle(const StoreId& store, const SkuId& sku,
                                             const ChannelCode& channel, Quantity quantity,
                                             TimePoint now) override;
  Result<std::vector<LeaseRecord>> leases_of(const StoreId& store) override;
  Result<IdleRights> idle_rights() override;
  Result<void> rebuild(const StoreId& store, const SkuId& sku, TimePoint now) override;

  ParkedStore* parked_rows() override { return this; }
  // sqlite_shard_parked.cpp
  Result<std::vector<ParkedEvent>> parked(const StoreId& store, std::size_t limit) override;
  Result<RepairOutcome> repair(const ParkedRepair& repair, TimePoint now) override;
  OversellStore* oversell_rows() override { return this; }
  // sqlite_shard_oversell.cpp
  Result<std::vector<OversellEntry>> oversells(const OversellQuery& query) override;
  Result<std::uint64_t> open_oversells() override;
  Result<std::optional<OversellEntry>> oversell(const StoreId& store, std::int64_t id) override;
  Result<OversellEntry> resolve_oversell(const StoreId& store, std::int64_t id,
                                         const std::string& resolution, const std::string& by,
                                         TimePoint now) override;
  ReplayStore* replays() override { return this; }
  // sqlite_shard_replay.cpp
  Result<Replayed> replay(const OfflineBatch& batch, TimePoint now) override;
  Result<std::vector<StoreWord>> tell_replayed(TimePoint now, std::size_t limit) override;
  ShopStore* shop_rows() override { return this; }
  // sqlite_shard_shop.cpp
  Result<ShopState> shop(const StoreId& store, const ChannelCode& channel, TimePoint now) override;
  Result<std::optional<std::string>> shop_menu(const StoreId& store) override;
  Result<std::optional<ShopOrder>> shop_order(const StoreId& store,
                                              const std::string& order) override;

  ReconcileStore* reconcile_rows() override { return this; }
  // sqlite_shard_reconcile.cpp
  Result<StockLook> compare_stock(const StoreId& store, const SkuId& after,
                                  const StockBooks& hubs) override;
  Result<StockRepair> repair_stock(const StoreId& store, const StockBooks& hubs,
                                   const std::string& by, TimePoint now) override;
  Result<std::vector<StockDifference>> differences(const StoreId& store,
                                                   std::size_t limit) override;

  // Checkpoints, and old rows of the outbox; to be called between jobs, `idle` when none waits.
  void maintain(bool idle, TimePoint now);
  bool is_broken() const { return fault_.has_value() || is_unsynced_; }
  // From here on a commit is on the disk when a sync() that began after it has returned: one worker
  // writes while another thread syncs. StorageFault: all stays as it was.
  Result<void> sync_later();
  // Any thread. After an error the database is broken.
  Result<void> sync();
  std::uint64_t late_commits() const { return connection_.late_commits(); }
  // Writes down where the buckets live from now on. Who moves rows does that before.
  Result<void> write_map(const BucketMap& map);

 private:
  // Where a store's rows are in this database.
  struct Place {
    unsigned bucket = 0;
    Tables* tables = nullptr;
  };
  using Marks = std::unordered_map<StoreId, StreamMark>;

  SqliteShard(sql::Connection connection, std::size_t index, std::shared_ptr<SharedMap> map)
      : connection_(std::move(connection)), index_(index), map_(std::move(map)) {}
  Result<void> prepare();
  Result<void> read_marks();

  Result<void> check_ready(std::size_t database) const;
  // WrongStore, "moved: ...".
  Result<Place> place_of(const StoreId& store);
  // Keeps what a failed write means: a full disk passes, anything else is final.
  template <typename T>
  Result<T> settle(Result<T> result) {
    if (!result) note_failure(result.error());
    return result;
  }
  void note_failure(const Error& error);
  Result<void> set_frozen(const StoreId& store, const std::optional<std::string>& reason,
                          const std::string& by, TimePoint now);
  Result<void> put_mark(unsigned bucket, const StreamMark& mark, const StreamMark* before);
  Result<RescueRecord> rescue_row(const StoreId& store);
  Result<void> put_rescue(const RescueRecord& record);
  Result<void> trim_outbox(TimePoint now);
  Result<void> forget_cancelled(TimePoint now);
  Result<void> log(const StoreId& store, std::string_view who, std::string_view what, TimePoint at);
  Result<void> message(const StoreId& store, std::string_view topic, std::string_view key,
                       std::string_view payload, TimePoint now);

  // apply()
  Result<std::vector<BatchOutcome>> apply_group(std::span<const StoreBatch> group, TimePoint now);
  Result<BatchOutcome> apply_batch(const StoreBatch& batch, Marks& drafts, TimePoint now);
  Result<void> take(const StoreBatch& batch, const Verdict& verdict, const Place& place,
                    const StreamMark* before, StreamMark& mark, std::vector<LeaseNews>& leases,
                    TimePoint now);
  Result<void> take_rows(const StoreBatch& batch, const Verdict& verdict, const Place& place,
                         StreamMark& mark, std::vector<LeaseNews>& leases, TimePoint now,
                         bool careful);
  Result<void> put_event(const StoreBatch& batch, const Place& place, std::size_t index,
                         const Sha256& hash);
  Result<void> park(const StoreBatch& batch, const Place& place, std::size_t index,
                    std::string_view reason, StreamMark& mark, TimePoint now);
  Result<void> begin_epoch(const StoreBatch& batch, const Place& place, const StreamMark* before,
                           StreamMark& mark, TimePoint now);
  Result<void> freeze(const StoreBatch& batch, const Verdict& verdict, const Place& place,
                      const StreamMark* before, StreamMark& mark, TimePoint now);
  Result<void> keep_forks(const StoreBatch& batch, const Verdict& verdict, const Place& place,
                          TimePoint now);

  // books
  struct DaySpan {
    Seq first = 0, last = 0;  // both 0: no such day
  };
  Result<DaySpan> span_of(const StoreId& store, const Place& place, BusinessDay day);
  // The events of the store's own line: where an epoch was begun anew, those of the new one.
  Result<std::vector<KeptEvent>> line_of(const StoreId& store, const Place& place, Seq first,
                                         Seq last, std::vector<std::string>* strays);
  Result<void> audit_rows(const StoreId& store, const Place& place, const DaySpan& span,
                          const std::vector<KeptEvent>& events, std::vector<std::string>& found);

  // turns, leases
  Result<std::vector<TurnOutcome>> turn_group(std::span<const Turn> group, Marks& drafts,
                                              TimePoint now);
  Result<std::vector<LeaseRecord>> leases_to_settle(TimePoint now, std::size_t limit);
  // What a lease has to tell, and how it then stands; no word when that is nothing.
  Result<void> settle_lease(LeaseRecord lease, Quantity give_back, Marks& drafts,
                            std::vector<StoreWord>& words, TimePoint now);
  Result<void> tell_hub(const LeaseRecord& lease, const SettleLease& told, Marks& drafts,
                        std::vector<StoreWord>& words, TimePoint now);
  Result<void> write_settled(const LeaseRecord& lease, bool has_moved, TimePoint now);

  void say_as_of(std::vector<StockRecord>& records) const;
  // parked
  struct Repairing;  // repairing.hpp
  Result<void> mend(Repairing& work);
  Result<void> try_first(Repairing& work, const ParkedPlace& at);
  Result<void> follow(Repairing& work, const std::vector<HeldEvent>& line);
  Result<bool> goes_along(Repairing& work, const HeldEvent& event);
  Result<void> skip(Repairing& work, const ParkedPlace& at, const std::string& why);
  Result<void> unpark(Repairing& work, const ParkedPlace& at);
  // Empty: it is not kept.
  Result<std::string> event_text(const Repairing& work, const ParkedPlace& at);
  // A sentence: it cannot be written, and nothing of the attempt stays.
  Result<std::string> attempt(Repairing& work, const ParkedPlace& at);
  Result<void> write_parked(Repairing& work, const ParkedPlace& at);
  // sqlite_shard_overtaken.cpp
  Result<std::string> is_overtaken(const Repairing& work, const ParkedPlace& at,
                                   const Event& event);
  KeptEvents kept_events(const Repairing& work);
  Result<bool> has_later(const Repairing& work, sql::Statement& find, const ParkedPlace& at,
                         const std::string& about);
  Result<std::set<std::string>> moved_since(const Repairing& work, const ParkedPlace& at,
                                            const Event& event);
  Result<bool> is_stock_told(const Repairing& work, const ParkedPlace& at, const Event& event);
  Result<void> follow_holds(EventRows& rows, const Repairing& work, const ParkedPlace& at,
                            const Event& event);

  // reconciliation
  Result<bool> is_comparable(const StoreId& store, const StockBooks& hubs) const;
  Result<bool> has_moved(const StoreId& store, const SkuId& sku, const StockBooks& hubs,
                         const Place& place);
  Result<StockLook> leave_out_moving(const StoreId& store, const StockBooks& hubs,
                                     const Place& place, StockLook look);
  Result<void> repair_level(const StoreId& store, const StockBooks& hubs, const NamedLevel& hub,
                            const std::string& by, const Place& place, EventRows& rows,
                            StockRepair& repair, TimePoint now);

  // replay
  struct OfflineLook;  // sqlite_shard_replay.cpp
  Result<ReplayedEvent> keep_offline(const OfflineEvent& event, const OfflineBatch& batch,
                                     const Place& place, TimePoint now);
  Result<OfflineLook> look_offline(const StoreId& store, const SkuId& sku, const Place& place,
                                   TimePoint now);
  Result<std::optional<ReplayedItem>> merge_offline(const StoreId& store, const SkuId& sku,
                                                    const Place& place, const OfflineBatch* batch,
                                                    Marks& drafts, std::vector<StoreWord>& words,
                                                    TimePoint now);
  Result<void> record_offline(const OfflineLook& look, std::int64_t tenths, const Place& place,
                              TimePoint now);
  Result<void> tell_offline(OfflineLook& look, const MergedBooks& merged, const Place& place,
                            Marks& drafts, std::vector<StoreWord>& words, TimePoint now);
  Result<void> write_offline(OfflineLook& look, const MergedBooks& merged, const Place& place,
                             const OfflineBatch* batch, TimePoint now);

  // words, POS
  // Gives the word its number in this transaction; `drafts` are the marks that change with it.
  Result<IssuedWord> put_word(const NewWord& wanted, Marks& drafts, TimePoint now);
  void adopt(Marks& drafts);
  Result<void> log_word(const NewWord& word, const Place& place, Seq number, TimePoint now);
  Result<std::optional<PoiStock>> poi_of(const StoreId& poi, const Place& place, int object_type,
                                         const std::string& object, std::int64_t& id);
  Result<std::vector<PoiStock>> poi_rows(const StoreId& poi, const Place& place, std::int64_t after,
                                         int object_type, const std::string& object,
                                         std::vector<std::int64_t>& ids);
  Result<void> write_poi(const PoiStock& stock, const Place& place, std::string_view change,
                         TimePoint now);

  sql::Connection connection_;
  std::size_t index_;
  std::shared_ptr<SharedMap> map_;
  std::vector<Tables> tables_;  // by suffix
  HouseTables house_;
  PoiRows poi_;
  HeldOrders held_;
  Marks marks_;  // of all stores of this database, as committed
  std::optional<Error> fault_;
  std::optional<sql::LateSync> late_;
  std::atomic<bool> is_unsynced_ = false;  // what was committed may not be on the disk
  std::int64_t trimmed_to_ = 0;
  TimePoint next_trim_;
};

}  // namespace larder::relay
