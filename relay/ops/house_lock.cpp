#include "relay/ops/house_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

namespace larder::relay {
namespace {

Refused failure(const std::string& what, int error) {
  const Code code =
      error == EACCES || error == EPERM || error == EROFS ? Code::Forbidden : Code::StorageFault;
  return refuse(code, what + ": " + std::strerror(error));
}

}  // namespace

Result<HouseLock> HouseLock::take(const std::filesystem::path& directory) {
  const std::string name = directory.string();
  if (::mkdir(name.c_str(), 0700) != 0 && errno != EEXIST) {
    return failure("Cannot create the data directory " + name, errno);
  }
  struct stat found {};
  if (::stat(name.c_str(), &found) != 0) return failure("Cannot look at " + name, errno);
  if (!S_ISDIR(found.st_mode)) {
    return refuse(Code::BadConfig, "The data directory " + name + " is not a directory");
  }
  if ((found.st_mode & 0022U) != 0) {
    return refuse(Code::BadConfig,
                  "The data directory " + name + " may be written by others: chmod go-w it");
  }
  const std::string lock = (directory / "relay.lock").string();
  const int descriptor = ::open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0) return failure("Cannot open " + lock, errno);
  HouseLock taken(directory, descriptor);
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return failure("Cannot lock " + lock, errno);
    return refuse(Code::Locked, "The data directory " + name + " is in use by another relay");
  }
  return taken;
}

HouseLock::HouseLock(HouseLock&& other) noexcept
    : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}

HouseLock::~HouseLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace larder::relay
