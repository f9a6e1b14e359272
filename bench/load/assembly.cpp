#include "bench/load/assembly.hpp"

#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <array>

namespace larder::bench {

namespace {
constexpr auto kGreetWithin = std::chrono::seconds(20);
}

Steady::duration of_seconds(double seconds) {
  return std::chrono::duration_cast<Steady::duration>(std::chrono::duration<double>(seconds));
}

Assembly::Assembly(const AssemblyPlan& plan, Answered answered)
    : epoll_(::epoll_create1(EPOLL_CLOEXEC)), answered_(std::move(answered)) {
  introduce(plan);
}

Assembly::~Assembly() {
  if (timer_ >= 0) ::close(timer_);
  ::close(epoll_);
}

void Assembly::introduce(const AssemblyPlan& plan) {
  for (std::size_t i = 0; i < plan.connections; ++i) {
    const std::string token = i < plan.tokens.size() ? plan.tokens[i] : std::string();
    Member& member = members_.emplace_back(plan.port, plan.make_speaker({token, plan.run, i}));
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = &member;
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, member.line.descriptor(), &event);
    member.speaker->greet(member.line.out());
    member.line.flush();
    // One after the other: a hub counts how many strangers speak at once.
    const auto patience = Steady::now() + kGreetWithin;
    while (ready_ <= i) {
      wait(10);
      if (Steady::now() > patience) give_up("the greeting was not answered");
    }
  }
}

void Assembly::tick_every(Steady::duration period) {
  timer_ = ::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  itimerspec when{};
  when.it_interval.tv_nsec = std::chrono::nanoseconds(period).count();
  when.it_value = when.it_interval;
  ::timerfd_settime(timer_, 0, &when, nullptr);
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = nullptr;
  ::epoll_ctl(epoll_, EPOLL_CTL_ADD, timer_, &event);
}

void Assembly::wait(int milliseconds) {
  std::array<epoll_event, 256> events;
  const int count =
      ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), milliseconds);
  for (int i = 0; i < count; ++i) {
    auto* member = static_cast<Member*>(events[static_cast<std::size_t>(i)].data.ptr);
    if (member == nullptr) {
      std::uint64_t ticks = 0;
      (void)!::read(timer_, &ticks, sizeof ticks);
    } else if (member->line.read()) {
      listen(*member);
    }
  }
}

void Assembly::listen(Member& member) {
  for (;;) {
    const Heard heard = member.speaker->hear(member.line.in(), member.line.out());
    if (heard == Heard::Nothing) break;
    if (heard == Heard::Broken) give_up(member.speaker->complaint());
    if (heard == Heard::Ready) ++ready_;
    if (heard == Heard::Accepted || heard == Heard::Refused) answered_(member, heard);
  }
  if (!member.line.out().empty()) member.line.flush();
}

}  // namespace larder::bench
