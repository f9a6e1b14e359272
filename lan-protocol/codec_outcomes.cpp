// The verbs of commands, and their results as they are answered.
#include "lan-protocol/codec.hpp"
#include "lan-protocol/shapes.hpp"

namespace larder {
namespace {

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
  void operator()(const SetChannels&) const {
    if (outcome.pending_shrink.empty()) return;
    out.key("pending_shrink").begin_array();
    for (const auto& [channel, quantity] : outcome.pending_shrink) {
      out.begin_object();
      put_member(out, "channel", channel);
      put_member(out, "quantity", quantity);
      out.end_object();
    }
    out.end_array();
  }
  void operator()(const SetThresholds&) const {}
  void operator()(const ResolveOversell&) const {}
  void operator()(const AskLease&) const {}
  void operator()(const SettleLease&) const {}
  void operator()(const PlaceOnline&) const { put_order_state(out, outcome); }

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
  std::string_view operator()(const SetChannels&) const { return "stock.channels"; }
  std::string_view operator()(const SetThresholds&) const { return "stock.thresholds"; }
  std::string_view operator()(const ResolveOversell&) const { return "oversell.resolve"; }
  // By the relay only.
  std::string_view operator()(const AskLease&) const { return "lease.ask"; }
  std::string_view operator()(const SettleLease&) const { return "lease.settle"; }
  std::string_view operator()(const PlaceOnline&) const { return "online.order"; }
  // Made by the hub itself; in no verb table.
  std::string_view operator()(const ExpireHolds&) const { return "hold.expire"; }
  std::string_view operator()(const BeginEpoch&) const { return "epoch.begin"; }
  std::string_view operator()(const TakeWord&) const { return "hq.take_word"; }
};

}  // namespace

std::string_view command_verb(const Command& command) { return std::visit(VerbName{}, command); }

std::string encode_outcome(const Command& command, const Outcome& outcome) {
  JsonWriter out;
  out.begin_object();
  std::visit(OutcomeWriter{out, outcome}, command);
  out.end_object();
  return out.take();
}

}  // namespace larder
