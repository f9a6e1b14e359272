// The hub's books against the relay's, as both tell them: the hub by its journal, the relay by HQ's
// API (its statement of each business day, its last orders, its stock).
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "tools/replay/play.hpp"

namespace larder::replay {

struct CloudOptions {
  ctl::HubAddress relay;
  std::string token;                  // of an account that may read
  std::chrono::seconds patience{60};  // for the relay to have what the hub has
};

struct CloudFindings {
  Seq head = 0;            // of the journal, and of the relay's copy
  std::size_t days = 0;    // statements that were compared
  std::size_t orders = 0;  // in the journal
  std::size_t skus = 0;    // whose stock was compared
  std::vector<Difference> differences;
};

// Waits until the relay has the hub's head as it is at the call. Unavailable when hub or relay
// cannot be asked; a relay that stays behind is a difference.
Result<CloudFindings> compare_cloud(const PlayOptions& hub, const CloudOptions& relay);

}  // namespace larder::replay
