#include "edge/storage/wal_header.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "edge/storage/disk.hpp"

namespace larder::edge {
namespace {

using Bytes32 = std::array<unsigned char, 32>;

std::uint32_t word(const Bytes32& bytes, std::size_t at, bool big_endian) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    value = (value << 8U) | bytes[at + (big_endian ? i : 3 - i)];
  }
  return value;
}

bool has_right_checksum(const Bytes32& bytes) {
  const std::uint32_t magic = word(bytes, 0, true);
  if ((magic & 0xFFFFFFFEU) != 0x377F0682U) return false;
  const bool big_endian = (magic & 1U) != 0;
  std::uint32_t first = 0;
  std::uint32_t second = 0;
  for (std::size_t at = 0; at < 24; at += 8) {
    first += word(bytes, at, big_endian) + second;
    second += word(bytes, at + 4, big_endian) + first;
  }
  return first == word(bytes, 24, true) && second == word(bytes, 28, true);
}

}  // namespace

std::filesystem::path wal_of(const std::filesystem::path& file) {
  return std::filesystem::path(file.string() + "-wal");
}

Result<WalHeader> read_wal_header(const std::filesystem::path& file) {
  const auto path = wal_of(file);
  WalHeader header;
  const Descriptor wal(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!wal.is_open()) {
    if (errno == ENOENT) return header;
    return system_failure("Cannot read", path, errno);
  }
  struct stat found {};
  if (::fstat(wal.number(), &found) != 0) return system_failure("Cannot look at", path, errno);
  header.file_bytes = static_cast<std::uint64_t>(found.st_size);
  Bytes32 bytes{};
  if (::pread(wal.number(), bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    return header;
  }
  header.is_valid = has_right_checksum(bytes);
  header.page_bytes = word(bytes, 8, true);
  header.origin = word(bytes, 16, true) - word(bytes, 12, true);
  return header;
}

}  // namespace larder::edge
