// What an online order drew goes back on the relay's shelf when its store refuses the order: the
// hub never settled it, so it is still ours to sell.
#include <algorithm>

#include "lan-protocol/json.hpp"
#include "relay/shards/event_rows.hpp"
#include "relay/shards/lease_rows.hpp"

namespace larder::relay {
namespace {

constexpr JsonLimits kOrderLimits{16, 20'000, 16 * 1024};

Quantity less(Quantity from, Quantity by) {
  return Quantity::tenths(std::max<std::int64_t>(0, from.in_tenths() - by.in_tenths()));
}

// "1.0" or 1, as the word was written by this relay.
Quantity quantity_of(const Json& draw) {
  const Json* value = draw.find("quantity");
  if (value == nullptr) return {};
  if (const auto* whole = value->as<std::int64_t>()) return Quantity::tenths(*whole * 10);
  const auto* decimal = value->as<Decimal>();
  if (decimal == nullptr) return {};
  return Quantity::parse(decimal->text).value_or(Quantity());
}

}  // namespace

Result<void> EventRows::take_back(const std::string& word) {
  std::string args;
  {
    sql::Statement& find = keyed(tables_.reads.word_by_id).bind_text(3, word);
    const sql::Scope scope(find);
    auto row = find.step();
    if (!row) return pass_on(row);
    if (!*row || find.integer(7) != 0) return {};  // not ours, or taken back before
    args = find.text(3);
  }
  const auto json = parse_json(args, kOrderLimits);
  const Json* draws = json ? json->find("draws") : nullptr;
  const JsonArray* all = draws == nullptr ? nullptr : draws->as<JsonArray>();
  for (std::size_t i = 0; all != nullptr && i < all->size(); ++i) {
    const Json* lease = (*all)[i].find("lease");
    const std::string* id = lease == nullptr ? nullptr : lease->as<std::string>();
    if (id == nullptr) continue;
    auto back = put_on_shelf(LeaseId(*id), quantity_of((*all)[i]), static_cast<std::uint32_t>(i));
    if (!back) return back;
  }
  return {};
}

// A lease that was closed meanwhile has something to give back again.
Result<void> EventRows::put_on_shelf(const LeaseId& id, Quantity quantity, std::uint32_t index) {
  LeaseRows rows(tables_, poi_, bucket_, store_);
  auto lease = rows.find(id);
  if (!lease) return pass_on(lease);
  if (!*lease) return {};
  LeaseRecord& record = **lease;
  record.sold = less(record.sold, quantity);
  record.told_sold = less(record.told_sold, quantity);
  if (record.state == LeaseState::Closed) record.state = LeaseState::Expired;
  auto written = rows.put(record, now_);
  if (!written) return written;
  leases_.push_back(LeaseNews{record.sku, record.channel, false, {}});
  auto figures = rows.refresh(record.sku, now_);
  if (!figures) return pass_on(figures);
  if (!*figures) return {};
  const StockLevel& level = (*figures)->level;
  written = rows.refresh_poi(record.sku, level, now_);
  if (!written) return written;
  return message(kInventoryTopic, index,
                 cache_message(store_, record.sku, level, "restock", "relay", seq_, now_));
}

}  // namespace larder::relay
