// The ports of the relay: what its rules need from the world. Adapters live in the sister rooms,
// fakes in tests/support. Threads: everything is called on the loop thread, but for ShardStore,
// which is called by the one worker thread of its database (Shards puts the jobs there).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/quantity.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"
#include "core/stock/level.hpp"
#include "lan-protocol/envelope.hpp"
#include "lan-protocol/uplink.hpp"
#include "relay/app/rescue_record.hpp"

namespace larder::relay {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual TimePoint now() = 0;    // wall
  virtual Duration steady() = 0;  // since start, by a clock that nobody sets
};

// ---------------------------------------------------------------------------------------------
// Stores and their streams

// How far a store's stream is kept here, and how far HQ's words have got there.
struct StreamMark {
  StoreId store;
  HubId hub;
  Epoch epoch = 0;
  Seq up_to = 0;  // gap-free, durable
  Sha256 hash{};  // chain at up_to
  bool is_frozen = false;
  std::string frozen_reason;
  Seq words_issued = 0;      // last number given to a word of HQ
  Seq words_applied = 0;     // by an event of the hub, so it is durable on both sides
  TimePoint last_event_at;   // the hub's time of the event at up_to
  TimePoint last_commit_at;  // ours
  std::uint64_t parked = 0;  // events that are set aside, kept raw
};

// What came in one envelope.
struct StoreBatch {
  StoreId store;
  HubId hub;
  Envelope envelope;
};

enum class BatchFate {
  Applied,     // all of it, or its suffix after the mark
  Duplicate,   // nothing new, and the same bytes as before
  Gap,         // begins after the mark + 1: nothing taken
  StaleEpoch,  // a later epoch is known
  Forked,  // other bytes under a number that is known, or a chain that does not hold: frozen now
  Frozen,  // was frozen before
  Moved,   // the store lives in another database by now: ask there; `mark` says nothing
};
// What a batch said of the relay's leases.
struct LeaseNews {
  SkuId sku;
  ChannelCode channel;
  bool is_granted = false;  // else: something is to be given back
  std::string alarm = {};   // a sentence for a person
};
struct BatchOutcome {
  BatchFate fate = BatchFate::Applied;
  StreamMark mark;     // after
  std::string reason;  // a sentence, when it was not taken
  std::vector<LeaseNews> leases = {};
};

// ---------------------------------------------------------------------------------------------
// What the shards hold, read by the API and HQ's pages

// One SKU of one store (`inventory`, `poi_item_stock`).
struct StockRecord {
  StoreId store;
  SkuId sku;
  std::string name;  // from the store's menu, empty when it is not there
  StockLevel level;  // of the hub, as its last event says
  // What the relay's leases can still sell of it, and hold for orders of its own channels.
  Quantity relay_available = {}, relay_held = {};
  std::uint64_t version = 0;
  TimePoint updated_at;
  // The last event of the hub that these figures count in, and the hub's time of it.
  Seq as_of = 0;
  TimePoint as_of_at = {};
};

struct OrderRecord {
  StoreId store;
  OrderId order;
  BusinessDay day;
  std::uint32_t number = 0;
  std::string channel, service, state;  // wire names
  std::int64_t total_minor = 0;
  std::string currency;
  TimePoint placed_at, updated_at;
};

// A change that HQ asks for: goes down as a word, is logged, and leaves through the outbox, all in
// one transaction. The rows of stock change when the hub's own event comes back.
struct NewWord {
  StoreId store;
  Word word;
  // What HQ asked for, when the relay filled in more than that; empty: the word's args. The same
  // of it under the same id is the same word again.
  std::string asked = {};
};
struct IssuedWord {
  Seq number = 0;
  Word word;
  TimePoint issued_at;
  std::optional<TimePoint> applied_at;  // when the hub's event about it was committed here
  std::string outcome;                  // "ok" or the refusal's code, once applied
  std::string message;                  // the refusal's sentence
};

// `poi_item_stock` and its channels, as the estate's routes speak of it.
struct PoiChannel {
  std::string channel_code;
  int stock_status = 1;  // 1 available, 2 sold out
  int stock_type = 1;    // 1 unlimited, 2 shared limited
  std::optional<Quantity> quota;
  std::optional<std::int64_t> weight;
  Quantity sold = {};  // drawn from the quota
};
struct PoiStock {
  std::string brand_id;
  StoreId poi;
  int object_type = 2;  // 1 SPU, 2 SKU
  std::string object_id;
  int stock_status = 1;
  int stock_type = 1;
  Quantity plan_quantity, real_quantity;
  int auto_restore_type = 2;
  std::optional<TimePoint> auto_restore_at;
  std::optional<TimePoint>
      based_on;  // updated_at that the writer saw; none: it writes whatever is there
  TimePoint updated_at;
  std::vector<PoiChannel> channels;
};

struct OutboxRow {
  std::size_t database = 0;
  std::int64_t id = 0;
  std::string type;     // the topic
  std::string biz_key;  // unique per message
  StoreId store;        // order is kept per store
  std::string payload;
  std::string status;  // INIT, DONE, DEAD
  int retry_count = 0;
  TimePoint next_retry_at;
  TimePoint created_at;
};

