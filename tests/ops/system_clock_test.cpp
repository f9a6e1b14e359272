// A clock that never goes back, and does not believe every jump.
#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <vector>

#include "edge/ops/clock_note.hpp"
#include "edge/ops/system_clock.hpp"
#include "tests/ops/test_zone.hpp"

namespace larder::edge {
namespace {

class SystemClocks : public ::testing::Test {
 protected:
  SystemClock clock_with_start_at(std::int64_t seconds) {
    wall_ = at(seconds);
    return SystemClock(zone_, 240, {[this] { return wall_; }, [this] { return steady_; }});
  }
  // Time as everybody lives it.
  void pass(std::int64_t seconds) {
    wall_ = wall_ + Duration::seconds(seconds);
    steady_ = steady_ + Duration::seconds(seconds);
  }
  void set_wall_by(std::int64_t seconds) { wall_ = wall_ + Duration::seconds(seconds); }
  const TestZone zone_{0};
  TimePoint wall_;
  Duration steady_ = Duration::seconds(7'000);
};

TEST_F(SystemClocks, case_109_time_stands_still_when_the_machine_is_set_back) {
  SystemClock clock = clock_with_start_at(utc(2026, 11, 21, 12));
  const Now before = clock.now();
  EXPECT_FALSE(clock.is_behind());
  for (const std::int64_t back : {std::int64_t{1}, kHour, 10 * 365 * 24 * kHour}) {
    wall_ = at(utc(2026, 11, 21, 12) - back);
    EXPECT_EQ(clock.now().at, before.at);
    EXPECT_EQ(clock.now().day, before.day);
    EXPECT_TRUE(clock.is_behind());
  }
  wall_ = at(utc(2026, 11, 21, 12, 0, 1));
  EXPECT_EQ(clock.now().at, wall_);
  EXPECT_FALSE(clock.is_behind());
}

TEST_F(SystemClocks, case_109_set_back_a_little_it_waits_further_it_goes_on_and_is_caught_up) {
  SystemClock clock = clock_with_start_at(utc(2026, 11, 21, 12));
  const TimePoint noon = clock.now().at;
  set_wall_by(-100);
  pass(60);
  EXPECT_EQ(clock.now().at, noon);
  pass(60);
  EXPECT_EQ(clock.now().at, noon + Duration::seconds(20));
  EXPECT_FALSE(clock.is_behind());
  set_wall_by(-kHour);
  pass(100);
  EXPECT_EQ(clock.now().at, noon + Duration::seconds(110)) << "nine tenths of it";
  for (int minute = 0; minute < 11 * 60 && clock.is_behind(); ++minute) {
    pass(60);
    clock.now();
  }
  EXPECT_EQ(clock.now().at, wall_);
}

TEST_F(SystemClocks, case_110_a_clock_that_jumps_ahead_and_back_was_never_believed) {
  for (const std::int64_t jump : {24 * kHour, 10 * 365 * 24 * kHour}) {
    SystemClock clock = clock_with_start_at(utc(2026, 11, 21, 12));
    const Now noon = clock.now();
    set_wall_by(jump);
    pass(59 * 60);
    EXPECT_EQ(clock.now().at, noon.at + Duration::minutes(59));
    EXPECT_TRUE(clock.is_ahead());
    set_wall_by(-jump);
    pass(60);
    EXPECT_EQ(clock.now().at, wall_);
    EXPECT_EQ(clock.now().day, noon.day) << "the day did not turn";
    EXPECT_FALSE(clock.is_ahead());
    EXPECT_FALSE(clock.is_behind());
  }
}

TEST_F(SystemClocks, case_110_a_jump_that_stays_for_an_hour_is_believed) {
  SystemClock clock = clock_with_start_at(utc(2026, 11, 21, 12));
  const TimePoint noon = clock.now().at;
  set_wall_by(24 * kHour);
  clock.now();
  for (int minute = 1; minute < 60; ++minute) {
    pass(60);
    ASSERT_EQ(clock.now().at, noon + Duration::minutes(minute));
  }
  pass(60);
  EXPECT_EQ(clock.now().at, wall_);
  EXPECT_FALSE(clock.is_ahead());
}

TEST_F(SystemClocks, case_110_a_restart_within_the_hour_does_not_believe_the_jump) {
  const std::filesystem::path file =
      std::filesystem::path(testing::TempDir()) / ("hub.clock-" + std::to_string(::getpid()));
  {
    SystemClock clock = clock_with_start_at(utc(2026, 11, 21, 12));
    ClockNote note(file, "boot-1");
    note.follow(clock.doubted_jump());
    clock.now();
    set_wall_by(24 * kHour);
    pass(60);
    clock.now();
    note.follow(clock.doubted_jump());
  }
  pass(60);  // the process is gone, the machine is not
  SystemClock again(zone_, 240, {[this] { return wall_; }, [this] { return steady_; }});
  ClockNote note(file, "boot-1");
  again.not_before(Now{at(utc(2026, 11, 21, 12)), BusinessDay{20261121}});
  const auto jump = note.read();
  ASSERT_TRUE(jump);
  again.go_on_doubting(*jump);
  EXPECT_EQ(again.now().at, at(utc(2026, 11, 21, 12, 2)));
  EXPECT_TRUE(again.is_ahead());
  note.follow(again.doubted_jump());
  EXPECT_FALSE(ClockNote(file, "boot-2").read()) << "a boot has been told the time anew";
  EXPECT_FALSE(ClockNote(file, "").read());
  pass(57 * 60);
  EXPECT_EQ(again.now().at, at(utc(2026, 11, 21, 12, 59)));
  pass(2 * 60);
  EXPECT_EQ(again.now().at, wall_) << "the hour began before the restart";
  note.follow(again.doubted_jump());
  EXPECT_FALSE(note.read()) << "nothing is doubted now";
  EXPECT_FALSE(std::filesystem::exists(file));
}

TEST_F(SystemClocks, case_110_a_clock_set_right_while_the_hub_was_off_is_believed) {
  SystemClock clock = clock_with_start_at(utc(2026, 11, 21, 12));
  clock.now();
  set_wall_by(24 * kHour);
  clock.now();
  const DoubtedJump jump = clock.doubted_jump().value();
  set_wall_by(-24 * kHour);
  pass(60);
  SystemClock again(zone_, 240, {[this] { return wall_; }, [this] { return steady_; }});
  again.go_on_doubting(jump);
  EXPECT_EQ(again.now().at, wall_);
  EXPECT_FALSE(again.is_ahead());
}

TEST_F(SystemClocks, case_111_a_dead_battery_does_not_stop_the_shops_time) {
  SystemClock clock = clock_with_start_at(utc(2000, 1, 1, 0));
  const Now last{at(utc(2026, 11, 21, 23)), BusinessDay{20261121}};
  clock.not_before(last);
  EXPECT_EQ(clock.now().at, last.at);
  pass(6 * kHour);
  EXPECT_EQ(clock.now().at, at(utc(2026, 11, 22, 5)));
  EXPECT_EQ(clock.now().day.yyyymmdd, 20261122) << "holds run out and days turn";
  wall_ = at(utc(2026, 12, 1, 9));
  EXPECT_EQ(clock.now().at, wall_) << "set right, it is believed at once";
}

TEST_F(SystemClocks, case_111_a_new_hub_on_a_clock_that_was_never_set_believes_who_sets_it) {
  SystemClock clock = clock_with_start_at(5);
  clock.now();
  pass(60);
  wall_ = at(utc(2026, 11, 21, 12));
  EXPECT_EQ(clock.now().at, wall_);
  EXPECT_FALSE(clock.is_ahead());
}

TEST_F(SystemClocks, case_111_what_the_time_service_sets_after_a_boot_is_believed) {
  steady_ = Duration::seconds(40);
  SystemClock clock = clock_with_start_at(utc(2026, 11, 21, 22));  // as it was put out last night
  clock.now();
  pass(30);
  set_wall_by(10 * kHour);
  EXPECT_EQ(clock.now().at, wall_);
  EXPECT_EQ(clock.now().day.yyyymmdd, 20261122);
}

TEST_F(SystemClocks, case_114_a_machine_that_slept_has_not_jumped) {
  SystemClock clock = clock_with_start_at(utc(2026, 11, 21, 12));
  clock.now();
  pass(9 * kHour);
  EXPECT_EQ(clock.now().at, wall_);
  EXPECT_FALSE(clock.is_ahead());
}

TEST_F(SystemClocks, case_111_a_boot_in_1970_goes_on_after_the_last_event) {
  SystemClock clock = clock_with_start_at(5);
  const Now last{at(utc(2026, 11, 21, 12)), BusinessDay{20261121}};
  clock.not_before(last);
  EXPECT_EQ(clock.now().at, last.at);
  EXPECT_EQ(clock.now().day, last.day);
  EXPECT_TRUE(clock.is_behind());
}

TEST_F(SystemClocks, case_92_the_business_day_only_goes_forward) {
  SystemClock clock = clock_with_start_at(utc(2026, 11, 21, 2));  // by this zone still the 20th
  clock.not_before(Now{at(utc(2026, 11, 21, 1)), BusinessDay{20261121}});
  EXPECT_EQ(clock.now().day.yyyymmdd, 20261121);
  pass(26 * kHour);
  EXPECT_EQ(clock.now().day.yyyymmdd, 20261122);
}

TEST_F(SystemClocks, the_day_turns_at_its_start_and_not_before) {
  SystemClock clock = clock_with_start_at(utc(2026, 11, 21, 3, 59, 59));
  EXPECT_EQ(clock.now().day.yyyymmdd, 20261120);
  pass(1);
  EXPECT_EQ(clock.now().day.yyyymmdd, 20261121);
  pass(33 * 24 * kHour + kHour);
  EXPECT_EQ(clock.now().day.yyyymmdd, 20261224);
}

TEST_F(SystemClocks, case_114_steady_counts_from_the_start_with_or_without_a_wall_clock) {
  SystemClock clock(zone_, 240, {[] { return TimePoint{}; }, {}});
  Duration last = clock.steady();
  EXPECT_LT(last, Duration::seconds(5));
  for (int i = 0; i < 1'000; ++i) {
    const Duration next = clock.steady();
    ASSERT_GE(next, last);
    last = next;
  }
  EXPECT_GT(last.micros, 0);
}

TEST_F(SystemClocks, the_real_clock_is_not_the_epoch) {
  SystemClock clock(zone_, 240);
  EXPECT_GT(clock.now().at, at(utc(2024, 1, 1, 0)));
  EXPECT_GT(clock.now().day.yyyymmdd, 20240101);
}

}  // namespace
}  // namespace larder::edge
