// LeaseKeeper: keeps the relay's rights as large as its channels need. It asks a hub for more
// before a lease runs dry (the word lease.ask), sized by recent demand; has what was sold told and
// what must go back given back (the words lease.settle, durable with the rows); and gives back what
// nobody asks for. Forgetting all of it does no harm: leases and settlements are rows.
// Life: from start to the end of the shards' threads. Thread: the loop. Limit: kAccountsKept.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "core/stock/lease_policy.hpp"
#include "relay/app/desk.hpp"
#include "relay/app/streams.hpp"
#include "relay/app/turns.hpp"

namespace larder::relay {

inline constexpr Duration kSettleEvery = Duration::seconds(2);
inline constexpr std::size_t kSettledAtOnce = 256;  // words
inline constexpr std::size_t kAccountsKept = 200'000;
inline constexpr Duration kAskGoesStale = Duration::seconds(30);
inline constexpr Duration kAskAgainFirst = Duration::seconds(2);
inline constexpr Duration kAskAgainMost = Duration::seconds(60);
inline constexpr Duration kIdleLook = Duration::seconds(30);

class LeaseKeeper {
 public:
  struct Ports {
    Clock& clock;
    Shards& shards;
    Telemetry& telemetry;
    Streams& streams;
    std::function<void(const NewWord&)> issue;
    std::function<void(const StoreId&, const IssuedWord&)> on_word;
  };
  explicit LeaseKeeper(Ports ports);
  LeaseKeeper(const LeaseKeeper&) = delete;
  LeaseKeeper& operator=(const LeaseKeeper&) = delete;

  // Somebody wanted some of it. True: more was asked for of a hub that is there, and may come.
  bool wanted(const StoreId& store, const std::vector<RightsSeen>& seen);
  // What a hub's events said.
  void heard(const StoreId& store, const std::vector<LeaseNews>& news);
  void tick();
  // A hub that is away answers nothing.
  bool is_there(const StoreId& store) const;
  // Nothing is on its way to be settled.
  bool is_idle() const;

 private:
  using Key = std::tuple<StoreId, SkuId, ChannelCode>;
  struct Account {
    DemandMeter demand;
    Quantity idle;  // as last seen
    Duration seen_at;
    bool is_asked = false;
    Duration ask_again_at;
    Duration patience = kAskAgainFirst;
  };
  // `awaited`: of the quantity, what a guest waits for now.
  bool ask(const Key& key, Account& account, Quantity quantity, Quantity awaited);
  void settle(std::size_t database);
  void give_back_idle();
  void tell(Result<std::vector<StoreWord>> words, std::size_t database);
  void forget_old();

  Ports ports_;
  std::map<Key, Account> accounts_;
  std::vector<bool> is_settling_, settles_again_;
  Duration settle_at_, idle_at_;
  std::uint64_t asks_ = 0;
};

}  // namespace larder::relay
