// HouseLock: the relay's data directory, owned by one process at a time (flock on relay.lock; the
// kernel lets go when the process dies, however it dies). Life: from start to shutdown, outlives
// the databases in it. Thread: any, but not two at once.
#pragma once

#include <filesystem>

#include "core/base/result.hpp"

namespace larder::relay {

class HouseLock {
 public:
  // Makes the directory (0700) when it is absent. Locked: another relay owns it (exit code 75).
  // BadConfig: no directory, or others may write it. Forbidden: no permission.
  static Result<HouseLock> take(const std::filesystem::path& directory);
  HouseLock(HouseLock&& other) noexcept;
  HouseLock& operator=(HouseLock&&) = delete;
  ~HouseLock();

  const std::filesystem::path& path() const { return path_; }

 private:
  HouseLock(std::filesystem::path path, int descriptor)
      : path_(std::move(path)), descriptor_(descriptor) {}

  std::filesystem::path path_;
  int descriptor_;
};

}  // namespace larder::relay
