// What the storage tests share: a directory that goes away, events that chain, a journal opened in
// one call, and a child process that dies when it is told to.
#pragma once

#include <gtest/gtest.h>
#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "edge/storage/sqlite_journal.hpp"

namespace larder::edge {

// Failed expectations print the sentence of the error.
inline void PrintTo(const Error& error, std::ostream* out) {
  *out << code_name(error.code()) << ": " << error.message();
}

class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path data() const { return path_ / "data"; }

 private:
  std::filesystem::path path_;
};

// Makes events and answers that follow one another.
class Author {
 public:
  explicit Author(Place head = {}) : head_(head) {}
  StoredEvent event(std::size_t bytes = 40);
  Group group(std::size_t events, std::size_t answers = 0, std::size_t bytes = 40);
  void begin_epoch(Epoch epoch) { head_.epoch = epoch; }
  const Place& head() const { return head_; }

 private:
  Place head_{1, 0, {}};
  std::uint64_t answers_ = 0;
};

inline const StoreId kStore{std::string("s1")};

struct Opened {
  std::unique_ptr<SqliteJournal> journal;
  Recovered recovered;
};

// A journal without ballast (most tests need no 32 MB) on any file system.
Result<std::unique_ptr<SqliteJournal>> open_journal(const std::filesystem::path& data,
                                                    const StoreId& store = kStore,
                                                    JournalOptions options = {HubId(), 0,
                                                                              edge_migrations()});
Opened open_and_recover(const std::filesystem::path& data);
// A backup in one go.
Result<BackupTaken> take_backup(SqliteJournal& journal, const std::string& name);
StoredAnswer answer_for(const std::string& id, TimePoint at = TimePoint{1'000});
Snapshot snapshot_at(const Place& place, const std::string& ledger);
// The one file that ends in .larder.
std::filesystem::path store_in(const std::filesystem::path& data);
std::string bytes_of(const std::filesystem::path& file);
void write_bytes(const std::filesystem::path& file, const std::string& bytes);
// Changes a stopped store behind Larder's back, triggers dropped and put back.
void tamper(const std::filesystem::path& file, const char* sql);

// Runs `work` in a child that ends with its result. A journal left by `return` stops cleanly; one
// left by ::_exit() dies as by kill -9.
pid_t start_child(const std::function<int()>& work);
int wait_for(pid_t child);  // exit code, or 1000 + signal

}  // namespace larder::edge
