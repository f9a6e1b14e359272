// ShardWorkers: one worker thread per database, so that each has one writer and one fsync at a time
// while the loop goes on. What a job returns goes through `post`, in the order of the jobs of its
// database, and not before the disk has what it speaks of. Life: from construction to destruction,
// which finishes what was handed over. Thread: run() on the loop; jobs on their worker. Limit:
// kShardJobsMax jobs of a database that wait for their turn or for the disk, beyond that Busy.
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
#include "relay/shards/sync_line.hpp"

namespace larder::relay {

inline constexpr std::size_t kShardJobsMax = 1'024;

// One database as its worker sees it.
struct ShardSeat {
  ShardStore* store = nullptr;
  // Between jobs; `idle` when none waits.
  std::function<void(bool idle)> maintain;
  // A broken database refuses every further job at once.
  std::function<bool()> is_broken;
  // Of a database that is synced later than it commits: what syncs it, on any thread, and how many
  // commits it has made so. Null: a commit is on the disk when it returns.
  std::function<Result<void>()> sync = {};
  std::function<std::uint64_t()> late_commits = {};
};

class SqliteShardStore;
// The seats of all databases of a store; `clock` is asked on the workers.
std::vector<ShardSeat> seats_of(SqliteShardStore& store, Clock& clock);

class ShardWorkers final : public Shards {
 public:
  using Post = std::function<void(std::function<void()>)>;
  using Lost = std::function<void(std::size_t database, const Error&)>;
  // `post` runs a function on the loop; it may be called from any thread and keeps order. `lost` is
  // told, on the loop, of a database whose sync failed: what its last jobs did is not answered,
  // nothing more is written, and only a new start finds out what the disk has.
  ShardWorkers(std::vector<ShardSeat> seats, Post post, std::size_t jobs_max = kShardJobsMax,
               Lost lost = {});
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
    std::unique_ptr<SyncLine> line;  // ends after the thread
    std::thread thread;
  };
  static std::size_t on_their_way(const Worker& worker);
  void line_up(std::size_t database, const Lost& lost);
  // On the worker: what its job returned.
  void answer(Worker& worker, std::function<void()> word);
  // `limited`: refuses when the queue is full. A job that follows its store is never refused.
  Result<void> push(Worker& worker, std::function<void()> job, bool limited);
  void work(Worker& worker);

  Post post_;
  std::size_t jobs_max_;
  std::vector<std::unique_ptr<Worker>> workers_;
};

}  // namespace larder::relay
