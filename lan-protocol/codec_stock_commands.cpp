// Args of the commands about stock and leases, read strictly.
#include "lan-protocol/command_shapes.hpp"
#include "lan-protocol/shapes.hpp"

namespace larder {

void take(const Input& in, CountStock& out) {
  Fields(in)
      .need("sku", out.sku)
      .need("available", out.available)
      .may("based_on", out.based_on)
      .may("at", out.at)
      .done();
  if (!in.failed() && out.at && !out.based_on) {
    in.refuse_member(Code::BadRequest, "at", "stands with based_on only");
  }
}

void take(const Input& in, MarkStock& out) {
  std::optional<TimePoint> restore_at;
  Fields(in)
      .need("sku", out.sku)
      .need("status", out.status)
      .may("restore", out.restore)
      .may("restore_at", restore_at)
      .may("restore_local", out.restore_local)
      .may("channel", out.channel)
      .done();
  if (in.failed()) return;
  const bool has_rule = out.restore != RestoreRule::Never;
  if (has_rule && out.status != StockStatus::SoldOut) {
    return in.refuse_member(Code::BadRequest, "restore", "only of what is marked sold out");
  }
  if (has_rule && !out.channel.empty()) {
    return in.refuse_member(Code::BadRequest, "restore", "only of what is sold out everywhere");
  }
  if (restore_at && out.restore_local) {
    return in.refuse_member(Code::BadRequest, "restore_local", "stands in place of restore_at");
  }
  if ((out.restore == RestoreRule::At) != (restore_at || out.restore_local)) {
    const std::string_view told = out.restore_local ? "restore_local" : "restore_at";
    return in.refuse_member(Code::BadRequest, told, "stands with restore \"at\" only");
  }
  out.restore_at = restore_at.value_or(TimePoint{});
}

void take(const Input& in, LimitStock& out) {
  std::optional<Quantity> available;
  Fields(in)
      .need("sku", out.sku)
      .need("type", out.type)
      .may("available", available)
      .may("plan", out.plan)
      .done();
  if (in.failed()) return;
  const bool limited = out.type == StockType::Limited;
  if (limited && !available) {
    return in.refuse_member(Code::BadRequest, "available", "missing: a limited SKU has a number");
  }
  if (!limited && available) {
    return in.refuse_member(Code::BadRequest, "available", "an unlimited SKU has none");
  }
  if (!limited && out.plan) {
    return in.refuse_member(Code::BadRequest, "plan", "an unlimited SKU has none");
  }
  out.available = available.value_or(Quantity());
}

static void take(const Input& in, ChannelChange& out) {
  Fields(in)
      .need("channel", out.channel)
      .may("quota", out.quota)
      .may("weight", out.weight)
      .may("status", out.status)
      .done();
  if (in.failed()) return;
  if (out.quota && out.weight.value_or(0) > 0) {
    return in.refuse_member(Code::BadRequest, "quota", "a quota or a weight, not both");
  }
  if (out.weight.value_or(0) > 100) {
    in.refuse_member(Code::BadQuantity, "weight", "must be 0 to 100");
  }
}

void take(const Input& in, SetChannels& out) {
  const JsonArray* const named = [&]() -> const JsonArray* {
    const Json* const value = in.json().find("channels");
    return value == nullptr ? nullptr : value->as<JsonArray>();
  }();
  if (named != nullptr && named->size() > kChannelsPerSkuMax) {
    return in.refuse_member(Code::BadQuantity, "channels", "at most 16");
  }
  Fields(in).need("sku", out.sku).need("channels", out.channels).done();
}

void take(const Input& in, SetThresholds& out) {
  Fields(in)
      .need("sku", out.sku)
      .need("warning", out.warning)
      .need("critical", out.critical)
      .done();
}

void take(const Input& in, ResolveOversell& out) {
  Fields(in).need("oversell", out.oversell).need("resolution", out.resolution).done();
}

void take(const Input& in, AskLease& out) {
  Fields(in)
      .need("sku", out.sku)
      .may_be_empty("channel", out.channel)
      .need("quantity", out.quantity)
      .may("awaited", out.awaited)
      .done();
}

void take(const Input& in, SettleLease& out) {
  Fields(in)
      .need("lease", out.lease)
      .need("sold", out.sold)
      .need("returned", out.returned)
      .may("closed", out.closed)
      .done();
}

}  // namespace larder
