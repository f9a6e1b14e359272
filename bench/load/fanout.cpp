#include "bench/load/fanout.hpp"

#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <deque>
#include <memory>

#include "bench/load/audience.hpp"
#include "bench/load/line.hpp"

namespace larder::bench {

namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kPatience = std::chrono::seconds(20);

// One connection; of the caller when it has no watcher.
struct Seat {
  explicit Seat(std::uint16_t port) : line(port) {}
  Line line;
  std::unique_ptr<Watcher> watcher;
};

class Theatre {
 public:
  explicit Theatre(const FanoutPlan& plan)
      : plan_(plan), epoll_(::epoll_create1(EPOLL_CLOEXEC)), stage_(plan.port) {}
  ~Theatre() { ::close(epoll_); }
  Theatre(const Theatre&) = delete;
  Theatre& operator=(const Theatre&) = delete;

  FanoutResult run() {
    fill();
    FanoutResult result;
    for (std::size_t i = 0; i < plan_.singles; ++i) {
      const auto began = Clock::now();
      call();
      await(called_ * plan_.watchers);
      const auto took = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - began);
      result.latencies.push_back(static_cast<std::uint32_t>(took.count()));
    }
    result.event_bytes = seats_.back().watcher->last_bytes();
    const auto began = Clock::now();
    for (std::size_t i = 0; i < plan_.flood; ++i) {
      const std::size_t behind = std::min<std::size_t>(called_, plan_.window);
      if (seen_ < (called_ - behind) * plan_.watchers) await((called_ - behind) * plan_.watchers);
      call();
    }
    await(called_ * plan_.watchers);
    result.flood_seconds = std::chrono::duration<double>(Clock::now() - began).count();
    const auto [least, most] = std::minmax_element(
        seats_.begin(), seats_.end(),
        [](const Seat& a, const Seat& b) { return a.watcher->seen() < b.watcher->seen(); });
    result.seen_least = least->watcher->seen();
    result.seen_most = most->watcher->seen();
    return result;
  }

 private:
  void fill() {
    const bool is_hub = plan_.server == "larder";
    for (std::size_t i = 0; i < plan_.watchers; ++i) {
      const Introduction who{i < plan_.tokens.size() ? plan_.tokens[i] : "", plan_.run, i};
      Seat& seat = seats_.emplace_back(plan_.port);
      seat.watcher = is_hub ? watch_larder(who) : watch_mqtt(who);
      attend(seat);
      seat.watcher->greet(seat.line.out());
      seat.line.flush();
      await_ready(i + 1);
    }
    const Introduction who{plan_.caller_token, plan_.run, plan_.watchers};
    caller_ = is_hub ? call_larder(who) : call_mqtt(who, plan_.payload_bytes);
    attend(stage_);
    caller_->greet(stage_.line.out());
    stage_.line.flush();
    await_ready(plan_.watchers + 1);
  }

  void attend(Seat& seat) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = &seat;
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, seat.line.descriptor(), &event);
  }

  void call() {
    caller_->call(++called_, stage_.line.out());
    stage_.line.flush();
  }

  void await(std::uint64_t seen) {
    const auto patience = Clock::now() + kPatience;
    while (seen_ < seen) {
      wait();
      if (Clock::now() > patience) give_up("a watcher waits for an event in vain");
    }
  }

  void await_ready(std::size_t count) {
    const auto patience = Clock::now() + kPatience;
    while (ready_ < count) {
      wait();
      if (Clock::now() > patience) give_up("the greeting was not answered");
    }
  }

  void wait() {
    std::array<epoll_event, 256> events;
    const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 100);
    for (int i = 0; i < count; ++i) {
      Seat& seat = *static_cast<Seat*>(events[static_cast<std::size_t>(i)].data.ptr);
      if (!seat.line.read()) continue;
      if (seat.watcher) {
        const std::uint64_t before = seat.watcher->seen();
        listen(seat.line, *seat.watcher);
        seen_ += seat.watcher->seen() - before;
      } else {
        listen(seat.line, *caller_);
      }
      if (!seat.line.out().empty()) seat.line.flush();
    }
  }

  template <typename Side>
  void listen(Line& line, Side& side) {
    for (;;) {
      const Heard heard = side.hear(line.in(), line.out());
      if (heard == Heard::Nothing) return;
      if (heard == Heard::Broken) give_up(side.complaint());
      if (heard == Heard::Ready) ++ready_;
    }
  }

  const FanoutPlan& plan_;
  int epoll_;
  std::deque<Seat> seats_;
  Seat stage_;
  std::unique_ptr<Caller> caller_;
  std::size_t ready_ = 0;
  std::uint64_t called_ = 0;
  std::uint64_t seen_ = 0;  // by all watchers together
};

}  // namespace

FanoutResult run_fanout(const FanoutPlan& plan) { return Theatre(plan).run(); }

}  // namespace larder::bench
