#include "relay/outbox/pump.hpp"

namespace larder::relay {

OutboxPump::OutboxPump(Shards& shards, Bus& bus, Clock& clock, Telemetry& telemetry,
                       const OutboxOptions& options) {
  for (std::size_t i = 0; i < shards.databases(); ++i) {
    lanes_.push_back(std::make_unique<OutboxLane>(i, shards, bus, clock, telemetry, options));
  }
}

void OutboxPump::tick() {
  for (const auto& lane : lanes_) lane->tick();
}

void OutboxPump::wake(std::size_t database) { lanes_.at(database)->wake(); }

void OutboxPump::look_again(std::size_t database) { lanes_.at(database)->look_again(); }

OutboxCounts OutboxPump::counts() const {
  OutboxCounts all;
  for (const auto& lane : lanes_) {
    const OutboxCounts one = lane->counts();
    all.sent += one.sent;
    all.failed += one.failed;
    all.dead += one.dead;
    all.in_hand += one.in_hand;
    all.lines += one.lines;
    all.is_paused = all.is_paused || one.is_paused;
  }
  return all;
}

}  // namespace larder::relay
