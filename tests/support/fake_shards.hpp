// Fakes that behave for the relay's rules. FakeShardStore keeps in memory what a database would
// keep, with the same verdicts on a batch; a group is taken whole or not at all. StepShards runs
// its jobs when the test says so, as a worker thread would some time later.
#pragma once

#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "relay/app/ports.hpp"

namespace larder::relay {

class FakeShardStore final : public ShardStore {
 public:
  struct Kept {
    Epoch epoch = 0;
    Sha256 hash{};
    std::string data;
  };
  ReconcileStore* reconcile = nullptr;  // what a test puts there
  RightsStore* turns = nullptr;         // the same
  struct Rows {
    StreamMark mark;
    std::vector<Kept> events;  // [i] has number i + 1
    std::vector<IssuedWord> words;
    RescueRecord rescue;
  };

  std::size_t databases() const override { return 2; }
  ReconcileStore* reconcile_rows() override { return reconcile; }
  RightsStore* rights() override { return turns; }
  std::size_t database_of(const StoreId& store) const override;
  Result<std::vector<BatchOutcome>> apply(std::size_t database, std::span<const StoreBatch> group,
                                          TimePoint now) override;
  Result<std::vector<StreamMark>> marks(std::size_t database) override;
  Result<std::optional<StreamMark>> mark(const StoreId& store) override;
  Result<void> unfreeze(const StoreId& store, const std::string& by, TimePoint now) override;
  Result<void> freeze(const StoreId& store, const std::string& reason, TimePoint now) override;
  Result<std::vector<KeptEvent>> line(const StoreId& store, Seq after, std::size_t limit) override;
  Result<std::vector<RescueRecord>> rescues(std::size_t database) override;
  Result<Epoch> promise(const StoreId& store, const HubId& hub, const std::string& boot) override;
  Result<void> keep_rescue(const RescueRecord& record) override;
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

  // What the next commits do: fail before anything is kept, or after all of it is (the answer is
  // lost). Counted down by one each.
  int fail_before = 0, fail_after = 0;
  Code failure = Code::StorageFault;
  std::set<StoreId> poison;  // a group with a batch of these is refused as Corrupt
  std::set<StoreId> moved;   // these live elsewhere by now
  std::map<StoreId, Rows> rows;
  std::vector<std::vector<StoreId>> groups;  // as committed: the store of each batch
  std::vector<OutboxRow> dead;
  std::map<StoreId, std::vector<std::string>> faults;  // for audit_day

 private:
  BatchOutcome take(Rows& rows, const StoreBatch& batch, TimePoint now);
};

class StepShards final : public Shards {
 public:
  explicit StepShards(FakeShardStore& store) : store_(store), jobs_(store.databases()) {}
  std::size_t databases() const override { return store_.databases(); }
  std::size_t database_of(const StoreId& store) const override { return store_.database_of(store); }
  Result<void> run(std::size_t database, ShardJob job) override;
  std::size_t waiting(std::size_t database) const override { return jobs_[database].size(); }

  bool step();       // one job and its end; false when there is none
  void run_all();    // until nothing waits
  bool work_only();  // one job, its end is kept for later: the commit is done, nobody knows yet
  void deliver();    // the ends that were kept
  void forget();     // jobs and ends are gone, as with the process

  bool refuses = false;

 private:
  FakeShardStore& store_;
  std::vector<std::deque<ShardJob>> jobs_;
  std::deque<std::function<void()>> ends_;
  std::size_t turn_ = 0;
};

class StepClock final : public Clock {
 public:
  TimePoint now() override { return TimePoint{1'795'254'300'000'000 + elapsed.micros}; }
  Duration steady() override { return elapsed; }
  void pass(Duration time) { elapsed.micros += time.micros; }
  Duration elapsed;
};

class SaidInlet final : public Inlet {
 public:
  struct Said {
    StoreId store;
    UplinkTopic topic = UplinkTopic::Ack;
    std::string payload;
  };
  bool is_up() const override { return up; }
  void send(const StoreId& store, UplinkTopic topic, std::string payload) override {
    if (!up) return;
    said.push_back(Said{store, topic, std::move(payload)});
    if (on_said) on_said(said.back());
  }
  std::vector<Ack> acks(const StoreId& store) const;
  bool up = true;
  std::vector<Said> said;
  std::function<void(const Said&)> on_said;
};

class CountedTelemetry final : public Telemetry {
 public:
  void batch(const StoreId&, BatchFate fate, std::size_t) override { ++fates[fate]; }
  void group(std::size_t, std::size_t, std::size_t, Duration) override { ++groups; }
  void dropped(std::string_view reason) override { ++drops[std::string(reason)]; }
  void request(std::string_view, std::string_view, Duration) override {}
  void shard_error(std::size_t) override { ++shard_errors; }
  void note(std::string_view) override {}
  void warn(std::string_view) override {}
  void alarm(std::string_view sentence) override { alarms.emplace_back(sentence); }

  std::map<BatchFate, int> fates;
  std::map<std::string, int> drops;
  std::vector<std::string> alarms;
  int groups = 0, shard_errors = 0;
};

}  // namespace larder::relay
