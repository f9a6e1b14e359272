// A relay's outbox without the rest: rows in memory, shards and bus on one queue of jobs, and a
// clock that only the test moves.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "relay/app/ports.hpp"
#include "relay/outbox/pump.hpp"

namespace larder::relay {

class StillClock final : public Clock {
 public:
  TimePoint now() override { return TimePoint{1'700'000'000'000'000 + wall.micros}; }
  Duration steady() override { return since_start; }
  void pass(Duration time) {
    wall.micros += time.micros;
    since_start.micros += time.micros;
  }
  Duration wall, since_start;
};

class QuietTelemetry final : public Telemetry {
 public:
  void batch(const StoreId&, BatchFate, std::size_t) override {}
  void group(std::size_t, std::size_t, std::size_t, Duration) override {}
  void dropped(std::string_view) override {}
  void note(std::string_view) override {}
  void warn(std::string_view sentence) override { warnings.emplace_back(sentence); }
  void alarm(std::string_view sentence) override { alarms.emplace_back(sentence); }
  void request(std::string_view, std::string_view, Duration) override {}
  void shard_error(std::size_t) override {}
  std::vector<std::string> warnings, alarms;
};

// The outbox's part of a ShardStore; the rest is refused.
class MemoryOutbox final : public ShardStore {
 public:
  explicit MemoryOutbox(std::size_t databases) : rows(databases) {}
  std::size_t databases() const override { return rows.size(); }
  std::size_t database_of(const StoreId& store) const override;

  std::int64_t add(const std::string& store, const std::string& key, TimePoint now = {});

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

  Result<std::vector<BatchOutcome>> apply(std::size_t, std::span<const StoreBatch>,
                                          TimePoint) override;
  Result<std::vector<StreamMark>> marks(std::size_t) override;
  Result<std::optional<StreamMark>> mark(const StoreId&) override;
  Result<void> unfreeze(const StoreId&, const std::string&, TimePoint) override;
  Result<void> freeze(const StoreId&, const std::string&, TimePoint) override;
  Result<std::vector<KeptEvent>> line(const StoreId&, Seq, std::size_t) override;
  Result<std::vector<RescueRecord>> rescues(std::size_t) override;
  Result<Epoch> promise(const StoreId&, const HubId&, const std::string&) override;
  Result<void> keep_rescue(const RescueRecord&) override;
  Result<IssuedWord> issue(const NewWord&, TimePoint) override;
  Result<std::vector<IssuedWord>> words_after(const StoreId&, Seq, std::size_t) override;
  Result<std::vector<IssuedWord>> last_words(const StoreId&, std::size_t) override;
  Result<std::vector<StockRecord>> stock(const StoreId&) override;
  Result<std::optional<StockRecord>> stock_of(const StoreId&, const SkuId&) override;
  Result<std::vector<StockRecord>> stock_of_sku(std::size_t, const SkuId&, std::size_t) override;
  Result<std::uint64_t> low_stock(std::size_t) override;
  Result<std::vector<OrderRecord>> last_orders(const StoreId&, std::size_t) override;
  Result<DayBooks> day_books(const StoreId&, BusinessDay) override;
  Result<std::vector<std::string>> event_hashes(const StoreId&, Seq, Seq) override;
  Result<std::vector<std::string>> audit_day(const StoreId&, BusinessDay) override;
  Result<PoiStock> sync_from_pos(const PoiStock&, TimePoint) override;
  Result<std::vector<PoiStock>> find_to_pos(const StoreId&, std::optional<TimePoint>) override;

  std::vector<std::map<std::int64_t, OutboxRow>> rows;  // by database and id
  bool can_mark = true;
  std::size_t rows_read = 0;
  std::size_t page_max = 0;  // longest page asked for
};

// Jobs of shards and bus, run when the test says so.
class JobQueue {
 public:
  void post(std::function<void()> job) { jobs_.push_back(std::move(job)); }
  void settle();  // until nothing is left
  void run_one();
  bool empty() const { return jobs_.empty(); }

 private:
  std::deque<std::function<void()>> jobs_;
};

class QueuedShards final : public Shards {
 public:
  QueuedShards(ShardStore& store, JobQueue& jobs) : store_(store), jobs_(jobs) {}
  std::size_t databases() const override { return store_.databases(); }
  std::size_t database_of(const StoreId& store) const override { return store_.database_of(store); }
  Result<void> run(std::size_t database, ShardJob job) override;
  std::size_t waiting(std::size_t) const override { return 0; }
  bool is_open = true;

 private:
  ShardStore& store_;
  JobQueue& jobs_;
};

// Takes what comes and answers as `answer` says; without one it takes everything.
class WritingBus final : public Bus {
 public:
  explicit WritingBus(JobQueue& jobs) : jobs_(jobs) {}
  void send(const Message& message, std::function<void(Result<void>)> done) override;
  std::function<Result<void>(const Message&)> answer;
  bool is_silent = false;
  std::string slow_group;      // its messages get no answer
  std::vector<Message> taken;  // answered ok, in order
  std::map<std::string, int> tries;
  std::map<std::string, int> under_way;  // by group
  int most_under_way_in_a_group = 0;

 private:
  JobQueue& jobs_;
};

struct PostOffice {
  explicit PostOffice(std::size_t databases = 2, OutboxOptions options_wanted = {});
  void open();    // a new pump, as after a start
  void settle();  // what is due now
  void pass(Duration time, Duration step);
  std::vector<std::string> taken_of(const std::string& store) const;
  const OutboxRow& row(const std::string& key) const;

  OutboxOptions options;
  StillClock clock;
  QuietTelemetry telemetry;
  MemoryOutbox store;
  JobQueue jobs;
  QueuedShards shards;
  WritingBus bus;
  std::unique_ptr<OutboxPump> pump;
};

}  // namespace larder::relay
