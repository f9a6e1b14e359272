// Wire: one WebSocket connection to a hub, from connect to close; never used again after that.
// Thread: everything, callbacks included, on the Network's thread. on_closed comes exactly once,
// unless drop() came first. Limits: a hub's message is at most kMessageBytesMax.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "tools/client/network.hpp"

namespace larder::client {

inline constexpr std::size_t kMessageBytesMax = 64U * 1024 * 1024;

struct WireCallbacks {
  std::function<void()> on_open;  // the WebSocket handshake is done
  std::function<void(std::string_view text, Instant received)> on_text;
  std::function<void(std::uint16_t code, const std::string& why)> on_closed;  // code 0: no close
};

class Wire {
 public:
  static std::shared_ptr<Wire> open(Network& network, const std::string& host, std::uint16_t port,
                                    WireCallbacks callbacks);
  virtual ~Wire() = default;
  virtual void send(std::string text) = 0;
  // Says 1000 and hangs up once what is queued has left.
  virtual void close() = 0;
  // Forgets the callbacks and the socket at once.
  virtual void drop() = 0;
};

}  // namespace larder::client
