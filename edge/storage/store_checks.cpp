// check_file and open_store: what must be true before a byte of a store file is trusted.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "edge/storage/backup_file.hpp"
#include "edge/storage/disk.hpp"
#include "edge/storage/main_file.hpp"
#include "edge/storage/store_file.hpp"
#include "edge/storage/wal_header.hpp"

namespace larder::edge {
namespace {

constexpr std::size_t kHeaderBytes = 100;
constexpr std::int64_t kQuickCheckPagesMax = 8'192;  // 32 MB: less than a person notices
constexpr int kGrowBytes = 1024 * 1024;
constexpr const char* kSetUp =
    "PRAGMA locking_mode=EXCLUSIVE; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=0;"
    "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA recursive_triggers=ON;"
    "PRAGMA synchronous=FULL; PRAGMA cache_size=-8192; PRAGMA secure_delete=FAST;"
    "PRAGMA journal_size_limit=-1;";

Refused corrupt(const std::filesystem::path& file, const std::string& why) {
  return refuse(Code::Corrupt, file.string() + " " + why);
}

std::uint32_t big_endian(const std::array<unsigned char, kHeaderBytes>& bytes, std::size_t at) {
  return (std::uint32_t{bytes[at]} << 24U) | (std::uint32_t{bytes[at + 1]} << 16U) |
         (std::uint32_t{bytes[at + 2]} << 8U) | std::uint32_t{bytes[at + 3]};
}

Result<void> check_is_one_file(const std::filesystem::path& file, const struct stat& found) {
  if (!S_ISREG(found.st_mode)) return corrupt(file, "is not a regular file");
  if (found.st_nlink != 1) {
    return corrupt(file, "has " + std::to_string(found.st_nlink) +
                             " names: two programs could write it under different locks; remove "
                             "the other links");
  }
  return {};
}

Result<void> check_pages(sql::Connection& connection, const std::filesystem::path& file) {
  auto pages = connection.integer("PRAGMA page_count");
  if (!pages) return pass_on(pages);
  struct stat found {};
  if (::stat(file.c_str(), &found) != 0) return system_failure("Cannot look at", file, errno);
  auto wal = read_wal_header(file);
  if (!wal) return pass_on(wal);
  const auto in_wal = static_cast<std::int64_t>(wal->file_bytes / (4096 + 24));
  if (*pages - found.st_size / 4096 > in_wal) {
    return corrupt(file, "has been cut short: restore a backup");
  }
  return {};
}

// Names first: a file of another store is refused by its name, not by a detail of its pages.
Result<void> check_names(sql::Connection& connection, const std::filesystem::path& file,
                         const StoreId& store, const std::optional<MainFile>& main) {
  auto is_backup = meta_number(connection, meta::kBackup);
  if (!is_backup) return pass_on(is_backup);
  if (*is_backup == 1) {
    return corrupt(file, "is a backup copied by hand: use the restore command");
  }
  auto names = read_names(connection);
  if (!names) return pass_on(names);
  if (names->hub.text() + std::string(kStoreSuffix) != file.filename().string()) {
    return corrupt(file, "holds hub " + names->hub.text() + ", which its name does not say");
  }
  if (names->store != store) {
    return refuse(Code::WrongStore, file.string() + " belongs to store " + names->store.text() +
                                        ", this hub is configured for " + store.text());
  }
  if (!main) return {};
  auto head = read_head(connection);
  if (!head) return pass_on(head);
  const Place known = main->head.value_or(Place{});
  if (main->hub != names->hub || head->seq < known.seq || head->epoch < known.epoch) {
    return corrupt(wal_of(file),
                   "is older than the store file or belongs to another: restore a "
                   "backup");
  }
  return {};
}

int newest_of(std::span<const Migration> migrations) {
  return migrations.empty() ? 0 : migrations.back().number;
}

// A small file is checked whole, after a clean stop too: a disk that says "synced" and has not may
// lose what was written before it. Of a large one recover() looks at the newest rows, because a
// shop that opens cannot wait for a scan.
Result<void> check_small_file(sql::Connection& connection, const std::filesystem::path& file) {
  auto pages = connection.integer("PRAGMA page_count");
  if (!pages) return pass_on(pages);
  if (*pages > kQuickCheckPagesMax) return {};
  auto verdict = connection.text("PRAGMA quick_check(1)");
  if (!verdict) return pass_on(verdict);
  return *verdict == "ok" ? Result<void>() : corrupt(file, "is damaged: " + *verdict);
}

struct Pragma {
  const char* ask;
  const char* expected;
};

Result<void> assert_pragmas(sql::Connection& connection) {
  static constexpr std::array<Pragma, 12> kPragmas = {{{"PRAGMA locking_mode", "exclusive"},
                                                       {"PRAGMA journal_mode", "wal"},
                                                       {"PRAGMA synchronous", "2"},
                                                       {"PRAGMA wal_autocheckpoint", "0"},
                                                       {"PRAGMA temp_store", "2"},
                                                       {"PRAGMA mmap_size", "0"},
                                                       {"PRAGMA trusted_schema", "0"},
                                                       {"PRAGMA recursive_triggers", "1"},
                                                       {"PRAGMA cell_size_check", "1"},
                                                       {"PRAGMA page_size", "4096"},
                                                       {"PRAGMA auto_vacuum", "2"},
                                                       {"PRAGMA encoding", "UTF-8"}}};
  for (const Pragma& pragma : kPragmas) {
    auto found = connection.text(pragma.ask);
    if (!found) return pass_on(found);
    if (*found != pragma.expected) {
      return refuse(Code::StorageFault, std::string(pragma.ask) + " is " + *found + ", not " +
                                            pragma.expected + ": this SQLite cannot keep a store");
    }
  }
  return {};
}

Result<void> upgrade(sql::Connection& connection, const std::filesystem::path& file,
                     std::span<const Migration> migrations) {
  auto schema = schema_number(connection);
  if (!schema) return pass_on(schema);
  if (*schema >= newest_of(migrations)) return {};
  auto kept = keep_before_upgrade(connection, file.parent_path() / "backups", *schema);
  if (!kept) return kept;
  auto migrated = migrate(connection, migrations);
  // The schema's number must stand in the file, not in its -wal: the package of an earlier Larder
  // looks there while the hub runs. The -wal stays: after an unclean stop the file still says which
  // one is its own, until recover() says it anew.
  return migrated ? connection.checkpoint(false) : migrated;
}

}  // namespace

Result<void> check_schema(sql::Connection& connection, const std::filesystem::path& file,
                          std::span<const Migration> migrations) {
  auto schema = schema_number(connection);
  if (!schema) return pass_on(schema);
  if (*schema > newest_of(migrations)) return migrate(connection, migrations);  // NewerSchema
  const auto known = std::count_if(migrations.begin(), migrations.end(),
                                   [&](const auto& step) { return step.number <= *schema; });
  auto expected = expected_fingerprint(migrations.first(static_cast<std::size_t>(known)));
  if (!expected) return pass_on(expected);
  auto found = schema_fingerprint(connection);
  if (!found) return pass_on(found);
  if (*expected == *found) return {};
  return corrupt(file, "has tables or triggers that Larder did not make: restore a backup");
}

Result<void> check_file(const std::filesystem::path& file, std::int64_t schema_max) {
  const Descriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!opened.is_open()) {
    if (errno == ELOOP) return corrupt(file, "is a link: put the file itself there");
    return system_failure("Cannot read", file, errno);
  }
  struct stat found {};
  if (::fstat(opened.number(), &found) != 0) return system_failure("Cannot look at", file, errno);
  auto single = check_is_one_file(file, found);
  if (!single) return single;
  if (found.st_size == 0) return corrupt(file, "is empty: restore a backup");
  std::array<unsigned char, kHeaderBytes> header{};
  const ssize_t size = ::pread(opened.number(), header.data(), header.size(), 0);
  if (size < 0) return system_failure("Cannot read", file, errno);
  if (static_cast<std::size_t>(size) < header.size()) {
    return corrupt(file, "has been cut short: restore a backup");
  }
  if (std::memcmp(header.data(), "SQLite format 3", 16) != 0) {
    return corrupt(file, "is not a database, or is encrypted: restore a backup");
  }
  if (big_endian(header, 68) != kApplicationId) {
    return corrupt(file, "belongs to another application: it is left as it is");
  }
  if (big_endian(header, 60) > schema_max) {
    return refuse(Code::NewerSchema, file.string() +
                                         " was written by a later Larder: start that "
                                         "version, or restore an earlier backup");
  }
  return {};
}

