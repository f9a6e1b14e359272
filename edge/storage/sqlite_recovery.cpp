// SqliteJournal::recover(): what the file holds, verified as far as a start-up has time for.
#include <algorithm>
#include <utility>

#include "core/ledger/snapshot.hpp"
#include "edge/storage/main_file.hpp"
#include "edge/storage/sqlite_journal.hpp"
#include "edge/storage/wal_header.hpp"

namespace larder::edge {
namespace {

constexpr std::int64_t kRowsLookedAt = 2'000;

Refused broken(const std::filesystem::path& file, const std::string& why) {
  return refuse(Code::Corrupt, file.string() + ": " + why + "; restore a backup");
}

}  // namespace

Result<Recovered> SqliteJournal::recover() {
  auto head = read_head(connection_);
  if (!head) return pass_on(head);
  head_ = *head;
  auto sound = check_clean_mark();
  if (sound) sound = check_after_crash();
  if (!sound) return pass_on(sound);

  Recovered found;
  found.seq = head_.seq;
  found.hash = head_.hash;
  found.epoch = head_.epoch;
  auto known = look_at_identity(found);
  if (!known) return pass_on(known);
  auto snapshot = newest_snapshot();
  if (!snapshot) return pass_on(snapshot);
  found.snapshot = std::move(*snapshot);
  Place from;
  if (found.snapshot)
    from = Place{found.snapshot->epoch, found.snapshot->seq, found.snapshot->hash};
  auto tail = read_tail(from);
  if (!tail) return pass_on(tail);
  found.tail = std::move(*tail);
  auto keys = read_answer_keys();
  if (!keys) return pass_on(keys);
  found.answer_keys = std::move(*keys);
  auto acked = meta_number(connection_, meta::kUplinkAcked);
  if (!acked) return pass_on(acked);
  // A restored backup may remember more than it holds.
  found.uplink_acked = std::min(static_cast<Seq>(std::max<std::int64_t>(0, *acked)), head_.seq);

  auto marked = mark_running();
  if (!marked) return pass_on(marked);
  is_in_doubt_ = found.doubt.is_on();
  epoch_floor_ = std::max(found.epoch, found.epoch_floor);
  is_recovered_ = true;
  found.room = room();
  return found;
}

// The head that the last clean stop wrote down must still be there: a tail cut off leaves a journal
// that is whole in itself.
Result<void> SqliteJournal::check_clean_mark() {
  auto seq = meta_number(connection_, meta::kCleanSeq);
  if (!seq) return pass_on(seq);
  auto hash = meta_text(connection_, meta::kCleanHash);
  if (!hash) return pass_on(hash);
  if (*seq == 0) return {};
  sql::Statement& at = statements_.head_at;
  const sql::Scope scope(at);
  at.bind(1, *seq);
  auto row = at.step();
  if (!row) return pass_on(row);
  if (*row && hex(at.digest(1)) == *hash) return {};
  return broken(file_, "event " + std::to_string(*seq) +
                           ", there at the last clean stop, is missing or another");
}

// A process that was killed cannot have hurt the file; a power cut can. Never a scan of a large
// file here: the whole is checked on backups and by verify.
Result<void> SqliteJournal::check_after_crash() {
  auto running = meta_number(connection_, meta::kRunning);
  if (!running) return pass_on(running);
  if (*running != 1) return {};
  auto lost = connection_.integer(
      "SELECT count(*) FROM (SELECT place, key FROM answers ORDER BY place DESC LIMIT 2000) AS a"
      " WHERE NOT EXISTS (SELECT 1 FROM answers AS b INDEXED BY answers_by_key"
      " WHERE b.place / 2048 = a.place / 2048 AND b.key = a.key AND b.place = a.place)");
  if (!lost) return pass_on(lost);
  if (*lost != 0) return broken(file_, "answers are missing from their index");
  const Seq before = head_.seq > kRowsLookedAt ? head_.seq - kRowsLookedAt : 0;
  Place from;
  if (before > 0) {
    sql::Statement& at = statements_.head_at;
    const sql::Scope scope(at);
    auto row = at.bind(1, static_cast<std::int64_t>(before)).step();
    if (!row) return pass_on(row);
    if (!*row) return broken(file_, "event " + std::to_string(before) + " is missing");
    from = Place{static_cast<Epoch>(at.integer(0)), before, at.digest(1)};
  }
  auto tail = read_tail(from);
  if (!tail) return pass_on(tail);
  return {};
}

Result<bool> SqliteJournal::is_good(const Snapshot& snapshot) {
  if (sha256(snapshot.ledger) != snapshot.state) return false;
  if (snapshot.seq == 0) return snapshot.hash == Digest{};
  sql::Statement& at = statements_.head_at;
  const sql::Scope scope(at);
  auto row = at.bind(1, static_cast<std::int64_t>(snapshot.seq)).step();
  if (!row) return pass_on(row);
  if (!*row) return false;
  return static_cast<Epoch>(at.integer(0)) == snapshot.epoch && at.digest(1) == snapshot.hash;
}

Result<std::optional<Snapshot>> SqliteJournal::newest_snapshot() {
  auto rows = connection_.prepare(
      "SELECT seq, epoch, hash, state, ledger FROM snapshots ORDER BY seq DESC");
  if (!rows) return pass_on(rows);
  for (;;) {
    auto row = rows->step();
    if (!row) return pass_on(row);
    if (!*row) return std::optional<Snapshot>();
    Snapshot snapshot;
    snapshot.seq = static_cast<Seq>(rows->integer(0));
    snapshot.epoch = static_cast<Epoch>(rows->integer(1));
    snapshot.hash = rows->digest(2);
    snapshot.state = rows->digest(3);
    snapshot.ledger = std::string(rows->text(4));
    if (snapshot.seq > head_.seq) {
      return broken(file_, "the events from " + std::to_string(head_.seq + 1) + " to " +
                               std::to_string(snapshot.seq) + " are missing");
    }
    if (is_earlier_snapshot(snapshot.ledger)) {
      remarks_.push_back("The snapshot at " + std::to_string(snapshot.seq) +
                         " is of an earlier version and is passed over");
      continue;
    }
    auto good = is_good(snapshot);
    if (!good) return pass_on(good);
    if (*good) return std::optional<Snapshot>(std::move(snapshot));
    remarks_.push_back("The snapshot at " + std::to_string(snapshot.seq) +
                       " fails its hash and is passed over");
  }
}

Result<std::vector<StoredEvent>> SqliteJournal::read_tail(const Place& from) {
  auto tail = read(from.seq, SIZE_MAX);
  if (!tail) return tail;
  Place at = from;
  for (const StoredEvent& event : *tail) {
    if (event.seq != at.seq + 1 || event.epoch < at.epoch ||
        event.hash != chain(at.hash, event.epoch, event.seq, *event.data)) {
      return broken(file_, "the chain of events breaks at " + std::to_string(at.seq + 1));
    }
    at = Place{event.epoch, event.seq, event.hash};
  }
  if (at.seq != head_.seq || at.hash != head_.hash) {
    return broken(file_, "the events after " + std::to_string(at.seq) + " are missing");
  }
  return tail;
}

Result<std::vector<std::uint64_t>> SqliteJournal::read_answer_keys() {
  auto rows = connection_.prepare("SELECT key FROM answers INDEXED BY answers_by_key");
  if (!rows) return pass_on(rows);
  std::vector<std::uint64_t> keys;
  for (;;) {
    auto row = rows->step();
    if (!row) return pass_on(row);
    if (!*row) return keys;
    keys.push_back(static_cast<std::uint64_t>(rows->integer(0)));
  }
}

// From here on the main file says that a -wal belongs to it, and which: a -wal that is lost, or
// another's, is noticed at the next start.
Result<void> SqliteJournal::mark_running() {
  auto marked = set_meta(connection_, meta::kRunning, "1");
  if (!marked) return marked;
  auto wal = read_wal_header(file_);
  if (!wal) return pass_on(wal);
  auto transaction = sql::Transaction::begin(connection_);
  if (!transaction) return pass_on(transaction);
  marked = set_meta(connection_, meta::kWalOrigin, std::to_string(wal->origin));
  if (marked) marked = seal_marks(connection_);
  if (marked) marked = transaction->commit();
  if (!marked) return marked;
  return connection_.checkpoint(false);
}

}  // namespace larder::edge
