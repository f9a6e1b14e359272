// Relay: the rules of the cloud's side. What the stores send goes through memory checks into the
// bounded queue of its database, is committed in groups over many stores, and is acknowledged after
// the commit, never before. A hub sends again from the mark whatever is not acknowledged, so that
// everything here may be dropped at any moment but what is durable.
// Life: from main() to the end of the shards' threads, which call back into it. Thread: the loop.
// Limits: RelaySettings; nothing here grows with what a store sends.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "relay/app/admission.hpp"
#include "relay/app/books.hpp"
#include "relay/app/ingest.hpp"
#include "relay/app/reconciler.hpp"
#include "relay/app/rescues.hpp"
#include "relay/app/words.hpp"

namespace larder::relay {

struct RelayPorts {
  Clock& clock;
  Shards& shards;
  Inlet& inlet;
  Telemetry& telemetry;
  // A group was committed to this database: what it left in the outbox may go.
  std::function<void(std::size_t database)> on_committed = {};
  // What a hub's events said of the relay's leases.
  std::function<void(const StoreId&, const std::vector<LeaseNews>&)> on_leases = {};
};

class Relay final : public InletListener {
 public:
  Relay(RelaySettings settings, RelayPorts ports);
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  // Loads the marks of every database, and again until it has them; until then what its stores
  // send is dropped. `loaded` is called once, when all are there.
  void start(std::function<void()> loaded);
  // Nothing more is taken; `done` when what was being committed is acknowledged, or at once.
  void stop(std::function<void()> done);
  void tick();  // every kAckEvery

  // InletListener
  void inlet_up() override;
  void inlet_down(const std::string& why) override;
  void received(const TopicPlace& place, std::string payload) override;
  void dropped(std::string_view reason) override;

  Words& words() { return words_; }
  Books& books() { return books_; }
  Reconciler& reconciler() { return reconciler_; }
  Rescues& rescues() { return rescues_; }
  // A person has looked at a frozen store: what made it freeze is not asked about again.
  void unfrozen(const StoreId& store);
  Streams& streams() { return streams_; }
  const Streams& streams() const { return streams_; }
  std::vector<StoreView> worst(std::size_t limit) const;  // furthest behind first
  Health health() const;
  std::size_t queued() const;  // batches, over all databases
  std::size_t draining() const { return admission_.admitted(); }
  // After an unfreeze, or a move: the mark as the database has it now.
  void reload(const StoreId& store);

 private:
  void load(std::size_t database);
  void adopt(StoreStream& stream, const StreamMark& mark);
  bool is_loaded(std::size_t database) const { return loaded_[database]; }
  StoreStream* stream_of(const StoreId& store, bool make);
  void note_live(StoreStream& stream, bool is_live);

  void on_hello(const TopicPlace& place, const std::string& payload);
  void greet(StoreStream& stream, const Hello& hello);
  void watch_takeover(StoreStream& stream, const Hello& hello);
  bool is_another_machine(StoreStream& stream, const Hello& hello);
  bool is_stranger(StoreStream& stream, const Hello& hello);
  void freeze(StoreStream& stream, const std::string& reason);
  void watch_history(const StoreStream& stream, const Hello& hello);
  void on_presence(const StoreId& store, const std::string& payload);

  enum class Verdict { Take, Known, Duplicate, Gap, Stale, Unknown, Closed, TooMuch };
  void on_batch(StoreStream& stream, const std::string& payload);
  Verdict judge(const StoreStream& stream, const Envelope& envelope) const;
  void take(StoreStream& stream, Envelope envelope, std::size_t bytes);
  void note_pace(StoreStream& stream, const Envelope& envelope);
  void on_outcome(StoreStream& stream, const StoreBatch& batch, const BatchOutcome& outcome);
  void on_poison(StoreStream& stream, const StoreBatch& batch, const Error& error);
  void settle(StoreStream& stream, const StoreBatch& batch, const BatchOutcome& outcome);

  void ack_soon(StoreStream& stream);
  void ack_at_once(StoreStream& stream);  // but not more often than every kAckEvery
  void send_ack(StoreStream& stream, Ack::State state, std::string reason, HubId keeper = {});
  void send_ack(StoreStream& stream);
  void tell_taken_over(StoreStream& stream);
  void tell_later_epoch(StoreStream& stream, const Hello& hello);
  void wake_paused();
  void end_if_idle();

  RelaySettings settings_;
  RelayPorts ports_;
  Streams streams_;
  Words words_;
  Books books_;
  Reconciler reconciler_;
  Rescues rescues_;
  Admission admission_;
  std::vector<std::unique_ptr<Ingest>> ingests_;
  std::vector<bool> loaded_;
  std::vector<std::string> load_why_;
  std::vector<Duration> load_again_at_;
  std::vector<bool> is_loading_;
  std::function<void()> on_loaded_;
  std::vector<StoreStream*> dirty_;
  bool inlet_is_up_ = false;
  std::string inlet_why_ = "not connected yet";
  bool is_stopping_ = false;
  std::function<void()> on_stopped_;
};

}  // namespace larder::relay
