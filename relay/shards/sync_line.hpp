// SyncLine: what the jobs of one database have to say, in order, until the disk has what it speaks
// of. While one group is synced the worker goes on with the next; all that waits by then is synced
// at once. Life: as its worker, and longer than its last job; its end syncs and says what waits.
// Thread: put() on the worker, the sync and `failed` on a thread of its own. Limit: whoever
// takes jobs counts what waits here.
// After an error nobody knows what the disk has: what waits is never said, nor is anything later.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "core/base/result.hpp"

namespace larder::relay {

class SyncLine {
 public:
  struct Ports {
    std::function<Result<void>()> sync;
    std::function<void(std::function<void()>)> post;
    std::function<void(const Error&)> failed;
  };
  explicit SyncLine(Ports ports);
  ~SyncLine();
  SyncLine(const SyncLine&) = delete;
  SyncLine& operator=(const SyncLine&) = delete;

  // `commits`: how many the database had made by then that were not synced as they were made.
  void put(std::function<void()> word, std::uint64_t commits);
  std::size_t waiting() const;

 private:
  using Words = std::vector<std::function<void()>>;
  void work();

  Ports ports_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  Words waiting_;
  std::uint64_t asked_ = 0;   // commits that the last of them speaks of
  std::uint64_t synced_ = 0;  // commits that are on the disk
  bool is_syncing_ = false;
  bool has_failed_ = false;
  bool is_stopping_ = false;
  std::thread thread_;  // last: it uses everything above
};

}  // namespace larder::relay
