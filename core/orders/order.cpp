#include "core/orders/order.hpp"

namespace larder {

bool is_closed(const Order& order) {
  switch (order.state) {
    case OrderState::Cancelled:
    case OrderState::Voided:
      return true;
    case OrderState::Served:
      return order.paid;
    case OrderState::Placed:
    case OrderState::Paid:
    case OrderState::Accepted:
    case OrderState::Preparing:
    case OrderState::Ready:
      return false;
  }
  return false;
}

}  // namespace larder
