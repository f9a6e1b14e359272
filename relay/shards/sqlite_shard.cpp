#include "relay/shards/sqlite_shard.hpp"

#include <utility>

#include "relay/shards/shard_file.hpp"

namespace larder::relay {
namespace {

constexpr std::uint64_t kWalBytesIdle = 8ULL * 1024 * 1024;
constexpr std::uint64_t kWalBytesForced = 64ULL * 1024 * 1024;
constexpr Duration kOutboxRetention = Duration::minutes(7 * 24 * 60);
constexpr Duration kTrimPause = Duration::minutes(1);

StreamMark mark_of(const sql::Statement& row) {
  StreamMark mark;
  mark.store = StoreId(std::string(row.text(0)));
  mark.hub = HubId(std::string(row.text(1)));
  mark.epoch = static_cast<Epoch>(row.integer(2));
  mark.up_to = static_cast<Seq>(row.integer(3));
  mark.hash = row.digest(4);
  mark.is_frozen = row.integer(5) == 1;
  mark.frozen_reason = row.text(6);
  mark.words_issued = static_cast<Seq>(row.integer(7));
  mark.words_applied = static_cast<Seq>(row.integer(8));
  mark.last_event_at = TimePoint{row.integer(9)};
  mark.last_commit_at = TimePoint{row.integer(10)};
  mark.parked = static_cast<std::uint64_t>(row.integer(11));
  return mark;
}

}  // namespace

Result<std::unique_ptr<SqliteShard>> SqliteShard::open(sql::Connection connection,
                                                       std::size_t index,
                                                       std::shared_ptr<SharedMap> map) {
  std::unique_ptr<SqliteShard> shard(new SqliteShard(std::move(connection), index, std::move(map)));
  auto ready = shard->prepare();
  if (ready) ready = shard->read_marks();
  if (!ready) return pass_on(ready);
  return shard;
}

SqliteShard::~SqliteShard() {
  // Should it fail, the next start reads the -wal, as after a crash.
  if (!is_broken() && !connection_.has_moved()) static_cast<void>(connection_.checkpoint(true));
}

Result<void> SqliteShard::prepare() {
  for (unsigned table = 0; table < kTables; ++table) {
    auto tables = prepare_tables(connection_, table);
    if (!tables) return pass_on(tables);
    tables_.push_back(std::move(*tables));
  }
  auto house = prepare_house(connection_);
  if (!house) return pass_on(house);
  house_ = std::move(*house);
  return {};
}

Result<void> SqliteShard::sync_later() {
  auto late = connection_.sync_later();
  if (!late) return pass_on(late);
  late_.emplace(std::move(*late));
  return {};
}

Result<void> SqliteShard::sync() {
  if (!late_) return {};
  auto synced = late_->sync();
  if (!synced) is_unsynced_ = true;
  return synced;
}

Result<void> SqliteShard::read_marks() {
  sql::Statement& rows = house_.marks;
  const sql::Scope scope(rows);
  for (;;) {
    auto row = rows.step();
    if (!row) return pass_on(row);
    if (!*row) return {};
    StreamMark mark = mark_of(rows);
    marks_.emplace(mark.store, std::move(mark));
  }
}

std::size_t SqliteShard::database_of(const StoreId& store) const {
  return map_->get()->place(store).database;
}

Result<void> SqliteShard::check_ready(std::size_t database) const {
  if (fault_) return Refused(*fault_);
  if (database == index_) return {};
  return refuse(Code::WrongStore, "moved: this is database " + std::to_string(index_) +
                                      ", database " + std::to_string(database) + " was asked");
}

Result<SqliteShard::Place> SqliteShard::place_of(const StoreId& store) {
  if (fault_) return Refused(*fault_);
  const unsigned bucket = bucket_of(store);
  const ShardPlace place = map_->get()->place(bucket);
  if (place.database != index_) {
    return refuse(Code::WrongStore, "moved: store " + store.text() + " lives in database " +
                                        std::to_string(place.database) + ", not in " +
                                        std::to_string(index_));
  }
  return Place{bucket, &tables_.at(place.table)};
}

// After a failed write or sync nobody knows what is on the disk; only a new start finds out. A rule
// of the rows that was broken, or a full disk, took its transaction back and leaves the rest well.
void SqliteShard::note_failure(const Error& error) {
  poi_.forget();
  held_.forget();
  const bool is_storage = error.code() == Code::StorageFault || error.code() == Code::Corrupt ||
                          error.code() == Code::Locked;
  if (fault_ || !is_storage) return;
  fault_ = Error(Code::StorageFault,
                 shard_file_name(index_) + " can no longer be written: " + error.message());
}

Result<void> SqliteShard::put_mark(unsigned bucket, const StreamMark& mark,
                                   const StreamMark* before) {
  sql::Statement& put = before == nullptr ? house_.put_mark : house_.move_mark;
  put.bind(1, bucket).bind_text(2, mark.store.text()).bind_text(3, mark.hub.text());
  put.bind(4, mark.epoch).bind(5, static_cast<std::int64_t>(mark.up_to)).bind_digest(6, mark.hash);
  put.bind(7, mark.is_frozen ? 1 : 0).bind_text(8, mark.frozen_reason);
  put.bind(9, static_cast<std::int64_t>(mark.words_issued));
  put.bind(10, static_cast<std::int64_t>(mark.words_applied)).bind(11, mark.last_event_at.micros);
  put.bind(12, mark.last_commit_at.micros).bind(13, static_cast<std::int64_t>(mark.parked));
  if (before != nullptr) {
    put.bind(14, before->epoch).bind(15, static_cast<std::int64_t>(before->up_to));
  }
  auto written = put.run();
  if (!written || connection_.changes() == 1) return written;
  return refuse(Code::StorageFault,
                "The mark of store " + mark.store.text() + " is not where this relay left it");
}

Result<void> SqliteShard::log(const StoreId& store, std::string_view who, std::string_view what,
                              TimePoint at) {
  sql::Statement& put = house_.log;
  return put.bind_text(1, store.text())
      .bind_text(2, who)
      .bind_text(3, what)
      .bind(4, at.micros)
      .run();
}

Result<void> SqliteShard::message(const StoreId& store, std::string_view topic,
                                  std::string_view key, std::string_view payload, TimePoint now) {
  sql::Statement& put = house_.put_message;
  put.bind_text(1, topic).bind_text(2, key).bind_text(3, store.text()).bind_text(4, payload);
  return put.bind(5, now.micros).run();
}

Result<std::vector<StreamMark>> SqliteShard::marks(std::size_t database) {
  auto ready = check_ready(database);
  if (!ready) return pass_on(ready);
  std::vector<StreamMark> all;
  all.reserve(marks_.size());
  for (const auto& [store, mark] : marks_) all.push_back(mark);
  return all;
}

Result<std::optional<StreamMark>> SqliteShard::mark(const StoreId& store) {
  auto place = place_of(store);
  if (!place) return pass_on(place);
  const auto found = marks_.find(store);
  return found == marks_.end() ? std::optional<StreamMark>() : std::optional(found->second);
}

Result<void> SqliteShard::unfreeze(const StoreId& store, const std::string& by, TimePoint now) {
  return set_frozen(store, std::nullopt, by, now);
}

Result<void> SqliteShard::freeze(const StoreId& store, const std::string& reason, TimePoint now) {
  return set_frozen(store, reason, "relay", now);
}

Result<void> SqliteShard::set_frozen(const StoreId& store, const std::optional<std::string>& reason,
                                     const std::string& by, TimePoint now) {
  auto place = place_of(store);
  if (!place) return pass_on(place);
  const auto found = marks_.find(store);
  if (found == marks_.end()) {
    return refuse(Code::NotFound, "No store " + store.text() + " has ever spoken to this relay");
  }
  if (found->second.is_frozen == reason.has_value()) return {};
  StreamMark mark = found->second;
  mark.is_frozen = reason.has_value();
  mark.frozen_reason = reason.value_or("");
  auto transaction = sql::Transaction::begin(connection_);
  if (!transaction) return settle<void>(pass_on(transaction));
  auto written = put_mark(place->bucket, mark, &found->second);
  if (written) {
    const std::string what = reason ? "froze the stream: " + *reason
                                    : "unfroze the stream; it was: " + found->second.frozen_reason;
    written = log(store, by, what, now);
  }
  if (written) written = transaction->commit();
  if (written) found->second = std::move(mark);
  return settle(std::move(written));
}

void SqliteShard::maintain(bool idle, TimePoint now) {
  // Found by another thread: what waits in the queue is refused from here on.
  if (is_unsynced_ && !fault_) {
    note_failure(Error(Code::StorageFault, "what was committed could not be synced"));
  }
  if (fault_) return;
  const std::uint64_t filled = connection_.wal_bytes();
  if (filled > kWalBytesForced || (idle && filled > kWalBytesIdle)) {
    // What is committed stays in the -wal until a checkpoint succeeds, so a full disk puts it off.
    static_cast<void>(settle(connection_.checkpoint(false)));
  }
  if (fault_ || !idle || now < next_trim_) return;
  static_cast<void>(settle(trim_outbox(now)));
  if (!fault_) static_cast<void>(settle(forget_cancelled(now)));
}

// An order that was cancelled before it came, and has not come in a week, does not come any more.
Result<void> SqliteShard::forget_cancelled(TimePoint now) {
  return house_.forget_cancelled.bind(1, now.micros - kOutboxRetention.micros).run();
}

// What was sent leaves after a week, 500 rows at a time in order of id; what still waits, or is
// dead, is stepped over and looked at again on the next round.
Result<void> SqliteShard::trim_outbox(TimePoint now) {
  std::int64_t last = trimmed_to_;
  std::int64_t rows = 0;
  bool reached_young = false;
  {
    sql::Statement& oldest = house_.oldest;
    const sql::Scope scope(oldest);
    oldest.bind(1, trimmed_to_);
    for (;; ++rows) {
      auto row = oldest.step();
      if (!row) return pass_on(row);
      if (!*row) break;
      reached_young = oldest.integer(1) > now.micros - kOutboxRetention.micros;
      if (reached_young) break;
      last = oldest.integer(0);
    }
  }
  const std::int64_t from = std::exchange(trimmed_to_, last);
  if (reached_young || rows == 0) {
    trimmed_to_ = 0;
    next_trim_ = now + kTrimPause;
  }
  return last == from ? Result<void>() : house_.trim.bind(1, from).bind(2, last).run();
}

Result<void> SqliteShard::write_map(const BucketMap& map) {
  auto ready = check_ready(index_);
  if (!ready) return ready;
  return settle(relay::write_map(connection_, map));
}

}  // namespace larder::relay
