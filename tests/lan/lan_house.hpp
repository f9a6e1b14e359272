// LanHouse: a LanServer on its own loop and thread, with a FakeGate behind it, on a port of the
// kernel's choice. Stops in the destructor.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <thread>

#include "edge/lan/lan_config.hpp"
#include "edge/lan/server.hpp"
#include "platform/loop/loop.hpp"
#include "platform/web/web_files.hpp"
#include "tests/support/fake_gate.hpp"
#include "tests/support/raw_client.hpp"

namespace larder::edge {

using std::chrono::milliseconds;

class LanHouse {
 public:
  // The limits of time are looked at often, so that shortened ones are exact.
  static LanConfig quick() {
    LanConfig config;
    config.address = "127.0.0.1";
    config.limits.sweep_every = milliseconds(10);
    return config;
  }

  explicit LanHouse(LanConfig config = quick(), bool answers_imports = true)
      : server_(std::make_unique<LanServer>(loop_, std::move(config), gate_)) {
    gate_.answers_imports = answers_imports;
    started_ = server_->start();
    port_ = server_->port();
    thread_ = std::thread([this] { loop_.run(); });
  }
  ~LanHouse() {
    on_loop([this] { server_.reset(); });
    loop_.stop();
    thread_.join();
  }
  LanHouse(const LanHouse&) = delete;
  LanHouse& operator=(const LanHouse&) = delete;

  const Result<void>& started() const { return started_; }
  std::uint16_t port() const { return port_; }
  FakeGate& gate() { return gate_; }
  LanServer& server() { return *server_; }
  Loop& loop() { return loop_; }
  // On the network thread.
  void destroy_server() { server_.reset(); }
  // Runs on the network thread; returns when it has run.
  void on_loop(const std::function<void()>& job) {
    std::promise<void> done;
    loop_.post([&job, &done] {
      job();
      done.set_value();
    });
    done.get_future().wait();
  }
  std::size_t connections() {
    std::size_t count = 0;
    on_loop([this, &count] { count = server_->connections(); });
    return count;
  }
  bool wait_until(const std::function<bool()>& holds,
                  milliseconds most = std::chrono::seconds(20)) {
    return gate_.wait_until(holds, most);
  }

  // A screen that is connected and authenticated.
  RawClient screen(const std::string& from = "127.0.0.1", int receive_buffer = 0) {
    RawClient client(port_, from, receive_buffer);
    if (client.upgrade() == 101) {
      client.send_text("auth");
      client.hears("echo auth");
    }
    return client;
  }

 private:
  Loop loop_;
  FakeGate gate_;
  std::unique_ptr<LanServer> server_;
  Result<void> started_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

}  // namespace larder::edge
