#include "relay/shards/sync_line.hpp"

#include <utility>

namespace larder::relay {

SyncLine::SyncLine(Ports ports) : ports_(std::move(ports)), thread_([this] { work(); }) {}

SyncLine::~SyncLine() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

// What read only may have seen what is not on the disk yet: it waits like the rest.
void SyncLine::put(std::function<void()> word, std::uint64_t commits) {
  {
    const std::lock_guard lock(mutex_);
    if (has_failed_) return;
    const bool is_on_disk = commits == synced_ && waiting_.empty() && !is_syncing_;
    if (!is_on_disk) {
      waiting_.push_back(std::move(word));
      asked_ = commits;
      wake_.notify_one();
      return;
    }
  }
  ports_.post(std::move(word));
}

std::size_t SyncLine::waiting() const {
  const std::lock_guard lock(mutex_);
  return waiting_.size();
}

void SyncLine::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return is_stopping_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    Words words = std::exchange(waiting_, {});
    const std::uint64_t commits = asked_;
    const bool must_sync = commits != synced_;
    is_syncing_ = true;
    lock.unlock();
    Result<void> synced = must_sync ? ports_.sync() : Result<void>();
    if (synced) {
      ports_.post([all = std::move(words)] {
        for (const auto& word : all) word();
      });
    } else {
      ports_.failed(synced.error());
    }
    lock.lock();
    is_syncing_ = false;
    synced_ = commits;
    if (synced) continue;
    has_failed_ = true;
    waiting_.clear();
    return;
  }
}

}  // namespace larder::relay
