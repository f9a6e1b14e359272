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

// A device that was quick, and came with its new token before the commit that made it, was hung up
// by that commit with a code that tells it never to come back: the admin's tools at a first start.
TEST(Issues, a_device_that_comes_before_its_own_commit_stays) {
  KitchenTable table;
  RecordingSession before, quick;
  table.join(before, "kiosk-1");
  AddDevice fresh;
  fresh.device = DeviceId("kiosk-1");
  fresh.name = "Kiosk by the window";
  fresh.role = Role::Kiosk;
  fresh.token_sha256 = hex(sha256("another-token"));
  table.run_own(fresh);
  const SessionKey key = table.hub->opened(quick, "127.0.0.1");
  table.hub->received(key, R"({"type":"auth","token":"another-token"})");
  table.writer->settle();
  EXPECT_TRUE(table.hub->is_authenticated(key));
  EXPECT_EQ(text_at(quick.frames.back(), "type"), "welcome");
  EXPECT_EQ(quick.closed_with, 0);
  EXPECT_NE(before.closed_with, 0) << "who has the old token goes";
}

}  // namespace
}  // namespace larder::edge
