#include "edge/app/writer_thread.hpp"

#include <chrono>
#include <utility>

namespace larder::edge {

namespace {
constexpr auto kIdleCheck = std::chrono::seconds(1);
constexpr int kTasksBetweenMaintenance = 256;  // never idle: look after the file all the same
constexpr std::size_t kFewCommands =
    8;  // a group of so few: the next one can wait a few milliseconds
}  // namespace

WriterThread::WriterThread(Journal& journal, std::function<void(std::function<void()>)> post)
    : journal_(journal), post_(std::move(post)), thread_([this] { work(); }) {}

WriterThread::~WriterThread() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void WriterThread::commit(std::shared_ptr<const Group> group,
                          std::function<void(Result<Room>)> done) {
  push([this, group = std::move(group), done = std::move(done)] {
    Result<Room> outcome = journal_.commit(*group);
    if (!group->answers.empty()) last_at_ = group->answers.back().at;
    last_commands_ = group->answers.size();
    post_([outcome = std::move(outcome), done] { done(outcome); });
  });
}

void WriterThread::run(std::function<std::function<void()>(Journal&)> job) {
  push([this, job = std::move(job)] { post_(job(journal_)); });
}

void WriterThread::push(std::function<void()> task) {
  {
    std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  wake_.notify_one();
}

std::function<void()> WriterThread::next() {
  std::unique_lock lock(mutex_);
  wake_.wait_for(lock, kIdleCheck, [this] { return stopping_ || !tasks_.empty(); });
  if (tasks_.empty()) return nullptr;
  auto task = std::move(tasks_.front());
  tasks_.pop_front();
  return task;
}

void WriterThread::work() {
  for (;;) {
    auto task = next();
    const bool was_idle = !task;
    if (task) task();
    bool is_gap = false;  // few are waiting, or none: a checkpoint now is short and holds up few
    {
      std::lock_guard lock(mutex_);
      if (stopping_ && tasks_.empty()) return;
      is_gap = tasks_.empty() && (was_idle || last_commands_ <= kFewCommands);
    }
    if (!was_idle && ++since_maintenance_ < kTasksBetweenMaintenance) continue;
    since_maintenance_ = 0;
    // A checkpoint that fails is tried again later; a disk that fails shows at the next commit.
    (void)journal_.maintain(is_gap, last_at_);
  }
}

}  // namespace larder::edge
