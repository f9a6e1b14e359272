// The few file operations that SQLite does not make for us, each durable when it returns.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "core/base/result.hpp"

namespace larder::edge {

// Owns a file descriptor; close-on-exec.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept;
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor();
  int number() const { return number_; }
  bool is_open() const { return number_ >= 0; }

 private:
  int number_ = -1;
};

// The sentence for a failed system call: "<doing> <file>: <why>". ENOSPC and EDQUOT are
// StorageFull.
Refused system_failure(std::string_view doing, const std::filesystem::path& file, int number);

Result<void> sync_file(const std::filesystem::path& file);
Result<void> sync_directory(const std::filesystem::path& directory);
// Renames and makes the new name durable.
Result<void> rename_durably(const std::filesystem::path& from, const std::filesystem::path& to);
// An empty file that only its owner may read; it must not exist yet.
Result<void> create_private(const std::filesystem::path& file);
// Copies bytes to a new private file and syncs it.
Result<void> copy_durably(const std::filesystem::path& from, const std::filesystem::path& to);
// Bytes that this process may still write in the file system of `directory`; 0 when unknown.
std::uint64_t free_bytes(const std::filesystem::path& directory);
// True for the local file systems whose locks and syncs SQLite can rely on.
bool is_trusted_file_system(const std::filesystem::path& directory);

}  // namespace larder::edge
