#include "tools/client/network.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <future>

#include "tools/client/network_loop.hpp"

namespace larder::client {

Network::Network() : loop_(std::make_unique<Loop>()) {
  loop_->thread = std::thread([loop = loop_.get()] { loop->context.run(); });
}

Network::~Network() {
  loop_->context.stop();
  loop_->thread.join();
}

void Network::run_soon(std::function<void()> work) {
  boost::asio::post(loop_->context, std::move(work));
}

void Network::run_at(Instant when, std::function<void()> work) {
  auto timer = std::make_shared<boost::asio::steady_timer>(loop_->context, when);
  timer->async_wait([timer, work = std::move(work)](boost::system::error_code failed) {
    if (!failed) work();
  });
}

bool Network::is_this_thread() const {
  return std::this_thread::get_id() == loop_->thread.get_id();
}

void Network::run_and_wait(const std::function<void()>& work) {
  if (is_this_thread()) {
    work();
    return;
  }
  std::promise<void> done;
  run_soon([&] {
    work();
    done.set_value();
  });
  done.get_future().wait();
}

}  // namespace larder::client
