// A day of orders drawn from a menu: for a machine without a real one. The same menu, number and
// seed give the same day on every machine (our own arithmetic on mt19937_64, whose numbers the
// standard fixes).
#pragma once

#include <cstdint>
#include <vector>

#include "core/orders/catalog.hpp"
#include "tools/replay/order_file.hpp"

namespace larder::replay {

// Only what a kiosk may sell is drawn. Empty when the menu has nothing for it.
std::vector<FileOrder> sample_day(const Menu& menu, std::size_t orders, std::uint64_t seed);

}  // namespace larder::replay
