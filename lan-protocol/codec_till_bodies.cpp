// The bodies of the till's own events: discounts, lines struck off, staff, the close of a day.
#include "lan-protocol/event_shapes.hpp"
#include "lan-protocol/shapes.hpp"

namespace larder {
namespace {

// `null` when the discount was taken back.
struct MaybeDiscount {
  std::optional<Discount> discount;
};

void take(const Input& in, MaybeDiscount& out) {
  if (in.json().as<std::nullptr_t>() == nullptr) larder::take(in, out.discount);
}

}  // namespace

void put(JsonWriter& out, const OrderDiscounted& event) {
  out.begin_object();
  put_member(out, "order", event.order);
  out.key("discount");
  if (event.discount) put(out, *event.discount);
  if (!event.discount) out.null();
  put_member(out, "total", event.total);
  put_member(out, "by", event.by);
  out.end_object();
}

void take(const Input& in, OrderDiscounted& out) {
  MaybeDiscount discount;
  Fields(in)
      .need("order", out.order)
      .need("discount", discount)
      .need("total", out.total)
      .may_be_empty("by", out.by)
      .done();
  out.discount = std::move(discount.discount);
}

void put(JsonWriter& out, const OrderLineVoided& event) {
  out.begin_object();
  put_member(out, "order", event.order);
  put_member(out, "line", event.line);
  put_member(out, "reason", event.reason);
  put_member(out, "by", event.by);
  put_member(out, "discount", event.discount);
  put_member(out, "total", event.total);
  put_member(out, "refund", event.refund);
  put_member(out, "state", event.state);
  put_member(out, "demand", event.demand);
  put_member(out, "hold", event.hold);
  put_member(out, "held", event.held);
  put_member(out, "movements", event.movements);
  out.end_object();
}

void take(const Input& in, OrderLineVoided& out) {
  Fields(in)
      .need("order", out.order)
      .need("line", out.line)
      .need("reason", out.reason)
      .may_be_empty("by", out.by)
      .need("discount", out.discount)
      .need("total", out.total)
      .need("refund", out.refund)
      .need("state", out.state)
      .need("demand", out.demand)
      .may_be_empty("hold", out.hold)
      .need("held", out.held)
      .need("movements", out.movements)
      .done();
}

// The hash stands beside the person, so that STAFF is the same shape everywhere.
void put(JsonWriter& out, const StaffAdded& event) {
  out.begin_object();
  put_member(out, "staff", event.staff);
  put_member(out, "pin_hash", event.staff.pin_hash);
  out.end_object();
}

void take(const Input& in, StaffAdded& out) {
  std::string pin_hash;
  Fields(in).need("staff", out.staff).need("pin_hash", pin_hash).done();
  out.staff.pin_hash = std::move(pin_hash);
}

void put(JsonWriter& out, const StaffRemoved& event) {
  out.begin_object();
  put_member(out, "staff", event.staff);
  out.end_object();
}

void take(const Input& in, StaffRemoved& out) { Fields(in).need("staff", out.staff).done(); }

// What follows from the figures is written for readers, and not read again.
void put(JsonWriter& out, const DayClosed& event) {
  const Money expected = event.figures.cash_expected();
  out.begin_object();
  put_member(out, "day", event.day);
  put_member(out, "figures", event.figures);
  put_member(out, "net", event.figures.net());
  put_member(out, "cash_expected", expected);
  put_member(out, "cash_counted", event.cash_counted);
  put_member(out, "difference", minus(event.cash_counted, expected));
  put_member(out, "by", event.by);
  put_member(out, "name", event.name);
  out.end_object();
}

void take(const Input& in, DayClosed& out) {
  Fields(in)
      .need("day", out.day)
      .need("figures", out.figures)
      .need("cash_counted", out.cash_counted)
      .may_be_empty("by", out.by)
      .need("name", out.name)
      .done();
}

}  // namespace larder
