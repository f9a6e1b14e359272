// Admission and fairness: a drain must not hurt who is live, and nothing grows without a bound.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/relay/relay_house.hpp"

namespace larder::relay {
namespace {

RelaySettings small_queue(std::size_t batches) {
  RelaySettings settings;
  settings.queue_batches_max = batches;
  return settings;
}

TEST(RelayFairness, case_66_live_batches_are_committed_before_the_catch_up_lane_of_each_group) {
  RelayHouse house;
  auto live = house.hub("live");
  auto draining = house.hub(house.neighbour_of("live"));
  draining->marks_catch_up = true;
  draining->happen(5'000);
  live->happen(1);
  live->connect();
  draining->connect();
  const auto give = [&house](ScriptedHub& hub, Seq first, std::size_t count) {
    house.give(hub.store, UplinkTopic::Events, hub.batch_bytes(first, count));
  };
  give(*draining, 1, 100);  // this group is under way when the others come
  for (Seq first = 101; first < 3'000; first += 100) give(*draining, first, 100);
  give(*live, 1, 1);
  house.shards.step();
  house.shards.step();
  ASSERT_GE(house.store().groups.size(), 2U);
  EXPECT_EQ(house.store().groups[1].front(), live->store)
      << "29 batches were there before it, it is the first of the next group all the same";
  EXPECT_EQ(house.rows("live").events.size(), 1U);
  EXPECT_GT(house.store().groups[1].size(), 1U) << "the drain goes on behind it";
}

TEST(RelayFairness, stores_of_a_lane_take_turns) {
  RelayHouse house;
  std::vector<std::unique_ptr<ScriptedHub>> hubs;
  for (int i = 0; hubs.size() < 3; ++i) {
    const std::string name = "t" + std::to_string(i);
    if (house.store().database_of(StoreId(name)) != 0) continue;
    hubs.push_back(house.hub(name));
    hubs.back()->marks_catch_up = true;
    hubs.back()->happen(100);
    hubs.back()->connect();
  }
  for (const auto& hub : hubs) {
    for (Seq first = 1; first <= 40; first += 10) {
      house.give(hub->store, UplinkTopic::Events, hub->batch_bytes(first, 10));
    }
  }
  house.shards.run_all();
  ASSERT_EQ(house.store().groups.size(), 2U);  // the very first batch went alone
  const auto& group = house.store().groups[1];
  ASSERT_EQ(group.size(), 11U);
  // The first store has one less and is through before the others.
  for (std::size_t i = 0; i + 5 < group.size(); ++i) {
    EXPECT_NE(group[i], group[i + 1]) << "at " << i;
    EXPECT_NE(group[i], group[i + 2]) << "at " << i;
  }
}

TEST(RelayFairness, a_group_is_bounded_in_events) {
  RelayHouse house;
  auto hub = house.hub("s1");
  hub->happen(20'000);
  hub->connect();
  for (Seq first = 1; first < 20'000; first += 400) {
    house.give(hub->store, UplinkTopic::Events, hub->batch_bytes(first, 400));
  }
  house.shards.run_all();
  for (const auto& group : house.store().groups) EXPECT_LE(group.size() * 400, kGroupEventsMax);
  EXPECT_EQ(house.rows("s1").events.size(), 20'000U);
}

TEST(RelayFairness, credit_is_the_free_part_of_the_queue_over_those_who_are_active) {
  RelayHouse house(small_queue(400));
  auto first = house.hub("s1");
  first->happen(10);
  first->connect();
  EXPECT_EQ(house.credit_at_last(*first), 64) << "never more than 64";
  std::vector<std::unique_ptr<ScriptedHub>> others;
  for (int i = 0; others.size() < 9; ++i) {
    const std::string name = "o" + std::to_string(i);
    if (house.store().database_of(StoreId(name)) != house.store().database_of(first->store)) {
      continue;
    }
    others.push_back(house.hub(name));
    others.back()->connect();
  }
  EXPECT_EQ(house.credit_at_last(*first), 40);
  house.clock.pass(Duration::seconds(3));
  house.relay->tick();
  EXPECT_EQ(house.credit_at_last(*first), 64) << "who is silent is not counted";
}

TEST(RelayFairness, credit_begins_small_at_every_hello_and_doubles_with_the_acks) {
  RelayHouse house;
  auto hub = house.hub("s1");
  hub->happen(100);
  hub->connect();
  EXPECT_EQ(house.last_ack("s1").credit, kCreditFirst);
  house.give(hub->store, UplinkTopic::Events, hub->batch_bytes(1, 10));
  house.settle({});
  EXPECT_EQ(house.last_ack("s1").credit, 2 * kCreditFirst);
  house.give(hub->store, UplinkTopic::Events, hub->batch_bytes(11, 10));
  house.settle({});
  EXPECT_EQ(house.last_ack("s1").credit, 4 * kCreditFirst);
  hub->hello();
  EXPECT_EQ(house.last_ack("s1").credit, kCreditFirst);
}

// Found by a load whose batches were all full: each had its credit, and together they were dropped.
TEST(RelayFairness, credit_never_promises_more_bytes_than_there_is_room_for) {
  RelaySettings settings;
  settings.queue_bytes_max = 20 * kBatchBytes;
  RelayHouse house(settings);
  auto first = house.hub("s1");
  auto second = house.hub(house.neighbour_of("s1"));
  first->happen(100);
  second->happen(100);
  first->connect();
  EXPECT_EQ(house.credit_at_last(*first), 20);
  second->connect();
  EXPECT_EQ(house.credit_at_last(*second), 10);
}

TEST(RelayFairness, over_the_mark_a_draining_store_gets_nothing_and_a_live_one_gets_one) {
  RelayHouse house(small_queue(100));
  auto drain = house.hub("s1");
  auto more = house.hub(house.neighbour_of("s1"));
  drain->happen(3'000);
  drain->marks_catch_up = true;
  more->happen(10);
  drain->connect();
  EXPECT_GT(house.last_ack("s1").credit, 0) << "admitted, there is room";
  for (Seq first = 1; first <= 76 * 10; first += 10) {
    house.give(drain->store, UplinkTopic::Events, drain->batch_bytes(first, 10));
  }
  EXPECT_GE(house.relay->queued(), 75U);
  drain->hello();
  EXPECT_EQ(house.last_ack("s1").credit, 0);
  more->connect();
  EXPECT_EQ(house.last_ack(more->store.text()).credit, 1);
  house.settle({drain.get(), more.get()});
  EXPECT_TRUE(more->is_done());
  EXPECT_TRUE(drain->is_done()) << "it was told when there was room again";
}

TEST(RelayFairness, a_full_queue_drops_and_counts_and_the_hub_brings_it_back) {
  RelayHouse house(small_queue(32));
  auto hub = house.hub("s1");
  hub->happen(1'000);
  hub->connect();
  for (Seq first = 1; first <= 1'000; first += 10) {
    house.give(hub->store, UplinkTopic::Events, hub->batch_bytes(first, 10));
  }
  EXPECT_EQ(house.relay->queued(), 32U);
  EXPECT_GE(house.telemetry.drops["queue_full"], 1);
  hub->hello();
  EXPECT_EQ(house.last_ack("s1").credit, 0) << "a full queue grants nothing, to nobody";
  house.settle({hub.get()});
  hub->rewind();
  house.settle({hub.get()});
  EXPECT_TRUE(hub->is_done());
  EXPECT_EQ(house.rows("s1").events.size(), 1'000U);
}

TEST(RelayFairness, a_store_that_ignores_its_credit_fills_only_its_own_share) {
  RelayHouse house;
  auto hub = house.hub("s1");
  hub->happen(5'000);
  hub->connect();
  for (Seq first = 1; first <= 5'000; first += 10) {
    house.give(hub->store, UplinkTopic::Events, hub->batch_bytes(first, 10));
  }
  EXPECT_EQ(house.relay->queued(), kStoreBatchesMax);
  EXPECT_GE(house.telemetry.drops["over_credit"], 1);
}

TEST(RelayFairness, only_so_many_stores_drain_at_once_and_the_next_is_called) {
  RelaySettings settings;
  settings.catch_up_stores_max = 2;
  RelayHouse house(settings);
  std::vector<std::unique_ptr<ScriptedHub>> hubs;
  for (int i = 0; i < 6; ++i) {
    hubs.push_back(house.hub("d" + std::to_string(i)));
    hubs.back()->marks_catch_up = true;
    hubs.back()->batch_events = 100;
    hubs.back()->happen(5'000);
    hubs.back()->connect();
  }
  for (int i = 0; i < 6; ++i) {
    const int credit = house.last_ack("d" + std::to_string(i)).credit;
    EXPECT_EQ(credit > 0, i < 2) << i;
  }
  EXPECT_EQ(house.relay->draining(), 2U);
  auto live = house.hub("live");
  live->happen(3);
  live->connect();
  EXPECT_GT(house.last_ack("live").credit, 0);
  house.settle({hubs[0].get(), hubs[1].get(), hubs[2].get(), hubs[3].get(), hubs[4].get(),
                hubs[5].get(), live.get()});
  for (const auto& hub : hubs) EXPECT_TRUE(hub->is_done()) << hub->store.text();
  EXPECT_TRUE(live->is_done());
  EXPECT_EQ(house.relay->draining(), 0U);
}

TEST(RelayFairness, a_store_that_went_away_while_draining_gives_its_place_back) {
  RelaySettings settings;
  settings.catch_up_stores_max = 1;
  RelayHouse house(settings);
  auto gone = house.hub("gone");
  auto next = house.hub("next");
  for (ScriptedHub* hub : {gone.get(), next.get()}) {
    hub->marks_catch_up = true;
    hub->happen(5'000);
    hub->connect();
  }
  EXPECT_EQ(house.last_ack("next").credit, 0);
  house.clock.pass(Duration::seconds(11));  // not a word of the first
  house.relay->tick();
  house.relay->tick();
  EXPECT_GT(house.last_ack("next").credit, 0);
}

TEST(RelayFairness, acks_are_gathered_for_20_ms) {
  RelayHouse house;
  auto hub = house.hub("s1");
  hub->happen(200);
  hub->connect();
  const std::size_t said = house.inlet.said.size();
  for (Seq first = 1; first <= 200; first += 10) {
    house.give(hub->store, UplinkTopic::Events, hub->batch_bytes(first, 10));
    house.shards.run_all();
  }
  EXPECT_EQ(house.inlet.said.size(), said);
  house.clock.pass(kAckEvery);
  house.relay->tick();
  EXPECT_EQ(house.inlet.said.size(), said + 1);
  EXPECT_EQ(house.last_ack("s1").up_to, 200U);
}

TEST(RelayFairness, more_stores_than_the_limit_are_dropped_and_counted) {
  RelaySettings settings;
  settings.stores_max = 3;
  RelayHouse house(settings);
  for (int i = 0; i < 5; ++i) house.hub("m" + std::to_string(i))->hello();
  EXPECT_EQ(house.telemetry.drops["too_many_stores"], 2);
  EXPECT_EQ(house.relay->streams().estate().stores, 3U);
}

}  // namespace
}  // namespace larder::relay
