#include "core/base/invariant.hpp"

#include <stdexcept>

namespace larder {
namespace {

// The exception never leaves: it meets the noexcept below, and the runtime prints its text.
void stop(const char* what) { throw std::logic_error(what); }

}  // namespace

void invariant(bool holds, const char* what) noexcept {
  if (!holds) stop(what);
}

}  // namespace larder
