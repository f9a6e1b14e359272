// DiskModel: what a medium holds, and what has only been promised to it. Every file has durable
// bytes and an ordered list of operations that no sync has reached yet; names in a folder are
// durable only after that folder was synced. A power cut decides on each un-synced operation by
// itself. Life: fed one operation at a time, in the order in which they were made.
// Thread: one at a time. Limits: everything is in memory; folders themselves are always durable.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace larder::edge {

// Names are relative to the folder of the disk: "h-1.larder", "backups/x.larder".
struct DiskOp {
  enum class Kind {
    Create,
    Write,
    Truncate,    // to `offset` bytes; also grows
    Sync,        // of one file
    SyncFolder,  // `name` is the folder, "" the disk's own
    Rename,      // `name` to `to`
    Remove,
    Forget,  // a sync failed and its pages were dropped: they will never reach the medium
  };
  Kind kind = Kind::Write;
  std::string name;
  std::string to;
  std::uint64_t offset = 0;
  std::string bytes;
};

// The files of a folder: name and bytes.
using DiskImage = std::map<std::string, std::string>;

// How a power cut treats what was not synced.
enum class Cut {
  NothingMore,  // all of it is lost
  Everything,   // all of it had arrived
  Mixed,        // each operation by itself: applied, dropped, torn, out of order, tail zeroed
  Damaging,     // Mixed, and what shares a sector with an operation under way is damaged too
};

// One power cut: the same seed decides the same way.
struct Fates {
  Cut cut = Cut::Mixed;
  std::mt19937_64 dice;
  Fates(Cut how, std::uint64_t seed) : cut(how), dice(seed) {}
  std::uint64_t below(std::uint64_t bound) { return dice() % bound; }
};

class DiskModel {
 public:
  explicit DiskModel(const DiskImage& durable = {});
  DiskModel(const DiskModel&) = delete;
  DiskModel& operator=(const DiskModel&) = delete;
  void apply(const DiskOp& op);
  DiskImage after_power_cut(Fates& fates) const;
  // How many operations no sync has reached.
  std::size_t unsynced() const;

 private:
  struct Pending {
    bool is_truncate = false;
    std::uint64_t offset = 0;
    std::shared_ptr<const std::string> bytes;
  };
  struct File {
    std::string durable;
    std::vector<Pending> pending;
  };
  struct NameChange {
    DiskOp::Kind kind = DiskOp::Kind::Create;
    std::string name;
    std::string to;
    std::shared_ptr<File> file;
  };
  using Names = std::map<std::string, std::shared_ptr<File>>;

  File& file(const std::string& name);
  void change_name(const DiskOp& op);
  static void settle(File& file);
  static void settle(Names& names, const NameChange& change);
  static void apply_whole(std::string& bytes, const Pending& op);
  static void apply_by_fate(std::string& bytes, const Pending& op, Fates& fates);
  static void damage_neighbours(std::string& bytes, const Pending& op, Fates& fates);
  static std::string bytes_after(const File& file, Fates& fates);

  Names live_;
  Names durable_;
  std::vector<NameChange> name_changes_;
};

// The folder of a name: "backups" of "backups/x", "" of "x".
std::string folder_of(std::string_view name);

}  // namespace larder::edge
