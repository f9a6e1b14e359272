// By seed: hubs, a network that loses, doubles and reorders, a relay that dies between any two
// steps, databases that fail before or after their commit. Whatever happens, nothing is
// acknowledged that is not kept (X4, X6), nothing is kept twice or out of order (X3, X5), and in
// the end everything is there (X2). Case 62 among them.
#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

#include "tests/relay/relay_house.hpp"

namespace larder::relay {
namespace {

class Storm {
 public:
  explicit Storm(std::uint32_t seed) : random_(seed) {
    RelaySettings settings;
    settings.queue_batches_max = 40;
    settings.catch_up_stores_max = 2;
    house_ = std::make_unique<RelayHouse>(settings);
    house_->inlet.on_said = [this](const SaidInlet::Said& message) { check(message); };
    for (int i = 0; i < 5; ++i) {
      const std::string name = "c" + std::to_string(i);
      hubs_.push_back(
          std::make_unique<ScriptedHub>(name, [this, name](UplinkTopic topic, std::string bytes) {
            up_.push_back({StoreId(name), topic, std::move(bytes)});
          }));
      hubs_.back()->batch_events = 1 + chance(20);
      hubs_.back()->marks_catch_up = chance(2) == 0;
      hubs_.back()->happen(chance(400));
      hubs_.back()->connect();
    }
  }

  void rage(int steps) {
    for (int i = 0; i < steps; ++i) step();
  }

  void calm() {
    for (int round = 0; round < 400 && !all_done(); ++round) {
      house_->clock.pass(Duration{50'000});
      house_->relay->tick();
      for (auto& hub : hubs_) {
        if (round % 20 == 0 && !hub->is_done()) hub->rewind();
      }
      while (!up_.empty()) {
        carry_up(0, false);
        house_->shards.run_all();
      }
      house_->shards.run_all();
      while (house_->carried < house_->inlet.said.size()) carry_down(false);
    }
  }

  bool all_done() const {
    for (const auto& hub : hubs_) {
      const bool words_done = house_->store_.rows[hub->store].mark.words_applied == words_;
      if (!hub->is_done() || !words_done) return false;
    }
    return true;
  }

  void compare() {
    for (const auto& hub : hubs_) {
      const auto& rows = house_->store_.rows[hub->store];
      ASSERT_EQ(rows.events.size(), hub->events.size()) << hub->store.text();
      for (std::size_t i = 0; i < hub->events.size(); ++i) {
        ASSERT_EQ(rows.events[i].data, hub->events[i]) << hub->store.text() << " " << i + 1;
      }
      EXPECT_EQ(rows.mark.hash, hub->head());
      EXPECT_FALSE(rows.mark.is_frozen);
      ASSERT_EQ(hub->words.size(), words_);
      for (std::size_t i = 0; i < words_; ++i) {
        EXPECT_EQ(hub->words[i].id.text(), "w" + std::to_string(i + 1));
      }
    }
    EXPECT_TRUE(house_->telemetry.drops.find("envelope") == house_->telemetry.drops.end());
  }

 private:
  struct Message {
    StoreId store;
    UplinkTopic topic = UplinkTopic::Hello;
    std::string bytes;
  };

  std::uint32_t chance(std::uint32_t below) {
    return static_cast<std::uint32_t>(random_() % below);
  }

  void step() {
    ScriptedHub& hub = *hubs_[chance(5)];
    switch (chance(20)) {
      case 0:
        hub.happen(1 + chance(30));
        hub.pump();
        break;
      case 1:
        hub.rewind();
        break;
      case 2:
        if (chance(10) == 0) house_->crash();
        break;
      case 3:
        if (chance(4) == 0) house_->store_.fail_before = 1;
        break;
      case 4:
        if (chance(4) == 0) house_->store_.fail_after = 1;
        break;
      case 5:
        if (chance(3) == 0 && words_ < 12) issue();
        break;
      case 6:
      case 7:
      case 8:
        house_->clock.pass(Duration{static_cast<std::int64_t>(chance(60'000))});
        house_->relay->tick();
        break;
      case 9:
      case 10:
        house_->shards.work_only();
        break;
      case 11:
      case 12:
        house_->shards.deliver();
        break;
      default:
        if (!up_.empty())
          carry_up(chance(4) == 0 ? chance(static_cast<std::uint32_t>(up_.size())) : 0, true);
        if (house_->carried < house_->inlet.said.size()) carry_down(true);
    }
  }

  // To every store alike; the database keeps them whatever becomes of the relay.
  void issue() {
    ++words_;
    for (const auto& hub : hubs_) {
      NewWord word;
      word.store = hub->store;
      word.word.id = CommandId("w" + std::to_string(words_));
      word.word.verb = "stock.mark";
      word.word.args = "{}";
      word.word.by = "hq";
      ASSERT_TRUE(house_->store_.issue(word, {}));
      house_->relay->words().issue(word, [](Result<IssuedWord>) {});
    }
  }

  void carry_up(std::size_t at, bool is_bad) {
    const Message message = up_[at];
    const bool doubled = is_bad && chance(10) == 0;
    if (!doubled) up_.erase(up_.begin() + static_cast<std::ptrdiff_t>(at));
    if (is_bad && chance(12) == 0) return;  // lost
    house_->give(message.store, message.topic, message.bytes);
  }

  void carry_down(bool is_bad) {
    const SaidInlet::Said message = house_->inlet.said[house_->carried++];
    if (is_bad && chance(12) == 0) return;
    for (auto& hub : hubs_) {
      if (hub->store == message.store) hub->took(message.topic, message.payload);
    }
  }

  void check(const SaidInlet::Said& message) {
    if (message.topic != UplinkTopic::Ack) return;
    const Ack ack = *decode_ack(message.payload);
    const auto& mark = house_->store_.rows[message.store].mark;
    ASSERT_LE(ack.up_to, mark.up_to) << "acknowledged what is not kept";
    ASSERT_EQ(ack.state, Ack::State::Ok) << ack.reason;
    ASSERT_LE(ack.credit, kCreditMax);
  }

  std::mt19937 random_;
  std::unique_ptr<RelayHouse> house_;
  std::vector<std::unique_ptr<ScriptedHub>> hubs_;
  std::deque<Message> up_;
  std::size_t words_ = 0;
};

TEST(RelayChaos, x2_to_x6_nothing_is_lost_doubled_reordered_or_acknowledged_too_early) {
  const char* only = std::getenv("LARDER_SEED");
  const auto first = only == nullptr ? 1U : static_cast<std::uint32_t>(std::atoi(only));
  const auto last = only == nullptr ? 60U : first;
  for (std::uint32_t seed = first; seed <= last; ++seed) {
    SCOPED_TRACE("LARDER_SEED=" + std::to_string(seed));
    Storm storm(seed);
    storm.rage(2'000);
    if (::testing::Test::HasFatalFailure()) return;
    storm.calm();
    EXPECT_TRUE(storm.all_done());
    storm.compare();
    if (::testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace larder::relay
