// Assembly: the connections of a load, introduced to their server, and the one loop that listens to
// them. Life: with the run. Thread: one. Limits: as many connections as descriptors.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "bench/load/line.hpp"
#include "bench/load/speaker.hpp"

namespace larder::bench {

using Steady = std::chrono::steady_clock;

Steady::duration of_seconds(double seconds);

struct Member {
  Member(std::uint16_t port, std::unique_ptr<Speaker> its_speaker)
      : line(port), speaker(std::move(its_speaker)) {}
  Line line;
  std::unique_ptr<Speaker> speaker;
  std::uint64_t commands = 0;
  bool is_waiting = false;
  Steady::time_point since;  // of the command under way
};

struct AssemblyPlan {
  MakeSpeaker make_speaker;
  std::uint16_t port = 0;
  std::size_t connections = 1;
  std::vector<std::string> tokens;  // larder: one a connection
  std::vector<std::string> skus;    // drawn from evenly
  std::string run;                  // a word that makes its ids new
};

class Assembly {
 public:
  // An answer has come; what the listener puts into member.line.out() is sent.
  using Answered = std::function<void(Member&, Heard)>;

  // Connects everybody and waits until all are ready; gives up when one is not.
  Assembly(const AssemblyPlan& plan, Answered answered);
  ~Assembly();
  Assembly(const Assembly&) = delete;
  Assembly& operator=(const Assembly&) = delete;

  std::deque<Member>& members() { return members_; }
  // Listens to whoever speaks, at most this long.
  void wait(int milliseconds);
  // Wakes wait() so often.
  void tick_every(Steady::duration period);

 private:
  void introduce(const AssemblyPlan& plan);
  void listen(Member& member);

  int epoll_;
  int timer_ = -1;
  Answered answered_;
  std::deque<Member> members_;
  std::size_t ready_ = 0;
};

}  // namespace larder::bench
