#include "edge/storage/disk.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

namespace larder::edge {
namespace {

// From statfs(2) and linux/magic.h: ext2/3/4, xfs, btrfs, f2fs, zfs, tmpfs. NFS, SMB, 9p, FUSE and
// overlay are left out on purpose: their locks, syncs or inode numbers are not what SQLite expects.
constexpr std::array<std::uint64_t, 6> kTrustedMagic = {0xEF53,     0x58465342, 0x9123683E,
                                                        0xF2F52010, 0x2FC12FC1, 0x01021994};

Result<void> sync_path(const std::filesystem::path& path, int flags) {
  const Descriptor file(::open(path.c_str(), flags | O_CLOEXEC));
  if (!file.is_open()) return system_failure("Cannot open", path, errno);
  if (::fsync(file.number()) != 0) return system_failure("Cannot sync", path, errno);
  return {};
}

Result<void> write_all(int to, const char* bytes, std::size_t size,
                       const std::filesystem::path& path) {
  while (size > 0) {
    const ssize_t written = ::write(to, bytes, size);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return system_failure("Cannot write", path, errno);
    bytes += written;
    size -= static_cast<std::size_t>(written);
  }
  return {};
}

}  // namespace

Descriptor::Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  std::swap(number_, other.number_);
  return *this;
}

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

Refused system_failure(std::string_view doing, const std::filesystem::path& file, int number) {
  const bool full = number == ENOSPC || number == EDQUOT || number == EFBIG;
  return refuse(full ? Code::StorageFull : Code::StorageFault,
                std::string(doing) + " " + file.string() + ": " + std::strerror(number));
}

Result<void> sync_file(const std::filesystem::path& file) { return sync_path(file, O_RDONLY); }

Result<void> sync_directory(const std::filesystem::path& directory) {
  return sync_path(directory, O_RDONLY | O_DIRECTORY);
}

Result<void> rename_durably(const std::filesystem::path& from, const std::filesystem::path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) return system_failure("Cannot rename", from, errno);
  return sync_directory(to.parent_path());
}

Result<void> create_private(const std::filesystem::path& file) {
  const Descriptor made(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!made.is_open()) return system_failure("Cannot create", file, errno);
  return {};
}

Result<void> copy_durably(const std::filesystem::path& from, const std::filesystem::path& to) {
  const Descriptor source(::open(from.c_str(), O_RDONLY | O_CLOEXEC));
  if (!source.is_open()) return system_failure("Cannot read", from, errno);
  const Descriptor made(::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!made.is_open()) return system_failure("Cannot create", to, errno);
  std::vector<char> buffer(256 * 1024);
  for (;;) {
    const ssize_t count = ::read(source.number(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return system_failure("Cannot read", from, errno);
    if (count == 0) break;
    auto written = write_all(made.number(), buffer.data(), static_cast<std::size_t>(count), to);
    if (!written) return written;
  }
  if (::fsync(made.number()) != 0) return system_failure("Cannot sync", to, errno);
  return {};
}

std::uint64_t free_bytes(const std::filesystem::path& directory) {
  struct statvfs space {};
  if (::statvfs(directory.c_str(), &space) != 0) return 0;
  return static_cast<std::uint64_t>(space.f_bavail) * space.f_frsize;
}

bool is_trusted_file_system(const std::filesystem::path& directory) {
  struct statfs found {};
  if (::statfs(directory.c_str(), &found) != 0) return false;
  const auto magic = static_cast<std::uint64_t>(found.f_type) & 0xFFFFFFFFULL;
  return std::find(kTrustedMagic.begin(), kTrustedMagic.end(), magic) != kTrustedMagic.end();
}

}  // namespace larder::edge
