#include "edge/storage/sqlite_journal.hpp"

#include <algorithm>
#include <utility>

namespace larder::edge {
namespace {

constexpr std::int64_t kAnswersPerPart = 2'048;  // as in the index answers_by_key
// Should nobody call maintain(), the -wal still ends here.
constexpr std::uint64_t kWalBytesMax = 128ULL * 1024 * 1024;

std::int64_t as_signed(std::uint64_t value) { return static_cast<std::int64_t>(value); }

StoredEvent event_of(const sql::Statement& row) {
  StoredEvent event;
  event.seq = static_cast<Seq>(row.integer(0));
  event.epoch = static_cast<Epoch>(row.integer(1));
  event.hash = row.digest(2);
  event.data = std::make_shared<const std::string>(row.text(3));
  return event;
}

}  // namespace

Result<std::unique_ptr<SqliteJournal>> SqliteJournal::open(DataDirectory directory,
                                                           const StoreId& store,
                                                           JournalOptions options) {
  auto found = find_store(directory.path());
  if (!found) return pass_on(found);
  if (!*found) {
    auto made = create_store(directory.path(), store, options.hub, options.migrations);
    if (!made) return pass_on(made);
    *found = std::move(*made);
  }
  auto connection = open_store(**found, store, options.migrations);
  if (!connection) return pass_on(connection);
  auto statements = prepare(*connection);
  if (!statements) return pass_on(statements);
  return std::unique_ptr<SqliteJournal>(new SqliteJournal(std::move(directory), std::move(**found),
                                                          std::move(*connection),
                                                          std::move(*statements), options));
}

SqliteJournal::SqliteJournal(DataDirectory directory, std::filesystem::path file,
                             sql::Connection connection, Statements statements,
                             const JournalOptions& options)
    : directory_(std::move(directory)),
      file_(std::move(file)),
      connection_(std::move(connection)),
      statements_(std::move(statements)),
      ballast_(directory_.path(), options.ballast_bytes),
      wal_limits_(options.wal),
      machine_(options.machine) {
  ballast_.set_aside();
}

SqliteJournal::~SqliteJournal() {
  backup_.reset();
  if (is_recovered_ && !fault_ && !connection_.has_moved()) mark_clean();
}

Result<SqliteJournal::Statements> SqliteJournal::prepare(sql::Connection& connection) {
  Statements all;
  const std::pair<sql::Statement*, std::string_view> texts[] = {
      {&all.put_event, "INSERT INTO events (seq, epoch, hash, data) VALUES (?1, ?2, ?3, ?4)"},
      {&all.put_answer,
       "INSERT INTO answers (key, id, body, at, reply) VALUES (?1, ?2, ?3, ?4, ?5)"},
      {&all.read, "SELECT seq, epoch, hash, data FROM events WHERE seq > ?1 ORDER BY seq LIMIT ?2"},
      {&all.answer_places,
       "SELECT (SELECT min(place) FROM answers), (SELECT max(place) FROM answers)"},
      {&all.answer,
       "SELECT body, at, reply FROM answers INDEXED BY answers_by_key"
       " WHERE place / 2048 = ?1 AND key = ?2 AND id = ?3 ORDER BY place DESC LIMIT 1"},
      {&all.head_at, "SELECT epoch, hash FROM events WHERE seq = ?1"},
      {&all.put_snapshot,
       "INSERT OR REPLACE INTO snapshots (seq, epoch, hash, state, ledger)"
       " VALUES (?1, ?2, ?3, ?4, ?5)"},
      {&all.drop_snapshots,
       "DELETE FROM snapshots WHERE seq NOT IN"
       " (SELECT seq FROM snapshots ORDER BY seq DESC LIMIT 2)"},
      {&all.old_answers, "SELECT place, at FROM answers WHERE place > ?1 ORDER BY place LIMIT ?2"},
      {&all.drop_answers, "DELETE FROM answers WHERE place > ?1 AND place <= ?2 AND at < ?3"},
  };
  for (const auto& [statement, text] : texts) {
    auto prepared = connection.prepare(text);
    if (!prepared) return pass_on(prepared);
    *statement = std::move(*prepared);
  }
  return all;
}

Result<void> SqliteJournal::check_ready() const {
  if (fault_) return Refused(*fault_);
  if (!is_recovered_) return refuse(Code::StorageFault, "The journal is not recovered yet");
  return {};
}

// After a failed write or sync nobody knows what is on the disk; only a new start finds out.
Result<void> SqliteJournal::give_up(Error error) {
  fault_ = Error(Code::StorageFault, "The store file can no longer be written: " + error.message());
  return Refused(*fault_);
}

// A full disk is a state that passes: what was written is rolled back.
Result<void> SqliteJournal::settle(Result<void> result) {
  if (result || result.error().code() == Code::StorageFull) return result;
  return give_up(result.error());
}

Room SqliteJournal::room_now() const {
  return ballast_.is_wanted() && !ballast_.is_set_aside() ? Room::Scarce : Room::Enough;
}

Room SqliteJournal::room() {
  ballast_.set_aside();
  return room_now();
}

// The same group once more, in the space of the ballast. The ballast is not given up for a
// snapshot or a checkpoint: those can wait.
Result<void> SqliteJournal::write_in_ballast(const Group& group) {
  auto written = write_without_backup(group);
  if (written || written.error().code() != Code::StorageFull || !ballast_.release()) return written;
  return settle(write(group));
}

// A group that does not fit takes the space of a backup that is under way. One that is being
// checked on its own thread is left alone: to end it would be to wait for it.
Result<void> SqliteJournal::write_without_backup(const Group& group) {
  auto written = settle(write(group));
  const bool can_give_up = backup_ != nullptr && backup_->is_copying();
  if (written || written.error().code() != Code::StorageFull || !can_give_up) return written;
  backup_.reset();
  backup_refused_ = Error(Code::StorageFull, "The disk is full; the backup was given up");
  return settle(write(group));
}

Result<Room> SqliteJournal::commit(const Group& group) {
  auto ready = check_ready();
  if (!ready) return pass_on(ready);
  if (group.events.empty() && group.answers.empty()) return room_now();
  auto follows = check_follows(group);
  if (!follows) return pass_on(follows);
  const bool new_epoch = begins_new_epoch(group);
  auto written = write_in_ballast(group);
  if (!written) return pass_on(written);
  if (!group.events.empty()) {
    const StoredEvent& last = group.events.back();
    head_ = Place{last.epoch, last.seq, last.hash};
  }
  if (new_epoch) is_in_doubt_ = false;
  if (connection_.wal_bytes() > kWalBytesMax) {
    if (auto copied = checkpoint(); !copied) return pass_on(copied);
  }
  return room_now();
}

Result<void> SqliteJournal::check_follows(const Group& group) const {
  Place at = head_;
  for (const StoredEvent& event : group.events) {
    if (event.seq != at.seq + 1 || event.epoch == 0 || event.epoch < at.epoch ||
        event.data == nullptr) {
      return refuse(Code::StorageFault, "Event " + std::to_string(event.seq) +
                                            " does not follow event " + std::to_string(at.seq));
    }
    const bool is_used = event.epoch <= epoch_floor_ || event.epoch <= head_.epoch;
    if (is_in_doubt_ && !group.is_import && is_used) {
      return refuse(Code::StorageFault, "The store file is in recovery: epoch " +
                                            std::to_string(event.epoch) + " is used up");
    }
    if (event.hash != chain(at.hash, event.epoch, event.seq, *event.data)) {
      return refuse(Code::StorageFault,
                    "Event " + std::to_string(event.seq) + " is not chained to the one before");
    }
    at = Place{event.epoch, event.seq, event.hash};
  }
  return {};
}

bool SqliteJournal::begins_new_epoch(const Group& group) const {
  return is_in_doubt_ && !group.is_import && !group.events.empty();
}

Result<void> SqliteJournal::write(const Group& group) {
  auto transaction = sql::Transaction::begin(connection_);
  if (!transaction) return pass_on(transaction);
  for (const StoredEvent& event : group.events) {
    auto stored = put(event);
    if (!stored) return stored;
  }
  for (const StoredAnswer& answer : group.answers) {
    auto stored = put(answer);
    if (!stored) return stored;
  }
  if (begins_new_epoch(group)) {
    auto ended = end_doubt();
    if (!ended) return ended;
  }
  return transaction->commit();
}

Result<void> SqliteJournal::put(const StoredEvent& event) {
  sql::Statement& statement = statements_.put_event;
  statement.bind(1, as_signed(event.seq)).bind(2, event.epoch);
  statement.bind_digest(3, event.hash).bind_text(4, *event.data);
  return statement.run();
}

Result<void> SqliteJournal::put(const StoredAnswer& answer) {
  if (answer.reply == nullptr) return refuse(Code::StorageFault, "An answer has no bytes");
  sql::Statement& statement = statements_.put_answer;
  statement.bind(1, as_signed(answer_key(answer.id.text()))).bind_text(2, answer.id.text());
  statement.bind_digest(3, answer.body).bind(4, answer.at.micros).bind_text(5, *answer.reply);
  return statement.run();
}

Result<std::vector<StoredEvent>> SqliteJournal::read(Seq after, std::size_t limit) {
  sql::Statement& statement = statements_.read;
  const sql::Scope scope(statement);
  statement.bind(1, as_signed(std::min<Seq>(after, INT64_MAX)));
  statement.bind(2, as_signed(std::min<std::size_t>(limit, INT64_MAX)));
  std::vector<StoredEvent> events;
  for (;;) {
    auto row = statement.step();
    if (!row) return pass_on(row);
    if (!*row) return events;
    events.push_back(event_of(statement));
  }
}

// The newest part first: a retry is mostly of something recent.
Result<std::optional<StoredAnswer>> SqliteJournal::answer(const CommandId& id) {
  sql::Statement& places = statements_.answer_places;
  const sql::Scope places_scope(places);
  auto range = places.step();
  if (!range) return pass_on(range);
  const std::int64_t first = places.integer(0) / kAnswersPerPart;
  const std::int64_t key = as_signed(answer_key(id.text()));
  for (std::int64_t part = places.integer(1) / kAnswersPerPart; part >= first; --part) {
    sql::Statement& statement = statements_.answer;
    const sql::Scope scope(statement);
    statement.bind(1, part).bind(2, key).bind_text(3, id.text());
    auto row = statement.step();
    if (!row) return pass_on(row);
    if (!*row) continue;
    StoredAnswer found;
    found.id = id;
    found.body = statement.digest(0);
    found.at = TimePoint{statement.integer(1)};
    found.reply = std::make_shared<const std::string>(statement.text(2));
    return std::optional<StoredAnswer>(std::move(found));
  }
  return std::optional<StoredAnswer>();
}

Result<void> SqliteJournal::keep(const Snapshot& snapshot) {
  auto ready = check_ready();
  if (!ready) return ready;
  auto good = is_good(snapshot);
  if (!good) return pass_on(good);
  if (!*good) {
    return refuse(Code::StorageFault, "The snapshot at " + std::to_string(snapshot.seq) +
                                          " does not belong to this journal");
  }
  auto transaction = sql::Transaction::begin(connection_);
  if (!transaction) return settle(pass_on(transaction));
  sql::Statement& put = statements_.put_snapshot;
  put.bind(1, as_signed(snapshot.seq)).bind(2, snapshot.epoch).bind_digest(3, snapshot.hash);
  put.bind_digest(4, snapshot.state).bind_bytes(5, snapshot.ledger);
  auto kept = put.run();
  if (kept) kept = statements_.drop_snapshots.run();
  if (kept) kept = transaction->commit();
  return settle(std::move(kept));
}

}  // namespace larder::edge
