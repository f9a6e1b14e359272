#include "core/orders/order.hpp"

#include <algorithm>

namespace larder {

ChannelCode code_of(Channel channel) {
  switch (channel) {
    case Channel::Pos:
      return ChannelCode("pos");
    case Channel::Kiosk:
      return ChannelCode("kiosk");
    case Channel::Emenu:
      return ChannelCode("emenu");
    case Channel::OnlineOrder:
      return ChannelCode("online_order");
  }
  return {};
}

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
