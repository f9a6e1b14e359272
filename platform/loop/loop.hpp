// Loop: the network thread. Lives from main() to the end; whoever calls run() is the network
// thread. post() and stop() may be called on any thread, everything else on the network thread or
// before run(). Holds no limit of its own: who posts, bounds what is posted.
#pragma once

#include <functional>
#include <initializer_list>
#include <memory>

#include "core/base/time.hpp"

namespace boost::asio {
class io_context;
}

namespace larder {

class Loop {
 public:
  // A timer that ticks for as long as it lives.
  class Ticker {
   public:
    virtual ~Ticker() = default;
  };

  Loop();
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // Serves until stop(). What a job throws leaves run().
  void run();
  // Jobs that were posted before are not run any more once the current one returns.
  void stop();
  void post(std::function<void()> job);
  // The first tick comes after one `period`. A tick that is late is not made up for.
  [[nodiscard]] std::unique_ptr<Ticker> every(Duration period, std::function<void()> job);
  // Once, after `delay`, unless the loop ends before.
  void after(Duration delay, std::function<void()> job);
  // `job` gets the number of the signal, each time one of `signals` arrives.
  void on_signals(std::initializer_list<int> signals, std::function<void(int)> job);

  // For the .cpp files of this room that speak Asio.
  boost::asio::io_context& context();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace larder
