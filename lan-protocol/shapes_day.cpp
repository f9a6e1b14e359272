// TALLY, FIGURES, STATEMENT: the money of a day.
#include "lan-protocol/shapes.hpp"

namespace larder {

void put(JsonWriter& out, const Tally& tally) {
  out.begin_object();
  put_member(out, "count", tally.count);
  put_member(out, "amount", tally.amount);
  out.end_object();
}

void take(const Input& in, Tally& out) {
  Fields(in).need("count", out.count).need("amount", out.amount).done();
}

void put(JsonWriter& out, const TenderTally& tally) {
  out.begin_object();
  put_member(out, "paid", tally.paid);
  put_member(out, "refunded", tally.refunded);
  out.end_object();
}

void take(const Input& in, TenderTally& out) {
  Fields(in).need("paid", out.paid).need("refunded", out.refunded).done();
}

void put(JsonWriter& out, const PersonTally& tally) {
  out.begin_object();
  put_member(out, "staff", tally.staff);
  put_member(out, "device", tally.device);
  put_member(out, "name", tally.name);
  put_member(out, "discounts", tally.discounts);
  put_member(out, "voids", tally.voids);
  out.end_object();
}

void take(const Input& in, PersonTally& out) {
  Fields(in)
      .may_be_empty("staff", out.staff)
      .may_be_empty("device", out.device)
      .need("name", out.name)
      .need("discounts", out.discounts)
      .need("voids", out.voids)
      .done();
}

void put(JsonWriter& out, const DayFigures& figures) {
  out.begin_object();
  put_member(out, "orders", figures.orders);
  put_member(out, "discounts", figures.discounts);
  put_member(out, "voids", figures.voids);
  put_member(out, "cancelled", figures.cancelled);
  put_member(out, "cash", figures.cash);
  put_member(out, "card", figures.card);
  put_member(out, "people", figures.people);
  out.end_object();
}

void take(const Input& in, DayFigures& out) {
  Fields(in)
      .need("orders", out.orders)
      .need("discounts", out.discounts)
      .need("voids", out.voids)
      .need("cancelled", out.cancelled)
      .need("cash", out.cash)
      .need("card", out.card)
      .need("people", out.people)
      .done();
}

void write_statement(JsonWriter& out, BusinessDay day, const DayBook& book, const Tally& open) {
  out.begin_object();
  put_member(out, "day", day);
  put_member(out, "figures", book.figures);
  put_member(out, "net", book.figures.net());
  put_member(out, "cash_expected", book.figures.cash_expected());
  put_member(out, "open", open);
  out.key("closed");
  if (!book.closed) {
    out.null().end_object();
    return;
  }
  const DayClose& close = book.close;
  out.begin_object();
  put_member(out, "at", close.at);
  put_member(out, "by", close.by);
  put_member(out, "staff", close.staff);
  put_member(out, "name", close.name);
  put_member(out, "cash_expected", close.cash_expected);
  put_member(out, "cash_counted", close.cash_counted);
  put_member(out, "difference", minus(close.cash_counted, close.cash_expected));
  out.end_object().end_object();
}

}  // namespace larder
