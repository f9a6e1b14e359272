// Bugs in the kitchen's rules.
#include <gtest/gtest.h>

#include "tests/core/store.hpp"

namespace larder::test {
namespace {

// A bump marks every line done, and a recall left them so: the cook saw a ticket with nothing left
// to do, and not what had been ticked before.
TEST(Issues, a_recall_brings_back_what_was_ticked_and_no_more) {
  const StationId grill("grill");
  Store store;
  const OrderId id =
      store.must(store.till, fired_at_table({line("soup", 2), burger("burger-s")})).order;
  const auto ticket = [&]() -> const Ticket& { return store.order(id).tickets.at(0); };
  store.must(store.kds, CheckTicketItem{id, grill, 1, true});
  store.must(store.kds, BumpTicket{id, grill});
  store.must(store.kds, RecallTicket{id, grill});
  EXPECT_FALSE(ticket().lines[0].done);
  EXPECT_TRUE(ticket().lines[1].done);
  store.must(store.kds, UndoTicket{id, grill});
  EXPECT_TRUE(ticket().bumped);
  EXPECT_TRUE(ticket().lines[0].done);
}

}  // namespace
}  // namespace larder::test
