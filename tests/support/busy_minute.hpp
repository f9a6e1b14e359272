// BusyMinute: what a shop does in a minute, as a script that can be played again to the same bytes,
// and what was true after each group of it. Commands of a kiosk and a till, refused ones among
// them; snapshots, checkpoints, a backup, a close of the day, stops and starts, an upgrade of the
// schema. Life: record() plays it once on a disk without faults; the record is then read by many.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/busy_shop.hpp"
#include "tests/support/faulty_disk.hpp"

namespace larder::edge {

struct SentCommand {
  bool is_till = false;
  std::string id;
  std::string frame;
};

struct Step {
  enum class Kind {
    FirstStart,
    Commands,
    Tick,
    LookAfterTheFile,
    KeepSnapshot,
    KeepAcked,
    Backup,
    Restart,  // a clean stop and a start
    Upgrade,  // the same, into a version with one more migration
  };
  Kind kind = Kind::Commands;
  Now at;
  std::vector<SentCommand> commands;
};

// The books after one group; number 0 is the empty journal.
struct GroupMark {
  Seq seq = 0;
  Digest hash{};
  Digest state{};           // of the books folded from the events alone
  std::size_t answers = 0;  // kept so far
};

struct StepMark {
  std::size_t end = 0;     // operations of the disk when the step was over
  std::size_t groups = 0;  // committed by then
  bool is_upgraded = false;
};

struct AckMark {
  std::size_t at = 0;  // operations of the disk when the reply left
  std::string id;
};

struct BusyMinute {
  std::vector<Step> steps;
  std::vector<StepMark> step_marks;
  std::vector<GroupMark> groups;
  std::vector<AckMark> acks;                    // in order
  std::map<std::string, std::size_t> group_of;  // the group that keeps a command's answer
  std::vector<DiskOp> trace;

  // The step during which operation `at` was made.
  std::size_t step_at(std::size_t at) const;
  // The group that must be there after a power cut behind operation `at`.
  std::size_t acked_group(std::size_t at) const;
  // True while the first group of a -wal that starts over is being written: it shares a sector with
  // the header, and nothing acknowledged is in it.
  bool begins_wal(std::size_t at) const;
};

struct MinuteSize {
  std::uint64_t seed = 1;
  int steps = 24;       // of commands
  int upkeep = 5;       // one step of upkeep after so many
  bool is_long = true;  // with stops, starts and the upgrade
};

// Plays one step of a script. An Error: the shop did not start again (Restart, Upgrade).
Result<void> play(std::unique_ptr<BusyShop>& shop, const Step& step, ShopSettings& settings);

// On a new folder. Aborts when the shop does not do what is expected of one without faults.
BusyMinute record_minute(const MinuteSize& size, const std::filesystem::path& folder);

}  // namespace larder::edge
