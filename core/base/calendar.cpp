#include "core/base/calendar.hpp"

namespace larder {
namespace {

bool is_leap(std::int32_t year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

std::int32_t days_in(std::int32_t year, std::int32_t month) {
  if (month == 2) return is_leap(year) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

}  // namespace

std::optional<std::int64_t> days_of_date(std::int32_t yyyymmdd) {
  const std::int32_t year = yyyymmdd / 10'000;
  const std::int32_t month = yyyymmdd / 100 % 100;
  const std::int32_t day = yyyymmdd % 100;
  if (year < 1 || year > 9'999 || month < 1 || month > 12) return std::nullopt;
  if (day < 1 || day > days_in(year, month)) return std::nullopt;
  // days_from_civil, with years that begin in March.
  const std::int64_t of_march = month > 2 ? year : year - 1;
  const std::int64_t era = of_march / 400;
  const std::int64_t year_of_era = of_march - era * 400;
  const std::int64_t month_from_march = month > 2 ? month - 3 : month + 9;
  const std::int64_t day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
  const std::int64_t day_of_era =
      year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146'097 + day_of_era - 719'468;
}

}  // namespace larder
