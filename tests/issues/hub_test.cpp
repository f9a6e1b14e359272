// Bugs of the hub around its rules.
#include <gtest/gtest.h>

#include <string>

#include "tests/app/kitchen_table.hpp"

namespace larder::edge {
namespace {

// The refusal said "not enough left" and not of what: the kiosk could not say which dish of the
// cart was gone.
TEST(Issues, a_sold_out_reply_names_the_sku) {
  KitchenTable table;
  RecordingSession kiosk, till;
  SessionKey till_key = table.join(till, "till-1");
  SessionKey key = table.join(kiosk, "kiosk-1");
  table.hub->received(
      till_key, KitchenTable::command("m", "stock.mark", R"({"sku":"cake","status":"sold_out"})"));
  table.hub->received(key, KitchenTable::order("a", "cake"));
  table.writer->settle();
  EXPECT_EQ(text_at(kiosk.frames.back(), "error.code"), "out_of_stock");
  EXPECT_EQ(text_at(kiosk.frames.back(), "error.sku"), "cake");
}

// The business day turned with the first command after it: a quiet night left yesterday's numbers
// and figures on every screen until somebody ordered.
TEST(Issues, the_day_turns_without_a_command) {
  KitchenTable table;
  RecordingSession till;
  SessionKey key = table.join(till, "till-1");
  table.hub->received(key, KitchenTable::subscribe("s", "orders"));
  table.writer->settle();
  till.take();
  table.clock.set_day(20261122);
  table.clock.pass(Duration::minutes(60));
  table.hub->tick();
  table.writer->settle();
  EXPECT_EQ(table.hub->ledger().day.yyyymmdd, 20261122);
  EXPECT_EQ(text_at(till.frames.at(0) + "", "type"), "heartbeat");
  EXPECT_EQ(text_at(till.frames.at(1), "events.0.event"), "day.opened");
}

}  // namespace
}  // namespace larder::edge
