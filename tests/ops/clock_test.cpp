// Business days in zones that do what they like.
#include <gtest/gtest.h>

#include <map>
#include <vector>

#include "edge/ops/system_clock.hpp"
#include "tests/ops/test_zone.hpp"

namespace larder::edge {
namespace {

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

}  // namespace
}  // namespace larder::edge
