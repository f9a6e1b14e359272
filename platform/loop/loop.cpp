#include "platform/loop/loop.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <utility>

namespace larder {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

// The timer and its job live on while a tick is under way, even when that tick drops the Ticker.
struct Beat : std::enable_shared_from_this<Beat> {
  Beat(asio::io_context& context, Duration period, std::function<void()> work)
      : timer(context), step(period.micros), job(std::move(work)) {}

  void start() {
    timer.expires_at(std::chrono::steady_clock::now() + step);
    wait();
  }
  void wait() {
    timer.async_wait([self = shared_from_this()](error_code failed) {
      if (failed || self->ended) return;
      self->job();
      if (self->ended) return;
      const auto now = std::chrono::steady_clock::now();
      auto next = self->timer.expiry() + self->step;
      if (next < now) next = now + self->step;
      self->timer.expires_at(next);
      self->wait();
    });
  }
  void end() {
    ended = true;
    timer.cancel();
  }

  asio::steady_timer timer;
  std::chrono::microseconds step;
  std::function<void()> job;
  bool ended = false;
};

class BeatTicker final : public Loop::Ticker {
 public:
  explicit BeatTicker(std::shared_ptr<Beat> beat) : beat_(std::move(beat)) {}
  ~BeatTicker() override { beat_->end(); }

 private:
  std::shared_ptr<Beat> beat_;
};

void await_signal(asio::signal_set& set, const std::function<void(int)>& job) {
  set.async_wait([&set, job](error_code failed, int number) {
    if (failed) return;
    job(number);
    await_signal(set, job);
  });
}

}  // namespace

struct Loop::Parts {
  asio::io_context context{1};  // one thread runs it; post() from others is still allowed
  asio::executor_work_guard<asio::io_context::executor_type> work{context.get_executor()};
  std::unique_ptr<asio::signal_set> signals;
};

Loop::Loop() : parts_(std::make_unique<Parts>()) {}
Loop::~Loop() = default;

void Loop::run() { parts_->context.run(); }
void Loop::stop() { parts_->context.stop(); }
void Loop::post(std::function<void()> job) { asio::post(parts_->context, std::move(job)); }

std::unique_ptr<Loop::Ticker> Loop::every(Duration period, std::function<void()> job) {
  auto beat = std::make_shared<Beat>(parts_->context, period, std::move(job));
  beat->start();
  return std::make_unique<BeatTicker>(std::move(beat));
}

void Loop::after(Duration delay, std::function<void()> job) {
  auto timer = std::make_shared<asio::steady_timer>(parts_->context,
                                                    std::chrono::microseconds(delay.micros));
  timer->async_wait([timer, job = std::move(job)](error_code failed) {
    if (!failed) job();
  });
}

void Loop::on_signals(std::initializer_list<int> signals, std::function<void(int)> job) {
  parts_->signals = std::make_unique<asio::signal_set>(parts_->context);
  for (const int number : signals) parts_->signals->add(number);
  await_signal(*parts_->signals, job);
}

asio::io_context& Loop::context() { return parts_->context; }

}  // namespace larder
