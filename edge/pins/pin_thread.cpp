#include "edge/pins/pin_thread.hpp"

#include <utility>

#include "edge/pins/pin_hash.hpp"

namespace larder::edge {

PinThread::PinThread(std::function<void(std::function<void()>)> post)
    : post_(std::move(post)), thread_([this] { work(); }) {}

PinThread::~PinThread() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void PinThread::check(std::string hash, std::string pin, std::function<void(bool)> done) {
  {
    std::lock_guard lock(mutex_);
    tasks_.push_back(Task{std::move(hash), std::move(pin), std::move(done)});
  }
  wake_.notify_one();
}

void PinThread::work() {
  for (;;) {
    Task task;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stopping_ || !tasks_.empty(); });
      if (stopping_) return;
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    const bool is_right = pin_matches(task.hash, task.pin);
    post_([done = std::move(task.done), is_right] { done(is_right); });
  }
}

}  // namespace larder::edge
