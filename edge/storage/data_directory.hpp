// DataDirectory: the one directory of a hub, owned by one process at a time (flock on hub.lock;
// the kernel lets go when the process dies, however it dies). Life: from start to shutdown,
// outlives the Journal in it. Thread: any, but not two at once.
#pragma once

#include <filesystem>

#include "core/base/result.hpp"
#include "edge/storage/disk.hpp"

namespace larder::edge {

inline constexpr const char* kLockName = "hub.lock";

enum class FileSystemRule {
  TrustedOnly,  // local ones that keep what they promise
  Any,          // somebody has said that he knows
};

class DataDirectory {
 public:
  // Makes the directory (0700) when it is absent. Locked: another process owns it (a hub exits with
  // 75). BadConfig: not a directory, not ours, writable by others, or on a file system that cannot
  // be trusted.
  static Result<DataDirectory> open(const std::filesystem::path& path,
                                    FileSystemRule rule = FileSystemRule::TrustedOnly);

  // Canonical: no links on the way.
  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path backups() const { return path_ / "backups"; }
  // False when somebody has removed or replaced hub.lock or the directory under us.
  bool is_still_ours() const;

 private:
  DataDirectory(std::filesystem::path path, Descriptor lock)
      : path_(std::move(path)), lock_(std::move(lock)) {}

  std::filesystem::path path_;
  Descriptor lock_;
};

}  // namespace larder::edge
