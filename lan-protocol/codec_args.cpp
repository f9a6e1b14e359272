// Args of commands, written canonically.
#include "lan-protocol/codec.hpp"
#include "lan-protocol/shapes.hpp"

namespace larder {
namespace {

void put(JsonWriter& out, const OptionChoice& choice) {
  out.begin_object();
  put_member(out, "group", choice.group);
  put_member(out, "option", choice.option);
  out.end_object();
}

void put(JsonWriter& out, const PartChoice& choice) {
  out.begin_object();
  put_member(out, "part", choice.part);
  put_member(out, "sku", choice.sku);
  out.end_object();
}

void put(JsonWriter& out, const LineRequest& line);
void put(JsonWriter& out, const ChannelChange& change);
void put(JsonWriter& out, const LeaseDraw& draw);

template <typename T>
void put_all(JsonWriter& out, std::string_view name, const std::vector<T>& values) {
  out.key(name).begin_array();
  for (const T& value : values) put(out, value);
  out.end_array();
}

void put(JsonWriter& out, const ChannelChange& change) {
  out.begin_object();
  put_member(out, "channel", change.channel);
  if (change.quota) put_member(out, "quota", *change.quota);
  if (change.weight) put_member(out, "weight", *change.weight);
  if (change.status) put_member(out, "status", *change.status);
  out.end_object();
}

void put(JsonWriter& out, const LeaseDraw& draw) {
  out.begin_object();
  put_member(out, "lease", draw.lease);
  put_member(out, "quantity", draw.quantity);
  out.end_object();
}

void put_note(JsonWriter& out, const std::string& note) {
  if (!note.empty()) put_member(out, "note", note);
}

void put(JsonWriter& out, const LineRequest& line) {
  out.begin_object();
  put_member(out, "sku", line.sku);
  put_member(out, "quantity", line.quantity);
  if (!line.options.empty()) put_all(out, "options", line.options);
  if (!line.parts.empty()) put_all(out, "parts", line.parts);
  put_note(out, line.note);
  out.end_object();
}

// What was asked for, by its kind: one of two members.
void put_discount(JsonWriter& out, const DiscountRequest& discount) {
  if (discount.kind == DiscountKind::Percent) put_member(out, "percent", discount.percent);
  if (discount.kind == DiscountKind::Amount) put_member(out, "amount", discount.off);
  put_member(out, "reason", discount.reason);
}

// The members of one command's args, without the braces.
struct ArgsWriter {
  JsonWriter& out;

