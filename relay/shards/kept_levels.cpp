#include "relay/shards/kept_levels.hpp"

#include <algorithm>

#include "relay/shards/held_orders.hpp"
#include "relay/shards/poi_rows.hpp"
#include "relay/shards/stock_record.hpp"

namespace larder::relay {
namespace {

std::string wrong_sum_of(const StockRecord& record, Quantity available, Quantity held,
                         Quantity idle, Quantity set_aside) {
  const std::int64_t stock = record.level.available.in_tenths() + idle.in_tenths();
  const std::int64_t locked = record.level.held.in_tenths() + set_aside.in_tenths();
  const bool is_right = available.in_tenths() == stock && held.in_tenths() == locked &&
                        record.relay_available == idle && record.relay_held == set_aside;
  if (is_right) return {};
  return "written for the estate " + available.text() + " and " + held.text() +
         " held, hub and leases come to " + Quantity::tenths(stock).text() + " and " +
         Quantity::tenths(locked).text();
}

}  // namespace

Result<std::map<SkuId, KeptLevel>> KeptLevels::read(Epoch epoch, const SkuId& after,
                                                    const SkuId& last) {
  std::map<SkuId, KeptLevel> levels;
  const auto each_row = [&](sql::Statement& rows, auto take) -> Result<void> {
    const sql::Scope scope(rows);
    keyed(rows).bind_text(3, after.text()).bind_text(4, last.text());
    for (;;) {
      auto row = rows.step();
      if (!row) return pass_on(row);
      if (!*row) return {};
      take(rows);
    }
  };
  auto done = each_row(tables_.levels, [&](sql::Statement& row) {
    StockRecord record = record_of(row);
    KeptLevel& kept = levels[record.sku];
    kept.wrong_sum =
        wrong_sum_of(record, Quantity::tenths(row.integer(18)), Quantity::tenths(row.integer(19)),
                     Quantity::tenths(row.integer(20)), Quantity::tenths(row.integer(21)));
    kept.level = std::move(record.level);
  });
  if (!done) return pass_on(done);
  done = each_row(tables_.accounts, [&](sql::Statement& row) {
    ChannelAccount account;
    account.channel = ChannelCode(lower_code(row.text(1)));
    account.status = row.integer(2) == 2 ? StockStatus::SoldOut : StockStatus::Available;
    account.quota = Quantity::tenths(row.integer(3));
    account.weight = static_cast<std::uint32_t>(std::max<std::int64_t>(0, row.integer(4)));
    account.sold = Quantity::tenths(row.integer(5));
    levels[SkuId(std::string(row.text(0)))].level.channels.push_back(std::move(account));
  });
  if (!done) return pass_on(done);
  tables_.lent.bind(5, epoch);
  done = each_row(tables_.lent, [&](sql::Statement& row) {
    levels[SkuId(std::string(row.text(0)))].lent = Quantity::tenths(row.integer(1));
  });
  if (!done) return pass_on(done);
  // In the ledger's spelling, which is not the order of the rows'.
  for (auto& [sku, kept] : levels) {
    std::sort(kept.level.channels.begin(), kept.level.channels.end(),
              [](const auto& a, const auto& b) { return a.channel < b.channel; });
  }
  return levels;
}

Result<KeptLevel> KeptLevels::read_one(Epoch epoch, const SkuId& sku) {
  // The greatest text that is less: without the last byte, all that begins so is behind it.
  const std::string& name = sku.text();
  auto levels = read(epoch, SkuId(name.substr(0, name.size() - 1)), sku);
  if (!levels) return pass_on(levels);
  const auto found = levels->find(sku);
  return found == levels->end() ? KeptLevel{} : std::move(found->second);
}

Result<std::string> KeptLevels::cause_of(const SkuId& sku, Epoch epoch) {
  {
    const std::string named = "\"sku\":\"" + sku.text() + "\"";
    const sql::Scope scope(tables_.parked);
    keyed(tables_.parked).bind_text(3, named).bind_text(4, kWaitsBehind);
    auto row = tables_.parked.step();
    if (!row) return pass_on(row);
    if (*row) {
      return "event " + std::to_string(tables_.parked.integer(0)) + " of epoch " +
             std::to_string(tables_.parked.integer(1)) + ", which moved it, was set aside";
    }
  }
  const sql::Scope scope(tables_.lost);
  keyed(tables_.lost).bind_text(3, sku.text()).bind(4, epoch);
  auto row = tables_.lost.step();
  if (!row) return pass_on(row);
  if (!*row) return std::string();
  return "the hub began epoch " + std::to_string(epoch) + " without events that are kept here";
}

Result<bool> KeptLevels::is_said_already(const StockDifference& found) {
  const sql::Scope scope(tables_.last);
  keyed(tables_.last).bind_text(3, found.sku.text());
  auto row = tables_.last.step();
  if (!row || !*row) return row;
  return tables_.last.text(0) == found.what && tables_.last.integer(1) == 0;
}

Result<void> KeptLevels::note_open(const StockDifference& found) {
  auto said = is_said_already(found);
  if (!said) return pass_on(said);
  if (*said) return {};
  auto noted = note(found);
  return noted ? Result<void>() : pass_on(noted);
}

Result<std::int64_t> KeptLevels::note(const StockDifference& found) {
  std::int64_t id = 0;
  {
    sql::Statement& put = keyed(tables_.put);
    const sql::Scope scope(put);
    put.bind_text(3, found.sku.text()).bind(4, found.epoch);
    put.bind(5, static_cast<std::int64_t>(found.seq)).bind_text(6, found.what);
    put.bind_text(7, found.cause).bind(8, found.is_repaired ? 1 : 0).bind_text(9, found.by);
    auto row = put.bind(10, found.found_at.micros).step();
    if (!row) return pass_on(row);
    id = put.integer(0);
  }
  auto trimmed = keyed(tables_.trim).bind(3, kDifferencesKept).run();
  if (!trimmed) return pass_on(trimmed);
  return id;
}

Result<std::vector<StockDifference>> KeptLevels::differences(std::size_t limit) {
  sql::Statement& rows = keyed(tables_.shown).bind(3, static_cast<std::int64_t>(limit));
  const sql::Scope scope(rows);
  std::vector<StockDifference> all;
  for (;;) {
    auto row = rows.step();
    if (!row) return pass_on(row);
    if (!*row) return all;
    StockDifference& each = all.emplace_back();
    each.store = store_;
    each.sku = SkuId(std::string(rows.text(0)));
    each.epoch = static_cast<Epoch>(rows.integer(1));
    each.seq = static_cast<Seq>(rows.integer(2));
    each.what = rows.text(3);
    each.cause = rows.text(4);
    each.is_repaired = rows.integer(5) != 0;
    each.by = rows.text(6);
    each.found_at = TimePoint{rows.integer(7)};
  }
}

}  // namespace larder::relay
