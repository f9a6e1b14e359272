#include "lan-protocol/compress.hpp"

#include <zstd.h>

#include <memory>

namespace larder {
namespace {

constexpr int kLevel = 3;

struct FreeSqueezer {
  void operator()(ZSTD_CCtx* context) const noexcept { ZSTD_freeCCtx(context); }
};

}  // namespace

std::string compress(std::string_view bytes) {
  // Made once per thread: a context is 1 MB, and making one costs more than a small batch.
  thread_local const std::unique_ptr<ZSTD_CCtx, FreeSqueezer> context(ZSTD_createCCtx());
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  const std::size_t size =
      ZSTD_compressCCtx(context.get(), out.data(), out.size(), bytes.data(), bytes.size(), kLevel);
  if (ZSTD_isError(size) != 0) return {};
  out.resize(size);
  return out;
}

Result<std::string> decompress(std::string_view bytes, std::size_t raw_bytes) {
  std::string out(raw_bytes, '\0');
  const std::size_t size = ZSTD_decompress(out.data(), out.size(), bytes.data(), bytes.size());
  if (ZSTD_isError(size) != 0 || size != raw_bytes) {
    return refuse(Code::Corrupt, "the compressed part is broken");
  }
  return out;
}

}  // namespace larder
