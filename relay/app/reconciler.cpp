#include "relay/app/reconciler.hpp"

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

namespace larder::relay {
namespace {

constexpr const char* kBySchedule = "schedule";
constexpr const char* kAnotherEpoch = "the hub began another epoch meanwhile";

Duration after(Duration now, Duration wait) { return Duration{now.micros + wait.micros}; }

}  // namespace

void Reconciler::reconcile(const StoreId& store, const std::string& by, Done<Reconciliation> done) {
  if (rounds_.contains(store)) {
    return done(refuse(Code::Busy, "the stock of this store is being compared"));
  }
  if (rounds_.size() >= kReconcilingMax) {
    return done(refuse(Code::Overloaded, "the stock of too many stores is being compared"));
  }
  StoreStream* const stream = ports_.streams.find(store);
  if (stream == nullptr) return done(refuse(Code::NotFound, "no such store"));
  auto round = std::make_shared<Round>();
  round->store = store;
  round->by = by;
  round->done = std::move(done);
  round->result.store = store;
  round->until = after(ports_.clock.steady(), kReconcilePatience);
  rounds_[store] = round;
  ask(round);
}

void Reconciler::epoch_began(StoreStream& stream) {
  if (ports_.every.micros > 0) stream.reconcile_at = ports_.clock.steady();
}

void Reconciler::ask(const Under& round) {
  const StoreStream* stream = ports_.streams.find(round->store);
  if (stream == nullptr || !stream->is_live || !ports_.inlet.is_up()) {
    return give_up(round, "the store is away: its hub was not asked");
  }
  BooksQuestion question;
  question.ask = BooksQuestion::Ask::Levels;
  round->id = "r" + std::to_string(++last_);
  question.id = round->id;
  question.after = round->after;
  round->asks_levels = !round->differing.empty();
  const std::size_t count = std::min(round->differing.size(), kStockLevelsMax);
  question.skus.assign(round->differing.begin(),
                       round->differing.begin() + static_cast<std::ptrdiff_t>(count));
  round->step = Step::HubAsked;
  round->answer_until = after(ports_.clock.steady(), kDeskPatience);
  ports_.inlet.send(round->store, UplinkTopic::Ask, encode(question));
}

void Reconciler::told(StoreStream& stream, const BooksAnswer& answer) {
  const auto found = rounds_.find(stream.store);
  if (found == rounds_.end()) return;
  const Under round = found->second;
  if (round->step != Step::HubAsked || round->id != answer.id) return;  // of an earlier question
  const bool is_whole =
      !round->asks_levels ||
      answer.stock->levels.size() == std::min(round->differing.size(), kStockLevelsMax);
  if (!is_whole) return give_up(round, "the hub left out levels that it was asked for");
  round->heard = *answer.stock;
  round->step = Step::BehindHub;
  go_on(round);
}

void Reconciler::go_on(const Under& round) {
  const StoreStream* stream = ports_.streams.find(round->store);
  const StockBooks& heard = round->heard;
  const bool is_there = stream->mark.epoch > heard.epoch ||
                        (stream->mark.epoch == heard.epoch && stream->mark.up_to >= heard.seq);
  if (!is_there) return;  // tick() looks again
  round->step = Step::AtDatabase;
  return round->asks_levels ? repair(round) : compare(round);
}

template <typename T>
void Reconciler::at_database(const Under& round, std::function<Result<T>(ReconcileStore&)> job,
                             std::function<void(T)> then) {
  auto ran = ports_.shards.run_for(
      round->store, [this, round, job, then](ShardStore& shard) -> std::function<void()> {
        ReconcileStore* const rows = shard.reconcile_rows();
        auto result = std::make_shared<Result<T>>(
            rows != nullptr ? job(*rows)
                            : Result<T>(refuse(Code::Unavailable, "nothing is compared here")));
        return [this, round, result, then] {
          if (!round->done) return;  // its time is over
          if (*result) return then(std::move(**result));
          give_up(round, result->error().message());
        };
      });
  if (!ran) give_up(round, ran.error().message());
}

void Reconciler::compare(const Under& round) {
  at_database<StockLook>(
      round,
      [store = round->store, after = round->after, hubs = round->heard](ReconcileStore& rows) {
        return rows.compare_stock(store, after, hubs);
      },
      [this, round](StockLook look) { compared(round, std::move(look)); });
}

void Reconciler::compared(const Under& round, StockLook look) {
  if (!look.is_comparable) return give_up(round, kAnotherEpoch);
  round->result.epoch = round->heard.epoch;
  round->result.seq = round->heard.seq;
  round->result.skus += look.skus;
  round->result.moving += look.moving;
  round->has_more = round->heard.has_more && !round->heard.marks.empty();
  if (round->has_more) round->after = round->heard.marks.back().sku;
  round->differing.assign(look.differing.begin(), look.differing.end());
  next(round);
}

void Reconciler::repair(const Under& round) {
  at_database<StockRepair>(
      round,
      [store = round->store, hubs = round->heard, by = round->by, now = ports_.clock.now()](
          ReconcileStore& rows) { return rows.repair_stock(store, hubs, by, now); },
      [this, round](StockRepair repair) { repaired(round, std::move(repair)); });
}

void Reconciler::repaired(const Under& round, StockRepair repair) {
  if (!repair.is_comparable) return give_up(round, kAnotherEpoch);
  Reconciliation& result = round->result;
  result.epoch = round->heard.epoch;
  result.seq = round->heard.seq;
  result.moving += repair.moving;
  std::move(repair.differences.begin(), repair.differences.end(),
            std::back_inserter(result.differences));
  if (ports_.on_committed) ports_.on_committed(ports_.shards.database_of(round->store));
  const std::size_t asked = std::min(round->differing.size(), kStockLevelsMax);
  round->differing.erase(round->differing.begin(),
                         round->differing.begin() + static_cast<std::ptrdiff_t>(asked));
  next(round);
}

void Reconciler::next(const Under& round) {
  if (!round->differing.empty() || round->has_more) {
    if (round->differing.empty()) round->has_more = false;
    return ask(round);
  }
  end(round);
}

void Reconciler::end(const Under& round) {
  round->result.is_equal = round->result.differences.empty();
  StoreStream& stream = *ports_.streams.find(round->store);
  stream.reconciled_at = ports_.clock.now();
  stream.differences += round->result.differences.size();
  say(*round, stream);
  rounds_.erase(round->store);
  std::exchange(round->done, nullptr)(std::move(round->result));
}

// What was found before it ended is told, and is repaired already.
void Reconciler::give_up(const Under& round, const std::string& why) {
  round->result.unanswered = why;
  StoreStream& stream = *ports_.streams.find(round->store);
  stream.differences += round->result.differences.size();
  say(*round, stream);
  rounds_.erase(round->store);
  std::exchange(round->done, nullptr)(std::move(round->result));
}

void Reconciler::say(const Round& round, StoreStream& stream) {
  const Reconciliation& result = round.result;
  const Duration wait =
      result.unanswered.empty() ? ports_.every : std::min(ports_.every, kReconcileAgain);
  if (ports_.every.micros > 0) stream.reconcile_at = after(ports_.clock.steady(), wait);
  bool is_open = false;
  for (const StockDifference& each : result.differences) {
    const std::string sentence = "store " + round.store.text() + ", " + each.sku.text() + ": " +
                                 each.what + (each.cause.empty() ? "" : " (" + each.cause + ")");
    is_open = is_open || !each.is_repaired;
    if (each.is_repaired) {
      ports_.telemetry.warn(sentence + "; the hub's figures are written");
    } else {
      ports_.telemetry.alarm(sentence);
    }
  }
  const char* const outcome = !result.unanswered.empty()    ? "unanswered"
                              : is_open                     ? "open"
                              : !result.differences.empty() ? "repaired"
                                                            : "equal";
  ports_.telemetry.reconciled(outcome, result.differences.size());
}

// Spread over the time between two comparisons, by the store's name.
bool Reconciler::is_due(StoreStream& stream, Duration now) const {
  if (stream.reconcile_at.micros == 0) {
    const auto spread = static_cast<std::int64_t>(std::hash<std::string>{}(stream.store.text()) %
                                                  static_cast<std::size_t>(ports_.every.micros));
    stream.reconcile_at = after(now, Duration{spread + 1});
  }
  const bool can_answer = stream.is_live && !stream.mark.is_frozen && stream.mark.up_to > 0 &&
                          stream.acked().second >= stream.hub_head;
  return can_answer && stream.reconcile_at <= now;
}

void Reconciler::look_for_due() {
  const Duration now = ports_.clock.steady();
  if (ports_.every.micros <= 0 || now < look_at_) return;
  look_at_ = after(now, kReconcileLook);
  for (auto& [id, stream] : ports_.streams.all()) {
    if (rounds_.size() >= kReconcilingMax) return;
    if (!rounds_.contains(id) && is_due(stream, now)) reconcile(id, kBySchedule, [](auto) {});
  }
}

void Reconciler::tick() {
  const Duration now = ports_.clock.steady();
  const std::map<StoreId, Under> rounds = rounds_;  // end() changes it
  for (const auto& [id, round] : rounds) {
    if (round->step == Step::BehindHub) go_on(round);
    if (!round->done) continue;
    if (round->until <= now) {
      give_up(round, round->step == Step::BehindHub
                         ? "the hub's events up to " + std::to_string(round->heard.seq) +
                               " have not come yet"
                         : "the stock could not be compared in time");
    } else if (round->step == Step::HubAsked && round->answer_until <= now) {
      give_up(round, "the hub gave no answer");
    }
  }
  look_for_due();
}

}  // namespace larder::relay
