// Network: the one thread on which any number of clients of the hub live.
// Life: made before the clients that use it, destroyed after them. Thread: run_soon and run_at may
// be called from any thread; the work runs on the network's own.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

namespace larder::client {

using Instant = std::chrono::steady_clock::time_point;

class Network {
 public:
  Network();
  ~Network();
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  void run_soon(std::function<void()> work);
  // At `when` or a little later. There is no way to take it back: the work asks for itself whether
  // it is still wanted.
  void run_at(Instant when, std::function<void()> work);
  bool is_this_thread() const;
  // Runs `work` on the network's thread and waits for its end; at once when already there.
  void run_and_wait(const std::function<void()>& work);

  struct Loop;  // Asio's, for wire.cpp alone
  Loop& loop() { return *loop_; }

 private:
  std::unique_ptr<Loop> loop_;
};

}  // namespace larder::client
