// What is said of many latencies.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace larder::bench {

// {"count":..,"p50":..,"p99":..,"p999":..,"max":..}: of microseconds, in milliseconds.
std::string latency_json(std::vector<std::uint32_t> micros);

}  // namespace larder::bench
