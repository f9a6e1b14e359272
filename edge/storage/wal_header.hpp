// The 32 bytes at the start of a -wal, read before SQLite does: SQLite ignores a -wal that it does
// not like, and with it every order in there. Format: sqlite.org/fileformat2.html section 4.1.
#pragma once

#include <cstdint>
#include <filesystem>

#include "core/base/result.hpp"

namespace larder::edge {

struct WalHeader {
  std::uint64_t file_bytes = 0;  // 0: absent or empty
  bool is_valid = false;         // magic and checksum are right
  std::uint32_t page_bytes = 0;
  // First salt minus checkpoint number. Both go up by one whenever the -wal begins again, so this
  // stays the same for one run of the hub and differs between runs, files and machines.
  std::uint32_t origin = 0;
};

std::filesystem::path wal_of(const std::filesystem::path& file);
Result<WalHeader> read_wal_header(const std::filesystem::path& file);

}  // namespace larder::edge
