#include "relay/app/turn_lane.hpp"

#include <utility>

namespace larder::relay {
namespace {

// The world failed, not one of the turns.
bool is_of_the_database(Code code) {
  return code == Code::Busy || code == Code::StorageFault || code == Code::StorageFull ||
         code == Code::Locked || code == Code::Corrupt || code == Code::Unavailable ||
         code == Code::Overloaded;
}

}  // namespace

void TurnLane::take(Turn turn, Done<TurnOutcome> done) {
  if (queue_.size() >= kTurnsQueuedMax) {
    return done(refuse(Code::Overloaded, "too many orders wait for this database; try again"));
  }
  queue_.push_back(Waiting{std::move(turn), std::move(done)});
  commit_next();
}

void TurnLane::commit_next() {
  if (is_committing_ || (queue_.empty() && singles_.empty())) return;
  group_ = std::make_shared<std::vector<Turn>>();
  std::deque<Waiting>& from = singles_.empty() ? queue_ : singles_;
  const std::size_t most = singles_.empty() ? kTurnGroupMax : 1;
  while (!from.empty() && group_->size() < most) {
    group_->push_back(std::move(from.front().turn));
    asked_.push_back(std::move(from.front().done));
    from.pop_front();
  }
  launch();
}

void TurnLane::launch() {
  is_committing_ = true;
  auto ran = ports_.shards.run(
      database_, [this, group = group_, now = ports_.clock.now()](ShardStore& store) {
        RightsStore* const rights = store.rights();
        auto outcomes = std::make_shared<Outcomes>(
            rights != nullptr ? rights->take_turns(*group, now)
                              : Outcomes(refuse(Code::Unavailable, "there is no turnstile here")));
        return [this, outcomes] { ended(std::move(*outcomes)); };
      });
  if (!ran) ended(pass_on(ran));
}

void TurnLane::ended(Outcomes outcomes) {
  is_committing_ = false;
  if (outcomes && outcomes->size() != asked_.size()) {
    outcomes = refuse(Code::StorageFault, "the database gave another number of outcomes");
  }
  const bool is_database = !outcomes && is_of_the_database(outcomes.error().code());
  if (!outcomes && !is_database && asked_.size() > 1) {
    part_group();
    return commit_next();
  }
  if (is_database) ports_.telemetry.shard_error(database_);
  const auto asked = std::exchange(asked_, {});
  group_.reset();
  // What waits goes on while the answers are made.
  commit_next();
  for (std::size_t i = 0; i < asked.size(); ++i) {
    if (outcomes) {
      asked[i](std::move((*outcomes)[i]));
    } else {
      asked[i](pass_on(outcomes));
    }
  }
  if (outcomes) ports_.committed();
}

void TurnLane::part_group() {
  auto asked = std::exchange(asked_, {});
  const Group group = std::exchange(group_, nullptr);
  for (std::size_t i = 0; i < asked.size(); ++i) {
    singles_.push_back(Waiting{std::move((*group)[i]), std::move(asked[i])});
  }
}

}  // namespace larder::relay
