// Screens that say when a change of stock reached the last of them. For measuring HQ to shop.
#pragma once

#include <cstddef>

#include "core/base/result.hpp"
#include "tools/replay/play.hpp"

namespace larder::replay {

// Connects `options.screens` kiosks that follow the menu and prints one line of JSON per
// stock.changed once all of them have its frame:
// {"seq":..,"sku":..,"status":..,"all_have_it_ns":..} (CLOCK_MONOTONIC), until stdin ends. The
// first line is "ready".
Result<void> watch_stock(const PlayOptions& options);

}  // namespace larder::replay
