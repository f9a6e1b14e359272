#include <algorithm>

#include "core/ledger/deciders.hpp"

namespace larder {
namespace {

constexpr std::size_t kExpiredPerCallMax = 100;

Result<Outcome> change_stock(Draft& draft, const Result<Movement>& movement) {
  if (!movement) return pass_on(movement);
  draft.add(StockChanged{*movement, draft.asker().device, {}});
  return Outcome{};
}

// A new figure: leases of what is not there, or not counted any more, are called back.
Result<Outcome> change_figure(Draft& draft, const Result<Movement>& movement) {
  Result<Outcome> outcome = change_stock(draft, movement);
  if (!outcome) return outcome;
  const StockLevel& after = movement->after;
  if (!after.owed.is_zero()) end_leases(draft, movement->sku, "count");
  if (after.type == StockType::Unlimited) end_leases(draft, movement->sku, "unlimited");
  return outcome;
}

// HQ set a figure on the strength of an older look: what moved since is added to it. When the store
// set one itself meanwhile, the later of the two counts, and a person is told.
Result<Outcome> count_from_afar(Draft& draft, const CountStock& command) {
  SinceLook since;
  const auto history = draft.ledger().stock_history.find(command.sku);
  if (history != draft.ledger().stock_history.end()) {
    since = history->second.since(*command.based_on);
  }
  if (!since.is_known) {
    return refuse(Code::StaleCount, "Too much moved since that look; look again and set it anew",
                  command.sku.text());
  }
  const std::string other =
      since.set ? Quantity::tenths(std::max<std::int64_t>(0, since.set->tenths)).text() : "";
  if (since.set && since.set->at >= *command.at) {
    return refuse(Code::StaleCount, "The store set it to " + other + " itself, and later",
                  command.sku.text());
  }
  const std::int64_t found = command.available.in_tenths() + since.added;
  const Quantity there = Quantity::tenths(std::max<std::int64_t>(0, found));
  const Result<Movement> movement = draft.stock().count(command.sku, there);
  if (!movement) return pass_on(movement);
  draft.add(StockChanged{*movement, draft.asker().device, *command.at});
  if (!movement->after.owed.is_zero()) end_leases(draft, command.sku, "count");
  record_oversell(draft, command.sku, Quantity::tenths(std::max<std::int64_t>(0, -found)), "count",
                  {});
  Outcome outcome;
  if (since.set) outcome.remark = "It replaces the " + other + " that the store set meanwhile";
  return outcome;
}

// An order that nobody paid while its hold lasted is over.
void expire(Draft& draft, const Hold& hold) {
  release_hold(draft, hold, "expired");
  if (hold.kind != HoldKind::Order) return;
  const auto order = draft.ledger().orders.find(hold.order);
  if (order == draft.ledger().orders.end()) return;
  if (order->second.state != OrderState::Placed || order->second.paid) return;
  draft.add(OrderCancelled{hold.order, "expired"});
}

// For HQ, which reads words.
std::string shrink_remark(const std::vector<std::pair<ChannelCode, Quantity>>& pending) {
  std::string remark;
  for (const auto& [channel, quantity] : pending) {
    remark += (remark.empty() ? "pending_shrink: " : ", ") + channel.text() + " " + quantity.text();
  }
  return remark;
}

}  // namespace

// The name is not repeated: what a stranger sent stays out of the books and the logs.
Result<void> check_sku(const Draft& draft, const SkuId& sku) {
  if (draft.ledger().catalog.find(sku).sku == nullptr) {
    return refuse(Code::UnknownSku, "This is not on the menu");
  }
  return {};
}

std::vector<Demand> limited_part(const Draft& draft, const std::vector<Demand>& demand) {
  std::vector<Demand> limited;
  for (const Demand& need : demand) {
    if (draft.ledger().stock.level(need.sku).type == StockType::Limited) limited.push_back(need);
  }
  return limited;
}

Refused with_name(const Draft& draft, const Error& error) {
  const std::string& sku = error.subject();
  const Catalog::Found found = draft.ledger().catalog.find(SkuId(sku));
  const bool names_it = !sku.empty() && error.message().rfind(sku + ":", 0) == 0;
  if (found.sku == nullptr || !names_it) return Refused(error);
  std::string name = found.item->name.en;
  if (!found.sku->name.en.empty()) name += ", " + found.sku->name.en;
  return refuse(error.code(), name + error.message().substr(sku.size()), sku);
}

Result<Hold> lock_hold(Draft& draft, Hold hold, const std::vector<Demand>& demand) {
  Result<Drawn> drawn = draft.stock().lock(demand, hold.channel);
  if (!drawn) return with_name(draft, drawn.error());
  hold.demand = limited_part(draft, demand);
  if (hold.kind == HoldKind::Order && hold.demand.empty()) return hold;
  if (draft.ledger().stock.holds().size() >= kHoldsMax) {
    return refuse(Code::Overloaded, "Too many open holds; wait until some have run out");
  }
  hold.id = HoldId("h" + std::to_string(draft.next_seq()));
  hold.from_quota = std::move(drawn->from_quota);
  draft.add(HoldLocked{hold, std::move(drawn->movements)});
  recall_when_dry(draft, hold.demand);
  return hold;
}

void release_hold(Draft& draft, const Hold& hold, const std::string& reason) {
  draft.add(HoldReleased{hold.id, hold.order, reason, draft.stock().unlock(hold)});
}

Result<Outcome> decide_on(Draft& draft, const PlaceHold& command) {
  const Result<Channel> channel = channel_of(draft.asker());
  if (!channel) return pass_on(channel);
  bool masked = false;
  const Result<PricedOrder> priced = price_for(draft, *channel, command.lines, masked);
  if (!priced) return pass_on(priced);
  const DeviceId& device = draft.asker().device;
  if (const Hold* earlier = draft.ledger().stock.cart_of(device)) {
    release_hold(draft, *earlier, "replaced");
  }
  const TimePoint expires_at = draft.at() + Duration::seconds(kCartHoldSeconds);
  Hold cart{{}, HoldKind::Cart, device, {}, {}, expires_at, code_of(*channel)};
  const Result<Hold> hold = lock_hold(draft, std::move(cart), priced->demand);
  if (!hold) return pass_on(hold);
  Outcome outcome;
  outcome.hold = hold->id;
  outcome.expires_at = hold->expires_at;
  outcome.total = priced->total;
  outcome.note_masked = masked;
  return outcome;
}

Result<Outcome> decide_on(Draft& draft, const ReleaseHold& command) {
  const Hold* const hold = draft.ledger().stock.hold(command.hold);
  const bool is_own =
      hold != nullptr && hold->kind == HoldKind::Cart && hold->device == draft.asker().device;
  if (!is_own) return refuse(Code::NotFound, "No such hold of this device; it may have run out");
  release_hold(draft, *hold, "released");
  Outcome outcome;
  outcome.hold = hold->id;
  return outcome;
}

Result<Outcome> decide_on(Draft& draft, const ExpireHolds&) {
  std::size_t count = 0;
  for (const HoldId& id : draft.ledger().stock.expired(draft.at())) {
    if (count++ == kExpiredPerCallMax) break;
    expire(draft, *draft.ledger().stock.hold(id));
  }
  draft.open_day();
  for (const Movement& movement : draft.stock().restore_due(draft.at())) {
    draft.add(StockChanged{movement, DeviceId(), {}});
  }
  return Outcome{};
}

Result<Outcome> decide_on(Draft& draft, const CountStock& command) {
  if (Result<void> may = check_permission(draft, Permission::Stock); !may) return pass_on(may);
  if (Result<void> known = check_sku(draft, command.sku); !known) return pass_on(known);
  if (command.at && command.based_on) return count_from_afar(draft, command);
  const auto moved = draft.ledger().stock_moved.find(command.sku);
  if (command.based_on && moved != draft.ledger().stock_moved.end() &&
      moved->second > *command.based_on) {
    return refuse(Code::StaleCount,
                  "The stock moved after this count was begun; look at the figure and count again",
                  command.sku.text());
  }
  return change_figure(draft, draft.stock().count(command.sku, command.available));
}

Result<Outcome> decide_on(Draft& draft, const MarkStock& command) {
  if (Result<void> known = check_sku(draft, command.sku); !known) return pass_on(known);
  if (command.restore == RestoreRule::At && command.restore_at <= draft.at()) {
    return refuse(Code::BadRequest, "The time it comes back must be in the future");
  }
  if (command.restore == RestoreRule::At &&
      command.restore_at - draft.at() > Duration::seconds(kRestoreAheadSecondsMax)) {
    return refuse(Code::BadRequest, "The time it comes back must be within a year");
  }
  const Movement movement = draft.stock().mark(command.sku, command.status, command.restore,
                                               command.restore_at, command.channel);
  if (movement.before == movement.after) return Outcome{};
  return change_stock(draft, movement);
}

Result<Outcome> decide_on(Draft& draft, const LimitStock& command) {
  if (Result<void> may = check_permission(draft, Permission::Stock); !may) return pass_on(may);
  if (Result<void> known = check_sku(draft, command.sku); !known) return pass_on(known);
  const Result<Movement> movement =
      draft.stock().limit(command.sku, command.type, command.available, command.plan);
  return change_figure(draft, movement);
}

Result<Outcome> decide_on(Draft& draft, const SetChannels& command) {
  if (Result<void> may = check_permission(draft, Permission::Stock); !may) return pass_on(may);
  if (Result<void> known = check_sku(draft, command.sku); !known) return pass_on(known);
  if (command.channels.empty()) return refuse(Code::BadRequest, "Name at least one channel");
  const StockLevel before = draft.stock().level(command.sku);
  const Result<Movement> movement = draft.stock().set_channels(command.sku, command.channels);
  Result<Outcome> outcome = change_stock(draft, movement);
  if (!outcome) return outcome;
  for (const ChannelChange& change : command.channels) {
    const ChannelAccount* const account = find_account(before, change.channel);
    if (account != nullptr && change.quota && *change.quota < account->sold) {
      outcome->pending_shrink.push_back(
          {change.channel,
           Quantity::tenths(account->sold.in_tenths() - change.quota->in_tenths())});
    }
    recall_shrunk(draft, command.sku, change);
  }
  outcome->remark = shrink_remark(outcome->pending_shrink);
  return outcome;
}

Result<Outcome> decide_on(Draft& draft, const SetThresholds& command) {
  if (Result<void> may = check_permission(draft, Permission::Stock); !may) return pass_on(may);
  if (Result<void> known = check_sku(draft, command.sku); !known) return pass_on(known);
  return change_stock(draft,
                      draft.stock().set_thresholds(command.sku, command.warning, command.critical));
}

}  // namespace larder
