// Who is signed in at a till: by PIN, for a time, and only as long as they work here.
#include <gtest/gtest.h>

#include "core/ledger/snapshot.hpp"
#include "lan-protocol/codec.hpp"
#include "tests/app/kitchen_table.hpp"

namespace larder::edge {
namespace {

class StaffAtTheTill : public ::testing::Test {
 protected:
  StaffAtTheTill() { key_ = table_.join(till_, "till-1"); }

  // The hash that the fake takes for this PIN.
  void hire(const std::string& id, const std::string& pin, unsigned permissions = 15) {
    AddStaff command{StaffId(id), "Ms " + id, FakePins::hash_of(pin), Permissions{}};
    command.permissions.bits = static_cast<std::uint8_t>(permissions);
    table_.run_own(command);
    table_.writer->settle();
  }
  // The reply to a sign-in; a notice to the till follows it and is kept in notice_.
  std::string sign_in(const std::string& id, const std::string& staff, const std::string& pin) {
    till_.take();
    table_.hub->received(key_, R"({"type":"sign_in","id":")" + id + R"(","staff":")" + staff +
                                   R"(","pin":")" + pin + R"("})");
    table_.pins.settle();
    table_.writer->settle();
    return sorted();
  }
  std::string send(const std::string& text) {
    till_.take();
    table_.hub->received(key_, text);
    table_.writer->settle();
    return sorted();
  }
  // Of what came: the reply is the answer, the latest word on the staff is kept.
  std::string sorted() {
    std::string reply;
    for (const std::string& frame : till_.take()) {
      if (text_at(frame, "type") == "reply") reply = frame;
      if (text_at(frame, "type") == "staff") notice_ = frame;
    }
    return reply;
  }
  std::string count(const std::string& id) {
    return send(KitchenTable::command(id, "stock.count", R"({"sku":"soup","available":5})"));
  }
  void pass(std::int64_t seconds) {
    table_.clock.pass(Duration::seconds(seconds));
    table_.hub->tick();
    table_.writer->settle();
    sorted();
  }

  KitchenTable table_;
  RecordingSession till_;
  SessionKey key_ = 0;
  std::string notice_;
};

TEST_F(StaffAtTheTill, signs_in_by_pin_and_every_event_from_there_says_who) {
  EXPECT_NE(count("c-0").find(R"("ok":true)"), std::string::npos) << "no staff: nobody is asked";
  hire("anna", "1234");
  EXPECT_EQ(text_at(count("c-1"), "error.code"), "forbidden");
  EXPECT_NE(sign_in("s-1", "anna", "1234").find(R"("ok":true)"), std::string::npos);
  EXPECT_EQ(text_at(notice_, "signed_in.name"), "Ms anna");
  EXPECT_NE(count("c-2").find(R"("ok":true)"), std::string::npos);
  const std::string data = *table_.journal.events.back().data;
  EXPECT_EQ(text_at(data, "by"), "till-1");
  EXPECT_EQ(text_at(data, "staff"), "anna");
  send(R"({"type":"sign_out","id":"s-2"})");
  EXPECT_NE(notice_.find(R"("signed_in":null)"), std::string::npos);
  EXPECT_EQ(text_at(count("c-3"), "error.code"), "forbidden");
}

TEST_F(StaffAtTheTill, a_till_is_told_who_may_sign_in_but_never_a_hash_or_a_pin) {
  hire("anna", "1234");
  sorted();
  EXPECT_NE(notice_.find(R"({"staff":"anna","name":"Ms anna"})"), std::string::npos) << notice_;
  sign_in("s-1", "anna", "1234");
  RecordingSession admin;
  const SessionKey admin_key = table_.join(admin, "admin");
  table_.hub->received(admin_key, R"({"type":"query","id":"q","verb":"staff.list"})");
  table_.writer->settle();
  EXPECT_NE(admin.frames.back().find(R"("permissions":["discount","void","stock","close"])"),
            std::string::npos);
  for (const auto& frames : {till_.frames, admin.frames}) {
    for (const std::string& frame : frames) {
      EXPECT_EQ(frame.find("argon2id"), std::string::npos) << frame;
    }
  }
  EXPECT_EQ(notice_.find("argon2id"), std::string::npos);
  for (const std::string& warning : table_.telemetry.warnings) {
    EXPECT_EQ(warning.find("1234"), std::string::npos) << warning;
  }
}

TEST_F(StaffAtTheTill, the_topics_of_a_till_carry_no_hash) {
  send(KitchenTable::subscribe("1", "orders"));
  send(KitchenTable::subscribe("2", "stock"));
  hire("anna", "1234");
  for (const std::string& frame : till_.frames)
    EXPECT_EQ(frame.find("argon2id"), std::string::npos);
  EXPECT_EQ(text_at(send(KitchenTable::subscribe("3", "devices")), "error.code"), "forbidden");
}

