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
  std::string accept;  // why the next start may begin at once; empty: it asks first
};
Result<void> restore_files(const RestoreFrom& what, const Output& output);

// The next start takes the store over from the relay's copy, by HQ's code.
struct Takeover {
  std::string directory;
  std::string code;
  bool replace = false;  // a store that is there is moved aside
  bool any_filesystem = false;
};
Result<void> prepare_takeover(const Takeover& what, const Output& output);

// As accept_loss(), for the next start of a hub that is off.
Result<void> accept_loss_at_start(const std::string& directory, const std::string& reason,
                                  const Output& output);

}  // namespace larder::ctl
