// Bugs of the hub around its rules.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/base/limits.hpp"
#include "lan-protocol/digest.hpp"
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

// Two ids of which the hub keeps the same: after a restart the second looks like a known one.
constexpr const char* kKnownId = "order-85983";
constexpr const char* kLooksKnownId = "order-94799";

std::vector<std::string> commands_in(const MemoryJournal& journal, Seq after) {
  std::vector<std::string> ids;
  for (const StoredEvent& event : journal.events) {
    const std::string id = text_at(*event.data, "cmd");
    if (event.seq > after && (ids.empty() || ids.back() != id)) ids.push_back(id);
  }
  return ids;
}

std::vector<std::string> replied_in(const RecordingSession& screen) {
  std::vector<std::string> ids;
  for (const std::string& frame : screen.frames) ids.push_back(text_at(frame, "id"));
  return ids;
}

// An id that only looked known was looked up in the journal, and what the same device had sent
// after it was decided before it: it found no order to pay, or took the last cake first.
TEST(Issues, commands_of_a_device_stay_in_order_behind_an_id_that_looks_known) {
  ASSERT_EQ(answer_key(kKnownId) >> 32, answer_key(kLooksKnownId) >> 32);
  KitchenTable table;
  RecordingSession before, kiosk, till;
  table.hub->received(table.join(before, "kiosk-1"), KitchenTable::order(kKnownId));
  table.writer->settle();
  table.start();
  const SessionKey key = table.join(kiosk, "kiosk-1");
  const SessionKey till_key = table.join(till, "till-1");
  const Seq before_all = table.hub->ledger().seq;
  table.journal.lookups = 0;
  table.hub->received(key, KitchenTable::order(kLooksKnownId));
  table.hub->received(key, KitchenTable::order("second"));
  table.hub->received(key, KitchenTable::order(kKnownId));  // known indeed: asked for in its turn
  table.hub->received(key, KitchenTable::order("third"));
  table.hub->received(till_key, KitchenTable::order("other"));
  table.writer->settle();
  EXPECT_EQ(table.journal.lookups, 2);
  EXPECT_EQ(commands_in(table.journal, before_all),
            (std::vector<std::string>{"other", kLooksKnownId, "second", "third"}))
      << "another device does not wait";
  EXPECT_EQ(replied_in(kiosk),
            (std::vector<std::string>{kLooksKnownId, "second", kKnownId, "third"}));
  EXPECT_EQ(text_at(kiosk.frames.at(2), "result.order"),
            text_at(before.frames.back(), "result.order"));
}

// What a device had sent was decided after the word that revoked it.
TEST(Issues, what_waits_behind_a_look_up_is_refused_when_its_device_is_revoked_meanwhile) {
  KitchenTable table;
  RecordingSession before, kiosk;
  table.hub->received(table.join(before, "kiosk-1"), KitchenTable::order(kKnownId));
  table.writer->settle();
  table.start();
  const SessionKey key = table.join(kiosk, "kiosk-1");
  table.hub->received(key, KitchenTable::order(kLooksKnownId));
  table.hub->received(key, KitchenTable::order("second"));
  ASSERT_TRUE(table.hub->run_own(RevokeDevice{DeviceId("kiosk-1")}));
  const Seq revoked = table.hub->ledger().seq;
  table.writer->settle();
  EXPECT_EQ(table.hub->ledger().seq, revoked) << "nothing of it was decided";
  EXPECT_EQ(commands_in(table.journal, revoked), std::vector<std::string>{});
}

TEST(Issues, what_waits_behind_a_look_up_is_bounded) {
  KitchenTable table;
  RecordingSession before, kiosk;
  table.hub->received(table.join(before, "kiosk-1"), KitchenTable::order(kKnownId));
  table.writer->settle();
  table.start();
  const SessionKey key = table.join(kiosk, "kiosk-1");
  table.hub->received(key, KitchenTable::order(kLooksKnownId));
  for (std::size_t i = 0; i < kBehindLookUpMax; ++i) {
    table.hub->received(key, KitchenTable::order("waits-" + std::to_string(i)));
  }
  EXPECT_TRUE(kiosk.frames.empty());
  table.hub->received(key, KitchenTable::order("one-too-many"));
  ASSERT_EQ(kiosk.frames.size(), 1U);
  EXPECT_EQ(text_at(kiosk.frames.back(), "id"), "one-too-many");
  EXPECT_EQ(text_at(kiosk.frames.back(), "error.code"), "busy");
  table.writer->settle();
  EXPECT_EQ(kiosk.frames.size(), kBehindLookUpMax + 2);
  kiosk.take();
  table.hub->received(key, KitchenTable::order("one-too-many"));
  table.writer->settle();
  EXPECT_EQ(text_at(kiosk.frames.back(), "error.code"), "") << "asked again, it is taken";
}

}  // namespace
}  // namespace larder::edge
