// One database of the relay on disk: `jiaoyi_product_<n>.db`. Made whole under another name first;
// opened for this process alone, pragmas set and asserted, schema checked. Thread: one at a time.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "platform/sqlite/sqlite.hpp"
#include "relay/app/bucket.hpp"

namespace larder::relay {

std::string shard_file_name(std::size_t database);

// Makes the file when it is absent. Locked: another process has it. Corrupt, NewerSchema: left as
// it is.
Result<sql::Connection> open_shard(const std::filesystem::path& directory, std::size_t database);

// The map as the database has it; empty when nobody has written one. Corrupt: not all buckets.
Result<std::vector<ShardPlace>> read_map(sql::Connection& connection);
Result<void> write_map(sql::Connection& connection, const BucketMap& map);

}  // namespace larder::relay
