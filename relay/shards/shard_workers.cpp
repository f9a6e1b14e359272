#include "relay/shards/shard_workers.hpp"

#include <chrono>
#include <utility>

#include "relay/shards/sqlite_shard_store.hpp"

namespace larder::relay {
namespace {

// A worker that had nothing to do for so long is idle: a checkpoint keeps nobody waiting.
constexpr auto kRestAfter = std::chrono::milliseconds(20);
constexpr auto kIdleCheck = std::chrono::seconds(1);

}  // namespace

std::vector<ShardSeat> seats_of(SqliteShardStore& store, Clock& clock) {
  std::vector<ShardSeat> seats;
  for (std::size_t i = 0; i < store.databases(); ++i) {
    SqliteShard& shard = store.shard(i);
    ShardSeat& seat = seats.emplace_back();
    seat.store = &shard;
    seat.maintain = [&shard, &clock](bool idle) { shard.maintain(idle, clock.now()); };
    seat.is_broken = [&shard] { return shard.is_broken(); };
    // Should it not be possible, each commit goes on waiting for its own sync.
    if (!shard.sync_later()) continue;
    seat.sync = [&shard] { return shard.sync(); };
    seat.late_commits = [&shard] { return shard.late_commits(); };
  }
  return seats;
}

ShardWorkers::ShardWorkers(std::vector<ShardSeat> seats, Post post, std::size_t jobs_max, Lost lost)
    : post_(std::move(post)), jobs_max_(jobs_max) {
  for (ShardSeat& seat : seats) {
    workers_.push_back(std::make_unique<Worker>());
    workers_.back()->seat = std::move(seat);
    line_up(workers_.size() - 1, lost);
  }
  // All of them are there before the first runs: a job may have to go to another.
  for (auto& worker : workers_) {
    worker->thread = std::thread([this, &at = *worker] { work(at); });
  }
}

void ShardWorkers::line_up(std::size_t database, const Lost& lost) {
  Worker& worker = *workers_[database];
  if (!worker.seat.sync) return;
  worker.line = std::make_unique<SyncLine>(
      SyncLine::Ports{worker.seat.sync, post_, [this, &worker, database, lost](const Error& error) {
                        worker.broken = true;
                        if (lost) post_([lost, database, error] { lost(database, error); });
                      }});
}

void ShardWorkers::answer(Worker& worker, std::function<void()> word) {
  if (worker.line == nullptr) return post_(std::move(word));
  worker.line->put(std::move(word), worker.seat.late_commits());
}

ShardWorkers::~ShardWorkers() {
  for (auto& worker : workers_) {
    {
      const std::lock_guard lock(worker->mutex);
      worker->stopping = true;
    }
    worker->wake.notify_one();
  }
  for (auto& worker : workers_) worker->thread.join();
  for (auto& worker : workers_) worker->line.reset();  // syncs and says what waits
}

std::size_t ShardWorkers::database_of(const StoreId& store) const {
  return workers_.front()->seat.store->database_of(store);
}

Result<void> ShardWorkers::run(std::size_t database, ShardJob job) {
  if (database >= workers_.size()) {
    return refuse(Code::WrongStore, "moved: there is no database " + std::to_string(database));
  }
  Worker& worker = *workers_[database];
  return push(
      worker, [this, &worker, job = std::move(job)] { answer(worker, job(*worker.seat.store)); },
      true);
}

// The map may change while the job waits. It then goes on to where the store lives, once; should
// that be wrong too, the store there says "moved" and the job hands it to whoever asked.
Result<void> ShardWorkers::run_for(const StoreId& store, ShardJob job) {
  const std::size_t database = database_of(store);
  if (database >= workers_.size()) {
    return refuse(Code::WrongStore, "moved: there is no database " + std::to_string(database));
  }
  Worker& worker = *workers_[database];
  auto follow = [this, &worker, database, store, job = std::move(job)] {
    const std::size_t by_now = worker.seat.store->database_of(store);
    if (by_now == database || by_now >= workers_.size()) {
      return answer(worker, job(*worker.seat.store));
    }
    Worker& other = *workers_[by_now];
    static_cast<void>(push(
        other, [this, &other, job] { answer(other, job(*other.seat.store)); }, false));
  };
  return push(worker, std::move(follow), true);
}

std::size_t ShardWorkers::waiting(std::size_t database) const {
  const Worker& worker = *workers_.at(database);
  const std::lock_guard lock(worker.mutex);
  return on_their_way(worker);
}

// With its mutex held.
std::size_t ShardWorkers::on_their_way(const Worker& worker) {
  return worker.jobs.size() + (worker.line != nullptr ? worker.line->waiting() : 0);
}

Result<void> ShardWorkers::push(Worker& worker, std::function<void()> job, bool limited) {
  {
    const std::lock_guard lock(worker.mutex);
    if (limited && worker.broken) {
      return refuse(Code::StorageFault, "This database can no longer be written; start again");
    }
    if (limited && on_their_way(worker) >= jobs_max_) {
      return refuse(Code::Busy, "Too many jobs wait for this database; try again");
    }
    worker.jobs.push_back(std::move(job));
  }
  worker.wake.notify_one();
  return {};
}

void ShardWorkers::work(Worker& worker) {
  bool is_idle = false;
  for (;;) {
    std::function<void()> job;
    {
      std::unique_lock lock(worker.mutex);
      worker.wake.wait_for(lock, is_idle ? kIdleCheck : kRestAfter,
                           [&worker] { return worker.stopping || !worker.jobs.empty(); });
      if (worker.jobs.empty() && worker.stopping) return;
      if (!worker.jobs.empty()) {
        job = std::move(worker.jobs.front());
        worker.jobs.pop_front();
      }
      is_idle = job == nullptr;
    }
    if (job) job();
    if (worker.seat.maintain) worker.seat.maintain(is_idle);
    if (worker.seat.is_broken && worker.seat.is_broken()) worker.broken = true;
  }
}

}  // namespace larder::relay