Result<sql::Connection> open_store(const std::filesystem::path& file, const StoreId& store,
                                   std::span<const Migration> migrations) {
  auto looked = check_file(file, newest_of(migrations));
  if (!looked) return pass_on(looked);
  auto main = read_main_file(file);
  looked = check_wal(file, main);
  if (!looked) return pass_on(looked);

  auto connection = sql::Connection::open(file, sql::Connection::Mode::Careful);
  if (!connection) return pass_on(connection);
  connection->keep_wal();
  auto ready = connection->execute(kSetUp);
  if (ready) ready = check_pages(*connection, file);
  if (ready) ready = believe(main, *connection, file);
  if (ready) ready = check_names(*connection, file, store, main);
  if (ready) ready = check_schema(*connection, file, migrations);
  if (ready) ready = check_small_file(*connection, file);
  // Up to here nothing was written.
  if (ready) ready = connection->execute("PRAGMA journal_mode=WAL");
  if (ready) ready = upgrade(*connection, file, migrations);
  if (ready) ready = assert_pragmas(*connection);
  if (!ready) return pass_on(ready);
  connection->grow_by(kGrowBytes);
  connection->lock_down();
  return connection;
}

Result<OpenedToRead> open_to_read(const std::filesystem::path& file) {
  auto looked = check_file(file, newest_of(edge_migrations()));
  if (!looked) return pass_on(looked);
  auto main = read_main_file(file);
  // A backup is finished: nothing beside it belongs to it, and its folder may be read-only.
  const bool is_backup = main && main->is_backup;
  using Mode = sql::Connection::Mode;
  auto connection = sql::Connection::open(file, is_backup ? Mode::ReadOnly : Mode::ReadWrite);
  if (!connection) return pass_on(connection);
  connection->keep_wal();
  auto ready = connection->execute(
      "PRAGMA locking_mode=EXCLUSIVE; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=0;"
      "PRAGMA cell_size_check=ON; PRAGMA trusted_schema=OFF; PRAGMA query_only=ON;");
  if (!ready) return pass_on(ready);
  OpenedToRead opened{std::move(*connection), is_backup, std::nullopt};
  looked = check_wal(file, main);
  if (looked) looked = check_pages(opened.connection, file);
  if (looked) looked = believe(main, opened.connection, file);
  if (!looked) opened.doubt = looked.error().message();
  return opened;
}

}  // namespace larder::edge
