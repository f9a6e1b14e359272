// StockBooks: what a hub says of its levels when the relay asks (UPLINK.md section 6), and the mark
// by which both sides tell whether they have the same of a SKU. Plain values.
#pragma once

#include <string>
#include <vector>

#include "core/base/ids.hpp"
#include "core/stock/level.hpp"

namespace larder {

inline constexpr std::size_t kStockMarksMax = 500;  // of one answer
inline constexpr std::size_t kStockLevelsMax = 20;  // of one answer: each may have many channels

// A level as both sides keep it. What only the hub knows of it, and what an unlimited SKU says
// without meaning it, is left out.
StockLevel kept_level(StockLevel level);
// 16 hex digits: the first 8 bytes of SHA-256 over the canonical LEVEL of kept_level(); empty of a
// SKU that nobody has counted, limited or marked.
std::string level_mark(const SkuId& sku, const StockLevel& level);

struct StockMark {
  SkuId sku;
  std::string mark;
  bool operator==(const StockMark&) const = default;
};
struct NamedLevel {
  SkuId sku;
  StockLevel level;
  bool operator==(const NamedLevel&) const = default;
};

// As they were after event `seq` of `epoch`, which is on the hub's disk.
struct StockBooks {
  Epoch epoch = 0;
  Seq seq = 0;
  std::vector<StockMark> marks;    // in order of SKU; those without a mark are left out
  bool has_more = false;           // behind the last of `marks`
  std::vector<NamedLevel> levels;  // of the SKUs that were asked for
  bool operator==(const StockBooks&) const = default;
};

}  // namespace larder
