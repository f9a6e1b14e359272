// EventRows: the rows of a batch's events in the estate's tables (the projection). Life: one batch,
// inside its transaction; finish() before the commit. Every figure is taken from the event, which
// carries what is true after it: applying is setting, never adding, so that no row can drift.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/ledger/events.hpp"
#include "lan-protocol/codec.hpp"
#include "lan-protocol/envelope.hpp"
#include "relay/shards/held_orders.hpp"
#include "relay/shards/lease_rows.hpp"
#include "relay/shards/order_drafts.hpp"
#include "relay/shards/poi_rows.hpp"
#include "relay/shards/tables.hpp"

namespace larder::relay {

inline constexpr std::string_view kInventoryTopic = "inventory-cache-update-topic";
inline constexpr std::string_view kPoiTopic = "poi-item-stock-sync-topic";
inline constexpr std::string_view kProductTopic = "product-cache-update-topic";

class EventRows {
 public:
  EventRows(Tables& tables, HouseTables& house, PoiRows& poi, const StoreId& store, unsigned bucket,
            TimePoint now)
      : tables_(tables), house_(house), poi_(poi), store_(store), bucket_(bucket), now_(now) {}

  // A sentence: this version does not know the event, or cannot read it; no row was written. Or the
  // event waits behind another of its order (see hold_back): only what it says of stock is written.
  Result<std::optional<std::string>> write(Epoch epoch, Seq seq, const Record& record);
  // Stock does not wait: levels are what is true at the hub, and every screen of the estate shows
  // them. So an event that waits has its movements, levels and messages written as it comes, and
  // only its part about the order when its turn comes. `held`: of the store; outlives this.
  void hold_back(const HeldOrders::OfStore* held) { held_ = held; }

  // For an event that was set aside and is tried again, before write().
  // Its stock was written when it came, or (false) was not.
  void stock_is_told(bool is) { asked_part_ = is ? Part::Order : Part::Whole; }
  // These have moved since: their movements are written, their levels stay as later events say.
  void leave_levels(std::set<std::string> skus) { left_skus_ = std::move(skus); }
  // What a later event made of a hold whose rows have just been written again.
  Result<void> follow_hold(const StampedEvent& later);

  // What write() remembers for finish(), to be put back when its rows were taken back.
  struct Level {
    StockLevel after;
    std::int64_t changes = 0;
    TimePoint at;
  };
  using Levels = std::unordered_map<std::string, Level>;  // by SKU
  const Levels& levels() const { return levels_; }
  void put_back(Levels levels) {
    levels_ = std::move(levels);
    orders_.forget();
  }
  // The rows of the orders so far: before what they are looked up by changes, and where one event's
  // rows must fail by themselves.
  Result<void> write_orders();
  // Where a comparison comes from: the hub's event, the record of the difference, who asked.
  struct Stated {
    Epoch epoch = 0;
    Seq seq = 0;
    std::int64_t difference = 0;
    std::string by;
  };
  // event_rows_stated.cpp: the SKU is as its hub says, and was not here.
  Result<void> restate(const SkuId& sku, const StockLevel& before, const StockLevel& after,
                       const Stated& stated);
  // The orders, and the levels of stock: once per order and SKU for the whole batch.
  Result<void> finish();
  // What was granted and recalled, and what a person must hear of it.
  std::vector<LeaseNews> take_leases() { return std::exchange(leases_, {}); }
  // The highest word of HQ that the events spoke of; 0: none.
  Seq words_taken() const { return words_taken_; }

 private:
  // What a movement is about, beside its figures.
  struct Cause {
    std::string_view type;  // "order" "hold" "event"
    std::string_view id;
    std::string_view order;
    std::string_view reason;
    std::string_view by;
  };

  enum class Part { Whole, Stock, Order };

