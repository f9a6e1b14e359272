// What the hub does when its disk is full or slow: what was begun can be finished, nothing new is
// begun, everybody is told, and it ends by itself.
#include <gtest/gtest.h>

#include <string>

#include "tests/app/kitchen_table.hpp"

namespace larder::edge {
namespace {

// A till and a kiosk at the table; the kiosk's order "a" is placed, and the disk is full since.
struct FullTable : KitchenTable {
  FullTable() {
    kiosk_key = join(kiosk, "kiosk-1");
    till_key = join(till, "till-1");
    journal.disk = Room::Scarce;
    answer(kiosk_key, kiosk, order("a"));
    order_id = text_at(last, "result.order");
  }

  // The code of the reply to a message: "ok", or a refusal's.
  std::string answer(SessionKey key, RecordingSession& screen, const std::string& message) {
    screen.take();
    hub->received(key, message);
    writer->settle();
    for (const auto& frame : screen.take()) {
      if (text_at(frame, "type") != "reply") continue;
      last = frame;
      std::string code = text_at(frame, "error.code");
      return code.empty() ? "ok" : code;
    }
    return "";
  }
  std::string at_the_till(const std::string& id, const std::string& verb, const std::string& args) {
    return answer(till_key, till, command(id, verb, args));
  }
  std::string of_order(const std::string& more = "") const {
    return R"({"order":")" + order_id + R"(")" + more + "}";
  }
  void tick_after(Duration d) {
    clock.pass(d);
    hub->tick();
    writer->settle();
  }

