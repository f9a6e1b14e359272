// The body of each event, field for field what apply() needs.
#include "lan-protocol/event_shapes.hpp"
#include "lan-protocol/shapes.hpp"

namespace larder {

void put(JsonWriter& out, const EpochBegun& event) {
  out.begin_object();
  put_member(out, "epoch", event.epoch);
  put_member(out, "reason", event.reason);
  if (event.unverified) out.member("unverified", true);
  out.end_object();
}

void take(const Input& in, EpochBegun& out) {
  Fields(in)
      .need("epoch", out.epoch)
      .need("reason", out.reason)
      .may("unverified", out.unverified)
      .done();
}

void put(JsonWriter& out, const DayOpened& event) {
  out.begin_object();
  put_member(out, "day", event.day);
  out.end_object();
}

void take(const Input& in, DayOpened& out) { Fields(in).need("day", out.day).done(); }

void put(JsonWriter& out, const MenuImported& event) {
  out.begin_object();
  put_member(out, "menu", event.menu);
  out.end_object();
}

void take(const Input& in, MenuImported& out) { Fields(in).need("menu", out.menu).done(); }

// The token's digest stands beside the device, so that DEVICE is the same shape everywhere.
void put(JsonWriter& out, const DeviceAdded& event) {
  out.begin_object();
  put_member(out, "device", event.device);
  put_member(out, "token_sha256", event.device.token_sha256);
  out.end_object();
}

void take(const Input& in, DeviceAdded& out) {
  std::string token_sha256;
  Fields(in).need("device", out.device).need("token_sha256", token_sha256).done();
  out.device.token_sha256 = std::move(token_sha256);
}

void put(JsonWriter& out, const DeviceRevoked& event) {
  out.begin_object();
  put_member(out, "device", event.device);
  out.end_object();
}

void take(const Input& in, DeviceRevoked& out) { Fields(in).need("device", out.device).done(); }

void put(JsonWriter& out, const StockChanged& event) {
  out.begin_object();
  put_member(out, "movement", event.movement);
  put_member(out, "by", event.by);
  if (event.asked_at != TimePoint{}) put_member(out, "asked_at", event.asked_at);
  out.end_object();
}

void take(const Input& in, StockChanged& out) {
  Fields(in)
      .need("movement", out.movement)
      .may_be_empty("by", out.by)
      .may("asked_at", out.asked_at)
      .done();
}

void put(JsonWriter& out, const HoldLocked& event) {
  out.begin_object();
  put_member(out, "hold", event.hold);
  put_member(out, "movements", event.movements);
  out.end_object();
}

void take(const Input& in, HoldLocked& out) {
  Fields(in).need("hold", out.hold).need("movements", out.movements).done();
}

void put(JsonWriter& out, const HoldMoved& event) {
  out.begin_object();
  put_member(out, "hold", event.hold);
  put_member(out, "order", event.order);
  put_member(out, "expires_at", event.expires_at);
  out.end_object();
}

void take(const Input& in, HoldMoved& out) {
  Fields(in)
      .need("hold", out.hold)
      .need("order", out.order)
      .need("expires_at", out.expires_at)
      .done();
}

void put(JsonWriter& out, const HoldConfirmed& event) {
  out.begin_object();
  put_member(out, "hold", event.hold);
  put_member(out, "order", event.order);
  put_member(out, "movements", event.movements);
  out.end_object();
}

void take(const Input& in, HoldConfirmed& out) {
  Fields(in)
      .need("hold", out.hold)
      .may_be_empty("order", out.order)
      .need("movements", out.movements)
      .done();
}

void put(JsonWriter& out, const HoldReleased& event) {
  out.begin_object();
  put_member(out, "hold", event.hold);
  put_member(out, "order", event.order);
  put_member(out, "reason", event.reason);
  put_member(out, "movements", event.movements);
  out.end_object();
}

void take(const Input& in, HoldReleased& out) {
  Fields(in)
      .need("hold", out.hold)
      .may_be_empty("order", out.order)
      .need("reason", out.reason)
      .need("movements", out.movements)
      .done();
}

void put(JsonWriter& out, const OrderPlaced& event) {
  out.begin_object();
  put_member(out, "order", event.order);
  out.end_object();
}

void take(const Input& in, OrderPlaced& out) { Fields(in).need("order", out.order).done(); }

void put(JsonWriter& out, const OrderPaid& event) {
  out.begin_object();
  put_member(out, "order", event.order);
  put_member(out, "payment", event.payment);
  put_member(out, "state", event.state);
  out.end_object();
}

void take(const Input& in, OrderPaid& out) {
  Fields(in).need("order", out.order).need("payment", out.payment).need("state", out.state).done();
}

void put(JsonWriter& out, const OrderAccepted& event) {
  out.begin_object();
  put_member(out, "order", event.order);
  put_member(out, "number", event.number);
  put_member(out, "channel", event.channel);
  put_member(out, "service", event.service);
  put_member(out, "table", event.table);
  put_member(out, "note", event.note);
  put_member(out, "tickets", event.tickets);
  put_member(out, "state", event.state);
  out.end_object();
}

void take(const Input& in, OrderAccepted& out) {
  Fields(in)
      .need("order", out.order)
      .need("number", out.number)
      .need("channel", out.channel)
      .need("service", out.service)
      .need("table", out.table)
      .need("note", out.note)
      .need("tickets", out.tickets)
      .need("state", out.state)
      .done();
}

void put(JsonWriter& out, const OrderServed& event) {
  out.begin_object();
  put_member(out, "order", event.order);
  out.end_object();
}

void take(const Input& in, OrderServed& out) { Fields(in).need("order", out.order).done(); }

void put(JsonWriter& out, const OrderCancelled& event) {
  out.begin_object();
  put_member(out, "order", event.order);
  put_member(out, "reason", event.reason);
  out.end_object();
}

void take(const Input& in, OrderCancelled& out) {
  Fields(in).need("order", out.order).need("reason", out.reason).done();
}

void put(JsonWriter& out, const OrderVoided& event) {
  out.begin_object();
  put_member(out, "order", event.order);
  put_member(out, "reason", event.reason);
  put_member(out, "by", event.by);
  put_member(out, "movements", event.movements);
  out.end_object();
}

void take(const Input& in, OrderVoided& out) {
  Fields(in)
      .need("order", out.order)
      .need("reason", out.reason)
      .may_be_empty("by", out.by)
      .need("movements", out.movements)
      .done();
}

void put(JsonWriter& out, const TicketChanged& event) {
  out.begin_object();
  put_member(out, "order", event.order);
  put_member(out, "station", event.station);
  put_member(out, "action", event.action);
  put_member(out, "undo", event.undo);
  put_member(out, "index", event.index);
  put_member(out, "done", event.done);
  put_member(out, "bumped", event.bumped);
  put_member(out, "state", event.state);
  put_member(out, "by", event.by);
  out.end_object();
}

void take(const Input& in, TicketChanged& out) {
  Fields(in)
      .need("order", out.order)
      .may_be_empty("station", out.station)
      .need("action", out.action)
      .need("undo", out.undo)
      .need("index", out.index)
      .need("done", out.done)
      .need("bumped", out.bumped)
      .need("state", out.state)
      .may_be_empty("by", out.by)
      .done();
}

void put(JsonWriter& out, const WordTaken& event) {
  out.begin_object();
  put_member(out, "number", event.number);
  put_member(out, "id", event.id);
  put_member(out, "by", event.by);
  put_member(out, "verb", event.verb);
  put_member(out, "code", event.code);
  put_member(out, "message", event.message);
  out.end_object();
}

void take(const Input& in, WordTaken& out) {
  Fields(in)
      .need("number", out.number)
      .may_be_empty("id", out.id)
      .need("by", out.by)
      .need("verb", out.verb)
      .need("code", out.code)
      .need("message", out.message)
      .done();
}

}  // namespace larder
