#include "bench/load/latency.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>

namespace larder::bench {

namespace {

// The smallest value that at least this share of all do not exceed.
double percentile(const std::vector<std::uint32_t>& sorted, double share) {
  if (sorted.empty()) return 0;
  const double rank = std::ceil(share * static_cast<double>(sorted.size()));
  const std::size_t at = std::max<std::size_t>(1, static_cast<std::size_t>(rank)) - 1;
  return sorted[std::min(at, sorted.size() - 1)] / 1'000.0;
}

}  // namespace

std::string latency_json(std::vector<std::uint32_t> micros) {
  std::sort(micros.begin(), micros.end());
  char text[200];
  std::snprintf(text, sizeof text, R"({"count":%zu,"p50":%.3f,"p99":%.3f,"p999":%.3f,"max":%.3f})",
                micros.size(), percentile(micros, 0.5), percentile(micros, 0.99),
                percentile(micros, 0.999), percentile(micros, 1));
  return text;
}

}  // namespace larder::bench