  RecordingSession kiosk, till;
  SessionKey kiosk_key = 0, till_key = 0;
  std::string order_id, last;
};

TEST(FullDisk, case_93_the_order_that_filled_it_is_kept_and_the_next_is_refused_in_words) {
  FullTable table;
  ASSERT_FALSE(table.order_id.empty());
  EXPECT_EQ(table.answer(table.kiosk_key, table.kiosk, KitchenTable::order("b")), "storage_full");
  EXPECT_NE(text_at(table.last, "error.message").find("disk is full"), std::string::npos);
  EXPECT_EQ(number_at(table.last, "error.retry_ms"), -1) << "a screen must not ask for ever";
  EXPECT_EQ(table.hub->ledger().orders.size(), 1U);
  EXPECT_FALSE(table.fatal);
}

TEST(FullDisk, case_93_what_was_begun_is_finished) {
  FullTable table;
  const std::string payment = R"(,"payment":{"tender":"cash","amount":590})";
  EXPECT_EQ(table.at_the_till("p", "order.pay", table.of_order(payment)), "ok");
  const std::string grill = R"(,"station":"grill")";
  EXPECT_EQ(
      table.at_the_till("c", "ticket.check", table.of_order(grill + R"(,"index":0,"done":true)")),
      "ok");
  for (const char* verb : {"ticket.bump", "ticket.recall", "ticket.undo"}) {
    EXPECT_EQ(table.at_the_till(verb, verb, table.of_order(grill)), "ok") << verb;
  }
  EXPECT_EQ(table.at_the_till("s", "order.serve", table.of_order()), "ok");
}

TEST(FullDisk, case_93_an_unpaid_order_can_be_accepted_voided_or_cancelled_and_a_hold_released) {
  FullTable table;
  EXPECT_EQ(table.at_the_till("f", "order.accept", table.of_order()), "ok");
  EXPECT_EQ(table.at_the_till("v", "order.void", table.of_order(R"(,"reason":"left")")), "ok");
  EXPECT_EQ(table.at_the_till("x", "order.cancel", table.of_order(R"(,"reason":"left")")),
            "bad_state");
  EXPECT_EQ(table.at_the_till("h", "hold.release", R"({"hold":"h-none"})"), "not_found");
}

TEST(FullDisk, case_93_everything_new_is_refused_before_the_rules_are_asked) {
  FullTable table;
  EXPECT_EQ(table.at_the_till("1", "order.place",
                              R"({"service":"takeaway","lines":[{"sku":"none","quantity":1}]})"),
            "storage_full");
  EXPECT_EQ(table.at_the_till("2", "hold.place", R"({"lines":[{"sku":"soup","quantity":1}]})"),
            "storage_full");
  EXPECT_EQ(table.at_the_till("3", "stock.count", R"({"sku":"cake","available":3})"),
            "storage_full");
  EXPECT_EQ(table.at_the_till("4", "stock.mark", R"({"sku":"cake","status":"sold_out"})"),
            "storage_full");
  RecordingSession admin;
  const SessionKey key = table.join(admin, "admin");
  EXPECT_EQ(table.answer(key, admin,
                         R"({"type":"query","id":"k","verb":"hub.backup",)"
                         R"("args":{"name":"x"}})"),
            "storage_full");
  EXPECT_EQ(table.answer(key, admin,
                         KitchenTable::command("5", "device.revoke", R"({"device":"kds-1"})")),
            "ok")
      << "a device can always be shut out";
}

TEST(FullDisk, case_93_every_screen_is_told_in_each_heartbeat_until_it_is_over) {
  FullTable table;
  table.till.take();
  table.tick_after(Duration::seconds(1));
  EXPECT_EQ(text_at(table.till.take().at(0), "storage"), "full");
  EXPECT_EQ(text_at(*table.hub->health().body, "storage"), "full");
  EXPECT_EQ(table.hub->health().status, 200) << "a restart would not help";
  EXPECT_EQ(*table.hub->metrics().body, "larder_storage_full 1\n");
  table.answer(table.till_key, table.till, R"({"type":"query","id":"q","verb":"hub.status"})");
  EXPECT_EQ(text_at(table.last, "result.storage"), "full");
  EXPECT_EQ(table.telemetry.warnings.size(), 1U);

  table.journal.disk = Room::Enough;
  table.till.take();
  table.tick_after(Duration::seconds(kRoomLookSeconds));
  EXPECT_EQ(text_at(table.till.take().back(), "storage"), "");
  EXPECT_EQ(text_at(*table.hub->health().body, "storage"), "ok");
  EXPECT_EQ(table.telemetry.notes.size(), 1U);
}

TEST(FullDisk, case_93_with_room_again_the_same_id_is_taken_without_a_restart) {
  FullTable table;
  EXPECT_EQ(table.answer(table.kiosk_key, table.kiosk, KitchenTable::order("b")), "storage_full");
  table.tick_after(Duration::seconds(kRoomLookSeconds));
  EXPECT_EQ(table.journal.looks, 1);
  EXPECT_EQ(table.answer(table.kiosk_key, table.kiosk, KitchenTable::order("b")), "storage_full");
  table.journal.disk = Room::Enough;
  table.tick_after(Duration::seconds(kRoomLookSeconds));
  EXPECT_EQ(table.answer(table.kiosk_key, table.kiosk, KitchenTable::order("b")), "ok");
  table.tick_after(Duration::minutes(1));
  EXPECT_EQ(table.journal.looks, 2) << "nobody looks when there is room";
}

TEST(FullDisk, case_93_no_snapshot_takes_the_last_room_and_the_stop_is_clean) {
  FullTable table;
  bool drained = false;
  table.hub->stop([&] { drained = true; });
  table.writer->settle();
  EXPECT_TRUE(drained);
  EXPECT_TRUE(table.journal.snapshots.empty());
}

TEST(FullDisk, case_93_a_hub_that_starts_on_a_full_disk_knows_it) {
  FullTable table;
  table.start();
  RecordingSession kiosk;
  const SessionKey key = table.join(kiosk, "kiosk-1");
  EXPECT_EQ(table.answer(key, kiosk, KitchenTable::order("b")), "storage_full");
  EXPECT_EQ(table.answer(key, kiosk, KitchenTable::order("a")), "ok") << "an old answer is given";
}

TEST(FullDisk, case_93_when_the_space_set_aside_is_used_up_too_the_process_ends) {
  FullTable table;
  table.journal.fail_with = Error(Code::StorageFull, "no space left");
  table.till.take();
  table.hub->received(table.till_key, KitchenTable::command("f", "order.accept", table.of_order()));
  table.writer->settle();
  ASSERT_TRUE(table.fatal);
  EXPECT_EQ(table.fatal->code(), Code::StorageFull);
  EXPECT_TRUE(table.till.take().empty()) << "nothing was answered";
}

TEST(SlowDisk, case_96_after_two_seconds_the_next_command_is_told_busy_at_once) {
  KitchenTable table;
  RecordingSession kiosk;
  const SessionKey key = table.join(kiosk, "kiosk-1");
  table.hub->received(key, KitchenTable::order("a"));  // its fsync takes five seconds
  table.clock.pass(Duration::seconds(kSlowDiskSeconds));
  table.hub->received(key, KitchenTable::order("b"));
  EXPECT_TRUE(kiosk.frames.empty()) << "up to two seconds they queue";
  table.clock.pass(Duration::seconds(3));
  table.hub->received(key, KitchenTable::order("c"));
  ASSERT_EQ(kiosk.frames.size(), 1U);
  EXPECT_EQ(text_at(kiosk.frames[0], "id"), "c");
  EXPECT_EQ(text_at(kiosk.frames[0], "error.code"), "busy");
  EXPECT_GT(number_at(kiosk.frames[0], "error.retry_ms"), 0);

  // No timeout lies: what was taken is answered when it is on disk, as done.
  kiosk.take();
  table.writer->settle();
  ASSERT_EQ(kiosk.frames.size(), 2U);
  EXPECT_EQ(text_at(kiosk.frames[0], "error.code") + text_at(kiosk.frames[1], "error.code"), "");
  table.hub->received(key, KitchenTable::order("c"));
  table.writer->settle();
  EXPECT_EQ(text_at(kiosk.frames.back(), "error.code"), "") << "the same id, decided now";
  EXPECT_EQ(table.hub->ledger().orders.size(), 3U);
}

}  // namespace
}  // namespace larder::edge
