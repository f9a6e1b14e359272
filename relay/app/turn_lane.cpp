#include "relay/app/turn_lane.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace larder::relay {
namespace {

using Outcomes = Result<std::vector<TurnOutcome>>;

// The world failed, not one of the turns.
bool is_of_the_database(Code code) {
  return code == Code::Busy || code == Code::StorageFault || code == Code::StorageFull ||
         code == Code::Locked || code == Code::Corrupt || code == Code::Unavailable ||
         code == Code::Overloaded;
}

Outcomes take_turns(ShardStore& store, const std::vector<Turn>& group, TimePoint now) {
  RightsStore* const rights = store.rights();
  if (rights == nullptr) return refuse(Code::Unavailable, "there is no turnstile here");
  Outcomes outcomes = rights->take_turns(group, now);
  if (!outcomes || outcomes->size() == group.size()) return outcomes;
  return refuse(Code::StorageFault, "the database gave another number of outcomes");
}

}  // namespace

bool TurnLane::Queue::put(Turn turn) {
  const std::lock_guard lock(mutex_);
  turns_.push_back(std::move(turn));
  return !std::exchange(is_called_, true);
}

TurnLane::Group TurnLane::Queue::take(std::size_t most) {
  const std::lock_guard lock(mutex_);
  const auto end = turns_.begin() + static_cast<std::ptrdiff_t>(std::min(most, turns_.size()));
  Group group(std::make_move_iterator(turns_.begin()), std::make_move_iterator(end));
  turns_.erase(turns_.begin(), end);
  is_called_ = false;
  return group;
}

bool TurnLane::Queue::must_call() {
  const std::lock_guard lock(mutex_);
  return !turns_.empty() && !std::exchange(is_called_, true);
}

std::size_t TurnLane::Queue::size() const {
  const std::lock_guard lock(mutex_);
  return turns_.size();
}

void TurnLane::take(Turn turn, Done<TurnOutcome> done) {
  if (asked_.size() >= kTurnsQueuedMax) {
    return done(refuse(Code::Overloaded, "too many orders wait for this database; try again"));
  }
  asked_.push_back(std::move(done));
  if (queue_->put(std::move(turn))) call_worker();
}

void TurnLane::call_worker() {
  auto called = ports_.shards.run(
      database_, [this, queue = queue_, now = ports_.clock.now()](ShardStore& store) {
        auto group = std::make_shared<Group>(queue->take(kTurnGroupMax));
        auto outcomes = std::make_shared<Outcomes>(take_turns(store, *group, now));
        return [this, group, outcomes] { ended(*group, std::move(*outcomes)); };
      });
  if (!called) refuse_waiting(called.error());
}

// Those in the queue are the last who asked; whoever is under way is before them.
void TurnLane::refuse_waiting(const Error& why) {
  const auto count = static_cast<std::ptrdiff_t>(queue_->take(kTurnsQueuedMax).size());
  const Asked asked(std::make_move_iterator(asked_.end() - count),
                    std::make_move_iterator(asked_.end()));
  asked_.erase(asked_.end() - count, asked_.end());
  ports_.telemetry.shard_error(database_);
  for (const auto& done : asked) done(Refused(why));
}

void TurnLane::ended(const Group& group, Outcomes outcomes) {
  const auto end = asked_.begin() + static_cast<std::ptrdiff_t>(group.size());
  const Asked asked(std::make_move_iterator(asked_.begin()), std::make_move_iterator(end));
  asked_.erase(asked_.begin(), end);
  if (queue_->must_call()) call_worker();
  if (outcomes) {
    for (std::size_t i = 0; i < asked.size(); ++i) asked[i](std::move((*outcomes)[i]));
    return ports_.committed();
  }
  const bool is_database = is_of_the_database(outcomes.error().code());
  if (is_database) ports_.telemetry.shard_error(database_);
  for (std::size_t i = 0; i < asked.size(); ++i) {
    if (is_database || asked.size() == 1) {
      asked[i](pass_on(outcomes));
    } else {
      try_alone(group[i], asked[i]);
    }
  }
}

void TurnLane::try_alone(const Turn& turn, Done<TurnOutcome> done) {
  ++alone_;
  auto tried = ports_.shards.run(database_, [this, group = std::make_shared<Group>(1, turn), done,
                                             now = ports_.clock.now()](ShardStore& store) {
    auto outcomes = std::make_shared<Outcomes>(take_turns(store, *group, now));
    return [this, outcomes, done] {
      --alone_;
      done(*outcomes ? std::move(outcomes->value().front())
                     : Result<TurnOutcome>(pass_on(*outcomes)));
      if (*outcomes) ports_.committed();
    };
  });
  if (tried) return;
  --alone_;
  done(pass_on(tried));
}

}  // namespace larder::relay
