// What changes a stock record from outside: an adjustment by an ADMIN, which goes down to the store
// as a count, and the cached figure taken anew.
#include <algorithm>
#include <charconv>

#include "core/ledger/commands.hpp"
#include "relay/api/json_of.hpp"
#include "relay/api/limits.hpp"
#include "relay/api/members.hpp"
#include "relay/api/router.hpp"
#include "relay/api/word_desk.hpp"

namespace larder::relay {

namespace {

struct Adjustment {
  StoreId store;
  SkuId sku;
  std::optional<Quantity> available;  // what can be sold anywhere, from now on
  std::optional<std::int64_t> delta;  // in tenths, more or less of it
};

// "-2.5" -> -25.
std::optional<std::int64_t> signed_tenths(const Json& json) {
  std::string text;
  if (const auto* whole = json.as<std::int64_t>()) text = std::to_string(*whole);
  if (const auto* decimal = json.as<Decimal>()) text = decimal->text;
  const bool is_less = text.starts_with('-');
  const auto quantity = Quantity::parse(std::string_view(text).substr(is_less ? 1 : 0));
  if (!quantity) return std::nullopt;
  return is_less ? -quantity->in_tenths() : quantity->in_tenths();
}

Result<Adjustment> read_adjustment(const Json& json) {
  Members members(json);
  Adjustment wanted;
  wanted.store = StoreId(members.id("warehouseId"));
  wanted.sku = SkuId(members.id("skuId"));
  wanted.available = members.quantity_if("availableQty");
  if (const Json* delta = members.value_if("delta")) {
    wanted.delta = signed_tenths(*delta);
    if (!wanted.delta) members.wrong("delta", "must be a number with at most one decimal");
  }
  if (wanted.available.has_value() == wanted.delta.has_value()) {
    members.wrong("availableQty", "or delta, one of both, is needed");
  }
  if (auto done = members.finish(); !done) return pass_on(done);
  return wanted;
}

// What the store would have to find on its shelf for that; what is leased is part of it.
Result<Quantity> shelf_of(const StockRecord& record, const Adjustment& wanted) {
  const std::int64_t here = record.level.available.in_tenths();
  const std::int64_t there = record.relay_available.in_tenths();
  const std::int64_t delta =
      wanted.delta ? *wanted.delta : wanted.available->in_tenths() - here - there;
  const std::int64_t found = here + record.level.leased.in_tenths() + delta;
  if (found < 0 || found > kQuantityTenthsMax) {
    return refuse(Code::BadQuantity, "delta: would leave less than nothing, or too much");
  }
  return Quantity::tenths(found);
}

// The same of it under the same key is the same change, however the figures have moved.
std::string text_of(const Adjustment& wanted) {
  const std::string to = wanted.delta ? "delta " + std::to_string(*wanted.delta)
                                      : "available " + wanted.available->text();
  return "adjust " + wanted.sku.text() + " " + to;
}

}  // namespace

// Based on the number that the figure was read at: a store that has moved on since says so (409).
void post_adjust(const CallPtr& call) {
  const auto wait = call->query_wait();
  if (!wait) return call->refuse(wait.error());
  const auto body = call->json();
  if (!body) return call->refuse(body.error());
  const auto wanted = read_adjustment(*body);
  if (!wanted) return call->refuse(wanted.error());
  auto id = word_id_of(*call);
  if (!id) return call->refuse(id.error());
  if (!is_store_here(*call, wanted->store)) return;
  call->rooms.desk.stock_of(
      wanted->store, wanted->sku,
      [call, wanted = *wanted, id = *id,
       wait = *wait](const Result<std::optional<StockRecord>>& record) {
        if (!record) return call->refuse(record.error());
        if (!*record) {
          return call->refuse({Code::NotFound, "this store has no stock record of that SKU"});
        }
        const auto found = shelf_of(**record, wanted);
        if (!found) return call->refuse(found.error());
        const TimePoint at = std::max(call->rooms.clock.now(), (*record)->as_of_at);
        const Command count = CountStock{wanted.sku, *found, (*record)->as_of, at};
        NewWord word = word_of(*call, wanted.store, count, id, std::nullopt);
        word.asked = text_of(wanted);
        issue_all(call, {std::move(word)}, wait, [call](const std::vector<IssuedWord>& words) {
          call->answer(one_json(words.front(), put_word));
        });
      });
}

void post_sync(const CallPtr& call) {
  const std::string store = call->query_text("warehouseId").value_or("");
  if (!is_id(store)) return call->refuse(wrong_field("warehouseId", kIdRule));
  if (!is_id(call->params[0])) return call->refuse(wrong_field("skuId", kIdRule));
  if (!call->may_see(StoreId(store))) return;
  const SkuId sku(call->params[0]);
  call->rooms.desk.rebuild(StoreId(store), sku, [call, store, sku](const Result<void>& rebuilt) {
    if (!rebuilt) return call->refuse(rebuilt.error());
    get_inventory_of_sku(call);
  });
}

}  // namespace larder::relay
