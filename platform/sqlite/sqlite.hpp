// A thin RAII layer over sqlite3: Connection and Statement, errors as Result. No sqlite3 header is
// needed by who includes this. Life: a Statement dies before its Connection. Thread: one at a time
// (opened without SQLite's mutexes). Limits: kSqlBytesMax of text, kValueBytesMax per value.
#pragma once

#include <concepts>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "core/base/result.hpp"
#include "lan-protocol/digest.hpp"

struct sqlite3;
struct sqlite3_backup;
struct sqlite3_stmt;

namespace larder::sql {

inline constexpr int kSqlBytesMax = 32 * 1024;
inline constexpr int kValueBytesMax = 128 * 1024 * 1024;

class Connection;

class Statement {
 public:
  Statement() = default;

  // Parameters count from 1. A bind cannot fail but by a programmer's mistake; step() reports it.
  // Text and bytes must stay alive until reset().
  Statement& bind(int parameter, std::int64_t value);
  Statement& bind_text(int parameter, std::string_view value);
  // A text that nobody keeps would be gone before step().
  template <std::same_as<std::string> Temporary>
  Statement& bind_text(int parameter, Temporary&& value) = delete;
  Statement& bind_bytes(int parameter, std::string_view value);
  Statement& bind_digest(int parameter, const Sha256& value);

  // True: a row is there. False: the statement is done, and reset.
  Result<bool> step();
  // For statements that give no rows: one step, then reset.
  Result<void> run();
  void reset();

  // Columns count from 0 and are valid until the next step() or reset().
  std::int64_t integer(int column) const;
  std::string_view text(int column) const;
  // A value of another length gives zeros, which no chain accepts.
  Sha256 digest(int column) const;

 private:
  friend class Connection;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const noexcept;
  };
  void note(int code);

  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  int bind_code_ = 0;
};

// Resets a statement when the scope ends, so that no read stays open across a commit.
class Scope {
 public:
  explicit Scope(Statement& statement) : statement_(statement) {}
  ~Scope() { statement_.reset(); }
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;

 private:
  Statement& statement_;
};

// The -wal of a connection whose commits do not wait for the disk. Thread: any, one at a time.
class LateSync {
 public:
  LateSync(LateSync&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  LateSync& operator=(LateSync&&) = delete;
  ~LateSync();
  // Every commit that had returned before is on the disk afterwards. After an error (StorageFault,
  // StorageFull) nobody knows what is: the file is not to be written any more.
  Result<void> sync();

 private:
  friend class Connection;
  explicit LateSync(int file) : file_(file) {}
  int file_;
};

class Connection {
 public:
  enum class Mode {
    ReadWrite,  // the file must exist
    // As ReadWrite, for media that may damage what shares a sector with a write when the power goes
    // (SD, eMMC): each commit is padded to the end of its sector.
    Careful,
    ReadOnly,   // a finished backup: nothing is written beside it
    Immutable,  // the main file alone, whatever lies in its -wal
    Memory,
  };
  // Opened defensively: no extensions, no ATTACH, no triggers of an untrusted schema's functions,
  // small limits, foreign bytes never trusted. StorageFault, Locked or Corrupt.
  static Result<Connection> open(const std::filesystem::path& file, Mode mode);

  // A script of literals: set-up, migrations. Never text made at run time.
  Result<void> execute(const char* script);
  Result<Statement> prepare(std::string_view text);
  // The one value of a statement that gives one row.
  Result<std::int64_t> integer(std::string_view text);
  Result<std::string> text(std::string_view text);

  // From here on ATTACH, DETACH and PRAGMA are refused.
  void lock_down();
  // Leaves the -wal as it is when the connection closes; checkpoints are the writer's.
  void keep_wal();
  // How much the file grows at a time.
  void grow_by(int bytes);
  // Copies committed pages to the main file. `truncate` also empties the -wal.
  Result<void> checkpoint(bool truncate);
  // From here on a Transaction's commit is not on the disk when it returns: nobody may be told of
  // it before a sync() that began afterwards. Statements without a Transaction are synced as
  // before. The file is in WAL mode and stays open.
  Result<LateSync> sync_later();
  // Commits since then.
  std::uint64_t late_commits() const { return late_commits_; }
  // Bytes of -wal that the last commits have filled.
  std::uint64_t wal_bytes() const { return *wal_bytes_; }
  // True when the file this connection writes is no longer the one under its name.
  bool has_moved() const;
  bool in_transaction() const;
  // True when the last error was a rule of the schema (UNIQUE, CHECK): the data's fault, not the
  // disk's.
  bool broke_a_rule() const;
  // Rows changed by the last statement.
  std::int64_t changes() const;
  // What SQLite says about its last error, as ours: StorageFull, StorageFault, Locked, Corrupt.
  Refused failure(std::string_view doing) const;

 private:
  friend class Copy;
  friend class Transaction;
  struct Close {
    void operator()(sqlite3* database) const noexcept;
  };
  // Runs `text`, which is prepared at the first time and kept.
  Result<void> run_kept(Statement& kept, std::string_view text);

  std::unique_ptr<sqlite3, Close> database_;
  Statement begin_;   // of transactions: one a group, so they are not parsed each time
  Statement commit_;  // both die before the database does
  std::unique_ptr<std::uint64_t> wal_bytes_ = std::make_unique<std::uint64_t>(0);
  bool is_late_ = false;
  std::uint64_t late_commits_ = 0;
};

// A copy of a whole database, some pages at a time. Between two steps `from` may be written: what
// changes in pages that were copied is copied again by SQLite as it is written, so that the copy
// ends where `from` stands at its last step. Both connections must outlive it.
class Copy {
 public:
  // `to` is empty and just opened.
  static Result<Copy> begin(Connection& from, Connection& to);
  // True when all is copied.
  Result<bool> step(int pages);

 private:
  struct Finish {
    void operator()(sqlite3_backup* copy) const noexcept;
  };
  explicit Copy(Connection& to) : to_(&to) {}
  Connection* to_;
  std::unique_ptr<sqlite3_backup, Finish> copy_;
};

// One transaction by BEGIN IMMEDIATE (never upgraded from a read); rolled back unless committed.
class Transaction {
 public:
  static Result<Transaction> begin(Connection& connection);
  Transaction(Transaction&& other) noexcept
      : connection_(std::exchange(other.connection_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();
  Result<void> commit();

 private:
  explicit Transaction(Connection& connection) : connection_(&connection) {}
  Connection* connection_;
};

// For a daemon: to be called once, before the first Connection. `heard` is told what SQLite reports
// by itself (a recovered -wal, a moved file), on any thread.
void set_up_library(std::function<void(std::string_view)> heard);

}  // namespace larder::sql