// ---------------------------------------------------------------------------------------------
// Storage

class RightsStore;     // relay/app/turns.hpp
class ReplayStore;     // relay/app/replay.hpp
class OversellStore;   // relay/app/oversells.hpp
class ParkedStore;     // relay/app/parked.hpp
class ReconcileStore;  // relay/app/reconciliation.hpp
class ShopStore;       // relay/app/shop.hpp

// An event of a store's own line, as its hub sent it.
struct KeptEvent {
  Seq seq = 0;
  Epoch epoch = 0;
  Sha256 hash{};  // zeros: this relay did not see what came before
  std::string data;
};

// The rows of all stores, in one or more databases; a store lives in one of them. Every function is
// one transaction or one read. StorageFault, StorageFull, Busy (try again), NotFound; WrongStore
// ("moved: ...") when the store does not live in the database that is asked (case 78).
class ShardStore {
 public:
  virtual ~ShardStore() = default;
  virtual std::size_t databases() const = 0;
  virtual std::size_t database_of(const StoreId& store) const = 0;

  // A group: batches of any stores of this database, in order; one fsync. One outcome per batch.
  virtual Result<std::vector<BatchOutcome>> apply(std::size_t database,
                                                  std::span<const StoreBatch> group,
                                                  TimePoint now) = 0;
  virtual Result<std::vector<StreamMark>> marks(std::size_t database) = 0;
  virtual Result<std::optional<StreamMark>> mark(const StoreId& store) = 0;
  // A person has looked: the stream goes on from its mark, or from the hub's new epoch.
  virtual Result<void> unfreeze(const StoreId& store, const std::string& by, TimePoint now) = 0;
  // Nothing more is taken of this store until a person has looked. NotFound: never heard of it.
  virtual Result<void> freeze(const StoreId& store, const std::string& reason, TimePoint now) = 0;
  // The store's own line behind `after`, in order, from at most `limit` numbers: without what a
  // later epoch has replaced.
  virtual Result<std::vector<KeptEvent>> line(const StoreId& store, Seq after,
                                              std::size_t limit) = 0;

  // What is kept of hubs in recovery. promise() is durable before it answers: the epoch above which
  // this run of a hub may begin; no other run is ever told the same. keep_rescue() leaves promises
  // as they are.
  virtual Result<std::vector<RescueRecord>> rescues(std::size_t database) = 0;
  virtual Result<Epoch> promise(const StoreId& store, const HubId& hub,
                                const std::string& boot) = 0;
  virtual Result<void> keep_rescue(const RescueRecord& record) = 0;

  // HQ's words. The same word id again gives the word issued before; with other contents KeyReuse.
  virtual Result<IssuedWord> issue(const NewWord& word, TimePoint now) = 0;
  virtual Result<std::vector<IssuedWord>> words_after(const StoreId& store, Seq after,
                                                      std::size_t limit) = 0;
  virtual Result<std::vector<IssuedWord>> last_words(const StoreId& store, std::size_t limit) = 0;

  // Reads.
  virtual Result<std::vector<StockRecord>> stock(const StoreId& store) = 0;
  virtual Result<std::optional<StockRecord>> stock_of(const StoreId& store, const SkuId& sku) = 0;
  virtual Result<std::vector<StockRecord>> stock_of_sku(std::size_t database, const SkuId& sku,
                                                        std::size_t limit) = 0;
  virtual Result<std::vector<OrderRecord>> last_orders(const StoreId& store, std::size_t limit) = 0;
  virtual Result<DayBooks> day_books(const StoreId& store, BusinessDay day) = 0;
  // 16 hex digits per number from..to, empty where there is no event.
  virtual Result<std::vector<std::string>> event_hashes(const StoreId& store, Seq from, Seq to) = 0;
  // What is wrong with this side's own copy of a day, one sentence each, naming the event: a chain
  // that does not hold, a number missing, an order or movement without its event or twice.
  virtual Result<std::vector<std::string>> audit_day(const StoreId& store, BusinessDay day) = 0;

  // The estate's stock rows. sync: BadState when `based_on` is not the stored time (409).
  virtual Result<PoiStock> sync_from_pos(const PoiStock& stock, TimePoint now) = 0;
  virtual Result<std::vector<PoiStock>> find_to_pos(const StoreId& poi,
                                                    std::optional<TimePoint> changed_since) = 0;
  // SKUs at or under their warning threshold.
  virtual Result<std::uint64_t> low_stock(std::size_t database) = 0;

