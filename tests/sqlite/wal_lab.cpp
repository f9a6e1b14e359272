#include "tests/sqlite/wal_lab.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <utility>

namespace larder::sql {

std::string bytes_of(int row) {
  std::string bytes(3000, '\0');
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    bytes[at] = static_cast<char>((static_cast<std::size_t>(row) * 131 + at * 7) % 251);
  }
  return bytes;
}

WalLab::WalLab(const std::string& pragmas, Connection::Mode mode) {
  const auto file = folder_.path() / kMain;
  if (!std::ofstream(file).good()) throw std::runtime_error("no file");
  disk_.emplace(folder_.path());
  auto opened = Connection::open(file, mode);
  if (!opened) throw std::runtime_error(opened.error().message());
  connection_.emplace(std::move(*opened));
  const std::string script = pragmas +
                             "; PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL;"
                             "CREATE TABLE t (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL)";
  if (auto ready = connection_->execute(script.c_str()); !ready) {
    throw std::runtime_error(ready.error().message());
  }
}

Result<void> WalLab::put(int first, int last) {
  auto insert = connection_->prepare("INSERT INTO t VALUES (?1, ?2)");
  if (!insert) return pass_on(insert);
  for (int row = first; row <= last; ++row) {
    const std::string bytes = bytes_of(row);
    insert->bind(1, row).bind_bytes(2, bytes);
    if (auto ran = insert->run(); !ran) return ran;
  }
  return {};
}

Result<void> WalLab::commit(int first, int last) {
  auto transaction = Transaction::begin(*connection_);
  if (!transaction) return pass_on(transaction);
  if (auto done = put(first, last); !done) return done;
  return transaction->commit();
}

Result<void> WalLab::blank(int first, int last) {
  auto update =
      connection_->prepare("UPDATE t SET bytes = zeroblob(3000) WHERE id BETWEEN ?1 AND ?2");
  if (!update) return pass_on(update);
  return update->bind(1, first).bind(2, last).run();
}

Result<void> WalLab::write_again(int first, int last) {
  auto update = connection_->prepare("UPDATE t SET bytes = ?2 WHERE id = ?1");
  if (!update) return pass_on(update);
  for (int row = first; row <= last; ++row) {
    const std::string bytes = bytes_of(row);
    update->bind(1, row).bind_bytes(2, bytes);
    if (auto ran = update->run(); !ran) return ran;
  }
  return {};
}

Result<bool> WalLab::has(int row) {
  auto select = connection_->prepare("SELECT bytes FROM t WHERE id = ?1");
  if (!select) return pass_on(select);
  select->bind(1, row);
  auto found = select->step();
  if (!found) return pass_on(found);
  return *found && select->text(0) == bytes_of(row);
}

std::size_t WalLab::count(std::size_t since, DiskOp::Kind kind, const std::string& name) const {
  const auto trace = disk_->trace();
  return static_cast<std::size_t>(
      std::count_if(trace.begin() + static_cast<std::ptrdiff_t>(since), trace.end(),
                    [&](const DiskOp& op) { return op.kind == kind && op.name == name; }));
}

std::uint64_t WalLab::wal_bytes() const {
  return std::filesystem::file_size(folder_.path() / kWal);
}

int WalLab::rows_after_a_kill() const { return rows_of(edge::image_of(folder_.path())); }

int rows_of(const edge::DiskImage& image) {
  const edge::ScratchFolder folder;
  edge::write_image(image, folder.path());
  auto file = Connection::open(folder.path() / WalLab::kMain, Connection::Mode::ReadWrite);
  if (!file) return -1;
  auto whole = file->text("PRAGMA integrity_check");
  if (!whole || *whole != "ok") return -1;
  auto select = file->prepare("SELECT id, bytes FROM t ORDER BY id");
  if (!select) return -1;
  for (int row = 1;; ++row) {
    auto found = select->step();
    if (!found) return -1;
    if (!*found) return row - 1;
    if (select->integer(0) != row || select->text(1) != bytes_of(row)) return -1;
  }
}

}  // namespace larder::sql
