// What larderctl does with files while no hub runs on them: verify, and restore from a backup.
#pragma once

#include <filesystem>
#include <string>

#include "core/base/result.hpp"
#include "edge/storage/verify.hpp"
#include "tools/larderctl/commands.hpp"

namespace larder::ctl {

// The books as the events alone make them, beside what the file's snapshots claim.
struct Replayed {
  edge::StoreReport report;  // its faults, and those of the replay
  std::string state_hash;    // after the last event that the chain proves
  std::uint64_t open_orders = 0;
};

// `place` is a data directory, a store file or a backup. Locked: a hub runs there.
Result<Replayed> replay_store(const std::filesystem::path& place);

// Corrupt when there are faults; they are printed first.
Result<void> verify_files(const std::string& place, const Output& output);

struct RestoreFrom {
  std::string backup;
  std::string directory;
  std::string store;  // empty: whichever the backup is of
  bool replace = false;
  bool any_filesystem = false;
};
Result<void> restore_files(const RestoreFrom& what, const Output& output);

}  // namespace larder::ctl
