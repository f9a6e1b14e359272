// What is shown about a store, kept in memory from what its hub says and from what was committed
// here. Values; nothing in them decides anything.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"

namespace larder::relay {

struct StoreView {
  StoreId store;
  HubId hub;
  Epoch epoch = 0;
  Seq up_to = 0;             // durable here
  Seq hub_head = 0;          // the last event of the hub that we have heard of
  std::uint64_t behind = 0;  // events that are at the hub and not yet durable here
  bool is_live = false;      // its hub is there, as far as presence, hello and batches say
  TimePoint since;           // live or away since, by our clock; zero: never heard since our start
  // While it is behind: the hub's time of the oldest event that is not durable here, or of the one
  // before it when nothing later has come yet.
  std::optional<TimePoint> oldest_unsent_at;
  TimePoint last_event_at;              // the hub's time of the event at up_to
  TimePoint last_commit_at;             // ours
  std::string version;                  // of the hub's program
  std::optional<Duration> clock_ahead;  // the hub's wall clock less ours, at its last hello
  bool is_catching_up = false;          // drains what it queued while it was away
  bool is_frozen = false;
  std::string frozen_reason;
  std::uint64_t parked = 0;  // events that are set aside, kept raw
  // When its stock was last compared with its hub's, and how many differences were found since the
  // relay started.
  std::optional<TimePoint> reconciled_at;
  std::uint64_t differences = 0;
  Seq words_issued = 0;
  Seq words_applied = 0;  // by an event of the hub
  std::uint64_t words_outstanding() const {
    return words_issued > words_applied ? words_issued - words_applied : 0;
  }
};

// All stores counted.
struct EstateView {
  std::size_t stores = 0, live = 0, catching_up = 0, frozen = 0;
  std::uint64_t behind = 0;  // events, over all stores
  std::uint64_t words_outstanding = 0;
};

struct StoresQuery {
  enum class Only { All, Away, Behind, Frozen };
  Only only = Only::All;
  std::string prefix;  // of the store's id
  StoreId after;       // in order of id; empty: from the first
  std::size_t limit = 200;
};

struct ShardHealth {
  std::size_t database = 0;
  bool is_up = false;
  std::string why;          // when it is not
  std::size_t waiting = 0;  // jobs on their way to it
};
struct Health {
  bool is_stopping = false;
  bool inlet_up = false;      // subscribed at the broker
  std::string inlet_why;      // when it is not
  bool marks_loaded = false;  // every database has told how far its stores are
  std::vector<ShardHealth> shards;
  // Ready to take events and to answer.
  bool is_ready() const {
    bool good = !is_stopping && inlet_up && marks_loaded;
    for (const ShardHealth& shard : shards) good = good && shard.is_up;
    return good;
  }
};

}  // namespace larder::relay
