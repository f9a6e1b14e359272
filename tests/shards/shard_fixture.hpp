// What the tests of the shards share: a directory that goes away, a hub's journal that chains, and
// a look at the rows behind the store's back.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "lan-protocol/codec.hpp"
#include "relay/shards/sqlite_shard_store.hpp"
#include "tests/core/store.hpp"

namespace larder {

// Failed expectations print the sentence of the error.
inline void PrintTo(const Error& error, std::ostream* out) {
  *out << code_name(error.code()) << ": " << error.message();
}

namespace relay {

class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline constexpr TimePoint kNow{1'795'300'000'000'000};

// A hub's journal: events that chain, cut into batches at will.
class HubJournal {
 public:
  explicit HubJournal(const std::string& store, const std::string& hub = "h-1")
      : store_(store), hub_(hub) {}

  // `command`: who asked for it; empty: some till.
  void add(const Event& event, TimePoint at = TimePoint{1'795'200'000'000'000},
           const CommandId& command = {});
  // The bytes as they are, whatever they say.
  void add_raw(const std::string& data, std::uint16_t type = 0);
  // What the real rules decided since the last call.
  void take(const test::Store& kitchen, const CommandId& command = {});
  // As after a restore: events after `seq` are gone, a new epoch begins there.
  void restore_to(Seq seq);

  StoreBatch batch(Seq first, Seq last) const;
  StoreBatch all() const { return batch(1, last()); }
  Seq last() const { return entries_.size(); }
  const Sha256& hash_at(Seq seq) const { return entries_.at(seq - 1).hash; }
  const std::string& data_at(Seq seq) const { return entries_.at(seq - 1).data; }
  const StoreId& store() const { return store_; }
  Epoch epoch() const { return epoch_; }

 private:
  struct Entry {
    Epoch epoch;
    TimePoint at;
    std::uint16_t type;
    std::string data;
    Sha256 hash;
  };
  StoreId store_;
  HubId hub_;
  Epoch epoch_ = 1;
  std::vector<Entry> entries_;
  std::size_t taken_ = 0;  // of the kitchen's journal
};

std::unique_ptr<SqliteShardStore> open_store(const std::filesystem::path& path,
                                             std::size_t databases = 2);
// One batch as a group of its own.
BatchOutcome apply_one(SqliteShardStore& store, const StoreBatch& batch, TimePoint now = kNow);
StreamMark mark_of(SqliteShardStore& store, const StoreId& id);

// Stopped databases, read or changed with a bare connection. One line per row, values with '|'.
std::vector<std::string> rows(const std::filesystem::path& directory, std::size_t database,
                              const std::string& query);
void tamper(const std::filesystem::path& directory, std::size_t database,
            const std::string& script);
// All rows of all databases that depend on the stream alone, not on how it was cut: ids, times of
// our own clock and the outbox's order between stores are left out.
std::vector<std::string> all_rows(const std::filesystem::path& directory);
// Databases, -wal and all, as a crash would leave them; the store may be running.
void copy_files(const std::filesystem::path& from, const std::filesystem::path& to);

// A day with a menu, limited stock, carts, orders that are paid, cooked, cancelled and voided.
void cook(test::Store& kitchen, unsigned seed, int steps);
// The suffix that a store's rows are in, with the estate's map of two databases.
std::string suffix_of(const StoreId& store);

}  // namespace relay
}  // namespace larder
