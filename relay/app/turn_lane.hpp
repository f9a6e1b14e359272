// TurnLane: the way of the turns into one database. They wait in a bounded queue; a group forms
// while the one before commits, there is no timer; answers leave after the commit. A group that the
// database cannot keep is answered with the error at once: who asked asks again, and the order's
// number tells whether it was kept. Life: from start to the end of the shards' threads, which call
// back into it. Thread: the loop. Limits: kTurnsQueuedMax waiting, beyond that Overloaded;
// kTurnGroupMax in one group.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "relay/app/desk.hpp"
#include "relay/app/turns.hpp"

namespace larder::relay {

inline constexpr std::size_t kTurnsQueuedMax = 4'096;
inline constexpr std::size_t kTurnGroupMax = 256;

class TurnLane {
 public:
  struct Ports {
    Clock& clock;
    Shards& shards;
    Telemetry& telemetry;
    // A group is durable: what it left in the outbox may go.
    std::function<void()> committed;
  };
  TurnLane(std::size_t database, Ports ports) : database_(database), ports_(std::move(ports)) {}
  TurnLane(const TurnLane&) = delete;
  TurnLane& operator=(const TurnLane&) = delete;

  void take(Turn turn, Done<TurnOutcome> done);
  std::size_t waiting() const { return queue_.size(); }
  bool is_idle() const { return queue_.empty() && !is_committing_; }

 private:
  struct Waiting {
    Turn turn;
    Done<TurnOutcome> done;
  };
  using Group = std::shared_ptr<std::vector<Turn>>;
  using Outcomes = Result<std::vector<TurnOutcome>>;

  void commit_next();
  void launch();
  void ended(Outcomes outcomes);
  // One turn of the group contradicts the rows; each is tried alone.
  void part_group();

  std::size_t database_;
  Ports ports_;
  std::deque<Waiting> queue_;
  std::deque<Waiting> singles_;  // of a group that was parted
  std::vector<Done<TurnOutcome>> asked_;
  Group group_;
  bool is_committing_ = false;
};

}  // namespace larder::relay
