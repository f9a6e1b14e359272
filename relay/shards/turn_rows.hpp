// TurnRows: a group of turns in one transaction. Each is decided by Rights over the leases as the
// turns before it left them, and writes its own rows (order, lines, movements, log, message); what
// several of them change (leases, figures, the word to the caches) is written once, by finish().
// Life: one group, inside its transaction. Thread: the worker of the database.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "lan-protocol/json.hpp"
#include "relay/app/rights.hpp"
#include "relay/app/turns.hpp"
#include "relay/shards/lease_rows.hpp"

namespace larder::relay {

inline constexpr std::string_view kStockResultTopic = "INVENTORY_TOPIC";

class TurnRows {
 public:
  struct Place {
    unsigned bucket = 0;
    Tables* tables = nullptr;
  };
  struct House {
    HouseTables& tables;
    PoiRows& poi;
    // WrongStore when it lives elsewhere.
    std::function<Result<Place>(const StoreId&)> place;
    std::function<bool(const StoreId&)> is_frozen;
    // A word of the relay, durable with this group.
    std::function<Result<IssuedWord>(const StoreId&, Word)> say;
  };
  TurnRows(House house, TimePoint now) : house_(std::move(house)), now_(now) {}

  // An error is the database's; a refusal stands in the outcome.
  Result<TurnOutcome> take(const Turn& turn);
  Result<void> finish();

 private:
  // What the group did to one SKU of a store, for the one row of the log that tells of it.
  struct Moved {
    StockLevel before, after;
    JsonWriter orders;  // an array's elements: what each did
  };
  // What the group knows of one store.
  struct Till {
    explicit Till(TimePoint now) : rights(now) {}
    Place place;
    Rights rights;
    std::int64_t last_seq = 1;  // of a movement of the relay; 1: not looked up
    std::map<SkuId, Moved> moved;
    std::set<SkuId> sold;  // of those that are known: on the menu of now
  };
  struct KnownOrder {
    StoreId store;
    ChannelCode channel;
    bool is_cart = false;
    std::string asked;
    ReservationStatus status = ReservationStatus::Lock;
    std::string reason;
    TimePoint expires_at;
    std::string online_order;
    std::int64_t id = 0;
    Place place;
  };
  struct Line {
    Reservation shown;
    Draw draw;
  };
  using Lines = std::vector<Line>;

  // turn_rows.cpp
  Result<TurnOutcome> take(const ReserveOrder& turn);
  Result<TurnOutcome> take(const ConfirmOrder& turn);
  Result<TurnOutcome> take(const ReleaseOrder& turn);
  Result<TurnOutcome> reserve_new(const ReserveOrder& turn, Till& till);
  Result<TurnOutcome> refuse_reserve(const ReserveOrder& turn, Till& till, const Error& why);
  Result<TurnOutcome> land_cancelled(const ReserveOrder& turn, Till& till,
                                     const std::string& reason);
  Result<TurnOutcome> cancel_unseen(const ReleaseOrder& turn);
  Result<void> end(const KnownOrder& order, Till& till, const Lines& lines, ReservationStatus to,
                   const std::string& reason, const Asker& by);
  Result<std::optional<IssuedWord>> tell_hub(const std::string& order, const StoreId& store,
                                             std::string args, Till& till, const Lines& lines);

  // turn_reads.cpp
  Result<Till*> till_of(const StoreId& store);
  Result<void> learn(Till& till, const StoreId& store, const SkuId& sku);
  Result<std::optional<KnownOrder>> find_order(const StoreId& store, const std::string& number);
  Result<Lines> lines_of(const KnownOrder& order, const std::string& number);
  Result<std::optional<std::string>> cancelled_before(const StoreId& store,
                                                      const std::string& number);

  // turn_writes.cpp
  // The new order's row; its lines name it.
  Result<std::int64_t> put_order(const ReserveOrder& turn, Till& till, ReservationStatus status,
                                 const std::string& reason);
  Result<std::int64_t> next_order(Tables& tables);
  Result<void> put_line(const ReserveOrder& turn, Till& till, const Draw& draw,
                        ReservationStatus status, std::int64_t order);
  struct Cause {
    std::string_view type;  // of the movement
    std::string_view change;
    const std::string& order;
    std::string_view reason;
    const Asker& by;
  };
  Result<void> put_movement(const StoreId& store, Till& till, const DrawMovement& moved,
                            const Cause& cause);
  static void note(Till& till, const DrawMovement& moved, const Cause& cause);
  struct Told {
    std::string_view tag;
    StoreId store;
    const std::string& order;
    const ChannelCode& channel;
    std::string_view reason;
    std::string sku;  // that fell short
    const std::string& trace_id;
  };
  Result<void> tell(const Told& told, const std::vector<Demand>& items);
  Result<void> finish(const StoreId& store, Till& till);
  Result<void> put_log(const StoreId& store, Till& till, const PoiRow& poi, const Moved& moved);
  Result<void> message(const StoreId& store, std::string_view topic, std::string_view payload);

  House house_;
  TimePoint now_;
  bool has_written_ = false;  // of the turn that is being taken
  std::map<StoreId, Till> tills_;
  std::optional<bool> has_cancelled_;            // whether any order was cancelled before it came
  std::map<Tables*, std::int64_t> last_orders_;  // that this group gave, in each set of tables
  std::int64_t turn_ = 0;                        // this group's number; 0: none yet
  std::uint32_t messages_ = 0;
};

// sku=tenths,.. in order of SKU: the same for the same things asked.
std::string asked_text(const std::vector<Demand>& items);
std::string_view status_name(ReservationStatus status);
ReservationStatus reservation_status_of(std::string_view name);

}  // namespace larder::relay
