// The calendar, by arithmetic alone. Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
#pragma once

#include <cstdint>
#include <optional>

namespace larder {

// Days from 1970-01-01 to a date written as yyyymmdd, of the years 1 to 9999; empty: no such date.
std::optional<std::int64_t> days_of_date(std::int32_t yyyymmdd);

}  // namespace larder
