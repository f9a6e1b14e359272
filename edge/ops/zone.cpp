#include "edge/ops/zone.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <limits>

#include "core/base/calendar.hpp"

namespace larder::edge {
namespace {

constexpr std::int64_t kDaySeconds = 86'400;
constexpr std::int64_t kMicros = 1'000'000;

std::int64_t floor_divide(std::int64_t a, std::int64_t b) {
  const std::int64_t quotient = a / b;
  return (a % b != 0 && (a < 0) != (b < 0)) ? quotient - 1 : quotient;
}

// Days since 1970-01-01 to a proleptic Gregorian date: Howard Hinnant, "chrono-Compatible Low-Level
// Date Algorithms", civil_from_days.
BusinessDay to_business_day(std::int64_t days) {
  const std::int64_t shifted = days + 719'468;
  const std::int64_t era = floor_divide(shifted, 146'097);
  const std::int64_t day_of_era = shifted - era * 146'097;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month_from_march = (5 * day_of_year + 2) / 153;
  const std::int64_t day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
  const std::int64_t month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
  const std::int64_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
  if (year < 1) return BusinessDay{0};
  if (year > 9'999) return BusinessDay{99'991'231};
  return BusinessDay{static_cast<std::int32_t>(year * 10'000 + month * 100 + day)};
}

// The first second in (before, after] at which the offset is no longer that of `before`.
std::int64_t change_between(std::int64_t before, std::int64_t after, const ZoneRules& zone) {
  const std::int64_t old_offset = zone.offset_seconds(before);
  while (after - before > 1) {
    const std::int64_t middle = before + (after - before) / 2;
    (zone.offset_seconds(middle) == old_offset ? before : after) = middle;
  }
  return after;
}

// The first second at which local time is not before `local` (seconds since 1970-01-01T00:00 of the
// local calendar).
std::int64_t first_second_at(std::int64_t local, const ZoneRules& zone) {
  const std::int64_t before = local - 2 * kDaySeconds;
  const std::int64_t after = local + 2 * kDaySeconds;
  const std::int64_t old_offset = zone.offset_seconds(before);
  const std::int64_t new_offset = zone.offset_seconds(after);
  if (old_offset == new_offset) return local - old_offset;
  const std::int64_t change = change_between(before, after, zone);
  if (local - old_offset < change) return local - old_offset;
  return std::max(change, local - new_offset);
}

bool is_zone_byte(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '+' || c == '-' ||
         c == '/';
}

bool is_plain_zone_name(const std::string& zone) {
  // No dots: no way out of the directory. The other names are aliases or leap-second tables that a
  // browser does not know.
  if (zone.empty() || zone.size() > 64 || zone.front() == '/' || zone.back() == '/') return false;
  if (zone.find("//") != std::string::npos) return false;
  for (const char* other : {"right/", "posix/", "localtime", "posixrules", "Factory"}) {
    if (zone.starts_with(other)) return false;
  }
  return std::all_of(zone.begin(), zone.end(), is_zone_byte);
}

}  // namespace

void ProcessZone::begin(const std::string& zone) {
  setenv("TZ", (":" + zone).c_str(), 1);
  tzset();
}

std::int64_t ProcessZone::offset_seconds(std::int64_t unix_seconds) const {
  const std::time_t at = unix_seconds;
  std::tm parts{};
  return localtime_r(&at, &parts) == nullptr ? 0 : parts.tm_gmtoff;
}

std::string zone_complaint(const std::string& zone, const std::string& zoneinfo) {
  if (!is_plain_zone_name(zone)) {
    return "must be an IANA time zone, for example \"Europe/Berlin\"";
  }
  std::error_code failed;
  if (!std::filesystem::is_directory(zoneinfo, failed)) {
    return "cannot be checked: there are no time zones in " + zoneinfo + "; install tzdata";
  }
  const std::string file = zoneinfo + "/" + zone;
  char magic[4] = {};
  if (std::filesystem::is_regular_file(file, failed)) {
    std::ifstream(file, std::ios::binary).read(magic, sizeof magic);
  }
  if (std::string_view(magic, sizeof magic) != "TZif") {
    return "names a time zone that this machine does not know (no such file in " + zoneinfo + ")";
  }
  return {};
}

namespace {

// The moment a second begins; the first and last that a TimePoint can hold bound it.
TimePoint at_second(std::int64_t second) {
  constexpr std::int64_t kFirst = std::numeric_limits<std::int64_t>::min() / kMicros;
  constexpr std::int64_t kLast = std::numeric_limits<std::int64_t>::max() / kMicros;
  return TimePoint{std::clamp(second, kFirst, kLast) * kMicros};
}

}  // namespace

DaySpan business_day_span(TimePoint at, const ZoneRules& zone, int start_minutes) {
  const std::int64_t second = floor_divide(at.micros, kMicros);
  const std::int64_t local = second + zone.offset_seconds(second);
  const auto begin_of = [&zone, start_minutes](std::int64_t days) {
    return first_second_at(days * kDaySeconds + std::int64_t{start_minutes} * 60, zone);
  };
  // The last day that has begun. Days begin in order; one that the zone skipped whole is empty.
  std::int64_t days = floor_divide(local, kDaySeconds) + 2;
  while (begin_of(days) > second) --days;
  return DaySpan{to_business_day(days), at_second(begin_of(days)), at_second(begin_of(days + 1))};
}

BusinessDay business_day(TimePoint at, const ZoneRules& zone, int start_minutes) {
  return business_day_span(at, zone, start_minutes).day;
}

TimePoint moment_of(const LocalTime& told, TimePoint after, const ZoneRules& zone) {
  const auto moment_on = [&told, &zone](std::int64_t days) {
    return at_second(first_second_at(days * kDaySeconds + std::int64_t{told.minutes} * 60, zone));
  };
  if (told.yyyymmdd != 0) return moment_on(days_of_date(told.yyyymmdd).value_or(0));
  const std::int64_t second = floor_divide(after.micros, kMicros);
  std::int64_t days = floor_divide(second + zone.offset_seconds(second), kDaySeconds);
  while (moment_on(days) <= after) ++days;
  return moment_on(days);
}

}  // namespace larder::edge
