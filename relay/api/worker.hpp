// Worker: one thread for what would hold up the loop: hashing passwords, writing the accounts.
// Lives as long as the Api. run() is called on the loop; `job` runs on the thread, what it returns
// on the loop, in order. The destructor waits for the job under way and drops the others. Limits:
// jobs_max waiting; run() answers false when they are all taken.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace larder {
class Loop;
}

namespace larder::relay {

class Worker {
 public:
  using After = std::function<void()>;
  using Job = std::function<After()>;

  explicit Worker(Loop& loop, std::size_t jobs_max = 16);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  bool run(Job job);

 private:
  void work();

  Loop& loop_;
  std::size_t jobs_max_;
  std::mutex mutex_;
  std::condition_variable wakes_;
  std::deque<Job> jobs_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace larder::relay
