// RelayHouse: a Relay with fakes around it, on a clock that the test turns.
#pragma once

#include <memory>
#include <string>

#include "relay/app/relay.hpp"
#include "tests/support/fake_shards.hpp"
#include "tests/support/scripted_hub.hpp"

namespace larder::relay {

class RelayHouse {
 public:
  explicit RelayHouse(RelaySettings settings = {}) : settings_(std::move(settings)) {
    settings_.relay = "relay-1";
    open();
  }

  // The process dies and starts again; the databases stay.
  void crash() {
    shards.forget();
    relay.reset();
    open();
  }

  void open() {
    relay = std::make_unique<Relay>(settings_, RelayPorts{clock, shards, inlet, telemetry});
    relay->start([this] { is_loaded = true; });
    shards.run_all();
    relay->inlet_up();
  }

  void give(const StoreId& store, UplinkTopic topic, std::string payload) {
    relay->received(TopicPlace{partition_of(store), store, topic}, std::move(payload));
  }

  // A hub whose messages reach this relay at once; what is said to it, it takes in settle().
  std::unique_ptr<ScriptedHub> hub(const std::string& store) {
    return std::make_unique<ScriptedHub>(store,
                                         [this, store](UplinkTopic topic, std::string bytes) {
                                           give(StoreId(store), topic, std::move(bytes));
                                         });
  }

  // Carries everything both ways until it is quiet.
  void settle(std::initializer_list<ScriptedHub*> hubs) {
    for (int quiet = 0; quiet < 3;) {
      bool moved = shards.step();
      while (carried < inlet.said.size()) {
        const SaidInlet::Said message = inlet.said[carried++];
        for (ScriptedHub* each : hubs) {
          if (each->store == message.store) each->took(message.topic, message.payload);
        }
        moved = true;
      }
      if (!moved) {
        clock.pass(kAckEvery);
        relay->tick();
        ++quiet;
      } else {
        quiet = 0;
      }
    }
  }

  FakeShardStore::Rows& rows(const std::string& store) { return store_.rows[StoreId(store)]; }
  Ack last_ack(const std::string& store) const {
    const auto acks = inlet.acks(StoreId(store));
    return acks.empty() ? Ack{} : acks.back();
  }
  // The credit once it has grown: a duplicate of the first event is acknowledged again and again.
  int credit_at_last(ScriptedHub& hub) {
    hub.hello();
    for (int round = 0; round < 8; ++round) {
      give(hub.store, UplinkTopic::Events, hub.batch_bytes(1, 1));
      settle({});
    }
    return last_ack(hub.store.text()).credit;
  }
  // Another store whose rows live in the same database.
  std::string neighbour_of(const std::string& store) const {
    for (int number = 1;; ++number) {
      const StoreId other("n" + std::to_string(number));
      if (store_.database_of(other) == store_.database_of(StoreId(store))) return other.text();
    }
  }
  FakeShardStore& store() { return store_; }

  StepClock clock;
  FakeShardStore store_;
  StepShards shards{store_};
  SaidInlet inlet;
  CountedTelemetry telemetry;
  std::unique_ptr<Relay> relay;
  bool is_loaded = false;
  std::size_t carried = 0;

 private:
  RelaySettings settings_;
};

}  // namespace larder::relay
