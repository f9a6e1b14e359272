// The outbox pump in a world that loses, doubles, reorders, forgets and ends, by seeds: whatever
// happens, the relay has each event once, in order, unchanged. A seed that fails is named and
// repeats.
#include <gtest/gtest.h>

#include <random>

#include "tests/uplink/cloud_table.hpp"

namespace larder::edge {
namespace {

class Storm {
 public:
  explicit Storm(std::uint32_t seed) : engine_(seed) {
    table_.link.spoil = [this](auto& messages) { spoil(messages); };
    table_.link.window = 1 + draw(16);
    table_.relay.credit = static_cast<std::uint16_t>(1 + draw(8));
  }

  void run() {
    for (int step = 0; step < 300; ++step) {
      blow();
      table_.clock.pass(Duration{static_cast<std::int64_t>(draw(400'000))});
      table_.uplink->tick();
      move();
    }
    calm_down();
  }

  CloudTable& table() { return table_; }

 private:
  std::uint32_t draw(std::uint32_t below) { return static_cast<std::uint32_t>(engine_() % below); }

  void blow() {
    const std::uint32_t dice = draw(100);
    table_.chance = static_cast<double>(draw(1'000)) / 1'000.0;
    if (dice < 60) table_.commit(1 + draw(90), draw(300));
    if (dice >= 60 && dice < 68 && table_.link.is_up) table_.link.go_down();
    if (dice >= 68 && dice < 80 && !table_.link.is_up) table_.link.come_up();
    if (dice >= 80 && dice < 84) restart();
    if (dice >= 84 && dice < 86) table_.relay.credit = static_cast<std::uint16_t>(draw(5));
    if (dice == 86 && table_.relay.up_to() > 0) {
      table_.relay.roll_back_to(draw(static_cast<std::uint32_t>(table_.relay.up_to())));
    }
    if (dice == 87) table_.gate.begin_epoch(++epoch_);
    if (dice == 88 || dice == 89) table_.relay.is_mute = !table_.relay.is_mute;
  }

  // A new process of the hub, with the cursor that the store file remembers.
  void restart() {
    if (table_.link.is_up) table_.link.go_down();
    table_.gate.settle();
    table_.make(table_.gate.kept.empty() ? 0 : table_.gate.kept.back());
  }

  void spoil(std::vector<Outgoing>& messages) {
    if (is_calm_) return;
    std::vector<Outgoing> out;
    for (const Outgoing& each : messages) {
      const std::uint32_t dice = draw(20);
      if (dice != 0) out.push_back(each);
      if (dice == 1) out.push_back(each);
    }
    if (out.size() > 1 && draw(8) == 0) std::swap(out.front(), out.back());
    messages = std::move(out);
  }

  void move() {
    table_.gate.settle();
    for (const Outgoing& message : table_.link.take()) table_.relay.arrived(message);
    auto answers = std::exchange(table_.relay.answers, {});
    for (const std::string& each : answers) {
      if (is_calm_ || draw(5) != 0) {
        table_.link.bring(topic_of(table_.store, UplinkTopic::Ack), each);
      }
    }
  }

  void calm_down() {
    is_calm_ = true;
    table_.relay.credit = 8;
    table_.relay.is_mute = false;
    if (!table_.link.is_up) table_.link.come_up();
    table_.settle();
    for (int i = 0; i < 200 && table_.relay.up_to() < table_.gate.head().seq; ++i) {
      table_.clock.pass(Duration::seconds(1));
      table_.uplink->tick();
      table_.settle();
    }
  }

  std::mt19937 engine_;
  CloudTable table_;
  Epoch epoch_ = 1;
  bool is_calm_ = false;
};

TEST(PumpSeeds, every_event_arrives_once_in_order_and_unchanged) {
  for (std::uint32_t seed = 1; seed <= 30; ++seed) {
    Storm storm(seed);
    storm.run();
    CloudTable& table = storm.table();
    ASSERT_EQ(table.relay.up_to(), table.gate.head().seq) << "seed " << seed;
    ASSERT_EQ(table.relay.head, table.gate.head().hash) << "seed " << seed;
    ASSERT_TRUE(table.relay.breaches.empty()) << "seed " << seed << ": " << table.relay.breaches[0];
    ASSERT_EQ(table.uplink->state().acked, table.gate.head().seq) << "seed " << seed;
    for (const Seq kept : table.gate.kept) ASSERT_LE(kept, table.gate.head().seq);
    ASSERT_LE(table.link.most_in_flight, table.link.window) << "seed " << seed;
  }
}

}  // namespace
}  // namespace larder::edge
