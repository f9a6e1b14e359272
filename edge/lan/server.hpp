// LanServer: HTTP and WebSocket for the store's screens, on one port. Lives on the network thread;
// made after the Loop and the Gate, gone before them, and only after stop() has said so or the loop
// has ended. Everything it knows of the hub is the Gate.
// Limits: LanLimits; the Door decides who goes when there are too many.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "core/base/result.hpp"
#include "edge/app/gate.hpp"
#include "edge/lan/lan_config.hpp"

namespace larder {
class Loop;
}

namespace larder::edge {

class LanServer {
 public:
  LanServer(Loop& loop, LanConfig config, Gate& gate);
  ~LanServer();
  LanServer(const LanServer&) = delete;
  LanServer& operator=(const LanServer&) = delete;

  // Reads the web root and listens. BadConfig or Unavailable, with the reason in words.
  Result<void> start();
  // The port listened on; 0 before start().
  std::uint16_t port() const;
  std::size_t connections() const;
  // No new connections; the others get what is queued and a close frame 1001. `stopped` is called
  // once all are gone, at the latest LanLimits::drain later, from the loop.
  void stop(std::function<void()> stopped);

 private:
  class Parts;
  std::shared_ptr<Parts> parts_;
};

}  // namespace larder::edge
