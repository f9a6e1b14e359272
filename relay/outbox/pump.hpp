// OutboxPump: carries what the shards' transactions left in their outboxes to the bus, over all
// databases. Life: from start to shutdown of the relay; before its Bus and Shards go. Thread: the
// loop. Limits: those of a lane, times the databases.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "relay/app/ports.hpp"
#include "relay/outbox/lane.hpp"
#include "relay/outbox/options.hpp"

namespace larder::relay {

class OutboxPump {
 public:
  // How often tick() is wanted.
  static constexpr Duration kTick{50'000};

  OutboxPump(Shards& shards, Bus& bus, Clock& clock, Telemetry& telemetry,
             const OutboxOptions& options = {});

  void tick();
  // A group was committed to this database: what it left is sent at once, not at the next tick.
  void wake(std::size_t database);
  // A DEAD row of this database was sent back to INIT.
  void look_again(std::size_t database);
  // All lanes together.
  OutboxCounts counts() const;

 private:
  std::vector<std::unique_ptr<OutboxLane>> lanes_;
};

}  // namespace larder::relay
