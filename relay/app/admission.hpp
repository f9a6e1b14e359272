// Admission: who may send how much. Credit is counted in batches and comes out of one budget per
// database: clamp(free places / active stores, 0, 64). A live store is always granted at least one,
// unless nothing is taken at all; a store that drains what it queued while it was away needs a
// place in a limited pool first, and gets nothing while the queue is over its mark.
// Life: from start to shutdown. Thread: the loop.
#pragma once

#include <cstdint>
#include <deque>
#include <unordered_map>
#include <vector>

#include "relay/app/ingest.hpp"

namespace larder::relay {

class Admission {
 public:
  Admission(const RelaySettings& settings, std::size_t databases);
  Admission(const Admission&) = delete;
  Admission& operator=(const Admission&) = delete;

  // It sent something.
  void heard(StoreStream& stream, Duration now);
  void catches_up(StoreStream& stream);  // waits for a place when there is none
  void is_current(StoreStream& stream);  // gives its place back
  std::uint16_t credit(const StoreStream& stream, const Ingest& ingest) const;
  // The last Ack granted nothing: it is looked at again when there is room.
  void paused(StoreStream& stream);
  // Some of those that were paused, for which an Ack is due now if their credit has changed.
  std::vector<StoreStream*> take_paused(std::size_t limit);
  void tick(Duration now);  // who is silent is not active and keeps no place
  std::size_t admitted() const { return admitted_; }

 private:
  void admit_next();

  Duration now_;  // of the last call that said it
  std::size_t catch_up_stores_max_;
  std::unordered_map<StoreStream*, Duration> recent_;  // heard last
  std::vector<std::size_t> active_;                    // by database
  std::size_t admitted_ = 0;
  std::deque<StoreStream*> waiting_;  // for a place
  std::deque<StoreStream*> paused_;
};

}  // namespace larder::relay
