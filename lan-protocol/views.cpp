// The `view` of each topic's snapshot.
#include <algorithm>
#include <set>

#include "lan-protocol/codec.hpp"
#include "lan-protocol/shapes.hpp"
#include "lan-protocol/topics.hpp"

namespace larder {
namespace {

constexpr std::size_t kClosedOrdersShown = 200;

void put_levels(JsonWriter& out, const Stock& stock) {
  out.key("stock").begin_array();
  for (const auto& [sku, level] : stock.levels()) write_level(out, sku, level);
  out.end_array();
}

void menu_view(JsonWriter& out, const Ledger& ledger) {
  write_menu(out.key("menu"), ledger.catalog.menu());
  put_levels(out, ledger.stock);
}

// An order is the kitchen's while one of its tickets is still to be cooked, and for the rest of the
// day after its tickets were bumped, so that they can be recalled.
void kitchen_view(JsonWriter& out, const Ledger& ledger) {
  std::set<OrderId> bumped_today;
  for (const auto& [station, orders] : ledger.bumped) {
    bumped_today.insert(orders.begin(), orders.end());
  }
  const auto is_waiting = [](const Ticket& ticket) { return !ticket.bumped; };
  out.key("orders").begin_array();
  for (const auto& [id, order] : ledger.orders) {
    const bool waits = std::any_of(order.tickets.begin(), order.tickets.end(), is_waiting);
    if (waits || bumped_today.count(id) > 0) write_kitchen_order(out, order);
  }
  out.end_array().key("bumped").begin_object();
  for (const auto& [station, orders] : ledger.bumped) put_member(out, station.text(), orders);
  out.end_object();
}

// All open orders, and of the closed ones those that closed last, in order of id.
void orders_view(JsonWriter& out, const Ledger& ledger) {
  std::vector<const Order*> closed;
  for (const auto& [id, order] : ledger.orders) {
    if (is_closed(order)) closed.push_back(&order);
  }
  const std::size_t shown = std::min(closed.size(), kClosedOrdersShown);
  std::stable_sort(closed.begin(), closed.end(), [](const Order* a, const Order* b) {
    return a->closed_at > b->closed_at || (a->closed_at == b->closed_at && a->id > b->id);
  });
  const std::set<const Order*> latest(closed.begin(),
                                      closed.begin() + static_cast<std::ptrdiff_t>(shown));
  out.key("orders").begin_array();
  for (const auto& [id, order] : ledger.orders) {
    if (!is_closed(order) || latest.count(&order) > 0) write_order(out, order);
  }
  out.end_array();
}

void stock_view(JsonWriter& out, const Ledger& ledger) {
  put_levels(out, ledger.stock);
  out.key("holds").begin_array();
  for (const auto& [id, hold] : ledger.stock.holds()) write_hold(out, hold);
  out.end_array();
  if (ledger.stock.oversells().empty()) return;
  out.key("oversells").begin_array();
  for (const auto& [id, record] : ledger.stock.oversells()) put(out, record);
  out.end_array();
}

void devices_view(JsonWriter& out, const Ledger& ledger) {
  out.key("devices").begin_array();
  for (const auto& [id, device] : ledger.devices) write_device(out, device);
  out.end_array();
}

}  // namespace

std::string view_of(Topic topic, const Ledger& ledger) {
  JsonWriter out;
  out.begin_object();
  switch (topic) {
    case Topic::Menu:
      menu_view(out, ledger);
      break;
    case Topic::Kitchen:
      kitchen_view(out, ledger);
      break;
    case Topic::Orders:
      orders_view(out, ledger);
      break;
    case Topic::Stock:
      stock_view(out, ledger);
      break;
    case Topic::Devices:
      devices_view(out, ledger);
      break;
  }
  out.end_object();
  return out.take();
}

}  // namespace larder
