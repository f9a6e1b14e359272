// The outbox of one database: what waits in order of id, over all stores, whatever their bucket.
#include <algorithm>

#include "relay/shards/sqlite_shard.hpp"

namespace larder::relay {
namespace {

Result<std::vector<OutboxRow>> rows_of(sql::Statement& rows, std::size_t database) {
  const sql::Scope scope(rows);
  std::vector<OutboxRow> found;
  for (;;) {
    auto row = rows.step();
    if (!row) return pass_on(row);
    if (!*row) return found;
    OutboxRow& out = found.emplace_back();
    out.database = database;
    out.id = rows.integer(0);
    out.type = rows.text(1);
    out.biz_key = rows.text(2);
    out.store = StoreId(std::string(rows.text(3)));
    out.payload = rows.text(4);
    out.status = rows.text(5);
    out.retry_count = static_cast<int>(rows.integer(6));
    out.next_retry_at = TimePoint{rows.integer(7)};
    out.created_at = TimePoint{rows.integer(8)};
  }
}

std::int64_t limit_of(std::size_t limit) {
  return static_cast<std::int64_t>(std::min<std::size_t>(limit, 10'000));
}

}  // namespace

Result<std::vector<OutboxRow>> SqliteShard::outbox_waiting(std::size_t database, std::int64_t after,
                                                           std::size_t limit) {
  auto ready = check_ready(database);
  if (!ready) return pass_on(ready);
  house_.waiting.bind(1, after).bind(2, limit_of(limit));
  return settle(rows_of(house_.waiting, index_));
}

Result<std::vector<OutboxRow>> SqliteShard::outbox_waiting_of(std::size_t database,
                                                              const StoreId& store,
                                                              std::size_t limit) {
  auto ready = check_ready(database);
  if (!ready) return pass_on(ready);
  house_.waiting_of.bind_text(1, store.text()).bind(2, limit_of(limit));
  return settle(rows_of(house_.waiting_of, index_));
}

Result<void> SqliteShard::outbox_done(std::size_t database, std::span<const std::int64_t> ids) {
  auto ready = check_ready(database);
  if (!ready) return ready;
  auto transaction = sql::Transaction::begin(connection_);
  if (!transaction) return settle<void>(pass_on(transaction));
  for (const std::int64_t id : ids) {
    auto written = house_.done.bind(1, id).run();
    if (!written) return settle(std::move(written));
  }
  return settle(transaction->commit());
}

Result<void> SqliteShard::outbox_failed(std::size_t database, std::int64_t id, int retry_count,
                                        std::optional<TimePoint> again) {
  auto ready = check_ready(database);
  if (!ready) return ready;
  sql::Statement& put = house_.failed;
  put.bind(1, id).bind_text(2, again ? "INIT" : "DEAD").bind(3, retry_count);
  return settle(put.bind(4, again.value_or(TimePoint{}).micros).run());
}

Result<std::vector<OutboxRow>> SqliteShard::outbox_dead(std::size_t database, std::size_t limit) {
  auto ready = check_ready(database);
  if (!ready) return pass_on(ready);
  house_.dead.bind(1, limit_of(limit));
  return settle(rows_of(house_.dead, index_));
}

Result<bool> SqliteShard::outbox_resend(std::size_t database, std::int64_t id, TimePoint now) {
  auto ready = check_ready(database);
  if (!ready) return pass_on(ready);
  auto written = settle(house_.resend.bind(1, id).bind(2, now.micros).run());
  if (!written) return pass_on(written);
  return connection_.changes() == 1;
}

Result<ShardStore::OutboxFigures> SqliteShard::outbox_figures(std::size_t database) {
  auto ready = check_ready(database);
  if (!ready) return pass_on(ready);
  const sql::Scope scope(house_.figures);
  auto row = settle(house_.figures.step());
  if (!row) return pass_on(row);
  OutboxFigures figures;
  figures.waiting = static_cast<std::uint64_t>(house_.figures.integer(0));
  figures.dead = static_cast<std::uint64_t>(house_.figures.integer(1));
  if (house_.figures.integer(2) >= 0) figures.oldest = TimePoint{house_.figures.integer(2)};
  return figures;
}

}  // namespace larder::relay
