// What the tests of the workers share: a loop that waits for the test, a gate that holds a worker,
// and a disk that syncs when the test says so. Each outlives the workers. Thread: any. Limit: what
// waits gives up after kPatience, so that a test that fails also ends.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>

#include "core/base/result.hpp"

namespace larder::relay {

inline constexpr auto kPatience = std::chrono::seconds(20);

// The loop, as far as workers see it: what is posted waits until the test takes it.
class Posted {
 public:
  void post(std::function<void()> task);
  // Runs so many tasks, as they come.
  bool run(std::size_t count);
  std::size_t count() const;  // that wait

 private:
  mutable std::mutex mutex_;
  std::condition_variable came_;
  std::deque<std::function<void()>> tasks_;
};

// Holds a worker until it is opened.
class Gate {
 public:
  void open();
  void pass();
  bool wait_inside();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_open_ = false, is_inside_ = false;
};

// A sync that lasts until the test lets it end.
class SlowDisk {
 public:
  Result<void> sync();
  // The first `count` syncs may end.
  void allow(std::size_t count);
  // Those that end from now on have failed.
  void fail();
  // Whether so many have begun, by now or soon.
  bool wait_begun(std::size_t count);
  std::size_t begun() const;

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t begun_ = 0, allowed_ = 0;
  bool has_failed_ = false;
};

}  // namespace larder::relay
