// Business days in zones that do what they like, and a clock that never goes back.
// Long because both stand on one zone that changes where it is told to.
#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <map>
#include <vector>

#include "edge/ops/clock_note.hpp"
#include "edge/ops/system_clock.hpp"

namespace larder::edge {
namespace {

constexpr std::int64_t kHour = 3'600;

// Seconds since 1970 of a UTC calendar time.
std::int64_t utc(int year, int month, int day, int hour, int minute = 0, int second = 0) {
  std::tm parts{};
  parts.tm_year = year - 1900;
  parts.tm_mon = month - 1;
  parts.tm_mday = day;
  parts.tm_hour = hour;
  parts.tm_min = minute;
  parts.tm_sec = second;
  return timegm(&parts);
}
TimePoint at(std::int64_t seconds) { return TimePoint{seconds * 1'000'000}; }
std::int64_t seconds_of(TimePoint time) { return time.micros / 1'000'000; }

// An offset that changes where it is told to.
class TestZone final : public ZoneRules {
 public:
  explicit TestZone(std::int64_t offset) : first_(offset) {}
  TestZone& then(std::int64_t from, std::int64_t offset) {
    changes_[from] = offset;
    return *this;
  }
  std::int64_t offset_seconds(std::int64_t unix_seconds) const override {
    const auto next = changes_.upper_bound(unix_seconds);
    return next == changes_.begin() ? first_ : std::prev(next)->second;
  }

