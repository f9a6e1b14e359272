// FaultyDisk: a folder whose disk can fail and lose its power. The folder itself is the page cache
// (a folder in memory, such as one of /dev/shm, so that SQLite and the store's own system calls see
// the same files); the medium is a DiskModel made from every call that changes a file, in order.
// Life: made before the files in the folder are opened, ends after they are closed; several may
// live at once, each for its own folder. Thread: any. Limits: the store's own open() and write()
// (the ballast, the copy of a restore) are not seen; its fsync, rename and unlink are where the
// program is linked with larder_own_calls (see own_calls.cpp).
#pragma once

#include <cstddef>
#include <filesystem>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/disk_model.hpp"
#include "tests/support/fault_plan.hpp"

namespace larder::edge {

class FaultyDisk {
 public:
  // What is in the folder is on the medium. From the first one on, every database that this
  // process opens passes through the VFS of faulty_vfs.cpp.
  explicit FaultyDisk(const std::filesystem::path& folder);
  ~FaultyDisk();
  FaultyDisk(const FaultyDisk&) = delete;
  FaultyDisk& operator=(const FaultyDisk&) = delete;

  void arm(Fault fault, int after, Lasting lasting, const std::string& word = "");
  void heal();
  // True once the armed fault has struck.
  bool has_struck() const;
  // A disk that says "synced" and has synced nothing, from now on.
  void lie();
  // The process is gone: what it still does on its way out reaches nothing.
  void unplug();
  void plug_in();

  std::size_t operations() const;
  // What has been done to the medium so far.
  std::vector<DiskOp> trace() const;
  const DiskImage& initial() const { return initial_; }
  // The medium as a power cut would leave it now.
  DiskImage after_power_cut(Fates fates) const;
  // How often shared memory was asked for: a store that locks exclusively never does.
  int shared_memory_calls() const;

  // For the VFS and for own_calls.cpp. The disk that a path lies on; null: none.
  static FaultyDisk* of(std::string_view path);
  // The name of a path on this disk.
  std::string name_of(std::string_view path) const;
  std::optional<Fault> strike(Call call, const std::string& name);
  void record(DiskOp op);
  bool is_unplugged() const;

 private:
  std::string folder_;
  DiskImage initial_;
  mutable std::mutex mutex_;
  FaultPlan plan_;
  std::vector<DiskOp> trace_;
  std::set<std::string> known_;
  bool is_lying_ = false;
  bool is_unplugged_ = false;
  int shared_memory_calls_ = 0;
};

// The folder's files, its folders' files among them; and the reverse, into an empty folder.
DiskImage image_of(const std::filesystem::path& folder);
void write_image(const DiskImage& image, const std::filesystem::path& folder);

// Makes the VFS of faulty_vfs.cpp the process's default, once.
void install_faulty_vfs();

}  // namespace larder::edge
