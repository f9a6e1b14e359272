// TurnLane: the way of the turns into one database. They wait in a bounded queue until the
// database's worker comes for them: it takes all that are there, so that a group forms while the
// one before is written, and the next is written while that one is synced; there is no timer.
// Answers leave when the disk has their group. A group that the database cannot keep is answered
// with the error at once: who asked asks again, and the order's number tells whether it was kept.
// Life: from start to the end of the shards' threads, which call back into it. Thread: the loop;
// the worker takes turns from the queue. Limits: kTurnsQueuedMax not answered yet, beyond that
// Overloaded; kTurnGroupMax in one group.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
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
  std::size_t waiting() const { return queue_->size(); }
  bool is_idle() const { return asked_.empty() && alone_ == 0; }

 private:
  using Group = std::vector<Turn>;
  using Outcomes = Result<std::vector<TurnOutcome>>;
  using Asked = std::vector<Done<TurnOutcome>>;
  // What the loop fills and the worker empties.
  class Queue {
   public:
    // True when the worker must be called: it is not on its way.
    bool put(Turn turn);
    // The oldest ones. What comes from now on needs another call.
    Group take(std::size_t most);
    // Whether a call is needed for what a full group has left behind.
    bool must_call();
    std::size_t size() const;

   private:
    mutable std::mutex mutex_;
    std::deque<Turn> turns_;
    bool is_called_ = false;
  };

  void call_worker();
  void refuse_waiting(const Error& why);
  void ended(const Group& group, Outcomes outcomes);
  // One turn of the group contradicts the rows; each is tried alone.
  void try_alone(const Turn& turn, Done<TurnOutcome> done);

  std::size_t database_;
  Ports ports_;
  std::shared_ptr<Queue> queue_ = std::make_shared<Queue>();
  // Whoever waits, in the order of their turns: of groups under way, then of those in the queue.
  std::deque<Done<TurnOutcome>> asked_;
  std::size_t alone_ = 0;  // turns that are tried alone
};

}  // namespace larder::relay
