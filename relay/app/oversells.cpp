#include "relay/app/oversells.hpp"

#include <tuple>

namespace larder::relay {

bool is_shown_before(const OversellEntry& a, const OversellEntry& b) {
  return std::tie(b.at, b.store, b.id) < std::tie(a.at, a.store, a.id);
}

}  // namespace larder::relay
