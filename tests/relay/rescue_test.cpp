// Who a hub is, as the relay sees it: copies, lost events that go back, takeovers.
#include "tests/relay/rescue_table.hpp"

namespace larder::relay {
namespace {

using State = RescueAnswer::State;
using Ask = RescueQuestion::Ask;

class Rescue : public RescueTable {};

TEST_F(Rescue, case_119_a_restored_hub_is_told_where_it_stood_and_gets_its_events_back) {
  leaves(*hub);
  auto restored = copy(12, "machine-a");
  const RescueAnswer answer = ask(*restored);
  EXPECT_EQ(answer.state, State::Known);
  EXPECT_EQ(answer.epoch, 1U);
  EXPECT_EQ(answer.up_to, 30U);
  EXPECT_EQ(answer.hash, hub->head());
  EXPECT_EQ(fetch(*restored, 30), 1);
  EXPECT_EQ(restored->events, hub->events);
  EXPECT_FALSE(is_frozen());
  begins_epoch(*restored, 2);
  EXPECT_EQ(house.last_ack("s1").state, Ack::State::Ok);
  EXPECT_EQ(house.rows("s1").mark.epoch, 2U);
  EXPECT_EQ(house.rows("s1").mark.up_to, 31U);
}

TEST_F(Rescue, case_119_each_run_in_recovery_is_told_an_epoch_of_its_own) {
  leaves(*hub);
  auto restored = copy(12, "machine-a");
  EXPECT_EQ(ask(*restored).above, 1U);
  EXPECT_EQ(ask(*restored).above, 1U);
  auto again = copy(12, "machine-a");  // set back before anything of epoch 2 came here
  again->boot = "boot-3";
  EXPECT_EQ(ask(*again).above, 2U);
}

TEST_F(Rescue, a_long_gap_comes_in_bounded_pieces_and_goes_on_where_it_was_broken_off) {
  hub->happen(1'500);
  hub->pump();
  house.settle({hub.get()});
  leaves(*hub);
  auto restored = copy(12, "machine-a");
  ask(*restored);
  restored->ask_rescue(Ask::Events);  // the answer is lost on the way
  house.settle({});
  EXPECT_EQ(fetch(*restored, 1'530), 3);
  EXPECT_EQ(restored->events, hub->events);
}

TEST_F(Rescue, a_hub_that_ends_where_the_store_stands_loses_nothing) {
  leaves(*hub);
  auto restored = copy(30, "machine-a");
  EXPECT_EQ(ask(*restored).up_to, 30U);
  auto ahead = copy(30, "machine-a");
  ahead->happen(5);  // the relay never had these
  EXPECT_EQ(ask(*ahead).state, State::Known);
}

TEST_F(Rescue, a_hub_with_other_events_under_known_numbers_gets_nothing) {
  leaves(*hub);
  auto restored = copy(12, "machine-a");
  restored->happen(1, "another");
  EXPECT_EQ(ask(*restored).state, State::Forked);
  restored->ask_rescue(Ask::Events);
  house.settle({restored.get()});
  EXPECT_TRUE(restored->lost_events.empty());
}

TEST_F(Rescue, case_116_a_copy_while_the_hub_is_at_work_freezes_the_store_at_first_contact) {
  auto clone = copy(30, "machine-b", "h-new");
  clone->ask_rescue(Ask::Head);
  house.settle({hub.get(), clone.get()});  // the hub answers that it is there
  ASSERT_FALSE(clone->rescue_answers.empty());
  EXPECT_EQ(clone->rescue_answers.back().state, State::Alive);
  EXPECT_TRUE(is_frozen());
  ASSERT_FALSE(house.telemetry.alarms.empty());
  EXPECT_NE(house.telemetry.alarms.back().find("h-new"), std::string::npos);
  hub->happen(1);
  hub->rewind();
  house.settle({hub.get()});
  EXPECT_EQ(hub->last_ack.state, Ack::State::Frozen) << "the one at work waits as well";
  clone->ask_rescue(Ask::Events);
  house.settle({clone.get()});
  EXPECT_TRUE(clone->lost_events.empty());
}

TEST_F(Rescue, case_116_a_person_decides_and_the_copy_that_asks_on_freezes_nothing_again) {
  auto clone = copy(30, "machine-b", "h-new");
  clone->ask_rescue(Ask::Head);
  house.settle({hub.get(), clone.get()});
  lets_go_on();
  clone->ask_rescue(Ask::Head);
  house.settle({hub.get(), clone.get()});
  EXPECT_EQ(clone->rescue_answers.back().state, State::Alive);
  EXPECT_FALSE(is_frozen());
  hub->happen(3);
  hub->rewind();
  house.settle({hub.get()});
  EXPECT_EQ(house.rows("s1").mark.up_to, 33U);
}

TEST_F(Rescue, a_hub_that_died_a_moment_ago_is_not_taken_for_alive) {
  auto moved = copy(30, "machine-b", "h-new");  // its will has not been told yet
  moved->ask_rescue(Ask::Head);
  house.settle({moved.get()});
  EXPECT_TRUE(moved->rescue_answers.empty()) << "it is being looked for";
  house.clock.pass(kProbePatience);
  house.settle({moved.get()});
  ASSERT_FALSE(moved->rescue_answers.empty());
  EXPECT_EQ(moved->rescue_answers.back().state, State::Known);
  EXPECT_FALSE(is_frozen());
}

TEST_F(Rescue, case_116_one_identity_on_two_machines_is_frozen_at_its_first_hello) {
  auto clone = copy(30, "machine-b");
  clone->hello();
  house.settle({clone.get()});
  EXPECT_EQ(clone->last_ack.state, Ack::State::Frozen);
  EXPECT_TRUE(is_frozen());
  hub->rewind();
  house.settle({hub.get()});
  EXPECT_EQ(hub->last_ack.state, Ack::State::Frozen);
  EXPECT_EQ(house.telemetry.alarms.size(), 1U);
}

TEST_F(Rescue, a_hub_that_comes_back_on_the_same_machine_is_no_copy) {
  hub->restart("boot-2");
  hub->hello();
  house.settle({hub.get()});
  EXPECT_EQ(hub->last_ack.state, Ack::State::Ok);
  leaves(*hub);
  auto moved = copy(30, "machine-b");
  moved->hello();
  house.settle({moved.get()});
  EXPECT_EQ(moved->last_ack.state, Ack::State::Ok) << "the other one is not there";
}

TEST_F(Rescue, case_118_two_runs_that_throw_each_other_off_in_turn_are_frozen) {
  auto clone = copy(30, "machine-a");  // a snapshot of a virtual machine: the same hardware
  for (int turn = 0; turn < 6; ++turn) {
    house.clock.pass(Duration::seconds(2));
    (turn % 2 == 0 ? clone : hub)->hello();
    house.settle({hub.get(), clone.get()});
  }
  EXPECT_TRUE(is_frozen());
  EXPECT_EQ(hub->last_ack.state, Ack::State::Frozen);
  EXPECT_EQ(clone->last_ack.state, Ack::State::Frozen);
}

TEST_F(Rescue, an_empty_machine_and_a_strangers_books_need_hqs_code) {
  auto fresh = copy(0, "machine-b", "h-new");
  EXPECT_EQ(ask(*fresh).state, State::Elsewhere);
  auto stranger = copy(5, "machine-c", "h-other");
  stranger->was.clear();
  EXPECT_EQ(ask(*stranger).state, State::Elsewhere);
  stranger->ask_rescue(Ask::Events);
  house.settle({stranger.get()});
  EXPECT_TRUE(stranger->lost_events.empty());
}

TEST_F(Rescue, with_hqs_code_a_new_machine_takes_over_and_the_old_hub_is_fenced) {
  ASSERT_TRUE(house.relay->rescues().permit(StoreId("s1"), "ABCD2345", "hq:alice"));
  auto fresh = copy(0, "machine-b", "h-new");
  EXPECT_EQ(ask(*fresh, "ABCD2345").state, State::Known);
  hub->took(UplinkTopic::Ack, encode(house.last_ack("s1")));
  EXPECT_EQ(hub->last_ack.state, Ack::State::Stale) << "it is told at once";
  hub->happen(4);
  hub->rewind();
  hub->is_greeted = true;
  hub->credit = 4;
  hub->next = 31;
  hub->pump();
  house.settle({});
  EXPECT_EQ(house.rows("s1").mark.up_to, 30U) << "nothing more of the old epoch is taken";
  EXPECT_EQ(fetch(*fresh, 30), 1);
  begins_epoch(*fresh, 2);
  EXPECT_EQ(house.rows("s1").mark.hub, HubId("h-new"));
  EXPECT_EQ(house.rows("s1").mark.epoch, 2U);
  hub->acks.clear();
  hub->hello();
  house.settle({hub.get()});
  EXPECT_EQ(hub->acks.front().state, Ack::State::Stale);
  fresh->happen(5);
  fresh->connect();
  house.settle({fresh.get()});
  EXPECT_EQ(house.rows("s1").mark.up_to, 36U) << "the store goes on";
}

TEST_F(Rescue, the_last_word_of_the_machine_that_was_replaced_does_not_make_the_store_away) {
  ASSERT_TRUE(house.relay->rescues().permit(StoreId("s1"), "ABCD2345", "hq:alice"));
  auto fresh = copy(0, "machine-b", "h-new");
  ask(*fresh, "ABCD2345");
  fetch(*fresh, 30);
  begins_epoch(*fresh, 2);
  leaves(*hub);
  EXPECT_TRUE(Streams::view(*house.relay->streams().find(StoreId("s1"))).is_live);
}

TEST_F(Rescue, a_code_is_for_one_machine_for_a_while_and_bears_ten_tries) {
  ASSERT_TRUE(house.relay->rescues().permit(StoreId("s1"), "ABCD2345", "hq:alice"));
  EXPECT_EQ(house.relay->rescues().permit(StoreId("s9"), "ABCD2345", "hq").error().code(),
            Code::NotFound);
  auto fresh = copy(0, "machine-b", "h-new");
  auto other = copy(0, "machine-c", "h-other");
  EXPECT_EQ(ask(*fresh, "WRONG234").state, State::WrongCode);
  EXPECT_EQ(ask(*fresh, "ABCD2345").state, State::Known);
  EXPECT_EQ(ask(*fresh, "ABCD2345").state, State::Known) << "the same machine asks again";
  EXPECT_EQ(ask(*other, "ABCD2345").state, State::WrongCode);
  ASSERT_TRUE(house.relay->rescues().permit(StoreId("s1"), "EFGH2345", "hq:alice"));
  EXPECT_EQ(ask(*other, "ABCD2345").state, State::WrongCode) << "an earlier code is void";
  for (int i = 0; i < kWrongCodesMax; ++i) ask(*other, "WRONG234");
  EXPECT_EQ(ask(*other, "EFGH2345").state, State::WrongCode) << "ten wrong ones were tried";
  ASSERT_TRUE(house.relay->rescues().permit(StoreId("s1"), "JKLM2345", "hq:alice"));
  house.clock.pass(kPermitLasts);
  EXPECT_EQ(ask(*other, "JKLM2345").state, State::WrongCode) << "too late";
}

TEST_F(Rescue, hqs_code_decides_for_the_copy_and_lets_the_frozen_store_go_on) {
  auto clone = copy(30, "machine-b", "h-new");
  clone->ask_rescue(Ask::Head);
  house.settle({hub.get(), clone.get()});
  ASSERT_TRUE(is_frozen());
  ASSERT_TRUE(house.relay->rescues().permit(StoreId("s1"), "ABCD2345", "hq:alice"));
  EXPECT_EQ(ask(*clone, "ABCD2345").state, State::Known);
  EXPECT_FALSE(is_frozen());
  begins_epoch(*clone, 2);
  EXPECT_EQ(house.rows("s1").mark.hub, HubId("h-new"));
}

TEST_F(Rescue, case_119_a_hub_set_back_over_an_epoch_of_its_own_hears_that_it_is_its_own) {
  begins_epoch(*hub, 2);
  leaves(*hub);
  auto set_back = copy(12, "machine-a");
  set_back->epoch = 1;
  set_back->hello();
  house.settle({set_back.get()});
  EXPECT_EQ(set_back->last_ack.state, Ack::State::Stale);
  EXPECT_EQ(set_back->last_ack.epoch, 2U);
  EXPECT_EQ(set_back->last_ack.hub, hub->hub);
  EXPECT_EQ(ask(*set_back).state, State::Known) << "and gets its events back";
  EXPECT_EQ(fetch(*set_back, 31), 2) << "of both epochs";
  EXPECT_EQ(set_back->events, hub->events);
}

TEST_F(Rescue, what_may_be_a_copy_is_not_told_that_the_later_epoch_is_its_own) {
  auto copied = copy(12, "machine-b");  // while the hub of record is there
  begins_epoch(*hub, 2);
  copied->epoch = 1;
  copied->hello();
  house.settle({copied.get()});
  EXPECT_EQ(copied->last_ack.state, Ack::State::Stale);
  EXPECT_EQ(copied->last_ack.hub, HubId());
}

TEST_F(Rescue, a_hub_that_is_being_replaced_is_not_told_that_the_store_is_its_own) {
  ASSERT_TRUE(house.relay->rescues().permit(StoreId("s1"), "ABCD2345", "hq:alice"));
  auto fresh = copy(0, "machine-b", "h-new");
  EXPECT_EQ(ask(*fresh, "ABCD2345").state, State::Known);
  hub->hello();
  house.settle({hub.get()});
  EXPECT_EQ(hub->last_ack.state, Ack::State::Stale);
  EXPECT_EQ(hub->last_ack.hub, HubId());
}

// A person in the shop let a copy go on while nobody could be asked; then the internet is back.
TEST_F(Rescue, case_117_a_copy_that_began_an_epoch_by_itself_waits_for_hqs_decision) {
  auto clone = copy(20, "machine-b", "h-new");
  clone->epoch = 2;
  clone->happen(4);
  clone->acked = 20;
  clone->hello();
  house.settle({clone.get()});
  EXPECT_EQ(clone->last_ack.state, Ack::State::Frozen);
  EXPECT_TRUE(is_frozen());
  EXPECT_EQ(house.rows("s1").mark.up_to, 30U) << "nothing of the hub at work is lost";
  EXPECT_NE(house.telemetry.alarms.back().find("h-new"), std::string::npos);
  lets_go_on();
  clone->hello();
  house.settle({clone.get()});
  EXPECT_EQ(clone->last_ack.state, Ack::State::Stale);
  hub->happen(2);
  hub->rewind();
  house.settle({hub.get()});
  EXPECT_EQ(house.rows("s1").mark.up_to, 32U);
}

TEST_F(Rescue, case_117_or_hq_gives_the_store_to_the_copy_by_a_code) {
  auto clone = copy(30, "machine-b", "h-new");
  clone->epoch = 2;
  clone->happen(4);
  clone->acked = 30;
  clone->hello();
  house.settle({clone.get()});
  ASSERT_TRUE(is_frozen());
  ASSERT_TRUE(house.relay->rescues().permit(StoreId("s1"), "ABCD2345", "hq:alice"));
  clone->code = "ABCD2345";
  clone->hello();
  house.settle({clone.get()});
  clone->rewind();
  house.settle({clone.get()});
  EXPECT_FALSE(is_frozen());
  EXPECT_EQ(house.rows("s1").mark.hub, HubId("h-new"));
  EXPECT_EQ(house.rows("s1").mark.up_to, 34U);
}

TEST_F(Rescue, a_relay_that_never_heard_of_the_store_says_so) {
  auto other = house.hub("s2");
  other->happen(3);
  other->ask_rescue(Ask::Head);
  house.settle({other.get()});
  ASSERT_FALSE(other->rescue_answers.empty());
  EXPECT_EQ(other->rescue_answers.back().state, State::Unknown);
}

TEST_F(Rescue, case_122_a_relay_restored_from_a_backup_gets_again_what_it_lost) {
  auto& rows = house.rows("s1");
  rows.events.resize(12);
  rows.mark.up_to = 12;
  rows.mark.hash = rows.events.back().hash;
  house.crash();
  hub->acked = 0;  // the real hub goes on from where the relay stands: tests/uplink
  hub->hello();
  house.settle({hub.get()});
  EXPECT_EQ(rows.mark.up_to, 30U);
  EXPECT_FALSE(is_frozen());
  EXPECT_TRUE(house.telemetry.alarms.empty());
}

}  // namespace
}  // namespace larder::relay
