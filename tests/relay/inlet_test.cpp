// PahoInlet with the rules behind it, against a real mosquitto.
#include <gtest/gtest.h>

#include <thread>

#include "platform/loop/loop.hpp"
#include "relay/app/relay.hpp"
#include "relay/inlet/paho_inlet.hpp"
#include "relay/ops/relay_clock.hpp"
#include "tests/relay/real_parts.hpp"
#include "tests/support/fake_shards.hpp"
#include "tests/support/prompt_sockets.hpp"

namespace larder::relay {
namespace {

// Jobs run on the loop, one turn later.
class LoopShards final : public Shards {
 public:
  LoopShards(FakeShardStore& store, Loop& loop) : store_(store), loop_(loop) {}
  std::size_t databases() const override { return store_.databases(); }
  std::size_t database_of(const StoreId& store) const override { return store_.database_of(store); }
  Result<void> run(std::size_t, ShardJob job) override {
    loop_.post([this, job = std::move(job)] {
      if (const auto end = job(store_)) end();
    });
    return {};
  }
  std::size_t waiting(std::size_t) const override { return 0; }

 private:
  FakeShardStore& store_;
  Loop& loop_;
};

// A relay without a process of its own: its loop runs on a thread of the test.
class InProcessRelay {
 public:
  explicit InProcessRelay(std::uint16_t port, std::vector<unsigned> partitions) {
    PahoInletConfig config;
    config.relay = "relay-" + std::to_string(port);
    config.port = port;
    config.partitions = std::move(partitions);
    config.reconnect_first = Duration{100'000};
    config.reconnect_most = Duration{500'000};
    inlet = std::make_unique<PahoInlet>(
        std::move(config),
        PahoInlet::World{[this](std::function<void()> job) { loop.post(std::move(job)); },
                         [this](Duration delay, std::function<void()> job) {
                           loop.after(delay, std::move(job));
                         },
                         [] { return 0.5; }});
    relay = std::make_unique<Relay>(RelaySettings{}, RelayPorts{clock, shards, *inlet, telemetry});
    ticker = loop.every(kAckEvery, [this] { relay->tick(); });
    relay->start([this] { inlet->start(*relay); });
    thread = std::thread([this] { loop.run(); });
  }
  ~InProcessRelay() {
    on_loop([this] { inlet->stop(); });
    loop.stop();
    thread.join();
    ticker.reset();
    inlet.reset();
  }
  // Runs it on the loop and waits.
  void on_loop(const std::function<void()>& job) {
    std::atomic<bool> done = false;
    loop.post([&] {
      job();
      done = true;
    });
    eventually([&] { return done.load(); });
  }
  bool is_up() {
    bool up = false;
    on_loop([&] { up = relay->health().is_ready(); });
    return up;
  }
  std::size_t kept(const StoreId& id) {
    std::size_t count = 0;
    on_loop([&] { count = store.rows[id].events.size(); });
    return count;
  }
  int drops(const std::string& reason) {
    int count = 0;
    on_loop([&] { count = telemetry.drops[reason]; });
    return count;
  }

  Loop loop;
  RelayClock clock;
  FakeShardStore store;
  LoopShards shards{store, loop};
  CountedTelemetry telemetry;
  std::unique_ptr<PahoInlet> inlet;
  std::unique_ptr<Relay> relay;
  std::unique_ptr<Loop::Ticker> ticker;
  std::thread thread;
};

std::vector<unsigned> all_partitions() {
  std::vector<unsigned> all;
  for (unsigned partition = 0; partition < kPartitions; ++partition) all.push_back(partition);
  return all;
}

TEST(PahoInlet, events_go_up_and_acks_and_words_come_down_through_a_real_broker) {
  Broker broker;
  InProcessRelay relay(broker.port(), all_partitions());
  ASSERT_TRUE(eventually([&] { return relay.is_up(); }));
  BrokerHub hub(broker.port(), "shop/1");
  hub.hub.batch_events = 100;
  hub.hub.happen(5'000);
  ASSERT_TRUE(hub.connect());
  ASSERT_TRUE(hub.serve_until([&] { return hub.hub.is_done(); }));
  EXPECT_EQ(relay.kept(hub.hub.store), 5'000U);
  std::atomic<bool> applied = false;
  relay.on_loop([&] {
    NewWord word;
    word.store = hub.hub.store;
    word.word.id = CommandId("w1");
    word.word.verb = "stock.mark";
    word.word.args = "{}";
    word.word.by = "hq:alice";
    relay.relay->words().issue(word, [](Result<IssuedWord>) {});
    relay.relay->words().await(
        hub.hub.store, 1, Duration::seconds(30),
        [&applied](Result<IssuedWord> done) { applied = done && done->applied_at; });
  });
  EXPECT_TRUE(hub.serve_until([&] { return applied.load(); }));
  ASSERT_EQ(hub.hub.words.size(), 1U);
  EXPECT_EQ(hub.hub.words[0].verb, "stock.mark");
}

TEST(PahoInlet, small_messages_leave_at_once) {
  Broker broker;
  InProcessRelay relay(broker.port(), all_partitions());
  ASSERT_TRUE(eventually([&] { return relay.is_up(); }));
  EXPECT_EQ(prompt_connections_to(broker.port()), 1);
}

TEST(PahoInlet, case_61_what_a_broker_kept_is_dropped_but_for_presence) {
  Broker broker;
  BrokerHub hub(broker.port(), "s1");
  PahoVoice garbage(broker.port(), "garbage");
  ASSERT_TRUE(garbage.connect());
  hub.hub.happen(10);
  garbage.publish(topic_of(hub.hub.store, UplinkTopic::Events), hub.hub.batch_bytes(1, 10), 1,
                  true);
  garbage.publish(topic_of(hub.hub.store, UplinkTopic::Hello), "{}", 1, true);
  InProcessRelay relay(broker.port(), all_partitions());
  ASSERT_TRUE(eventually([&] { return relay.drops("retained") == 2; }));
  garbage.publish("larder/v1/p00/s1/up/ev", "wrong partition", 1, false);
  garbage.publish(topic_of(hub.hub.store, UplinkTopic::Hello) + "/more", "{}", 1, false);
  EXPECT_TRUE(eventually([&] { return relay.drops("topic") >= 1; }));
  EXPECT_EQ(relay.kept(hub.hub.store), 0U);
  EXPECT_EQ(relay.drops("hello"), 0);
}

TEST(PahoInlet, a_killed_broker_is_found_again_and_nothing_is_lost) {
  Broker broker;
  InProcessRelay relay(broker.port(), all_partitions());
  BrokerHub hub(broker.port(), "s1");
  hub.hub.happen(2'000);
  ASSERT_TRUE(eventually([&] { return relay.is_up(); }));
  ASSERT_TRUE(hub.connect());
  ASSERT_TRUE(hub.serve_until([&] { return hub.hub.acked > 100; }));
  for (int i = 0; i < 3; ++i) {
    hub.hub.happen(1'000);
    hub.hub.pump();
    broker.kill_hard();
    ASSERT_TRUE(eventually([&] { return !relay.is_up(); }));
    broker.start();
    ASSERT_TRUE(eventually([&] { return relay.is_up(); }));
    ASSERT_TRUE(eventually([&] { return hub.connect(); }));
    ASSERT_TRUE(hub.serve_until([&] { return hub.hub.is_done(); }));
  }
  EXPECT_EQ(relay.kept(hub.hub.store), 5'000U);
  EXPECT_FALSE(relay.store.rows[hub.hub.store].mark.is_frozen);
}

TEST(PahoInlet, it_serves_its_own_partitions_alone_and_says_so) {
  Broker broker;
  const StoreId mine("s1");
  StoreId foreign;
  for (int i = 0; foreign.empty(); ++i) {
    const StoreId other("x" + std::to_string(i));
    if (partition_of(other) != partition_of(mine)) foreign = other;
  }
  PahoVoice listener(broker.port(), "listener");
  ASSERT_TRUE(listener.connect());
  listener.subscribe("larder/v1/+/relay");
  const auto next_word = [&listener] {
    const auto message = listener.next(kPatience);
    return message ? *message : PahoVoice::Message{};
  };
  {
    InProcessRelay relay(broker.port(), {partition_of(mine)});
    ASSERT_TRUE(eventually([&] { return relay.is_up(); }));
    const auto online = next_word();
    EXPECT_EQ(online.topic, relay_presence_topic(partition_of(mine)));
    EXPECT_TRUE(decode_relay_presence(online.payload)->online);
    BrokerHub hub(broker.port(), foreign.text());
    hub.hub.happen(1);
    ASSERT_TRUE(hub.connect());
    BrokerHub near(broker.port(), mine.text());
    near.hub.happen(1);
    ASSERT_TRUE(near.connect());
    ASSERT_TRUE(near.serve_until([&] { return near.hub.is_done(); }));
    EXPECT_TRUE(hub.hub.acks.empty());
    EXPECT_EQ(relay.kept(foreign), 0U);
  }
  EXPECT_FALSE(decode_relay_presence(next_word().payload)->online) << "an orderly goodbye";
}

}  // namespace
}  // namespace larder::relay
