// What a hub does once in its life, or once after a restore: an epoch of its own, and a first
// admin.
#pragma once

#include <filesystem>
#include <string>

#include "core/base/result.hpp"
#include "edge/app/hub.hpp"
#include "edge/app/ports.hpp"

namespace larder::edge {

// Begins an epoch when there is none or the file was restored.
Result<void> begin_epoch(Hub& hub, const Recovered& recovered);

// Makes <data>/admin.token (0600) and the device "admin" when either is missing. StorageFault when
// the file cannot be written.
Result<void> ensure_admin(Hub& hub, const std::filesystem::path& data_dir);

// Writes `text` as a whole or not at all, readable by the owner alone when `secret`.
Result<void> write_file(const std::filesystem::path& file, const std::string& text, bool secret);

}  // namespace larder::edge
