// The main file of a store by itself, as the last checkpoint left it, without what its -wal adds:
// what must be known of it before its -wal is trusted. A power cut in the middle of a checkpoint
// may leave any page of it half new, half old; the -wal makes it whole again, and until then
// nothing that such a page seems to say is believed.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/base/ids.hpp"
#include "core/base/result.hpp"
#include "edge/storage/store_file.hpp"
#include "platform/sqlite/sqlite.hpp"

namespace larder::edge {

struct MainFile {
  HubId hub;
  bool is_backup = false;
  bool is_running = false;
  std::string wal_origin;
  bool is_sealed = false;
  std::optional<Place> head;  // none: the newest events do not prove each other
};

// None: a checkpoint was broken off in what would say so, or the file is unreadable alone. With its
// -wal it is whole, and the chain says the rest.
std::optional<MainFile> read_main_file(const std::filesystem::path& file);

// Corrupt: the -wal that the main file speaks of is gone, damaged or another one. Before the file
// is opened for writing.
Result<void> check_wal(const std::filesystem::path& file, const std::optional<MainFile>& main);

// The same for a main file without a seal, which is of Larder 0.1.0 or else torn: `opened` (the
// file with its -wal) knows. Torn, it is believed nothing: `main` becomes none.
Result<void> believe(std::optional<MainFile>& main, sql::Connection& opened,
                     const std::filesystem::path& file);

// To be called in the transaction that changed a mark which MainFile holds: seals them together, so
// that a torn page is told from a whole one.
Result<void> seal_marks(sql::Connection& connection);

}  // namespace larder::edge
