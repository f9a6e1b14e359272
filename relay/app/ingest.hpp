// Ingest: the way of the batches into one database. A bounded queue per store, stores in two lanes,
// groups in turn: the live lane whole before the catch-up lane, round robin over the stores of a
// lane. A group forms while the one before commits; there is no timer. Life: from start to the end
// of the shards' threads, which call back into it. Thread: the loop.
// Limits: RelaySettings::queue_batches_max and queue_bytes_max; kGroupEventsMax, kGroupBytesMax.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "relay/app/streams.hpp"

namespace larder::relay {

class Ingest {
 public:
  struct Ends {
    // In the order of the group.
    std::function<void(StoreStream&, const StoreBatch&, const BatchOutcome&)> committed;
    // This batch alone cannot be committed, and it is not the database's fault.
    std::function<void(StoreStream&, const StoreBatch&, const Error&)> poisoned;
    // A group is done: what waited for room may be looked at again.
    std::function<void()> moved;
  };
  struct Ports {
    Clock& clock;
    Shards& shards;
    Telemetry& telemetry;
    Streams& streams;
  };
  Ingest(std::size_t database, const RelaySettings& settings, Ports ports, Ends ends);
  Ingest(const Ingest&) = delete;
  Ingest& operator=(const Ingest&) = delete;

  // False when there is no room: nothing was taken.
  bool offer(StoreStream& stream, QueuedBatch batch);
  // What is queued of this store and not yet being committed is dropped.
  void forget(StoreStream& stream);
  void tick();  // tries a failed commit again

  std::size_t queued() const { return queued_; }  // batches, those being committed included
  // For how many there is room, by their number and by their usual bytes: what credit is made of.
  std::size_t free_batches() const;
  bool is_over_mark() const;
  bool is_up() const { return why_down_.empty(); }
  const std::string& why_down() const { return why_down_; }
  bool is_idle() const { return !group_ && queued_ == 0; }

 private:
  using Group = std::shared_ptr<std::vector<StoreBatch>>;
  struct Lane {
    std::deque<StoreStream*> turns;
  };

  void place(StoreStream& stream);
  Group next_group();
  void take(Lane& lane, std::size_t events_max, std::vector<StoreBatch>& group);
  std::size_t catch_up_events_max() const;
  void commit_next();
  void launch();
  void ended(Result<std::vector<BatchOutcome>> outcomes);
  void succeeded(const std::vector<BatchOutcome>& outcomes);
  void failed(const Error& error);
  void part_group(const Error& error);

  std::size_t database_;
  const RelaySettings& settings_;
  Ports ports_;
  Ends ends_;
  Lane live_, catch_up_;
  std::size_t queued_ = 0;
  std::size_t queued_bytes_ = 0;
  std::size_t group_events_ = 0, group_bytes_ = 0;  // of the group being made
  Group group_;                                     // being committed, or to be tried again
  bool is_committing_ = false;
  std::deque<StoreBatch> singles_;  // of a group that failed for one of its batches
  Duration launched_at_;
  std::int64_t nanos_per_event_ = 20'000;  // of the last groups
  std::string why_down_;
  Duration again_at_, backoff_;
};

}  // namespace larder::relay
