// Who has shown what is sold out: screens say so, and those that have not are named.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/app/kitchen_table.hpp"

namespace larder::edge {
namespace {

class Seen : public ::testing::Test {
 protected:
  Seen() {
    till_key_ = table_.join(till_, "till-1");
    kiosk_key_ = table_.join(kiosk_, "kiosk-1");
    follow(till_key_, "stock");
    follow(kiosk_key_, "menu");
    see(till_key_, "stock");
    see(kiosk_key_, "menu");
    till_.take();
  }

  void follow(SessionKey key, const std::string& topic) {
    table_.hub->received(key, KitchenTable::subscribe("s-" + topic, topic));
    table_.writer->settle();
  }
  // It shows everything that is on the disk.
  void see(SessionKey key, const std::string& topic) {
    say_seen(key, topic, table_.hub->committed().epoch, table_.hub->committed().seq);
  }
  void say_seen(SessionKey key, const std::string& topic, Epoch epoch, Seq seq) {
    table_.hub->received(key, R"({"type":"seen","topic":")" + topic + R"(","epoch":)" +
                                  std::to_string(epoch) + R"(,"seq":)" + std::to_string(seq) + "}");
    table_.writer->settle();
  }
  void command(const std::string& verb, const std::string& args) {
    table_.hub->received(till_key_,
                         KitchenTable::command("c-" + std::to_string(++number_), verb, args));
    table_.writer->settle();
    till_.take();
  }
  void mark(const std::string& status, const std::string& sku = "soup") {
    command("stock.mark", R"({"sku":")" + sku + R"(","status":")" + status + R"("})");
  }
  void pass(int milliseconds) {
    table_.clock.pass(Duration{milliseconds * 1'000LL});
    table_.hub->tick();
    table_.writer->settle();
  }
  // "soup kiosk-1 waiting, ..." of what the query answers.
  std::string unseen() {
    till_.take();
    table_.hub->received(till_key_, R"({"type":"query","id":"q","verb":"stock.unseen"})");
    table_.writer->settle();
    return told(till_.take().back(), "result.changes.");
  }
  // The notices that came, told the same way; "-" for one that is empty.
  std::vector<std::string> notices() {
    std::vector<std::string> notices;
    for (const std::string& frame : till_.take()) {
      if (text_at(frame, "type") != "unseen") continue;
      const std::string text = told(frame, "changes.");
      notices.push_back(text.empty() ? "-" : text);
    }
    return notices;
  }
  static std::string told(const std::string& frame, const std::string& changes) {
    std::string text;
    for (int i = 0;; ++i) {
      const std::string change = changes + std::to_string(i) + ".";
      if (text_at(frame, change + "sku").empty()) return text;
      for (int j = 0;; ++j) {
        const std::string screen = change + "waiting." + std::to_string(j) + ".";
        if (text_at(frame, screen + "device").empty()) break;
        if (!text.empty()) text += ", ";
        const std::string channel = text_at(frame, change + "channel");
        text += text_at(frame, change + "sku") + (channel.empty() ? "" : "@" + channel) + " " +
                text_at(frame, screen + "device") + " " + text_at(frame, screen + "state");
      }
    }
  }

  KitchenTable table_;
  RecordingSession till_, kiosk_;
  SessionKey till_key_ = 0, kiosk_key_ = 0;
  int number_ = 0;
};

TEST_F(Seen, a_screen_that_has_not_shown_a_sold_out_is_named_until_it_has) {
  mark("sold_out");
  EXPECT_EQ(unseen(), "soup kiosk-1 waiting, soup till-1 waiting");
  see(till_key_, "stock");
  EXPECT_EQ(unseen(), "soup kiosk-1 waiting");
  say_seen(kiosk_key_, "menu", table_.hub->committed().epoch, table_.hub->committed().seq - 1);
  EXPECT_EQ(unseen(), "soup kiosk-1 waiting");
  see(kiosk_key_, "menu");
  EXPECT_EQ(unseen(), "");
}

TEST_F(Seen, the_tills_hear_after_two_seconds_and_again_when_it_has) {
  mark("sold_out");
  see(till_key_, "stock");
  pass(1'999);
  EXPECT_TRUE(notices().empty());
  pass(1);
  EXPECT_EQ(notices(), std::vector<std::string>{"soup kiosk-1 waiting"});
  pass(250);
  EXPECT_TRUE(notices().empty());
  see(kiosk_key_, "menu");
  pass(250);
  EXPECT_EQ(notices(), std::vector<std::string>{"-"});
}

TEST_F(Seen, nobody_is_told_of_screens_that_were_in_time) {
  mark("sold_out");
  pass(1'000);
  see(till_key_, "stock");
  see(kiosk_key_, "menu");
  pass(5'000);
  EXPECT_TRUE(notices().empty());
}

TEST_F(Seen, running_out_by_quantity_counts_as_well_and_so_does_being_back) {
  command("stock.limit", R"({"sku":"cake","type":"limited","available":1})");
  see(till_key_, "stock");
  see(kiosk_key_, "menu");
  EXPECT_EQ(unseen(), "");
  table_.hub->received(kiosk_key_, KitchenTable::order("o-1", "cake"));
  table_.writer->settle();
  EXPECT_EQ(unseen(), "cake kiosk-1 waiting, cake till-1 waiting");
  see(till_key_, "stock");
  see(kiosk_key_, "menu");
  command("stock.count", R"({"sku":"cake","available":4})");
  EXPECT_EQ(unseen(), "cake kiosk-1 waiting, cake till-1 waiting");
  pass(3'000);
  EXPECT_TRUE(notices().empty());  // that it is back hurts nobody
}

TEST_F(Seen, a_change_that_neither_sells_out_nor_brings_back_asks_nobody) {
  command("stock.limit", R"({"sku":"cake","type":"limited","available":9})");
  EXPECT_EQ(unseen(), "");
  mark("sold_out");
  see(till_key_, "stock");
  see(kiosk_key_, "menu");
  command("stock.mark", R"({"sku":"soup","status":"sold_out","restore":"next_day"})");
  EXPECT_EQ(unseen(), "");
}

TEST_F(Seen, what_is_sold_out_on_one_channel_is_followed_by_its_name) {
  const auto mark_on_kiosk = [this](const std::string& status) {
    command("stock.mark", R"({"sku":"soup","status":")" + status + R"(","channel":"kiosk"})");
  };
  mark_on_kiosk("sold_out");
  EXPECT_EQ(unseen(), "soup@kiosk kiosk-1 waiting, soup@kiosk till-1 waiting");
  see(till_key_, "stock");
  pass(2'000);
  EXPECT_EQ(notices(), std::vector<std::string>{"soup@kiosk kiosk-1 waiting"});
  mark("sold_out");
  see(till_key_, "stock");
  EXPECT_EQ(unseen(), "soup kiosk-1 waiting") << "everywhere says it of each";
  mark("available");
  see(till_key_, "stock");
  EXPECT_EQ(unseen(), "soup@kiosk kiosk-1 waiting, soup kiosk-1 waiting") << "still out there";
  mark_on_kiosk("available");
  see(till_key_, "stock");
  see(kiosk_key_, "menu");
  EXPECT_EQ(unseen(), "");
}

TEST_F(Seen, a_quota_that_is_drawn_empties_one_channel_only) {
  command("stock.limit", R"({"sku":"cake","type":"limited","available":3})");
  command("stock.channels", R"({"sku":"cake","channels":[{"channel":"pos","quota":2}]})");
  see(till_key_, "stock");
  see(kiosk_key_, "menu");
  EXPECT_EQ(unseen(), "");
  table_.hub->received(kiosk_key_, KitchenTable::order("o-1", "cake"));
  table_.writer->settle();
  EXPECT_EQ(unseen(),
            "cake@emenu kiosk-1 waiting, cake@emenu till-1 waiting, "
            "cake@kiosk kiosk-1 waiting, cake@kiosk till-1 waiting")
      << "the pool is drawn, the till's quota is not";
}

TEST_F(Seen, only_the_latest_change_of_an_item_is_followed) {
  mark("sold_out");
  mark("available");
  pass(3'000);
  EXPECT_TRUE(notices().empty());
  EXPECT_EQ(unseen(), "soup kiosk-1 waiting, soup till-1 waiting");
}

TEST_F(Seen, a_screen_that_went_away_today_is_waited_for_until_tomorrow) {
  table_.hub->closed(kiosk_key_);
  mark("sold_out");
  see(till_key_, "stock");
  EXPECT_EQ(unseen(), "soup kiosk-1 away");
  pass(2'000);
  EXPECT_EQ(notices(), std::vector<std::string>{"soup kiosk-1 away"});
  table_.clock.set_day(20261122);
  pass(250);
  EXPECT_EQ(notices(), std::vector<std::string>{"-"});
  EXPECT_EQ(unseen(), "");
}

TEST_F(Seen, a_screen_that_had_shown_it_before_it_went_is_not_waited_for) {
  mark("sold_out");
  see(till_key_, "stock");
  see(kiosk_key_, "menu");
  table_.hub->closed(kiosk_key_);
  EXPECT_EQ(unseen(), "");
}

TEST_F(Seen, a_client_that_never_speaks_is_unknown_and_no_till_is_bothered_with_it) {
  RecordingSession kitchen;
  const SessionKey key = table_.join(kitchen, "kds-1");
  follow(key, "stock");
  mark("sold_out");
  see(till_key_, "stock");
  see(kiosk_key_, "menu");
  EXPECT_EQ(unseen(), "soup kds-1 unknown");
  pass(3'000);
  EXPECT_TRUE(notices().empty());
}

TEST_F(Seen, whoever_follows_neither_topic_has_nothing_to_show) {
  RecordingSession kitchen;
  const SessionKey key = table_.join(kitchen, "kds-1");
  follow(key, "kitchen");
  table_.hub->received(kiosk_key_, R"({"type":"unsubscribe","id":"u","topic":"menu"})");
  mark("sold_out");
  EXPECT_EQ(unseen(), "soup till-1 waiting");
}

TEST_F(Seen, both_topics_of_a_screen_must_have_come_so_far) {
  follow(till_key_, "menu");
  mark("sold_out");
  see(kiosk_key_, "menu");
  see(till_key_, "stock");
  EXPECT_EQ(unseen(), "soup till-1 waiting");
  see(till_key_, "menu");
  EXPECT_EQ(unseen(), "");
}

TEST_F(Seen, a_connection_of_its_own_begins_anew_and_a_revoked_device_is_forgotten) {
  mark("sold_out");
  see(till_key_, "stock");
  see(kiosk_key_, "menu");
  RecordingSession again;
  kiosk_key_ = table_.join(again, "kiosk-1");
  follow(kiosk_key_, "menu");
  EXPECT_EQ(unseen(), "soup kiosk-1 unknown");
  table_.run_own(RevokeDevice{DeviceId("kiosk-1")});
  table_.writer->settle();
  EXPECT_EQ(unseen(), "");
}

TEST_F(Seen, what_cannot_be_shown_is_not_believed) {
  mark("sold_out");
  see(till_key_, "stock");
  const Seq head = table_.hub->committed().seq;
  say_seen(kiosk_key_, "menu", table_.hub->committed().epoch, head + 1);
  EXPECT_EQ(text_at(kiosk_.take().back(), "code"), "bad_request");
  say_seen(kiosk_key_, "menu", table_.hub->committed().epoch + 1, head);
  say_seen(kiosk_key_, "stock", table_.hub->committed().epoch, head);
  EXPECT_EQ(unseen(), "soup kiosk-1 waiting");
}

TEST_F(Seen, a_till_that_comes_later_hears_what_is_open) {
  mark("sold_out");
  see(till_key_, "stock");
  pass(2'000);
  RecordingSession later;
  const SessionKey key = table_.hub->opened(later, "127.0.0.1");
  table_.hub->received(key, R"({"type":"auth","token":"token-till-1"})");
  table_.writer->settle();
  EXPECT_TRUE(std::any_of(later.frames.begin(), later.frames.end(), [](const std::string& frame) {
    return text_at(frame, "type") == "unseen" && !text_at(frame, "changes.0.sku").empty();
  }));
}

TEST_F(Seen, an_item_that_falls_to_a_threshold_is_told_once_to_the_operator) {
  command("stock.limit", R"({"sku":"cake","type":"limited","available":6})");
  command("stock.thresholds", R"({"sku":"cake","warning":5,"critical":2})");
  EXPECT_TRUE(table_.telemetry.warnings.empty());
  const auto count = [this](int left) {
    command("stock.count", R"({"sku":"cake","available":)" + std::to_string(left) + "}");
  };
  count(5);
  ASSERT_EQ(table_.telemetry.warnings.size(), 1U);
  EXPECT_EQ(table_.telemetry.warnings[0], "cake runs low: 5.0 left, the warning threshold is 5.0");
  count(4);
  EXPECT_EQ(table_.telemetry.warnings.size(), 1U);
  count(2);
  ASSERT_EQ(table_.telemetry.warnings.size(), 2U);
  EXPECT_NE(table_.telemetry.warnings[1].find("critical threshold is 2.0"), std::string::npos);
  count(9);
  count(1);  // both at once: the worse is told
  EXPECT_EQ(table_.telemetry.warnings.size(), 3U);
}

}  // namespace
}  // namespace larder::edge
