// Backups: copies of a store file made from the connection that writes it, under a name that
// appears only when the copy is whole, checked and on disk.
#pragma once

#include <cstdint>
#include <filesystem>
#include <future>
#include <memory>
#include <optional>
#include <string>

#include "edge/storage/store_file.hpp"
#include "platform/sqlite/sqlite.hpp"

namespace larder::edge {

inline constexpr std::size_t kUpgradeBackupsKept = 3;

// Letters, digits, '.', '_' and '-'; 1 to 64; not beginning with a dot.
bool is_backup_name(const std::string& name);

struct FinishedBackup {
  std::filesystem::path file;
  Place head;  // where the journal stood when the last page was copied
};

// RunningBackup: one backup on its way, copied some pages at a time between the groups of the
// connection that writes; the whole copy is then marked as a backup, checked and synced on a thread
// of its own and gets its name, `<folder>/<name>-<seq>.larder` (or `...-2.larder` when that is
// taken). Life: ends before the source does; unless it finished, it leaves nothing behind. Thread:
// the source's. Limits: one step is 1 MB, and at most 16 MB of it wait for the disk.
class RunningBackup {
 public:
  static Result<std::unique_ptr<RunningBackup>> begin(sql::Connection& source,
                                                      const std::filesystem::path& folder,
                                                      const std::string& name);
  ~RunningBackup();
  RunningBackup(const RunningBackup&) = delete;
  RunningBackup& operator=(const RunningBackup&) = delete;

  // Not yet being checked: to end it now waits for a sync of 8 MB at most.
  bool is_copying() const { return copy_ != nullptr; }
  // `head` is where the source stands. Nothing: to be called again.
  Result<std::optional<FinishedBackup>> step(const Place& head);

 private:
  RunningBackup(std::filesystem::path folder, std::string name);
  Result<void> copy_further(const Place& head);
  void finish_elsewhere(const Place& head);

  std::filesystem::path folder_;
  std::string name_;
  std::filesystem::path unfinished_;
  std::unique_ptr<sql::Connection> to_;
  std::unique_ptr<sql::Copy> copy_;
  FinishedBackup result_;
  int steps_ = 0;                     // since the last sync was begun
  std::future<Result<void>> synced_;  // what was copied before; a thread of its own
  std::future<Result<void>> finished_;
};

// The copy made before a schema is changed; the newest kUpgradeBackupsKept of these are kept.
Result<void> keep_before_upgrade(sql::Connection& source, const std::filesystem::path& folder,
                                 std::int64_t schema);

}  // namespace larder::edge
