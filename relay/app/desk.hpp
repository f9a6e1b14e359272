// Desk: everything that the relay's HTTP side asks of it. Life: from start to shutdown. Thread: the
// loop. `done` is called exactly once, on the loop, perhaps before the function returns, and at the
// latest after kDeskPatience: then Unavailable, as when the store's database is broken or its queue
// is full (Busy). A route turns these into 503 with Retry-After and never hangs.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "lan-protocol/uplink.hpp"
#include "relay/app/oversells.hpp"
#include "relay/app/parked.hpp"
#include "relay/app/reconciliation.hpp"
#include "relay/app/replay.hpp"
#include "relay/app/shop.hpp"
#include "relay/app/turns.hpp"
#include "relay/app/view.hpp"

namespace larder::relay {

template <typename T>
using Done = std::function<void(Result<T>)>;

// Below the 5 s after which the HTTP side answers by itself.
inline constexpr Duration kDeskPatience{4'000'000};

// The books of one business day, as both sides have them.
struct Statement {
  StoreId store;
  BusinessDay day;
  DayBooks relay;                        // durable here
  std::optional<DayBooks> hub;           // none: the hub gave no answer
  bool is_equal = false;                 // both are there, the same, and our own copy is sound
  std::optional<Seq> first_bad;          // the first event that differs, when one could be named
  std::vector<std::string> differences;  // sentences, each names its event; empty when equal
};

struct OutboxView {
  std::uint64_t waiting = 0, dead = 0;
  std::optional<TimePoint> oldest;  // of those that wait
};

class Desk {
 public:
  virtual ~Desk() = default;

  // From memory, at once. In order of id, at most `limit` (and never more than 1,000).
  virtual std::vector<StoreView> stores(const StoresQuery& query) = 0;
  virtual std::optional<StoreView> store(const StoreId& store) = 0;
  virtual EstateView estate() = 0;
  virtual Health health() = 0;
  virtual std::string metrics() = 0;  // Prometheus text 0.0.4

  // A store that never sent anything has no rows: an empty list, not an error.
  virtual void stock(const StoreId& store, Done<std::vector<StockRecord>> done) = 0;
  virtual void stock_of(const StoreId& store, const SkuId& sku,
                        Done<std::optional<StockRecord>> done) = 0;
  // Over all databases, in order of store, at most `limit`.
  virtual void stock_of_sku(const SkuId& sku, std::size_t limit,
                            Done<std::vector<StockRecord>> done) = 0;
  virtual void last_orders(const StoreId& store, std::size_t limit,
                           Done<std::vector<OrderRecord>> done) = 0;
  virtual void last_words(const StoreId& store, std::size_t limit,
                          Done<std::vector<IssuedWord>> done) = 0;

  // HQ's word to a store: `done` when it is durable here and on its way. The same id again gives
  // the word that was issued before, with its outcome once there is one; with other contents
  // KeyReuse.
  virtual void issue(const NewWord& word, Done<IssuedWord> done) = 0;
  // `done` when the hub's own event about the word is durable here (applied_at and outcome are
  // set), or after `patience` (at most a minute) with the word as it then is (applied_at is not
  // set). NotFound: there is no such word.
  virtual void await_word(const StoreId& store, Seq number, Duration patience,
                          Done<IssuedWord> done) = 0;

  // Asks the hub as well and compares; a hub that is away or silent is left out after
  // kDeskPatience. Naming an event takes a question to the hub per 500 events of the day: `done`
  // at the latest after 20 s.
  virtual void statement(const StoreId& store, BusinessDay day, Done<Statement> done) = 0;
  // A person has looked at a frozen stream: it goes on. The page and the journal show who.
  virtual void unfreeze(const StoreId& store, const std::string& by, Done<void> done) = 0;

  // HQ lets a new machine take the store over: whoever shows `code` gets its events, and the hub
  // that keeps it now is fenced off. NotFound: no such store.
  virtual void permit_takeover(const StoreId& store, const std::string& code, const std::string& by,
                               Done<void> done) = 0;

  // The relay's own stock: see Turnstile. An order is found by its number alone; an empty list:
  // nobody knows it.
  virtual void reserve(const ReserveOrder& turn, Done<std::vector<Reservation>> done) = 0;
  virtual void confirm(const ConfirmOrder& turn, Done<std::vector<Reservation>> done) = 0;
  virtual void release(const ReleaseOrder& turn, Done<std::vector<Reservation>> done) = 0;
  virtual void reservations(const std::string& order, Done<std::vector<Reservation>> done) = 0;
  virtual void rebuild(const StoreId& store, const SkuId& sku, Done<void> done) = 0;

  // What the storefront sells: see ShopStore.
  virtual void shop(const StoreId& store, const ChannelCode& channel, Done<ShopState> done) = 0;
  virtual void shop_menu(const StoreId& store, Done<std::optional<std::string>> done) = 0;
  virtual void shop_order(const StoreId& store, const std::string& order,
                          Done<std::optional<ShopOrder>> done) = 0;

  virtual void sync_from_pos(const PoiStock& stock, Done<PoiStock> done) = 0;
  // What a POS of another make did while it was away: see replay.hpp.
  virtual void replay(const OfflineBatch& batch, Done<Replayed> done) = 0;
  // Events that were set aside: see parked.hpp.
  virtual void parked(const StoreId& store, Done<std::vector<ParkedEvent>> done) = 0;
  virtual void repair_parked(const ParkedRepair& repair, Done<RepairOutcome> done) = 0;
  // Compares the stock of a store with its hub, SKU by SKU, and repairs what differs: see
  // reconciliation.hpp. `done` at the latest after kReconcilePatience; a hub that is away or silent
  // is no error, the answer says so in `unanswered`.
  virtual void reconcile(const StoreId& store, const std::string& by,
                         Done<Reconciliation> done) = 0;
  // What was ever found, the newest first, at most kDifferencesShownMax.
  virtual void differences(const StoreId& store, Done<std::vector<StockDifference>> done) = 0;
  // Over all databases: see oversells.hpp.
  virtual void oversells(const OversellQuery& query, Done<std::vector<OversellEntry>> done) = 0;
  virtual void oversell(const StoreId& store, std::int64_t id,
                        Done<std::optional<OversellEntry>> done) = 0;
  virtual void resolve_oversell(const StoreId& store, std::int64_t id,
                                const std::string& resolution, const std::string& by,
                                Done<OversellEntry> done) = 0;
  virtual void find_to_pos(const StoreId& poi, std::optional<TimePoint> changed_since,
                           Done<std::vector<PoiStock>> done) = 0;

  // Over all databases.
  virtual void outbox(Done<OutboxView> done) = 0;
  virtual void outbox_dead(std::size_t limit, Done<std::vector<OutboxRow>> done) = 0;
  virtual void outbox_resend(std::size_t database, std::int64_t id, Done<bool> done) = 0;
};

}  // namespace larder::relay
