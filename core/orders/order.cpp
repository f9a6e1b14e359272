#include "core/orders/order.hpp"

#include <algorithm>

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

bool is_all_void(const Ticket& ticket) {
  return std::all_of(ticket.lines.begin(), ticket.lines.end(),
                     [](const TicketLine& line) { return line.voided; });
}

}  // namespace larder