  void operator()(const PlaceOrder& command) const {
    put_member(out, "service", command.service);
    if (!command.table.empty()) put_member(out, "table", command.table);
    put_all(out, "lines", command.lines);
    put_note(out, command.note);
    if (!command.hold.empty()) put_member(out, "hold", command.hold);
    if (command.expected_total) put_member(out, "expected_total", *command.expected_total);
    if (command.payment) put_member(out, "payment", *command.payment);
    if (command.fire) put_member(out, "fire", true);
    if (command.override_stock) put_member(out, "override", true);
    if (!command.discount) return;
    out.key("discount").begin_object();
    put_discount(out, *command.discount);
    out.end_object();
  }
  void operator()(const PayOrder& command) const {
    put_member(out, "order", command.order);
    put_member(out, "payment", command.payment);
  }
  void operator()(const AcceptOrder& command) const { put_member(out, "order", command.order); }
  void operator()(const ServeOrder& command) const { put_member(out, "order", command.order); }
  void operator()(const CancelOrder& command) const {
    put_member(out, "order", command.order);
    put_member(out, "reason", command.reason);
  }
  void operator()(const VoidOrder& command) const {
    put_member(out, "order", command.order);
    put_member(out, "reason", command.reason);
    if (command.restock) put_member(out, "restock", true);
  }
  void operator()(const CheckTicketItem& command) const {
    put_member(out, "order", command.order);
    put_member(out, "station", command.station);
    put_member(out, "index", command.index);
    put_member(out, "done", command.done);
  }
  void operator()(const BumpTicket& command) const {
    put_member(out, "order", command.order);
    put_member(out, "station", command.station);
  }
  void operator()(const RecallTicket& command) const {
    if (!command.order.empty()) put_member(out, "order", command.order);
    put_member(out, "station", command.station);
  }
  void operator()(const UndoTicket& command) const {
    put_member(out, "order", command.order);
    put_member(out, "station", command.station);
  }
  void operator()(const PlaceHold& command) const { put_all(out, "lines", command.lines); }
  void operator()(const ReleaseHold& command) const { put_member(out, "hold", command.hold); }
  void operator()(const CountStock& command) const {
    put_member(out, "sku", command.sku);
    put_member(out, "available", command.available);
    if (command.based_on) put_member(out, "based_on", *command.based_on);
    if (command.at) put_member(out, "at", *command.at);
  }
  void operator()(const MarkStock& command) const {
    put_member(out, "sku", command.sku);
    put_member(out, "status", command.status);
    if (command.restore != RestoreRule::Never) put_member(out, "restore", command.restore);
    if (command.restore_local) {
      put_member(out, "restore_local", *command.restore_local);
    } else if (command.restore == RestoreRule::At) {
      put_member(out, "restore_at", command.restore_at);
    }
    if (!command.channel.empty()) put_member(out, "channel", command.channel);
  }
  void operator()(const LimitStock& command) const {
    put_member(out, "sku", command.sku);
    put_member(out, "type", command.type);
    if (command.type == StockType::Limited) put_member(out, "available", command.available);
    if (command.plan) put_member(out, "plan", *command.plan);
  }
  void operator()(const SetChannels& command) const {
    put_member(out, "sku", command.sku);
    put_all(out, "channels", command.channels);
  }
  void operator()(const SetThresholds& command) const {
    put_member(out, "sku", command.sku);
    put_member(out, "warning", command.warning);
    put_member(out, "critical", command.critical);
  }
  void operator()(const ResolveOversell& command) const {
    put_member(out, "oversell", command.oversell);
    put_member(out, "resolution", command.resolution);
  }
  void operator()(const AskLease& command) const {
    put_member(out, "sku", command.sku);
    if (!command.channel.empty()) put_member(out, "channel", command.channel);
    put_member(out, "quantity", command.quantity);
    if (!command.awaited.is_zero()) put_member(out, "awaited", command.awaited);
  }
  void operator()(const SettleLease& command) const {
    put_member(out, "lease", command.lease);
    put_member(out, "sold", command.sold);
    put_member(out, "returned", command.returned);
    if (command.closed) put_member(out, "closed", true);
  }
  void operator()(const PlaceOnline& command) const {
    put_member(out, "source", command.source);
    put_member(out, "external", command.external);
    if (!command.name.empty()) put_member(out, "name", command.name);
    put_member(out, "service", command.service);
    put_all(out, "lines", command.lines);
    put_note(out, command.note);
    put_member(out, "payment", command.payment);
    if (!command.draws.empty()) put_all(out, "draws", command.draws);
  }
  void operator()(const ImportMenu& command) const { put_member(out, "menu", command.menu); }
  void operator()(const AddDevice& command) const {
    put_member(out, "device", command.device);
    put_member(out, "name", command.name);
    put_member(out, "role", command.role);
    if (!command.station.empty()) put_member(out, "station", command.station);
    put_member(out, "token_sha256", command.token_sha256);
  }
  void operator()(const RevokeDevice& command) const { put_member(out, "device", command.device); }
  void operator()(const VoidLine& command) const {
    put_member(out, "order", command.order);
    put_member(out, "line", command.line);
    put_member(out, "reason", command.reason);
    if (command.restock) put_member(out, "restock", true);
  }
  void operator()(const DiscountOrder& command) const {
    put_member(out, "order", command.order);
    if (command.discount) put_discount(out, *command.discount);
    if (!command.discount) put_member(out, "remove", true);
  }
  void operator()(const AddStaff& command) const {
    put_member(out, "staff", command.staff);
    put_member(out, "name", command.name);
    put_member(out, "pin_hash", command.pin_hash);
    put_member(out, "permissions", command.permissions);
  }
  void operator()(const RemoveStaff& command) const { put_member(out, "staff", command.staff); }
  void operator()(const CloseDay& command) const {
    if (command.day != BusinessDay{}) put_member(out, "day", command.day);
    put_member(out, "cash_counted", command.cash_counted);
  }
  void operator()(const ExpireHolds&) const {}
  void operator()(const BeginEpoch& command) const { put_member(out, "reason", command.reason); }
  void operator()(const TakeWord& command) const {
    put_member(out, "number", command.number);
    put_member(out, "id", command.id);
    put_member(out, "by", command.by);
    put_member(out, "verb", command.verb);
    put_member(out, "code", command.code);
    put_member(out, "message", command.message);
  }
};

}  // namespace

std::string encode_args(const Command& command) {
  JsonWriter out;
  out.begin_object();
  std::visit(ArgsWriter{out}, command);
  out.end_object();
  return out.take();
}

}  // namespace larder
