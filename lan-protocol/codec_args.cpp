// Args of commands, written canonically; their verbs and their outcomes.
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

template <typename T>
void put_all(JsonWriter& out, std::string_view name, const std::vector<T>& values) {
  out.key(name).begin_array();
  for (const T& value : values) put(out, value);
  out.end_array();
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
  }
  void operator()(const MarkStock& command) const {
    put_member(out, "sku", command.sku);
    put_member(out, "status", command.status);
    if (command.restore != RestoreRule::Never) put_member(out, "restore", command.restore);
  }
  void operator()(const LimitStock& command) const {
    put_member(out, "sku", command.sku);
    put_member(out, "type", command.type);
    if (command.type == StockType::Limited) put_member(out, "available", command.available);
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

void put_order_state(JsonWriter& out, const Outcome& outcome) {
  put_member(out, "order", outcome.order);
  put_member(out, "state", outcome.state);
}

// The members of one command's result; a command that only has events has none.
struct OutcomeWriter {
  JsonWriter& out;
  const Outcome& outcome;

  void operator()(const PlaceOrder&) const {
    put_member(out, "order", outcome.order);
    put_member(out, "number", outcome.number);
    put_member(out, "total", outcome.total);
    put_member(out, "state", outcome.state);
    if (outcome.note_masked) put_member(out, "note_masked", true);
  }
  void operator()(const PayOrder&) const { put_order_state(out, outcome); }
  void operator()(const AcceptOrder&) const { put_order_state(out, outcome); }
  void operator()(const ServeOrder&) const { put_order_state(out, outcome); }
  void operator()(const CancelOrder&) const { put_order_state(out, outcome); }
  void operator()(const VoidOrder&) const {
    put_order_state(out, outcome);
    put_refund();
  }
  void operator()(const CheckTicketItem&) const { put_order_state(out, outcome); }
  void operator()(const BumpTicket&) const { put_order_state(out, outcome); }
  void operator()(const RecallTicket&) const { put_order_state(out, outcome); }
  void operator()(const UndoTicket&) const { put_order_state(out, outcome); }
  void operator()(const PlaceHold&) const {
    put_member(out, "hold", outcome.hold);
    put_member(out, "expires_at", outcome.expires_at);
    put_member(out, "total", outcome.total);
  }
  void operator()(const ReleaseHold& command) const { put_member(out, "hold", command.hold); }
  void operator()(const CountStock&) const {}
  void operator()(const MarkStock&) const {}
  void operator()(const LimitStock&) const {}
  void operator()(const ImportMenu&) const {
    put_member(out, "menu_version", outcome.menu_version);
  }
  void operator()(const AddDevice& command) const { put_member(out, "device", command.device); }
  void operator()(const RevokeDevice& command) const { put_member(out, "device", command.device); }
  void operator()(const VoidLine&) const {
    put_order_state(out, outcome);
    put_member(out, "total", outcome.total);
    put_refund();
  }
  void operator()(const DiscountOrder&) const {
    put_order_state(out, outcome);
    put_member(out, "total", outcome.total);
  }
  void operator()(const AddStaff& command) const { put_member(out, "staff", command.staff); }
  void operator()(const RemoveStaff& command) const { put_member(out, "staff", command.staff); }
  void operator()(const CloseDay&) const {
    put_member(out, "day", outcome.day);
    put_member(out, "difference", outcome.difference);
  }
  void operator()(const ExpireHolds&) const {}
  void operator()(const BeginEpoch&) const {}
  void operator()(const TakeWord&) const {}

  // Only where money is to be given back.
  void put_refund() const {
    if (outcome.refund.in_minor() != 0) put_member(out, "refund", outcome.refund);
  }
};

struct VerbName {
  std::string_view operator()(const PlaceOrder&) const { return "order.place"; }
  std::string_view operator()(const PayOrder&) const { return "order.pay"; }
  std::string_view operator()(const AcceptOrder&) const { return "order.accept"; }
  std::string_view operator()(const ServeOrder&) const { return "order.serve"; }
  std::string_view operator()(const CancelOrder&) const { return "order.cancel"; }
  std::string_view operator()(const VoidOrder&) const { return "order.void"; }
  std::string_view operator()(const CheckTicketItem&) const { return "ticket.check"; }
  std::string_view operator()(const BumpTicket&) const { return "ticket.bump"; }
  std::string_view operator()(const RecallTicket&) const { return "ticket.recall"; }
  std::string_view operator()(const UndoTicket&) const { return "ticket.undo"; }
  std::string_view operator()(const PlaceHold&) const { return "hold.place"; }
  std::string_view operator()(const ReleaseHold&) const { return "hold.release"; }
  std::string_view operator()(const CountStock&) const { return "stock.count"; }
  std::string_view operator()(const MarkStock&) const { return "stock.mark"; }
  std::string_view operator()(const LimitStock&) const { return "stock.limit"; }
  std::string_view operator()(const ImportMenu&) const { return "menu.import"; }
  std::string_view operator()(const AddDevice&) const { return "device.add"; }
  std::string_view operator()(const RevokeDevice&) const { return "device.revoke"; }
  std::string_view operator()(const VoidLine&) const { return "order.void_line"; }
  std::string_view operator()(const DiscountOrder&) const { return "order.discount"; }
  std::string_view operator()(const AddStaff&) const { return "staff.add"; }
  std::string_view operator()(const RemoveStaff&) const { return "staff.remove"; }
  std::string_view operator()(const CloseDay&) const { return "day.close"; }
  // Made by the hub itself; in no verb table.
  std::string_view operator()(const ExpireHolds&) const { return "hold.expire"; }
  std::string_view operator()(const BeginEpoch&) const { return "epoch.begin"; }
  std::string_view operator()(const TakeWord&) const { return "hq.take_word"; }
};

}  // namespace

std::string_view command_verb(const Command& command) { return std::visit(VerbName{}, command); }

std::string encode_args(const Command& command) {
  JsonWriter out;
  out.begin_object();
  std::visit(ArgsWriter{out}, command);
  out.end_object();
  return out.take();
}

std::string encode_outcome(const Command& command, const Outcome& outcome) {
  JsonWriter out;
  out.begin_object();
  std::visit(OutcomeWriter{out, outcome}, command);
  out.end_object();
  return out.take();
}

}  // namespace larder
