// OutboxLane's way to its database and back: one job at a time marks what was answered and reads
// what comes next, in one turn of the database's worker.
#include <memory>

#include "relay/outbox/lane.hpp"

namespace larder::relay {

void OutboxLane::ask() {
  if (is_asking_) return;
  auto errand = std::make_shared<Errand>(plan());
  const bool has_marks = !errand->done.empty() || !errand->failed.empty();
  if (!has_marks && !errand->reads()) return;
  is_asking_ = true;
  auto accepted = shards_.run(database_,
                              [this, life = std::weak_ptr<int>(life_), database = database_,
                               errand](ShardStore& store) -> std::function<void()> {
                                auto haul =
                                    std::make_shared<Haul>(run_errand(store, database, *errand));
                                return [this, life, errand, haul] {
                                  if (!life.expired()) take(*errand, *haul);
                                };
                              });
  if (accepted) return;
  is_asking_ = false;
  take_back(*errand);  // the next tick tries again
}

OutboxLane::Errand OutboxLane::plan() {
  Errand errand = plan_reads();
  // Marks are a transaction of their own, for which live orders wait: they are gathered until the
  // next tick, unless there are many. A line is not read with marks of it open.
  if (may_mark_ || !errand.stores.empty() || done_.size() + failed_.size() >= kOutboxMarksMax) {
    errand.done = std::exchange(done_, {});
    errand.failed = std::exchange(failed_, {});
    may_mark_ = false;
  }
  return errand;
}

OutboxLane::Errand OutboxLane::plan_reads() {
  Errand errand;
  if (is_paused_ || in_hand_ + 3 * kOutboxPage > kOutboxRowsInHand) return errand;
  while (!behind_.empty() && errand.stores.size() < kOutboxPage / kOutboxStoreRows) {
    const auto line = lines_.find(behind_.front());
    behind_.pop_front();
    if (line == lines_.end() || line->second.is_fetching || line->second.is_held ||
        !line->second.rows.empty()) {
      continue;
    }
    line->second.is_fetching = true;
    errand.stores.push_back(line->first);
  }
  if (is_woken_) {
    errand.tail = tail_;
    is_woken_ = false;
  }
  if (may_sweep_) errand.sweep = sweep_;
  may_sweep_ = false;  // one page a tick: a backlog of millions must not keep the worker busy
  return errand;
}

OutboxLane::Haul OutboxLane::run_errand(ShardStore& store, std::size_t database,
                                        const Errand& errand) {
  Haul haul;
  if (!errand.done.empty()) haul.marked = store.outbox_done(database, errand.done);
  for (const Failure& failure : errand.failed) {
    if (!haul.marked) break;
    haul.marked = store.outbox_failed(database, failure.id, failure.retry_count, failure.again);
  }
  if (!haul.marked) return haul;  // what is not marked would be read again
  if (errand.tail) haul.tail = store.outbox_waiting(database, *errand.tail, kOutboxPage);
  if (errand.sweep) haul.sweep = store.outbox_waiting(database, *errand.sweep, kOutboxPage);
  for (const StoreId& one : errand.stores) {
    haul.stores.push_back(store.outbox_waiting_of(database, one, kOutboxStoreRows));
  }
  return haul;
}

void OutboxLane::take(const Errand& errand, const Haul& haul) {
  if (!haul.marked) {
    is_asking_ = false;
    take_back(errand);
    telemetry_.warn("the outbox cannot mark what was sent: " + haul.marked.error().message());
    return;  // not at once: the next tick tries again
  }
  marked(errand);
  if (errand.tail) {
    if (haul.tail) {
      take_tail(*haul.tail);
    } else {
      telemetry_.warn("the outbox cannot be read: " + haul.tail.error().message());
    }
  }
  if (errand.sweep && haul.sweep) take_sweep(*haul.sweep);
  for (std::size_t i = 0; i < errand.stores.size(); ++i) {
    take_line(errand.stores[i], haul.stores[i]);
  }
  is_asking_ = false;
  ask();
}

void OutboxLane::marked(const Errand& errand) {
  for (const std::int64_t id : errand.done) known_.erase(id);
  for (const Failure& failure : errand.failed) known_.erase(failure.id);
}

// The errand was not done: marks come first next time, lines are read again.
void OutboxLane::take_back(const Errand& errand) {
  done_.insert(done_.begin(), errand.done.begin(), errand.done.end());
  failed_.insert(failed_.begin(), errand.failed.begin(), errand.failed.end());
  for (const StoreId& store : errand.stores) {
    const auto line = lines_.find(store);
    if (line == lines_.end()) continue;
    line->second.is_fetching = false;
    behind_.push_back(store);
  }
}

void OutboxLane::take_tail(const std::vector<OutboxRow>& rows) {
  for (const OutboxRow& row : rows) {
    tail_ = row.id;
    took(row);
  }
  if (rows.size() == kOutboxPage) is_woken_ = true;
}

void OutboxLane::take_sweep(const std::vector<OutboxRow>& rows) {
  for (const OutboxRow& row : rows) {
    if (row.id > tail_) break;  // the tail's own
    sweep_ = row.id;
    took(row);
  }
  if (rows.size() < kOutboxPage || rows.back().id > tail_) sweep_.reset();
}

void OutboxLane::take_line(const StoreId& store, const Result<std::vector<OutboxRow>>& rows) {
  const auto line = lines_.find(store);
  if (line == lines_.end()) return;
  line->second.is_fetching = false;
  if (!rows) {
    hold(line, options_.first_wait);
    return;
  }
  line->second.is_behind = false;
  for (const OutboxRow& row : *rows) took(row);
  if (rows->size() == kOutboxStoreRows) line->second.is_behind = true;
  if (line->second.rows.empty() && !line->second.is_held) go_on(line);
}

}  // namespace larder::relay
