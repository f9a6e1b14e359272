// The stock of a store set beside its hub's: compared when a person asks, and what was ever found.
#include "relay/api/json_of.hpp"
#include "relay/api/router.hpp"
#include "relay/api/word_desk.hpp"

namespace larder::relay {

namespace {

void put_difference(JsonWriter& out, const StockDifference& difference) {
  out.begin_object().member("store", difference.store.text());
  out.member("sku", difference.sku.text()).member("what", difference.what);
  out.member("cause", difference.cause).member("epoch", difference.epoch);
  out.member("seq", difference.seq);
  put_time(out, "found_at", difference.found_at);
  out.member("is_repaired", difference.is_repaired).member("by", difference.by);
  out.end_object();
}

void put_differences(JsonWriter& out, const std::vector<StockDifference>& differences) {
  out.key("differences").begin_array();
  for (const StockDifference& each : differences) put_difference(out, each);
  out.end_array();
}

void put_reconciliation(JsonWriter& out, const Reconciliation& made) {
  out.begin_object().member("store", made.store.text()).member("epoch", made.epoch);
  out.member("seq", made.seq).member("skus", made.skus).member("moving", made.moving);
  out.member("is_equal", made.is_equal).member("unanswered", made.unanswered);
  put_differences(out, made.differences);
  out.end_object();
}

}  // namespace

void post_reconcile(const CallPtr& call) {
  const StoreId store(call->params[0]);
  if (!is_store_here(*call, store)) return;
  call->rooms.desk.reconcile(store, "hq:" + call->caller.account.name,
                             [call](const Result<Reconciliation>& made) {
                               if (!made) return call->refuse(made.error());
                               call->answer(one_json(*made, put_reconciliation));
                             });
}

void get_differences(const CallPtr& call) {
  const StoreId store(call->params[0]);
  if (!is_store_here(*call, store)) return;
  call->rooms.desk.differences(store, [call](const Result<std::vector<StockDifference>>& found) {
    if (!found) return call->refuse(found.error());
    JsonWriter out;
    out.begin_object();
    put_differences(out, *found);
    out.end_object();
    call->answer(out.text());
  });
}

}  // namespace larder::relay
