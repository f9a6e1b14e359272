// SqliteShard::Repairing: one repair of events that were set aside, while its transaction lasts.
#pragma once

#include "relay/shards/sqlite_shard.hpp"

namespace larder::relay {

struct SqliteShard::Repairing {
  const ParkedRepair& repair;
  const Place& place;
  StreamMark mark;  // as it will be
  RepairOutcome outcome;
  TimePoint now;

  // ?1 to ?4: the event's bucket, store, number and epoch.
  sql::Statement& keyed(sql::Statement& statement, const ParkedPlace& at) const {
    statement.bind(1, place.bucket).bind_text(2, repair.store.text());
    return statement.bind(3, static_cast<std::int64_t>(at.seq)).bind(4, at.epoch);
  }
};

}  // namespace larder::relay
