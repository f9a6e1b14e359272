// WalLab: one database on a FaultyDisk, opened as the product opens its own, with a table of blobs
// of which each row's bytes follow from its number. Life: one per test. Thread: one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "platform/sqlite/sqlite.hpp"
#include "tests/support/faulty_disk.hpp"
#include "tests/support/scratch_folder.hpp"

namespace larder::sql {

using edge::DiskOp;

inline constexpr std::size_t kFrameBytes = 4096 + 24;

class WalLab {
 public:
  explicit WalLab(const std::string& pragmas, Connection::Mode mode = Connection::Mode::ReadWrite);

  Connection& connection() { return *connection_; }
  edge::FaultyDisk& disk() { return *disk_; }
  // Of rows `first` to `last`, each nearly a page. The first statement that fails ends it.
  Result<void> put(int first, int last);
  // One transaction of them.
  Result<void> commit(int first, int last);
  // Other bytes for rows that are there, in one statement that SQLite can undo alone.
  Result<void> blank(int first, int last);
  // Their own again.
  Result<void> write_again(int first, int last);
  // Whether the row is there with its own bytes.
  Result<bool> has(int row);

  std::size_t mark() const { return disk_->operations(); }
  // Operations of one kind on one file since a mark.
  std::size_t count(std::size_t since, DiskOp::Kind kind, const std::string& name) const;
  std::uint64_t wal_bytes() const;
  // How many rows another process would find if this one were killed now; -1 if anything of the
  // file is wrong.
  int rows_after_a_kill() const;

  static constexpr const char* kMain = "lab.db";
  static constexpr const char* kWal = "lab.db-wal";

 private:
  edge::ScratchFolder folder_;
  std::optional<edge::FaultyDisk> disk_;
  std::optional<Connection> connection_;
};

// How many rows an image has, which must be 1 to that number; -1 if anything is wrong with it.
int rows_of(const edge::DiskImage& image);
// The bytes of a row.
std::string bytes_of(int row);

}  // namespace larder::sql
