// ScratchFolder: an empty folder in memory where there is enough of it, else on disk; gone with its
// owner.
#pragma once

#include <filesystem>

namespace larder::edge {

class ScratchFolder {
 public:
  ScratchFolder();
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }
  // A folder in it that does not exist yet.
  std::filesystem::path data() const { return path_ / "data"; }

 private:
  std::filesystem::path path_;
};

}  // namespace larder::edge
