// SqliteShard: what is kept of hubs in recovery. One row a store, read when it is asked for: this
// happens a few times in a store's life.
#include "relay/shards/sqlite_shard.hpp"

namespace larder::relay {
namespace {

RescueRecord rescue_of(const sql::Statement& row) {
  RescueRecord record;
  record.store = StoreId(std::string(row.text(0)));
  record.promised = static_cast<Epoch>(row.integer(1));
  record.hub = HubId(std::string(row.text(2)));
  record.boot = row.text(3);
  record.above = static_cast<Epoch>(row.integer(4));
  record.permit_code = row.digest(5);
  record.permitted_by = row.text(6);
  record.permitted_until = TimePoint{row.integer(7)};
  record.permit_epoch = static_cast<Epoch>(row.integer(8));
  record.wrong_codes = static_cast<int>(row.integer(9));
  record.permitted_hub = HubId(std::string(row.text(10)));
  record.suspect = HubId(std::string(row.text(11)));
  record.denied = HubId(std::string(row.text(12)));
  return record;
}

}  // namespace

Result<std::vector<RescueRecord>> SqliteShard::rescues(std::size_t database) {
  auto ready = check_ready(database);
  if (!ready) return pass_on(ready);
  std::vector<RescueRecord> all;
  sql::Statement& rows = house_.rescues;
  const sql::Scope scope(rows);
  for (;;) {
    auto row = rows.step();
    if (!row) return settle<std::vector<RescueRecord>>(pass_on(row));
    if (!*row) return all;
    all.push_back(rescue_of(rows));
  }
}

// An empty one when nothing is kept of the store.
Result<RescueRecord> SqliteShard::rescue_row(const StoreId& store) {
  sql::Statement& find = house_.rescue;
  const sql::Scope scope(find);
  auto row = find.bind_text(1, store.text()).step();
  if (!row) return pass_on(row);
  if (*row) return rescue_of(find);
  RescueRecord none;
  none.store = store;
  return none;
}

Result<void> SqliteShard::put_rescue(const RescueRecord& record) {
  sql::Statement& put = house_.put_rescue;
  put.bind_text(1, record.store.text()).bind(2, record.promised).bind_text(3, record.hub.text());
  put.bind_text(4, record.boot).bind(5, record.above).bind_digest(6, record.permit_code);
  put.bind_text(7, record.permitted_by).bind(8, record.permitted_until.micros);
  put.bind(9, record.permit_epoch).bind(10, record.wrong_codes);
  put.bind_text(11, record.permitted_hub.text()).bind_text(12, record.suspect.text());
  return put.bind_text(13, record.denied.text()).run();
}

Result<void> SqliteShard::keep_rescue(const RescueRecord& record) {
  if (auto place = place_of(record.store); !place) return pass_on(place);
  auto transaction = sql::Transaction::begin(connection_);
  if (!transaction) return settle<void>(pass_on(transaction));
  auto kept = rescue_row(record.store);
  if (!kept) return settle<void>(pass_on(kept));
  take_decisions(*kept, record);
  auto written = put_rescue(*kept);
  if (written) written = transaction->commit();
  return settle(std::move(written));
}

Result<Epoch> SqliteShard::promise(const StoreId& store, const HubId& hub,
                                   const std::string& boot) {
  if (auto place = place_of(store); !place) return pass_on(place);
  const auto mark = marks_.find(store);
  if (mark == marks_.end()) {
    return refuse(Code::NotFound, "No store " + store.text() + " has ever spoken to this relay");
  }
  auto transaction = sql::Transaction::begin(connection_);
  if (!transaction) return settle<Epoch>(pass_on(transaction));
  auto kept = rescue_row(store);
  if (!kept) return settle<Epoch>(pass_on(kept));
  const Epoch promised_before = kept->promised;
  const Epoch above = promise_epoch(*kept, mark->second.epoch, hub, boot);
  if (kept->promised == promised_before) return above;
  auto written = put_rescue(*kept);
  if (written) written = transaction->commit();
  if (!written) return settle<Epoch>(pass_on(written));
  return above;
}

}  // namespace larder::relay
