// Leases: what the relay asks for and settles, and what the hub calls back (docs/adr/0013). These
// commands come as words of the relay only.
#include <algorithm>

#include "core/ledger/deciders.hpp"
#include "core/stock/grants.hpp"

namespace larder {
namespace {

Result<void> check_ask(const Draft& draft, const AskLease& command) {
  if (Result<void> known = check_sku(draft, command.sku); !known) return known;
  if (command.quantity.is_zero()) {
    return refuse(Code::BadQuantity, "A lease is of more than nothing", command.sku.text());
  }
  if (is_hub_channel(command.channel)) {
    return refuse(Code::BadRequest, "This channel is sold by the hub itself");
  }
  if (draft.ledger().stock.leases().size() >= kLeasesMax) {
    return refuse(Code::TooMuch, "The store has 20,000 open leases; settle some first");
  }
  return {};
}

// By the next event's number. Numbers are used again in an epoch that begins without the events it
// lost; the relay still knows what those granted, and must not take the one for the other.
std::string name_by_number(const Draft& draft, char kind) {
  const Epoch epoch = draft.ledger().epoch;
  const std::string of_epoch = epoch > 1 ? std::to_string(epoch) + "-" : "";
  return kind + of_epoch + std::to_string(draft.next_seq());
}

void recall(Draft& draft, const Lease& lease, Quantity keep, const std::string& reason, bool ends) {
  draft.add(LeaseRecalled{lease.id, lease.sku, keep, ends, reason});
}

}  // namespace

void record_oversell(Draft& draft, const SkuId& sku, Quantity quantity, const std::string& cause,
                     const OrderId& order) {
  if (quantity.is_zero()) return;
  OversellRecord record{
      {}, sku, quantity, cause, order, draft.asker().device, draft.at(), draft.asker().staff};
  record.id = OversellId(name_by_number(draft, 'x'));
  draft.add(StockOversold{std::move(record)});
}

void recall_when_dry(Draft& draft, const std::vector<Demand>& drawn) {
  for (const Demand& need : drawn) {
    const StockLevel level = draft.stock().level(need.sku);
    if (level.leased.is_zero()) continue;
    for (const Lease* const lease : draft.ledger().stock.leases_of(need.sku)) {
      if (lease->is_ending || lease->is_recalled) continue;
      const std::optional<Quantity> keep = recall_to(level, *lease);
      if (keep && *keep < outstanding(*lease)) recall(draft, *lease, *keep, "dry", false);
    }
  }
}

void end_leases(Draft& draft, const SkuId& sku, const std::string& reason) {
  for (const Lease* const lease : draft.ledger().stock.leases_of(sku)) {
    if (!lease->is_ending) recall(draft, *lease, {}, reason, true);
  }
}

void recall_shrunk(Draft& draft, const SkuId& sku, const ChannelChange& change) {
  const Lease* const lease = draft.ledger().stock.running_lease(sku, change.channel);
  if (lease == nullptr || !change.quota || *change.quota >= outstanding(*lease)) return;
  recall(draft, *lease, *change.quota, "channels", false);
}

void settle_lease(Draft& draft, const Lease& lease, const Settlement& told, bool closed,
                  const OrderId& order) {
  const Settled settled = draft.stock().settle(lease, told);
  draft.add(LeaseSettled{lease.id, settled.sold, settled.returned, closed, settled.movement});
  record_oversell(draft, lease.sku, settled.over, "settlement", order);
  record_oversell(draft, lease.sku, settled.missing, "count", order);
}

Result<Outcome> decide_on(Draft& draft, const AskLease& command) {
  if (Result<void> shape = check_ask(draft, command); !shape) return pass_on(shape);
  const StockLevel level = draft.stock().level(command.sku);
  if (level.type == StockType::Unlimited) {
    return refuse(Code::BadState, "What is not limited needs no lease", command.sku.text());
  }
  const Quantity quantity = grant_for(level, command.channel, command.quantity, command.awaited);
  if (quantity.is_zero()) {
    return refuse(Code::OutOfStock, command.sku.text() + ": nothing to lease", command.sku.text());
  }
  Result<Movement> movement = draft.stock().grant(command.sku, command.channel, quantity);
  if (!movement) return pass_on(movement);
  const Lease* const running = draft.ledger().stock.running_lease(command.sku, command.channel);
  LeaseGranted granted;
  granted.sku = command.sku;
  granted.channel = command.channel;
  granted.quantity = quantity;
  granted.granted = quantity;
  granted.ttl_seconds = kLeaseSeconds;
  granted.movement = std::move(*movement);
  if (running != nullptr) {
    granted.lease = running->id;
    granted.granted = Quantity::tenths(running->granted.in_tenths() + granted.quantity.in_tenths());
  } else {
    granted.lease = LeaseId(name_by_number(draft, 'l'));
  }
  draft.add(std::move(granted));
  return Outcome{};
}

Result<Outcome> decide_on(Draft& draft, const SettleLease& command) {
  const Lease* const lease = draft.ledger().stock.lease(command.lease);
  if (lease == nullptr) {
    return refuse(Code::NotFound, "This lease was never granted here, or is settled");
  }
  const bool says_nothing = command.sold.is_zero() && command.returned.is_zero();
  if (says_nothing && !command.closed) {
    return refuse(Code::BadQuantity, "A settlement of nothing");
  }
  const std::int64_t open = outstanding(*lease).in_tenths();
  const std::int64_t told = command.sold.in_tenths() + command.returned.in_tenths();
  if (command.closed && told < open) {
    return refuse(Code::BadState,
                  "The lease cannot be closed: " + Quantity::tenths(open - told).text() +
                      " of it are neither sold nor returned");
  }
  settle_lease(draft, *lease, {command.sold, command.returned}, command.closed, {});
  return Outcome{};
}

Result<Outcome> decide_on(Draft& draft, const ResolveOversell& command) {
  if (Result<void> may = check_permission(draft, Permission::Stock); !may) return pass_on(may);
  if (draft.ledger().stock.oversells().count(command.oversell) == 0) {
    return refuse(Code::NotFound, "No such open oversell record");
  }
  Result<std::string> resolution = check_reason(command.resolution);
  if (!resolution) return pass_on(resolution);
  if (resolution->empty()) return refuse(Code::BadRequest, "Say how it was resolved");
  draft.add(OversellResolved{command.oversell, std::move(*resolution), draft.asker().device});
  return Outcome{};
}

}  // namespace larder
