// Times as the estate's routes write them: RFC 3339 in UTC with microseconds,
// "2026-11-21T12:00:00.000000Z". Pure functions; the years 1970 to 9999.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/base/time.hpp"

namespace larder::relay {

std::string time_text(TimePoint at);
// Any offset and one to six decimals are read; none when it is no such time.
std::optional<TimePoint> read_time(std::string_view text);
// "2026-11-21" or "20261121", a day of the calendar.
std::optional<BusinessDay> read_day(std::string_view text);

}  // namespace larder::relay
