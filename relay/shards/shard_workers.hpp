// ShardWorkers: one worker thread per database, so that each has one writer and one fsync at a time
// while the loop goes on. Life: from construction to destruction, which finishes what was handed
// over. Thread: run() on the loop; jobs on their worker; what a job returns goes through `post`,
// in the order of the jobs of its database. Limit: kShardJobsMax waiting jobs per database, beyond
// that Busy.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "relay/app/ports.hpp"

namespace larder::relay {

inline constexpr std::size_t kShardJobsMax = 1'024;

// One database as its worker sees it.
struct ShardSeat {
  ShardStore* store = nullptr;
  // Between jobs; `idle` when none waits.
  std::function<void(bool idle)> maintain;
  // A broken database refuses every further job at once.
  std::function<bool()> is_broken;
};

class SqliteShardStore;
// The seats of all databases of a store; `clock` is asked on the workers.
std::vector<ShardSeat> seats_of(SqliteShardStore& store, Clock& clock);

class ShardWorkers final : public Shards {
 public:
  // `post` runs a function on the loop; it may be called from any thread and keeps order.
  ShardWorkers(std::vector<ShardSeat> seats, std::function<void(std::function<void()>)> post,
               std::size_t jobs_max = kShardJobsMax);
  ~ShardWorkers() override;
  ShardWorkers(const ShardWorkers&) = delete;
  ShardWorkers& operator=(const ShardWorkers&) = delete;

  std::size_t databases() const override { return workers_.size(); }
  std::size_t database_of(const StoreId& store) const override;
  Result<void> run(std::size_t database, ShardJob job) override;
  Result<void> run_for(const StoreId& store, ShardJob job) override;
  std::size_t waiting(std::size_t database) const override;

 private:
  struct Worker {
    ShardSeat seat;
    mutable std::mutex mutex;
    std::condition_variable wake;
    std::deque<std::function<void()>> jobs;
    bool stopping = false;
    std::atomic<bool> broken = false;
    std::thread thread;
  };
  // `limited`: refuses when the queue is full. A job that follows its store is never refused.
  Result<void> push(Worker& worker, std::function<void()> job, bool limited);
  void work(Worker& worker);

  std::function<void(std::function<void()>)> post_;
  std::size_t jobs_max_;
  std::vector<std::unique_ptr<Worker>> workers_;
};

}  // namespace larder::relay
