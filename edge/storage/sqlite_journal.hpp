// SqliteJournal: the Journal of a hub in one SQLite file (WAL, synchronous=FULL, one connection
// that writes, reads and checkpoints). Life: open() and recover() before the first commit; the
// destructor is the clean stop (checkpoint, marks). Thread: one at a time; after start-up the
// writer thread. Limits: values of 128 MB; the -wal is copied back at WalLimits.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/ids.hpp"
#include "edge/app/ports.hpp"
#include "edge/storage/backup_file.hpp"
#include "edge/storage/ballast.hpp"
#include "edge/storage/data_directory.hpp"
#include "edge/storage/migrations.hpp"
#include "edge/storage/store_file.hpp"
#include "platform/sqlite/sqlite.hpp"

namespace larder::edge {

// How long the -wal may become before its pages are copied back into the store file.
struct WalLimits {
  std::uint64_t idle_bytes = 8ULL * 1024 * 1024;  // when the writer has nothing else to do
  std::uint64_t forced_bytes = 32ULL * 1024 * 1024;
};

struct JournalOptions {
  HubId hub;  // of a new file; empty: a random one. A file that exists keeps its own.
  std::uint64_t ballast_bytes = kBallastBytes;
  std::span<const Migration> migrations = edge_migrations();
  WalLimits wal = {};
  std::string machine = {};  // what this runs on; empty: not looked at
};

class SqliteJournal final : public Journal {
 public:
  // The directory's journal, made when there is none. WrongStore: it belongs to another store.
  // Corrupt, NewerSchema: refused, and left as it is. Locked: another program has the file open.
  static Result<std::unique_ptr<SqliteJournal>> open(DataDirectory directory, const StoreId& store,
                                                     JournalOptions options = {});
  ~SqliteJournal() override;
  SqliteJournal(const SqliteJournal&) = delete;
  SqliteJournal& operator=(const SqliteJournal&) = delete;

  // What is there, verified; once, before the first commit. Corrupt: the chain is broken, or events
  // are missing that the file itself remembers. In doubt (a restored backup, another machine, ...)
  // `epoch` is the highest this machine knows of, which may be above the head's: the new epoch must
  // be greater.
  Result<Recovered> recover();

  Result<Room> commit(const Group& group) override;
  Room room() override;
  Result<std::vector<StoredEvent>> read(Seq after, std::size_t limit) override;
  Result<std::optional<StoredAnswer>> answer(const CommandId& id) override;
  Result<void> keep(const Snapshot& snapshot) override;
  Result<void> begin_backup(const std::string& name) override;
  Result<std::optional<BackupTaken>> continue_backup() override;
  Result<void> maintain(bool idle, TimePoint now) override;
  Result<void> keep_acked(Seq acked) override;
  Result<void> keep_doubt(const KeptDoubt& doubt) override;

  const std::filesystem::path& file() const { return file_; }
  bool has_ballast() const { return ballast_.is_set_aside(); }
  std::uint64_t wal_bytes() const { return connection_.wal_bytes(); }
  // What recover() passed over, in sentences for the log: a snapshot that failed its hash.
  const std::vector<std::string>& remarks() const { return remarks_; }

 private:
  struct Statements {
    sql::Statement put_event, put_answer, read, answer_places, answer, head_at, put_snapshot,
        drop_snapshots;
    sql::Statement old_answers, drop_answers;
  };

  SqliteJournal(DataDirectory directory, std::filesystem::path file, sql::Connection connection,
                Statements statements, const JournalOptions& options);
  static Result<Statements> prepare(sql::Connection& connection);

  // commit()
  Room room_now() const;
  Result<void> write_in_ballast(const Group& group);
  Result<void> write_without_backup(const Group& group);
  Result<void> check_ready() const;
  Result<void> check_follows(const Group& group) const;
  Result<void> write(const Group& group);
  Result<void> put(const StoredEvent& event);
  Result<void> put(const StoredAnswer& answer);
  bool begins_new_epoch(const Group& group) const;
  Result<void> give_up(Error error);
  Result<void> settle(Result<void> result);

  // recover()
  Result<void> check_clean_mark();
  Result<void> check_after_crash();
  Result<std::optional<Snapshot>> newest_snapshot();
  Result<bool> is_good(const Snapshot& snapshot);
  Result<std::vector<StoredEvent>> read_tail(const Place& from);
  Result<std::vector<std::uint64_t>> read_answer_keys();
  Result<void> mark_running();

  // sqlite_identity.cpp
  Result<void> look_at_identity(Recovered& found);
  Result<void> look_at_machine(Recovered& found);
  Result<void> write_doubt(const KeptDoubt& doubt);
  Result<void> end_doubt();

  // maintain()
  Result<void> checkpoint();
  Result<void> drop_old_answers(TimePoint now);
  Result<void> look_around(TimePoint now);
  void mark_clean();

  DataDirectory directory_;
  std::filesystem::path file_;
  sql::Connection connection_;
  Statements statements_;
  Ballast ballast_;
  WalLimits wal_limits_;
  std::unique_ptr<RunningBackup> backup_;
  std::optional<Error> backup_refused_;  // why the one under way was given up
  Place head_;
  std::string machine_;
  Epoch epoch_floor_ = 0;
  bool is_in_doubt_ = false;  // a new epoch must begin
  bool is_recovered_ = false;
  std::optional<Error> fault_;
  std::vector<std::string> remarks_;
  std::int64_t retention_place_ = 0;
  TimePoint next_retention_;
  TimePoint next_look_;
};

}  // namespace larder::edge
