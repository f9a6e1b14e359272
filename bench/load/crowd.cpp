#include "bench/load/crowd.hpp"

#include <algorithm>
#include <deque>
#include <random>

namespace larder::bench {

namespace {

constexpr auto kAnswerWithin = std::chrono::seconds(10);
constexpr auto kTick = std::chrono::microseconds(200);

class Crowd {
 public:
  explicit Crowd(const CrowdPlan& plan)
      : plan_(plan),
        assembly_(plan.assembly, [this](Member& member, Heard heard) { answered(member, heard); }) {
  }

  CrowdResult closed() {
    begin();
    for (Member& member : assembly_.members()) {
      reserve(member, Steady::now());
      member.line.flush();
    }
    while (Steady::now() < until_) assembly_.wait(10);
    return end();
  }

  // Every connection has its turn; one that still waits for an answer lets its next command wait.
  CrowdResult paced() {
    assembly_.tick_every(kTick);
    begin();
    const Steady::time_point start = Steady::now();
    std::uint64_t next = 0;
    is_open_ = true;
    for (auto now = start; now < until_; now = Steady::now()) {
      for (auto due = start; due <= now; ++next) {
        due = start + of_seconds(static_cast<double>(next) / plan_.rate);
        if (due > now) break;
        Member& member = assembly_.members()[next % assembly_.members().size()];
        if (member.is_waiting) {
          late_.push_back({&member, due});
        } else {
          reserve(member, due);
          member.line.flush();
        }
      }
      assembly_.wait(10);
    }
    return end();
  }

 private:
  struct Late {
    Member* member;
    Steady::time_point due;
  };

  void begin() {
    from_ = Steady::now() + of_seconds(plan_.warm_up_seconds);
    until_ = from_ + of_seconds(plan_.seconds);
    result_.seconds = plan_.seconds;
    result_.latencies.reserve(1U << 20);
    talking_ = true;
  }

  CrowdResult end() {
    talking_ = false;
    const auto patience = Steady::now() + kAnswerWithin;
    while (waiting_ > 0 && Steady::now() < patience) assembly_.wait(10);
    result_.unanswered = waiting_;
    return std::move(result_);
  }

  void answered(Member& member, Heard heard) {
    const auto now = Steady::now();
    member.is_waiting = false;
    --waiting_;
    ++(heard == Heard::Accepted ? result_.accepted : result_.refused);
    if (now >= from_ && now < until_) {
      const auto took = std::chrono::duration_cast<std::chrono::microseconds>(now - member.since);
      ++result_.counted;
      result_.latencies.push_back(static_cast<std::uint32_t>(took.count()));
    }
    if (!talking_) return;
    if (!is_open_) return reserve(member, now);
    const auto mine = std::find_if(late_.begin(), late_.end(),
                                   [&member](const Late& one) { return one.member == &member; });
    if (mine == late_.end()) return;
    const auto due = mine->due;
    late_.erase(mine);
    reserve(member, due);
  }

  void reserve(Member& member, Steady::time_point since) {
    member.since = since;
    member.is_waiting = true;
    ++waiting_;
    const auto& skus = plan_.assembly.skus;
    member.speaker->reserve(++member.commands, skus[dice_() % skus.size()], member.line.out());
  }

  const CrowdPlan& plan_;
  std::minstd_rand dice_;
  std::size_t waiting_ = 0;
  bool talking_ = false;
  bool is_open_ = false;
  std::deque<Late> late_;
  Steady::time_point from_;
  Steady::time_point until_;
  CrowdResult result_;
  Assembly assembly_;  // last: it calls back
};

}  // namespace

CrowdResult run_crowd(const CrowdPlan& plan) { return Crowd(plan).closed(); }
CrowdResult run_pace(const CrowdPlan& plan) { return Crowd(plan).paced(); }

}  // namespace larder::bench
