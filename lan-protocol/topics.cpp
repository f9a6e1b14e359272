#include "lan-protocol/topics.hpp"

namespace larder {
namespace {

constexpr TopicSet kMenu = topic_bit(Topic::Menu);
constexpr TopicSet kKitchen = topic_bit(Topic::Kitchen);
constexpr TopicSet kOrders = topic_bit(Topic::Orders);
constexpr TopicSet kStock = topic_bit(Topic::Stock);
constexpr TopicSet kDevices = topic_bit(Topic::Devices);

constexpr TopicSet both(TopicSet a, TopicSet b) { return static_cast<TopicSet>(a | b); }
constexpr TopicSet kLevels = both(kMenu, kStock);
constexpr TopicSet kWork = both(kKitchen, kOrders);
constexpr TopicSet kEverything = both(both(kLevels, kWork), kDevices);

struct TopicsOf {
  TopicSet operator()(const EpochBegun&) const { return kEverything; }
  TopicSet operator()(const DayOpened&) const { return kEverything; }
  TopicSet operator()(const MenuImported&) const { return kLevels; }
  TopicSet operator()(const DeviceAdded&) const { return kDevices; }
  TopicSet operator()(const DeviceRevoked&) const { return kDevices; }
  TopicSet operator()(const StockChanged&) const { return kLevels; }
  TopicSet operator()(const HoldLocked&) const { return kLevels; }
  TopicSet operator()(const HoldMoved&) const { return kLevels; }
  TopicSet operator()(const HoldConfirmed&) const { return kLevels; }
  TopicSet operator()(const HoldReleased&) const { return kLevels; }
  TopicSet operator()(const OrderPlaced&) const { return kOrders; }
  TopicSet operator()(const OrderPaid&) const { return kOrders; }
  TopicSet operator()(const OrderAccepted&) const { return kWork; }
  TopicSet operator()(const OrderServed&) const { return kWork; }
  TopicSet operator()(const OrderCancelled&) const { return kWork; }
  TopicSet operator()(const OrderVoided& event) const {
    return event.movements.empty() ? kWork : both(kWork, kLevels);
  }
  TopicSet operator()(const TicketChanged&) const { return kWork; }
  TopicSet operator()(const OrderDiscounted&) const { return kOrders; }
  TopicSet operator()(const OrderLineVoided& event) const {
    return event.movements.empty() ? kWork : both(kWork, kLevels);
  }
  // With the hash of a PIN in them: for an admin only.
  TopicSet operator()(const StaffAdded&) const { return kDevices; }
  TopicSet operator()(const StaffRemoved&) const { return kDevices; }
  TopicSet operator()(const DayClosed&) const { return kOrders; }
  TopicSet operator()(const WordTaken&) const { return kStock; }
  TopicSet operator()(const LeaseGranted&) const { return kLevels; }
  TopicSet operator()(const LeaseSettled&) const { return kLevels; }
  TopicSet operator()(const LeaseRecalled&) const { return kStock; }
  TopicSet operator()(const StockOversold&) const { return kStock; }
  TopicSet operator()(const OversellResolved&) const { return kStock; }
};

}  // namespace

std::string_view topic_name(Topic topic) {
  switch (topic) {
    case Topic::Menu:
      return "menu";
    case Topic::Kitchen:
      return "kitchen";
    case Topic::Orders:
      return "orders";
    case Topic::Stock:
      return "stock";
    case Topic::Devices:
      return "devices";
  }
  return {};
}

std::optional<Topic> find_topic(std::string_view name) {
  for (const Topic topic : kAllTopics) {
    if (topic_name(topic) == name) return topic;
  }
  return std::nullopt;
}

Roles topic_roles(Topic topic) {
  constexpr Roles kKiosk = role_bit(Role::Kiosk);
  constexpr Roles kKds = role_bit(Role::Kds);
  constexpr Roles kTill = role_bit(Role::Till);
  constexpr Roles kAdmin = role_bit(Role::Admin);
  switch (topic) {
    case Topic::Menu:
      return kKiosk | kKds | kTill | kAdmin;
    case Topic::Kitchen:
      return kKds | kTill | kAdmin;
    case Topic::Orders:
      return kTill | kAdmin;
    case Topic::Stock:
      return kTill | kKds | kAdmin;
    case Topic::Devices:
      return kAdmin;
  }
  return 0;
}

TopicSet topics_of(const Event& event) { return std::visit(TopicsOf{}, event); }

}  // namespace larder
