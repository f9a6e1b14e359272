// Args of commands, read strictly.
#include <algorithm>

#include "lan-protocol/command_shapes.hpp"
#include "lan-protocol/shapes.hpp"

namespace larder {
namespace {

bool is_sha256_hex(std::string_view text) {
  return text.size() == 64 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

// A quantity a guest may ask for: more than nothing, and no more than a kitchen could mean.
struct LineQuantity {
  Quantity value;
};

void take(const Input& in, LineQuantity& out) {
  larder::take(in, out.value);
  if (in.failed()) return;
  if (out.value.is_zero() || out.value.in_tenths() > kOrderQuantityTenthsMax) {
    in.refuse(Code::BadQuantity, "must be 0.1 to 10000.0");
  }
}

// Why something was cancelled or voided: the books keep it, so it must say something.
struct Reason {
  std::string text;
};

void take(const Input& in, Reason& out) {
  larder::take(in, out.text);
  if (!in.failed() && out.text.empty()) in.refuse(Code::BadRequest, "must not be empty");
}

// An array whose length is checked before its elements are read.
template <typename T, std::size_t kMost, Code kWrong>
struct Several {
  std::vector<T> values;
};

template <typename T, std::size_t kMost, Code kWrong>
void take(const Input& in, Several<T, kMost, kWrong>& out) {
  const JsonArray* array = in.json().as<JsonArray>();
  if (array != nullptr && array->size() > kMost) {
    return in.refuse(kWrong, "more than " + std::to_string(kMost));
  }
  larder::take(in, out.values);
}

struct Lines {
  std::vector<LineRequest> values;
};

// What came of the members of a discount: one of `percent` and `amount`, with a reason.
struct AskedDiscount {
  std::optional<Quantity> percent;
  std::optional<Money> amount;
  Reason reason;

  DiscountRequest request() const {
    const DiscountKind kind = percent ? DiscountKind::Percent : DiscountKind::Amount;
    return {kind, percent.value_or(Quantity()), amount.value_or(Money()), reason.text};
  }
};

void check(const Input& in, const AskedDiscount& asked) {
  if (in.failed()) return;
  if (asked.percent.has_value() == asked.amount.has_value()) {
    return in.refuse_member(Code::BadRequest, "percent", "one of percent and amount, not both");
  }
  const std::int64_t tenths = asked.percent ? asked.percent->in_tenths() : 1;
  if (tenths < 1 || tenths > kPercentTenthsMax) {
    in.refuse_member(Code::BadQuantity, "percent", "must be 0.1 to 100.0");
  }
}

void take(const Input& in, AskedDiscount& out) {
  Fields(in)
      .may("percent", out.percent)
      .may("amount", out.amount)
      .need("reason", out.reason)
      .done();
  check(in, out);
}

}  // namespace

// OptionChoice, PartChoice and LineRequest are asked for only here.
static void take(const Input& in, OptionChoice& out) {
  Fields(in).need("group", out.group).need("option", out.option).done();
}

static void take(const Input& in, PartChoice& out) {
  Fields(in).need("part", out.part).need("sku", out.sku).done();
}

static void take(const Input& in, LineRequest& out) {
  LineQuantity quantity;
  Several<OptionChoice, kLineOptionsMax, Code::BadOption> options;
  Several<PartChoice, kComboPartsMax, Code::BadCombo> parts;
  Fields(in)
      .need("sku", out.sku)
      .need("quantity", quantity)
      .may("options", options)
      .may("parts", parts)
      .may("note", out.note)
      .done();
  out.quantity = quantity.value;
  out.options = std::move(options.values);
  out.parts = std::move(parts.values);
}

static void take(const Input& in, LeaseDraw& out) {
  Fields(in).need("lease", out.lease).need("quantity", out.quantity).done();
}

namespace {

void take(const Input& in, Lines& out) {
  Several<LineRequest, kOrderLinesMax, Code::BadOrder> lines;
  take(in, lines);
  if (!in.failed() && lines.values.empty()) in.refuse(Code::BadOrder, "no lines");
  out.values = std::move(lines.values);
}

}  // namespace

void take(const Input& in, PlaceOrder& out) {
  Lines lines;
  std::optional<AskedDiscount> discount;
  Fields(in)
      .need("service", out.service)
      .may("table", out.table)
      .need("lines", lines)
      .may("note", out.note)
      .may_be_empty("hold", out.hold)
      .may("expected_total", out.expected_total)
      .may("payment", out.payment)
      .may("fire", out.fire)
      .may("discount", discount)
      .may("override", out.override_stock)
      .done();
  out.lines = std::move(lines.values);
  if (discount) out.discount = discount->request();
}

void take(const Input& in, PlaceOnline& out) {
  Lines lines;
  Several<LeaseDraw, kOrderLinesMax, Code::BadOrder> draws;
  Fields(in)
      .need("source", out.source)
      .need("external", out.external)
      .may("name", out.name)
      .need("service", out.service)
      .need("lines", lines)
      .may("note", out.note)
      .need("payment", out.payment)
      .may("draws", draws)
      .done();
  out.lines = std::move(lines.values);
  out.draws = std::move(draws.values);
}

void take(const Input& in, PayOrder& out) {
  Fields(in).need("order", out.order).need("payment", out.payment).done();
}

void take(const Input& in, AcceptOrder& out) { Fields(in).need("order", out.order).done(); }

void take(const Input& in, ServeOrder& out) { Fields(in).need("order", out.order).done(); }

void take(const Input& in, CancelOrder& out) {
  Reason reason;
  Fields(in).need("order", out.order).need("reason", reason).done();
  out.reason = std::move(reason.text);
}

void take(const Input& in, VoidOrder& out) {
  Reason reason;
  Fields(in).need("order", out.order).need("reason", reason).may("restock", out.restock).done();
  out.reason = std::move(reason.text);
}

void take(const Input& in, CheckTicketItem& out) {
  Fields(in)
      .need("order", out.order)
      .need("station", out.station)
      .need("index", out.index)
      .need("done", out.done)
      .done();
}

void take(const Input& in, BumpTicket& out) {
  Fields(in).need("order", out.order).need("station", out.station).done();
}

void take(const Input& in, RecallTicket& out) {
  Fields(in).may_be_empty("order", out.order).need("station", out.station).done();
}

void take(const Input& in, UndoTicket& out) {
  Fields(in).need("order", out.order).need("station", out.station).done();
}

void take(const Input& in, PlaceHold& out) {
  Lines lines;
  Fields(in).need("lines", lines).done();
  out.lines = std::move(lines.values);
}

void take(const Input& in, ReleaseHold& out) { Fields(in).need("hold", out.hold).done(); }

void take(const Input& in, ImportMenu& out) { Fields(in).need("menu", out.menu).done(); }

void take(const Input& in, AddDevice& out) {
  Fields(in)
      .need("device", out.device)
      .need("name", out.name)
      .need("role", out.role)
      .may_be_empty("station", out.station)
      .need("token_sha256", out.token_sha256)
      .done();
  if (!in.failed() && !is_sha256_hex(out.token_sha256)) {
    in.refuse_member(Code::BadRequest, "token_sha256", "must be 64 lower-case hex digits");
  }
}

void take(const Input& in, RevokeDevice& out) { Fields(in).need("device", out.device).done(); }

void take(const Input& in, VoidLine& out) {
  Reason reason;
  Fields(in)
      .need("order", out.order)
      .need("line", out.line)
      .need("reason", reason)
      .may("restock", out.restock)
      .done();
  out.reason = std::move(reason.text);
}

void take(const Input& in, DiscountOrder& out) {
  AskedDiscount asked;
  bool remove = false;
  Fields(in)
      .need("order", out.order)
      .may("percent", asked.percent)
      .may("amount", asked.amount)
      .may("reason", asked.reason)
      .may("remove", remove)
      .done();
  if (in.failed()) return;
  if (remove) {
    const bool asks_more = asked.percent || asked.amount || !asked.reason.text.empty();
    if (asks_more) in.refuse_member(Code::BadRequest, "remove", "stands alone");
    return;
  }
  check(in, asked);
  if (asked.reason.text.empty()) in.refuse_member(Code::BadRequest, "reason", "missing");
  if (!in.failed()) out.discount = asked.request();
}

void take(const Input& in, AddStaff& out) {
  Fields(in)
      .need("staff", out.staff)
      .need("name", out.name)
      .need("pin_hash", out.pin_hash)
      .need("permissions", out.permissions)
      .done();
  if (!in.failed() && !is_pin_hash(out.pin_hash)) {
    in.refuse_member(Code::BadRequest, "pin_hash", "must be argon2id with m=19456,t=2,p=1");
  }
}

void take(const Input& in, RemoveStaff& out) { Fields(in).need("staff", out.staff).done(); }

void take(const Input& in, CloseDay& out) {
  Fields(in).may("day", out.day).need("cash_counted", out.cash_counted).done();
  if (!in.failed() && out.cash_counted.in_minor() < 0) {
    in.refuse_member(Code::BadMoney, "cash_counted", "must be nothing or more");
  }
}

// A person's: what was lost stays lost, so the stock is to be counted.
void take(const Input& in, BeginEpoch& out) {
  Fields(in).need("reason", out.reason).done();
  out.unverified = true;
  if (!in.failed() && out.reason.empty()) {
    in.refuse_member(Code::BadRequest, "reason", "must say why");
  }
}

}  // namespace larder
