// The bodies of events about leases and oversell records.
#include "lan-protocol/event_shapes.hpp"
#include "lan-protocol/shapes.hpp"

namespace larder {
namespace {

// One movement, as a list of one: readers of movements need no second shape.
void put_movements(JsonWriter& out, const Movement& movement) {
  out.key("movements").begin_array();
  put(out, movement);
  out.end_array();
}

struct OneMovement {
  Movement movement;
};

void take(const Input& in, OneMovement& out) {
  std::vector<Movement> movements;
  larder::take(in, movements);
  if (in.failed()) return;
  if (movements.size() != 1) return in.refuse(Code::BadRequest, "must be one movement");
  out.movement = std::move(movements.front());
}

}  // namespace

void put(JsonWriter& out, const LeaseGranted& event) {
  out.begin_object();
  put_member(out, "lease", event.lease);
  put_member(out, "sku", event.sku);
  put_member(out, "channel", event.channel);
  put_member(out, "quantity", event.quantity);
  put_member(out, "granted", event.granted);
  out.member("ttl_s", event.ttl_seconds);
  put_movements(out, event.movement);
  out.end_object();
}

void take(const Input& in, LeaseGranted& out) {
  OneMovement one;
  Fields(in)
      .need("lease", out.lease)
      .need("sku", out.sku)
      .may_be_empty("channel", out.channel)
      .need("quantity", out.quantity)
      .need("granted", out.granted)
      .need("ttl_s", out.ttl_seconds)
      .need("movements", one)
      .done();
  out.movement = std::move(one.movement);
}

void put(JsonWriter& out, const LeaseSettled& event) {
  out.begin_object();
  put_member(out, "lease", event.lease);
  put_member(out, "sold", event.sold);
  put_member(out, "returned", event.returned);
  put_member(out, "closed", event.closed);
  put_movements(out, event.movement);
  out.end_object();
}

void take(const Input& in, LeaseSettled& out) {
  OneMovement one;
  Fields(in)
      .need("lease", out.lease)
      .need("sold", out.sold)
      .need("returned", out.returned)
      .need("closed", out.closed)
      .need("movements", one)
      .done();
  out.movement = std::move(one.movement);
}

void put(JsonWriter& out, const LeaseRecalled& event) {
  out.begin_object();
  put_member(out, "lease", event.lease);
  put_member(out, "sku", event.sku);
  put_member(out, "keep", event.keep);
  put_member(out, "ends", event.ends);
  put_member(out, "reason", event.reason);
  out.end_object();
}

void take(const Input& in, LeaseRecalled& out) {
  Fields(in)
      .need("lease", out.lease)
      .need("sku", out.sku)
      .need("keep", out.keep)
      .need("ends", out.ends)
      .need("reason", out.reason)
      .done();
}

void put(JsonWriter& out, const OversellRecord& record) {
  out.begin_object();
  put_member(out, "oversell", record.id);
  put_member(out, "sku", record.sku);
  put_member(out, "quantity", record.quantity);
  put_member(out, "cause", record.cause);
  put_member(out, "order", record.order);
  put_member(out, "by", record.by);
  if (!record.staff.empty()) put_member(out, "staff", record.staff);
  put_member(out, "at", record.at);
  out.end_object();
}

void put(JsonWriter& out, const StockOversold& event) { put(out, event.record); }

void take(const Input& in, StockOversold& out) {
  Fields(in)
      .need("oversell", out.record.id)
      .need("sku", out.record.sku)
      .need("quantity", out.record.quantity)
      .need("cause", out.record.cause)
      .may_be_empty("order", out.record.order)
      .may_be_empty("by", out.record.by)
      .may("staff", out.record.staff)
      .need("at", out.record.at)
      .done();
}

void put(JsonWriter& out, const OversellResolved& event) {
  out.begin_object();
  put_member(out, "oversell", event.oversell);
  put_member(out, "resolution", event.resolution);
  put_member(out, "by", event.by);
  out.end_object();
}

void take(const Input& in, OversellResolved& out) {
  Fields(in)
      .need("oversell", out.oversell)
      .need("resolution", out.resolution)
      .may_be_empty("by", out.by)
      .done();
}

}  // namespace larder
