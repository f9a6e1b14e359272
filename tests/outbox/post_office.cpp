#include "tests/outbox/post_office.hpp"

#include <algorithm>
#include <cstdlib>

#include "relay/app/bucket.hpp"

namespace larder::relay {
namespace {

Refused not_here() { return refuse(Code::Unsupported, "only the outbox is here"); }

}  // namespace

std::size_t MemoryOutbox::database_of(const StoreId& store) const {
  return bucket_of(store) % rows.size();
}

std::int64_t MemoryOutbox::add(const std::string& store, const std::string& key, TimePoint now) {
  OutboxRow row;
  row.store = StoreId(store);
  row.database = database_of(row.store);
  auto& table = rows.at(row.database);
  row.id = table.empty() ? 1 : table.rbegin()->first + 1;
  row.type = "inventory-cache-update-topic";
  row.biz_key = key;
  row.payload = "{}";
  row.status = "INIT";
  row.next_retry_at = now;
  table.emplace(row.id, row);
  return row.id;
}

Result<std::vector<OutboxRow>> MemoryOutbox::outbox_waiting(std::size_t database,
                                                            std::int64_t after, std::size_t limit) {
  std::vector<OutboxRow> found;
  auto& table = rows.at(database);
  for (auto at = table.upper_bound(after); at != table.end() && found.size() < limit; ++at) {
    if (at->second.status == "INIT") found.push_back(at->second);
  }
  rows_read += found.size();
  page_max = std::max(page_max, limit);
  return found;
}

Result<std::vector<OutboxRow>> MemoryOutbox::outbox_waiting_of(std::size_t database,
                                                               const StoreId& store,
                                                               std::size_t limit) {
  std::vector<OutboxRow> found;
  for (const auto& [id, row] : rows.at(database)) {
    if (found.size() == limit) break;
    if (row.store == store && row.status == "INIT") found.push_back(row);
  }
  rows_read += found.size();
  return found;
}

Result<void> MemoryOutbox::outbox_done(std::size_t database, std::span<const std::int64_t> ids) {
  if (!can_mark) return refuse(Code::StorageFault, "the disk says no");
  for (const std::int64_t id : ids) rows.at(database).at(id).status = "DONE";
  return {};
}

Result<void> MemoryOutbox::outbox_failed(std::size_t database, std::int64_t id, int retry_count,
                                         std::optional<TimePoint> again) {
  if (!can_mark) return refuse(Code::StorageFault, "the disk says no");
  OutboxRow& row = rows.at(database).at(id);
  if (row.status != "INIT") return {};
  row.retry_count = retry_count;
  row.status = again ? "INIT" : "DEAD";
  if (again) row.next_retry_at = *again;
  return {};
}

Result<std::vector<OutboxRow>> MemoryOutbox::outbox_dead(std::size_t database, std::size_t limit) {
  std::vector<OutboxRow> found;
  for (const auto& [id, row] : rows.at(database)) {
    if (row.status == "DEAD" && found.size() < limit) found.push_back(row);
  }
  return found;
}

Result<bool> MemoryOutbox::outbox_resend(std::size_t database, std::int64_t id, TimePoint now) {
  OutboxRow& row = rows.at(database).at(id);
  if (row.status != "DEAD") return false;
  row.status = "INIT";
  row.retry_count = 0;
  row.next_retry_at = now;
  return true;
}

Result<ShardStore::OutboxFigures> MemoryOutbox::outbox_figures(std::size_t) { return not_here(); }
Result<std::vector<BatchOutcome>> MemoryOutbox::apply(std::size_t, std::span<const StoreBatch>,
                                                      TimePoint) {
  return not_here();
}
Result<std::vector<StreamMark>> MemoryOutbox::marks(std::size_t) { return not_here(); }
Result<std::optional<StreamMark>> MemoryOutbox::mark(const StoreId&) { return not_here(); }
Result<void> MemoryOutbox::unfreeze(const StoreId&, const std::string&, TimePoint) {
  return not_here();
}
Result<void> MemoryOutbox::freeze(const StoreId&, const std::string&, TimePoint) {
  return not_here();
}
Result<std::vector<KeptEvent>> MemoryOutbox::line(const StoreId&, Seq, std::size_t) {
  return not_here();
}
Result<std::vector<RescueRecord>> MemoryOutbox::rescues(std::size_t) { return not_here(); }
Result<Epoch> MemoryOutbox::promise(const StoreId&, const HubId&, const std::string&) {
  return not_here();
}
Result<void> MemoryOutbox::keep_rescue(const RescueRecord&) { return not_here(); }
Result<IssuedWord> MemoryOutbox::issue(const NewWord&, TimePoint) { return not_here(); }
Result<std::vector<IssuedWord>> MemoryOutbox::words_after(const StoreId&, Seq, std::size_t) {
  return not_here();
}
Result<std::vector<IssuedWord>> MemoryOutbox::last_words(const StoreId&, std::size_t) {
  return not_here();
}
Result<std::vector<StockRecord>> MemoryOutbox::stock(const StoreId&) { return not_here(); }
Result<std::optional<StockRecord>> MemoryOutbox::stock_of(const StoreId&, const SkuId&) {
  return not_here();
}
Result<std::vector<StockRecord>> MemoryOutbox::stock_of_sku(std::size_t, const SkuId&,
                                                            std::size_t) {
  return not_here();
}
Result<std::uint64_t> MemoryOutbox::low_stock(std::size_t) { return not_here(); }
Result<std::vector<OrderRecord>> MemoryOutbox::last_orders(const StoreId&, std::size_t) {
  return not_here();
}
Result<DayBooks> MemoryOutbox::day_books(const StoreId&, BusinessDay) { return not_here(); }
Result<std::vector<std::string>> MemoryOutbox::event_hashes(const StoreId&, Seq, Seq) {
  return not_here();
}
Result<std::vector<std::string>> MemoryOutbox::audit_day(const StoreId&, BusinessDay) {
  return not_here();
}
Result<PoiStock> MemoryOutbox::sync_from_pos(const PoiStock&, TimePoint) { return not_here(); }
Result<std::vector<PoiStock>> MemoryOutbox::find_to_pos(const StoreId&, std::optional<TimePoint>) {
  return not_here();
}

void JobQueue::run_one() {
  auto job = std::move(jobs_.front());
  jobs_.pop_front();
  job();
}

void JobQueue::settle() {
  while (!jobs_.empty()) run_one();
}

Result<void> QueuedShards::run(std::size_t, std::function<std::function<void()>(ShardStore&)> job) {
  if (!is_open) return refuse(Code::Busy, "the queue is full");
  jobs_.post([this, job = std::move(job)] { jobs_.post(job(store_)); });
  return {};
}

void WritingBus::send(const Message& message, std::function<void(Result<void>)> done) {
  ++tries[message.key];
  most_under_way_in_a_group = std::max(most_under_way_in_a_group, ++under_way[message.group]);
  if (is_silent || (!slow_group.empty() && message.group == slow_group)) return;
  jobs_.post([this, message, done = std::move(done)] {
    --under_way[message.group];
    Result<void> outcome = answer ? answer(message) : Result<void>();
    if (outcome) taken.push_back(message);
    done(outcome);
  });
}

PostOffice::PostOffice(std::size_t databases, OutboxOptions options_wanted)
    : options(options_wanted), store(databases), shards(store, jobs), bus(jobs) {
  open();
}

void PostOffice::open() {
  pump = std::make_unique<OutboxPump>(shards, bus, clock, telemetry, options);
}

void PostOffice::settle() {
  for (int tick = 0; tick < 2; ++tick) {  // the second one marks what the first one sent
    pump->tick();
    jobs.settle();
  }
}

void PostOffice::pass(Duration time, Duration step) {
  for (std::int64_t passed = 0; passed < time.micros; passed += step.micros) {
    clock.pass(step);
    settle();
  }
}

std::vector<std::string> PostOffice::taken_of(const std::string& group) const {
  std::vector<std::string> keys;
  for (const Message& message : bus.taken) {
    if (message.group == group) keys.push_back(message.key);
  }
  return keys;
}

const OutboxRow& PostOffice::row(const std::string& key) const {
  for (const auto& table : store.rows) {
    for (const auto& [id, row] : table) {
      if (row.biz_key == key) return row;
    }
  }
  std::abort();
}

}  // namespace larder::relay
