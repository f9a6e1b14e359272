// ORDER, LINE, TICKET, KITCHEN_ORDER.
#include "lan-protocol/shapes.hpp"

namespace larder {

void put(JsonWriter& out, const ChosenOption& option) {
  out.begin_object();
  put_member(out, "group", option.group);
  put_member(out, "option", option.option);
  put_member(out, "name", option.name);
  put_member(out, "price_delta", option.price_delta);
  out.end_object();
}

void put(JsonWriter& out, const ChosenPart& part) {
  out.begin_object();
  put_member(out, "part", part.part);
  put_member(out, "sku", part.sku);
  put_member(out, "name", part.name);
  put_member(out, "price_delta", part.price_delta);
  put_member(out, "station", part.station);
  out.end_object();
}

void put(JsonWriter& out, const OrderLine& line) {
  out.begin_object();
  put_member(out, "line", line.line);
  put_member(out, "sku", line.sku);
  put_member(out, "name", line.name);
  put_member(out, "station", line.station);
  put_member(out, "quantity", line.quantity);
  put_member(out, "unit_price", line.unit_price);
  put_member(out, "total", line.total);
  put_member(out, "options", line.options);
  put_member(out, "parts", line.parts);
  put_member(out, "note", line.note);
  if (!line.uses.empty()) put_member(out, "uses", line.uses);
  if (line.voided) put_member(out, "voided", true);
  if (!line.void_reason.empty()) put_member(out, "void_reason", line.void_reason);
  out.end_object();
}

// One of `percent` and `off` says what was asked for, by the kind.
void put(JsonWriter& out, const Discount& discount) {
  out.begin_object();
  put_member(out, "kind", discount.kind);
  if (discount.kind == DiscountKind::Percent) put_member(out, "percent", discount.percent);
  if (discount.kind == DiscountKind::Amount) put_member(out, "off", discount.off);
  put_member(out, "amount", discount.amount);
  put_member(out, "reason", discount.reason);
  put_member(out, "by", discount.by);
  put_member(out, "staff", discount.staff);
  out.end_object();
}

void put(JsonWriter& out, const Payment& payment) {
  out.begin_object();
  put_member(out, "tender", payment.tender);
  put_member(out, "amount", payment.amount);
  put_member(out, "reference", payment.reference);
  out.end_object();
}

void put(JsonWriter& out, const TicketLine& line) {
  out.begin_object();
  put_member(out, "line", line.line);
  put_member(out, "sku", line.sku);
  put_member(out, "name", line.name);
  put_member(out, "quantity", line.quantity);
  put_member(out, "options", line.options);
  put_member(out, "note", line.note);
  put_member(out, "done", line.done);
  if (line.voided) put_member(out, "voided", true);
  out.end_object();
}

void put(JsonWriter& out, const Ticket& ticket) {
  out.begin_object();
  put_member(out, "station", ticket.station);
  put_member(out, "lines", ticket.lines);
  put_member(out, "bumped", ticket.bumped);
  put_member(out, "bumped_at", ticket.bumped_at);
  put_member(out, "last_action", ticket.last_action);
  put_member(out, "last_index", ticket.last_index);
  put_member(out, "done_before", ticket.done_before);
  put_member(out, "acted_at", ticket.acted_at);
  out.end_object();
}

void put(JsonWriter& out, const Order& order) {
  out.begin_object();
  put_member(out, "order", order.id);
  put_member(out, "number", order.number);
  put_member(out, "day", order.day);
  put_member(out, "channel", order.channel);
  put_member(out, "service", order.service);
  put_member(out, "table", order.table);
  put_member(out, "device", order.device);
  put_member(out, "menu_version", order.menu_version);
  put_member(out, "lines", order.lines);
  put_member(out, "total", order.total);
  put_member(out, "note", order.note);
  put_member(out, "state", order.state);
  put_member(out, "paid", order.paid);
  out.key("payment");
  if (!order.paid && order.payment == Payment{}) {
    out.null();
  } else {
    put(out, order.payment);
  }
  put_member(out, "reason", order.reason);
  put_member(out, "placed_at", order.placed_at);
  put_member(out, "fired_at", order.fired_at);
  put_member(out, "closed_at", order.closed_at);
  put_member(out, "demand", order.demand);
  put_member(out, "tickets", order.tickets);
  if (order.discount) put_member(out, "discount", *order.discount);
  if (!order.source.empty()) put_member(out, "source", order.source);
  if (!order.external.empty()) put_member(out, "external", order.external);
  if (!order.guest.empty()) put_member(out, "guest", order.guest);
  out.end_object();
}

void write_order(JsonWriter& out, const Order& order) { put(out, order); }

void write_kitchen_order(JsonWriter& out, const Order& order) {
  out.begin_object();
  put_member(out, "order", order.id);
  put_member(out, "number", order.number);
  put_member(out, "channel", order.channel);
  put_member(out, "service", order.service);
  put_member(out, "table", order.table);
  put_member(out, "note", order.note);
  put_member(out, "state", order.state);
  put_member(out, "reason", order.reason);
  put_member(out, "fired_at", order.fired_at);
  put_member(out, "tickets", order.tickets);
  out.end_object();
}

void take(const Input& in, ChosenOption& out) {
  Fields(in)
      .need("group", out.group)
      .need("option", out.option)
      .need("name", out.name)
      .need("price_delta", out.price_delta)
      .done();
}

void take(const Input& in, ChosenPart& out) {
  Fields(in)
      .need("part", out.part)
      .need("sku", out.sku)
      .need("name", out.name)
      .need("price_delta", out.price_delta)
      .may_be_empty("station", out.station)
      .done();
}

void take(const Input& in, OrderLine& out) {
  Fields(in)
      .need("line", out.line)
      .need("sku", out.sku)
      .need("name", out.name)
      .may_be_empty("station", out.station)
      .need("quantity", out.quantity)
      .need("unit_price", out.unit_price)
      .need("total", out.total)
      .need("options", out.options)
      .need("parts", out.parts)
      .need("note", out.note)
      .may("uses", out.uses)
      .may("voided", out.voided)
      .may("void_reason", out.void_reason)
      .done();
}

void take(const Input& in, Discount& out) {
  Fields(in)
      .need("kind", out.kind)
      .may("percent", out.percent)
      .may("off", out.off)
      .need("amount", out.amount)
      .need("reason", out.reason)
      .may_be_empty("by", out.by)
      .may_be_empty("staff", out.staff)
      .done();
}

void take(const Input& in, Payment& out) {
  Fields(in)
      .need("tender", out.tender)
      .need("amount", out.amount)
      .may("reference", out.reference)
      .done();
}

void take(const Input& in, TicketLine& out) {
  Fields(in)
      .need("line", out.line)
      .need("sku", out.sku)
      .need("name", out.name)
      .need("quantity", out.quantity)
      .need("options", out.options)
      .need("note", out.note)
      .need("done", out.done)
      .may("voided", out.voided)
      .done();
}

void take(const Input& in, Ticket& out) {
  Fields(in)
      .may_be_empty("station", out.station)
      .need("lines", out.lines)
      .need("bumped", out.bumped)
      .need("bumped_at", out.bumped_at)
      .need("last_action", out.last_action)
      .need("last_index", out.last_index)
      .need("done_before", out.done_before)
      .need("acted_at", out.acted_at)
      .done();
}

namespace {

// `null` until the order is paid.
struct MaybePayment {
  Payment payment;
};

void take(const Input& in, MaybePayment& out) {
  if (in.json().as<std::nullptr_t>() == nullptr) larder::take(in, out.payment);
}

}  // namespace

void take(const Input& in, Order& out) {
  MaybePayment payment;
  Fields(in)
      .need("order", out.id)
      .need("number", out.number)
      .need("day", out.day)
      .need("channel", out.channel)
      .need("service", out.service)
      .need("table", out.table)
      .may_be_empty("device", out.device)
      .need("menu_version", out.menu_version)
      .need("lines", out.lines)
      .need("total", out.total)
      .need("note", out.note)
      .need("state", out.state)
      .need("paid", out.paid)
      .need("payment", payment)
      .need("reason", out.reason)
      .need("placed_at", out.placed_at)
      .need("fired_at", out.fired_at)
      .need("closed_at", out.closed_at)
      .need("demand", out.demand)
      .need("tickets", out.tickets)
      .may("discount", out.discount)
      .may("source", out.source)
      .may("external", out.external)
      .may("guest", out.guest)
      .done();
  out.payment = payment.payment;
}

}  // namespace larder
