#include "relay/app/relay_desk.hpp"

#include <algorithm>

#include "relay/app/relay_desk_ask.hpp"

namespace larder::relay {
namespace {

constexpr std::size_t kRowsMax = 1'000;

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
