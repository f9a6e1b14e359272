// What a POS of another make did while it was away, told by it afterwards.
#include <algorithm>
#include <limits>

#include "core/base/limits.hpp"
#include "relay/api/json_of.hpp"
#include "relay/api/limits.hpp"
#include "relay/api/members.hpp"
#include "relay/api/router.hpp"

namespace larder::relay {

namespace {

constexpr std::size_t kReplayNodesMax = 4'000;
constexpr std::size_t kChangeTypeBytesMax = 16;

// "-2.5" -> -25.
std::optional<std::int64_t> signed_tenths(const Json& json) {
  std::string text;
  if (const auto* whole = json.as<std::int64_t>()) text = std::to_string(*whole);
  if (const auto* decimal = json.as<Decimal>()) text = decimal->text;
  const bool is_less = text.starts_with('-');
  const auto quantity = Quantity::parse(std::string_view(text).substr(is_less ? 1 : 0));
  if (!quantity) return std::nullopt;
  return is_less ? -quantity->in_tenths() : quantity->in_tenths();
}

void read_change(Members& members, OfflineChange& change) {
  const std::string type = members.text("change_type", kChangeTypeBytesMax);
  change.is_absolute = type == "ABSOLUTE";
  if (!change.is_absolute && type != "RELATIVE") {
    members.wrong("change_type", "must be RELATIVE or ABSOLUTE");
  }
  const Json* quantity = members.value("quantity");
  if (quantity == nullptr) return;
  const auto tenths = signed_tenths(*quantity);
  if (!tenths) return members.wrong("quantity", "must be a number with at most one decimal");
  if (change.is_absolute && *tenths < 0) {
    return members.wrong("quantity", "is set, so it cannot be below zero");
  }
  if (!change.is_absolute && *tenths == 0) {
    return members.wrong("quantity", "is added, so it cannot be zero");
  }
  change.tenths = *tenths;
}

OfflineEvent read_event(Members& members) {
  OfflineEvent event;
  event.change.id = members.id("event_id");
  event.sku = SkuId(members.id("object_id"));
  if (members.one_of_if("object_type", 1, 2) == 1) {
    members.wrong("object_type", "stock is changed per SKU (2)");
  }
  read_change(members, event.change);
  const auto at = members.time_if("occurred_at");
  if (!at) members.wrong("occurred_at", "is needed: the time the till did it");
  event.change.at = at.value_or(TimePoint{});
  event.order = members.id_if("order_id").value_or("");
  return event;
}

Result<OfflineBatch> read_batch(const Json& json) {
  Members members(json);
  OfflineBatch batch;
  batch.brand = members.id_if("brandId").value_or("");
  batch.store = StoreId(members.id("poiId"));
  const JsonArray* events = members.array_if("events", kReplayEventsMax);
  if (events == nullptr || events->empty()) members.wrong("events", "must have one or more");
  for (std::size_t i = 0; events != nullptr && i < events->size() && !members.failed(); ++i) {
    Members one((*events)[i], "events[" + std::to_string(i) + "].");
    batch.events.push_back(read_event(one));
    members.join(one.finish());
  }
  if (auto done = members.finish(); !done) return pass_on(done);
  return batch;
}

std::string_view outcome_name(OfflineFate fate) {
  switch (fate) {
    case OfflineFate::Applied:
      return "APPLIED";
    case OfflineFate::Superseded:
      return "SUPERSEDED";
    case OfflineFate::Unlimited:
      return "UNLIMITED";
    case OfflineFate::Unknown:
      return "UNKNOWN_ITEM";
  }
  return "APPLIED";
}

std::string replayed_json(const Replayed& replayed) {
  JsonWriter out;
  out.begin_object().key("events").begin_array();
  for (const ReplayedEvent& event : replayed.events) {
    out.begin_object().member("event_id", event.id).member("outcome", outcome_name(event.fate));
    out.member("again", event.is_again).end_object();
  }
  out.end_array().key("items").begin_array();
  for (const ReplayedItem& item : replayed.items) {
    out.begin_object().member("object_id", item.sku.text());
    put_quantity(out, "real_quantity", item.real);
    put_quantity(out, "oversold", item.oversold);
    out.member("waits_for_store", item.waits).end_object();
  }
  out.end_array().end_object();
  return out.take();
}

}  // namespace

void replay_offline_events(const CallPtr& call) {
  const auto body = call->json({.nodes = kReplayNodesMax});
  if (!body) return call->refuse(body.error());
  auto batch = read_batch(*body);
  if (!batch) return call->refuse(batch.error());
  if (!call->may_see(batch->store)) return;
  batch->by = Asker{"api:" + call->caller.account.name, call->request.trace_id};
  call->rooms.desk.replay(*batch, [call](const Result<Replayed>& replayed) {
    if (!replayed) return call->refuse(replayed.error());
    call->answer(replayed_json(*replayed));
  });
}

}  // namespace larder::relay
