// Restore: puts a backup in the place of a store, offline. The old store is moved aside, never
// deleted. The hub that opens it next must begin a new epoch: what it sold after the backup is
// known to others, and no (epoch, seq) may be used twice.
#pragma once

#include <filesystem>
#include <optional>

#include "core/base/ids.hpp"
#include "core/base/result.hpp"
#include "edge/storage/data_directory.hpp"
#include "edge/storage/store_file.hpp"

namespace larder::edge {

struct RestoreOrder {
  std::filesystem::path backup;
  std::filesystem::path directory;
  StoreId store;         // empty: whichever the backup is of
  bool replace = false;  // a store that is there is moved aside
  FileSystemRule rule = FileSystemRule::TrustedOnly;
};

struct Restored {
  std::filesystem::path file;
  StoreNames names;
  Place head;
  std::optional<std::filesystem::path> moved_aside;  // the folder of the old store
};

// Locked: a hub runs there. BadState: a store is there and `replace` was not said. WrongStore.
// Corrupt: not a backup, or it fails any check; the directory is as it was.
Result<Restored> restore_backup(const RestoreOrder& order);

}  // namespace larder::edge
