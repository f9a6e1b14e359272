// SqliteJournal's work between groups: checkpoints, retention, backups, and the clean stop.
#include <utility>

#include "core/base/limits.hpp"
#include "edge/storage/backup_file.hpp"
#include "edge/storage/main_file.hpp"
#include "edge/storage/sqlite_journal.hpp"

namespace larder::edge {
namespace {

constexpr std::int64_t kAnswersPerStep = 500;
constexpr Duration kRetentionPause = Duration::minutes(10);
constexpr Duration kLookPause = Duration::minutes(1);
constexpr Duration kDay = Duration::minutes(24 * 60);

}  // namespace

Result<void> SqliteJournal::maintain(bool idle, TimePoint now) {
  auto done = check_ready();
  if (!done) return done;
  if (now >= next_look_) done = look_around(now);
  if (!done) return done;
  const std::uint64_t filled = connection_.wal_bytes();
  const bool is_due =
      filled > wal_limits_.forced_bytes || (idle && filled > wal_limits_.idle_bytes);
  if (is_due) done = checkpoint();
  if (!done) return done;
  return now >= next_retention_ ? drop_old_answers(now) : done;
}

// What is committed stays in the -wal until a checkpoint succeeds, so a full disk only puts it off;
// commits say so themselves when it comes to that.
Result<void> SqliteJournal::checkpoint() {
  auto done = settle(connection_.checkpoint(false));
  if (done || done.error().code() != Code::StorageFull) return done;
  return {};
}

Result<void> SqliteJournal::keep_acked(Seq acked) {
  auto ready = check_ready();
  if (!ready) return ready;
  return settle(set_meta(connection_, meta::kUplinkAcked, std::to_string(acked)));
}

// Answers leave in the order in which they came. One from the future (a clock that was wrong) is
// stepped over rather than holding up all behind it.
Result<void> SqliteJournal::drop_old_answers(TimePoint now) {
  const std::int64_t limit = now.micros - kDay.micros * kAnswerRetentionDays;
  std::int64_t last = retention_place_;
  std::int64_t rows = 0;
  bool reached_young = false;
  {
    sql::Statement& old = statements_.old_answers;
    const sql::Scope scope(old);
    old.bind(1, retention_place_).bind(2, kAnswersPerStep);
    for (;; ++rows) {
      auto row = old.step();
      if (!row) return settle(pass_on(row));
      if (!*row) break;
      const std::int64_t at = old.integer(1);
      reached_young = at >= limit && at <= now.micros;
      if (reached_young) break;
      last = old.integer(0);
    }
  }
  if (rows > 0) {
    sql::Statement& drop = statements_.drop_answers;
    auto dropped = settle(drop.bind(1, retention_place_).bind(2, last).bind(3, limit).run());
    if (!dropped) return dropped.error().code() == Code::StorageFull ? Result<void>() : dropped;
  }
  const bool at_end = reached_young || rows < kAnswersPerStep;
  retention_place_ = at_end ? 0 : last;
  if (at_end) next_retention_ = now + kRetentionPause;
  return {};
}

Result<void> SqliteJournal::look_around(TimePoint now) {
  next_look_ = now + kLookPause;
  if (connection_.has_moved() || !directory_.is_still_ours()) {
    return give_up(Error(Code::StorageFault, file_.string() + " was moved or replaced under us"));
  }
  ballast_.set_aside();
  return {};
}

Result<void> SqliteJournal::begin_backup(const std::string& name) {
  auto ready = check_ready();
  if (!ready) return ready;
  if (!is_backup_name(name)) {
    return refuse(Code::BadRequest, "A backup's name has 1 to 64 letters, digits, '.', '_' or '-'");
  }
  if (backup_ != nullptr) return refuse(Code::Busy, "Another backup is under way");
  std::error_code unread;
  const auto bytes = std::filesystem::file_size(file_, unread) + connection_.wal_bytes();
  const auto place = std::filesystem::exists(directory_.backups(), unread) ? directory_.backups()
                                                                           : directory_.path();
  if (free_bytes(place) < bytes + ballast_.room_wanted()) {
    return refuse(Code::StorageFull, "There is no room for a backup of " +
                                         std::to_string(bytes / 1'000'000 + 1) + " MB in " +
                                         place.string());
  }
  backup_refused_.reset();
  auto begun = RunningBackup::begin(connection_, directory_.backups(), name);
  if (!begun) return pass_on(begun);
  backup_ = std::move(*begun);
  return {};
}

Result<std::optional<BackupTaken>> SqliteJournal::continue_backup() {
  if (backup_refused_) return Refused(*backup_refused_);
  auto ready = check_ready();
  if (ready && backup_ == nullptr) ready = refuse(Code::BadState, "No backup is under way");
  if (!ready) {
    backup_.reset();
    return pass_on(ready);
  }
  auto finished = backup_->step(head_);
  if (finished && !*finished) return std::optional<BackupTaken>();
  backup_.reset();
  if (!finished) return pass_on(finished);
  const FinishedBackup& done = **finished;
  return std::optional(BackupTaken{done.file.string(), done.head.seq, done.head.hash});
}

// The clean stop. Should it fail half way, the next start treats this one as a crash, which it is.
void SqliteJournal::mark_clean() {
  auto transaction = sql::Transaction::begin(connection_);
  if (!transaction) return;
  auto marked = set_meta(connection_, meta::kRunning, "0");
  if (marked) marked = seal_marks(connection_);
  if (marked) marked = set_meta(connection_, meta::kCleanSeq, std::to_string(head_.seq));
  if (marked) marked = set_meta(connection_, meta::kCleanHash, hex(head_.hash));
  if (marked) marked = transaction->commit();
  if (marked) marked = connection_.checkpoint(true);
}

}  // namespace larder::edge
