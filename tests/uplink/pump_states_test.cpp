// The rules of the outbox pump, by example: what the relay says of the hub, and where both stand.
#include <gtest/gtest.h>

#include "tests/uplink/cloud_table.hpp"

namespace larder::edge {
namespace {

constexpr Duration kMoment{60'000};  // more than a live batch waits

using Lost = CloudState::Lost;

TEST(Pump, case_54_a_frozen_store_stops_sending_says_so_and_goes_on_when_it_is_released) {
  CloudTable table;
  table.connect();
  table.relay.state = Ack::State::Frozen;
  table.relay.reason = "two events under number 7";
  table.commit(kFlushEvents);
  table.settle();
  table.commit(kFlushEvents);
  table.pass(Duration::seconds(2));
  EXPECT_EQ(table.relay.batches.size(), 1U);
  EXPECT_TRUE(table.uplink->state().needs_a_person);
  EXPECT_EQ(table.uplink->state().lost, Lost::Relay);
  EXPECT_NE(table.uplink->state().reason.find("two events under number 7"), std::string::npos);
  EXPECT_EQ(table.telemetry.warnings.size(), 1U);
  table.relay.state = Ack::State::Ok;
  table.pass(Duration::seconds(62));
  EXPECT_EQ(table.relay.up_to(), 2 * kFlushEvents);
  EXPECT_FALSE(table.uplink->state().needs_a_person);
}

TEST(Pump, case_55_a_hub_of_an_earlier_epoch_is_told_so_and_stops) {
  CloudTable table;
  table.commit(5);
  table.relay.state = Ack::State::Stale;
  table.connect();
  table.pass(kMoment);
  EXPECT_TRUE(table.relay.batches.empty());
  EXPECT_TRUE(table.uplink->state().needs_a_person);
  table.relay.state = Ack::State::Ok;
  EXPECT_EQ(table.gate.doubts.size(), 1U) << "and sells nothing";
  table.relay.epoch = 2;  // said by the number alone
  table.pass(Duration::seconds(62));
  EXPECT_TRUE(table.relay.batches.empty());
  EXPECT_TRUE(table.uplink->state().needs_a_person);
  EXPECT_EQ(table.gate.doubts.back().doubt, Doubt::TakenOver);
  EXPECT_EQ(table.gate.doubts.back().seen_epoch, 2U);
}

TEST(Pump, case_119_a_hub_set_back_over_an_epoch_of_its_own_is_behind_and_not_taken_over) {
  for (const char* keeper : {"h1", "h0", "h2", ""}) {
    CloudTable table;
    table.gate.was = {HubId("h0")};
    table.commit(5);
    table.relay.state = Ack::State::Stale;
    table.relay.epoch = 2;
    table.relay.keeper = HubId(keeper);
    table.connect();
    ASSERT_EQ(table.gate.doubts.size(), 1U) << keeper;
    const KeptDoubt& raised = table.gate.doubts[0];
    const bool is_own = std::string(keeper) == "h1" || std::string(keeper) == "h0";
    EXPECT_EQ(raised.doubt, is_own ? Doubt::Behind : Doubt::TakenOver) << keeper;
    EXPECT_EQ(raised.seen_epoch, 2U) << "and what it begins is above that";
    EXPECT_TRUE(table.relay.batches.empty());
    EXPECT_TRUE(table.uplink->state().needs_a_person);
  }
}

TEST(Pump, a_stale_that_names_this_hub_but_no_later_epoch_is_still_a_takeover) {
  CloudTable table;
  table.commit(5);
  table.relay.state = Ack::State::Stale;
  table.relay.epoch = 1;
  table.relay.keeper = HubId("h1");
  table.connect();
  ASSERT_EQ(table.gate.doubts.size(), 1U);
  EXPECT_EQ(table.gate.doubts[0].doubt, Doubt::TakenOver);
}

TEST(Pump, case_56_a_store_that_the_relay_wants_reset_sends_nothing) {
  CloudTable table;
  table.commit(5);
  table.relay.state = Ack::State::Reset;
  table.connect();
  table.pass(kMoment);
  EXPECT_TRUE(table.relay.batches.empty());
  EXPECT_NE(table.uplink->state().reason.find("does not know epoch 1"), std::string::npos);
}

TEST(Pump, a_relay_that_holds_more_than_the_hub_stops_it) {
  CloudTable table;
  table.connect();
  table.commit(10);
  table.pass(kMoment);
  table.link.go_down();
  table.gate.roll_back_to(6);
  table.make(6);
  table.connect();
  EXPECT_TRUE(table.uplink->state().needs_a_person);
  EXPECT_NE(table.uplink->state().reason.find("older"), std::string::npos);
  ASSERT_FALSE(table.gate.doubts.empty()) << "the hub must not sell on";
  EXPECT_EQ(table.gate.doubts[0].doubt, Doubt::Behind);
  EXPECT_EQ(table.gate.doubts[0].seen_seq, 10U);
}

TEST(Pump, case_122_a_relay_restored_from_a_backup_is_sent_again_what_it_lost) {
  CloudTable table;
  table.connect();
  table.commit(30);
  table.pass(kMoment);
  ASSERT_EQ(table.relay.up_to(), 30U);
  table.relay.roll_back_to(12);
  table.link.go_down();
  table.link.come_up();
  table.pass(kMoment);
  EXPECT_EQ(table.relay.up_to(), 30U);
  EXPECT_EQ(table.relay.breaches, std::vector<std::string>());
  table.relay.roll_back_to(5);  // and while the connection stands
  table.commit(1);
  table.pass(Duration::seconds(1));
  EXPECT_EQ(table.relay.up_to(), 31U);
  EXPECT_EQ(table.relay.breaches, std::vector<std::string>());
  EXPECT_TRUE(table.gate.doubts.empty()) << "that says nothing against the hub";
}

TEST(Pump, case_66_a_credit_of_nothing_is_a_pause_of_5_to_30_s) {
  for (const double chance : {0.0, 0.5, 0.999}) {
    CloudTable table;
    table.chance = chance;
    table.relay.credit = 0;
    table.commit(10);
    table.connect();
    const auto expected = static_cast<std::int64_t>(5'000'000 + chance * 25'000'000);
    table.pass(Duration{expected - 100'000});
    EXPECT_TRUE(table.relay.batches.empty());
    EXPECT_EQ(table.relay.hellos.size(), 1U);
    table.pass(Duration{200'000});
    EXPECT_EQ(table.relay.hellos.size(), 2U);
    table.relay.credit = 1;
    table.relay.answer();
    table.pass(kMoment);
    EXPECT_EQ(table.relay.up_to(), 10U);
    EXPECT_EQ(table.uplink->state().lost, Lost::Nothing);
  }
}

TEST(Pump, a_relay_that_says_it_is_away_gets_nothing_until_it_is_back) {
  CloudTable table;
  table.connect();
  const std::string topic = relay_presence_topic(partition_of(table.store));
  table.link.bring(topic, encode(RelayPresence{"r1", false}));
  table.commit(10);
  table.pass(Duration::seconds(30));
  EXPECT_TRUE(table.relay.batches.empty());
  EXPECT_EQ(table.relay.hellos.size(), 1U);
  EXPECT_EQ(table.uplink->state().lost, Lost::Relay);
  table.link.bring(topic, encode(RelayPresence{"r2", true}));
  table.pass(kMoment);
  EXPECT_EQ(table.relay.up_to(), 10U);
}

TEST(Pump, an_epoch_never_shares_a_batch_with_another) {
  CloudTable table;
  table.gate.commit(10);
  table.gate.begin_epoch(2);
  table.gate.commit(10);
  table.gate.begin_epoch(3);
  table.gate.commit(1);
  table.connect();
  table.pass(kMoment);
  ASSERT_EQ(table.relay.batches.size(), 3U);
  EXPECT_EQ(table.relay.batches[0].last, 10U);
  EXPECT_EQ(table.relay.batches[1].last, 20U);
  EXPECT_EQ(table.relay.batches[2].epoch, 3U);
  EXPECT_EQ(table.relay.up_to(), 21U);
}

TEST(Pump, a_restored_hub_goes_on_where_its_new_epoch_begins) {
  CloudTable table;
  table.connect();
  table.commit(kReadStep * 3);
  table.pass(kMoment);
  ASSERT_EQ(table.relay.up_to(), kReadStep * 3);
  table.link.go_down();
  table.gate.roll_back_to(kReadStep);
  table.gate.begin_epoch(2);
  table.gate.commit(kReadStep * 3);
  table.make(kReadStep);
  table.connect();
  table.pass(kMoment);
  EXPECT_EQ(table.relay.up_to(), kReadStep * 4);
  EXPECT_EQ(table.relay.log[kReadStep - 1].epoch, 1U);
  EXPECT_EQ(table.relay.log[kReadStep].epoch, 2U);
  EXPECT_TRUE(table.relay.breaches.empty());
}

TEST(Pump, case_122_a_relay_that_lost_some_gets_it_again) {
  CloudTable table;
  table.connect();
  table.commit(500);
  table.pass(kMoment);
  table.relay.roll_back_to(100);
  table.relay.answer();  // a relay that came back says where it is
  table.pass(kMoment);
  EXPECT_EQ(table.relay.up_to(), 500U);
  EXPECT_EQ(table.relay.hellos.size(), 2U);
}

}  // namespace
}  // namespace larder::edge
