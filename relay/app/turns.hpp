// Turns: what the channels of the relay ask of its stock (reserve, confirm, release), and what came
// of it. Values; who decides is Rights, who keeps the rows a RightsStore, who lets them through in
// groups the Turnstile.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/quantity.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"
#include "core/stock/level.hpp"
#include "relay/app/ports.hpp"

namespace larder::relay {

inline constexpr std::size_t kTurnItemsMax = 100;  // SKUs of one order
inline constexpr Duration kReservationLife = Duration::minutes(30);
// A paid order that its store has not heard of by then is refused there: nobody waits any more.
inline constexpr Duration kOnlineOrderLife = Duration::minutes(2 * 60);
inline constexpr Duration kReservationLifeMin = Duration::seconds(1);
inline constexpr Duration kReservationLifeMax = Duration::minutes(24 * 60);

// LOCK ends once: OUT when it is paid, UNLOCK when it is cancelled or runs out.
enum class ReservationStatus { Lock, Out, Unlock };

// One SKU of an order at the turnstile.
struct Reservation {
  StoreId store;
  std::string order;  // the estate's number
  ChannelCode channel;
  SkuId sku;
  Quantity quantity;
  ReservationStatus status = ReservationStatus::Lock;
  std::string reason;  // why it was released
  TimePoint expires_at;
  std::uint64_t version = 1;
};

// Who asks, for the movement rows.
struct Asker {
  std::string name;
  std::string trace_id;
};

struct ReserveOrder {
  StoreId store;
  std::string order;
  ChannelCode channel;
  bool is_cart = false;
  std::vector<Demand> items;  // lines of the same SKU are summed by whoever makes this
  Duration life = kReservationLife;
  Asker by;
  // The arguments of the word online.order without its draws, a JSON object, of an order that its
  // store hears of when it is confirmed; part of its contents. Empty: it never does.
  std::string online_order = {};
  // A refusal for want of rights is told to the estate. Not when more may come and it is tried
  // again.
  bool tells_refusal = true;
};
struct ConfirmOrder {
  StoreId store;
  std::string order;
  Asker by;
  // Its payment is known although its time is over: the sweep asked.
  bool is_known_paid = false;
  // As in ReserveOrder; what was said there holds. The word goes down to the hub in the same
  // transaction and tells what was drawn, so that no settlement does.
  std::string online_order;
};
struct ReleaseOrder {
  StoreId store;  // empty: of an order that nobody has seen; it is remembered as cancelled
  std::string order;
  std::string reason;
  Asker by;
  bool only_expired = false;  // the sweep: nothing when its time is not over
};
using Turn = std::variant<ReserveOrder, ConfirmOrder, ReleaseOrder>;

// How the rights to one limited SKU stand for the channel that asked.
struct RightsSeen {
  SkuId sku;
  ChannelCode ask_channel;  // the account to ask for more: the channel's own, or empty (the pool)
  Quantity idle;            // what this channel could draw now
  Quantity wanted;          // what was asked for, sold or refused
  bool is_refused = false;
};

struct TurnOutcome {
  // The order's lines, in order of SKU.
  Result<std::vector<Reservation>> lines;
  bool is_again = false;           // it was so before, nothing changed
  std::vector<RightsSeen> seen;    // of a reserve
  std::optional<IssuedWord> word;  // that this turn gave to the hub
};

// A word of the relay itself that was made durable with the rows it tells of.
struct StoreWord {
  StoreId store;
  IssuedWord word;
};

// An order whose time is over, not ended yet.
struct DueOrder {
  StoreId store;
  std::string order;
  ChannelCode channel;
  TimePoint expires_at;
};

enum class LeaseState { Open, Recalled, Expired, Closed };
struct LeaseRecord {
  StoreId store;
  Epoch epoch = 0;
  LeaseId lease;
  SkuId sku;
  ChannelCode channel;  // empty: the relay's pool
  Quantity granted, sold, told_sold, returned, held, keep;
  LeaseState state = LeaseState::Open;
  TimePoint expires_at;
  Quantity idle() const {
    return Quantity::tenths(granted.in_tenths() - sold.in_tenths() - held.in_tenths() -
                            returned.in_tenths());
  }
};

// What the relay holds of the hubs' rights and nobody has asked for: stranded, should a shop refuse
// what is sitting here.
struct IdleRights {
  std::int64_t tenths = 0;          // over all stores and SKUs
  std::uint64_t leases = 0;         // that have some
  std::optional<TimePoint> oldest;  // the longest that one of them has not changed
};

// The rows of the turnstile and of the leases in one database. As ShardStore: each function is one
// transaction or one read, on the database's worker.
class RightsStore {
 public:
  virtual ~RightsStore() = default;
  // A group, in order, one fsync; one outcome per turn. A refusal changes nothing but is decided
  // after what stands before it. An error: nothing of the group is kept; BadState when one turn's
  // rows contradict what is there, and each should be tried alone.
  virtual Result<std::vector<TurnOutcome>> take_turns(std::span<const Turn> group,
                                                      TimePoint now) = 0;
  // Of any store of this database; empty: nobody has seen it here.
  virtual Result<std::vector<Reservation>> reservations_of(const std::string& order) = 0;
  virtual Result<std::vector<DueOrder>> due_orders(TimePoint now, std::size_t limit) = 0;
  // Tells the hubs, in words that are durable with the rows, what was sold, what leases that were
  // recalled or have run out give back, and which are over. At most `limit` words.
  virtual Result<std::vector<StoreWord>> settle_leases(TimePoint now, std::size_t limit) = 0;
  // Gives back `quantity` of a lease's idle units, as far as it still has them.
  virtual Result<std::vector<StoreWord>> return_idle(const StoreId& store, const SkuId& sku,
                                                     const ChannelCode& channel, Quantity quantity,
                                                     TimePoint now) = 0;
  virtual Result<std::vector<LeaseRecord>> leases_of(const StoreId& store) = 0;
  virtual Result<IdleRights> idle_rights() = 0;
  // Of an order that a hub of ours has taken under the estate's number; none: it knows no such.
  virtual Result<std::optional<bool>> is_paid(const StoreId& store, const std::string& order) = 0;
  // Takes the figures of a SKU from its leases anew, and tells the caches. NotFound.
  virtual Result<void> rebuild(const StoreId& store, const SkuId& sku, TimePoint now) = 0;
};

}  // namespace larder::relay
