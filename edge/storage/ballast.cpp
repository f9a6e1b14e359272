#include "edge/storage/ballast.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <utility>

#include "edge/storage/disk.hpp"

namespace larder::edge {
Ballast::Ballast(std::filesystem::path directory, std::uint64_t bytes)
    : file_(std::move(directory) / "ballast"), bytes_(bytes) {}

void Ballast::set_aside() {
  if (is_set_aside_ || bytes_ == 0) return;
  struct stat found {};
  if (::stat(file_.c_str(), &found) == 0 &&
      static_cast<std::uint64_t>(found.st_blocks) * 512 >= bytes_) {
    is_set_aside_ = true;
    return;
  }
  if (free_bytes(file_.parent_path()) < room_wanted()) return;
  const Descriptor made(::open(file_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!made.is_open()) return;
  if (::posix_fallocate(made.number(), 0, static_cast<off_t>(bytes_)) != 0) {
    ::unlink(file_.c_str());
    return;
  }
  is_set_aside_ = true;
}

bool Ballast::release() {
  // Somebody who needed room may have removed the file; then the room is there all the same.
  ::unlink(file_.c_str());
  return std::exchange(is_set_aside_, false);
}

}  // namespace larder::edge