  // event_rows.cpp
  const ParkedPlace* blocker(const Event& event) const;
  Result<void> word_taken(const Json& event);
  // A person hears of which SKU what was sold is not in the hub's books.
  Result<void> settlement_refused(const std::string& word, const std::string& code,
                                  const std::string& sentence);
  // event_rows_online.cpp: an online order that its store refuses. Before its word is marked taken.
  Result<void> take_back(const std::string& word);
  Result<void> put_on_shelf(const LeaseId& id, Quantity quantity, std::uint32_t index,
                            const std::string& order);
  Result<void> put_restock(const LeaseRecord& lease, Quantity back, const SkuFigures& figures,
                           const std::string& order);
  Result<void> on(const DayOpened& event);
  Result<void> on(const OrderPlaced& event);
  Result<void> on(const OrderPaid& event);
  Result<void> on(const OrderAccepted& event) { return state(event.order, event.state, {}); }
  Result<void> on(const OrderServed& event) { return state(event.order, OrderState::Served, {}); }
  Result<void> on(const OrderCancelled& event);
  Result<void> on(const OrderVoided& event);
  Result<void> on(const TicketChanged& event) { return state(event.order, event.state, {}); }
  Result<void> on(const OrderDiscounted& event) { return total(event.order, event.total); }
  Result<void> on(const OrderLineVoided& event);
  // Epochs, devices, people, closings: nobody reads rows of them here. An event that says something
  // of an order, of holds or of stock has rows, and does not compile without them.
  template <typename Other>
  Result<void> on(const Other&) {
    constexpr bool has_rows = requires(const Other& o) { o.order; }
    || requires(const Other& o) { o.movements; }
    || requires(const Other& o) { o.movement; }
    || requires(const Other& o) { o.hold; };
    static_assert(!has_rows, "write the rows of this event");
    return {};
  }
  Result<void> total(const OrderId& order, Money total);
  Result<void> state(const OrderId& order, OrderState state, std::string_view reason);
  sql::Statement& keyed(sql::Statement& statement);
  Result<void> message(std::string_view topic, std::uint32_t index, std::string_view payload);
  // `key`: unique per message.
  Result<void> put_message(std::string_view topic, std::string_view key, std::string_view payload);
  Result<std::int64_t> next_own_number();
  Result<void> put_compensation(const SkuId& sku, const StockLevel& before, const StockLevel& after,
                                const Stated& stated);

  // event_rows_stock.cpp
  Result<void> on(const StockChanged& event);
  Result<void> on(const HoldLocked& event);
  Result<void> on(const HoldMoved& event);
  Result<void> on(const HoldConfirmed& event);
  Result<void> on(const HoldReleased& event);
  Result<void> move(const std::vector<Movement>& movements, const Cause& cause);
  Result<void> move(const Movement& movement, const Cause& cause);
  Result<void> lock_rows(const Hold& hold);
  Result<void> end_hold(const HoldId& hold, const OrderId& order, std::string_view status);
  Result<void> shrink_hold(const OrderLineVoided& event);
  std::string reservation_of(const HoldId& hold, const OrderId& order) const;
  Result<void> put_level(const SkuId& sku, const Level& level);
  Result<void> put_movement(const Movement& movement, const Cause& cause);

  // event_rows_leases.cpp
  Result<void> on(const LeaseGranted& event);
  Result<void> on(const LeaseSettled& event);
  Result<void> on(const LeaseRecalled& event);
  Result<void> on(const StockOversold& event);
  Result<void> on(const OversellResolved& event);
  Result<void> take_grant(const LeaseGranted& event);
  Result<void> show_grant(const LeaseGranted& event);
  Result<void> put_accounts(const SkuId& sku, const PoiRow& row, const StockLevel& level);
  void alarm(std::string sentence);

  // event_rows_menu.cpp
  Result<void> on(const MenuImported& event);
  Result<void> put_whole(const Menu& menu);
  Result<void> put_item(const Menu& menu, const Item& item);
  Result<void> retire(std::int64_t version);

  Tables& tables_;
  HouseTables& house_;
  PoiRows& poi_;
  const StoreId& store_;
  unsigned bucket_;
  TimePoint now_;

  Epoch epoch_ = 0;
  Seq seq_ = 0;
  StampedEvent stamped_;
  std::uint32_t line_ = 0;                     // of movements within the event
  const HeldOrders::OfStore* held_ = nullptr;  // null: nothing of the store is set aside
  Part asked_part_ = Part::Whole, part_ = Part::Whole;
  std::set<std::string> left_skus_;
  Levels levels_;
  OrderDrafts orders_;
  std::vector<LeaseNews> leases_;
  Seq words_taken_ = 0;
};

// 2 when nothing of it can be sold, whoever or whatever says so.
int poi_status(const StockLevel& level);
int poi_type(const StockLevel& level);
// What can be sold anywhere: of a level of the hub, and of what the relay's leases have of it.
StockLevel whole_level(const StockLevel& hubs, const PoiRow& row);
// 1 when it comes back by itself, 2 never.
int poi_restore(const StockLevel& level);

}  // namespace larder::relay
