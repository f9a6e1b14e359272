// What a menu must keep before it becomes a Catalog: it is said once, so that no order has to doubt
// it.
#pragma once

#include "core/base/result.hpp"
#include "core/orders/catalog.hpp"

namespace larder {

// BadMenu or BadCombo names what contradicts what.
Result<void> check_menu(const Menu& menu);

}  // namespace larder
