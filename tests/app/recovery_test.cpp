// A hub that does not trust its books: what raises the doubt, what it still does, and how it ends.
#include <gtest/gtest.h>

#include "lan-protocol/codec.hpp"
#include "tests/app/kitchen_table.hpp"

namespace larder::edge {
namespace {

// The journal of a hub as it went on after the copy that the test restores.
class Recovery : public ::testing::Test {
 protected:
  static std::string auth(const std::string& device, Epoch epoch, Seq seq,
                          const std::string& head = "", const std::string& hub = "") {
    std::string witness =
        R"({"epoch":)" + std::to_string(epoch) + R"(,"seq":)" + std::to_string(seq);
    if (!hub.empty()) witness += R"(,"hub":")" + hub + '"';
    if (!head.empty()) witness += R"(,"head":")" + head + '"';
    return R"({"type":"auth","token":"token-)" + device + R"(","witness":)" + witness + "}}";
  }
  void join_with(const std::string& message) {
    RecordingSession& session = *sessions.emplace_back(std::make_unique<RecordingSession>());
    table.hub->received(table.hub->opened(session, "127.0.0.1"), message);
    table.writer->settle();
  }
  Head head() const { return table.hub->committed(); }
  std::string said(const std::string& device, const std::string& message) {
    RecordingSession& session = *sessions.emplace_back(std::make_unique<RecordingSession>());
    const SessionKey key = table.join(session, device);
    table.hub->received(key, message);
    table.writer->settle();
    for (const std::string& frame : session.take()) {
      if (text_at(frame, "type") == "reply") return frame;
    }
    return "";
  }
  std::string sell(const std::string& id) { return said("kiosk-1", KitchenTable::order(id)); }
  std::string beat() {
    RecordingSession& session = *sessions.emplace_back(std::make_unique<RecordingSession>());
    table.join(session, "kds-1");
    table.clock.pass(Duration::seconds(1));
    table.hub->tick();
    table.writer->settle();
    return session.frames.empty() ? "" : session.frames.back();
  }
  Doubt doubt() const { return table.hub->recovery().doubt.doubt; }
  // Three orders more, then the disk is as it was before them. Their events.
  std::vector<StoredEvent> lose_three_orders() {
    const std::size_t kept = table.journal.events.size();
    const auto answers = table.journal.answers;
    for (const char* id : {"lost-1", "lost-2", "lost-3"}) {
      EXPECT_EQ(text_at(sell(id), "ok"), "") << id;
    }
    std::vector<StoredEvent> lost(table.journal.events.begin() + static_cast<std::ptrdiff_t>(kept),
                                  table.journal.events.end());
    table.journal.events.resize(kept);
    table.journal.answers = answers;
    sessions.clear();
    return lost;
  }
  Result<Seq> import(std::vector<StoredEvent> events) {
    Result<Seq> outcome = refuse(Code::Unavailable, "never answered");
    table.hub->import_events(std::move(events), [&](Result<Seq> done) { outcome = done; });
    table.writer->settle();
    return outcome;
  }
  // No (epoch, seq) twice, and every one chained to the one before.
  void expect_one_line() {
    Head at;
    for (const StoredEvent& event : table.journal.events) {
      EXPECT_EQ(event.seq, at.seq + 1);
      EXPECT_GE(event.epoch, at.epoch);
      EXPECT_EQ(event.hash, chain(at.hash, event.epoch, event.seq, *event.data));
      at = Head{event.epoch, event.seq, event.hash};
    }
  }

  KitchenTable table;
  std::vector<std::unique_ptr<RecordingSession>> sessions;
};

TEST_F(Recovery, case_98_a_screen_that_saw_more_stops_the_hub_before_it_takes_a_write) {
  const Seq here = head().seq;
  join_with(auth("kds-1", 1, here + 3));
  EXPECT_EQ(doubt(), Doubt::Behind);
  const std::string reply = sell("o1");
  EXPECT_EQ(text_at(reply, "error.code"), "in_recovery");
  EXPECT_NE(text_at(reply, "error.message").find("a screen has seen event"), std::string::npos);
  EXPECT_EQ(head().seq, here) << "nothing was written";
  EXPECT_EQ(table.journal.doubt.doubt, Doubt::Behind) << "a restart must not forget it";
  EXPECT_EQ(table.journal.doubt.seen_seq, here + 3);
}

