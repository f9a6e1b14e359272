// Turnstile: what becomes of an order whose time is over. Paid: it is confirmed. Not paid: it is
// released. Nobody says: it stays, and is asked about again.
#include <utility>

#include "relay/app/turnstile.hpp"

namespace larder::relay {

void Turnstile::tick() {
  const Duration now = ports_.clock.steady();
  std::deque<Short> all = std::exchange(short_, {});
  for (Short& waiting : all) {
    if (waiting.until <= now) {
      retry(std::move(waiting), true);
    } else {
      short_.push_back(std::move(waiting));
    }
  }
  if (now < sweep_at_) return;
  sweep_at_ = now + kSweepEvery;
  for (std::size_t database = 0; database < lanes_.size(); ++database) sweep(database);
}

void Turnstile::sweep(std::size_t database) {
  if (is_sweeping_[database]) return;
  is_sweeping_[database] = true;
  auto ran =
      ports_.shards.run(database, [this, database, now = ports_.clock.now()](ShardStore& store) {
        RightsStore* const rights = store.rights();
        using Found = Result<std::vector<DueOrder>>;
        auto due = std::make_shared<Found>(rights != nullptr ? rights->due_orders(now, kDueAsked)
                                                             : Found());
        return [this, database, due] {
          is_sweeping_[database] = false;
          if (!*due) return ports_.telemetry.shard_error(database);
          look_into(std::move(**due));
        };
      });
  if (!ran) is_sweeping_[database] = false;
}

void Turnstile::look_into(std::vector<DueOrder> due) {
  const Duration now = ports_.clock.steady();
  std::erase_if(due_, [now](const auto& each) {
    return !each.second.is_asked && each.second.again_at + kAskPaidAgain < now;
  });
  for (const DueOrder& order : due) {
    Due& known = due_[{order.store, order.order}];
    if (known.is_asked || now < known.again_at) continue;
    known.is_asked = true;
    ask_paid(order);
  }
}

void Turnstile::ask_paid(const DueOrder& order) {
  ports_.paid.ask(order, [this, order](const Result<Paid>& paid) { heard(order, paid); });
}

void Turnstile::heard(const DueOrder& order, const Result<Paid>& paid) {
  Due& known = due_[{order.store, order.order}];
  known.again_at = ports_.clock.steady() + kAskPaidAgain;
  if (!paid) {
    known.is_asked = false;
    return ports_.telemetry.turn("expire", "no_answer");
  }
  const auto ended = [this, key = std::pair(order.store, order.order)](const Result<Lines>&) {
    due_.erase(key);  // should it not have ended, the next sweep finds it again
  };
  const Asker by{"sweep", {}};
  if (*paid == Paid::Yes) {
    return confirm(ConfirmOrder{order.store, order.order, by, true, {}}, ended);
  }
  release(ReleaseOrder{order.store, order.order, "expired", by, true}, ended);
}

}  // namespace larder::relay
