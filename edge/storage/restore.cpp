#include "edge/storage/restore.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "edge/storage/disk.hpp"
#include "edge/storage/main_file.hpp"
#include "edge/storage/standing_orders.hpp"
#include "edge/storage/verify.hpp"

namespace larder::edge {
namespace {

// Files of the old store; empty when the directory has none.
Result<std::vector<std::filesystem::path>> old_files(const std::filesystem::path& directory) {
  std::vector<std::filesystem::path> files;
  std::error_code failed;
  for (const auto& entry : std::filesystem::directory_iterator(directory, failed)) {
    const std::string name = entry.path().filename().string();
    const std::string store(kStoreSuffix);
    if (name.ends_with(store) || name.ends_with(store + "-wal") ||
        name.ends_with(store + "-journal")) {
      files.push_back(entry.path());
    }
  }
  if (failed) {
    return refuse(Code::StorageFault,
                  "Cannot list " + directory.string() + ": " + failed.message());
  }
  // The store before its -wal: one without the other is refused at start, and a -wal alone says
  // more plainly what has happened.
  std::sort(files.begin(), files.end());
  return files;
}

// The highest epoch that this machine has used, as far as the old store can still say.
Epoch epoch_used(const std::vector<std::filesystem::path>& files) {
  Epoch used = 0;
  for (const auto& file : files) {
    if (file.extension() != kStoreSuffix) continue;
    auto opened = open_to_read(file);
    if (!opened) continue;
    if (auto head = read_head(opened->connection); head) used = std::max(used, head->epoch);
    if (auto floor = meta_number(opened->connection, meta::kEpochFloor); floor) {
      used = std::max(used, static_cast<Epoch>(*floor));
    }
  }
  return used;
}

Result<std::filesystem::path> move_aside(const std::filesystem::path& directory,
                                         const std::vector<std::filesystem::path>& files) {
  for (int number = 1;; ++number) {
    const auto folder = directory / ("replaced-" + std::to_string(number));
    if (::mkdir(folder.c_str(), 0700) != 0) {
      if (errno == EEXIST) continue;
      return system_failure("Cannot create", folder, errno);
    }
    for (const auto& file : files) {
      auto moved = rename_durably(file, folder / file.filename());
      if (!moved) return pass_on(moved);
    }
    auto synced = sync_directory(directory);
    if (!synced) return pass_on(synced);
    return folder;
  }
}

Result<void> mark_restored(const std::filesystem::path& file, Epoch floor) {
  auto connection = sql::Connection::open(file, sql::Connection::Mode::ReadWrite);
  if (!connection) return pass_on(connection);
  auto marked = connection->execute("PRAGMA locking_mode=EXCLUSIVE; PRAGMA synchronous=EXTRA;");
  if (!marked) return marked;
  auto transaction = sql::Transaction::begin(*connection);
  if (!transaction) return pass_on(transaction);
  marked = set_meta(*connection, meta::kBackup, "0");
  if (marked) marked = set_meta(*connection, meta::kRestored, "1");
  if (marked) marked = seal_marks(*connection);
  if (marked) marked = set_meta(*connection, meta::kEpochFloor, std::to_string(floor));
  if (!marked) return marked;
  return transaction->commit();
}

// What will be used is what is checked: the copy, not the medium it came from.
Result<StoreReport> check_copy(const std::filesystem::path& copy, const RestoreOrder& order) {
  auto report = verify_unlocked(copy);
  if (!report) return report;
  if (!report->is_backup) {
    return refuse(Code::Corrupt,
                  order.backup.string() +
                      " is not a backup: a store file copied by hand may lack its newest orders");
  }
  if (!report->is_good()) {
    return refuse(Code::Corrupt, order.backup.string() + ": " + describe(*report));
  }
  if (!order.store.empty() && report->names.store != order.store) {
    return refuse(Code::WrongStore, order.backup.string() + " is of store " +
                                        report->names.store.text() + ", not of " +
                                        order.store.text());
  }
  return report;
}

Result<Restored> put_in_place(const std::filesystem::path& copy, const StoreReport& report,
                              const std::filesystem::path& directory) {
  auto files = old_files(directory);
  if (!files) return pass_on(files);
  const Epoch floor = std::max(report.head.epoch, epoch_used(*files));
  auto done = mark_restored(copy, floor);
  if (done) done = sync_file(copy);
  if (!done) return pass_on(done);
  Restored restored;
  restored.names = report.names;
  restored.head = report.head;
  restored.file = directory / (report.names.hub.text() + std::string(kStoreSuffix));
  if (!files->empty()) {
    auto folder = move_aside(directory, *files);
    if (!folder) return pass_on(folder);
    restored.moved_aside = std::move(*folder);
  }
  done = rename_durably(copy, restored.file);
  if (!done) return pass_on(done);
  return restored;
}

}  // namespace

Result<Restored> restore_backup(const RestoreOrder& order) {
  auto looked = check_file(order.backup, edge_migrations().back().number);
  if (!looked) return pass_on(looked);
  auto directory = DataDirectory::open(order.directory, order.rule);
  if (!directory) return pass_on(directory);
  auto files = old_files(directory->path());
  if (!files) return pass_on(files);
  if (!files->empty() && !order.replace) {
    return refuse(Code::BadState, directory->path().string() +
                                      " holds a store already: say that it is to be replaced");
  }
  // find_store() knows this name: should the restore be broken off once the old store is moved, no
  // hub starts with an empty one.
  const auto copy = directory->path() / ("store" + std::string(kRestoreSuffix));
  ::unlink(copy.c_str());
  auto copied = copy_durably(order.backup, copy);
  if (!copied) {
    ::unlink(copy.c_str());
    return pass_on(copied);
  }
  auto report = check_copy(copy, order);
  if (!report) {
    ::unlink(copy.c_str());
    return pass_on(report);
  }
  auto restored = put_in_place(copy, *report, directory->path());
  if (!restored || order.accept.empty()) return restored;
  if (auto left = leave_acceptance(directory->path(), order.accept); !left) return pass_on(left);
  return restored;
}

Result<std::optional<std::filesystem::path>> set_store_aside(const std::filesystem::path& path,
                                                             FileSystemRule rule) {
  auto directory = DataDirectory::open(path, rule);
  if (!directory) return pass_on(directory);
  auto files = old_files(directory->path());
  if (!files) return pass_on(files);
  if (files->empty()) return std::optional<std::filesystem::path>();
  auto folder = move_aside(directory->path(), *files);
  if (!folder) return pass_on(folder);
  return std::optional(std::move(*folder));
}

}  // namespace larder::edge
