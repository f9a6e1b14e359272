#include "relay/app/lease_keeper.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "lan-protocol/codec.hpp"

namespace larder::relay {

LeaseKeeper::LeaseKeeper(Ports ports) : ports_(std::move(ports)) {
  is_settling_.resize(ports_.shards.databases());
  settles_again_.resize(ports_.shards.databases());
}

bool LeaseKeeper::is_idle() const {
  return std::find(is_settling_.begin(), is_settling_.end(), true) == is_settling_.end();
}

bool LeaseKeeper::is_there(const StoreId& store) const {
  const StoreStream* const stream = ports_.streams.find(store);
  return stream != nullptr && stream->is_live && !stream->mark.is_frozen;
}

bool LeaseKeeper::wanted(const StoreId& store, const std::vector<RightsSeen>& seen) {
  bool may_come = false;
  for (const RightsSeen& each : seen) {
    if (accounts_.size() >= kAccountsKept) forget_old();
    const Key key{store, each.sku, each.ask_channel};
    Account& account = accounts_[key];
    account.demand.note(each.wanted, ports_.clock.now());
    account.idle = each.idle;
    account.seen_at = ports_.clock.steady();
    const Quantity recent = account.demand.recent(ports_.clock.now());
    const Quantity missing = each.is_refused ? each.wanted : Quantity();
    const Quantity more = lease_to_ask(each.idle, recent, missing);
    if (more.is_zero()) continue;
    const Quantity awaited =
        Quantity::tenths(std::max<std::int64_t>(0, missing.in_tenths() - each.idle.in_tenths()));
    const bool is_asked = ask(key, account, more, awaited);
    may_come = may_come || (is_asked && each.is_refused);
  }
  return may_come;
}

// One question at a time for each account: until the grant, or until it has waited long enough.
bool LeaseKeeper::ask(const Key& key, Account& account, Quantity quantity, Quantity awaited) {
  const auto& [store, sku, channel] = key;
  const Duration now = ports_.clock.steady();
  if (!is_there(store)) return false;
  if (account.is_asked && now < account.ask_again_at) return true;
  if (account.is_asked) {
    account.patience = std::min(kAskAgainMost, Duration{2 * account.patience.micros});
  }
  account.is_asked = true;
  account.ask_again_at = now + account.patience;
  const Command command = AskLease{sku, channel, quantity, awaited};
  NewWord word;
  word.store = store;
  word.word.id =
      CommandId("ask-" + std::to_string(ports_.clock.now().micros) + "-" + std::to_string(++asks_));
  word.word.verb = std::string(command_verb(command));
  word.word.args = encode_args(command);
  word.word.by = "relay";
  word.word.not_after = ports_.clock.now() + kAskGoesStale;
  ports_.issue(word);
  return true;
}

void LeaseKeeper::heard(const StoreId& store, const std::vector<LeaseNews>& news) {
  for (const LeaseNews& each : news) {
    if (!each.alarm.empty()) {
      ports_.telemetry.alarm(each.alarm);
      continue;
    }
    if (!each.is_granted) {
      settle(ports_.shards.database_of(store));
      continue;
    }
    const auto found = accounts_.find(Key{store, each.sku, each.channel});
    if (found == accounts_.end()) continue;
    found->second.is_asked = false;
    found->second.patience = kAskAgainFirst;
  }
}

void LeaseKeeper::tick() {
  const Duration now = ports_.clock.steady();
  if (now >= settle_at_) {
    settle_at_ = now + kSettleEvery;
    for (std::size_t database = 0; database < is_settling_.size(); ++database) settle(database);
  }
  if (now < idle_at_) return;
  idle_at_ = now + kIdleLook;
  give_back_idle();
}

void LeaseKeeper::settle(std::size_t database) {
  if (is_settling_[database]) {
    settles_again_[database] = true;
    return;
  }
  is_settling_[database] = true;
  auto ran =
      ports_.shards.run(database, [this, database, now = ports_.clock.now()](ShardStore& store) {
        RightsStore* const rights = store.rights();
        using Words = Result<std::vector<StoreWord>>;
        auto words = std::make_shared<Words>(
            rights != nullptr ? rights->settle_leases(now, kSettledAtOnce) : Words());
        return [this, database, words] {
          is_settling_[database] = false;
          const bool is_full = *words && (*words)->size() >= kSettledAtOnce;
          tell(std::move(*words), database);
          const bool again = settles_again_[database];
          settles_again_[database] = false;
          if (again || is_full) settle(database);
        };
      });
  if (!ran) is_settling_[database] = false;  // the next tick tries again
}

void LeaseKeeper::tell(Result<std::vector<StoreWord>> words, std::size_t database) {
  if (!words) return ports_.telemetry.shard_error(database);
  for (const StoreWord& each : *words) ports_.on_word(each.store, each.word);
}

// Of the pool only: what is a channel's own by its quota stays there.
void LeaseKeeper::give_back_idle() {
  const TimePoint at = ports_.clock.now();
  const Duration now = ports_.clock.steady();
  for (auto& [key, account] : accounts_) {
    const auto& [store, sku, channel] = key;
    if (!channel.empty() || now - account.seen_at < kIdleLook || !is_there(store)) continue;
    const Quantity back = lease_to_return(account.idle, account.demand.recent(at));
    if (back.is_zero()) continue;
    account.idle = Quantity::tenths(account.idle.in_tenths() - back.in_tenths());
    const std::size_t database = ports_.shards.database_of(store);
    auto ran = ports_.shards.run(
        database, [this, database, back, at, store = store, sku = sku](ShardStore& shard) {
          using Words = Result<std::vector<StoreWord>>;
          RightsStore* const rights = shard.rights();
          auto words = std::make_shared<Words>(
              rights != nullptr ? rights->return_idle(store, sku, {}, back, at) : Words());
          return [this, database, words] { tell(std::move(*words), database); };
        });
    if (!ran) return;
  }
}

// Half of them, those nobody has wanted for the longest time.
void LeaseKeeper::forget_old() {
  std::vector<Duration> times;
  times.reserve(accounts_.size());
  for (const auto& [key, account] : accounts_) times.push_back(account.seen_at);
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::nth_element(times.begin(), middle, times.end());
  const Duration oldest = *middle;
  std::erase_if(accounts_, [oldest](const auto& each) { return each.second.seen_at <= oldest; });
}

}  // namespace larder::relay
