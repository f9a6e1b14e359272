// What is sold out until a time: read by the store's clock, back exactly once, whatever the clock
// and the process do.
#include <gtest/gtest.h>

#include <string>

#include "tests/app/kitchen_table.hpp"

namespace larder::edge {
namespace {

constexpr std::int64_t kDayMicros = 86'400'000'000;

class Restore : public ::testing::Test {
 protected:
  Restore() { join(); }

  void join() { till_ = table_.join(session_, "till-1"); }
  void crash() {
    table_.start();
    session_.take();
    join();
  }

  // The reply to a mark of the soup as sold out until then.
  std::string mark(const std::string& id, const std::string& until, const char* sku = "soup") {
    table_.hub->received(
        till_, KitchenTable::command(id, "stock.mark",
                                     R"({"sku":")" + std::string(sku) +
                                         R"(","status":"sold_out","restore":"at",)" + until + "}"));
    table_.writer->settle();
    const auto frames = session_.take();
    return frames.empty() ? std::string() : frames.back();
  }
  std::string mark_local(const std::string& id, const std::string& time) {
    return mark(id, R"("restore_local":")" + time + R"(")");
  }

  void tick() {
    table_.hub->tick();
    table_.writer->settle();
  }
  StockLevel soup() const { return table_.hub->ledger().stock.level(SkuId("soup")); }
  bool is_back() const { return soup().status == StockStatus::Available; }
  // How often the soup came back by itself, by the journal.
  int restores() const {
    int count = 0;
    for (const auto& event : table_.journal.events) {
      if (event.data->find(R"("kind":"restore")") != std::string::npos) ++count;
    }
    return count;
  }
  std::int64_t now() { return table_.clock.now().at.micros; }

  KitchenTable table_;
  RecordingSession session_;
  SessionKey till_ = 0;
};

TEST_F(Restore, a_time_by_the_clock_on_the_wall_is_kept_as_the_moment_it_means) {
  const std::int64_t today = now() / kDayMicros * kDayMicros;
  EXPECT_EQ(text_at(mark_local("a", "17:30"), "error.code"), "");
  EXPECT_EQ(soup().restore, RestoreRule::At);
  EXPECT_EQ(soup().restore_at.micros, today + (17 * 60 + 30) * 60'000'000LL);
  mark_local("b", "00:05");  // has been today
  EXPECT_EQ(soup().restore_at.micros, today + kDayMicros + 5 * 60'000'000LL);
  mark_local("c", "2026-12-24T10:00");
  EXPECT_EQ(soup().restore_at.micros, 1'798'106'400'000'000);
}

TEST_F(Restore, the_same_words_under_the_same_id_get_the_same_answer_on_another_day) {
  const std::string first = mark_local("a", "17:30");
  const TimePoint due = soup().restore_at;
  table_.clock.pass(Duration::seconds(20 * 3'600));
  tick();
  EXPECT_TRUE(is_back());
  EXPECT_EQ(mark_local("a", "17:30"), first);
  EXPECT_TRUE(is_back());
  crash();
  EXPECT_EQ(mark_local("a", "17:30"), first);
  EXPECT_TRUE(is_back());
  EXPECT_EQ(text_at(mark_local("a", "17:31"), "error.code"), "key_reuse");
  EXPECT_EQ(text_at(mark("a", R"("restore_at":)" + std::to_string(due.micros)), "error.code"),
            "key_reuse");
}

TEST_F(Restore, times_that_cannot_be_meant_are_refused_and_change_nothing) {
  for (const char* time : {"2026-11-20T17:30", "2026-02-30T10:00", "2062-11-21T17:30", "25:00",
                           "17:3", "noon", "", "2026-11-21 17:30", "2026-11-21T17:30:00"}) {
    EXPECT_EQ(text_at(mark_local(std::string("id-") + std::to_string(now()), time), "error.code"),
              "bad_request")
        << time;
    EXPECT_TRUE(is_back()) << time;
    table_.clock.pass(Duration::seconds(1));
  }
  EXPECT_EQ(text_at(mark("x", R"("restore_at":)" + std::to_string(now() + 367 * kDayMicros)),
                    "error.code"),
            "bad_request");
}

TEST_F(Restore, it_is_back_at_its_time_and_not_before_and_once) {
  mark_local("a", "17:30");
  const TimePoint due = soup().restore_at;
  table_.clock.pass(Duration{due.micros - now() - 1});
  tick();
  EXPECT_FALSE(is_back());
  table_.clock.pass(Duration{1});
  for (int i = 0; i < 4; ++i) tick();
  EXPECT_TRUE(is_back());
  EXPECT_EQ(soup().restore, RestoreRule::Never);
  EXPECT_EQ(restores(), 1);
}

TEST_F(Restore, a_crash_between_the_time_and_the_event_loses_and_doubles_nothing) {
  mark_local("a", "17:30");
  table_.clock.pass(Duration{soup().restore_at.micros - now()});
  table_.hub->tick();  // decided; its group is not on the disk
  EXPECT_EQ(restores(), 0);
  crash();
  EXPECT_FALSE(is_back());
  tick();
  EXPECT_TRUE(is_back());
  crash();
  tick();
  EXPECT_EQ(restores(), 1);
}

TEST_F(Restore, a_time_that_passes_while_the_hub_is_off_counts_when_it_is_on_again) {
  mark_local("a", "17:30");
  crash();
  table_.clock.pass(Duration::seconds(40 * 3'600));
  tick();
  EXPECT_TRUE(is_back());
  EXPECT_EQ(restores(), 1);
}

TEST_F(Restore, case_110_a_clock_that_jumps_ahead_brings_each_back_once) {
  mark_local("a", "17:30");
  mark("b", R"("restore_local":"18:30")", "cake");
  table_.clock.pass(Duration::seconds(10 * 365 * 86'400LL));
  tick();
  tick();
  EXPECT_EQ(restores(), 2);
}

TEST_F(Restore, whoever_is_first_ends_it_and_the_time_has_nothing_left_to_do) {
  mark_local("a", "17:30");
  table_.hub->received(
      till_, KitchenTable::command("b", "stock.mark", R"({"sku":"soup","status":"available"})"));
  table_.writer->settle();
  table_.clock.pass(Duration::seconds(40 * 3'600));
  tick();
  EXPECT_EQ(restores(), 0);
  mark_local("c", "17:30");
  mark_local("d", "19:00");  // told anew
  table_.clock.pass(Duration{soup().restore_at.micros - now() - 1});
  tick();
  EXPECT_EQ(restores(), 0);
  table_.clock.pass(Duration{1});
  tick();
  EXPECT_EQ(restores(), 1);
}

TEST_F(Restore, a_word_of_hq_means_the_stores_clock_too) {
  Word mark;
  mark.id = CommandId("w-1");
  mark.by = "hq:alice";
  mark.verb = "stock.mark";
  mark.args = R"({"sku":"soup","status":"sold_out","restore":"at","restore_local":"17:30"})";
  table_.hub->take_words({NumberedWord{1, mark}}, [](Seq) {});
  table_.writer->settle();
  EXPECT_EQ(soup().restore_at.micros % kDayMicros, (17 * 60 + 30) * 60'000'000LL);
}

}  // namespace
}  // namespace larder::edge
