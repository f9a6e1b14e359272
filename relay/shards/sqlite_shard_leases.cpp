// Settling leases: the rows and the word that tells the hub of them in one transaction, so that a
// crash can neither lose nor double a settlement.
#include <algorithm>
#include <set>
#include <utility>

#include "core/ledger/commands.hpp"
#include "core/stock/figures.hpp"
#include "lan-protocol/codec.hpp"
#include "relay/shards/event_rows.hpp"
#include "relay/shards/lease_rows.hpp"
#include "relay/shards/sqlite_shard.hpp"

namespace larder::relay {
namespace {

// What goes back by itself: all that is idle of one that ends, and what is above `keep` of one that
// was recalled.
Quantity to_give_back(const LeaseRecord& lease) {
  if (lease.state == LeaseState::Expired) return lease.idle();
  const bool is_over = lease.state == LeaseState::Recalled && lease.idle() > lease.keep;
  return is_over ? minus(lease.idle(), lease.keep) : Quantity();
}

}  // namespace

Result<std::vector<LeaseRecord>> SqliteShard::leases_to_settle(TimePoint now, std::size_t limit) {
  std::vector<LeaseRecord> found;
  std::set<std::tuple<std::string, Epoch, std::string>> seen;
  for (Tables& tables : tables_) {
    RightsTables& rights = tables.rights;
    for (sql::Statement* find :
         {&rights.ending, &rights.run_out, &rights.recalled, &rights.untold}) {
      find->bind(1, static_cast<std::int64_t>(limit));
      if (find == &rights.run_out) find->bind(2, now.micros);
      auto leases = relay::leases_of(*find);
      if (!leases) return pass_on(leases);
      for (LeaseRecord& lease : *leases) {
        if (!place_of(lease.store)) continue;  // it has moved, and its rows are still to go
        if (found.size() >= limit) return found;
        if (!seen.emplace(lease.store.text(), lease.epoch, lease.lease.text()).second) continue;
        const bool is_open = lease.state == LeaseState::Open || lease.state == LeaseState::Recalled;
        if (is_open && lease.expires_at <= now) lease.state = LeaseState::Expired;
        found.push_back(std::move(lease));
      }
    }
  }
  return found;
}

Result<std::vector<StoreWord>> SqliteShard::settle_leases(TimePoint now, std::size_t limit) {
  if (fault_) return Refused(*fault_);
  auto due = leases_to_settle(now, limit);
  if (!due) return settle<std::vector<StoreWord>>(pass_on(due));
  std::vector<StoreWord> words;
  if (due->empty()) return words;
  auto transaction = sql::Transaction::begin(connection_);
  if (!transaction) return settle<std::vector<StoreWord>>(pass_on(transaction));
  Marks drafts;
  for (const LeaseRecord& lease : *due) {
    auto written = settle_lease(lease, to_give_back(lease), drafts, words, now);
    if (!written) return settle<std::vector<StoreWord>>(pass_on(written));
  }
  auto committed = transaction->commit();
  if (!committed) return settle<std::vector<StoreWord>>(pass_on(committed));
  adopt(drafts);
  return words;
}

Result<void> SqliteShard::settle_lease(LeaseRecord lease, Quantity give_back, Marks& drafts,
                                       std::vector<StoreWord>& words, TimePoint now) {
  SettleLease told;
  told.lease = lease.lease;
  told.sold = minus(lease.sold, lease.told_sold);
  told.returned = give_back;
  told.closed = lease.state == LeaseState::Expired && lease.held.is_zero();
  lease.told_sold = lease.sold;
  lease.returned = plus(lease.returned, give_back);
  if (told.closed) lease.state = LeaseState::Closed;
  // A recall is answered by what came back; the hub asks again when it is short again.
  if (lease.state == LeaseState::Recalled && !give_back.is_zero()) {
    lease.state = LeaseState::Open;
    lease.keep = {};
  }
  auto written = write_settled(lease, !give_back.is_zero(), now);
  // The close is a word of its own: should the hub have granted more meanwhile it refuses that one,
  // and has taken the amounts all the same.
  const bool has_amounts = !told.sold.is_zero() || !told.returned.is_zero();
  const bool closes = std::exchange(told.closed, false);
  if (written && has_amounts) written = tell_hub(lease, told, drafts, words, now);
  const SettleLease close{lease.lease, {}, {}, true};
  return written && closes ? tell_hub(lease, close, drafts, words, now) : written;
}

Result<void> SqliteShard::tell_hub(const LeaseRecord& lease, const SettleLease& told, Marks& drafts,
                                   std::vector<StoreWord>& words, TimePoint now) {
  const auto draft = drafts.find(lease.store);
  const auto kept = marks_.find(lease.store);
  if (kept == marks_.end()) return {};
  const StreamMark& mark = draft != drafts.end() ? draft->second : kept->second;
  const Command command = told;
  Word word;
  word.id =
      CommandId(settle_prefix(lease.epoch, lease.lease) + std::to_string(mark.words_issued + 1));
  word.verb = std::string(command_verb(command));
  word.args = encode_args(command);
  word.by = "relay";
  auto issued = put_word({lease.store, word}, drafts, now);
  if (!issued) return pass_on(issued);
  words.push_back(StoreWord{lease.store, std::move(*issued)});
  return {};
}

// The units that go back are on their way: neither side can sell them until the hub has the word.
Result<void> SqliteShard::write_settled(const LeaseRecord& lease, bool has_moved, TimePoint now) {
  auto place = place_of(lease.store);
  if (!place) return pass_on(place);
  LeaseRows rows(*place->tables, poi_, place->bucket, lease.store);
  auto written = rows.put(lease, now);
  if (!written || !has_moved) return written;
  auto figures = rows.refresh(lease.sku, now);
  if (!figures) return pass_on(figures);
  if (!*figures) return {};
  return rows.refresh_poi(lease.sku, (*figures)->level, now);
}

Result<std::vector<StoreWord>> SqliteShard::return_idle(const StoreId& store, const SkuId& sku,
                                                        const ChannelCode& channel,
                                                        Quantity quantity, TimePoint now) {
  auto place = place_of(store);
  if (!place) return pass_on(place);
  auto leases = LeaseRows(*place->tables, poi_, place->bucket, store).of_sku(sku);
  if (!leases) return settle<std::vector<StoreWord>>(pass_on(leases));
  std::vector<StoreWord> words;
  auto transaction = sql::Transaction::begin(connection_);
  if (!transaction) return settle<std::vector<StoreWord>>(pass_on(transaction));
  Marks drafts;
  for (const LeaseRecord& lease : *leases) {
    const Quantity back = std::min(quantity, lease.idle());
    if (lease.channel != channel || back.is_zero()) continue;
    auto written = settle_lease(lease, back, drafts, words, now);
    if (!written) return settle<std::vector<StoreWord>>(pass_on(written));
    quantity = minus(quantity, back);
  }
  auto committed = transaction->commit();
  if (!committed) return settle<std::vector<StoreWord>>(pass_on(committed));
  adopt(drafts);
  return words;
}

Result<std::vector<LeaseRecord>> SqliteShard::leases_of(const StoreId& store) {
  auto place = place_of(store);
  if (!place) return pass_on(place);
  sql::Statement& rows = place->tables->rights.leases_of_store;
  rows.bind(1, place->bucket).bind_text(2, store.text());
  return settle(relay::leases_of(rows));
}

Result<IdleRights> SqliteShard::idle_rights() {
  if (fault_) return Refused(*fault_);
  IdleRights all;
  for (Tables& tables : tables_) {
    sql::Statement& sum = tables.rights.idle;
    const sql::Scope scope(sum);
    auto row = settle(sum.step());
    if (!row) return pass_on(row);
    all.tenths += sum.integer(0);
    all.leases += static_cast<std::uint64_t>(sum.integer(1));
    const TimePoint oldest{sum.integer(2)};
    if (sum.integer(1) > 0 && (!all.oldest || oldest < *all.oldest)) all.oldest = oldest;
  }
  return all;
}

Result<void> SqliteShard::rebuild(const StoreId& store, const SkuId& sku, TimePoint now) {
  auto place = place_of(store);
  if (!place) return pass_on(place);
  auto transaction = sql::Transaction::begin(connection_);
  if (!transaction) return settle<void>(pass_on(transaction));
  LeaseRows rows(*place->tables, poi_, place->bucket, store);
  auto figures = rows.refresh(sku, now);
  if (!figures) return settle<void>(pass_on(figures));
  if (!*figures) return refuse(Code::NotFound, "this store has no stock record of that SKU");
  poi_.forget(store, sku);
  const StockLevel& level = (*figures)->level;
  auto written = rows.refresh_poi(sku, level, now);
  const std::string key = store.text() + "/sync/" + sku.text() + "/" + std::to_string(now.micros);
  const auto version = static_cast<std::uint64_t>(now.micros);
  if (written) {
    written = message(store, kInventoryTopic, key,
                      cache_message(store, sku, level, "sync", "relay", version, now), now);
  }
  if (written) written = transaction->commit();
  return settle(std::move(written));
}

}  // namespace larder::relay
