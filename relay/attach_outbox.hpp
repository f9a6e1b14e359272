// The outbox's parts of the relay, wired: the in-process bus, its shelf and the pump. Life: from
// start to shutdown, gone before the shards and the loop. Thread: the loop.
#pragma once

#include <filesystem>
#include <memory>

#include "platform/loop/loop.hpp"
#include "relay/app/ports.hpp"
#include "relay/outbox/pump.hpp"

namespace larder::relay {

class AttachedOutbox {
 public:
  virtual ~AttachedOutbox() = default;
  virtual OutboxPump& pump() = 0;
};

// Opens `data`/bus.db and begins to send.
Result<std::unique_ptr<AttachedOutbox>> attach_outbox(Loop& loop, Shards& shards, Clock& clock,
                                                      Telemetry& telemetry,
                                                      const std::filesystem::path& data);

}  // namespace larder::relay
