#include "tests/shards/worker_parts.hpp"

#include <algorithm>
#include <utility>

namespace larder::relay {

void Posted::post(std::function<void()> task) {
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  came_.notify_all();
}

bool Posted::run(std::size_t count) {
  for (; count > 0; --count) {
    std::unique_lock lock(mutex_);
    if (!came_.wait_for(lock, kPatience, [this] { return !tasks_.empty(); })) return false;
    auto task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    task();
  }
  return true;
}

std::size_t Posted::count() const {
  const std::lock_guard lock(mutex_);
  return tasks_.size();
}

void Gate::open() {
  {
    const std::lock_guard lock(mutex_);
    is_open_ = true;
  }
  changed_.notify_all();
}

void Gate::pass() {
  std::unique_lock lock(mutex_);
  is_inside_ = true;
  changed_.notify_all();
  changed_.wait_for(lock, kPatience, [this] { return is_open_; });
}

bool Gate::wait_inside() {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, kPatience, [this] { return is_inside_; });
}

Result<void> SlowDisk::sync() {
  std::unique_lock lock(mutex_);
  const std::size_t place = ++begun_;
  changed_.notify_all();
  const bool is_over =
      changed_.wait_for(lock, kPatience, [this, place] { return allowed_ >= place; });
  if (!is_over) return refuse(Code::StorageFault, "nobody let the sync end");
  if (has_failed_) return refuse(Code::StorageFault, "the disk is gone");
  return {};
}

void SlowDisk::allow(std::size_t count) {
  {
    const std::lock_guard lock(mutex_);
    allowed_ = std::max(allowed_, count);
  }
  changed_.notify_all();
}

void SlowDisk::fail() {
  const std::lock_guard lock(mutex_);
  has_failed_ = true;
}

bool SlowDisk::wait_begun(std::size_t count) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, kPatience, [this, count] { return begun_ >= count; });
}

std::size_t SlowDisk::begun() const {
  const std::lock_guard lock(mutex_);
  return begun_;
}

}  // namespace larder::relay
