#include "lan-protocol/names.hpp"

namespace larder {

std::string_view wire_name(OrderState state) {
  switch (state) {
    case OrderState::Placed:
      return "placed";
    case OrderState::Paid:
      return "paid";
    case OrderState::Accepted:
      return "accepted";
    case OrderState::Preparing:
      return "preparing";
    case OrderState::Ready:
      return "ready";
    case OrderState::Served:
      return "served";
    case OrderState::Cancelled:
      return "cancelled";
    case OrderState::Voided:
      return "voided";
  }
  return {};
}

std::string_view wire_name(Channel channel) {
  switch (channel) {
    case Channel::Pos:
      return "pos";
    case Channel::Kiosk:
      return "kiosk";
    case Channel::Emenu:
      return "emenu";
    case Channel::OnlineOrder:
      return "online_order";
  }
  return {};
}

std::string_view wire_name(Service service) {
  switch (service) {
    case Service::DineIn:
      return "dine_in";
    case Service::Takeaway:
      return "takeaway";
  }
  return {};
}

std::string_view wire_name(Tender tender) {
  switch (tender) {
    case Tender::Cash:
      return "cash";
    case Tender::Card:
      return "card";
  }
  return {};
}

std::string_view wire_name(Role role) {
  switch (role) {
    case Role::Kiosk:
      return "kiosk";
    case Role::Kds:
      return "kds";
    case Role::Till:
      return "till";
    case Role::Admin:
      return "admin";
  }
  return {};
}

std::string_view wire_name(StockType type) {
  switch (type) {
    case StockType::Unlimited:
      return "unlimited";
    case StockType::Limited:
      return "limited";
  }
  return {};
}

std::string_view wire_name(StockStatus status) {
  switch (status) {
    case StockStatus::Available:
      return "available";
    case StockStatus::SoldOut:
      return "sold_out";
  }
  return {};
}

std::string_view wire_name(TicketAction action) {
  switch (action) {
    case TicketAction::None:
      return "none";
    case TicketAction::Checked:
      return "checked";
    case TicketAction::Unchecked:
      return "unchecked";
    case TicketAction::Bumped:
      return "bumped";
    case TicketAction::Recalled:
      return "recalled";
  }
  return {};
}

std::string_view wire_name(MovementKind kind) {
  switch (kind) {
    case MovementKind::Lock:
      return "lock";
    case MovementKind::Out:
      return "out";
    case MovementKind::Unlock:
      return "unlock";
    case MovementKind::Count:
      return "count";
    case MovementKind::Mark:
      return "mark";
    case MovementKind::Limit:
      return "limit";
    case MovementKind::Return:
      return "return";
    case MovementKind::Restore:
      return "restore";
    case MovementKind::Grant:
      return "grant";
    case MovementKind::Settle:
      return "settle";
    case MovementKind::Channels:
      return "channels";
    case MovementKind::Thresholds:
      return "thresholds";
  }
  return {};
}

std::string_view wire_name(RestoreRule rule) {
  switch (rule) {
    case RestoreRule::Never:
      return "never";
    case RestoreRule::NextDay:
      return "next_day";
    case RestoreRule::At:
      return "at";
  }
  return {};
}

std::string_view wire_name(DiscountKind kind) {
  switch (kind) {
    case DiscountKind::Percent:
      return "percent";
    case DiscountKind::Amount:
      return "amount";
  }
  return {};
}

std::string_view wire_name(Permission permission) {
  switch (permission) {
    case Permission::Discount:
      return "discount";
    case Permission::Void:
      return "void";
    case Permission::Stock:
      return "stock";
    case Permission::Close:
      return "close";
    case Permission::Override:
      return "override";
  }
  return {};
}

std::string_view wire_name(HoldKind kind) {
  switch (kind) {
    case HoldKind::Cart:
      return "cart";
    case HoldKind::Order:
      return "order";
  }
  return {};
}

}  // namespace larder
