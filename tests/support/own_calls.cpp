// The store's own system calls, passed by the FaultyDisk that their file lies on. A program that is
// linked with larder_own_calls has the linker put these in the place of rename, unlink and fsync
// (--wrap); for any other file they are the kernel's.
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <string>

#include "tests/support/faulty_disk.hpp"

using larder::edge::Call;
using larder::edge::DiskOp;
using larder::edge::FaultyDisk;

extern "C" {
int __real_rename(const char* from, const char* to);
int __real_unlink(const char* path);
int __real_fsync(int file);
int __wrap_rename(const char* from, const char* to);
int __wrap_unlink(const char* path);
int __wrap_fsync(int file);
}

namespace {

int fail() {
  errno = EIO;
  return -1;
}

std::string path_of(int file) {
  std::array<char, 4096> path{};
  const std::string link = "/proc/self/fd/" + std::to_string(file);
  const ssize_t size = ::readlink(link.c_str(), path.data(), path.size());
  return size > 0 ? std::string(path.data(), static_cast<std::size_t>(size)) : std::string();
}

bool is_folder(int file) {
  struct stat found {};
  return ::fstat(file, &found) == 0 && S_ISDIR(found.st_mode);
}

}  // namespace

int __wrap_rename(const char* from, const char* to) {
  FaultyDisk* disk = FaultyDisk::of(from);
  if (disk == nullptr) return __real_rename(from, to);
  if (disk->is_unplugged() || disk->strike(Call::Rename, disk->name_of(from))) return fail();
  if (__real_rename(from, to) != 0) return -1;
  disk->record({DiskOp::Kind::Rename, disk->name_of(from), disk->name_of(to), 0, {}});
  return 0;
}

int __wrap_unlink(const char* path) {
  FaultyDisk* disk = FaultyDisk::of(path);
  if (disk == nullptr) return __real_unlink(path);
  if (disk->is_unplugged() || disk->strike(Call::Delete, disk->name_of(path))) return fail();
  if (__real_unlink(path) != 0) return -1;
  disk->record({DiskOp::Kind::Remove, disk->name_of(path), {}, 0, {}});
  return 0;
}

int __wrap_fsync(int file) {
  const std::string path = path_of(file);
  FaultyDisk* disk = FaultyDisk::of(path);
  if (disk == nullptr) return __real_fsync(file);
  const bool folder = is_folder(file);
  const std::string name = disk->name_of(path);
  if (disk->is_unplugged()) return fail();
  if (const auto fault = disk->strike(folder ? Call::FolderSync : Call::Sync, name)) {
    if (*fault == larder::edge::Fault::SyncDropped) {
      disk->record({DiskOp::Kind::Forget, name, {}, 0, {}});
    }
    return fail();
  }
  disk->record({folder ? DiskOp::Kind::SyncFolder : DiskOp::Kind::Sync, name, {}, 0, {}});
  return 0;
}
