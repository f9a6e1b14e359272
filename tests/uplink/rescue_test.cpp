// The hub's end while it is in recovery: what it asks, what it does with the answers, and what it
// never does by itself.
#include "edge/uplink/rescue.hpp"

#include <gtest/gtest.h>

#include "tests/uplink/cloud_table.hpp"

namespace larder::edge {
namespace {

using State = RescueAnswer::State;

// A relay that holds `there` and answers as it is told.
class RescueTable : public ::testing::Test {
 protected:
  void make(Doubt doubt, Seq seen = 0, const std::string& code = "") {
    gate.doubted = KeptDoubt{doubt, seen == 0 ? 0U : 1U, seen, "why"};
    rescue.emplace(UplinkSelf{store, HubId("h1"), "boot", "0", "machine", code}, link, gate,
                   UplinkWorld{clock, telemetry, [] { return 0.5; }, [](Duration) {}});
    rescue->start();
  }
  // The hub sold `all` events, the relay has `known` of them, the disk `left`.
  void lose(std::size_t all, std::size_t known, std::size_t left) {
    gate.commit(all);
    there.assign(gate.events.begin(), gate.events.begin() + static_cast<std::ptrdiff_t>(known));
    sold.assign(gate.events.begin(), gate.events.end());
    gate.roll_back_to(left);
  }
  void connect() {
    link.come_up();
    settle();
  }
  void pass(Duration time) {
    for (std::int64_t gone = 0; gone < time.micros; gone += 100'000) {
      clock.pass(Duration{100'000});
      rescue->tick();
      settle();
    }
  }
  void settle() {
    for (int round = 0; round < 100; ++round) {
      gate.settle();
      const auto taken = link.take();
      for (const Outgoing& message : taken) took(message);
      if (taken.empty()) return;
    }
  }
  void took(const Outgoing& message) {
    EXPECT_EQ(message.topic, topic_of(store, UplinkTopic::Tell)) << "nothing else leaves";
    auto question = decode_rescue_question(message.payload);
    ASSERT_TRUE(question) << message.payload;
    questions.push_back(*question);
    if (is_mute) return;
    if (question->ask == RescueQuestion::Ask::Events) return give(question->seq);
    RescueAnswer answer;
    answer.id = question->id;
    answer.state = state;
    answer.hub = HubId("h1");
    answer.epoch = there.empty() ? 0 : there.back().epoch;
    answer.up_to = there.size();
    answer.hash = there.empty() ? Sha256{} : there.back().hash;
    answer.reason = reason;
    link.bring(topic_of(store, UplinkTopic::Ask), encode(answer));
  }
  void give(Seq after) {
    Envelope envelope;
    envelope.epoch = there[after].epoch;
    envelope.first = after + 1;
    for (Seq seq = after; seq < there.size() && envelope.records.size() < piece; ++seq) {
      if (there[seq].epoch != envelope.epoch) break;
      envelope.records.push_back(Record{0, TimePoint{1'000'000}, *there[seq].data});
      envelope.head = there[seq].hash;
    }
    if (spoil) spoil(envelope);
    link.bring(topic_of(store, UplinkTopic::Lost), *encode_envelope(envelope));
  }

  const StoreId store{"s1"};
  FakeClock clock;
  QuietTelemetry telemetry;
  JournalGate gate;
  BadLink link;
  std::optional<Rescue> rescue;
  State state = State::Known;
  std::string reason;
  std::vector<StoredEvent> there, sold;
  std::size_t piece = 4;
  bool is_mute = false;
  std::function<void(Envelope&)> spoil;
  std::vector<RescueQuestion> questions;
};

TEST_F(RescueTable, case_119_lost_events_come_back_in_pieces_and_then_a_new_epoch_begins) {
  lose(30, 30, 12);
  make(Doubt::Restored);
  connect();
  ASSERT_EQ(gate.events.size(), 31U);
  for (std::size_t i = 0; i < 30; ++i) EXPECT_EQ(*gate.events[i].data, *sold[i].data);
  EXPECT_EQ(gate.events.back().epoch, 2U);
  EXPECT_EQ(gate.events.back().seq, 31U);
  EXPECT_FALSE(gate.doubted.is_on());
  EXPECT_FALSE(gate.is_unverified);
  EXPECT_NE(gate.settled.find("18 events came back"), std::string::npos) << gate.settled;
  EXPECT_EQ(rescue->acked(), 30U);
  EXPECT_EQ(questions.front().seq, 12U);
  EXPECT_EQ(questions.front().machine, "machine");
}

TEST_F(RescueTable, what_becomes_durable_at_the_relay_meanwhile_comes_as_well) {
  lose(30, 20, 12);
  make(Doubt::Restored);
  bool is_first = true;
  spoil = [&](Envelope&) {
    if (std::exchange(is_first, false)) there = sold;
  };
  connect();
  EXPECT_EQ(gate.events.size(), 31U);
}

TEST_F(RescueTable, a_relay_that_is_behind_takes_nothing_away) {
  lose(30, 10, 20);
  make(Doubt::Restored);
  connect();
  EXPECT_EQ(gate.events.size(), 21U);
  EXPECT_EQ(gate.events.back().epoch, 2U);
  EXPECT_EQ(rescue->acked(), 10U);
}

TEST_F(RescueTable, what_only_a_screen_has_seen_is_named_as_lost_and_the_stock_is_to_be_counted) {
  lose(30, 20, 12);
  make(Doubt::Behind, 30);
  connect();
  EXPECT_EQ(gate.events.size(), 21U);
  EXPECT_TRUE(gate.is_unverified);
  EXPECT_NE(gate.settled.find("10 events that a screen has seen are lost"), std::string::npos);
}

TEST_F(RescueTable, lost_answers_are_asked_for_again_from_where_it_is) {
  lose(30, 30, 12);
  make(Doubt::Restored);
  int gives = 0;
  spoil = [&](Envelope&) {
    if (++gives == 2) link.go_down();  // in the middle
  };
  connect();
  EXPECT_EQ(gate.events.size(), 16U);
  EXPECT_TRUE(gate.doubted.is_on());
  spoil = nullptr;
  connect();
  EXPECT_EQ(gate.events.size(), 31U);
}

TEST_F(RescueTable, a_silent_relay_is_asked_again_every_5_s) {
  lose(5, 5, 3);
  is_mute = true;
  make(Doubt::Restored);
  connect();
  pass(Duration::seconds(11));
  EXPECT_EQ(questions.size(), 3U);
  EXPECT_EQ(rescue->state().lost, CloudState::Lost::Relay);
  is_mute = false;
  pass(Duration::seconds(5));
  EXPECT_EQ(gate.events.size(), 6U);
}

TEST_F(RescueTable, events_that_do_not_follow_from_what_is_here_are_a_fork) {
  lose(30, 30, 12);
  make(Doubt::Restored);
  spoil = [](Envelope& envelope) { envelope.records.back().payload += " "; };
  connect();
  EXPECT_EQ(gate.events.size(), 12U);
  EXPECT_EQ(gate.doubted.doubt, Doubt::Forked);
  EXPECT_TRUE(rescue->state().needs_a_person);
}

TEST_F(RescueTable, a_relay_that_ends_at_another_event_is_a_fork) {
  lose(30, 10, 20);
  there.back().hash[0] ^= 1U;
  make(Doubt::Restored);
  connect();
  EXPECT_EQ(gate.events.size(), 20U);
  EXPECT_EQ(gate.doubted.doubt, Doubt::Forked);
}

TEST_F(RescueTable, case_116_a_copy_of_a_hub_that_is_at_work_waits_and_asks_again_slowly) {
  lose(30, 30, 30);
  make(Doubt::OtherMachine);
  state = State::Alive;
  reason = "hub h1 is at work";
  connect();
  EXPECT_EQ(gate.doubted.doubt, Doubt::OtherMachine);
  EXPECT_EQ(gate.doubted.reason, "hub h1 is at work");
  EXPECT_EQ(gate.events.size(), 30U);
  pass(Duration::seconds(29));
  EXPECT_EQ(questions.size(), 1U);
  pass(Duration::seconds(2));
  EXPECT_EQ(questions.size(), 2U);
}

TEST_F(RescueTable, a_store_that_is_kept_elsewhere_is_not_taken_back) {
  lose(30, 30, 30);
  make(Doubt::Behind, 40);
  state = State::Elsewhere;
  reason = "hub h2 keeps this store";
  connect();
  EXPECT_EQ(gate.doubted.doubt, Doubt::TakenOver);
  EXPECT_EQ(gate.events.size(), 30U);
}

// Of a run before this one nobody knows what it brought back, or what the screens have seen since.
TEST_F(RescueTable, case_118_also_what_looks_like_a_false_alarm_ends_in_a_new_epoch) {
  lose(30, 30, 30);
  make(Doubt::TakenOver);
  connect();
  EXPECT_FALSE(gate.doubted.is_on());
  EXPECT_EQ(gate.events.size(), 31U);
  EXPECT_EQ(gate.events.back().epoch, 2U) << "no number is used twice";
}

TEST_F(RescueTable, a_new_machine_with_hqs_code_gets_the_whole_store) {
  lose(30, 30, 0);
  make(Doubt::Takeover, 0, "ABCD2345");
  connect();
  EXPECT_EQ(questions.front().code, "ABCD2345");
  EXPECT_EQ(gate.events.size(), 31U);
  EXPECT_EQ(gate.events.back().epoch, 2U);
}

TEST_F(RescueTable, a_wrong_code_changes_nothing) {
  lose(30, 30, 0);
  make(Doubt::Takeover, 0, "WRONG234");
  state = State::WrongCode;
  reason = "not HQ's";
  connect();
  EXPECT_EQ(gate.doubted.doubt, Doubt::Takeover);
  EXPECT_TRUE(rescue->state().needs_a_person);
  EXPECT_EQ(rescue->state().reason, "not HQ's");
}

TEST_F(RescueTable, what_is_meant_for_others_and_what_cannot_be_read_is_passed_over) {
  lose(30, 30, 12);
  is_mute = true;
  make(Doubt::Restored);
  connect();
  RescueAnswer other;
  other.id = "somebody-else";
  other.state = State::Alive;
  link.bring(topic_of(store, UplinkTopic::Ask), encode(other));
  link.bring(topic_of(store, UplinkTopic::Ask), R"({"id":"x","ask":"hashes","from":1,"to":1})");
  link.bring(topic_of(store, UplinkTopic::Ask), "{");
  link.bring(topic_of(store, UplinkTopic::Lost), "nothing");
  link.bring(topic_of(store, UplinkTopic::Ack), encode(Ack{}));
  EXPECT_EQ(gate.doubted.doubt, Doubt::Restored);
  EXPECT_EQ(gate.events.size(), 12U);
}

}  // namespace
}  // namespace larder::edge
