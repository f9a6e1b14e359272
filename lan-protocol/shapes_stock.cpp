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

void put(JsonWriter& out, const ChannelAccount& account) {
  out.begin_object();
  put_member(out, "channel", account.channel);
  put_member(out, "status", account.status);
  put_member(out, "quota", account.quota);
  put_member(out, "sold", account.sold);
  put_member(out, "weight", account.weight);
  out.end_object();
}

// A figure that says nothing is left out: journals from before it was there keep their bytes.
static void put_figure(JsonWriter& out, std::string_view name, Quantity figure) {
  if (!figure.is_zero()) put_member(out, name, figure);
}

void write_level(JsonWriter& out, const SkuId& sku, const StockLevel& level) {
  out.begin_object();
  put_member(out, "sku", sku);
  put_member(out, "type", level.type);
  put_member(out, "status", level.status);
  put_member(out, "available", level.available);
  put_member(out, "held", level.held);
  if (level.restore != RestoreRule::Never) put_member(out, "restore", level.restore);
  if (level.restore == RestoreRule::At || level.restore_at != TimePoint{}) {
    put_member(out, "restore_at", level.restore_at);
  }
  put_figure(out, "plan", level.plan);
  put_figure(out, "leased", level.leased);
  put_figure(out, "owed", level.owed);
  put_figure(out, "warning", level.warning);
  put_figure(out, "critical", level.critical);
  if (!level.channels.empty()) put_member(out, "channels", level.channels);
  if (level.unverified) out.member("unverified", true);
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
  if (!hold.channel.empty()) put_member(out, "channel", hold.channel);
  if (!hold.from_quota.empty()) put_member(out, "from_quota", hold.from_quota);
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
      .may("channel", out.channel)
      .may("from_quota", out.from_quota)
      .done();
}

static void take(const Input& in, ChannelAccount& out) {
  Fields(in)
      .need("channel", out.channel)
      .need("status", out.status)
      .need("quota", out.quota)
      .need("sold", out.sold)
      .need("weight", out.weight)
      .done();
}

void take(const Input& in, NamedLevel& out) {
  Fields(in)
      .need("sku", out.sku)
      .need("type", out.level.type)
      .need("status", out.level.status)
      .need("available", out.level.available)
      .need("held", out.level.held)
      .may("restore", out.level.restore)
      .may("restore_at", out.level.restore_at)
      .may("plan", out.level.plan)
      .may("leased", out.level.leased)
      .may("owed", out.level.owed)
      .may("warning", out.level.warning)
      .may("critical", out.level.critical)
      .may("channels", out.level.channels)
      .may("unverified", out.level.unverified)
      .done();
}

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
