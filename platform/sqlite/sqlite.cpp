#include "platform/sqlite/sqlite.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "platform/sqlite/gathering_vfs.hpp"

namespace larder::sql {
namespace {

constexpr int kBusyMillis = 5'000;

// sqlite3_system_errno() is not set by a COMMIT that fails; the files themselves remember.
bool says_full(sqlite3_file* file) {
  int number = 0;
  if (file == nullptr || file->pMethods == nullptr ||
      file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &number) != SQLITE_OK) {
    return false;
  }
  return number == ENOSPC || number == EDQUOT || number == EFBIG;
}

// The disk is full, whichever way the kernel says it: no blocks, no quota, a limit on file size.
bool is_full(sqlite3* database, int extended) {
  if (extended == SQLITE_FULL) return true;
  if (extended != SQLITE_IOERR_WRITE) return false;
  sqlite3_file* main = nullptr;
  sqlite3_file* log = nullptr;
  sqlite3_file_control(database, "main", SQLITE_FCNTL_FILE_POINTER, &main);
  sqlite3_file_control(database, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
  return says_full(main) || says_full(log);
}

Code code_of(sqlite3* database) {
  const int extended = sqlite3_extended_errcode(database);
  if (is_full(database, extended)) return Code::StorageFull;
  switch (extended & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return Code::Locked;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return Code::Corrupt;
    default:
      return Code::StorageFault;
  }
}

int deny_at_run_time(void*, int action, const char*, const char*, const char*, const char*) {
  return action == SQLITE_ATTACH || action == SQLITE_DETACH || action == SQLITE_PRAGMA ? SQLITE_DENY
                                                                                       : SQLITE_OK;
}

int note_wal(void* bytes, sqlite3*, const char*, int pages) {
  // Every frame is a page of 4096 bytes behind a header of 24.
  *static_cast<std::uint64_t*>(bytes) = static_cast<std::uint64_t>(pages) * (4096 + 24);
  return SQLITE_OK;
}

void set_limits(sqlite3* database) {
  sqlite3_limit(database, SQLITE_LIMIT_LENGTH, kValueBytesMax);
  sqlite3_limit(database, SQLITE_LIMIT_SQL_LENGTH, kSqlBytesMax);
  sqlite3_limit(database, SQLITE_LIMIT_ATTACHED, 0);
  sqlite3_limit(database, SQLITE_LIMIT_COLUMN, 32);
  sqlite3_limit(database, SQLITE_LIMIT_EXPR_DEPTH, 50);
  sqlite3_limit(database, SQLITE_LIMIT_COMPOUND_SELECT, 8);
  sqlite3_limit(database, SQLITE_LIMIT_VARIABLE_NUMBER, 32);
  sqlite3_limit(database, SQLITE_LIMIT_TRIGGER_DEPTH, 4);
  sqlite3_limit(database, SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 64);
  sqlite3_limit(database, SQLITE_LIMIT_WORKER_THREADS, 0);
}

void set_defences(sqlite3* database) {
  sqlite3_extended_result_codes(database, 1);
  sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
  sqlite3_db_config(database, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  sqlite3_db_config(database, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
  sqlite3_busy_timeout(database, kBusyMillis);
}

// In a URI only these three mean something else than themselves.
std::string uri_of(const std::string& path, std::string_view parameter) {
  std::string escaped;
  for (const char c : path) {
    if (c == '%')
      escaped += "%25";
    else if (c == '?')
      escaped += "%3f";
    else if (c == '#')
      escaped += "%23";
    else
      escaped += c;
  }
  return "file:" + escaped + "?" + std::string(parameter);
}

std::function<void(std::string_view)>& listener() {
  static std::function<void(std::string_view)> heard;
  return heard;
}

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const noexcept {
  sqlite3_finalize(statement);
}

void Statement::note(int code) {
  if (code != SQLITE_OK && bind_code_ == SQLITE_OK) bind_code_ = code;
}

Statement& Statement::bind(int parameter, std::int64_t value) {
  note(sqlite3_bind_int64(statement_.get(), parameter, value));
  return *this;
}

Statement& Statement::bind_text(int parameter, std::string_view value) {
  const char* bytes = value.data() != nullptr ? value.data() : "";
  note(sqlite3_bind_text64(statement_.get(), parameter, bytes, value.size(), SQLITE_STATIC,
                           SQLITE_UTF8));
  return *this;
}

Statement& Statement::bind_bytes(int parameter, std::string_view value) {
  const char* bytes = value.data() != nullptr ? value.data() : "";
  note(sqlite3_bind_blob64(statement_.get(), parameter, bytes, value.size(), SQLITE_STATIC));
  return *this;
}

Statement& Statement::bind_digest(int parameter, const Sha256& value) {
  note(sqlite3_bind_blob64(statement_.get(), parameter, value.data(), value.size(), SQLITE_STATIC));
  return *this;
}

Result<bool> Statement::step() {
  if (bind_code_ != SQLITE_OK) {
    return refuse(Code::StorageFault,
                  std::string("A value cannot be bound: ") + sqlite3_errstr(bind_code_));
  }
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) {
    reset();
    return false;
  }
  sqlite3* database = sqlite3_db_handle(statement_.get());
  const Code ours = code_of(database);
  std::string message = std::string("The store file: ") + sqlite3_errmsg(database) + " (" +
                        std::to_string(sqlite3_extended_errcode(database)) + ")";
  reset();
  return refuse(ours, std::move(message));
}

Result<void> Statement::run() {
  auto stepped = step();
  if (!stepped) return pass_on(stepped);
  reset();
  return {};
}

void Statement::reset() {
  sqlite3_reset(statement_.get());
  bind_code_ = SQLITE_OK;
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::string_view Statement::text(int column) const {
  const void* bytes = sqlite3_column_blob(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  if (bytes == nullptr || size <= 0) return {};
  return {static_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

Sha256 Statement::digest(int column) const {
  Sha256 value{};
  const std::string_view bytes = text(column);
  if (bytes.size() == value.size()) std::memcpy(value.data(), bytes.data(), value.size());
  return value;
}

void Connection::Close::operator()(sqlite3* database) const noexcept { sqlite3_close_v2(database); }

Result<Connection> Connection::open(const std::filesystem::path& file, Mode mode) {
  int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_PRIVATECACHE;
  std::string name = file.string();
  const char* vfs = nullptr;  // the default
  switch (mode) {
    case Mode::ReadWrite:
      vfs = gathering_vfs();
      flags |= SQLITE_OPEN_READWRITE;
      break;
    case Mode::ReadOnly:
      flags |= SQLITE_OPEN_READONLY;
      break;
    case Mode::Careful:
      vfs = gathering_vfs();
      flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_URI;
      name = uri_of(name, "psow=0");
      break;
    case Mode::Immutable:
      flags |= SQLITE_OPEN_READONLY | SQLITE_OPEN_URI;
      name = uri_of(name, "immutable=1");
      break;
    case Mode::Memory:
      flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY;
      name = ":memory:";
      break;
  }
  Connection connection;
  sqlite3* database = nullptr;
  const int code = sqlite3_open_v2(name.c_str(), &database, flags, vfs);
  connection.database_.reset(database);
  if (code != SQLITE_OK) {
    return refuse(database != nullptr ? code_of(database) : Code::StorageFault,
                  file.string() + " cannot be opened: " + sqlite3_errstr(code));
  }
  set_defences(database);
  set_limits(database);
  sqlite3_wal_autocheckpoint(database, 0);
  sqlite3_wal_hook(database, note_wal, connection.wal_bytes_.get());
  return connection;
}

Result<void> Connection::execute(const char* script) {
  if (sqlite3_exec(database_.get(), script, nullptr, nullptr, nullptr) != SQLITE_OK) {
    return failure("The store file");
  }
  return {};
}

Result<void> Connection::run_kept(Statement& kept, std::string_view text) {
  if (kept.statement_ == nullptr) {
    auto prepared = prepare(text);
    if (!prepared) return pass_on(prepared);
    kept = std::move(*prepared);
  }
  return kept.run();
}

Result<Statement> Connection::prepare(std::string_view text) {
  sqlite3_stmt* raw = nullptr;
  const int code = sqlite3_prepare_v3(database_.get(), text.data(), static_cast<int>(text.size()),
                                      SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
  Statement statement;
  statement.statement_.reset(raw);
  if (code != SQLITE_OK) return failure("The store file");
  return statement;
}

Result<std::int64_t> Connection::integer(std::string_view text) {
  auto statement = prepare(text);
  if (!statement) return pass_on(statement);
  auto row = statement->step();
  if (!row) return pass_on(row);
  if (!*row) return refuse(Code::StorageFault, "The store file gave no value");
  return statement->integer(0);
}

Result<std::string> Connection::text(std::string_view text) {
  auto statement = prepare(text);
  if (!statement) return pass_on(statement);
  auto row = statement->step();
  if (!row) return pass_on(row);
  if (!*row) return refuse(Code::StorageFault, "The store file gave no value");
  return std::string(statement->text(0));
}

void Connection::lock_down() { sqlite3_set_authorizer(database_.get(), deny_at_run_time, nullptr); }

void Connection::keep_wal() {
  int persist = 1;
  sqlite3_file_control(database_.get(), "main", SQLITE_FCNTL_PERSIST_WAL, &persist);
  sqlite3_db_config(database_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

void Connection::grow_by(int bytes) {
  sqlite3_file_control(database_.get(), "main", SQLITE_FCNTL_CHUNK_SIZE, &bytes);
}

Result<void> Connection::checkpoint(bool truncate) {
  const int code = sqlite3_wal_checkpoint_v2(
      database_.get(), "main", truncate ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE,
      nullptr, nullptr);
  if (code != SQLITE_OK) return failure("The checkpoint");
  *wal_bytes_ = 0;
  return {};
}

bool Connection::has_moved() const {
  int moved = 0;
  sqlite3_file_control(database_.get(), "main", SQLITE_FCNTL_HAS_MOVED, &moved);
  return moved != 0;
}

bool Connection::in_transaction() const { return sqlite3_get_autocommit(database_.get()) == 0; }

bool Connection::broke_a_rule() const {
  return (sqlite3_errcode(database_.get()) & 0xff) == SQLITE_CONSTRAINT;
}

std::int64_t Connection::changes() const { return sqlite3_changes64(database_.get()); }

Refused Connection::failure(std::string_view doing) const {
  sqlite3* database = database_.get();
  return refuse(code_of(database), std::string(doing) + ": " + sqlite3_errmsg(database) + " (" +
                                       std::to_string(sqlite3_extended_errcode(database)) + ")");
}

void Copy::Finish::operator()(sqlite3_backup* copy) const noexcept { sqlite3_backup_finish(copy); }

Result<Copy> Copy::begin(Connection& from, Connection& to) {
  Copy copy(to);
  copy.copy_.reset(sqlite3_backup_init(to.database_.get(), "main", from.database_.get(), "main"));
  if (copy.copy_ == nullptr) return to.failure("The copy");
  return copy;
}

Result<bool> Copy::step(int pages) {
  const int code = sqlite3_backup_step(copy_.get(), pages);
  if (code == SQLITE_OK) return false;
  const int finished = sqlite3_backup_finish(copy_.release());
  if (code == SQLITE_DONE && finished == SQLITE_OK) return true;
  return to_->failure("The copy");
}

Result<Transaction> Transaction::begin(Connection& connection) {
  auto begun = connection.run_kept(connection.begin_, "BEGIN IMMEDIATE");
  if (!begun) return pass_on(begun);
  return Transaction(connection);
}

Transaction::~Transaction() {
  // SQLite has rolled back by itself after some errors; then there is nothing left to undo.
  if (connection_ == nullptr || !connection_->in_transaction()) return;
  auto undone = connection_->execute("ROLLBACK");
  static_cast<void>(undone);
}

Result<void> Transaction::commit() {
  sqlite3* const database = connection_->database_.get();
  if (connection_->is_late_) put_off_sync(database, true);
  auto committed = connection_->run_kept(connection_->commit_, "COMMIT");
  if (connection_->is_late_) put_off_sync(database, false);
  if (!committed) return committed;
  if (connection_->is_late_) ++connection_->late_commits_;
  connection_ = nullptr;
  return {};
}

LateSync::~LateSync() {
  if (file_ >= 0) ::close(file_);
}

Result<void> LateSync::sync() {
  if (::fdatasync(file_) == 0) return {};
  const int number = errno;
  const bool is_full = number == ENOSPC || number == EDQUOT;
  return refuse(is_full ? Code::StorageFull : Code::StorageFault,
                std::string("The -wal cannot be synced: ") + std::strerror(number));
}

// The folder's entry of a new -wal is synced here, once: SQLite would do it with its first sync.
Result<LateSync> Connection::sync_later() {
  const char* const main = sqlite3_db_filename(database_.get(), "main");
  const std::filesystem::path log = std::string(main != nullptr ? main : "") + "-wal";
  const int folder = ::open(log.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool is_there = folder >= 0 && ::fsync(folder) == 0;
  if (folder >= 0) ::close(folder);
  const int file = is_there ? ::open(log.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW) : -1;
  if (file < 0) {
    return refuse(Code::StorageFault, log.string() + ": " + std::strerror(errno));
  }
  is_late_ = true;
  return LateSync(file);
}

void set_up_library(std::function<void(std::string_view)> heard) {
  listener() = std::move(heard);
  auto hear = [](void*, int code, const char* text) {
    if (listener()) listener()("sqlite " + std::to_string(code) + ": " + text);
  };
  sqlite3_config(SQLITE_CONFIG_LOG, static_cast<void (*)(void*, int, const char*)>(hear), nullptr);
  // Its count of bytes would cost every allocation of every thread one lock, and nobody reads it.
  sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

}  // namespace larder::sql
