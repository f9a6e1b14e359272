#include "relay/shards/shard_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "relay/shards/migrations.hpp"

namespace larder::relay {
namespace {

constexpr std::int64_t kQuickCheckPagesMax = 8'192;  // 32 MB
constexpr int kGrowBytes = 4 * 1024 * 1024;
constexpr const char* kMake =
    "PRAGMA page_size=4096; PRAGMA encoding='UTF-8'; PRAGMA auto_vacuum=INCREMENTAL;"
    "PRAGMA locking_mode=EXCLUSIVE; PRAGMA synchronous=EXTRA;";
constexpr const char* kSetUp =
    "PRAGMA locking_mode=EXCLUSIVE; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=0;"
    "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA recursive_triggers=ON;"
    "PRAGMA synchronous=FULL; PRAGMA cache_size=-131072; PRAGMA journal_size_limit=-1;"
    "PRAGMA journal_mode=WAL;";

Refused failure(const std::string& doing, const std::filesystem::path& file) {
  const int number = errno;
  const bool full = number == ENOSPC || number == EDQUOT || number == EFBIG;
  return refuse(full ? Code::StorageFull : Code::StorageFault,
                doing + " " + file.string() + ": " + std::strerror(number));
}

class Descriptor {
 public:
  Descriptor(const std::filesystem::path& file, int flags) : number_(open_at(file, flags)) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  static int open_at(const std::filesystem::path& file, int flags) {
    return ::open(file.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, 0600);
  }
  int number_;
};

Result<void> sync(const std::filesystem::path& path, int flags) {
  const Descriptor file(path, flags);
  if (file.number() < 0 || ::fsync(file.number()) != 0) return failure("Cannot sync", path);
  return {};
}

Result<void> fill_new(const std::filesystem::path& file) {
  {
    const Descriptor made(file, O_WRONLY | O_CREAT | O_EXCL);
    if (made.number() < 0) return failure("Cannot create", file);
  }
  auto connection = sql::Connection::open(file, sql::Connection::Mode::ReadWrite);
  if (!connection) return pass_on(connection);
  auto set = connection->execute(kMake);
  return set ? sql::migrate(*connection, relay_migrations()) : set;
}

Result<void> create(const std::filesystem::path& file) {
  const std::filesystem::path unfinished = file.string() + ".new";
  ::unlink(unfinished.c_str());
  auto made = fill_new(unfinished);
  if (made) made = sync(unfinished, O_RDONLY);
  if (made && ::rename(unfinished.c_str(), file.c_str()) != 0)
    made = failure("Cannot rename", file);
  if (made) made = sync(file.parent_path(), O_RDONLY | O_DIRECTORY);
  if (!made) ::unlink(unfinished.c_str());
  return made;
}

Result<void> check_one_name(const std::filesystem::path& file) {
  struct stat found {};
  if (::lstat(file.c_str(), &found) != 0) return failure("Cannot look at", file);
  if (S_ISREG(found.st_mode) && found.st_nlink == 1 && found.st_size > 0) return {};
  return refuse(Code::Corrupt, file.string() +
                                   " is a link, is empty or has two names: put the file itself "
                                   "there, or a backup");
}

Result<void> check_schema(sql::Connection& connection, const std::filesystem::path& file) {
  auto expected = sql::expected_fingerprint(relay_migrations());
  if (!expected) return pass_on(expected);
  auto found = sql::schema_fingerprint(connection);
  if (!found) return pass_on(found);
  if (*expected == *found) return {};
  return refuse(Code::Corrupt, file.string() +
                                   " has tables that Larder did not make, or lacks some: restore "
                                   "a backup");
}

Result<void> check_pages(sql::Connection& connection, const std::filesystem::path& file) {
  auto pages = connection.integer("PRAGMA page_count");
  if (!pages) return pass_on(pages);
  if (*pages > kQuickCheckPagesMax) return {};
  auto verdict = connection.text("PRAGMA quick_check(1)");
  if (!verdict) return pass_on(verdict);
  if (*verdict == "ok") return {};
  return refuse(Code::Corrupt, file.string() + " is damaged: " + *verdict);
}

// Numbers that an older file lacks are run on it; a copy of how it was stays beside it.
Result<void> upgrade(sql::Connection& connection, const std::filesystem::path& file) {
  auto schema = sql::schema_number(connection);
  if (!schema) return pass_on(schema);
  if (*schema == relay_migrations().back().number) return {};
  if (*schema > 0 && *schema < relay_migrations().back().number) {
    const std::filesystem::path copy =
        file.string() + ".before-" + std::to_string(relay_migrations().back().number);
    ::unlink(copy.c_str());
    { const Descriptor made(copy, O_WRONLY | O_CREAT | O_EXCL); }
    auto to = sql::Connection::open(copy, sql::Connection::Mode::ReadWrite);
    if (!to) return pass_on(to);
    auto copy_of_it = sql::Copy::begin(connection, *to);
    if (!copy_of_it) return pass_on(copy_of_it);
    auto is_whole = copy_of_it->step(-1);
    if (!is_whole) return pass_on(is_whole);
    auto copied = sync(copy, O_RDONLY);
    if (!copied) return copied;
  }
  return sql::migrate(connection, relay_migrations());
}

Result<void> assert_pragmas(sql::Connection& connection) {
  struct Pragma {
    const char* ask;
    const char* expected;
  };
  static constexpr std::array<Pragma, 8> kPragmas = {{{"PRAGMA locking_mode", "exclusive"},
                                                      {"PRAGMA journal_mode", "wal"},
                                                      {"PRAGMA synchronous", "2"},
                                                      {"PRAGMA wal_autocheckpoint", "0"},
                                                      {"PRAGMA temp_store", "2"},
                                                      {"PRAGMA mmap_size", "0"},
                                                      {"PRAGMA page_size", "4096"},
                                                      {"PRAGMA encoding", "UTF-8"}}};
  for (const Pragma& pragma : kPragmas) {
    auto found = connection.text(pragma.ask);
    if (!found) return pass_on(found);
    if (*found != pragma.expected) {
      return refuse(Code::StorageFault, std::string(pragma.ask) + " is " + *found + ", not " +
                                            pragma.expected + ": this SQLite cannot keep a shard");
    }
  }
  return {};
}

}  // namespace

std::string shard_file_name(std::size_t database) {
  return "jiaoyi_product_" + std::to_string(database) + ".db";
}

Result<sql::Connection> open_shard(const std::filesystem::path& directory, std::size_t database) {
  const std::filesystem::path file = directory / shard_file_name(database);
  std::error_code failed;
  if (!std::filesystem::exists(file, failed)) {
    if (std::filesystem::exists(file.string() + "-wal", failed)) {
      return refuse(Code::Corrupt,
                    file.string() + "-wal is here without its database: put it back");
    }
    auto made = create(file);
    if (!made) return pass_on(made);
  }
  auto ready = check_one_name(file);
  if (!ready) return pass_on(ready);
  auto connection = sql::Connection::open(file, sql::Connection::Mode::ReadWrite);
  if (!connection) return pass_on(connection);
  connection->keep_wal();
  ready = connection->execute(kSetUp);
  if (ready) ready = upgrade(*connection, file);
  if (ready) ready = check_schema(*connection, file);
  if (ready) ready = check_pages(*connection, file);
  if (ready) ready = assert_pragmas(*connection);
  if (!ready) return pass_on(ready);
  connection->grow_by(kGrowBytes);
  connection->lock_down();
  return connection;
}

Result<std::vector<ShardPlace>> read_map(sql::Connection& connection) {
  auto rows =
      connection.prepare("SELECT bucket, database_no, table_no FROM bucket_map ORDER BY bucket");
  if (!rows) return pass_on(rows);
  std::vector<ShardPlace> places;
  for (;;) {
    auto row = rows->step();
    if (!row) return pass_on(row);
    if (!*row) break;
    places.push_back(ShardPlace{static_cast<std::size_t>(rows->integer(1)),
                                static_cast<unsigned>(rows->integer(2))});
  }
  if (places.empty() || places.size() == kBuckets) return places;
  return refuse(Code::Corrupt, "The map of the buckets has " + std::to_string(places.size()) +
                                   " rows, not " + std::to_string(kBuckets));
}

Result<void> write_map(sql::Connection& connection, const BucketMap& map) {
  auto transaction = sql::Transaction::begin(connection);
  if (!transaction) return pass_on(transaction);
  auto put = connection.prepare("INSERT OR REPLACE INTO bucket_map VALUES (?1, ?2, ?3)");
  if (!put) return pass_on(put);
  for (unsigned bucket = 0; bucket < kBuckets; ++bucket) {
    const ShardPlace place = map.place(bucket);
    put->bind(1, bucket).bind(2, static_cast<std::int64_t>(place.database)).bind(3, place.table);
    auto written = put->run();
    if (!written) return written;
  }
  return transaction->commit();
}

}  // namespace larder::relay
