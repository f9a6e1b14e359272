// The kitchen: check, bump, recall, undo.
#include <gtest/gtest.h>

#include "tests/core/store.hpp"

namespace larder::test {
namespace {

const StationId kGrill("grill");
const StationId kBar("bar");

// Two soups and a burger at the grill, a cola at the bar.
class Kitchen : public testing::Test {
 protected:
  Kitchen() { id = place(); }

  OrderId place() {
    return store
        .must(store.till, fired_at_table({line("soup", 2), burger("burger-s"), line("cola")}))
        .order;
  }
  const Ticket& ticket(const StationId& station) const {
    const Order& order = store.order(id);
    return order.tickets.at(order.tickets.at(0).station == station ? 0 : 1);
  }
  Outcome check(std::uint32_t index, bool done = true) {
    return store.must(store.kds, CheckTicketItem{id, kGrill, index, done});
  }
  Outcome bump(const StationId& station) { return store.must(store.kds, BumpTicket{id, station}); }
  Outcome recall(const StationId& station) {
    return store.must(store.kds, RecallTicket{id, station});
  }
  Outcome undo(const StationId& station) { return store.must(store.kds, UndoTicket{id, station}); }
  OrderState state() const { return store.order(id).state; }

  Store store;
  OrderId id;
};

TEST_F(Kitchen, the_first_check_begins_the_work) {
  EXPECT_EQ(state(), OrderState::Accepted);
  store.wait(1);
  EXPECT_EQ(check(1).state, OrderState::Preparing);
  const auto& change = last_of<TicketChanged>(store.last_events());
  EXPECT_EQ(change.action, TicketAction::Checked);
  EXPECT_EQ(change.index, 1U);
  EXPECT_EQ(change.done, (std::vector<bool>{false, true}));
  EXPECT_FALSE(change.bumped);
  EXPECT_FALSE(change.undo);
  EXPECT_EQ(change.by, DeviceId("kds-1"));
  EXPECT_EQ(state(), OrderState::Preparing);
  EXPECT_TRUE(ticket(kGrill).lines[1].done);
  EXPECT_EQ(ticket(kGrill).acted_at, store.now.at);
}

TEST_F(Kitchen, checking_what_is_checked_changes_nothing) {
  check(0);
  check(0);
  EXPECT_TRUE(store.last_events().empty());
  check(0, false);
  EXPECT_EQ(last_of<TicketChanged>(store.last_events()).action, TicketAction::Unchecked);
  check(0, false);
  EXPECT_TRUE(store.last_events().empty());
}

TEST_F(Kitchen, there_is_no_such_line_ticket_or_order) {
  EXPECT_EQ(store.refused(store.kds, CheckTicketItem{id, kGrill, 2, true}), Code::NotFound);
  EXPECT_EQ(store.refused(store.kds, CheckTicketItem{id, StationId("none"), 0, true}),
            Code::NotFound);
  EXPECT_EQ(store.refused(store.kds, BumpTicket{OrderId("none"), kGrill}), Code::NotFound);
  EXPECT_EQ(store.refused(store.kds, RecallTicket{OrderId("none"), kGrill}), Code::NotFound);
  EXPECT_EQ(store.refused(store.kds, UndoTicket{OrderId("none"), kGrill}), Code::NotFound);
  const OrderId waiting = store.must(store.till, takeaway({line("soup")})).order;
  EXPECT_EQ(store.refused(store.kds, BumpTicket{waiting, kGrill}), Code::NotFound);
}

TEST_F(Kitchen, an_order_is_ready_when_every_station_has_bumped) {
  check(0);
  EXPECT_EQ(bump(kGrill).state, OrderState::Preparing);
  EXPECT_EQ(last_of<TicketChanged>(store.last_events()).done, (std::vector<bool>{true, true}));
  EXPECT_EQ(ticket(kGrill).done_before, (std::vector<bool>{true, false}));
  EXPECT_EQ(ticket(kGrill).bumped_at, store.now.at);
  EXPECT_EQ(bump(kBar).state, OrderState::Ready);
  EXPECT_EQ(state(), OrderState::Ready);
  EXPECT_EQ(store.refused(store.kds, BumpTicket{id, kGrill}), Code::BadState);
  EXPECT_EQ(store.refused(store.kds, CheckTicketItem{id, kGrill, 0, false}), Code::BadState);
}

TEST_F(Kitchen, a_recalled_ticket_is_work_again) {
  bump(kGrill);
  bump(kBar);
  EXPECT_EQ(recall(kGrill).state, OrderState::Preparing);
  EXPECT_FALSE(ticket(kGrill).bumped);
  EXPECT_EQ(ticket(kGrill).bumped_at, TimePoint{});
  EXPECT_TRUE(ticket(kBar).bumped);
  EXPECT_EQ(store.refused(store.kds, RecallTicket{id, kGrill}), Code::BadState);
  EXPECT_EQ(bump(kGrill).state, OrderState::Ready);
}

TEST_F(Kitchen, a_served_order_is_not_recalled) {
  bump(kGrill);
  bump(kBar);
  store.must(store.till, ServeOrder{id});
  EXPECT_EQ(store.refused(store.kds, RecallTicket{id, kGrill}), Code::BadState);
  EXPECT_EQ(store.refused(store.kds, UndoTicket{id, kGrill}), Code::BadState);
  EXPECT_EQ(store.refused(store.kds, CheckTicketItem{id, kGrill, 0, false}), Code::BadState);
  EXPECT_EQ(store.refused(store.kds, RecallTicket{OrderId(), kGrill}), Code::NotFound)
      << "nothing that can come back";
}

TEST_F(Kitchen, recall_without_an_order_takes_the_last_one_bumped) {
  const OrderId second = place();
  store.must(store.kds, BumpTicket{second, kGrill});
  store.must(store.kds, BumpTicket{id, kGrill});
  const std::vector<OrderId> both{second, id};
  EXPECT_EQ(store.ledger.bumped.at(kGrill), both);
  EXPECT_EQ(store.must(store.kds, RecallTicket{OrderId(), kGrill}).order, id);
  EXPECT_EQ(store.must(store.kds, RecallTicket{OrderId(), kGrill}).order, second);
  EXPECT_EQ(store.refused(store.kds, RecallTicket{OrderId(), kGrill}), Code::NotFound);
  EXPECT_EQ(store.refused(store.kds, RecallTicket{OrderId(), kBar}), Code::NotFound);
  EXPECT_TRUE(store.ledger.bumped.empty());
}

TEST_F(Kitchen, recall_without_an_order_passes_over_those_that_are_gone) {
  const OrderId second = place();
  store.must(store.kds, BumpTicket{id, kGrill});
  store.must(store.kds, BumpTicket{second, kGrill});
  store.must(store.till, VoidOrder{second, "gone", false});
  EXPECT_EQ(store.must(store.kds, RecallTicket{OrderId(), kGrill}).order, id);
}

TEST_F(Kitchen, recall_without_an_order_is_about_today) {
  bump(kGrill);
  store.now.day = BusinessDay{20261122};
  EXPECT_EQ(store.refused(store.kds, RecallTicket{OrderId(), kGrill}), Code::NotFound);
  EXPECT_EQ(recall(kGrill).order, id) << "by name it can still come back";
}

TEST_F(Kitchen, undo_takes_a_check_back) {
  check(1);
  undo(kGrill);
  const auto& change = last_of<TicketChanged>(store.last_events());
  EXPECT_TRUE(change.undo);
  EXPECT_EQ(change.action, TicketAction::Checked);
  EXPECT_EQ(change.index, 1U);
  EXPECT_EQ(change.done, (std::vector<bool>{false, false}));
  EXPECT_FALSE(ticket(kGrill).lines[1].done);
  EXPECT_EQ(ticket(kGrill).last_action, TicketAction::None);
  check(1);
  check(1, false);
  undo(kGrill);
  EXPECT_TRUE(ticket(kGrill).lines[1].done);
  EXPECT_EQ(store.refused(store.kds, UndoTicket{id, kGrill}), Code::BadState) << "once";
}

TEST_F(Kitchen, undo_takes_a_bump_back_with_the_marks_as_they_were) {
  check(0);
  bump(kBar);
  bump(kGrill);
  EXPECT_EQ(state(), OrderState::Ready);
  EXPECT_EQ(undo(kGrill).state, OrderState::Preparing);
  EXPECT_FALSE(ticket(kGrill).bumped);
  EXPECT_TRUE(ticket(kGrill).lines[0].done);
  EXPECT_FALSE(ticket(kGrill).lines[1].done);
  EXPECT_TRUE(ticket(kGrill).done_before.empty());
  EXPECT_EQ(store.ledger.bumped.count(kGrill), 0U);
  EXPECT_EQ(store.ledger.bumped.at(kBar), std::vector<OrderId>{id});
}

TEST_F(Kitchen, undo_takes_a_recall_back) {
  bump(kBar);
  bump(kGrill);
  recall(kGrill);
  store.wait(3);
  EXPECT_EQ(undo(kGrill).state, OrderState::Ready);
  EXPECT_TRUE(ticket(kGrill).bumped);
  EXPECT_EQ(ticket(kGrill).bumped_at, store.now.at);
  EXPECT_EQ(store.ledger.bumped.at(kGrill), std::vector<OrderId>{id});
  EXPECT_EQ(store.refused(store.kds, UndoTicket{id, kGrill}), Code::BadState);
}

TEST_F(Kitchen, undo_is_for_ten_seconds_and_for_one_station) {
  EXPECT_EQ(store.refused(store.kds, UndoTicket{id, kGrill}), Code::BadState) << "nothing yet";
  check(0);
  EXPECT_EQ(store.refused(store.kds, UndoTicket{id, kBar}), Code::BadState);
  store.wait(kUndoSeconds);
  undo(kGrill);
  check(0);
  store.wait(kUndoSeconds);
  store.now.at.micros += 1;
  EXPECT_EQ(store.refused(store.kds, UndoTicket{id, kGrill}), Code::BadState);
}

TEST_F(Kitchen, the_ticket_of_a_voided_order_is_only_cleared) {
  bump(kBar);
  store.must(store.till, VoidOrder{id, "left", false});
  EXPECT_EQ(store.refused(store.kds, CheckTicketItem{id, kGrill, 0, true}), Code::BadState);
  EXPECT_EQ(store.refused(store.kds, RecallTicket{id, kBar}), Code::BadState);
  EXPECT_EQ(bump(kGrill).state, OrderState::Voided);
  EXPECT_EQ(state(), OrderState::Voided);
  EXPECT_TRUE(ticket(kGrill).bumped);
  EXPECT_EQ(undo(kGrill).state, OrderState::Voided);
  EXPECT_FALSE(ticket(kGrill).bumped);
  EXPECT_EQ(store.ledger.open_orders, 0U);
}

TEST_F(Kitchen, tickets_of_yesterday_are_still_cooked) {
  store.now.day = BusinessDay{20261122};
  EXPECT_EQ(bump(kGrill).state, OrderState::Preparing);
  EXPECT_EQ(story(store.last_events()), "DayOpened TicketChanged");
  EXPECT_EQ(bump(kBar).state, OrderState::Ready);
}

}  // namespace
}  // namespace larder::test
