// The rules of the outbox pump, by example: what is sent, how much of it, and when again.
#include <gtest/gtest.h>

#include "tests/uplink/cloud_table.hpp"

namespace larder::edge {
namespace {

constexpr Duration kMoment{60'000};  // more than a live batch waits

using Lost = CloudState::Lost;

TEST(Pump, sends_nothing_before_the_first_ack_after_a_connect) {
  CloudTable table;
  table.relay.is_mute = true;
  table.connect();
  table.commit(300);
  table.pass(Duration::seconds(2));
  ASSERT_EQ(table.relay.hellos.size(), 1U);
  EXPECT_TRUE(table.relay.batches.empty());
  EXPECT_EQ(table.uplink->state().lost, Lost::Relay);
  table.relay.is_mute = false;
  table.relay.answer();
  table.pass(kMoment);
  EXPECT_EQ(table.relay.up_to(), 300U);
  EXPECT_EQ(table.uplink->state().lost, Lost::Nothing);
  EXPECT_TRUE(table.relay.breaches.empty());
}

TEST(Pump, says_who_and_where_it_is_in_every_hello) {
  CloudTable table;
  table.commit(3);
  table.connect();
  ASSERT_EQ(table.relay.hellos.size(), 1U);
  const Hello& hello = table.relay.hellos[0];
  EXPECT_EQ(hello.store, table.store);
  EXPECT_EQ(hello.boot, "boot");
  EXPECT_EQ(hello.epoch, 1U);
  EXPECT_EQ(hello.last, 3U);
  EXPECT_EQ(hello.head, table.gate.head().hash);
  EXPECT_EQ(hello.first_unacked, 1U);
}

TEST(Pump, on_an_idle_line_an_event_waits_for_nothing_and_needs_no_disk) {
  CloudTable table;
  table.connect();
  const std::size_t reads = table.gate.reads;
  table.commit(2);
  table.settle();
  ASSERT_EQ(table.relay.batches.size(), 1U);
  EXPECT_EQ(table.relay.batches[0].last, 2U);
  EXPECT_TRUE(table.relay.batches[0].is_last);
  EXPECT_FALSE(table.relay.batches[0].is_catch_up);
  EXPECT_EQ(table.gate.reads, reads);
}

TEST(Pump, what_comes_while_a_batch_is_on_its_way_goes_together_with_its_ack) {
  CloudTable table;
  table.connect();
  table.relay.is_mute = true;
  table.commit(1);
  table.settle();
  table.commit(1);
  table.pass(Duration{20'000});
  table.commit(2);
  table.pass(Duration{20'000});
  ASSERT_EQ(table.relay.batches.size(), 1U);
  table.ack(1);
  table.settle();
  ASSERT_EQ(table.relay.batches.size(), 2U);
  EXPECT_EQ(table.relay.batches[1].first, 2U);
  EXPECT_EQ(table.relay.batches[1].last, 4U);
}

TEST(Pump, behind_a_slow_ack_an_event_waits_50_ms_at_most) {
  CloudTable table;
  table.connect();
  table.relay.is_mute = true;
  table.commit(1);
  table.settle();
  table.commit(1);
  table.pass(Duration{40'000});
  EXPECT_EQ(table.relay.batches.size(), 1U);
  table.pass(Duration{10'000});
  EXPECT_EQ(table.relay.batches.size(), 2U);
}

TEST(Pump, a_full_batch_does_not_wait) {
  CloudTable table;
  table.connect();
  table.relay.is_mute = true;
  table.commit(1);
  table.settle();
  table.commit(kFlushEvents);
  table.settle();
  EXPECT_EQ(table.relay.up_to(), 1 + kFlushEvents);
  table.commit(70, 1'000);  // more than 64 KiB
  table.settle();
  EXPECT_GT(table.relay.up_to(), 1 + kFlushEvents + 50);
  EXPECT_LT(table.relay.up_to(), 1 + kFlushEvents + 70);
  table.pass(kMoment);
  EXPECT_EQ(table.relay.up_to(), 1 + kFlushEvents + 70);
}

TEST(Pump, case_51_a_doubled_batch_is_acked_and_nothing_is_sent_twice_for_it) {
  CloudTable table;
  table.connect();
  table.link.spoil = [](auto& messages) {
    if (!messages.empty()) messages.push_back(messages.back());
  };
  for (int i = 0; i < 5; ++i) {
    table.commit(10);
    table.pass(kMoment);
  }
  EXPECT_EQ(table.relay.up_to(), 50U);
  EXPECT_EQ(table.relay.batches.size(), 10U);
  EXPECT_EQ(table.relay.hellos.size(), 1U);
  EXPECT_TRUE(table.relay.breaches.empty());
}

TEST(Pump, case_52_reordered_batches_are_sent_again_in_order) {
  CloudTable table;
  table.connect();
  bool is_first = true;
  table.link.spoil = [&is_first](auto& messages) {
    if (messages.size() < 2 || !std::exchange(is_first, false)) return;
    std::swap(messages[0], messages[1]);
  };
  table.commit(kFlushEvents * 3);
  table.settle();
  EXPECT_LT(table.relay.up_to(), kFlushEvents * 3);
  table.pass(Duration::seconds(6));
  EXPECT_EQ(table.relay.up_to(), kFlushEvents * 3);
  EXPECT_TRUE(table.relay.breaches.empty());
}

TEST(Pump, case_53_a_lost_batch_is_sent_again_after_5_s_without_progress) {
  CloudTable table;
  table.connect();
  table.link.spoil = [](auto& messages) { messages.clear(); };
  table.commit(kFlushEvents);
  table.settle();
  table.link.spoil = [](auto&) {};
  table.commit(kFlushEvents);  // arrives after the gap
  table.pass(Duration{4'900'000});
  EXPECT_EQ(table.relay.up_to(), 0U);
  EXPECT_EQ(table.relay.hellos.size(), 1U);
  table.pass(Duration{200'000});
  EXPECT_EQ(table.relay.hellos.size(), 2U);
  EXPECT_EQ(table.relay.up_to(), 2 * kFlushEvents);
}

TEST(Pump, case_53_events_that_the_hub_lost_are_an_alarm) {
  CloudTable table;
  table.commit(10);
  table.gate.let_go(5);
  table.connect();
  table.pass(kMoment);
  EXPECT_EQ(table.relay.up_to(), 0U);
  EXPECT_TRUE(table.uplink->state().needs_a_person);
  ASSERT_FALSE(table.telemetry.warnings.empty());
  EXPECT_NE(table.telemetry.warnings.back().find("event 1 "), std::string::npos);
}

TEST(Pump, without_progress_it_asks_again_ever_more_slowly) {
  CloudTable table;
  table.connect();
  table.relay.is_mute = true;
  table.commit(1);
  std::vector<std::int64_t> gaps;
  std::size_t seen = table.relay.hellos.size();
  std::int64_t last = table.clock.steady().micros;
  for (int i = 0; i < 300 * 100; ++i) {
    table.pass(Duration{10'000});
    if (table.relay.hellos.size() == seen) continue;
    seen = table.relay.hellos.size();
    gaps.push_back((table.clock.steady().micros - last + 500'000) / 1'000'000);
    last = table.clock.steady().micros;
  }
  EXPECT_EQ(gaps, (std::vector<std::int64_t>{5, 10, 20, 40, 60, 60, 60}));
  EXPECT_EQ(table.uplink->state().lost, Lost::Relay);
}

TEST(Pump, case_58_an_event_over_the_limits_goes_alone) {
  CloudTable table;
  table.connect();
  table.commit(3);
  table.commit(1, 300 * 1024);
  table.commit(3);
  table.pass(kMoment);
  EXPECT_EQ(table.relay.up_to(), 7U);
  ASSERT_EQ(table.relay.batches.size(), 3U);
  EXPECT_EQ(table.relay.batches[1].first, 4U);
  EXPECT_EQ(table.relay.batches[1].last, 4U);
  EXPECT_TRUE(table.relay.breaches.empty());
}

TEST(Pump, case_58_an_event_that_no_broker_takes_is_said_and_does_not_spin) {
  CloudTable table;
  table.connect();
  table.commit(1, 2 * 1024 * 1024);
  table.pass(Duration::seconds(10));
  EXPECT_EQ(table.relay.hellos.size(), 1U);
  EXPECT_NE(table.uplink->state().reason.find("event 1 cannot be sent"), std::string::npos);
}

TEST(Pump, case_60_a_broker_that_is_away_for_days_costs_the_hub_nothing_but_disk) {
  CloudTable table;
  table.connect();
  table.link.go_down("no route");
  const std::size_t reads = table.gate.reads;
  for (int i = 0; i < 200; ++i) table.commit(100);
  table.pass(Duration::seconds(5));
  EXPECT_EQ(table.gate.reads, reads);
  const CloudState state = table.uplink->state();
  EXPECT_EQ(state.lost, Lost::Internet);
  EXPECT_EQ(state.reason, "no route");
  EXPECT_EQ(state.behind, 20'000U);
  EXPECT_GT(state.oldest_unsent.micros, 0);
  table.connect();
  table.pass(kMoment);
  EXPECT_EQ(table.relay.up_to(), 20'000U);
  EXPECT_TRUE(table.relay.batches.front().is_catch_up);
  EXPECT_TRUE(table.relay.batches.back().is_last);
  EXPECT_LE(table.relay.batches.size(), 20'000U / 200);
  EXPECT_LE(table.gate.largest_read, kReadStep);
  EXPECT_EQ(table.uplink->state().oldest_unsent.micros, 0);
}

TEST(Pump, case_62_a_puback_moves_no_cursor) {
  CloudTable table;
  table.connect();
  table.commit(kFlushEvents);
  table.link.spoil = [](auto& messages) { messages.clear(); };  // the broker took it, and forgot it
  table.settle();
  table.pass(Duration::seconds(2));
  EXPECT_EQ(table.uplink->state().acked, 0U);
  EXPECT_EQ(table.uplink->state().behind, kFlushEvents);
  EXPECT_TRUE(table.gate.kept.empty());
  table.link.spoil = [](auto&) {};
  table.pass(Duration::seconds(4));
  EXPECT_EQ(table.relay.up_to(), kFlushEvents);
  EXPECT_EQ(table.uplink->state().acked, kFlushEvents);
}

TEST(Pump, the_cursor_is_kept_once_a_second_and_at_stop) {
  CloudTable table;
  table.connect();
  for (int i = 0; i < 40; ++i) {
    table.commit(5);
    table.pass(Duration{100'000});
  }
  EXPECT_GE(table.gate.kept.size(), 3U);
  EXPECT_LE(table.gate.kept.size(), 5U);
  table.commit(1);
  table.pass(kMoment);
  table.uplink->stop();
  EXPECT_EQ(table.gate.kept.back(), 201U);
  ASSERT_EQ(table.link.said_goodbye.size(), 1U);
  EXPECT_FALSE(decode_presence(table.link.said_goodbye[0].payload)->online);
}

TEST(Pump, case_66_no_more_batches_are_under_way_than_the_credit_says) {
  CloudTable table;
  table.relay.credit = 3;
  table.commit(kFlushEvents * 20);
  table.connect();
  table.relay.is_mute = true;
  std::size_t under_way = 0;
  table.link.spoil = [&under_way](auto& messages) {
    under_way += messages.size();
    messages.clear();
  };
  table.link.go_down();
  table.relay.is_mute = false;
  table.link.spoil = [](auto&) {};
  table.relay.batches.clear();
  table.relay.roll_back_to(0);
  table.link.come_up();
  for (const Outgoing& message : table.link.take()) table.relay.arrived(message);
  const auto answers = std::exchange(table.relay.answers, {});
  for (const auto& each : answers) table.link.bring(topic_of(table.store, UplinkTopic::Ack), each);
  for (int i = 0; i < 50; ++i) table.gate.settle();
  std::size_t batches = 0;
  for (const Outgoing& message : table.link.take()) {
    batches += read_topic(message.topic)->topic == UplinkTopic::Events ? 1U : 0U;
  }
  EXPECT_EQ(batches, 3U);
}

TEST(Pump, case_66_what_was_just_committed_waits_for_credit_too) {
  CloudTable table;
  table.relay.credit = 2;
  table.connect();
  table.relay.is_mute = true;
  for (int i = 0; i < 4; ++i) {
    table.commit(kFlushEvents);
    table.settle();
  }
  EXPECT_EQ(table.relay.batches.size(), 2U);
  table.ack(2 * kFlushEvents);
  table.settle();
  EXPECT_EQ(table.relay.batches.size(), 4U);
}

TEST(Pump, never_more_than_the_window_is_handed_to_the_link) {
  CloudTable table;
  table.link.window = 2;
  table.relay.credit = 64;
  table.commit(kFlushEvents * 30);
  table.connect();
  table.pass(kMoment);
  EXPECT_EQ(table.relay.up_to(), kFlushEvents * 30);
  EXPECT_LE(table.link.most_in_flight, 2U);
}

}  // namespace
}  // namespace larder::edge
