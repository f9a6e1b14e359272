// A till that says sold out, and screens that say what they show: for measuring how soon everybody
// knows, and who does not.
#pragma once

#include "core/base/result.hpp"
#include "tools/replay/play.hpp"

namespace larder::replay {

// Connects `options.screens` screens (four kiosks that follow the menu to one kitchen display that
// follows the stock), which acknowledge what comes, and a till. The first line printed is "ready".
// Then for each line of stdin, until it ends:
//   "SKU STATUS [RESTORE_AT]"  the till marks it. Printed when the answer and every screen's event
//   are there:
//                 {"sku":..,"status":..,"sent_ns":..,"arrivals_ms":[..]}  (CLOCK_MONOTONIC)
//   "unseen"      the answer of stock.unseen: {"changes":[..]}
Result<void> watch_sold_out(const PlayOptions& options);

}  // namespace larder::replay
