#include "relay/app/turnstile.hpp"

#include <utility>

namespace larder::relay {

Turnstile::Turnstile(Ports ports) : ports_(std::move(ports)) {
  is_sweeping_.resize(ports_.shards.databases());
  for (std::size_t database = 0; database < ports_.shards.databases(); ++database) {
    lanes_.push_back(std::make_unique<TurnLane>(
        database, TurnLane::Ports{ports_.clock, ports_.shards, ports_.telemetry, [this, database] {
                                    if (ports_.on_committed) ports_.on_committed(database);
                                  }}));
  }
}

bool Turnstile::is_idle() const {
  for (const auto& lane : lanes_) {
    if (!lane->is_idle()) return false;
  }
  return true;
}

std::size_t Turnstile::waiting() const {
  std::size_t sum = 0;
  for (const auto& lane : lanes_) sum += lane->waiting();
  return sum;
}

// A store may have moved while its turn waited: it follows once.
void Turnstile::put(std::size_t database, const TurnKept& turn, bool may_move,
                    Done<TurnOutcome> done) {
  if (database >= lanes_.size()) {
    return done(refuse(Code::Unavailable, "there is no database " + std::to_string(database)));
  }
  Done<TurnOutcome> end = std::move(done);
  if (may_move) {
    end = [this, database, turn, done_too = std::move(end)](Result<TurnOutcome> outcome) {
      const bool has_moved =
          outcome && !outcome->lines && outcome->lines.error().code() == Code::WrongStore;
      const StoreId store = std::visit([](const auto& one) { return one.store; }, *turn);
      const std::size_t by_now = store.empty() ? database : ports_.shards.database_of(store);
      if (has_moved && by_now != database) return put(by_now, turn, false, done_too);
      done_too(std::move(outcome));
    };
  }
  lanes_[database]->take(*turn, std::move(end));
}

void Turnstile::note(std::string_view step, const Result<TurnOutcome>& outcome) {
  if (!outcome) return ports_.telemetry.turn(step, code_name(outcome.error().code()));
  if (!outcome->lines) {
    return ports_.telemetry.turn(step, code_name(outcome->lines.error().code()));
  }
  ports_.telemetry.turn(step, outcome->is_again ? "again" : "ok");
}

Done<TurnOutcome> Turnstile::answering(std::string_view step, const StoreId& store,
                                       Done<Lines> done) {
  return [this, step, store, end = std::move(done)](Result<TurnOutcome> outcome) {
    note(step, outcome);
    if (!outcome) return end(pass_on(outcome));
    if (outcome->word && ports_.on_word) ports_.on_word(store, *outcome->word);
    end(std::move(outcome->lines));
  };
}

void Turnstile::remember(const std::string& order, const StoreId& store) {
  if (!stores_.emplace(order, store).second) return;
  remembered_.push_back(order);
  if (remembered_.size() <= kOrdersRemembered) return;
  stores_.erase(remembered_.front());
  remembered_.pop_front();
}

void Turnstile::reserve(ReserveOrder turn, Done<Lines> done) {
  const bool may_wait = short_.size() < kOrdersShortMax && ports_.on_seen && ports_.hub_is_there &&
                        ports_.hub_is_there(turn.store);
  turn.tells_refusal = !may_wait;
  try_reserve(std::move(turn), ports_.clock.steady() + kGrantPatience, std::move(done));
}

// What falls short while its hub is there is tried once more when a grant came, or when it has
// waited long enough: the first order of a morning is not refused because no lease is here yet.
void Turnstile::try_reserve(ReserveOrder turn, Duration until, Done<Lines> done) {
  const std::size_t database = ports_.shards.database_of(turn.store);
  const auto kept = std::make_shared<const Turn>(std::move(turn));
  auto end = [this, kept, until, end = std::move(done)](Result<TurnOutcome> outcome) {
    const auto& asked = std::get<ReserveOrder>(*kept);
    const bool is_kept = outcome && outcome->lines;
    if (is_kept) remember(asked.order, asked.store);
    const bool may_come = outcome && !outcome->seen.empty() && ports_.on_seen &&
                          ports_.on_seen(asked.store, outcome->seen);
    if (outcome && !is_kept && !asked.tells_refusal &&
        outcome->lines.error().code() == Code::OutOfStock) {
      Short waiting{asked, end, until};
      if (may_come) return short_.push_back(std::move(waiting));
      return retry(std::move(waiting), true);
    }
    note("reserve", outcome);
    end(outcome ? std::move(outcome->lines) : pass_on(outcome));
  };
  put(database, kept, true, std::move(end));
}

void Turnstile::retry(Short waiting, bool is_last) {
  waiting.turn.tells_refusal = is_last;
  try_reserve(std::move(waiting.turn), waiting.until, std::move(waiting.done));
}

void Turnstile::granted(const StoreId& store) {
  std::deque<Short> all = std::exchange(short_, {});
  for (Short& waiting : all) {
    if (waiting.turn.store == store) {
      retry(std::move(waiting), false);
    } else {
      short_.push_back(std::move(waiting));
    }
  }
}

void Turnstile::confirm(ConfirmOrder turn, Done<Lines> done) {
  if (!turn.store.empty()) {
    const StoreId store = turn.store;
    return put(ports_.shards.database_of(store), std::make_shared<const Turn>(std::move(turn)),
               true, answering("confirm", store, std::move(done)));
  }
  const std::string order = turn.order;
  locate(order, [this, turn = std::move(turn), done_too = std::move(done)](Result<StoreId> store) {
    if (!store) return done_too(pass_on(store));
    if (store->empty()) {
      ports_.telemetry.turn("confirm", code_name(Code::NotFound));
      return done_too(refuse(Code::NotFound, "there is no reservation of order " + turn.order));
    }
    ConfirmOrder there = turn;
    there.store = *store;
    confirm(std::move(there), done_too);
  });
}

void Turnstile::release(ReleaseOrder turn, Done<Lines> done) {
  if (!turn.store.empty()) {
    const StoreId store = turn.store;
    const std::string_view step = turn.only_expired ? "expire" : "release";
    return put(ports_.shards.database_of(store), std::make_shared<const Turn>(std::move(turn)),
               true, answering(step, store, std::move(done)));
  }
  const std::string order = turn.order;
  locate(order, [this, turn = std::move(turn), done_too = std::move(done)](Result<StoreId> store) {
    if (!store) return done_too(pass_on(store));
    if (store->empty()) return cancel_everywhere(turn, done_too);
    ReleaseOrder there = turn;
    there.store = *store;
    release(std::move(there), done_too);
  });
}

// The order may come to any store, so every database remembers.
void Turnstile::cancel_everywhere(const ReleaseOrder& turn, Done<Lines> done) {
  struct Sum {
    std::size_t missing = 0;
    Done<Lines> done;
  };
  auto sum = std::make_shared<Sum>(Sum{lanes_.size(), std::move(done)});
  const auto kept = std::make_shared<const Turn>(turn);
  for (std::size_t database = 0; database < lanes_.size(); ++database) {
    put(database, kept, false, answering("release", {}, [sum](Result<Lines> lines) {
          if (!sum->done) return;
          if (!lines) return std::exchange(sum->done, nullptr)(std::move(lines));
          if (--sum->missing == 0) std::exchange(sum->done, nullptr)(Lines());
        }));
  }
}

void Turnstile::locate(const std::string& order, Done<StoreId> done) {
  if (const auto known = stores_.find(order); known != stores_.end()) return done(known->second);
  find(order, [this, order, done_too = std::move(done)](Result<Lines> lines) {
    if (!lines) return done_too(pass_on(lines));
    if (lines->empty()) return done_too(StoreId());
    remember(order, lines->front().store);
    done_too(lines->front().store);
  });
}

void Turnstile::find(const std::string& order, Done<Lines> done) {
  struct Sum {
    std::size_t missing = 0;
    Lines lines;
    Done<Lines> done;
    void add(Result<Lines> part) {
      if (!done) return;
      if (!part) return std::exchange(done, nullptr)(std::move(part));
      for (Reservation& line : *part) lines.push_back(std::move(line));
      if (--missing == 0) std::exchange(done, nullptr)(std::move(lines));
    }
  };
  auto sum = std::make_shared<Sum>(Sum{lanes_.size(), {}, std::move(done)});
  for (std::size_t database = 0; database < lanes_.size(); ++database) {
    auto ran = ports_.shards.run(database, [sum, order](ShardStore& store) {
      RightsStore* const rights = store.rights();
      auto found = std::make_shared<Result<Lines>>(
          rights != nullptr
              ? rights->reservations_of(order)
              : Result<Lines>(refuse(Code::Unavailable, "there is no turnstile here")));
      return [sum, found] { sum->add(std::move(*found)); };
    });
    if (!ran) sum->add(pass_on(ran));
  }
}

}  // namespace larder::relay
