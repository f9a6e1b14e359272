// KeptEvents: looks through one store's kept events for what came after one of them, and for its
// menus. Each look reads a part of the stream: for repairs and restores, not for every day.
// Life: inside one transaction. Thread: the worker of the database.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "lan-protocol/codec.hpp"
#include "relay/app/ports.hpp"
#include "relay/shards/tables.hpp"

namespace larder::relay {

class KeptEvents {
 public:
  using Match = std::function<bool(const Event&)>;
  // `table`: which of the sharded tables; `bucket`: of the store.
  KeptEvents(sql::Connection& connection, unsigned table, unsigned bucket, const StoreId& store)
      : connection_(connection), table_(table), bucket_(bucket), store_(store) {}

  // Whether an event after `seq` of `epoch` matches: one that was written (it is not set aside) and
  // that no later epoch has lost. Only events with `word` in their bytes are looked at.
  Result<bool> any_after(Epoch epoch, Seq seq, std::string_view word, const Match& match);
  // The events after it that no later epoch has lost and that have `word` in their bytes, set aside
  // or not, in order.
  Result<void> each_after(Epoch epoch, Seq seq, std::string_view word,
                          const std::function<Result<void>(const StampedEvent&)>& take);
  // The newest menu below `first` that was written and that no epoch has lost.
  Result<std::optional<StampedEvent>> menu_before(Seq first);
  // The newest menu from `first` on, lost or not.
  Result<std::optional<StampedEvent>> menu_from(Seq first);

 private:
  Result<std::optional<StampedEvent>> first_match(sql::Statement& rows, const Match& match);

  sql::Connection& connection_;
  unsigned table_, bucket_;
  const StoreId& store_;
};

}  // namespace larder::relay
