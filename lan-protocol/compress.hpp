// Bytes made smaller and whole again (zstd, level 3). Any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace larder {

std::string compress(std::string_view bytes);
// Corrupt when it is no whole zstd frame or does not give exactly `raw_bytes` bytes; nothing larger
// is ever allocated.
Result<std::string> decompress(std::string_view bytes, std::size_t raw_bytes);

}  // namespace larder
