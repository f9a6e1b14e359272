// CRC-32C (Castagnoli, as in iSCSI, RFC 3720): what a message's checksum and a store's partition
// are taken with.
#pragma once

#include <cstdint>
#include <string_view>

namespace larder {

std::uint32_t crc32c(std::string_view bytes);

}  // namespace larder
