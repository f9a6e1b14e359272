// The way of the events up: what is taken, what is not, and what the hub is told.
#include <gtest/gtest.h>

#include "tests/relay/relay_house.hpp"

namespace larder::relay {
namespace {

TEST(RelayIngest, takes_events_and_acknowledges_them_after_the_commit) {
  RelayHouse house;
  auto hub = house.hub("s1");
  hub->happen(25);
  hub->connect();
  EXPECT_EQ(house.last_ack("s1").up_to, 0U);
  EXPECT_GT(house.last_ack("s1").credit, 0);
  hub->took(UplinkTopic::Ack, house.inlet.said.back().payload);
  house.clock.pass(kAckEvery);
  house.relay->tick();
  EXPECT_EQ(house.inlet.acks(StoreId("s1")).size(), 1U) << "nothing is committed yet";
  house.settle({hub.get()});
  EXPECT_EQ(house.rows("s1").events.size(), 25U);
  EXPECT_TRUE(hub->is_done());
  EXPECT_EQ(house.last_ack("s1").epoch, 1U);
}

TEST(RelayIngest, nothing_is_acknowledged_while_its_commit_runs_or_has_failed) {
  RelayHouse house;
  auto hub = house.hub("s1");
  hub->happen(10);
  hub->connect();
  house.give(hub->store, UplinkTopic::Events, hub->batch_bytes(1, 10));
  ASSERT_TRUE(house.shards.work_only());  // committed, but the loop does not know
  house.store().fail_before = 0;
  for (int i = 0; i < 5; ++i) {
    house.clock.pass(kAckEvery);
    house.relay->tick();
    hub->hello();
    EXPECT_EQ(house.last_ack("s1").up_to, 0U);
  }
  house.shards.deliver();
  house.clock.pass(kAckEvery);
  house.relay->tick();
  EXPECT_EQ(house.last_ack("s1").up_to, 10U);
  hub->happen(10);
  house.store().fail_before = 1;
  house.give(hub->store, UplinkTopic::Events, hub->batch_bytes(11, 10));
  house.shards.step();
  house.clock.pass(kAckEvery);
  house.relay->tick();
  EXPECT_EQ(house.last_ack("s1").up_to, 10U);
  EXPECT_EQ(house.rows("s1").events.size(), 10U);
}

TEST(RelayIngest, case_51_a_duplicate_batch_changes_nothing_and_is_acknowledged_at_once) {
  RelayHouse house;
  auto hub = house.hub("s1");
  hub->happen(20);
  hub->connect();
  house.settle({hub.get()});
  const std::size_t said = house.inlet.said.size();
  house.clock.pass(kAckEvery);
  house.give(hub->store, UplinkTopic::Events, hub->batch_bytes(11, 10));  // the mark's own end
  ASSERT_EQ(house.inlet.said.size(), said + 1) << "known by its hash, no database is asked";
  EXPECT_EQ(house.last_ack("s1").up_to, 20U);
  house.clock.pass(kAckEvery);
  house.give(hub->store, UplinkTopic::Events, hub->batch_bytes(1, 10));
  house.shards.run_all();
  EXPECT_EQ(house.inlet.said.size(), said + 2);
  EXPECT_EQ(house.last_ack("s1").up_to, 20U);
  EXPECT_EQ(house.rows("s1").events.size(), 20U);
  EXPECT_EQ(house.telemetry.fates[BatchFate::Duplicate], 2);
  EXPECT_TRUE(house.telemetry.alarms.empty());
}

TEST(RelayIngest, case_52_a_batch_before_its_turn_is_not_taken) {
  RelayHouse house;
  auto hub = house.hub("s1");
  hub->happen(30);
  hub->connect();
  house.give(hub->store, UplinkTopic::Events, hub->batch_bytes(11, 10));
  house.give(hub->store, UplinkTopic::Events, hub->batch_bytes(1, 10));
  house.give(hub->store, UplinkTopic::Events, hub->batch_bytes(21, 10));
  house.shards.run_all();
  EXPECT_EQ(house.rows("s1").events.size(), 10U);
  EXPECT_EQ(house.telemetry.fates[BatchFate::Gap], 2);
  house.settle({hub.get()});
  hub->rewind();
  house.settle({hub.get()});
  EXPECT_EQ(house.rows("s1").events.size(), 30U);
}

TEST(RelayIngest, case_53_a_gap_is_told_at_once_with_the_mark_and_a_hub_that_lost_events_alarms) {
  RelayHouse house;
  auto hub = house.hub("s1");
  hub->happen(30);
  hub->connect();
  house.give(hub->store, UplinkTopic::Events, hub->batch_bytes(1, 9));
  house.shards.run_all();
  house.clock.pass(kAckEvery);
  const std::size_t said = house.inlet.said.size();
  house.give(hub->store, UplinkTopic::Events, hub->batch_bytes(11, 10));  // 10 is missing
  ASSERT_EQ(house.inlet.said.size(), said + 1);
  EXPECT_EQ(house.last_ack("s1").up_to, 9U);
  house.give(hub->store, UplinkTopic::Events, hub->batch_bytes(21, 10));
  EXPECT_EQ(house.inlet.said.size(), said + 1) << "the same gap is told once in 20 ms";
  house.settle({hub.get()});
  EXPECT_TRUE(house.telemetry.alarms.empty());
  auto shorter = house.hub("s1");
  shorter->happen(5);
  shorter->connect();
  ASSERT_EQ(house.telemetry.alarms.size(), 1U);
  EXPECT_NE(house.telemetry.alarms[0].find("has lost events"), std::string::npos);
}

TEST(RelayIngest, case_54_and_56_other_bytes_under_one_number_freeze_that_store_alone) {
  RelayHouse house;
  auto hub = house.hub("s1");
  auto other = house.hub("s2");
  hub->happen(20);
  other->happen(20);
  hub->connect();
  other->connect();
  house.settle({hub.get(), other.get()});
  auto clone = house.hub("s1");
  clone->happen(10);
  clone->events[4] = hub->events[4];
  clone->happen(1, "something-else");
  clone->happen(9);
  house.clock.pass(kAckEvery);
  Envelope forged = clone->batch(1, 20);
  house.give(clone->store, UplinkTopic::Events, *encode_envelope(forged));
  house.shards.run_all();
  EXPECT_EQ(house.last_ack("s1").state, Ack::State::Frozen);
  EXPECT_FALSE(house.last_ack("s1").reason.empty());
  ASSERT_EQ(house.telemetry.alarms.size(), 1U);
  EXPECT_NE(house.telemetry.alarms[0].find("frozen"), std::string::npos);
  hub->happen(5);
  house.clock.pass(kAckEvery);
  house.give(hub->store, UplinkTopic::Events, hub->batch_bytes(21, 5));
  house.shards.run_all();
  EXPECT_EQ(house.rows("s1").events.size(), 20U) << "nothing more is taken";
  EXPECT_TRUE(Streams::view(*house.relay->streams().find(hub->store)).is_frozen);
  other->happen(5);
  other->pump();
  house.settle({other.get()});
  EXPECT_TRUE(other->is_done());
}

TEST(RelayIngest, case_55_a_lower_epoch_is_stale) {
  RelayHouse house;
  auto hub = house.hub("s1");
  hub->epoch = 2;
  hub->happen(10);
  hub->connect();
  house.settle({hub.get()});
  EXPECT_TRUE(hub->is_done());
  auto old = house.hub("s1");
  old->happen(15);
  old->connect();
  EXPECT_EQ(house.last_ack("s1").state, Ack::State::Stale);
  EXPECT_EQ(house.last_ack("s1").epoch, 2U);
  house.give(old->store, UplinkTopic::Events, old->batch_bytes(11, 5));
  house.shards.run_all();
  EXPECT_EQ(house.last_ack("s1").state, Ack::State::Stale);
  EXPECT_EQ(house.rows("s1").events.size(), 10U);
}

TEST(RelayIngest, a_restored_hub_goes_on_in_its_new_epoch_from_where_both_are_the_same) {
  RelayHouse house;
  auto hub = house.hub("s1");
  hub->happen(150);
  hub->connect();
  house.settle({hub.get()});
  ASSERT_EQ(house.rows("s1").events.size(), 150U);
  hub->events.resize(100);  // a backup, taken when 80 were acknowledged
  hub->hashes.resize(100);
  hub->epochs.resize(100);
  hub->acked = 80;
  hub->epoch = 2;
  hub->restart("boot-2");
  hub->happen(30);
  hub->connect();
  EXPECT_EQ(house.last_ack("s1").epoch, 2U);
  EXPECT_EQ(house.last_ack("s1").up_to, 80U);
  house.settle({hub.get()});
  EXPECT_TRUE(hub->is_done());
  EXPECT_EQ(house.rows("s1").mark.epoch, 2U);
  EXPECT_EQ(house.rows("s1").events.size(), 130U);
  EXPECT_EQ(house.rows("s1").mark.hash, hub->head());
}

TEST(RelayIngest, case_58_a_batch_that_is_too_big_is_refused_by_name) {
  RelayHouse house;
  auto hub = house.hub("s1");
  hub->happen(1);
  hub->connect();
  house.clock.pass(kAckEvery);
  std::string huge = hub->batch_bytes(1, 1);
  huge[6] = '\xFF';  // claims 65,535 records
  huge[7] = '\xFF';
  house.give(hub->store, UplinkTopic::Events, huge);
  house.give(hub->store, UplinkTopic::Events, std::string(2'000'000, 'x'));
  EXPECT_EQ(house.telemetry.drops["too_big"] + house.telemetry.drops["envelope"], 2);
  EXPECT_GE(house.telemetry.drops["too_big"], 1);
  house.settle({hub.get()});
  EXPECT_TRUE(hub->is_done());
}

TEST(RelayIngest, case_59_garbage_and_foreign_stores_are_dropped_and_counted) {
  RelayHouse house;
  auto hub = house.hub("s1");
  hub->happen(10);
  hub->connect();
  const std::string good = hub->batch_bytes(1, 10);
  for (std::size_t cut = 0; cut < good.size(); cut += 7) {
    house.give(hub->store, UplinkTopic::Events, good.substr(0, cut));
  }
  std::string bent = good;
  bent[bent.size() / 2] = static_cast<char>(bent[bent.size() / 2] ^ 1);
  house.give(hub->store, UplinkTopic::Events, bent);
  EXPECT_EQ(house.telemetry.drops["envelope"], static_cast<int>((good.size() + 6) / 7) + 1);
  Hello foreign;
  foreign.store = StoreId("s2");
  foreign.hub = HubId("h");
  foreign.boot = "b";
  foreign.epoch = 1;
  foreign.first_unacked = 1;
  house.give(hub->store, UplinkTopic::Hello, encode(foreign));
  EXPECT_EQ(house.telemetry.drops["wrong_store"], 1);
  for (const auto topic :
       {UplinkTopic::Hello, UplinkTopic::WordsAck, UplinkTopic::Tell, UplinkTopic::Presence}) {
    house.give(hub->store, topic, "{\"no\":");
  }
  house.give(hub->store, UplinkTopic::Ack, "{}");
  EXPECT_EQ(house.telemetry.drops["hello"], 1);
  EXPECT_EQ(house.telemetry.drops["words_ack"], 1);
  EXPECT_EQ(house.telemetry.drops["books"], 1);
  EXPECT_EQ(house.telemetry.drops["presence"], 1);
  EXPECT_EQ(house.telemetry.drops["direction"], 1);
  house.settle({hub.get()});
  EXPECT_TRUE(hub->is_done());
}

TEST(RelayIngest, case_57_and_x7_one_store_that_cannot_be_kept_blocks_nobody_else) {
  RelayHouse house;
  auto bad = house.hub("s1");
  auto good = house.hub(house.neighbour_of("s1"));
  bad->happen(10);
  good->happen(30);
  house.store().poison.insert(bad->store);
  bad->connect();
  good->connect();
  house.settle({bad.get(), good.get()});
  EXPECT_TRUE(good->is_done());
  EXPECT_EQ(house.rows("s1").events.size(), 0U);
  EXPECT_EQ(house.last_ack("s1").state, Ack::State::Frozen);
  EXPECT_EQ(house.telemetry.alarms.size(), 1U);
  house.store().poison.clear();  // mended
  house.clock.pass(Duration::seconds(61));
  bad->rewind();
  house.settle({bad.get()});
  EXPECT_TRUE(bad->is_done());
}

TEST(RelayIngest, case_62_a_relay_that_lost_what_was_under_way_gets_it_again) {
  RelayHouse house;
  auto hub = house.hub("s1");
  hub->happen(100);
  hub->connect();
  hub->took(UplinkTopic::Ack, house.inlet.said.back().payload);
  house.shards.step();
  house.crash();  // the broker had confirmed every one of them
  hub->rewind();
  house.carried = house.inlet.said.size() - 1;
  house.settle({hub.get()});
  EXPECT_TRUE(hub->is_done());
  EXPECT_EQ(house.rows("s1").events.size(), 100U);
}

TEST(RelayIngest, a_batch_of_a_hub_that_never_said_who_it_is_gets_no_answer) {
  RelayHouse house;
  auto hub = house.hub("s1");
  hub->happen(10);
  house.give(hub->store, UplinkTopic::Events, hub->batch_bytes(1, 10));
  EXPECT_TRUE(house.inlet.said.empty());
  EXPECT_EQ(house.telemetry.drops["no_hello"], 1);
  hub->rewind();
  house.settle({hub.get()});
  EXPECT_TRUE(hub->is_done());
}

TEST(RelayIngest, case_78_a_store_that_moved_is_looked_up_again_and_loses_nothing) {
  RelayHouse house;
  auto hub = house.hub("s1");
  hub->happen(10);
  hub->connect();
  house.settle({hub.get()});
  hub->happen(10);
  house.store().moved.insert(hub->store);
  house.clock.pass(kAckEvery);
  house.give(hub->store, UplinkTopic::Events, hub->batch_bytes(11, 10));
  house.shards.step();
  EXPECT_EQ(house.telemetry.fates[BatchFate::Moved], 1);
  house.store().moved.clear();
  house.shards.run_all();
  EXPECT_EQ(house.last_ack("s1").up_to, 10U);
  EXPECT_EQ(house.last_ack("s1").state, Ack::State::Ok);
  hub->rewind();
  house.settle({hub.get()});
  EXPECT_TRUE(hub->is_done());
}

TEST(RelayIngest, a_database_that_fails_is_tried_again_and_its_stores_are_told_to_wait) {
  RelayHouse house;
  auto hub = house.hub("s1");
  hub->happen(10);
  hub->connect();
  house.store().fail_after = 1;  // committed, but nobody knows: the same group again is no harm
  house.give(hub->store, UplinkTopic::Events, hub->batch_bytes(1, 10));
  house.shards.run_all();
  EXPECT_FALSE(house.relay->health().is_ready());
  hub->hello();
  EXPECT_EQ(house.last_ack("s1").credit, 0);
  EXPECT_EQ(house.last_ack("s1").up_to, 0U);
  house.clock.pass(Duration::seconds(1));
  house.relay->tick();
  house.settle({hub.get()});
  EXPECT_TRUE(house.relay->health().is_ready());
  EXPECT_EQ(house.last_ack("s1").up_to, 10U);
  EXPECT_GT(house.last_ack("s1").credit, 0) << "who was told to wait is told to go on";
  EXPECT_EQ(house.telemetry.alarms.size(), 1U);
}

TEST(RelayIngest, until_the_marks_are_there_nothing_is_taken) {
  RelayHouse house;
  house.shards.forget();
  house.relay = std::make_unique<Relay>(
      RelaySettings{}, RelayPorts{house.clock, house.shards, house.inlet, house.telemetry});
  bool is_loaded = false;
  house.relay->start([&is_loaded] { is_loaded = true; });
  auto hub = house.hub("s1");
  hub->happen(10);
  hub->connect();
  EXPECT_TRUE(house.inlet.said.empty());
  EXPECT_EQ(house.telemetry.drops["not_ready"], 1);
  house.shards.run_all();
  EXPECT_TRUE(is_loaded);
  hub->hello();
  EXPECT_EQ(house.inlet.said.size(), 1U);
}

TEST(RelayIngest, stopping_acknowledges_what_was_being_committed) {
  RelayHouse house;
  auto hub = house.hub("s1");
  hub->happen(10);
  hub->connect();
  house.give(hub->store, UplinkTopic::Events, hub->batch_bytes(1, 10));
  bool is_done = false;
  house.relay->stop([&is_done] { is_done = true; });
  EXPECT_FALSE(is_done);
  house.shards.run_all();
  EXPECT_TRUE(is_done);
  EXPECT_EQ(house.last_ack("s1").up_to, 10U);
  EXPECT_EQ(house.last_ack("s1").credit, 0);
}

}  // namespace
}  // namespace larder::relay