TEST_F(StaffAtTheTill, wrong_pins_wait_longer_and_longer) {
  hire("anna", "1234");
  for (int i = 0; i < kPinTriesFree; ++i) {
    EXPECT_EQ(text_at(sign_in("w-" + std::to_string(i), "anna", "9999"), "error.code"),
              "unauthorized");
  }
  EXPECT_EQ(table_.telemetry.refusals["pin_wrong"], kPinTriesFree);
  std::int64_t wait_before = 0;
  for (int i = 0; i < 4; ++i) {
    const std::string refusal = sign_in("r-" + std::to_string(i), "anna", "1234");
    EXPECT_EQ(text_at(refusal, "error.code"), "rate_limited") << "also the right one";
    const std::int64_t wait = number_at(refusal, "error.retry_ms");
    EXPECT_GT(wait, wait_before);
    wait_before = wait;
    pass(wait / 1'000 + 1);
    EXPECT_EQ(text_at(sign_in("a-" + std::to_string(i), "anna", "9999"), "error.code"),
              "unauthorized");
  }
  EXPECT_EQ(table_.telemetry.refusals["pin_wait"], 4);
  pass(kPinWaitSecondsMax);
  EXPECT_NE(sign_in("s", "anna", "1234").find(R"("ok":true)"), std::string::npos);
  EXPECT_EQ(text_at(sign_in("x", "anna", "9999"), "error.code"), "unauthorized")
      << "the right PIN starts the count anew";
}

TEST_F(StaffAtTheTill, who_is_not_there_is_as_wrong_as_a_wrong_pin) {
  hire("anna", "1234");
  EXPECT_EQ(text_at(sign_in("s-1", "carla", "1234"), "error.code"), "unauthorized");
  EXPECT_EQ(table_.telemetry.refusals["pin_wrong"], 1);
  EXPECT_EQ(text_at(sign_in("s-2", "anna", "12"), "error.code"), "bad_request");
}

TEST_F(StaffAtTheTill, one_pin_is_checked_at_a_time_and_the_loop_goes_on) {
  hire("anna", "1234");
  till_.take();
  for (const char* id : {"s-1", "s-2"}) {
    table_.hub->received(key_, R"({"type":"sign_in","id":")" + std::string(id) +
                                   R"(","staff":"anna","pin":"1234"})");
  }
  EXPECT_EQ(text_at(sorted(), "error.code"), "busy");
  EXPECT_NE(send(KitchenTable::order("o-1")).find(R"("ok":true)"), std::string::npos)
      << "orders go through while a PIN is checked";
  table_.pins.settle();
  table_.writer->settle();
  EXPECT_NE(sorted().find(R"("ok":true)"), std::string::npos);
}

TEST_F(StaffAtTheTill, doing_nothing_signs_out_and_doing_something_does_not) {
  hire("anna", "1234");
  sign_in("s-1", "anna", "1234");
  for (int i = 0; i < 3; ++i) {
    pass(kStaffIdleSeconds - 1);
    send(R"({"type":"ping","id":"p"})");
  }
  EXPECT_EQ(text_at(notice_, "signed_in.staff"), "anna");
  pass(kStaffIdleSeconds);
  EXPECT_EQ(text_at(notice_, "reason"), "idle");
  EXPECT_EQ(text_at(count("c-1"), "error.code"), "forbidden");
}

TEST_F(StaffAtTheTill, a_new_connection_of_the_till_keeps_its_person_and_another_has_none) {
  hire("anna", "1234");
  sign_in("s-1", "anna", "1234");
  table_.hub->closed(key_);
  RecordingSession again;
  key_ = table_.hub->opened(again, "127.0.0.1");
  table_.hub->received(key_, R"({"type":"auth","token":"token-till-1"})");
  table_.writer->settle();
  EXPECT_EQ(text_at(again.frames.back(), "signed_in.staff"), "anna");
  table_.add_device("till-2", Role::Till);
  table_.writer->settle();
  RecordingSession other;
  const SessionKey other_key = table_.join(other, "till-2");
  table_.hub->received(
      other_key, KitchenTable::command("c-9", "stock.count", R"({"sku":"soup","available":5})"));
  table_.writer->settle();
  EXPECT_EQ(text_at(other.frames.back(), "error.code"), "forbidden");
}

