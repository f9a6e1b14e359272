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
  // Why the next start may begin at once, without asking the relay and the screens; empty: it asks.
  std::string accept = {};
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

// Moves the store of a directory aside, so that the next start begins with an empty one that takes
// the store over; the folder it is in now, none when there was none. Locked: a hub runs there.
Result<std::optional<std::filesystem::path>> set_store_aside(
    const std::filesystem::path& directory, FileSystemRule rule = FileSystemRule::TrustedOnly);

}  // namespace larder::edge
