// What the relay has promised and decided about hubs in recovery outlives the relay.
#include "tests/relay/rescue_table.hpp"

namespace larder::relay {
namespace {

using State = RescueAnswer::State;
using Ask = RescueQuestion::Ask;

class RescueRestart : public RescueTable {
 protected:
  // The relay dies and starts again; the clock that nobody sets begins anew with it.
  void restarts() { house.crash(); }
  void permits(const std::string& code) {
    ASSERT_TRUE(house.relay->rescues().permit(StoreId("s1"), code, "hq:alice"));
    house.settle({});
  }
};

TEST_F(RescueRestart, case_119_a_relay_that_starts_anew_promises_no_epoch_twice) {
  leaves(*hub);
  auto restored = copy(12, "machine-a");
  EXPECT_EQ(ask(*restored).above, 1U);  // and begins epoch 2, of which nothing comes here
  restarts();
  auto again = copy(12, "machine-a");
  again->boot = "boot-3";
  EXPECT_EQ(ask(*again).above, 2U);
  restarts();
  EXPECT_EQ(ask(*again).above, 2U) << "the same run is told the same";
  EXPECT_EQ(ask(*restored).above, 3U) << "the earlier run, which may have begun, another";
}

TEST_F(RescueRestart, an_epoch_is_promised_only_once_it_is_on_disk) {
  leaves(*hub);
  auto restored = copy(12, "machine-a");
  restored->ask_rescue(Ask::Head);
  ASSERT_TRUE(house.shards.work_only());  // it is done, and the answer is lost with the relay
  restarts();
  auto again = copy(12, "machine-a");
  again->boot = "boot-3";
  EXPECT_EQ(ask(*again).above, 2U) << "nobody knows whether the first one was told";
}

TEST_F(RescueRestart, a_run_that_was_let_in_goes_on_with_its_events) {
  leaves(*hub);
  auto restored = copy(12, "machine-a", "h-moved");
  EXPECT_EQ(ask(*restored).state, State::Known);
  restarts();
  EXPECT_EQ(fetch(*restored, 30), 1);
  begins_epoch(*restored, 2);
  EXPECT_EQ(house.last_ack("s1").state, Ack::State::Ok) << "it is no stranger";
  EXPECT_EQ(house.rows("s1").mark.hub, HubId("h-moved"));
}

TEST_F(RescueRestart, hqs_code_and_its_wrong_tries_are_known) {
  permits("ABCD2345");
  auto fresh = copy(0, "machine-b", "h-new");
  for (int i = 0; i < kWrongCodesMax - 1; ++i) ask(*fresh, "WRONG234");
  restarts();
  EXPECT_EQ(ask(*fresh, "ABCD2345").state, State::Known);
  restarts();
  EXPECT_EQ(ask(*copy(0, "machine-c", "h-other"), "ABCD2345").state, State::WrongCode)
      << "it is the first machine's, and that was the tenth wrong try";
  EXPECT_EQ(ask(*fresh, "ABCD2345").state, State::WrongCode);
}

TEST_F(RescueRestart, hqs_code_ends_in_time) {
  permits("ABCD2345");
  auto fresh = copy(0, "machine-b", "h-new");
  house.clock.pass(Duration::seconds(29 * 60));
  restarts();
  EXPECT_EQ(ask(*fresh, "ABCD2345").state, State::Known);
  house.clock.pass(Duration::seconds(61));
  EXPECT_EQ(ask(*fresh, "ABCD2345").state, State::WrongCode);
  restarts();
  EXPECT_EQ(ask(*fresh, "ABCD2345").state, State::WrongCode);
}

TEST_F(RescueRestart, the_hub_that_is_being_replaced_stays_fenced) {
  permits("ABCD2345");
  auto fresh = copy(0, "machine-b", "h-new");
  ask(*fresh, "ABCD2345");
  restarts();
  hub->acks.clear();
  hub->happen(4);
  hub->connect();
  house.settle({hub.get()});
  ASSERT_FALSE(hub->acks.empty());
  EXPECT_EQ(hub->acks.back().state, Ack::State::Stale);
  EXPECT_EQ(house.rows("s1").mark.up_to, 30U);
}

// It asks because it was told that it is replaced; a yes would have it sell on beside the new one.
TEST_F(RescueRestart, until_the_new_machine_has_begun_the_old_hub_is_told_that_it_is_replaced) {
  permits("ABCD2345");
  auto fresh = copy(0, "machine-b", "h-new");
  EXPECT_EQ(ask(*fresh, "ABCD2345").state, State::Known);
  EXPECT_EQ(ask(*hub).state, State::Elsewhere);
  restarts();
  EXPECT_EQ(ask(*hub).state, State::Elsewhere);
  fresh->connect();
  house.settle({fresh.get()});
  EXPECT_EQ(ask(*hub).state, State::Elsewhere);
  EXPECT_FALSE(is_frozen()) << "the new machine is no copy of the old one";
}

TEST_F(RescueRestart, case_116_what_a_person_decided_about_a_copy_is_not_asked_again) {
  auto clone = copy(30, "machine-b", "h-new");
  clone->ask_rescue(Ask::Head);
  house.settle({hub.get(), clone.get()});
  ASSERT_TRUE(is_frozen());
  restarts();
  lets_go_on();
  restarts();
  hub->restart("boot-2");
  hub->connect();
  house.settle({hub.get()});
  clone->ask_rescue(Ask::Head);
  house.settle({hub.get(), clone.get()});
  EXPECT_EQ(clone->rescue_answers.back().state, State::Alive);
  EXPECT_FALSE(is_frozen());
}

TEST_F(RescueRestart, what_was_decided_in_an_earlier_epoch_is_over) {
  permits("ABCD2345");
  auto fresh = copy(0, "machine-b", "h-new");
  ask(*fresh, "ABCD2345");
  fetch(*fresh, 30);
  begins_epoch(*fresh, 2);
  restarts();
  EXPECT_EQ(ask(*copy(0, "machine-b", "h-new"), "ABCD2345").state, State::WrongCode);
  fresh->happen(3);
  fresh->restart("boot-9");
  fresh->connect();
  house.settle({fresh.get()});
  EXPECT_EQ(house.rows("s1").mark.up_to, 34U);
}

}  // namespace
}  // namespace larder::relay