  // The outbox of one database: rows with status INIT in order of id, whatever their time, so that
  // who sends them knows what must wait behind a row that failed. waiting(): with an id > `after`,
  // over all of the database. waiting_of(): the oldest of one store in this
  // database (it may have moved since they were written), by an index over (store, id).
  virtual Result<std::vector<OutboxRow>> outbox_waiting(std::size_t database, std::int64_t after,
                                                        std::size_t limit) = 0;
  virtual Result<std::vector<OutboxRow>> outbox_waiting_of(std::size_t database,
                                                           const StoreId& store,
                                                           std::size_t limit) = 0;
  // done(), failed(): rows that are not INIT stay as they are (another worker was faster).
  virtual Result<void> outbox_done(std::size_t database, std::span<const std::int64_t> ids) = 0;
  virtual Result<void> outbox_failed(std::size_t database, std::int64_t id, int retry_count,
                                     std::optional<TimePoint> again) = 0;  // none: DEAD
  virtual Result<std::vector<OutboxRow>> outbox_dead(std::size_t database, std::size_t limit) = 0;
  virtual Result<bool> outbox_resend(std::size_t database, std::int64_t id, TimePoint now) = 0;
  struct OutboxFigures {
    std::uint64_t waiting = 0, dead = 0;
    std::optional<TimePoint> oldest;
  };
  virtual Result<OutboxFigures> outbox_figures(std::size_t database) = 0;

  // The turnstile's rows of the database that a job runs on; null where there are none.
  virtual RightsStore* rights() { return nullptr; }
  // The rows of what tills of other makes replay; null where there are none.
  virtual ReplayStore* replays() { return nullptr; }
  virtual OversellStore* oversell_rows() { return nullptr; }
  virtual ParkedStore* parked_rows() { return nullptr; }
  // What comparisons with the hubs found; null where nothing is kept of it.
  virtual ReconcileStore* reconcile_rows() { return nullptr; }
  // What the storefront asks of that database.
  virtual ShopStore* shop_rows() { return nullptr; }
};

// Runs on the worker of a database; what it returns runs on the loop.
using ShardJob = std::function<std::function<void()>(ShardStore&)>;

// Puts jobs on the worker thread of a database and brings their ends back to the loop, in order.
// A job sees the database it runs on and no other.
class Shards {
 public:
  virtual ~Shards() = default;
  virtual std::size_t databases() const = 0;
  virtual std::size_t database_of(const StoreId& store) const = 0;
  // `job` runs on the worker; what it returns runs on the loop. A database whose queue is full, or
  // that is broken, refuses at once: Busy or StorageFault.
  virtual Result<void> run(std::size_t database, ShardJob job) = 0;
  // The same where the store lives; should it have moved while the job waited, the job is taken
  // there, once.
  virtual Result<void> run_for(const StoreId& store, ShardJob job) {
    return run(database_of(store), std::move(job));
  }
  virtual std::size_t waiting(std::size_t database) const = 0;
};

// ---------------------------------------------------------------------------------------------
// The stores' side: MQTT

class InletListener {
 public:
  virtual ~InletListener() = default;
  virtual void inlet_up() = 0;                          // subscribed to everything it should
  virtual void inlet_down(const std::string& why) = 0;  // it tries again by itself
  // One message, as it came; its topic is one of ours.
  virtual void received(const TopicPlace& place, std::string payload) = 0;
  // Something on the wire that was dropped before: counted by this reason.
  virtual void dropped(std::string_view reason) = 0;
};

class Inlet {
 public:
  virtual ~Inlet() = default;
  virtual bool is_up() const = 0;
  // Fire and forget; while down it does nothing. Ack and WordsAck are QoS 0, the rest QoS 1.
  virtual void send(const StoreId& store, UplinkTopic topic, std::string payload) = 0;
};

// ---------------------------------------------------------------------------------------------
// The estate's side: the bus

struct Message {
  std::string topic;
  std::string key;    // biz_key: unique per message
  std::string group;  // order is kept within it (the store)
  std::string body;
};

class Bus {
 public:
  virtual ~Bus() = default;
  // `done` is called once, on the loop, never inside send(): ok when the message is durable at the
  // bus. Unavailable: the bus itself is away, the message is not to blame.
  virtual void send(const Message& message, std::function<void(Result<void>)> done) = 0;
};

// ---------------------------------------------------------------------------------------------

class Telemetry {
 public:
  virtual ~Telemetry() = default;
  virtual void batch(const StoreId& store, BatchFate fate, std::size_t events) = 0;
  virtual void group(std::size_t database, std::size_t batches, std::size_t events,
                     Duration commit) = 0;
  virtual void dropped(std::string_view reason) = 0;  // bytes from a store that cannot be read
  // One answered request: the route as the table of routes names it, the code of the envelope.
  virtual void request(std::string_view route, std::string_view code, Duration took) = 0;
  // One turn at the turnstile (reserve, confirm, release, expire) and its outcome: ok, again, or a
  // code.
  virtual void turn(std::string_view, std::string_view) {}
  // A store's stock was held against its hub's: equal, repaired, open (something is left to a
  // person) or unanswered.
  virtual void reconciled(std::string_view, std::uint64_t /*differences*/) {}
  // A job of this database failed.
  virtual void shard_error(std::size_t database) = 0;
  virtual void note(std::string_view sentence) = 0;
  virtual void warn(std::string_view sentence) = 0;
  // A person must look now.
  virtual void alarm(std::string_view sentence) = 0;
};

}  // namespace larder::relay
