// The estate's reservations: reserve, confirm, release, and what became of an order.
#include <algorithm>
#include <map>

#include "core/base/limits.hpp"
#include "relay/api/json_of.hpp"
#include "relay/api/limits.hpp"
#include "relay/api/members.hpp"
#include "relay/api/router.hpp"

namespace larder::relay {

namespace {

constexpr std::string_view kOrderRule = "must be 1 to 64 of A-Z a-z 0-9 . _ : -";
constexpr std::string_view kReasonOtherwise = "cancelled";
constexpr std::string_view kSpans = "must be 1 to 86400 (seconds)";

bool is_order_number(std::string_view text) {
  return is_id(text) && text.find('/') == std::string_view::npos;
}

// One SKU and how many of it.
void read_item(Members& members, std::map<SkuId, std::int64_t>& sums) {
  const SkuId sku(members.id("skuId"));
  const auto quantity = members.quantity_if("qty");
  if (!quantity || quantity->is_zero()) members.wrong("qty", "must be more than 0");
  if (members.failed()) return;
  std::int64_t& sum = sums[sku];
  sum += quantity->in_tenths();
  if (sum > kOrderQuantityTenthsMax) members.wrong("qty", "is more than 10000 of one SKU");
}

void read_items(Members& members, const StoreId& store, std::map<SkuId, std::int64_t>& sums) {
  const JsonArray* items = members.array_if("items", kTurnItemsMax);
  if (items != nullptr && items->empty()) members.wrong("items", "must have one or more");
  for (std::size_t i = 0; items != nullptr && i < items->size() && !members.failed(); ++i) {
    Members item((*items)[i], "items[" + std::to_string(i) + "].");
    read_item(item, sums);
    const auto other = item.id_if("warehouseId");
    if (other && *other != store.text()) {
      item.wrong("warehouseId", "must be that of the order: one order is of one store");
    }
    members.join(item.finish());
  }
}

ChannelCode read_channel(Members& members) {
  const auto code = members.text_if("channelCode", kChannelBytesMax);
  if (!code) return ChannelCode("online_order");
  const auto channel = channel_of(*code);
  if (!channel) members.wrong("channelCode", "must be A-Z, 0-9 and _");
  if (channel && is_hub_channel(*channel)) {
    members.wrong("channelCode", "is sold by the store itself");
  }
  return channel.value_or(ChannelCode());
}

Result<ReserveOrder> read_order(const Json& json, bool& has_items) {
  Members members(json);
  ReserveOrder order;
  order.order = members.id("orderNo");
  if (!members.failed() && !is_order_number(order.order)) members.wrong("orderNo", kOrderRule);
  order.store = StoreId(members.id("warehouseId"));
  order.channel = read_channel(members);
  const auto type = members.text_if("reservationType", kIdBytesMax);
  if (type && *type != "cart" && *type != "order") {
    members.wrong("reservationType", "must be \"cart\" or \"order\"");
  }
  order.is_cart = type == "cart";
  if (const auto seconds = members.whole_if("expireSeconds", 1, 86'400, kSpans)) {
    order.life = Duration::seconds(*seconds);
  }
  std::map<SkuId, std::int64_t> sums;
  has_items = json.find("items") != nullptr;
  if (has_items) {
    read_items(members, order.store, sums);
  } else {
    read_item(members, sums);
  }
  if (auto done = members.finish(); !done) return pass_on(done);
  for (const auto& [sku, tenths] : sums) {
    order.items.push_back(Demand{sku, Quantity::tenths(tenths)});
  }
  return order;
}

Asker asker_of(const Call& call) {
  return Asker{"api:" + call.caller.account.name, call.request.trace_id};
}

void answer_lines(const CallPtr& call, const Result<std::vector<Reservation>>& lines) {
  if (!lines) return call->refuse(lines.error());
  const TimePoint now = call->rooms.clock.now();
  JsonWriter out;
  out.begin_array();
  for (const Reservation& line : *lines) put_reservation(out, line, now);
  out.end_array();
  call->answer(out.text());
}

// Whose order it is, checked: an account that may see some stores only ends none of another's.
// `go` is called with the store, empty when nobody knows the order.
void with_store(const CallPtr& call, const std::function<void(const std::string&, StoreId)>& go) {
  const std::string order = call->query_text("orderNo").value_or("");
  if (!is_order_number(order)) return call->refuse(wrong_field("orderNo", kOrderRule));
  if (const auto store = call->query_text("warehouseId")) {
    if (!is_id(*store)) return call->refuse(wrong_field("warehouseId", kIdRule));
    if (!call->may_see(StoreId(*store))) return;
    return go(order, StoreId(*store));
  }
  if (call->caller.account.stores.empty()) return go(order, StoreId());
  call->rooms.desk.reservations(order, [call, order, go](Result<std::vector<Reservation>> lines) {
    if (!lines) return call->refuse(lines.error());
    if (lines->empty()) {
      return call->refuse({Code::NotFound, "there is no reservation of order " + order});
    }
    if (call->may_see(lines->front().store)) go(order, lines->front().store);
  });
}

}  // namespace

void post_reserve(const CallPtr& call) {
  const auto body = call->json();
  if (!body) return call->refuse(body.error());
  bool has_items = false;
  auto order = read_order(*body, has_items);
  if (!order) return call->refuse(order.error());
  if (!call->may_see(order->store)) return;
  order->by = asker_of(*call);
  call->rooms.desk.reserve(std::move(*order),
                           [call, has_items](const Result<std::vector<Reservation>>& lines) {
                             if (!lines || has_items) return answer_lines(call, lines);
                             const TimePoint now = call->rooms.clock.now();
                             JsonWriter out;
                             put_reservation(out, lines->front(), now);
                             call->answer(out.text());
                           });
}

void post_confirm(const CallPtr& call) {
  with_store(call, [call](const std::string& order, StoreId store) {
    call->rooms.desk.confirm(ConfirmOrder{std::move(store), order, asker_of(*call), false, {}},
                             [call](const auto& lines) { answer_lines(call, lines); });
  });
}

void post_release(const CallPtr& call) {
  const std::string reason = call->query_text("reason").value_or(std::string(kReasonOtherwise));
  if (reason.empty() || reason.size() > kReasonBytesMax || !is_clean_text(reason)) {
    return call->refuse(wrong_field("reason", "must be text of 1 to 200 bytes"));
  }
  with_store(call, [call, reason](const std::string& order, StoreId store) {
    call->rooms.desk.release(ReleaseOrder{std::move(store), order, reason, asker_of(*call), false},
                             [call](const auto& lines) { answer_lines(call, lines); });
  });
}

void get_reservations(const CallPtr& call) {
  const std::string order = call->query_text("orderNo").value_or("");
  if (!is_order_number(order)) return call->refuse(wrong_field("orderNo", kOrderRule));
  call->rooms.desk.reservations(order, [call, order](Result<std::vector<Reservation>> lines) {
    if (!lines) return call->refuse(lines.error());
    std::erase_if(*lines, [&call](const Reservation& line) {
      return !call->caller.account.may_see(line.store);
    });
    if (!lines->empty()) return answer_lines(call, lines);
    call->refuse({Code::NotFound, "there is no reservation of order " + order});
  });
}

}  // namespace larder::relay
