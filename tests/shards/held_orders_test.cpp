// An order of which an event is set aside: what later changes it waits, nothing else does, and all
// of it can still be written, in order.
#include <gtest/gtest.h>

#include "tests/shards/parked_fixture.hpp"

namespace larder::relay {
namespace {

class HeldBack : public Parked {
 protected:
  void pay(const std::string& id) { hub_.add(OrderPaid{OrderId(id), {}, OrderState::Paid}); }
  void accept(const std::string& id) {
    OrderAccepted accepted;
    accepted.order = OrderId(id);
    hub_.add(accepted);
  }
  void serve(const std::string& id) { hub_.add(OrderServed{OrderId(id)}); }
  void cancel(const std::string& id) { hub_.add(OrderCancelled{OrderId(id), "left"}); }
  Movement back(int from, int to) {
    const auto level = [](int units) {
      return StockLevel{StockType::Limited, StockStatus::Available, Quantity::units(units), {}};
    };
    return Movement{SkuId("soup"), MovementKind::Return, level(from), level(to)};
  }
  void void_order(const std::string& id, int from, int to) {
    hub_.add(OrderVoided{OrderId(id), "spilt", DeviceId("t"), {back(from, to)}});
  }
  std::vector<std::string> movements(Seq seq) {
    return look("SELECT line, available_after FROM inventory_transactions" +
                suffix_of(hub_.store()) + " WHERE seq = " + std::to_string(seq));
  }
  std::size_t messages(Seq seq) {
    return look("SELECT id FROM outbox WHERE biz_key LIKE 's1/1/" + std::to_string(seq) + "/%'")
        .size();
  }
};

TEST_F(HeldBack, what_changes_an_order_waits_behind_its_placing_and_nothing_else_does) {
  forbid("o-1");
  place("o-1");      // 2
  pay("o-1");        // 3
  place("o-2");      // 4
  pay("o-2");        // 5
  count("soup", 7);  // 6
  EXPECT_EQ(send().mark.parked, 2U);
  EXPECT_EQ(order_row("o-2"), "paid|1");
  EXPECT_EQ(soup(), 7);
  accept("o-1");  // 7: in a batch of its own, after the restart that look() is
  EXPECT_EQ(send().mark.parked, 3U);
  serve("o-1");   // 8: in the same run
  cancel("o-2");  // 9
  EXPECT_EQ(send().mark.parked, 4U);
  EXPECT_EQ(order_row("o-2"), "cancelled|1");
  const auto all = aside();
  ASSERT_EQ(all.size(), 4U);
  EXPECT_EQ(all[0].seq, 2U);
  EXPECT_NE(all[0].reason.find("contradict"), std::string::npos);
  EXPECT_FALSE(all[0].behind);
  for (std::size_t i = 1; i < all.size(); ++i) {
    EXPECT_EQ(all[i].reason, "waits behind event 2 of epoch 1") << i;
    EXPECT_EQ(all[i].behind, (ParkedPlace{1, 2})) << i;
  }
}

TEST_F(HeldBack, an_order_is_written_whole_when_its_placing_can_be) {
  forbid("o-1");
  place("o-1");   // 2
  pay("o-1");     // 3
  accept("o-1");  // 4
  send();
  serve("o-1");  // 5
  EXPECT_EQ(send().mark.parked, 4U);
  EXPECT_NE(refusal(repair(2)).find("contradict"), std::string::npos);
  EXPECT_EQ(mark_of(*store_, hub_.store()).parked, 4U);
  allow();
  EXPECT_EQ(refusal(repair(4)),
            "event 4 of epoch 1 waits behind event 2 of epoch 1; try that one first, or skip it");
  const RepairOutcome outcome = mended(repair(2));
  EXPECT_EQ(outcome.written, 4U);
  EXPECT_EQ(outcome.waiting, 0U);
  EXPECT_EQ(outcome.stopped, "");
  EXPECT_EQ(mark_of(*store_, hub_.store()).parked, 0U);
  EXPECT_TRUE(aside().empty());
  EXPECT_EQ(order_row("o-1"), "served|1");
  EXPECT_EQ(look("SELECT last_seq FROM store_orders" + suffix_of(hub_.store())),
            std::vector<std::string>{"5"});
  EXPECT_EQ(look("SELECT what FROM stream_log ORDER BY rowid DESC LIMIT 1"),
            std::vector<std::string>{"tried event 5 of epoch 1 again, and it is written"});
  cancel("o-1");
  EXPECT_EQ(send().mark.parked, 0U) << "nothing waits any more";
  EXPECT_EQ(order_row("o-1"), "cancelled|1");
}

TEST_F(HeldBack, in_the_same_run_the_next_event_is_written_at_once) {
  contradict(4);
  place("o-1");             // 2
  count("soup", 5);         // 3
  void_order("o-1", 5, 6);  // 4
  EXPECT_EQ(send().mark.parked, 1U);
  serve("o-1");  // 5
  EXPECT_EQ(send().mark.parked, 2U);
  EXPECT_EQ(mended(repair(4, "not spilt")).written, 1U);
  cancel("o-1");
  EXPECT_EQ(send().mark.parked, 0U);
  EXPECT_EQ(order_row("o-1"), "cancelled|0");
}

TEST_F(HeldBack, stock_is_told_at_once_and_once) {
  forbid("o-1");
  place("o-1");             // 2
  count("soup", 5);         // 3
  void_order("o-1", 5, 6);  // 4
  EXPECT_EQ(send().mark.parked, 2U);
  EXPECT_EQ(soup(), 6) << "every screen of the estate shows it";
  EXPECT_EQ(movements(4), std::vector<std::string>{"0|60"});
  const std::size_t told = messages(4);
  EXPECT_EQ(told, 2U);
  count("soup", 4);  // 5
  send();
  allow();
  EXPECT_EQ(mended(repair(2)).written, 2U);
  EXPECT_EQ(order_row("o-1"), "voided|0");
  EXPECT_EQ(soup(), 4);
  EXPECT_EQ(movements(4), std::vector<std::string>{"0|60"});
  EXPECT_EQ(messages(4), told);
}

TEST_F(HeldBack, stock_that_could_not_be_told_is_written_when_its_event_is) {
  forbid("o-1");
  contradict(4);
  place("o-1");             // 2
  count("soup", 5);         // 3
  void_order("o-1", 5, 6);  // 4
  EXPECT_EQ(send().mark.parked, 2U);
  EXPECT_EQ(soup(), 5);
  EXPECT_NE(aside()[1].reason.find("contradict"), std::string::npos);
  EXPECT_EQ(aside()[1].behind, (ParkedPlace{1, 2}));
  mend();
  allow();
  EXPECT_EQ(mended(repair(2)).written, 2U);
  EXPECT_EQ(soup(), 6);
  EXPECT_EQ(movements(4), std::vector<std::string>{"0|60"});
  EXPECT_EQ(messages(4), 2U);
}

TEST_F(HeldBack, one_that_still_cannot_be_written_stays_with_those_behind_it) {
  forbid("o-1");
  contradict(4);
  place("o-1");             // 2
  accept("o-1");            // 3
  void_order("o-1", 5, 6);  // 4
  cancel("o-1");            // 5
  EXPECT_EQ(send().mark.parked, 4U);
  allow();
  const RepairOutcome outcome = mended(repair(2));
  EXPECT_EQ(outcome.written, 2U);
  EXPECT_EQ(outcome.waiting, 2U);
  EXPECT_TRUE(outcome.stopped.starts_with("event 4 of epoch 1: its rows still contradict"))
      << outcome.stopped;
  EXPECT_EQ(mark_of(*store_, hub_.store()).parked, 2U);
  EXPECT_EQ(order_row("o-1"), "accepted|0");
  EXPECT_EQ(soup(), -1) << "nothing of the attempt stays";
  const auto left = aside();
  ASSERT_EQ(left.size(), 2U);
  EXPECT_FALSE(left[0].behind);
  EXPECT_NE(left[0].reason.find("still contradict"), std::string::npos);
  EXPECT_EQ(left[1].reason, "waits behind event 4 of epoch 1");
  EXPECT_EQ(left[1].behind, (ParkedPlace{1, 4}));
  EXPECT_NE(refusal(repair(5)).find("waits behind event 4 of epoch 1"), std::string::npos);
  mend();
  EXPECT_EQ(mended(repair(4)).written, 2U);
  EXPECT_EQ(order_row("o-1"), "cancelled|0");
  EXPECT_EQ(soup(), 6);
}

TEST_F(HeldBack, without_its_placing_an_order_is_skipped_whole) {
  forbid("o-1");
  place("o-1");             // 2
  count("soup", 5);         // 3
  void_order("o-1", 5, 6);  // 4
  EXPECT_EQ(send().mark.parked, 2U);
  allow();
  const RepairOutcome outcome = mended(repair(2, "a till gone mad"));
  EXPECT_EQ(outcome.skipped, 2U);
  EXPECT_EQ(outcome.written, 0U);
  EXPECT_TRUE(aside().empty());
  EXPECT_EQ(mark_of(*store_, hub_.store()).parked, 0U);
  EXPECT_EQ(soup(), 6);
  EXPECT_EQ(
      look("SELECT what FROM stream_log ORDER BY rowid DESC LIMIT 2"),
      (std::vector<std::string>{
          "skipped event 4 of epoch 1, which waited behind event 2 of epoch 1: a till gone mad",
          "skipped event 2 of epoch 1: a till gone mad"}));
}

TEST_F(HeldBack, of_an_order_that_is_there_what_waited_is_written_when_the_first_is_skipped) {
  contradict(3);
  place("o-1");             // 2
  void_order("o-1", 5, 6);  // 3
  serve("o-1");             // 4
  EXPECT_EQ(send().mark.parked, 2U);
  EXPECT_EQ(order_row("o-1"), "placed|0");
  const RepairOutcome outcome = mended(repair(3, "it says nothing"));
  EXPECT_EQ(outcome.skipped, 1U);
  EXPECT_EQ(outcome.written, 1U);
  EXPECT_EQ(order_row("o-1"), "served|0");
}

TEST_F(HeldBack, one_that_waits_is_not_skipped_by_itself) {
  forbid("o-1");
  place("o-1");   // 2
  accept("o-1");  // 3
  cancel("o-1");  // 4
  send();
  EXPECT_NE(refusal(repair(3, "never cooked")).find("waits behind event 2"), std::string::npos);
  EXPECT_EQ(aside().size(), 3U);
  allow();
  EXPECT_EQ(mended(repair(2)).written, 3U);
  EXPECT_EQ(order_row("o-1"), "cancelled|0");
}

TEST_F(HeldBack, an_event_of_a_later_version_holds_the_order_that_it_names) {
  for (const char* id : {"o-1", "o-2", "o-3"}) place(id);  // 2 to 4
  const auto unknown = [this](const std::string& body) {
    hub_.add_raw(R"({"at":5,"cmd":"","by":"","event":"order.rated","body":)" + body + "}", 99);
  };
  unknown(R"({"order":"o-1","stars":5})");                 // 5
  unknown(R"({"order":{"id":"o-2"},"stars":5})");          // 6
  unknown(R"({"stars":5,"of":{"order":"o-3"}})");          // 7
  unknown(R"({"order":7})");                               // 8
  for (const char* id : {"o-1", "o-2", "o-3"}) serve(id);  // 9 to 11
  EXPECT_EQ(send().mark.parked, 6U);
  const auto all = aside();
  ASSERT_EQ(all.size(), 6U);
  EXPECT_EQ(all[4].seq, 9U);
  EXPECT_EQ(all[4].behind, (ParkedPlace{1, 5}));
  EXPECT_EQ(all[5].seq, 10U);
  EXPECT_EQ(all[5].behind, (ParkedPlace{1, 6}));
  EXPECT_EQ(order_row("o-3"), "served|0");
  EXPECT_EQ(mended(repair(5, "nobody rates here")).written, 1U);
  EXPECT_EQ(order_row("o-1"), "served|0");
}

TEST_F(HeldBack, what_a_new_epoch_has_lost_holds_nothing_back) {
  place("o-0");  // 2
  forbid("o-1");
  place("o-1");  // 3
  serve("o-1");  // 4
  EXPECT_EQ(send().mark.parked, 2U);
  allow();
  hub_.restore_to(2);
  sent_ = 2;
  place("o-1");  // 4 of epoch 2
  serve("o-1");
  EXPECT_EQ(send().mark.parked, 2U);
  EXPECT_EQ(order_row("o-1"), "served|0");
  for (const ParkedEvent& event : aside()) EXPECT_FALSE(event.behind);
  EXPECT_NE(refusal(repair(4)).find("a new epoch without it"), std::string::npos);
  EXPECT_EQ(mended(repair(3, "lost")).skipped, 1U);
  EXPECT_EQ(mended(repair(4, "lost")).skipped, 1U);
}

TEST_F(HeldBack, what_a_new_epoch_has_kept_holds_its_order_on) {
  forbid("o-1");
  place("o-1");   // 2
  accept("o-1");  // 3, lost
  EXPECT_EQ(send().mark.parked, 2U);
  allow();
  hub_.restore_to(2);
  sent_ = 2;
  serve("o-1");  // 4 of epoch 2
  EXPECT_EQ(send().mark.parked, 3U);
  EXPECT_EQ(mended(repair(2)).written, 2U);
  EXPECT_EQ(order_row("o-1"), "served|0");
  EXPECT_EQ(mark_of(*store_, hub_.store()).parked, 1U) << "what is lost stays";
}

TEST_F(HeldBack, a_hold_is_not_locked_again_by_an_event_that_comes_late) {
  Hold hold;
  hold.id = HoldId("h-1");
  hold.order = OrderId("o-1");
  hold.demand = {Demand{SkuId("soup"), Quantity::units(1)}};
  contradict(2);
  hub_.add(HoldLocked{hold, {back(5, 4)}});                              // 2
  hub_.add(HoldConfirmed{HoldId("h-1"), OrderId("o-1"), {back(4, 3)}});  // 3
  EXPECT_EQ(send().mark.parked, 1U);
  mend();
  EXPECT_EQ(mended(repair(2)).written, 1U);
  EXPECT_EQ(look("SELECT order_id, status FROM reservation" + suffix_of(hub_.store())),
            std::vector<std::string>{"s1/o-1|OUT"});
  EXPECT_EQ(soup(), 3);
}

TEST_F(HeldBack, a_lease_is_not_begun_after_the_hub_has_called_it_back) {
  LeaseGranted granted;
  granted.lease = LeaseId("l-1");
  granted.sku = SkuId("soup");
  granted.quantity = granted.granted = Quantity::units(2);
  granted.ttl_seconds = 60;
  granted.movement = back(5, 3);
  contradict(2);
  hub_.add(granted);  // 2
  hub_.add(LeaseRecalled{LeaseId("l-1"), SkuId("soup"), {}, true, "count"});
  granted.lease = LeaseId("l-2");
  granted.movement = back(3, 1);
  hub_.add(granted);  // 4
  EXPECT_EQ(send().mark.parked, 1U);
  mend();
  EXPECT_NE(refusal(repair(2)).find("a later event of lease l-1"), std::string::npos);
  EXPECT_EQ(look("SELECT lease_id FROM lease" + suffix_of(hub_.store())),
            std::vector<std::string>{"l-2"});
}

}  // namespace
}  // namespace larder::relay
