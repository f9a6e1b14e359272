// LEVEL, MOVEMENT, HOLD, DEVICE and plain values.
#include <array>
#include <charconv>

#include "lan-protocol/shapes.hpp"

namespace larder {

// The same text as Quantity::text(), without a string of its own.
void put(JsonWriter& out, Quantity quantity) {
  std::array<char, 24> text{};
  char* end =
      std::to_chars(text.data(), text.data() + text.size() - 2, quantity.in_tenths() / 10).ptr;
  *end++ = '.';
  *end++ = static_cast<char>('0' + quantity.in_tenths() % 10);
  out.raw(std::string_view(text.data(), static_cast<std::size_t>(end - text.data())));
}

void put(JsonWriter& out, const std::vector<bool>& flags) {
  out.begin_array();
  for (const bool flag : flags) out.value(flag);
  out.end_array();
}

void write_level(JsonWriter& out, const SkuId& sku, const StockLevel& level) {
  out.begin_object();
  put_member(out, "sku", sku);
  put_member(out, "type", level.type);
  put_member(out, "status", level.status);
  put_member(out, "available", level.available);
  put_member(out, "held", level.held);
  if (level.restore != RestoreRule::Never) put_member(out, "restore", level.restore);
  out.end_object();
}

void put(JsonWriter& out, const Demand& demand) {
  out.begin_object();
  put_member(out, "sku", demand.sku);
  put_member(out, "quantity", demand.quantity);
  out.end_object();
}

void put(JsonWriter& out, const Hold& hold) {
  out.begin_object();
  put_member(out, "hold", hold.id);
  put_member(out, "kind", hold.kind);
  put_member(out, "device", hold.device);
  put_member(out, "order", hold.order);
  put_member(out, "demand", hold.demand);
  put_member(out, "expires_at", hold.expires_at);
  out.end_object();
}

void put(JsonWriter& out, const Movement& movement) {
  out.begin_object();
  put_member(out, "kind", movement.kind);
  write_level(out.key("before"), movement.sku, movement.before);
  write_level(out.key("after"), movement.sku, movement.after);
  out.end_object();
}

void put(JsonWriter& out, const Device& device) {
  out.begin_object();
  put_member(out, "device", device.id);
  put_member(out, "name", device.name);
  put_member(out, "role", device.role);
  put_member(out, "station", device.station);
  put_member(out, "revoked", device.revoked);
  put_member(out, "added_at", device.added_at);
  out.end_object();
}

void write_hold(JsonWriter& out, const Hold& hold) { put(out, hold); }
void write_device(JsonWriter& out, const Device& device) { put(out, device); }

void take(const Input& in, Demand& out) {
  Fields(in).need("sku", out.sku).need("quantity", out.quantity).done();
}

void take(const Input& in, Hold& out) {
  Fields(in)
      .need("hold", out.id)
      .need("kind", out.kind)
      .may_be_empty("device", out.device)
      .may_be_empty("order", out.order)
      .need("demand", out.demand)
      .need("expires_at", out.expires_at)
      .done();
}

namespace {

struct NamedLevel {
  SkuId sku;
  StockLevel level;
};

void take(const Input& in, NamedLevel& out) {
  Fields(in)
      .need("sku", out.sku)
      .need("type", out.level.type)
      .need("status", out.level.status)
      .need("available", out.level.available)
      .need("held", out.level.held)
      .may("restore", out.level.restore)
      .done();
}

}  // namespace

void take(const Input& in, Movement& out) {
  NamedLevel before;
  NamedLevel after;
  Fields(in).need("kind", out.kind).need("before", before).need("after", after).done();
  if (before.sku != after.sku) in.refuse(Code::BadRequest, "before and after name two SKUs");
  out.sku = before.sku;
  out.before = before.level;
  out.after = after.level;
}

void take(const Input& in, Device& out) {
  Fields(in)
      .need("device", out.id)
      .need("name", out.name)
      .need("role", out.role)
      .may_be_empty("station", out.station)
      .need("revoked", out.revoked)
      .need("added_at", out.added_at)
      .done();
}

}  // namespace larder
