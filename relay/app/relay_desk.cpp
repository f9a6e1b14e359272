#include "relay/app/relay_desk.hpp"

#include <algorithm>

namespace larder::relay {
namespace {

constexpr std::size_t kRowsMax = 1'000;

bool is_fault(Code code) { return code == Code::StorageFault || code == Code::StorageFull; }

}  // namespace

RelayDesk::RelayDesk(Relay& relay, Ports ports, std::function<std::string()> metrics)
    : relay_(relay), ports_(std::move(ports)), metrics_(std::move(metrics)) {}

void RelayDesk::tick() {
  const Duration now = ports_.clock.steady();
  while (!questions_.empty()) {
    const auto first = questions_.front();
    if (first->give_up && first->until > now) return;
    questions_.pop_front();
    if (first->give_up) std::exchange(first->give_up, nullptr)();
  }
}

template <typename T>
RelayDesk::Answer<T> RelayDesk::open(Done<T> done) {
  Answer<T> answer;
  answer.done = std::make_shared<Done<T>>(std::move(done));
  answer.question = std::make_shared<Question>();
  answer.question->until = Duration{ports_.clock.steady().micros + kDeskPatience.micros};
  answer.question->give_up = [done_too = answer.done] {
    (*done_too)(refuse(Code::Unavailable, "the database of this store does not answer"));
  };
  std::erase_if(questions_, [](const auto& each) { return !each->give_up; });
  questions_.push_back(answer.question);
  return answer;
}

template <typename T>
ShardJob RelayDesk::shard_job(std::size_t database, std::function<Result<T>(ShardStore&)> job,
                              Answer<T> answer) {
  return [this, database, job, answer](ShardStore& store) {
    auto result = std::make_shared<Result<T>>(job(store));
    return [this, database, result, answer] {
      if (!*result && is_fault(result->error().code())) ports_.telemetry.shard_error(database);
      answer.give(std::move(*result));
    };
  };
}

template <typename T>
void RelayDesk::ask(const StoreId& store, std::function<Result<T>(ShardStore&)> job, Done<T> done) {
  if (questions_.size() >= kDeskQuestionsMax) {
    return done(refuse(Code::Overloaded, "too many questions are under way"));
  }
  const Answer<T> answer = open(std::move(done));
  auto ran = ports_.shards.run_for(
      store, shard_job<T>(ports_.shards.database_of(store), std::move(job), answer));
  if (!ran) answer.give(pass_on(ran));
}

template <typename T>
void RelayDesk::ask_database(std::size_t database, std::function<Result<T>(ShardStore&)> job,
                             Done<T> done) {
  if (database >= ports_.shards.databases()) {
    return done(refuse(Code::NotFound, "there is no database " + std::to_string(database)));
  }
  if (questions_.size() >= kDeskQuestionsMax) {
    return done(refuse(Code::Overloaded, "too many questions are under way"));
  }
  const Answer<T> answer = open(std::move(done));
  auto ran = ports_.shards.run(database, shard_job<T>(database, std::move(job), answer));
  if (!ran) answer.give(pass_on(ran));
}

template <typename T, typename Whole>
void RelayDesk::gather(std::function<Result<T>(ShardStore&, std::size_t)> job,
                       std::function<void(Whole&, T&)> add, std::function<void(Whole&)> finish,
                       Done<Whole> done) {
  struct Sum {
    Whole whole{};
    std::size_t missing = 0;
    Done<Whole> done;
  };
  auto sum = std::make_shared<Sum>();
  sum->missing = ports_.shards.databases();
  sum->done = std::move(done);
  for (std::size_t database = 0; database < ports_.shards.databases(); ++database) {
    ask_database<T>(
        database, [job, database](ShardStore& store) { return job(store, database); },
        [sum, add, finish](Result<T> part) {
          if (!sum->done) return;
          if (!part) return std::exchange(sum->done, nullptr)(pass_on(part));
          add(sum->whole, *part);
          if (--sum->missing != 0) return;
          finish(sum->whole);
          std::exchange(sum->done, nullptr)(std::move(sum->whole));
        });
  }
}

std::vector<StoreView> RelayDesk::stores(const StoresQuery& query) {
  return relay_.streams().views(query);
}

std::optional<StoreView> RelayDesk::store(const StoreId& store) {
  const StoreStream* stream = relay_.streams().find(store);
  if (stream == nullptr) return std::nullopt;
  return Streams::view(*stream);
}

EstateView RelayDesk::estate() { return relay_.streams().estate(); }
Health RelayDesk::health() { return relay_.health(); }
std::string RelayDesk::metrics() { return metrics_(); }

void RelayDesk::stock(const StoreId& store, Done<std::vector<StockRecord>> done) {
  ask<std::vector<StockRecord>>(
      store, [store](ShardStore& shard) { return shard.stock(store); }, std::move(done));
}

void RelayDesk::stock_of(const StoreId& store, const SkuId& sku,
                         Done<std::optional<StockRecord>> done) {
  ask<std::optional<StockRecord>>(
      store, [store, sku](ShardStore& shard) { return shard.stock_of(store, sku); },
      std::move(done));
}

void RelayDesk::stock_of_sku(const SkuId& sku, std::size_t limit,
                             Done<std::vector<StockRecord>> done) {
  using Records = std::vector<StockRecord>;
  const std::size_t rows = std::min(limit, kRowsMax);
  gather<Records, Records>(
      [sku, rows](ShardStore& shard, std::size_t database) {
        return shard.stock_of_sku(database, sku, rows);
      },
      [](Records& whole, Records& part) {
        std::move(part.begin(), part.end(), std::back_inserter(whole));
      },
      [rows](Records& whole) {
        std::ranges::sort(whole, {}, &StockRecord::store);
        if (whole.size() > rows)
          whole.erase(whole.begin() + static_cast<std::ptrdiff_t>(rows), whole.end());
      },
      std::move(done));
}

void RelayDesk::last_orders(const StoreId& store, std::size_t limit,
                            Done<std::vector<OrderRecord>> done) {
  ask<std::vector<OrderRecord>>(
      store,
      [store, rows = std::min(limit, kRowsMax)](ShardStore& shard) {
        return shard.last_orders(store, rows);
      },
      std::move(done));
}

void RelayDesk::last_words(const StoreId& store, std::size_t limit,
                           Done<std::vector<IssuedWord>> done) {
  ask<std::vector<IssuedWord>>(
      store,
      [store, rows = std::min(limit, kRowsMax)](ShardStore& shard) {
        return shard.last_words(store, rows);
      },
      std::move(done));
}

// The word itself may still become durable after the answer was given up; its id makes asking
// again safe.
void RelayDesk::issue(const NewWord& word, Done<IssuedWord> done) {
  const Answer<IssuedWord> answer = open(std::move(done));
  relay_.words().issue(word,
                       [answer](Result<IssuedWord> issued) { answer.give(std::move(issued)); });
}

void RelayDesk::await_word(const StoreId& store, Seq number, Duration patience,
                           Done<IssuedWord> done) {
  relay_.words().await(store, number, patience, std::move(done));
}

void RelayDesk::statement(const StoreId& store, BusinessDay day, Done<Statement> done) {
  relay_.books().statement(store, day, std::move(done));
}

void RelayDesk::unfreeze(const StoreId& store, const std::string& by, Done<void> done) {
  ask<void>(
      store,
      [store, by, now = ports_.clock.now()](ShardStore& shard) {
        return shard.unfreeze(store, by, now);
      },
      [this, store, by, done = std::move(done)](Result<void> result) {
        if (result) {
          ports_.telemetry.note("store " + store.text() + ": let go on by " + by);
          relay_.unfrozen(store);
        }
        done(std::move(result));
      });
}

void RelayDesk::permit_takeover(const StoreId& store, const std::string& code,
                                const std::string& by, Done<void> done) {
  done(relay_.rescues().permit(store, code, by));
}

Turnstile* RelayDesk::turnstile(const Done<Lines>& answer) const {
  if (ports_.turnstile == nullptr) {
    answer(refuse(Code::Unavailable, "this relay has no turnstile"));
  } else if (questions_.size() >= kDeskQuestionsMax) {
    answer(refuse(Code::Overloaded, "too many questions are under way"));
  } else {
    return ports_.turnstile;
  }
  return nullptr;
}

// An answer that was given up may still become durable: the order's number makes asking again safe.
void RelayDesk::reserve(const ReserveOrder& turn, Done<Lines> done) {
  Turnstile* const gate = turnstile(done);
  if (gate == nullptr) return;
  const Answer<Lines> answer = open(std::move(done));
  gate->reserve(turn, [answer](Result<Lines> lines) { answer.give(std::move(lines)); });
}

void RelayDesk::confirm(const ConfirmOrder& turn, Done<Lines> done) {
  Turnstile* const gate = turnstile(done);
  if (gate == nullptr) return;
  const Answer<Lines> answer = open(std::move(done));
  gate->confirm(turn, [answer](Result<Lines> lines) { answer.give(std::move(lines)); });
}

void RelayDesk::release(const ReleaseOrder& turn, Done<Lines> done) {
  Turnstile* const gate = turnstile(done);
  if (gate == nullptr) return;
  const Answer<Lines> answer = open(std::move(done));
  gate->release(turn, [answer](Result<Lines> lines) { answer.give(std::move(lines)); });
}

void RelayDesk::reservations(const std::string& order, Done<Lines> done) {
  Turnstile* const gate = turnstile(done);
  if (gate == nullptr) return;
  const Answer<Lines> answer = open(std::move(done));
  gate->find(order, [answer](Result<Lines> lines) { answer.give(std::move(lines)); });
}

void RelayDesk::rebuild(const StoreId& store, const SkuId& sku, Done<void> done) {
  ask<void>(
      store,
      [store, sku, now = ports_.clock.now()](ShardStore& shard) -> Result<void> {
        RightsStore* const rights = shard.rights();
        if (rights == nullptr) return refuse(Code::Unavailable, "there is no turnstile here");
        return rights->rebuild(store, sku, now);
      },
      std::move(done));
}

void RelayDesk::sync_from_pos(const PoiStock& stock, Done<PoiStock> done) {
  ask<PoiStock>(
      stock.poi,
      [stock, now = ports_.clock.now()](ShardStore& shard) {
        return shard.sync_from_pos(stock, now);
      },
      std::move(done));
}

void RelayDesk::replay(const OfflineBatch& batch, Done<Replayed> done) {
  const std::size_t database = ports_.shards.database_of(batch.store);
  ask<Replayed>(
      batch.store,
      [batch, now = ports_.clock.now()](ShardStore& shard) -> Result<Replayed> {
        ReplayStore* const replays = shard.replays();
        if (replays == nullptr) return refuse(Code::Unavailable, "nothing is replayed here");
        return replays->replay(batch, now);
      },
      [this, database, store = batch.store, done = std::move(done)](Result<Replayed> replayed) {
        if (!replayed) return done(std::move(replayed));
        for (const StoreWord& each : replayed->words) relay_.words().issued(each.word, each.store);
        for (const ReplayedItem& item : replayed->items) {
          if (item.oversold.is_zero()) continue;
          ports_.telemetry.alarm("store " + store.text() + ": " + item.oversold.text() + " of " +
                                 item.sku.text() +
                                 " were sold that are not there, by a till that was away");
        }
        if (ports_.on_resent && !replayed->items.empty()) ports_.on_resent(database);
        done(std::move(replayed));
      });
}

void RelayDesk::oversells(const OversellQuery& query, Done<std::vector<OversellEntry>> done) {
  using Entries = std::vector<OversellEntry>;
  gather<Entries, Entries>(
      [query](ShardStore& shard, std::size_t) -> Result<Entries> {
        OversellStore* const rows = shard.oversell_rows();
        if (rows == nullptr) return Entries();
        return rows->oversells(query);
      },
      [](Entries& whole, Entries& part) {
        std::move(part.begin(), part.end(), std::back_inserter(whole));
      },
      [limit = query.limit](Entries& whole) {
        std::sort(whole.begin(), whole.end(), is_shown_before);
        if (whole.size() > limit) whole.resize(limit);
      },
      std::move(done));
}

void RelayDesk::oversell(const StoreId& store, std::int64_t id,
                         Done<std::optional<OversellEntry>> done) {
  ask<std::optional<OversellEntry>>(
      store,
      [store, id](ShardStore& shard) -> Result<std::optional<OversellEntry>> {
        OversellStore* const rows = shard.oversell_rows();
        if (rows == nullptr) return std::optional<OversellEntry>();
        return rows->oversell(store, id);
      },
      std::move(done));
}

void RelayDesk::resolve_oversell(const StoreId& store, std::int64_t id,
                                 const std::string& resolution, const std::string& by,
                                 Done<OversellEntry> done) {
  ask<OversellEntry>(
      store,
      [store, id, resolution, by,
       now = ports_.clock.now()](ShardStore& shard) -> Result<OversellEntry> {
        OversellStore* const rows = shard.oversell_rows();
        if (rows == nullptr) return refuse(Code::NotFound, "there are no oversell records here");
        return rows->resolve_oversell(store, id, resolution, by, now);
      },
      std::move(done));
}

void RelayDesk::find_to_pos(const StoreId& poi, std::optional<TimePoint> changed_since,
                            Done<std::vector<PoiStock>> done) {
  ask<std::vector<PoiStock>>(
      poi,
      [poi, changed_since](ShardStore& shard) { return shard.find_to_pos(poi, changed_since); },
      std::move(done));
}

void RelayDesk::outbox(Done<OutboxView> done) {
  gather<ShardStore::OutboxFigures, OutboxView>(
      [](ShardStore& shard, std::size_t database) { return shard.outbox_figures(database); },
      [](OutboxView& whole, ShardStore::OutboxFigures& part) {
        whole.waiting += part.waiting;
        whole.dead += part.dead;
        if (part.oldest && (!whole.oldest || *part.oldest < *whole.oldest)) {
          whole.oldest = part.oldest;
        }
      },
      [](OutboxView&) {}, std::move(done));
}

void RelayDesk::outbox_dead(std::size_t limit, Done<std::vector<OutboxRow>> done) {
  using Rows = std::vector<OutboxRow>;
  const std::size_t rows = std::min(limit, kRowsMax);
  gather<Rows, Rows>(
      [rows](ShardStore& shard, std::size_t database) { return shard.outbox_dead(database, rows); },
      [](Rows& whole, Rows& part) {
        std::move(part.begin(), part.end(), std::back_inserter(whole));
      },
      [rows](Rows& whole) {
        std::ranges::stable_sort(whole, {}, &OutboxRow::created_at);
        if (whole.size() > rows)
          whole.erase(whole.begin() + static_cast<std::ptrdiff_t>(rows), whole.end());
      },
      std::move(done));
}

void RelayDesk::outbox_resend(std::size_t database, std::int64_t id, Done<bool> done) {
  ask_database<bool>(
      database,
      [database, id, now = ports_.clock.now()](ShardStore& shard) {
        return shard.outbox_resend(database, id, now);
      },
      [this, database, done = std::move(done)](Result<bool> resent) {
        if (resent && *resent && ports_.on_resent) ports_.on_resent(database);
        done(std::move(resent));
      });
}

}  // namespace larder::relay