TEST_F(StaffAtTheTill, who_leaves_or_changes_is_signed_out_at_once) {
  hire("anna", "1234");
  hire("ben", "5678");
  sign_in("s-1", "anna", "1234");
  table_.run_own(RemoveStaff{StaffId("anna")});
  table_.writer->settle();
  sorted();
  EXPECT_EQ(text_at(notice_, "reason"), "changed");
  EXPECT_EQ(notice_.find("anna"), std::string::npos) << notice_;
  EXPECT_EQ(text_at(count("c-1"), "error.code"), "forbidden");
  sign_in("s-2", "ben", "5678");
  hire("ben", "4321");
  sorted();
  EXPECT_EQ(text_at(notice_, "reason"), "changed");
  EXPECT_EQ(text_at(sign_in("s-3", "ben", "5678"), "error.code"), "unauthorized");
}

TEST_F(StaffAtTheTill, a_pin_that_changes_while_it_is_checked_signs_nobody_in) {
  hire("anna", "1234");
  till_.take();
  table_.hub->received(key_, R"({"type":"sign_in","id":"s-1","staff":"anna","pin":"1234"})");
  hire("anna", "5678");
  table_.pins.settle();
  table_.writer->settle();
  EXPECT_EQ(text_at(sorted(), "error.code"), "unavailable");
  EXPECT_EQ(text_at(count("c-1"), "error.code"), "forbidden");
  EXPECT_NE(sign_in("s-2", "anna", "5678").find(R"("ok":true)"), std::string::npos);
}

TEST_F(StaffAtTheTill, a_kiosk_and_a_session_that_has_gone_sign_nobody_in) {
  hire("anna", "1234");
  RecordingSession kiosk;
  const SessionKey kiosk_key = table_.join(kiosk, "kiosk-1");
  table_.hub->received(kiosk_key, R"({"type":"sign_in","id":"s-1","staff":"anna","pin":"1234"})");
  EXPECT_EQ(text_at(kiosk.frames.back(), "error.code"), "forbidden");
  table_.hub->received(key_, R"({"type":"sign_in","id":"s-1","staff":"anna","pin":"1234"})");
  table_.hub->closed(key_);
  table_.pins.settle();
  key_ = table_.join(till_, "till-1");
  EXPECT_EQ(text_at(count("c-1"), "error.code"), "forbidden");
}

TEST_F(StaffAtTheTill, is_still_known_after_a_restart_and_must_sign_in_again) {
  hire("anna", "1234");
  sign_in("s-1", "anna", "1234");
  count("c-1");
  const std::string before = to_snapshot(table_.hub->ledger());
  table_.start();
  EXPECT_EQ(to_snapshot(table_.hub->ledger()), before) << "the journal alone gives the books back";
  key_ = table_.join(till_, "till-1");
  EXPECT_EQ(text_at(count("c-2"), "error.code"), "forbidden");
}

TEST_F(StaffAtTheTill, the_day_is_told_and_closed) {
  hire("anna", "1234");
  sign_in("s-1", "anna", "1234");
  send(KitchenTable::order("o-1"));
  std::string reply = send(R"({"type":"query","id":"q-1","verb":"day.statement"})");
  EXPECT_EQ(number_at(reply, "result.statement.figures.orders.count"), 1);
  EXPECT_EQ(number_at(reply, "result.statement.open.amount"), 590);
  EXPECT_NE(reply.find(R"("closed":null)"), std::string::npos);
  reply = send(KitchenTable::command("d-1", "day.close", R"({"cash_counted":10})"));
  EXPECT_EQ(number_at(reply, "result.difference"), 10);
  reply = send(R"({"type":"query","id":"q-2","verb":"day.statement"})");
  EXPECT_EQ(text_at(reply, "result.statement.closed.name"), "Ms anna");
  reply = send(KitchenTable::command("d-2", "day.close", R"({"cash_counted":10})"));
  EXPECT_EQ(text_at(reply, "error.code"), "bad_state");
  reply = send(R"({"type":"query","id":"q-3","verb":"day.statement","args":{"day":20200101}})");
  EXPECT_EQ(text_at(reply, "error.code"), "not_found");
}

TEST_F(StaffAtTheTill, what_was_sold_out_for_the_day_is_back_when_the_hub_opens_the_next) {
  send(KitchenTable::command("m-1", "stock.mark",
                             R"({"sku":"soup","status":"sold_out","restore":"next_day"})"));
  table_.clock.set_day(20261122);
  for (int i = 0; i < 3; ++i) pass(1);
  int restored = 0;
  for (const auto& event : table_.journal.events) {
    if (event.data->find(R"("kind":"restore")") != std::string::npos) ++restored;
  }
  EXPECT_EQ(restored, 1);
  EXPECT_EQ(table_.hub->ledger().stock.level(SkuId("soup")).status, StockStatus::Available);
}

}  // namespace
}  // namespace larder::edge
