#include "core/base/text.hpp"
#include "core/ledger/deciders.hpp"

namespace larder {
namespace {

constexpr std::size_t kTableCharactersMax = 16;

Result<void> check_role(const Asker& asker, const PlaceOrder& command) {
  if (asker.role != Role::Kiosk) return {};
  if (command.fire) {
    return refuse(Code::Forbidden, "A kiosk may not send an unpaid order to the kitchen");
  }
  if (command.discount) {
    return refuse(Code::Forbidden, "A kiosk gives no discount; ask at the till");
  }
  if (command.override_stock) {
    return refuse(Code::Forbidden, "A kiosk sells what the books have; ask at the till");
  }
  if (command.payment && command.payment->tender != Tender::Card) {
    return refuse(Code::Forbidden, "A kiosk takes cards only; pay cash at the till");
  }
  return {};
}

Result<std::string> table_of(const PlaceOrder& command) {
  if (command.service != Service::DineIn) return std::string();
  bool masked = false;
  std::string table = clean_note(command.table, masked);
  if (table.empty()) return refuse(Code::BadOrder, "A dine-in order needs a table");
  if (count_characters(table) > kTableCharactersMax) {
    return refuse(Code::BadOrder, "A table has at most 16 characters");
  }
  return table;
}

OrderId order_id(BusinessDay day, std::uint32_t number) {
  std::string digits = std::to_string(number);
  if (digits.size() < 4) digits.insert(0, 4 - digits.size(), '0');
  return OrderId(std::to_string(day.yyyymmdd) + "-" + digits);
}

// The order as it will be placed; nothing is added to the draft yet.
Result<Order> make_order(const Draft& draft, const PlaceOrder& command, Channel channel,
                         bool& note_masked) {
  Result<std::string> table = table_of(command);
  if (!table) return pass_on(table);
  Result<PricedOrder> priced = price_for(draft, channel, command.lines, note_masked);
  if (!priced) return pass_on(priced);
  Order order;
  order.total = priced->total;
  if (command.discount) {
    Result<Discount> discount = make_discount(draft, *command.discount, priced->total);
    if (!discount) return pass_on(discount);
    order.total = Money::minor(order.total.in_minor() - discount->amount.in_minor());
    order.discount = std::move(*discount);
  }
  if (command.expected_total && *command.expected_total != order.total) {
    return refuse(Code::PriceChanged, "The price has changed: the total is " +
                                          std::to_string(order.total.in_minor()) +
                                          " minor units now");
  }
  Order begun = begin_order(draft, std::move(*priced), channel, command.service);
  begun.total = order.total;
  begun.discount = std::move(order.discount);
  begun.table = std::move(*table);
  begun.note = clean_note(command.note, note_masked);
  return begun;
}

Result<const Hold*> own_cart(const Draft& draft, const HoldId& id) {
  const Hold* const hold = draft.ledger().stock.hold(id);
  const bool is_own =
      hold != nullptr && hold->kind == HoldKind::Cart && hold->device == draft.asker().device;
  if (!is_own) return refuse(Code::NotFound, "No such hold of this device; it may have run out");
  if (hold->expires_at <= draft.at()) return refuse(Code::Expired, "The hold has run out");
  return hold;
}

// What nobody holds must not be marked sold out; what the cart holds is the guest's already.
Result<void> check_not_held(Draft& draft, const std::vector<Demand>& demand,
                            const ChannelCode& channel) {
  std::vector<Demand> unlimited;
  for (const Demand& need : demand) {
    if (draft.stock().level(need.sku).type == StockType::Unlimited) unlimited.push_back(need);
  }
  const Result<Drawn> drawn = draft.stock().lock(unlimited, channel);
  if (!drawn) return with_name(draft, drawn.error());
  return {};
}

// By name and PIN, always: also where a store has named nobody.
Result<void> check_override(const Draft& draft) {
  if (draft.ledger().staff.empty()) {
    return refuse(Code::Forbidden, "Nobody is named who may sell what is sold out; add staff");
  }
  if (draft.ledger().stock.oversells().size() + kOrderLinesMax > kOversellsMax) {
    return refuse(Code::Overloaded, "Too many open oversell records; resolve some first");
  }
  return check_permission(draft, Permission::Override);
}

// What the books do not have is sold all the same: it leaves `demand` and is recorded.
void sell_short(Draft& draft, const Order& order, std::vector<Demand>& demand) {
  std::vector<Demand> there;
  for (const Demand& need : demand) {
    StockDraft trial = draft.stock();
    const bool is_there = trial.lock({need}, code_of(order.channel)).has_value();
    if (is_there) there.push_back(need);
    if (!is_there) record_oversell(draft, need.sku, need.quantity, "override", order.id);
  }
  demand = std::move(there);
}

// The hold that the order will have, when it needs one: the cart's, or a new one.
Result<std::optional<Hold>> secure_stock(Draft& draft, const Order& order, const HoldId& cart_id,
                                         bool override_stock) {
  const TimePoint expires_at = draft.at() + Duration::seconds(kOrderHoldSeconds);
  if (!cart_id.empty()) {
    const Result<const Hold*> cart = own_cart(draft, cart_id);
    if (!cart) return pass_on(cart);
    if ((*cart)->demand == limited_part(draft, order.demand)) {
      Result<void> rest = check_not_held(draft, order.demand, code_of(order.channel));
      if (!rest) return pass_on(rest);
      Hold moved = **cart;
      moved.kind = HoldKind::Order;
      moved.order = order.id;
      moved.expires_at = expires_at;
      draft.add(HoldMoved{cart_id, order.id, expires_at});
      return std::optional(std::move(moved));
    }
    release_hold(draft, **cart, "replaced");
  }
  Hold hold{{}, HoldKind::Order, order.device, order.id, {}, expires_at, code_of(order.channel)};
  std::vector<Demand> demand = order.demand;
  if (override_stock) sell_short(draft, order, demand);
  Result<Hold> locked = lock_hold(draft, std::move(hold), demand);
  if (!locked) return pass_on(locked);
  if (locked->id.empty()) return std::optional<Hold>();
  return std::optional(std::move(*locked));
}

}  // namespace

Order begin_order(const Draft& draft, PricedOrder priced, Channel channel, Service service) {
  Order order;
  order.number = (draft.opens_day() ? 0 : draft.ledger().last_number) + 1;
  order.day = draft.day();
  order.id = order_id(order.day, order.number);
  order.channel = channel;
  order.service = service;
  order.device = draft.asker().device;
  order.menu_version = draft.ledger().catalog.menu().version;
  order.lines = std::move(priced.lines);
  order.total = priced.total;
  order.placed_at = draft.at();
  order.demand = std::move(priced.demand);
  return order;
}

Result<Channel> channel_of(const Asker& asker) {
  switch (asker.role) {
    case Role::Kiosk:
      return Channel::Kiosk;
    case Role::Till:
      return Channel::Pos;
    case Role::Kds:
    case Role::Admin:
      break;
  }
  return refuse(Code::Forbidden, "Only a kiosk or a till sells");
}

Result<PricedOrder> price_for(const Draft& draft, Channel channel, std::vector<LineRequest> lines,
                              bool& note_masked) {
  if (lines.size() > kOrderLinesMax) {
    return refuse(Code::BadOrder, "An order has at most 200 lines");
  }
  for (LineRequest& line : lines) line.note = clean_note(line.note, note_masked);
  return price(draft.ledger().catalog, channel, lines);
}

Result<Outcome> decide_on(Draft& draft, const PlaceOrder& command) {
  if (Result<void> allowed = check_role(draft.asker(), command); !allowed) return pass_on(allowed);
  const Result<Channel> channel = channel_of(draft.asker());
  if (!channel) return pass_on(channel);
  bool masked = false;
  Result<Order> made = make_order(draft, command, *channel, masked);
  if (!made) return pass_on(made);
  const Order& order = *made;

  std::optional<Payment> payment;
  if (command.payment) {
    Result<Payment> checked = check_payment(*command.payment, order.total, masked);
    if (!checked) return pass_on(checked);
    payment = std::move(*checked);
  }
  if (draft.ledger().open_orders >= kOpenOrdersMax) {
    return refuse(Code::Overloaded, "Too many open orders; close some first");
  }
  if (command.override_stock) {
    if (Result<void> may = check_override(draft); !may) return pass_on(may);
  }
  const Result<std::optional<Hold>> hold =
      secure_stock(draft, order, command.hold, command.override_stock);
  if (!hold) return pass_on(hold);

  draft.add(OrderPlaced{order});
  OrderState state = OrderState::Placed;
  if (payment) draft.add(OrderPaid{order.id, *payment, OrderState::Paid});
  if (payment || command.fire) state = accept_order(draft, order, *hold ? &**hold : nullptr);

  Outcome outcome = outcome_of(order, state);
  outcome.note_masked = masked;
  if (state == OrderState::Placed && *hold) {
    outcome.hold = (*hold)->id;
    outcome.expires_at = (*hold)->expires_at;
  }
  return outcome;
}

}  // namespace larder