TEST_F(Recovery, a_screen_that_saw_as_much_or_less_changes_nothing) {
  join_with(auth("kds-1", 1, head().seq));
  join_with(auth("till-1", 1, head().seq, hex(head().hash)));
  join_with(auth("kiosk-1", 1, 2));
  join_with(auth("kds-1", 0, 2'000));
  EXPECT_EQ(doubt(), Doubt::None);
  EXPECT_EQ(number_at(sell("o1"), "epoch"), 1);
}

TEST_F(Recovery, case_118_another_hash_under_the_newest_number_is_a_fork) {
  join_with(auth("kds-1", 1, head().seq, std::string(64, 'a')));
  EXPECT_EQ(doubt(), Doubt::Forked);
  ASSERT_FALSE(table.telemetry.warnings.empty());
  EXPECT_NE(table.telemetry.warnings.back().find("two hubs"), std::string::npos);
  EXPECT_EQ(text_at(sell("o1"), "error.code"), "in_recovery");
}

TEST_F(Recovery, case_118_another_hash_under_an_earlier_number_is_a_fork_as_well) {
  join_with(auth("kds-1", 1, 3, hex(table.journal.events[2].hash)));
  EXPECT_EQ(doubt(), Doubt::None);
  join_with(auth("kds-1", 1, 3, std::string(64, 'a')));
  EXPECT_EQ(doubt(), Doubt::Forked);
}

TEST_F(Recovery, what_was_seen_of_another_hub_is_no_witness_but_of_one_that_it_was_is) {
  join_with(auth("kds-1", 1, 900, "", "h-elsewhere"));
  EXPECT_EQ(doubt(), Doubt::None);
  table.was = {HubId("h-before")};
  sessions.clear();
  table.start();
  join_with(auth("kds-1", 1, 900, "", "h-before"));
  EXPECT_EQ(doubt(), Doubt::Behind);
}

TEST_F(Recovery, a_number_out_of_this_world_is_counted_and_not_believed) {
  join_with(auth("kds-1", 4'000'000'000U, 1));
  EXPECT_EQ(doubt(), Doubt::None);
  EXPECT_EQ(table.telemetry.refusals["witness_nonsense"], 1);
}

TEST_F(Recovery, reads_and_screens_work_and_say_why) {
  sell("o1");
  join_with(auth("till-1", 1, 500));
  RecordingSession session;
  const SessionKey key = table.join(session, "kds-1");
  table.hub->received(key, KitchenTable::subscribe("s", "kitchen"));
  table.writer->settle();
  ASSERT_FALSE(session.frames.empty());
  EXPECT_EQ(text_at(session.take().back(), "type"), "snapshot");
  const std::string status =
      said("admin", R"({"type":"query","id":"q","verb":"hub.status","args":{}})");
  EXPECT_EQ(text_at(status, "result.recovery.why"), "behind");
  EXPECT_EQ(number_at(status, "result.recovery.known"), 500);
  const std::string frame = beat();
  EXPECT_EQ(text_at(frame, "recovery.why"), "behind");
  EXPECT_EQ(text_at(frame, "head"), "") << "no screen learns from it what it is asked about";
  EXPECT_NE(table.hub->health().body->find(R"("recovery":"behind")"), std::string::npos);
}

TEST_F(Recovery, the_heartbeat_of_a_trusted_hub_says_its_head_and_no_recovery) {
  const std::string frame = beat();
  EXPECT_EQ(text_at(frame, "head"), hex(head().hash));
  EXPECT_EQ(text_at(frame, "recovery.why"), "");
}

TEST_F(Recovery, what_was_decided_before_the_doubt_is_still_committed) {
  RecordingSession session;
  const SessionKey key = table.join(session, "kiosk-1");
  table.hub->received(key, KitchenTable::order("o1"));
  table.hub->doubt(KeptDoubt{Doubt::Behind, 1, 900, "the relay knows more"});
  table.hub->received(key, KitchenTable::order("o2"));
  table.writer->settle();
  std::string ok;
  std::string refused;
  for (const std::string& frame : session.take()) {
    if (text_at(frame, "id") == "o1") ok = frame;
    if (text_at(frame, "id") == "o2") refused = frame;
  }
  EXPECT_NE(ok.find(R"("ok":true)"), std::string::npos);
  EXPECT_EQ(text_at(refused, "error.code"), "in_recovery");
  EXPECT_FALSE(table.fatal) << table.fatal->message();
  EXPECT_EQ(table.journal.doubt.doubt, Doubt::Behind);
}

TEST_F(Recovery, case_119_lost_orders_come_back_with_their_bytes_and_a_new_epoch_begins) {
  const auto lost = lose_three_orders();
  table.journal.doubt = KeptDoubt{Doubt::Restored, 0, 0, "the store file came from a backup"};
  table.start();
  EXPECT_EQ(text_at(sell("o1"), "error.code"), "in_recovery");
  const Seq before = head().seq;
  auto imported = import(lost);
  ASSERT_TRUE(imported) << imported.error().message();
  EXPECT_EQ(*imported, before + lost.size());
  EXPECT_EQ(table.hub->ledger().open_orders, 3U);
  EXPECT_EQ(text_at(sell("o1"), "error.code"), "in_recovery") << "not before the new epoch";
  table.hub->settle_doubt(1, "restored; 3 orders came back", false);
  table.writer->settle();
  EXPECT_EQ(doubt(), Doubt::None);
  EXPECT_EQ(head().epoch, 2U);
  EXPECT_EQ(number_at(sell("o1"), "epoch"), 2);
  EXPECT_EQ(number_at(sell("o1"), "result.number"), 4) << "the same answer, after the lost three";
  expect_one_line();
}

TEST_F(Recovery, a_command_of_the_gap_that_comes_again_is_not_done_twice) {
  const auto lost = lose_three_orders();
  table.journal.doubt = KeptDoubt{Doubt::Restored, 0, 0, "backup"};
  table.start();
  ASSERT_TRUE(import(lost));
  table.hub->settle_doubt(1, "restored", false);
  table.writer->settle();
  const Seq before = head().seq;
  const std::string again = sell("lost-2");
  EXPECT_NE(again.find(R"("ok":true)"), std::string::npos);
  EXPECT_EQ(number_at(again, "result.number"), 2);
  EXPECT_EQ(head().seq, before);
  sessions.clear();
  table.start();  // and after a restart
  EXPECT_EQ(number_at(sell("lost-3"), "result.number"), 3);
  EXPECT_EQ(head().seq, before);
}

TEST_F(Recovery, what_does_not_follow_is_not_imported_and_nothing_of_it) {
  auto lost = lose_three_orders();
  table.journal.doubt = KeptDoubt{Doubt::Restored, 0, 0, "backup"};
  table.start();
  const Seq before = head().seq;
  auto altered = lost;
  altered.back().data = std::make_shared<const std::string>(*altered.back().data + " ");
  EXPECT_EQ(import(altered).error().code(), Code::Corrupt);
  auto gap = lost;
  gap.erase(gap.begin());
  EXPECT_EQ(import(gap).error().code(), Code::Corrupt);
  EXPECT_EQ(head().seq, before);
  EXPECT_TRUE(import(lost));
}

// The machine has known epoch 2; the backup and what the relay holds are of epoch 1.
TEST_F(Recovery, case_119_lost_events_of_an_older_epoch_come_back_on_a_machine_that_knew_a_later) {
  const auto lost = lose_three_orders();
  table.journal.doubt = KeptDoubt{Doubt::Restored, 0, 0, "backup"};
  table.journal.epoch_floor = 2;
  table.start();
  EXPECT_EQ(head().epoch, 1U) << "what is here keeps its own";
  join_with(auth("kds-1", 1, lost.back().seq));
  EXPECT_EQ(doubt(), Doubt::Behind) << "and is compared by it";
  ASSERT_TRUE(import(lost));
  table.hub->settle_doubt(1, "all is back", false);
  table.writer->settle();
  EXPECT_EQ(head().epoch, 3U);
  EXPECT_EQ(number_at(sell("o1"), "epoch"), 3);
  expect_one_line();
}

TEST_F(Recovery, what_was_seen_before_an_epoch_that_is_being_written_raises_nothing_anew) {
  table.journal.doubt = KeptDoubt{Doubt::Restored, 0, 0, "backup"};
  table.start();
  const Seq here = head().seq;
  table.hub->settle_doubt(1, "nothing is lost", false);
  RecordingSession& late = *sessions.emplace_back(std::make_unique<RecordingSession>());
  table.hub->received(table.hub->opened(late, "127.0.0.1"), auth("kds-1", 1, here + 9));
  table.writer->settle();
  EXPECT_EQ(doubt(), Doubt::None);
  EXPECT_EQ(head().epoch, 2U);
}

TEST_F(Recovery, a_hub_that_trusts_its_books_imports_nothing) {
  const auto lost = lose_three_orders();
  table.start();
  EXPECT_EQ(import(lost).error().code(), Code::BadState);
}

TEST_F(Recovery, without_the_cloud_screens_that_saw_nothing_more_are_enough_for_a_backup) {
  table.journal.doubt = KeptDoubt{Doubt::Restored, 0, 0, "backup"};
  table.start();
  const auto wait = [&](int seconds) {
    for (int i = 0; i < seconds; ++i) {
      table.clock.pass(Duration::seconds(1));
      table.hub->tick();
      table.writer->settle();
    }
  };
  wait(40);
  EXPECT_EQ(doubt(), Doubt::Restored) << "no screen has said anything";
  join_with(auth("kds-1", 1, head().seq, hex(head().hash)));
  wait(1);
  EXPECT_EQ(doubt(), Doubt::None);
  EXPECT_EQ(head().epoch, 2U);
}

TEST_F(Recovery, one_screen_that_saw_more_outweighs_all_that_agree) {
  table.journal.doubt = KeptDoubt{Doubt::Restored, 0, 0, "backup"};
  table.start();
  join_with(auth("kds-1", 1, head().seq, hex(head().hash)));
  join_with(auth("till-1", 1, head().seq + 5));
  for (int i = 0; i < 60; ++i) {
    table.clock.pass(Duration::seconds(1));
    table.hub->tick();
    table.writer->settle();
  }
  EXPECT_EQ(doubt(), Doubt::Behind);
  EXPECT_EQ(head().epoch, 1U);
}

TEST_F(Recovery, case_117_a_copy_on_another_machine_is_not_let_go_by_screens) {
  table.journal.doubt = KeptDoubt{Doubt::OtherMachine, 0, 0, "another machine"};
  table.start();
  join_with(auth("kds-1", 1, head().seq, hex(head().hash)));
  for (int i = 0; i < 60; ++i) {
    table.clock.pass(Duration::seconds(1));
    table.hub->tick();
    table.writer->settle();
  }
  EXPECT_EQ(doubt(), Doubt::OtherMachine);
}

TEST_F(Recovery, case_120_a_person_lets_it_go_on_with_a_reason_above_all_that_was_seen) {
  table.journal.doubt = KeptDoubt{Doubt::Restored, 0, 0, "backup"};
  table.start();
  join_with(auth("kds-1", 3, 7));
  const std::string reply =
      said("till-1",
           KitchenTable::command("c1", "epoch.begin", R"({"reason":"no internet till Monday"})"));
  EXPECT_NE(reply.find(R"("ok":true)"), std::string::npos) << reply;
  EXPECT_EQ(head().epoch, 4U) << "a screen has seen epoch 3";
  const auto begun = decode_event(*table.journal.events.back().data);
  ASSERT_TRUE(begun);
  const auto* epoch = std::get_if<EpochBegun>(&begun->event);
  ASSERT_NE(epoch, nullptr);
  EXPECT_TRUE(epoch->unverified) << "the stock is to be counted";
  EXPECT_EQ(epoch->reason, "no internet till Monday");
  EXPECT_EQ(begun->by.text(), "till-1");
  EXPECT_EQ(number_at(sell("o1"), "epoch"), 4);
  expect_one_line();
}

TEST_F(Recovery, nobody_begins_an_epoch_at_a_hub_that_is_well_or_of_a_store_kept_elsewhere) {
  const std::string begin = KitchenTable::command("c1", "epoch.begin", R"({"reason":"because"})");
  EXPECT_EQ(text_at(said("admin", begin), "error.code"), "bad_state");
  EXPECT_EQ(text_at(said("kiosk-1", begin), "error.code"), "forbidden");
  table.hub->doubt(KeptDoubt{Doubt::TakenOver, 2, 40, "the relay knows epoch 2"});
  EXPECT_EQ(text_at(said("admin", begin), "error.code"), "bad_state");
  EXPECT_EQ(head().epoch, 1U);
}

// The hub was let go on without them; then somebody switches the last tablet on.
TEST_F(Recovery, case_98_a_screen_that_comes_after_the_new_epoch_proves_what_was_lost) {
  const Seq kept = head().seq;
  const auto lost = lose_three_orders();
  const StoredEvent seen = lost.back();
  table.journal.doubt = KeptDoubt{Doubt::Restored, 0, 0, "backup"};
  table.start();
  const std::string begin = R"({"reason":"no internet till Monday"})";
  said("till-1", KitchenTable::command("c1", "epoch.begin", begin));
  for (const char* id : {"o1", "o2", "o3", "o4"}) sell(id);
  ASSERT_EQ(head().epoch, 2U);
  ASSERT_GT(head().seq, seen.seq) << "other events have those numbers now";
  table.telemetry.warnings.clear();
  join_with(auth("kds-1", 1, kept));
  join_with(auth("till-1", 2, head().seq - 1));
  EXPECT_TRUE(table.telemetry.warnings.empty()) << "what is here was not lost";
  join_with(auth("kds-1", 1, seen.seq, hex(seen.hash)));
  join_with(auth("kiosk-1", 1, seen.seq));
  ASSERT_EQ(table.telemetry.warnings.size(), 1U) << "once per witness";
  const std::string& told = table.telemetry.warnings[0];
  EXPECT_NE(told.find("event " + std::to_string(seen.seq) + " of epoch 1"), std::string::npos);
  EXPECT_NE(told.find("up to event " + std::to_string(kept)), std::string::npos) << told;
  join_with(auth("till-1", 1, head().seq + 900));
  EXPECT_EQ(table.telemetry.warnings.size(), 2U) << "that one proves more";
  EXPECT_EQ(doubt(), Doubt::None) << "the epoch has begun, it sells on";
  EXPECT_EQ(text_at(sell("o5"), "error.code"), "");
  const std::string status =
      said("admin", R"({"type":"query","id":"q","verb":"hub.status","args":{}})");
  EXPECT_NE(status.find(R"("lost":[{"epoch":1,"seen":)"), std::string::npos) << status;
  EXPECT_NE(status.find(R"("known":)" + std::to_string(kept)), std::string::npos) << status;
}

TEST_F(Recovery, holds_do_not_expire_and_no_day_is_opened_while_in_doubt) {
  table.hub->doubt(KeptDoubt{Doubt::Behind, 1, 900, "more was seen"});
  table.writer->settle();
  const Seq before = head().seq;
  table.clock.set_day(20261122);
  table.clock.pass(Duration::seconds(24 * 3600));
  table.hub->tick();
  table.writer->settle();
  EXPECT_EQ(head().seq, before);
}

}  // namespace
}  // namespace larder::edge
