// Turnstile: where the relay's channels reserve, confirm and release stock. Each turn goes to the
// lane of its store's database; an order whose store is not told is found by its number first. What
// was reserved and not confirmed in its time is released, but not before somebody who knows has
// said that it is not paid. Life: from start to the end of the shards' threads. Thread: the loop.
// Limits: TurnLane's; kOrdersShortMax that wait for
// a grant; kOrdersRemembered numbers whose store needs no search; kDueAsked at once.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "relay/app/paid_check.hpp"
#include "relay/app/turn_lane.hpp"

namespace larder::relay {

inline constexpr std::size_t kOrdersRemembered = 100'000;
inline constexpr std::size_t kDueAsked = 256;
// What is short waits so long for a grant, before it is refused.
inline constexpr Duration kGrantPatience{1'500'000};
inline constexpr std::size_t kOrdersShortMax = 1'024;
inline constexpr Duration kSweepEvery = Duration::seconds(1);
inline constexpr Duration kAskPaidAgain = Duration::seconds(5);

class Turnstile {
 public:
  struct Ports {
    Clock& clock;
    Shards& shards;
    Telemetry& telemetry;
    PaidCheck& paid;
    std::function<void(std::size_t database)> on_committed = {};
    std::function<void(const StoreId&, const IssuedWord&)> on_word = {};
    // How the rights stand after somebody wanted some; true when more may come soon.
    std::function<bool(const StoreId&, const std::vector<RightsSeen>&)> on_seen = {};
    std::function<bool(const StoreId&)> hub_is_there = {};
  };
  explicit Turnstile(Ports ports);
  Turnstile(const Turnstile&) = delete;
  Turnstile& operator=(const Turnstile&) = delete;

  using Lines = std::vector<Reservation>;
  void reserve(ReserveOrder turn, Done<Lines> done);
  // With an empty store: wherever the order is. NotFound.
  void confirm(ConfirmOrder turn, Done<Lines> done);
  // The same; an order nobody knows is remembered as cancelled, and has no lines.
  void release(ReleaseOrder turn, Done<Lines> done);
  void find(const std::string& order, Done<Lines> done);
  // This store's hub has granted something: what was short is tried again.
  void granted(const StoreId& store);
  void tick();  // the sweep, and those whose patience is over

  bool is_idle() const;
  std::size_t waiting() const;

 private:
  // An order that is short of rights, while a hub was asked for more.
  struct Short {
    ReserveOrder turn;
    Done<Lines> done;
    Duration until;
  };
  struct Due {
    Duration again_at;
    bool is_asked = false;
  };
  using TurnKept = std::shared_ptr<const Turn>;
  void put(std::size_t database, const TurnKept& turn, bool may_move, Done<TurnOutcome> done);
  // turnstile_sweep.cpp
  void sweep(std::size_t database);
  void look_into(std::vector<DueOrder> due);
  void ask_paid(const DueOrder& order);
  void heard(const DueOrder& order, const Result<Paid>& paid);
  // turnstile.cpp
  void try_reserve(ReserveOrder turn, Duration until, Done<Lines> done);
  void retry(Short waiting, bool is_last);
  void note(std::string_view step, const Result<TurnOutcome>& outcome);
  Done<TurnOutcome> answering(std::string_view step, const StoreId& store, Done<Lines> done);
  void remember(const std::string& order, const StoreId& store);
  // The store of an order: empty when there is none.
  void locate(const std::string& order, Done<StoreId> done);
  void cancel_everywhere(const ReleaseOrder& turn, Done<Lines> done);

  Ports ports_;
  std::vector<std::unique_ptr<TurnLane>> lanes_;
  std::unordered_map<std::string, StoreId> stores_;  // by order
  std::deque<std::string> remembered_;               // oldest first
  std::deque<Short> short_;
  std::map<std::pair<StoreId, std::string>, Due> due_;
  std::vector<bool> is_sweeping_;
  Duration sweep_at_;
};

}  // namespace larder::relay
