#include "relay/shards/held_orders.hpp"

#include <type_traits>
#include <utility>
#include <variant>

#include "lan-protocol/codec.hpp"
#include "lan-protocol/json.hpp"

namespace larder::relay {
namespace {

constexpr JsonLimits kBodyLimits{32, 400'000, 64 * 1024};

template <typename Any, typename... Kinds>
constexpr bool kIsOneOf = (std::is_same_v<Any, Kinds> || ...);

std::string text_of(const Json* value) {
  const std::string* text = value == nullptr ? nullptr : value->as<std::string>();
  return text == nullptr ? std::string() : *text;
}

// "order":"o-1", or "order":{"id":"o-1",..}, of an event that this version does not know.
std::string named_order(std::string_view data) {
  const auto json = parse_json(data, kBodyLimits);
  const Json* body = json ? json->find("body") : nullptr;
  const Json* order = body == nullptr ? nullptr : body->find("order");
  if (order == nullptr) return {};
  const Json* id = order->find("id");
  return text_of(id != nullptr ? id : order);
}

}  // namespace

std::string changed_order(const Event& event) {
  return std::visit(
      []<typename Any>(const Any& any) -> std::string {
        if constexpr (kIsOneOf<Any, OrderPaid, OrderAccepted, OrderServed, OrderCancelled,
                               OrderVoided, TicketChanged, OrderDiscounted, OrderLineVoided>) {
          return any.order.text();
        }
        return {};
      },
      event);
}

std::string order_of_event(std::string_view data) {
  const auto stamped = decode_event(data);
  if (!stamped) return named_order(data);
  const auto* placed = std::get_if<OrderPlaced>(&stamped->event);
  return placed != nullptr ? placed->order.id.text() : changed_order(stamped->event);
}

std::string name_of(const ParkedPlace& place) {
  return "event " + std::to_string(place.seq) + " of epoch " + std::to_string(place.epoch);
}

std::string waits_behind(const ParkedPlace& first) {
  return std::string(kWaitsBehind) + name_of(first);
}

Result<const HeldOrders::OfStore*> HeldOrders::of(StreamTables& tables, unsigned bucket,
                                                  const StoreId& store) {
  if (const auto known = stores_.find(store); known != stores_.end()) return &known->second;
  auto events = held_events(tables, bucket, store, {});
  if (!events) return pass_on(events);
  OfStore held;
  for (HeldEvent& event : *events) held.try_emplace(std::move(event.order), event.place);
  return &(stores_[store] = std::move(held));
}

void HeldOrders::add(const StoreId& store, const std::string& order, const ParkedPlace& place) {
  const auto known = stores_.find(store);
  if (known != stores_.end() && !order.empty()) known->second.try_emplace(order, place);
}

Result<std::vector<HeldEvent>> held_events(StreamTables& tables, unsigned bucket,
                                           const StoreId& store, const std::string& order) {
  sql::Statement& rows = tables.parked_line;
  const sql::Scope scope(rows);
  rows.bind(1, bucket).bind_text(2, store.text());
  std::vector<HeldEvent> events;
  for (;;) {
    auto row = rows.step();
    if (!row) return pass_on(row);
    if (!*row) return events;
    std::string name = order_of_event(rows.text(2));
    if (name.empty() || (!order.empty() && name != order)) continue;
    const auto seq = static_cast<Seq>(rows.integer(0));
    events.push_back(
        HeldEvent{ParkedPlace{static_cast<Epoch>(rows.integer(1)), seq}, std::move(name)});
  }
}

}  // namespace larder::relay
