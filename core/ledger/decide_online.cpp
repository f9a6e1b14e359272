// An order that was sold and paid online. Its units were drawn from leases by the relay; here it
// waits for a person who accepts or rejects it.
#include <algorithm>
#include <map>

#include "core/base/text.hpp"
#include "core/ledger/deciders.hpp"

namespace larder {
namespace {

constexpr std::size_t kExternalCharactersMax = 64;
constexpr std::size_t kGuestCharactersMax = 64;

bool waits(const Order& order) { return !order.source.empty() && order.state == OrderState::Paid; }

Result<void> check_online(const Draft& draft, const PlaceOnline& command) {
  const std::size_t digits = count_characters(command.external);
  if (digits < 1 || digits > kExternalCharactersMax || !is_plain_text(command.external)) {
    return refuse(Code::BadRequest, "An order from outside has a number of 1 to 64 characters");
  }
  if (command.source.empty() || is_hub_channel(command.source)) {
    return refuse(Code::BadRequest, "This channel is sold by the hub itself");
  }
  std::size_t waiting = 0;
  for (const auto& [id, order] : draft.ledger().orders) {
    if (order.source == command.source && order.external == command.external) {
      return refuse(Code::BadState, "It was placed before, as " + id.text());
    }
    if (waits(order)) ++waiting;
  }
  // Left for the resend, so that a kitchen which comes back is not flooded.
  if (waiting >= kOnlineWaitingMax || draft.ledger().open_orders >= kOpenOrdersMax) {
    return refuse(Code::Overloaded, "Too many online orders wait for a person");
  }
  return {};
}

struct Draws {
  std::map<LeaseId, Quantity> leases;
  std::int64_t unknown = 0;          // tenths, from leases that are not open here
  std::map<SkuId, Quantity> lost{};  // of those, by what they were for
};

// The draws, one per lease.
Result<Draws> sum_draws(const Draft& draft, const std::vector<LeaseDraw>& draws) {
  Draws sums;
  for (const LeaseDraw& draw : draws) {
    if (draw.quantity.is_zero()) return refuse(Code::BadQuantity, "A draw of nothing");
    if (draft.ledger().stock.lease(draw.lease) == nullptr) {
      sums.unknown += draw.quantity.in_tenths();
      continue;
    }
    const Result<Quantity> sum = add(sums.leases[draw.lease], draw.quantity);
    if (!sum) return pass_on(sum);
    sums.leases[draw.lease] = *sum;
  }
  return sums;
}

// Every limited SKU of the order must come from leases, whole. NotFound for a lease that is not
// open; but while a SKU is not counted after a loss of events, the lease may be among them, and the
// guest has paid.
Result<void> check_covered(Draft& draft, const std::vector<Demand>& demand, Draws& draws) {
  std::int64_t lost = 0;
  for (const Demand& need : limited_part(draft, demand)) {
    std::int64_t drawn = 0;
    for (const auto& [id, quantity] : draws.leases) {
      if (draft.ledger().stock.lease(id)->sku == need.sku) drawn += quantity.in_tenths();
    }
    const std::int64_t missing = need.quantity.in_tenths() - drawn;
    if (missing == 0) continue;
    if (missing > 0 && draws.unknown > 0 && draft.stock().level(need.sku).unverified) {
      draws.lost[need.sku] = Quantity::tenths(missing);
      lost += missing;
      continue;
    }
    if (draws.unknown > 0) break;
    return with_name(draft, Error(Code::OutOfStock,
                                  need.sku.text() + ": " + need.quantity.text() + " wanted, " +
                                      Quantity::tenths(drawn).text() + " drawn",
                                  need.sku.text()));
  }
  if (lost == draws.unknown) return {};
  return refuse(Code::NotFound, "It was drawn from a lease that is not open here");
}

}  // namespace

Result<Outcome> decide_on(Draft& draft, const PlaceOnline& command) {
  if (Result<void> shape = check_online(draft, command); !shape) return pass_on(shape);
  bool masked = false;
  Result<PricedOrder> priced = price_for(draft, Channel::OnlineOrder, command.lines, masked);
  if (!priced) return pass_on(priced);
  if (command.payment.amount != priced->total) {
    return refuse(Code::PriceChanged, "The price has changed: the total is " +
                                          std::to_string(priced->total.in_minor()) +
                                          " minor units now");
  }
  Result<Payment> payment = check_payment(command.payment, priced->total, masked);
  if (!payment) return pass_on(payment);
  auto draws = sum_draws(draft, command.draws);
  if (!draws) return pass_on(draws);
  if (Result<void> whole = check_covered(draft, priced->demand, *draws); !whole) {
    return pass_on(whole);
  }
  Order order = begin_order(draft, std::move(*priced), Channel::OnlineOrder, command.service);
  if (command.placed_at.micros > 0) order.placed_at = std::min(command.placed_at, draft.at());
  order.note = clean_note(command.note, masked);
  order.source = command.source;
  order.external = command.external;
  order.guest = clean_note(command.name, masked);
  if (count_characters(order.guest) > kGuestCharactersMax) {
    return refuse(Code::BadText, "A guest's name has at most 64 characters");
  }
  for (const auto& [sku, quantity] : draws->lost) {
    const Settled taken = draft.stock().take_lost(sku, quantity);
    draft.add(StockChanged{taken.movement, draft.asker().device});
    record_oversell(draft, sku, taken.missing, "settlement", order.id);
  }
  for (const auto& [id, quantity] : draws->leases) {
    settle_lease(draft, *draft.ledger().stock.lease(id), {quantity, {}}, false, order.id);
  }
  draft.add(OrderPlaced{order});
  draft.add(OrderPaid{order.id, std::move(*payment), OrderState::Paid});
  Outcome outcome = outcome_of(order, OrderState::Paid);
  outcome.note_masked = masked;
  return outcome;
}

}  // namespace larder
