// What an online order drew goes back on the relay's shelf when its store refuses the order: the
// hub never settled it, so it is still ours to sell.
#include <algorithm>

#include "lan-protocol/json.hpp"
#include "relay/shards/event_rows.hpp"

namespace larder::relay {
namespace {

constexpr std::string_view kWordPrefix = "online-";
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
  if (!word.starts_with(kWordPrefix)) return {};
  const std::string order = word.substr(kWordPrefix.size());
  sql::Statement& undo = keyed(tables_.rights.undo_lines).bind_text(3, order);
  auto undone = undo.bind(4, now_.micros).run();
  if (!undone) return undone;
  const auto json = parse_json(args, kOrderLimits);
  const Json* draws = json ? json->find("draws") : nullptr;
  const JsonArray* all = draws == nullptr ? nullptr : draws->as<JsonArray>();
  for (std::size_t i = 0; all != nullptr && i < all->size(); ++i) {
    const Json* lease = (*all)[i].find("lease");
    const std::string* id = lease == nullptr ? nullptr : lease->as<std::string>();
    if (id == nullptr) continue;
    auto back =
        put_on_shelf(LeaseId(*id), quantity_of((*all)[i]), static_cast<std::uint32_t>(i), order);
    if (!back) return back;
  }
  return {};
}

// A lease that was closed meanwhile has something to give back again.
Result<void> EventRows::put_on_shelf(const LeaseId& id, Quantity quantity, std::uint32_t index,
                                     const std::string& order) {
  LeaseRows rows(tables_, poi_, bucket_, store_);
  auto lease = rows.find(id);
  if (!lease) return pass_on(lease);
  if (!*lease) return {};
  LeaseRecord& record = **lease;
  const Quantity back = std::min(quantity, record.sold);
  record.sold = less(record.sold, quantity);
  record.told_sold = less(record.told_sold, quantity);
  if (record.state == LeaseState::Closed) record.state = LeaseState::Expired;
  auto written = rows.put(record, now_);
  if (!written) return written;
  leases_.push_back(LeaseNews{record.sku, record.channel, false, {}});
  auto figures = rows.refresh(record.sku, now_);
  if (!figures) return pass_on(figures);
  if (!*figures) return {};
  written = put_restock(record, back, **figures, order);
  if (!written) return written;
  const StockLevel& level = (*figures)->level;
  written = rows.refresh_poi(record.sku, level, now_);
  if (!written) return written;
  return message(kInventoryTopic, index,
                 cache_message(store_, record.sku, level, "restock", "relay", seq_, now_));
}

// A movement of the relay's own stock.
Result<void> EventRows::put_restock(const LeaseRecord& lease, Quantity back,
                                    const SkuFigures& figures, const std::string& order) {
  auto seq = next_own_number();
  if (!seq) return pass_on(seq);
  const std::int64_t available = figures.relay_stock.in_tenths();
  const std::int64_t held = figures.relay_locked.in_tenths();
  const std::string id = store_.text() + "/relay/" + std::to_string(-*seq);
  sql::Statement& put = keyed(tables_.stock.put_movement);
  put.bind(3, *seq).bind(4, 0).bind(5, 0).bind_text(6, id).bind_text(7, order);
  put.bind_text(8, lease.sku.text()).bind_text(9, "restock").bind(10, back.in_tenths()).bind(11, 0);
  put.bind(12, available).bind(13, held).bind(14, available - back.in_tenths() + held);
  put.bind(15, available + held).bind_text(16, "reservation").bind_text(17, lease.lease.text());
  put.bind_text(18, "refused by the store").bind_text(19, "relay");
  return put.bind_text(20, stamped_.command.text()).bind(21, now_.micros).run();
}

}  // namespace larder::relay
