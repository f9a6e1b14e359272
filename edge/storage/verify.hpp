// Verify: everything a store file or a backup can be asked without a hub. Offline: a hub that runs
// holds the lock. Nothing is changed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "edge/app/ports.hpp"
#include "edge/storage/store_file.hpp"

namespace larder::edge {

// The events of one epoch lie together.
struct EpochSpan {
  Epoch epoch = 0;
  Seq first = 0;
  Seq last = 0;
  bool operator==(const EpochSpan&) const = default;
};

struct StoreReport {
  StoreNames names;
  std::int64_t schema = 0;
  bool is_backup = false;
  bool is_restored = false;  // and no new epoch has begun yet
  std::uint64_t events = 0;
  std::uint64_t answers = 0;
  std::uint64_t snapshots = 0;
  std::vector<EpochSpan> epochs;
  Place head;                       // the last event that the chain proves
  std::optional<Seq> first_broken;  // the first that it does not
  std::vector<std::string> faults;  // sentences; empty when all is well
  bool is_good() const { return faults.empty(); }
};

// Told every event that the chain proves, in order: to replay the ledger and take its state hash.
using EachEvent = std::function<void(const StoredEvent&)>;

// An Error only when there is nothing to report on: not a store (Corrupt), of a later Larder
// (NewerSchema), in use (Locked), unreadable.
Result<StoreReport> verify_store(const std::filesystem::path& file, const EachEvent& each = {});

// The same for a caller who holds the lock of the directory, or for a file that no hub opens.
Result<StoreReport> verify_unlocked(const std::filesystem::path& file, const EachEvent& each = {});

// What a snapshot of the file claims the books were after event `seq`.
struct SnapshotMark {
  Seq seq = 0;
  Sha256 state{};
};
// In order of seq. For a caller who holds the lock and replays the events himself.
Result<std::vector<SnapshotMark>> read_snapshot_marks(const std::filesystem::path& file);

// The newest sentence of a good or bad file for a person: "12 events, head 12 of epoch 1, whole".
std::string describe(const StoreReport& report);

}  // namespace larder::edge
