// OrderDrafts: what a batch's events say of orders, gathered so that each order's row is written
// once however many of its events the batch holds. Only the last word of each figure is kept: every
// event sets, none adds. Life: that of the batch's EventRows, inside its transaction.
// Limits: one draft per order of the batch.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "core/ledger/events.hpp"
#include "relay/shards/tables.hpp"

namespace larder::relay {

struct OrderDraft {
  // Of an order whose placing is in the batch; of another the row is there.
  struct Placed {
    BusinessDay day;
    std::uint32_t number = 0;
    Channel channel{};
    Service service{};
    std::int64_t total_minor = 0;
    Seq seq = 0;
    TimePoint at;
    std::string external, source;  // of one that was sold online: its number there, and where
  };
  std::optional<Placed> placed;
  std::optional<OrderState> state;
  std::optional<std::int64_t> total_minor;
  bool is_paid = false;
  std::string reason;  // empty: as it was
  Seq last_seq = 0;
  TimePoint at;  // of the last event
};

class OrderDrafts {
 public:
  // What is known of the order so far in this batch, to be added to by the event `seq` of `at`.
  OrderDraft& touch(const OrderId& order, Seq seq, TimePoint at);
  // The order was placed in this batch already: its row must be written before another is begun.
  bool has_placed(const OrderId& order) const;
  // Writes all and forgets it, also when that failed. ?1 and ?2 of the statements are `bucket` and
  // `store`.
  Result<void> write(OrderTables& tables, unsigned bucket, const StoreId& store);
  void forget() { drafts_.clear(); }

 private:
  std::map<std::string, OrderDraft> drafts_;  // by id: neighbours in the table stay neighbours
};

}  // namespace larder::relay
