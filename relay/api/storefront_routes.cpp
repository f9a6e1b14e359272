// What a guest's page asks: menu, what can be sold, and the way of the guest's own order. No
// account; the order's secret is in the header Order-Token.
#include <algorithm>

#include "core/base/text.hpp"
#include "lan-protocol/codec.hpp"
#include "relay/api/envelope.hpp"
#include "relay/api/json_of.hpp"
#include "relay/api/limits.hpp"
#include "relay/api/members.hpp"
#include "relay/api/router.hpp"
#include "relay/api/storefront.hpp"

namespace larder::relay {

namespace {

using Manner = Storefront::Manner;

constexpr std::int64_t kTotalMax = 100'000'000;
constexpr JsonLimits kLinesLimits{16, 4'000, 2'000};

// The store of the path, when this guest may ask; else the call has been refused.
std::optional<StoreId> admitted(const CallPtr& call, Manner manner) {
  if (!call->rooms.storefront->admits(call->request, manner)) {
    call->refuse_http(429, "too many requests; wait some seconds");
    return std::nullopt;
  }
  const StoreId store(call->params[0]);
  if (is_id(store.text())) return store;
  call->refuse(wrong_field("storeId", kIdRule));
  return std::nullopt;
}

void answer_tagged(const CallPtr& call, const std::string& json, const std::string& etag) {
  HttpReply reply = success(json);
  reply.fields = {{"Cache-Control", "no-cache"}, {"ETag", etag}};
  if (call->request.field("if-none-match") == etag) {
    reply.status = 304;
    reply.body = nullptr;
  }
  call->respond(std::move(reply));
}

// ---- the order ---------------------------------------------------------------------------------

struct ShopKey {
  StoreId store;
  std::string order;
};

// The order that the token of this request is the secret of; else the call has been refused.
std::optional<ShopKey> key_of(const CallPtr& call, Manner manner) {
  const auto store = admitted(call, manner);
  if (!store) return std::nullopt;
  const std::string_view token = call->request.field("order-token");
  if (!is_shop_token(token)) {
    call->refuse(wrong_field("Order-Token", "must be 32 to 64 random characters of 0-9 a-z -"));
    return std::nullopt;
  }
  ShopKey key{*store, shop_order_number(*store, token)};
  if (call->params.size() < 2 || call->params[1] == key.order) return key;
  call->refuse({Code::NotFound, "there is no such order of yours"});
  return std::nullopt;
}

// Where it stands, in one word for the page.
std::string_view stage_of(const ShopOrder& order, TimePoint now) {
  if (order.status == ReservationStatus::Lock) return order.expires_at > now ? "locked" : "expired";
  if (order.status == ReservationStatus::Unlock) {
    return order.reason == "expired" ? "expired" : "released";
  }
  if (order.at_store) {
    const std::string_view state = order.at_store->state;
    if (state == "placed" || state == "paid") return "received";
    for (const std::string_view known : {"accepted", "preparing", "ready", "served"}) {
      if (state == known) return known;
    }
    return "rejected";
  }
  if (!order.outcome.empty() && order.outcome != "ok") return "rejected";
  // A store that hears of it from now on refuses it: as the word's own time says.
  const bool is_late = order.outcome.empty() && now >= order.updated_at + kOnlineOrderLife;
  return is_late ? "late" : "waiting";
}

std::string_view status_word(ReservationStatus status) {
  if (status == ReservationStatus::Lock) return "RESERVED";
  return status == ReservationStatus::Out ? "CONFIRMED" : "RELEASED";
}

std::int64_t total_of(const ShopOrder& order) {
  const auto json = parse_json(order.online_order, kLinesLimits);
  const Json* payment = json ? json->find("payment") : nullptr;
  const Json* amount = payment == nullptr ? nullptr : payment->find("amount");
  const std::int64_t* minor = amount == nullptr ? nullptr : amount->as<std::int64_t>();
  return minor == nullptr ? 0 : *minor;
}

// `remainingMs`: by our clock, so that the guest's own is never asked.
std::string order_json(const ShopOrder& order, bool is_live, TimePoint now) {
  const std::string_view stage = stage_of(order, now);
  const std::int64_t left = (order.expires_at - now).micros / 1'000;
  JsonWriter out;
  out.begin_object().member("orderNo", order.order).member("storeId", order.store.text());
  out.member("status", status_word(order.status)).member("stage", stage);
  const bool is_out = order.status == ReservationStatus::Out;
  const std::string& why = !is_out          ? order.reason
                           : order.at_store ? order.at_store->reason
                                            : order.message;
  if (!why.empty()) out.member("reason", why);
  out.member("total", total_of(order));
  put_time(out, "expireAt", order.expires_at);
  out.member("remainingMs", stage == "locked" ? std::max<std::int64_t>(0, left) : 0);
  if (order.at_store) out.member("number", order.at_store->number);
  out.member("isRefunded", stage == "rejected").member("isLive", is_live);
  put_time(out, "updatedAt", order.at_store ? order.at_store->updated_at : order.updated_at);
  out.end_object();
  return out.take();
}

void answer_order(const CallPtr& call, const ShopKey& key) {
  call->rooms.desk.shop_order(
      key.store, key.order, [call, key](const Result<std::optional<ShopOrder>>& order) {
        if (!order) return call->refuse(order.error());
        if (!*order) return call->refuse({Code::NotFound, "there is no such order of yours"});
        const auto view = call->rooms.desk.store(key.store);
        call->answer(order_json(**order, view && view->is_live, call->rooms.clock.now()));
      });
}

// Which of it there is too little of, and how much there is: the envelope with two members more.
void refuse_short(const CallPtr& call, const StoreId& store, const Error& error) {
  call->rooms.storefront->shelf(store, true, [call, error](const Result<Storefront::Shelf>& shelf) {
    HttpReply reply = failure(error, call->request.trace_id);
    const SkuId sku(error.subject());
    const auto left = shelf ? (*shelf)->left(sku) : std::nullopt;
    JsonWriter more;
    more.begin_object().member("skuId", sku.text());
    if (left) more.key("availableQty").raw(left->text());
    more.end_object();
    std::string body = *reply.body;
    body.back() = ',';
    reply.body = std::make_shared<const std::string>(body + more.text().substr(1));
    call->respond(std::move(reply));
  });
}

// ---- what is ordered ---------------------------------------------------------------------------

struct Wanted {
  Json order;  // the arguments of online.order, without what it costs
  std::optional<std::int64_t> expected_total;
};

Json text_json(std::string text) { return Json(Json::Kind(std::move(text))); }

Result<Wanted> read_wanted(const Json& json, const std::string& number) {
  Members members(json);
  Wanted wanted;
  const Json* const lines = members.value("lines");
  const std::string name = members.text("name", kShopNameBytesMax);
  const auto note = members.text_if("note", kReasonBytesMax);
  wanted.expected_total =
      members.whole_if("expectedTotal", 0, kTotalMax, "must be an amount in minor units");
  if (auto done = members.finish(); !done) return pass_on(done);
  JsonObject payment{{"tender", text_json("card")},
                     {"amount", Json(Json::Kind(std::int64_t{0}))},
                     {"reference", text_json("sim-" + number)}};
  JsonObject order{{"source", text_json("online_order")},
                   {"external", text_json(number)},
                   {"name", text_json(name)},
                   {"service", text_json("takeaway")},
                   {"lines", *lines}};
  if (note) order.emplace_back("note", text_json(*note));
  order.emplace_back("payment", Json(Json::Kind(std::move(payment))));
  wanted.order = Json(Json::Kind(std::move(order)));
  return wanted;
}

// After these nothing is held of it; after any other it may be.
bool holds_nothing(Code code) {
  return code == Code::OutOfStock || code == Code::UnknownSku || code == Code::BadQuantity ||
         code == Code::BadOrder || code == Code::Expired || code == Code::Cancelled;
}

void lock(const CallPtr& call, const ShopKey& key, const Wanted& wanted, const ShopMenu& menu) {
  auto draft = Storefront::price(menu, wanted.order);
  if (!draft) return call->refuse(draft.error());
  const std::int64_t total = draft->total.in_minor();
  if (wanted.expected_total && *wanted.expected_total != total) {
    return call->refuse(
        {Code::PriceChanged, "the price has changed: it is " + std::to_string(total) + " now"});
  }
  ReserveOrder turn;
  turn.store = key.store;
  turn.order = key.order;
  turn.channel = draft->order.source;
  turn.is_cart = true;
  turn.items = std::move(draft->demand);
  turn.life = kShopLockLife;
  turn.by = Asker{"storefront", call->request.trace_id};
  turn.online_order = encode_args(Command(std::move(draft->order)));
  OpenOrders& open = call->rooms.storefront->open_orders();
  if (!open.admit(key.store, key.order, guest_of(call->request), call->rooms.clock.steady())) {
    return call->refuse_http(429, "too many orders are open that are not paid; wait some minutes");
  }
  call->rooms.desk.reserve(turn, [call, key, &open](const Result<std::vector<Reservation>>& lines) {
    const bool is_locked =
        lines && !lines->empty() && lines->front().status == ReservationStatus::Lock;
    if (lines ? !is_locked : holds_nothing(lines.error().code())) open.ended(key.store, key.order);
    if (lines) return answer_order(call, key);
    if (lines.error().code() == Code::OutOfStock) {
      return refuse_short(call, key.store, lines.error());
    }
    call->refuse(lines.error());
  });
}

}  // namespace

void get_shop_menu(const CallPtr& call) {
  const auto store = admitted(call, Manner::Read);
  if (!store) return;
  call->rooms.storefront->menu(*store, [call](const Result<Storefront::MenuPtr>& menu) {
    if (!menu) return call->refuse(menu.error());
    answer_tagged(call, (*menu)->json, (*menu)->etag);
  });
}

void get_shop_stock(const CallPtr& call) {
  const auto store = admitted(call, Manner::Read);
  if (!store) return;
  call->rooms.storefront->shelf(*store, false, [call](const Result<Storefront::Shelf>& shelf) {
    if (!shelf) return call->refuse(shelf.error());
    answer_tagged(call, (*shelf)->json, (*shelf)->etag);
  });
}

void post_shop_order(const CallPtr& call) {
  const auto key = key_of(call, Manner::Change);
  if (!key) return;
  const auto body = call->json(kLinesLimits);
  if (!body) return call->refuse(body.error());
  auto wanted = read_wanted(*body, key->order);
  if (!wanted) return call->refuse(wanted.error());
  call->rooms.storefront->menu(key->store,
                               [call, key, wanted](const Result<Storefront::MenuPtr>& menu) {
                                 if (!menu) return call->refuse(menu.error());
                                 lock(call, *key, *wanted, **menu);
                               });
}

void get_shop_order(const CallPtr& call) {
  const auto key = key_of(call, Manner::Read);
  if (key) answer_order(call, *key);
}

// The simulated payment: whoever confirms has paid.
void confirm_shop_order(const CallPtr& call) {
  const auto key = key_of(call, Manner::Change);
  if (!key) return;
  ConfirmOrder turn;
  turn.store = key->store;
  turn.order = key->order;
  turn.by = Asker{"storefront", call->request.trace_id};
  call->rooms.desk.confirm(turn, [call, key](const Result<std::vector<Reservation>>& lines) {
    if (!lines) return call->refuse(lines.error());
    call->rooms.storefront->open_orders().ended(key->store, key->order);
    answer_order(call, *key);
  });
}

void release_shop_order(const CallPtr& call) {
  const auto key = key_of(call, Manner::Change);
  if (!key) return;
  const std::string reason = call->query_text("reason").value_or("back");
  if (reason != "back" && reason != "left") {
    return call->refuse(wrong_field("reason", "must be \"back\" or \"left\""));
  }
  ReleaseOrder turn;
  turn.store = key->store;
  turn.order = key->order;
  turn.reason = reason;
  turn.by = Asker{"storefront", call->request.trace_id};
  call->rooms.desk.shop_order(
      key->store, key->order, [call, key, turn](const Result<std::optional<ShopOrder>>& order) {
        if (!order) return call->refuse(order.error());
        if (!*order) return call->refuse({Code::NotFound, "there is no such order of yours"});
        call->rooms.desk.release(turn, [call, key](const Result<std::vector<Reservation>>& lines) {
          if (!lines) return call->refuse(lines.error());
          call->rooms.storefront->open_orders().ended(key->store, key->order);
          answer_order(call, *key);
        });
      });
}

}  // namespace larder::relay
