#include "edge/storage/data_directory.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

namespace larder::edge {
namespace {

Refused bad(const std::filesystem::path& path, const std::string& why) {
  return refuse(Code::BadConfig, "The data directory " + path.string() + " " + why);
}

Result<void> make(const std::filesystem::path& path) {
  if (::mkdir(path.c_str(), 0700) == 0) {
    const auto parent = path.parent_path();
    return sync_directory(parent.empty() ? "." : parent);
  }
  if (errno == EEXIST) return {};
  return system_failure("Cannot create the data directory", path, errno);
}

Result<void> check_owner(const std::filesystem::path& path) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) return system_failure("Cannot look at", path, errno);
  if (!S_ISDIR(found.st_mode)) return bad(path, "is not a directory");
  if (found.st_uid != ::geteuid()) {
    return bad(path, "belongs to user " + std::to_string(found.st_uid) + ", this is user " +
                         std::to_string(::geteuid()) + ": run as its owner");
  }
  if ((found.st_mode & 0022U) != 0) {
    return bad(path, "may be written by others: chmod go-w it");
  }
  if (::access(path.c_str(), W_OK) != 0 && errno == EROFS) {
    return system_failure("Cannot write to the data directory", path, errno);
  }
  if ((found.st_mode & 0300U) != 0300U || ::access(path.c_str(), W_OK | X_OK) != 0) {
    return bad(path, "may not be written by its owner");
  }
  return {};
}

// Who holds the lock, for the sentence only: the number may be stale, the lock never is.
std::string holder(int lock) {
  std::array<char, 16> text{};
  const ssize_t size = ::pread(lock, text.data(), text.size() - 1, 0);
  std::string number;
  for (ssize_t at = 0; at < size; ++at) {
    const char c = text[static_cast<std::size_t>(at)];
    if (c < '0' || c > '9') break;
    number += c;
  }
  return number.empty() ? "another process" : "process " + number;
}

void sign(int lock) {
  const std::string number = std::to_string(::getpid()) + "\n";
  if (::ftruncate(lock, 0) != 0) return;
  const ssize_t written = ::pwrite(lock, number.data(), number.size(), 0);
  static_cast<void>(written);  // a full disk leaves the lock unsigned, and still locked
}

}  // namespace

Result<DataDirectory> DataDirectory::open(const std::filesystem::path& path, FileSystemRule rule) {
  auto made = make(path);
  if (!made) return pass_on(made);
  std::error_code failed;
  const auto canonical = std::filesystem::canonical(path, failed);
  if (failed) return bad(path, "cannot be followed: " + failed.message());
  if (rule == FileSystemRule::TrustedOnly && !is_trusted_file_system(canonical)) {
    return bad(canonical,
               "is not on a local file system that keeps what it has synced (ext4, xfs, btrfs, "
               "f2fs, zfs): move it, or say that any file system will do");
  }
  auto owned = check_owner(canonical);
  if (!owned) return pass_on(owned);
  const auto name = canonical / kLockName;
  Descriptor lock(::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!lock.is_open()) return system_failure("Cannot open", name, errno);
  if (::flock(lock.number(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return system_failure("Cannot lock", name, errno);
    return refuse(Code::Locked, "The data directory " + canonical.string() + " is in use by " +
                                    holder(lock.number()));
  }
  sign(lock.number());
  DataDirectory directory(canonical, std::move(lock));
  // Somebody may have removed the lock file between open and flock; then this lock guards nothing.
  if (!directory.is_still_ours()) {
    return refuse(Code::Locked, name.string() + " was replaced while it was being locked");
  }
  return directory;
}

bool DataDirectory::is_still_ours() const {
  struct stat held {};
  struct stat named {};
  if (::fstat(lock_.number(), &held) != 0) return false;
  if (::stat((path_ / kLockName).c_str(), &named) != 0) return false;
  return held.st_dev == named.st_dev && held.st_ino == named.st_ino;
}

}  // namespace larder::edge
