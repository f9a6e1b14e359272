// Backups: copies of a store file made from the connection that writes it, under a name that
// appears only when the copy is whole, checked and on disk.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "platform/sqlite/sqlite.hpp"

namespace larder::edge {

inline constexpr std::size_t kUpgradeBackupsKept = 3;

// Letters, digits, '.', '_' and '-'; 1 to 64; not beginning with a dot.
bool is_backup_name(const std::string& name);

// Copies into `<folder>/<name>.larder` (`<name>-2.larder` when that is taken), marked as a backup.
// A failure leaves nothing behind, and the source as it was.
Result<std::filesystem::path> write_backup(sql::Connection& source,
                                           const std::filesystem::path& folder,
                                           const std::string& name);

// The copy made before a schema is changed; the newest kUpgradeBackupsKept of these are kept.
Result<void> keep_before_upgrade(sql::Connection& source, const std::filesystem::path& folder,
                                 std::int64_t schema);

}  // namespace larder::edge
