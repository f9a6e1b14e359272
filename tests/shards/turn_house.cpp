#include "tests/shards/turn_house.hpp"

#include <stdexcept>

#include "core/stock/draft.hpp"

namespace larder::relay {
namespace {

Quantity plus(Quantity a, Quantity b) { return Quantity::tenths(a.in_tenths() + b.in_tenths()); }
Quantity minus(Quantity a, Quantity b) { return Quantity::tenths(a.in_tenths() - b.in_tenths()); }

}  // namespace

std::string code_of(const TurnOutcome& outcome) {
  return outcome.lines ? "ok" : std::string(code_name(outcome.lines.error().code()));
}

void TurnHouse::count(const std::string& sku, int quantity) {
  if (hub.last() == 0) hub.add(EpochBegun{1, "first start"});
  StockLevel& level = levels_[sku];
  const StockLevel before = level;
  level.type = StockType::Limited;
  level.available = units(quantity);
  hub.add(StockChanged{Movement{SkuId(sku), MovementKind::Count, before, level}, DeviceId("t")});
}

void TurnHouse::mark(const std::string& sku, StockStatus status, const std::string& channel) {
  if (hub.last() == 0) hub.add(EpochBegun{1, "first start"});
  StockLevel& level = levels_[sku];
  const StockLevel before = level;
  if (channel.empty()) {
    level.status = status;
  } else {
    std::erase_if(level.channels,
                  [&](const ChannelAccount& a) { return a.channel == ChannelCode(channel); });
    level.channels.push_back(ChannelAccount{ChannelCode(channel), status, {}, {}, 0});
  }
  hub.add(StockChanged{Movement{SkuId(sku), MovementKind::Mark, before, level}, DeviceId("t")});
}

void TurnHouse::set_quota(const std::string& sku, const std::string& channel, int quota) {
  StockLevel& level = levels_[sku];
  const StockLevel before = level;
  level.channels.push_back(
      ChannelAccount{ChannelCode(channel), StockStatus::Available, units(quota), {}, 0});
  hub.add(StockChanged{Movement{SkuId(sku), MovementKind::Channels, before, level}, DeviceId("t")});
}

std::string TurnHouse::grant(const std::string& sku, int quantity, const std::string& channel,
                             std::int64_t ttl_seconds) {
  StockLevel& level = levels_[sku];
  const StockLevel before = level;
  level.available = minus(level.available, units(quantity));
  level.leased = plus(level.leased, units(quantity));
  std::string& lease = running_[sku + "/" + channel];
  if (lease.empty()) lease = "l" + std::to_string(hub.last() + 1);
  granted_[lease] = plus(granted_[lease], units(quantity));
  hub.add(LeaseGranted{LeaseId(lease), SkuId(sku), ChannelCode(channel), units(quantity),
                       granted_[lease], ttl_seconds,
                       Movement{SkuId(sku), MovementKind::Grant, before, level}});
  send();
  return lease;
}

void TurnHouse::recall(const std::string& lease, const std::string& sku, int keep, bool ends) {
  hub.add(LeaseRecalled{LeaseId(lease), SkuId(sku), units(keep), ends, "dry"});
  send();
}

BatchOutcome TurnHouse::send() {
  if (sent_ == hub.last()) return {};
  const StoreBatch batch = hub.batch(sent_ + 1, hub.last());
  sent_ = hub.last();
  return apply_one(*shards, batch, now);
}

std::vector<TurnOutcome> TurnHouse::take_all(const std::vector<Turn>& turns) {
  auto outcomes = rights().take_turns(turns, now);
  if (!outcomes) throw std::runtime_error(outcomes.error().message());
  return std::move(*outcomes);
}

TurnOutcome TurnHouse::take(const Turn& turn) { return std::move(take_all({turn}).front()); }

ReserveOrder TurnHouse::order(const std::string& number, std::vector<Demand> items,
                              const std::string& channel) {
  ReserveOrder turn;
  turn.store = hub.store();
  turn.order = number;
  turn.channel = ChannelCode(channel);
  turn.items = std::move(items);
  turn.by = Asker{"api:oo", "trace-" + number};
  return turn;
}

TurnOutcome TurnHouse::reserve(const std::string& number, const std::string& sku, int quantity,
                               const std::string& channel) {
  return take(order(number, {Demand{SkuId(sku), units(quantity)}}, channel));
}

TurnOutcome TurnHouse::confirm(const std::string& number) {
  return take(ConfirmOrder{hub.store(), number, {"api:oo", {}}, false, {}});
}

TurnOutcome TurnHouse::release(const std::string& number, const std::string& reason) {
  return take(ReleaseOrder{hub.store(), number, reason, {"api:oo", {}}, false});
}

std::vector<StoreWord> TurnHouse::settle() {
  auto words = rights().settle_leases(now, 100);
  if (!words) throw std::runtime_error(words.error().message());
  return std::move(*words);
}

LeaseRecord TurnHouse::lease(const std::string& id) {
  auto leases = rights().leases_of(hub.store());
  if (!leases) throw std::runtime_error(leases.error().message());
  for (LeaseRecord& each : *leases) {
    if (each.lease == LeaseId(id)) return each;
  }
  throw std::runtime_error("no lease " + id);
}

std::optional<StockRecord> TurnHouse::record(const std::string& sku) {
  auto found = shards->stock_of(hub.store(), SkuId(sku));
  if (!found) throw std::runtime_error(found.error().message());
  return *found;
}

std::vector<std::string> TurnHouse::ask(const std::string& query) {
  const std::size_t database = shards->database_of(hub.store());
  std::string text;
  for (const char c : query) {
    if (c == '$') {
      text += suffix_of(hub.store());
    } else {
      text += c;
    }
  }
  shards.reset();
  std::vector<std::string> found;
  try {
    found = rows(folder.path(), database, text);
  } catch (const std::runtime_error&) {
    open();
    throw;
  }
  open();
  return found;
}

}  // namespace larder::relay
