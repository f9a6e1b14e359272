// Backoff: how long to wait before the next try, with full jitter: a random time in [0, limit],
// where the limit doubles from kFirst to kMost. Thousands of hubs that lost the same broker do not
// come back in the same second. Any thread, one at a time.
#pragma once

#include <functional>

#include "core/base/time.hpp"

namespace larder::edge {

class Backoff {
 public:
  // `chance` answers in [0, 1).
  Backoff(Duration first, Duration most, std::function<double()> chance);

  Duration next();
  // The next try is the first again.
  void reset() { limit_ = first_; }

 private:
  Duration first_;
  Duration most_;
  Duration limit_;
  std::function<double()> chance_;
};

// [0, 1), from the system's own source of chance.
std::function<double()> system_chance();

}  // namespace larder::edge
