// What the hub promises around its rules: nothing leaves before its commit, one id one answer, one
// table of who may what.
#include <gtest/gtest.h>

#include <string>

#include "core/ledger/snapshot.hpp"
#include "lan-protocol/codec.hpp"
#include "lan-protocol/verbs.hpp"
#include "tests/app/kitchen_table.hpp"

namespace larder::edge {
namespace {

// The code of the reply in `frames` to the command `id`: "ok", an error code, or "" when there is
// none.
std::string outcome_of(const std::vector<std::string>& frames, const std::string& id) {
  for (const auto& frame : frames) {
    if (text_at(frame, "type") != "reply" || text_at(frame, "id") != id) continue;
    std::string code = text_at(frame, "error.code");
    return code.empty() ? "ok" : code;
  }
  return "";
}

TEST(Hub, says_hello_and_welcomes_a_known_token) {
  KitchenTable table;
  RecordingSession screen;
  SessionKey key = table.hub->opened(screen, "127.0.0.1");
  ASSERT_EQ(screen.frames.size(), 1U);
  EXPECT_EQ(text_at(screen.frames[0], "type"), "hello");
  EXPECT_EQ(text_at(screen.frames[0], "store"), "s1");
  EXPECT_FALSE(table.hub->is_authenticated(key));
  table.hub->received(key, R"({"type":"auth","token":"token-kiosk-1"})");
  ASSERT_EQ(screen.frames.size(), 2U);
  EXPECT_EQ(text_at(screen.frames[1], "role"), "kiosk");
  EXPECT_TRUE(table.hub->is_authenticated(key));
}

TEST(Hub, case_20_an_unknown_token_is_turned_away) {
  KitchenTable table;
  RecordingSession screen;
  SessionKey key = table.hub->opened(screen, "127.0.0.1");
  table.hub->received(key, R"({"type":"auth","token":"guess"})");
  EXPECT_EQ(text_at(screen.frames.back(), "code"), "unauthorized");
  EXPECT_EQ(screen.closed_with, 4401);
}

TEST(Hub, a_command_before_auth_is_turned_away) {
  KitchenTable table;
  RecordingSession screen;
  SessionKey key = table.hub->opened(screen, "127.0.0.1");
  table.hub->received(key, KitchenTable::order("a"));
  EXPECT_EQ(screen.closed_with, 4401);
  EXPECT_TRUE(table.hub->ledger().orders.empty());
}

TEST(Hub, nothing_leaves_before_its_commit) {
  KitchenTable table;
  RecordingSession kiosk, kitchen;
  SessionKey kiosk_key = table.join(kiosk, "kiosk-1");
  SessionKey till_key = table.join(kitchen, "till-1");
  table.hub->received(till_key, KitchenTable::subscribe("s", "orders"));
  table.writer->settle();
  kitchen.take();

  table.hub->received(kiosk_key, KitchenTable::order("a"));
  // A refusal and a query behind it would show the order too.
  table.hub->received(kiosk_key, KitchenTable::order("b", "no-such"));
  table.hub->received(till_key, R"({"type":"query","id":"q","verb":"order.list"})");
  EXPECT_TRUE(kiosk.frames.empty());
  EXPECT_TRUE(kitchen.frames.empty());
  EXPECT_EQ(table.hub->committed().seq + 1, table.hub->ledger().seq);

  table.writer->settle();
  EXPECT_EQ(outcome_of(kiosk.frames, "a"), "ok");
  EXPECT_EQ(outcome_of(kiosk.frames, "b"), "unknown_sku");
  ASSERT_EQ(kitchen.frames.size(), 2U);
  EXPECT_EQ(text_at(kitchen.frames[0], "type"), "events");
  EXPECT_EQ(text_at(kitchen.frames[0], "events.0.event"), "order.placed");
  EXPECT_EQ(text_at(kitchen.frames[1], "type"), "reply");
}

TEST(Hub, a_group_forms_while_the_disk_is_busy_and_is_bounded) {
  KitchenTable table;
  RecordingSession kiosk;
  SessionKey key = table.join(kiosk, "kiosk-1");
  table.journal.groups.clear();
  for (int i = 0; i < 300; ++i)
    table.hub->received(key, KitchenTable::order("o" + std::to_string(i)));
  table.writer->settle();
  EXPECT_EQ(table.journal.groups, (std::vector<std::size_t>{1, 128, 128, 43}));
  EXPECT_EQ(table.hub->ledger().orders.size(), 300U);
}

TEST(Hub, beyond_its_limit_it_answers_overloaded_and_takes_the_same_id_later) {
  KitchenTable table;
  RecordingSession kiosk;
  SessionKey key = table.join(kiosk, "kiosk-1");
  for (std::size_t i = 0; i <= kInFlightCommandsMax; ++i) {
    table.hub->received(key, KitchenTable::order("o" + std::to_string(i)));
  }
  std::string last = "o" + std::to_string(kInFlightCommandsMax);
  table.writer->settle();
  EXPECT_EQ(outcome_of(kiosk.take(), last), "overloaded");
  table.hub->received(key, KitchenTable::order(last));
  table.writer->settle();
  EXPECT_EQ(outcome_of(kiosk.take(), last), "ok");
}

TEST(Hub, case_35_the_same_id_gets_the_same_bytes) {
  KitchenTable table;
  RecordingSession kiosk;
  SessionKey key = table.join(kiosk, "kiosk-1");
  table.hub->received(key, KitchenTable::order("a"));
  table.hub->received(key, KitchenTable::order("a"));  // while the first is on its way to the disk
  table.writer->settle();
  ASSERT_EQ(kiosk.frames.size(), 2U);
  EXPECT_EQ(kiosk.frames[0], kiosk.frames[1]);
  std::string first = kiosk.take()[0];

  table.start();
  RecordingSession again;
  key = table.join(again, "kiosk-1");
  table.hub->received(key, KitchenTable::order("a"));
  table.writer->settle();
  EXPECT_EQ(again.take(), std::vector<std::string>{first});
  EXPECT_EQ(table.hub->ledger().orders.size(), 1U);
}

TEST(Hub, case_35_a_refusal_is_an_answer_too) {
  KitchenTable table;
  RecordingSession kiosk;
  SessionKey key = table.join(kiosk, "kiosk-1");
  table.hub->received(key, KitchenTable::order("a", "pie"));
  table.writer->settle();
  std::string first = kiosk.take().at(0);
  table.start();
  RecordingSession again;
  key = table.join(again, "kiosk-1");
  table.hub->received(key, KitchenTable::order("a", "pie"));
  table.writer->settle();
  EXPECT_EQ(again.take(), std::vector<std::string>{first});
}

TEST(Hub, case_36_the_same_id_with_another_body_is_refused_with_an_alarm) {
  KitchenTable table;
  RecordingSession kiosk;
  SessionKey key = table.join(kiosk, "kiosk-1");
  table.hub->received(key, KitchenTable::order("a", "soup"));
  table.hub->received(key, KitchenTable::order("a", "cake"));
  table.writer->settle();
  EXPECT_EQ(outcome_of({kiosk.frames.at(1)}, "a"), "key_reuse");
  EXPECT_EQ(table.hub->ledger().orders.size(), 1U);
  EXPECT_EQ(table.telemetry.warnings.size(), 1U);
}

TEST(Hub, case_37_an_id_from_before_the_restart_is_still_known) {
  KitchenTable table;
  RecordingSession kiosk;
  SessionKey key = table.join(kiosk, "kiosk-1");
  table.hub->received(key, KitchenTable::order("old"));
  table.writer->settle();
  table.start();
  RecordingSession again;
  key = table.join(again, "kiosk-1");
  table.hub->received(key, KitchenTable::order("old", "cake"));
  table.writer->settle();
  EXPECT_EQ(outcome_of(again.frames, "old"), "key_reuse");
  EXPECT_EQ(table.journal.lookups, 1);
  EXPECT_EQ(table.hub->ledger().orders.size(), 1U);
}

TEST(Hub, case_34_another_stores_command_is_refused) {
  KitchenTable table;
  RecordingSession kiosk;
  SessionKey key = table.join(kiosk, "kiosk-1");
  table.hub->received(key,
                      R"({"type":"command","id":"a","verb":"order.place","store":"s2",)"
                      R"("args":{"service":"takeaway","lines":[{"sku":"soup","quantity":1}]}})");
  table.writer->settle();
  EXPECT_EQ(outcome_of(kiosk.frames, "a"), "wrong_store");
}

TEST(Hub, case_22_every_verb_is_forbidden_to_every_role_that_the_table_does_not_name) {
  KitchenTable table;
  const std::vector<std::pair<std::string, Role>> devices = {{"kiosk-1", Role::Kiosk},
                                                             {"kds-1", Role::Kds},
                                                             {"till-1", Role::Till},
                                                             {"admin", Role::Admin}};
  for (const auto& [device, role] : devices) {
    RecordingSession screen;
    SessionKey key = table.join(screen, device);
    for (const CommandVerb& verb : command_verbs()) {
      table.hub->received(key, KitchenTable::command("x", std::string(verb.name), "{}"));
      table.writer->settle();
      std::string got = outcome_of(screen.take(), "x");
      bool may = (verb.roles & role_bit(role)) != 0 && !verb.over_http;
      EXPECT_EQ(got == "forbidden", !may) << device << " " << verb.name << " " << got;
    }
    for (const QueryVerb& verb : query_verbs()) {
      table.hub->received(
          key, R"({"type":"query","id":"y","verb":")" + std::string(verb.name) + R"("})");
      table.writer->settle();
      std::string got = outcome_of(screen.take(), "y");
      EXPECT_EQ(got == "forbidden", (verb.roles & role_bit(role)) == 0)
          << device << " " << verb.name;
    }
    table.hub->closed(key);
  }
}

TEST(Hub, a_topic_is_forbidden_to_roles_it_is_not_for) {
  KitchenTable table;
  RecordingSession kiosk;
  SessionKey key = table.join(kiosk, "kiosk-1");
  table.hub->received(key, KitchenTable::subscribe("s", "devices"));
  EXPECT_EQ(outcome_of(kiosk.frames, "s"), "forbidden");
}

TEST(Hub, a_failed_commit_is_fatal_and_answers_nobody) {
  KitchenTable table;
  RecordingSession kiosk;
  SessionKey key = table.join(kiosk, "kiosk-1");
  table.journal.fail_with = Error(Code::StorageFault, "the disk failed");
  table.hub->received(key, KitchenTable::order("a"));
  table.hub->received(key, KitchenTable::order("b"));
  table.writer->settle();
  ASSERT_TRUE(table.fatal);
  EXPECT_EQ(table.fatal->code(), Code::StorageFault);
  EXPECT_TRUE(kiosk.frames.empty());
}

TEST(Hub, what_was_not_committed_is_gone_after_a_crash_and_may_be_sent_again) {
  KitchenTable table;
  RecordingSession kiosk;
  SessionKey key = table.join(kiosk, "kiosk-1");
  table.hub->received(key, KitchenTable::order("kept"));
  table.writer->settle();
  table.hub->received(key, KitchenTable::order("lost"));
  table.start();
  EXPECT_EQ(table.hub->ledger().orders.size(), 1U);
  RecordingSession again;
  key = table.join(again, "kiosk-1");
  table.hub->received(key, KitchenTable::order("lost"));
  table.writer->settle();
  EXPECT_EQ(outcome_of(again.frames, "lost"), "ok");
  EXPECT_EQ(number_at(again.frames.back(), "result.number"), 2);
}

TEST(Hub, the_books_after_a_restart_are_the_books_before) {
  KitchenTable table;
  RecordingSession kiosk;
  SessionKey key = table.join(kiosk, "kiosk-1");
  for (int i = 0; i < 20; ++i) table.hub->received(key, KitchenTable::order(std::to_string(i)));
  table.writer->settle();
  std::string before = to_snapshot(table.hub->ledger());
  bool drained = false;
  table.hub->stop([&] { drained = true; });
  table.writer->settle();
  EXPECT_TRUE(drained);
  ASSERT_FALSE(table.journal.snapshots.empty());
  table.start();
  EXPECT_EQ(to_snapshot(table.hub->ledger()), before);
  table.journal.snapshots.clear();
  table.start();
  EXPECT_EQ(to_snapshot(table.hub->ledger()), before);
}

TEST(Hub, a_stopping_hub_takes_no_new_command) {
  KitchenTable table;
  RecordingSession kiosk;
  SessionKey key = table.join(kiosk, "kiosk-1");
  table.hub->stop([] {});
  table.hub->received(key, KitchenTable::order("a"));
  table.writer->settle();
  EXPECT_EQ(outcome_of(kiosk.frames, "a"), "busy");
  EXPECT_EQ(table.hub->health().status, 503);
}

TEST(Hub, a_device_that_sends_too_fast_is_told_when_to_come_back) {
  KitchenTable table;
  table.per_second = 20;
  table.burst = 5;
  table.start();
  RecordingSession kiosk;
  SessionKey key = table.join(kiosk, "kiosk-1");
  for (int i = 0; i < 6; ++i) table.hub->received(key, KitchenTable::order(std::to_string(i)));
  table.writer->settle();
  std::vector<std::string> frames = kiosk.take();
  EXPECT_EQ(outcome_of(frames, "4"), "ok");
  EXPECT_EQ(outcome_of(frames, "5"), "rate_limited");
  table.clock.pass(Duration{50'000});
  table.hub->received(key, KitchenTable::order("5"));
  table.writer->settle();
  EXPECT_EQ(outcome_of(kiosk.take(), "5"), "ok");
}

TEST(Hub, case_19_the_newest_connection_of_a_device_wins) {
  KitchenTable table;
  RecordingSession first, second;
  table.join(first, "kiosk-1");
  table.join(second, "kiosk-1");
  EXPECT_EQ(first.closed_with, 4001);
  EXPECT_EQ(second.closed_with, 0);
}

TEST(Hub, case_21_a_revoked_device_is_cut_off) {
  KitchenTable table;
  RecordingSession kiosk, admin;
  table.join(kiosk, "kiosk-1");
  SessionKey admin_key = table.join(admin, "admin");
  table.hub->received(admin_key,
                      KitchenTable::command("r", "device.revoke", R"({"device":"kiosk-1"})"));
  EXPECT_EQ(kiosk.closed_with, 0);  // not before it is on disk
  table.writer->settle();
  EXPECT_EQ(kiosk.closed_with, 4403);
  RecordingSession again;
  SessionKey key = table.hub->opened(again, "127.0.0.1");
  table.hub->received(key, R"({"type":"auth","token":"token-kiosk-1"})");
  EXPECT_EQ(again.closed_with, 4401);
}

TEST(Hub, a_flood_of_unreadable_messages_ends_the_session) {
  KitchenTable table;
  RecordingSession kiosk;
  SessionKey key = table.join(kiosk, "kiosk-1");
  for (int i = 0; i < 30; ++i) table.hub->received(key, "{not json");
  EXPECT_EQ(text_at(kiosk.frames.at(0), "code"), "bad_json");
  EXPECT_EQ(kiosk.closed_with, 1008);
}

TEST(Hub, an_order_waits_for_one_step_of_a_backup_and_no_more) {
  KitchenTable table;
  RecordingSession admin, kiosk;
  const SessionKey admin_key = table.join(admin, "admin");
  const SessionKey key = table.join(kiosk, "kiosk-1");
  table.hub->received(admin_key,
                      R"({"type":"query","id":"b","verb":"hub.backup","args":{"name":"lunch"}})");
  table.writer->step();  // begun
  table.writer->step();  // the first of three steps
  table.hub->received(key, KitchenTable::order("a"));
  table.writer->step();  // the step that stood in the queue
  table.writer->step();  // the order
  EXPECT_EQ(outcome_of(kiosk.frames, "a"), "ok");
  EXPECT_TRUE(admin.frames.empty());
  table.writer->settle();
  ASSERT_EQ(admin.frames.size(), 1U);
  EXPECT_EQ(text_at(admin.frames[0], "result.file"), "lunch");
}

}  // namespace
}  // namespace larder::edge