 private:
  std::int64_t first_;
  std::map<std::int64_t, std::int64_t> changes_;
};

std::int32_t day_at(std::int64_t seconds, const ZoneRules& zone, int start_minutes) {
  return business_day(at(seconds), zone, start_minutes).yyyymmdd;
}

TEST(BusinessDays, the_hours_before_the_start_belong_to_the_day_before) {
  const TestZone berlin(kHour);
  EXPECT_EQ(day_at(utc(2026, 11, 21, 2, 59, 59), berlin, 240), 20261120);
  EXPECT_EQ(day_at(utc(2026, 11, 21, 3), berlin, 240), 20261121);
  EXPECT_EQ(day_at(utc(2026, 11, 22, 2, 59, 59), berlin, 240), 20261121);
  EXPECT_EQ(business_day(TimePoint{at(utc(2026, 11, 21, 3)).micros - 1}, berlin, 240).yyyymmdd,
            20261120);
}

TEST(BusinessDays, months_years_and_leap_days_follow_the_calendar) {
  const TestZone zone(0);
  EXPECT_EQ(day_at(utc(2026, 1, 1, 3, 59), zone, 240), 20251231);
  EXPECT_EQ(day_at(utc(2028, 3, 1, 3, 59), zone, 240), 20280229);
  EXPECT_EQ(day_at(utc(2100, 3, 1, 3, 59), zone, 240), 21000228);
  EXPECT_EQ(day_at(utc(2000, 2, 29, 12), zone, 240), 20000229);
  for (std::int64_t day = -1'000; day < 60'000; ++day) {
    const std::time_t noon = day * 86'400 + 43'200;
    std::tm parts{};
    gmtime_r(&noon, &parts);
    ASSERT_EQ(day_at(noon, zone, 240),
              (parts.tm_year + 1900) * 10'000 + (parts.tm_mon + 1) * 100 + parts.tm_mday);
  }
}

TEST(BusinessDays, case_113_far_and_strange_times_have_a_day) {
  const TestZone zone(0);
  EXPECT_EQ(day_at(utc(2038, 1, 19, 3, 14, 8) + kHour, zone, 240), 20380119);
  EXPECT_EQ(day_at(-1, zone, 0), 19691231);
  EXPECT_EQ(day_at(utc(9999, 12, 31, 12), zone, 240), 99991231);
  EXPECT_EQ(day_at(utc(20000, 1, 1, 12), zone, 240), 99991231);
  EXPECT_EQ(business_day(TimePoint{INT64_MAX}, zone, 240).yyyymmdd, 99991231);
  EXPECT_EQ(business_day(TimePoint{INT64_MIN}, zone, 240).yyyymmdd, 0);
}

// Europe/Berlin by hand: +1 h, in 2026 +2 h from 29 March 01:00 UTC to 25 October 01:00 UTC.
TestZone berlin_2026() {
  TestZone zone(kHour);
  zone.then(utc(2026, 3, 29, 1), 2 * kHour).then(utc(2026, 10, 25, 1), kHour);
  return zone;
}

std::int64_t hours_of(std::int64_t inside, const ZoneRules& zone, int start_minutes) {
  const DaySpan span = business_day_span(at(inside), zone, start_minutes);
  return (span.end - span.begin).micros / 1'000'000 / kHour;
}

TEST(BusinessDays, case_112_days_have_23_and_25_hours_where_the_clocks_change) {
  const TestZone zone = berlin_2026();
  EXPECT_EQ(hours_of(utc(2026, 3, 28, 12), zone, 240), 23);
  EXPECT_EQ(hours_of(utc(2026, 3, 29, 12), zone, 240), 24);
  EXPECT_EQ(hours_of(utc(2026, 10, 24, 12), zone, 240), 25);
  EXPECT_EQ(hours_of(utc(2026, 10, 25, 12), zone, 240), 24);
  EXPECT_EQ(hours_of(utc(2026, 3, 29, 12), zone, 0), 23);
}

TEST(BusinessDays, case_112_a_start_that_is_skipped_moves_to_the_end_of_the_gap) {
  const TestZone zone = berlin_2026();  // 02:30 does not exist on 29 March
  const DaySpan span = business_day_span(at(utc(2026, 3, 29, 12)), zone, 150);
  EXPECT_EQ(span.day.yyyymmdd, 20260329);
  EXPECT_EQ(seconds_of(span.begin), utc(2026, 3, 29, 1));  // 03:00 local
  EXPECT_EQ(day_at(utc(2026, 3, 29, 0, 59, 59), zone, 150), 20260328);
  EXPECT_EQ(day_at(utc(2026, 3, 29, 1), zone, 150), 20260329);
}

TEST(BusinessDays, case_112_a_start_that_comes_twice_counts_the_first_time) {
  const TestZone zone = berlin_2026();  // 02:30 comes twice on 25 October: 00:30 and 01:30 UTC
  EXPECT_EQ(day_at(utc(2026, 10, 25, 0, 29, 59), zone, 150), 20261024);
  EXPECT_EQ(day_at(utc(2026, 10, 25, 0, 30), zone, 150), 20261025);
  // 02:00 local for the second time: before the start by the wall, but the day has begun.
  EXPECT_EQ(day_at(utc(2026, 10, 25, 1), zone, 150), 20261025);
  EXPECT_EQ(day_at(utc(2026, 10, 25, 1, 30), zone, 150), 20261025);
}

// Every moment of the span in steps: one day each, in order, without gap, and the span agrees.
void expect_days_in_order(const ZoneRules& zone, int start_minutes, std::int64_t from,
                          std::int64_t to, std::int64_t step) {
  DaySpan last = business_day_span(at(from), zone, start_minutes);
  for (std::int64_t second = from; second < to; second += step) {
    const DaySpan span = business_day_span(at(second), zone, start_minutes);
    ASSERT_LE(span.begin, at(second));
    ASSERT_LT(at(second), span.end);
    if (span.day != last.day) {
      ASSERT_LT(last.day, span.day);
      ASSERT_LE(last.end, span.begin);
      ASSERT_EQ(business_day(TimePoint{span.begin.micros - 1}, zone, start_minutes), last.day);
    } else {
      ASSERT_EQ(last.begin, span.begin);
      ASSERT_EQ(last.end, span.end);
    }
    last = span;
  }
}

TEST(BusinessDays, case_112_each_moment_has_one_day_in_every_zone_and_for_every_start) {
  for (const char* name :
       {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca",
        "America/Sao_Paulo", "Asia/Kathmandu", "Antarctica/Troll", "America/St_Johns", "UTC"}) {
    ProcessZone::begin(name);
    const ProcessZone zone;
    for (const int start : {0, 120, 150, 240, 1'439}) {
      SCOPED_TRACE(std::string(name) + " from minute " + std::to_string(start));
      expect_days_in_order(zone, start, utc(2026, 1, 1, 0), utc(2027, 1, 1, 0), 3'593);
    }
  }
  ProcessZone::begin("UTC");
}

TEST(BusinessDays, case_112_a_date_that_the_zone_skips_is_nobodys_business) {
  ProcessZone::begin("Pacific/Apia");  // no 30 December 2011: from 29 to 31 across the date line
  const ProcessZone zone;
  EXPECT_EQ(day_at(utc(2011, 12, 30, 9, 59, 59), zone, 0), 20111229);
  EXPECT_EQ(day_at(utc(2011, 12, 30, 10), zone, 0), 20111231);
  expect_days_in_order(zone, 0, utc(2011, 12, 25, 0), utc(2012, 1, 5, 0), 61);
  ProcessZone::begin("UTC");
}

std::int64_t told(std::int32_t yyyymmdd, int hour, int minute, std::int64_t after,
                  const ZoneRules& zone) {
  const LocalTime time{yyyymmdd, hour * 60 + minute};
  return seconds_of(moment_of(time, at(after), zone));
}

TEST(LocalTimes, a_date_and_time_is_that_moment_in_the_stores_zone) {
  const TestZone zone = berlin_2026();
  EXPECT_EQ(told(20261121, 17, 30, 0, zone), utc(2026, 11, 21, 16, 30));
  EXPECT_EQ(told(20260701, 17, 30, 0, zone), utc(2026, 7, 1, 15, 30));
  EXPECT_EQ(told(20280229, 0, 0, 0, zone), utc(2028, 2, 28, 23));
}

TEST(LocalTimes, a_time_alone_is_the_next_that_the_clock_shows) {
  const TestZone zone = berlin_2026();
  const std::int64_t noon = utc(2026, 11, 21, 11);  // 12:00 by the wall
  EXPECT_EQ(told(0, 17, 30, noon, zone), utc(2026, 11, 21, 16, 30));
  EXPECT_EQ(told(0, 11, 59, noon, zone), utc(2026, 11, 22, 10, 59));
  EXPECT_EQ(told(0, 12, 0, noon, zone), utc(2026, 11, 22, 11));  // now is not a next time
  EXPECT_EQ(told(0, 12, 0, noon - 1, zone), noon);
  EXPECT_EQ(told(0, 0, 30, utc(2026, 11, 20, 23, 15), zone), utc(2026, 11, 20, 23, 30));
}

TEST(LocalTimes, case_112_a_time_in_the_gap_is_the_end_of_the_gap) {
  const TestZone zone = berlin_2026();  // 29 March: 02:00 to 03:00 by the wall are not there
  for (const int minute : {0, 30, 59}) {
    EXPECT_EQ(told(20260329, 2, minute, 0, zone), utc(2026, 3, 29, 1));
  }
  EXPECT_EQ(told(0, 2, 30, utc(2026, 3, 29, 0, 30), zone), utc(2026, 3, 29, 1));
  EXPECT_EQ(told(0, 2, 30, utc(2026, 3, 29, 1), zone), utc(2026, 3, 30, 0, 30));
  EXPECT_EQ(told(20260329, 1, 59, 0, zone), utc(2026, 3, 29, 0, 59));
  EXPECT_EQ(told(20260329, 3, 1, 0, zone), utc(2026, 3, 29, 1, 1));
}

TEST(LocalTimes, case_112_of_a_time_that_comes_twice_it_is_the_first) {
  const TestZone zone = berlin_2026();  // 25 October: 02:30 by the wall at 00:30 and 01:30 UTC
  EXPECT_EQ(told(20261025, 2, 30, 0, zone), utc(2026, 10, 25, 0, 30));
  EXPECT_EQ(told(0, 2, 30, utc(2026, 10, 25, 0, 15), zone), utc(2026, 10, 25, 0, 30));
  EXPECT_EQ(told(0, 2, 30, utc(2026, 10, 25, 0, 30), zone), utc(2026, 10, 26, 1, 30));
  EXPECT_EQ(told(0, 3, 0, utc(2026, 10, 25, 0, 30), zone), utc(2026, 10, 25, 2));
}

TEST(LocalTimes, case_112_the_same_time_tomorrow_is_23_or_25_hours_away) {
  const TestZone zone = berlin_2026();
  const std::int64_t spring = utc(2026, 3, 28, 11), autumn = utc(2026, 10, 24, 10);
  EXPECT_EQ(told(0, 12, 0, spring, zone) - spring, 23 * kHour);
  EXPECT_EQ(told(0, 12, 0, autumn, zone) - autumn, 25 * kHour);
}

// The wall must show it, or be the first moment past it; and no earlier one may.
TEST(LocalTimes, case_112_they_are_found_in_every_zone_on_every_day) {
  for (const char* name : {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe",
                           "Africa/Casablanca", "Antarctica/Troll", "Asia/Kathmandu"}) {
    SCOPED_TRACE(name);
    ProcessZone::begin(name);
    const ProcessZone zone;
    for (std::int64_t day = utc(2026, 1, 1, 0); day < utc(2027, 1, 1, 0); day += 24 * kHour) {
      for (const int minutes : {0, 119, 150, 179, 1'050}) {
        const std::int64_t local = day + minutes * 60;
        std::tm date{};
        gmtime_r(&day, &date);
        const std::int32_t yyyymmdd =
            (date.tm_year + 1'900) * 10'000 + (date.tm_mon + 1) * 100 + date.tm_mday;
        const std::int64_t found = told(yyyymmdd, minutes / 60, minutes % 60, 0, zone);
        ASSERT_GE(found + zone.offset_seconds(found), local);
        ASSERT_LT(found - 1 + zone.offset_seconds(found - 1), local);
        ASSERT_EQ(told(0, minutes / 60, minutes % 60, found - 1, zone), found);
      }
    }
  }
  ProcessZone::begin("UTC");
}

TEST(BusinessDays, the_process_zone_knows_real_zones_far_ahead) {
  ProcessZone::begin("Europe/Berlin");
  const ProcessZone zone;
  EXPECT_EQ(zone.offset_seconds(utc(2026, 7, 1, 12)), 2 * kHour);
  EXPECT_EQ(zone.offset_seconds(utc(2026, 12, 1, 12)), kHour);
  EXPECT_EQ(zone.offset_seconds(utc(2060, 7, 1, 12)), 2 * kHour);
  ProcessZone::begin("UTC");
  EXPECT_EQ(zone.offset_seconds(utc(2026, 7, 1, 12)), 0);
}

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
