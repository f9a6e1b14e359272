// PinThread: checks PINs one after the other, away from the network thread and from the disk.
// Life: from construction to destruction, which finishes the check that runs and drops the rest.
// Threads: one of its own; answers come back through `post`. Limits: the Hub asks for one check per
// device at a time, so the queue is as long as there are tills.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "edge/app/ports.hpp"

namespace larder::edge {

class PinThread final : public PinCheck {
 public:
  // `post` runs a function on the network thread; it may be called from any thread.
  explicit PinThread(std::function<void(std::function<void()>)> post);
  ~PinThread() override;
  PinThread(const PinThread&) = delete;
  PinThread& operator=(const PinThread&) = delete;

  void check(std::string hash, std::string pin, std::function<void(bool)> done) override;

 private:
  struct Task {
    std::string hash;
    std::string pin;
    std::function<void(bool)> done;
  };
  void work();

  std::function<void(std::function<void()>)> post_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Task> tasks_;
  bool stopping_ = false;
  std::thread thread_;  // last: it uses everything above
};

}  // namespace larder::edge
