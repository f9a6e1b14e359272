#include "bench/load/crowd.hpp"

#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <deque>
#include <memory>
#include <random>

#include "bench/load/line.hpp"

namespace larder::bench {

namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kGreetWithin = std::chrono::seconds(20);
constexpr auto kAnswerWithin = std::chrono::seconds(10);

Clock::duration of_seconds(double seconds) {
  return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
}

struct Member {
  Member(std::uint16_t port, std::unique_ptr<Speaker> its_speaker)
      : line(port), speaker(std::move(its_speaker)) {}
  Line line;
  std::unique_ptr<Speaker> speaker;
  std::uint64_t commands = 0;
  bool is_waiting = false;
  Clock::time_point sent;
};

class Crowd {
 public:
  explicit Crowd(const CrowdPlan& plan) : plan_(plan), epoll_(::epoll_create1(EPOLL_CLOEXEC)) {}
  ~Crowd() { ::close(epoll_); }
  Crowd(const Crowd&) = delete;
  Crowd& operator=(const Crowd&) = delete;

  CrowdResult run() {
    introduce();
    from_ = Clock::now() + of_seconds(plan_.warm_up_seconds);
    until_ = from_ + of_seconds(plan_.seconds);
    result_.seconds = plan_.seconds;
    result_.latencies.reserve(1U << 20);
    talking_ = true;
    for (Member& member : members_) reserve(member);
    while (Clock::now() < until_) wait();
    talking_ = false;
    const auto patience = Clock::now() + kAnswerWithin;
    while (waiting_ > 0 && Clock::now() < patience) wait();
    result_.unanswered = waiting_;
    return std::move(result_);
  }

 private:
  void introduce() {
    for (std::size_t i = 0; i < plan_.connections; ++i) {
      const std::string token = i < plan_.tokens.size() ? plan_.tokens[i] : std::string();
      Member& member = members_.emplace_back(plan_.port, plan_.make_speaker({token, plan_.run, i}));
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.ptr = &member;
      ::epoll_ctl(epoll_, EPOLL_CTL_ADD, member.line.descriptor(), &event);
      member.speaker->greet(member.line.out());
      member.line.flush();
      // One after the other: a hub counts how many strangers speak at once.
      const auto patience = Clock::now() + kGreetWithin;
      while (ready_ <= i) {
        wait();
        if (Clock::now() > patience) give_up("the greeting was not answered");
      }
    }
  }

  void wait() {
    std::array<epoll_event, 256> events;
    const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 10);
    for (int i = 0; i < count; ++i) {
      Member& member = *static_cast<Member*>(events[static_cast<std::size_t>(i)].data.ptr);
      if (member.line.read()) listen(member);
    }
  }

  void listen(Member& member) {
    for (;;) {
      const Heard heard = member.speaker->hear(member.line.in(), member.line.out());
      if (heard == Heard::Nothing) break;
      if (heard == Heard::Broken) give_up(member.speaker->complaint());
      if (heard == Heard::Ready) ++ready_;
      if (heard == Heard::Accepted || heard == Heard::Refused) answered(member, heard);
    }
    if (!member.line.out().empty()) member.line.flush();
  }

  void answered(Member& member, Heard heard) {
    const auto now = Clock::now();
    member.is_waiting = false;
    --waiting_;
    ++(heard == Heard::Accepted ? result_.accepted : result_.refused);
    if (now >= from_ && now < until_) {
      const auto took = std::chrono::duration_cast<std::chrono::microseconds>(now - member.sent);
      ++result_.counted;
      result_.latencies.push_back(static_cast<std::uint32_t>(took.count()));
    }
    if (talking_) reserve(member, now);
  }

  void reserve(Member& member) {
    reserve(member, Clock::now());
    member.line.flush();
  }

  void reserve(Member& member, Clock::time_point now) {
    member.sent = now;
    member.is_waiting = true;
    ++waiting_;
    const std::string& sku = plan_.skus[dice_() % plan_.skus.size()];
    member.speaker->reserve(++member.commands, sku, member.line.out());
  }

  const CrowdPlan& plan_;
  int epoll_;
  std::deque<Member> members_;
  std::minstd_rand dice_;
  std::size_t ready_ = 0;
  std::size_t waiting_ = 0;
  bool talking_ = false;
  Clock::time_point from_;
  Clock::time_point until_;
  CrowdResult result_;
};

}  // namespace

CrowdResult run_crowd(const CrowdPlan& plan) { return Crowd(plan).run(); }

}  // namespace larder::bench
