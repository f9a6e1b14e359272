// Screens that come, go and come back at any moment see every event of their topics once, in order,
// with no gap.
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>

#include "tests/app/kitchen_table.hpp"

namespace larder::edge {
namespace {

// A client that follows PROTOCOL.md section 5 to the letter and notices every gap.
class Follower {
 public:
  explicit Follower(std::string topic) : topic_(std::move(topic)) {}

  void read(const std::vector<std::string>& frames) {
    for (const auto& frame : frames) read(frame);
  }
  Seq seen() const { return seen_; }
  bool holds_view() const { return holds_view_; }
  // A new connection: heartbeats and events count again from the snapshot or resumed.
  void reconnect() { follows_ = false; }
  const std::string& complaint() const { return complaint_; }

 private:
  void read(const std::string& frame) {
    std::string type = text_at(frame, "type");
    if (type == "snapshot" && text_at(frame, "topic") == topic_) {
      seen_ = static_cast<Seq>(number_at(frame, "last"));
      at_ = static_cast<Seq>(number_at(frame, "seq"));
      holds_view_ = true;
      follows_ = true;
    }
    if (type == "resumed" && text_at(frame, "topic") == topic_) follows_ = true;
    if (type == "heartbeat" && follows_) {
      auto last = static_cast<Seq>(number_at(frame, "last." + topic_));
      if (last > seen_ && last > at_)
        complain("the heartbeat knows of " + std::to_string(last), seen_);
    }
    if (type != "events") return;
    for (int i = 0; text_at(frame, "events." + std::to_string(i) + ".event") != ""; ++i) {
      read_event(frame, "events." + std::to_string(i));
    }
  }
  void read_event(const std::string& frame, const std::string& place) {
    std::int64_t previous = number_at(frame, place + ".prev." + topic_);
    if (previous < 0 || !follows_) return;  // of another topic
    auto seq = static_cast<Seq>(number_at(frame, place + ".seq"));
    if (seq <= seen_ || seq <= at_) return;
    if (static_cast<Seq>(previous) != seen_) complain("a gap before " + std::to_string(seq), seen_);
    seen_ = seq;
  }
  void complain(const std::string& what, Seq held) {
    if (complaint_.empty()) complaint_ = what + ", held " + std::to_string(held);
  }

  std::string topic_;
  std::string complaint_;
  Seq seen_ = 0;
  Seq at_ = 0;
  bool holds_view_ = false;
  bool follows_ = false;
};

TEST(Topics, a_snapshot_waits_for_the_commit_it_shows_and_later_events_follow_it) {
  KitchenTable table;
  RecordingSession kiosk, till;
  SessionKey kiosk_key = table.join(kiosk, "kiosk-1");
  SessionKey till_key = table.join(till, "till-1");
  table.hub->received(kiosk_key, KitchenTable::order("a"));
  table.hub->received(till_key, KitchenTable::subscribe("s", "orders"));
  table.hub->received(kiosk_key, KitchenTable::order("b"));
  EXPECT_TRUE(till.frames.empty());
  table.writer->settle();
  ASSERT_EQ(till.frames.size(), 2U);
  EXPECT_EQ(text_at(till.frames[0], "type"), "snapshot");
  EXPECT_EQ(text_at(till.frames[0], "view.orders.0.order"), "20261121-0001");
  EXPECT_EQ(text_at(till.frames[0], "view.orders.1.order"), "");
  EXPECT_EQ(text_at(till.frames[1], "events.0.body.order.order"), "20261121-0002");
}

TEST(Topics, a_screen_that_resumes_gets_what_it_missed_and_no_snapshot) {
  KitchenTable table;
  RecordingSession kiosk;
  SessionKey key = table.join(kiosk, "kiosk-1");
  Seq before = table.hub->committed().seq;
  for (int i = 0; i < 3; ++i) table.hub->received(key, KitchenTable::order(std::to_string(i)));
  table.writer->settle();
  RecordingSession till;
  SessionKey till_key = table.join(till, "till-1");
  table.hub->received(till_key,
                      R"({"type":"subscribe","id":"s","topic":"orders","since":{"epoch":1,"seq":)" +
                          std::to_string(before) + "}}");
  ASSERT_EQ(till.frames.size(), 2U);
  EXPECT_EQ(text_at(till.frames[0], "type"), "resumed");
  EXPECT_EQ(number_at(till.frames[1], "events.0.seq"), static_cast<std::int64_t>(before + 1));
  EXPECT_EQ(number_at(till.frames[1], "events.2.seq"), static_cast<std::int64_t>(before + 3));
}

TEST(Topics, another_epoch_or_a_place_in_the_future_gets_a_snapshot) {
  KitchenTable table;
  RecordingSession till;
  SessionKey key = table.join(till, "till-1");
  table.hub->received(
      key, R"({"type":"subscribe","id":"1","topic":"orders","since":{"epoch":7,"seq":1}})");
  table.hub->received(
      key, R"({"type":"subscribe","id":"2","topic":"stock","since":{"epoch":1,"seq":999999}})");
  EXPECT_EQ(text_at(till.frames.at(0), "type"), "snapshot");
  EXPECT_EQ(text_at(till.frames.at(1), "type"), "snapshot");
}

// Orders, joins, resumes, disk steps and heartbeats in any order: no follower ever sees a gap, and
// all end at the head.
TEST(Topics, no_screen_ever_misses_an_event) {
  for (unsigned seed = 1; seed <= 30; ++seed) {
    std::mt19937 dice(seed);
    KitchenTable table;
    RecordingSession kiosk, till;
    SessionKey kiosk_key = table.join(kiosk, "kiosk-1");
    SessionKey till_key = table.join(till, "till-1");
    Follower follower("orders");
    int order = 0;
    auto connect = [&] {
      follower.reconnect();
      std::string since = follower.holds_view() ? R"(,"since":{"epoch":1,"seq":)" +
                                                      std::to_string(follower.seen()) + "}"
                                                : "";
      table.hub->received(till_key,
                          R"({"type":"subscribe","id":"s","topic":"orders")" + since + "}");
    };
    connect();
    for (int turn = 0; turn < 120; ++turn) {
      switch (dice() % 6) {
        case 0:
        case 1:
          table.hub->received(kiosk_key, KitchenTable::order("o" + std::to_string(order++)));
          break;
        case 2:
          table.writer->step();
          break;
        case 3: {
          table.clock.pass(Duration::seconds(1));
          table.hub->tick();
          break;
        }
        case 4:
          follower.read(till.take());
          break;
        case 5: {
          if (dice() % 4 != 0) break;
          follower.read(till.take());
          table.hub->closed(till_key);
          till_key = table.hub->opened(till, "127.0.0.1");
          table.hub->received(till_key, R"({"type":"auth","token":"token-till-1"})");
          connect();
          break;
        }
      }
    }
    table.writer->settle();
    table.hub->received(kiosk_key, KitchenTable::order("last"));
    table.writer->settle();
    follower.read(till.take());
    EXPECT_EQ(follower.complaint(), "") << "seed " << seed;
    EXPECT_EQ(follower.seen(), table.hub->committed().seq) << "seed " << seed;
  }
}

}  // namespace
}  // namespace larder::edge
