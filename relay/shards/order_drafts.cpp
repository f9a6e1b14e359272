#include "relay/shards/order_drafts.hpp"

#include <utility>

#include "lan-protocol/codec.hpp"

namespace larder::relay {
namespace {

std::string_view wire_state(const OrderDraft& draft) {
  return draft.state ? wire_name(*draft.state) : std::string_view();
}

void bind_placed(sql::Statement& put, const OrderDraft& draft) {
  const OrderDraft::Placed& placed = *draft.placed;
  put.bind(4, placed.day.yyyymmdd).bind(5, placed.number);
  put.bind_text(6, wire_name(placed.channel)).bind_text(7, wire_name(placed.service));
  put.bind_text(8, wire_state(draft)).bind(9, draft.is_paid ? 1 : 0).bind_text(10, draft.reason);
  put.bind(11, placed.total_minor).bind(12, draft.total_minor.value_or(placed.total_minor));
  put.bind(13, static_cast<std::int64_t>(placed.seq));
  put.bind(14, static_cast<std::int64_t>(draft.last_seq));
  put.bind(15, placed.at.micros).bind(16, draft.at.micros);
  put.bind_text(17, placed.external).bind_text(18, placed.source);
}

void bind_change(sql::Statement& put, const OrderDraft& draft) {
  put.bind_text(4, wire_state(draft)).bind(5, draft.is_paid ? 1 : 0).bind_text(6, draft.reason);
  put.bind(7, draft.total_minor ? 1 : 0).bind(8, draft.total_minor.value_or(0));
  put.bind(9, static_cast<std::int64_t>(draft.last_seq)).bind(10, draft.at.micros);
}

}  // namespace

OrderDraft& OrderDrafts::touch(const OrderId& order, Seq seq, TimePoint at) {
  OrderDraft& draft = drafts_[order.text()];
  draft.last_seq = seq;
  draft.at = at;
  return draft;
}

bool OrderDrafts::has_placed(const OrderId& order) const {
  const auto known = drafts_.find(order.text());
  return known != drafts_.end() && known->second.placed;
}

Result<void> OrderDrafts::write(OrderTables& tables, unsigned bucket, const StoreId& store) {
  const auto drafts = std::exchange(drafts_, {});
  for (const auto& [order, draft] : drafts) {
    sql::Statement& put = draft.placed ? tables.place : tables.change;
    put.bind(1, bucket).bind_text(2, store.text()).bind_text(3, order);
    draft.placed ? bind_placed(put, draft) : bind_change(put, draft);
    auto written = put.run();
    if (!written) return written;
  }
  return {};
}

}  // namespace larder::relay
