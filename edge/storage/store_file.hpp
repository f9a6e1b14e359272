// The store file on disk: its name, its meta table, and every check made before it is trusted. The
// name carries the hub (`<hub>.larder`), so that a stray -wal of another hub never matches. Thread:
// one at a time, in a directory whose lock is held.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/base/ids.hpp"
#include "core/base/result.hpp"
#include "edge/storage/migrations.hpp"
#include "platform/sqlite/sqlite.hpp"

namespace larder::edge {

inline constexpr std::string_view kStoreSuffix = ".larder";
inline constexpr std::string_view kRestoreSuffix = ".larder.restoring";

// Names in the meta table.
namespace meta {
inline constexpr std::string_view kStore = "store";
inline constexpr std::string_view kHub = "hub";
inline constexpr std::string_view kBackup = "backup";           // 1: made by backup()
inline constexpr std::string_view kRestored = "restored";       // 1: a new epoch must begin
inline constexpr std::string_view kEpochFloor = "epoch_floor";  // no event at or below may follow
inline constexpr std::string_view kRunning = "running";  // 1: a hub has it open, or died with it
inline constexpr std::string_view kWalOrigin = "wal_origin";  // tells this run's -wal from others
inline constexpr std::string_view kSeal = "seal";             // seal_marks() of those above
inline constexpr std::string_view kCleanSeq = "clean_seq";    // the head at the last clean stop
inline constexpr std::string_view kCleanHash = "clean_hash";
inline constexpr std::string_view kUplinkAcked = "uplink_acked";  // keep_acked()
inline constexpr std::string_view kMachine = "machine";    // what it last ran on (machine_mark())
inline constexpr std::string_view kIdentity = "identity";  // the hub's name, when not kHub
inline constexpr std::string_view kWas = "was";            // names before that, with blanks between
inline constexpr std::string_view kDoubt = "doubt";        // KeptDoubt, in three
inline constexpr std::string_view kDoubtSeen = "doubt_seen";
inline constexpr std::string_view kDoubtReason = "doubt_reason";
}  // namespace meta

// Empty text and 0 when absent.
Result<std::string> meta_text(sql::Connection& connection, std::string_view name);
Result<std::int64_t> meta_number(sql::Connection& connection, std::string_view name);
Result<void> set_meta(sql::Connection& connection, std::string_view name, std::string_view value);

struct Place {
  Epoch epoch = 0;
  Seq seq = 0;
  Sha256 hash{};
};
Result<Place> read_head(sql::Connection& connection);

// What a connection says of itself.
struct StoreNames {
  HubId hub;
  StoreId store;
};
Result<StoreNames> read_names(sql::Connection& connection);

// The directory's store file; none when the directory is new. Corrupt: two of them, a -wal whose
// store is gone, or a restore that did not come to its end.
Result<std::optional<std::filesystem::path>> find_store(const std::filesystem::path& directory);

// Makes `<hub>.larder` whole under another name first. An empty hub gets a random id.
Result<std::filesystem::path> create_store(const std::filesystem::path& directory,
                                           const StoreId& store, HubId hub,
                                           std::span<const Migration> migrations);

// One name, a regular file, a SQLite header with our application id, a schema we know. Nothing is
// opened for writing. Corrupt, NewerSchema.
Result<void> check_file(const std::filesystem::path& file, std::int64_t schema_max);

// Opens for the hub alone, pragmas set and asserted, after the checks of names, of the -wal, of
// missing pages and of the schema; a file of an earlier schema is copied to backups/, then
// migrated.
Result<sql::Connection> open_store(const std::filesystem::path& file, const StoreId& store,
                                   std::span<const Migration> migrations);

// Opened by somebody who only asks. `doubt`: a sentence when the -wal is missing or another's.
struct OpenedToRead {
  sql::Connection connection;
  bool is_backup = false;
  std::optional<std::string> doubt;
};
Result<OpenedToRead> open_to_read(const std::filesystem::path& file);

// Corrupt when tables, indexes or triggers differ from what the file's schema number says;
// NewerSchema when that number is above all of `migrations`.
Result<void> check_schema(sql::Connection& connection, const std::filesystem::path& file,
                          std::span<const Migration> migrations);

// "h-" and 12 characters of base32 (RFC 4648, lower case) from the kernel's random numbers.
HubId random_hub_id();

}  // namespace larder::edge
