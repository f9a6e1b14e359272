// HeldOrders: the orders of which an event is set aside, each with the first such event: what later
// changes such an order waits behind it. Read from the rows when a store's batch first needs it,
// then kept up to date. Life: as the database; forgotten when a transaction is taken back.
// Thread: the worker of the database. Limits: what is set aside; a store with nothing set aside is
// not asked for.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/ledger/events.hpp"
#include "relay/app/parked.hpp"
#include "relay/shards/tables.hpp"

namespace larder::relay {

// The order whose row the event changes, once that is there; empty: none.
std::string changed_order(const Event& event);
// The order whose row an event makes or changes. Of one that cannot be read: the order that its
// body names; empty: none.
std::string order_of_event(std::string_view data);

// "event 5 of epoch 1".
std::string name_of(const ParkedPlace& place);
// How the reason of an event begins that is not to blame itself.
inline constexpr std::string_view kWaitsBehind = "waits behind ";
std::string waits_behind(const ParkedPlace& first);

class HeldOrders {
 public:
  using OfStore = std::unordered_map<std::string, ParkedPlace>;  // by order
  // What an event that no later epoch has lost holds back. Stays where it is until forgotten.
  Result<const OfStore*> of(StreamTables& tables, unsigned bucket, const StoreId& store);
  // One more event of this order is set aside; the first one counts.
  void add(const StoreId& store, const std::string& order, const ParkedPlace& place);
  void forget(const StoreId& store) { stores_.erase(store); }
  void forget() { stores_.clear(); }

 private:
  std::unordered_map<StoreId, OfStore> stores_;
};

// The events set aside of one order, or (empty) of all, as far as no later epoch has lost them; in
// order of their number.
struct HeldEvent {
  ParkedPlace place;
  std::string order;
};
Result<std::vector<HeldEvent>> held_events(StreamTables& tables, unsigned bucket,
                                           const StoreId& store, const std::string& order);

}  // namespace larder::relay
