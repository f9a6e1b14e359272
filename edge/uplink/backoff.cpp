#include "edge/uplink/backoff.hpp"

#include <algorithm>
#include <memory>
#include <random>
#include <utility>

namespace larder::edge {

Backoff::Backoff(Duration first, Duration most, std::function<double()> chance)
    : first_(first), most_(most), limit_(first), chance_(std::move(chance)) {}

Duration Backoff::next() {
  const Duration wait{static_cast<std::int64_t>(chance_() * static_cast<double>(limit_.micros))};
  limit_.micros = std::min(limit_.micros * 2, most_.micros);
  return wait;
}

std::function<double()> system_chance() {
  auto engine = std::make_shared<std::mt19937_64>(std::random_device{}());
  return [engine] { return std::uniform_real_distribution<double>(0.0, 1.0)(*engine); };
}

}  // namespace larder::edge
