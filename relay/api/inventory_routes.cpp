// GET /inventory: the stock records of the estate's contract. `warehouseId` is the store.
#include <algorithm>
#include <memory>

#include "relay/api/json_of.hpp"
#include "relay/api/limits.hpp"
#include "relay/api/members.hpp"
#include "relay/api/router.hpp"

namespace larder::relay {

namespace {

// "a,b,c", each an id.
Result<std::vector<SkuId>> skus_of(const Call& call) {
  const std::string text = call.query_text("skuIds").value_or("");
  std::vector<SkuId> skus;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(','), rest.size());
    const std::string_view one = rest.substr(0, end);
    const bool ends_with_comma = end + 1 == rest.size();
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (!is_id(one) || ends_with_comma || skus.size() >= kSkusAskedMax) {
      skus.clear();
      break;
    }
    skus.emplace_back(std::string(one));
  }
  if (!skus.empty()) return skus;
  return Refused(wrong_field("skuIds", "must be 1 to 50 ids, parted by commas"));
}

// All records of several SKUs, gathered answer by answer.
struct Gathering {
  CallPtr call;
  std::vector<SkuId> left;
  std::vector<StockRecord> records;
};

void gather(const std::shared_ptr<Gathering>& gathering) {
  if (gathering->left.empty()) {
    return gathering->call->answer(list_json(gathering->records, put_inventory));
  }
  const SkuId sku = gathering->left.back();
  gathering->left.pop_back();
  gathering->call->rooms.desk.stock_of_sku(
      sku, kStoresOfSkuMax, [gathering](Result<std::vector<StockRecord>> part) {
        if (!part) return gathering->call->refuse(part.error());
        for (StockRecord& record : *part) {
          if (!gathering->call->caller.account.may_see(record.store)) continue;
          gathering->records.push_back(std::move(record));
        }
        gather(gathering);
      });
}

void answer_of_store(const CallPtr& call, const StoreId& store, std::vector<SkuId> skus) {
  call->rooms.desk.stock(store, [call, skus](Result<std::vector<StockRecord>> all) {
    if (!all) return call->refuse(all.error());
    std::erase_if(*all, [&skus](const StockRecord& record) {
      return std::find(skus.begin(), skus.end(), record.sku) == skus.end();
    });
    call->answer(list_json(*all, put_inventory));
  });
}

}  // namespace

void get_inventory_of_sku(const CallPtr& call) {
  const std::string store = call->query_text("warehouseId").value_or("");
  if (!is_id(store)) {
    return call->refuse(wrong_field("warehouseId", kIdRule));
  }
  if (!is_id(call->params[0])) return call->refuse(wrong_field("skuId", kIdRule));
  if (!call->may_see(StoreId(store))) return;
  call->rooms.desk.stock_of(
      StoreId(store), SkuId(call->params[0]), [call](Result<std::optional<StockRecord>> found) {
        if (!found) return call->refuse(found.error());
        if (*found) return call->answer(one_json(**found, put_inventory));
        call->refuse({Code::NotFound, "this store has no stock record of that SKU"});
      });
}

void get_inventory(const CallPtr& call) {
  auto skus = skus_of(*call);
  if (!skus) return call->refuse(skus.error());
  if (const auto store = call->query_text("warehouseId")) {
    if (!is_id(*store)) return call->refuse(wrong_field("warehouseId", kIdRule));
    if (!call->may_see(StoreId(*store))) return;
    return answer_of_store(call, StoreId(*store), std::move(*skus));
  }
  // From the back, so that the answer is in the order that was asked.
  std::reverse(skus->begin(), skus->end());
  gather(std::make_shared<Gathering>(
      Gathering{.call = call, .left = std::move(*skus), .records = {}}));
}

}  // namespace larder::relay
