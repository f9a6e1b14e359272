#include "relay/api/throttle.hpp"

#include <algorithm>

namespace larder::relay {

bool Throttle::admit(const std::string& key, Duration now) {
  const auto found = rested_at_.find(key);
  if (found == rested_at_.end() && rested_at_.size() >= keys_max_) {
    forget_rested(now);
    if (rested_at_.size() >= keys_max_) return false;
  }
  const std::int64_t rested =
      std::max(found == rested_at_.end() ? 0 : found->second.micros, now.micros) + every_.micros;
  if (rested > now.micros + every_.micros * burst_) return false;
  rested_at_[key] = Duration{rested};
  return true;
}

void Throttle::forget_rested(Duration now) {
  std::erase_if(rested_at_, [now](const auto& entry) { return entry.second <= now; });
}

}  // namespace larder::relay
