#include "lan-protocol/stock_books.hpp"

#include "lan-protocol/codec.hpp"
#include "lan-protocol/digest.hpp"
#include "lan-protocol/shapes.hpp"

namespace larder {

StockLevel kept_level(StockLevel level) {
  level.unverified = false;
  if (level.type == StockType::Unlimited) level.available = Quantity();
  if (level.restore != RestoreRule::At) level.restore_at = TimePoint{};
  return level;
}

std::string level_mark(const SkuId& sku, const StockLevel& level) {
  const StockLevel kept = kept_level(level);
  if (kept == StockLevel{}) return {};
  JsonWriter out;
  write_level(out, sku, kept);
  return hex(sha256(out.text())).substr(0, 16);
}

void put(JsonWriter& out, const StockBooks& books) {
  out.begin_object().member("epoch", books.epoch).member("seq", books.seq);
  out.member("more", books.has_more).key("marks").begin_array();
  for (const StockMark& each : books.marks) {
    out.begin_object().member("sku", each.sku.text()).member("mark", each.mark).end_object();
  }
  out.end_array().key("levels").begin_array();
  for (const NamedLevel& each : books.levels) write_level(out, each.sku, each.level);
  out.end_array().end_object();
}

static void take(const Input& in, StockMark& out) {
  Fields(in).need("sku", out.sku).need("mark", out.mark).done();
}

void take(const Input& in, StockBooks& out) {
  Fields(in)
      .need("epoch", out.epoch)
      .need("seq", out.seq)
      .may("more", out.has_more)
      .may("marks", out.marks)
      .may("levels", out.levels)
      .done();
  if (out.marks.size() > kStockMarksMax) in.refuse(Code::TooLarge, "marks: too many");
  if (out.levels.size() > kStockLevelsMax) in.refuse(Code::TooLarge, "levels: too many");
}

}  // namespace larder
