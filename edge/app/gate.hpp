// Gate: what the LAN room may ask of the hub. All calls on the network thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "edge/app/ports.hpp"

namespace larder::edge {

using SessionKey = std::uint64_t;

struct HttpAnswer {
  int status = 200;
  std::string content_type = "application/json";
  Bytes body;
};

class Gate {
 public:
  virtual ~Gate() = default;
  // A WebSocket is open. The hub sends hello at once. `session` must outlive the call to closed().
  virtual SessionKey opened(Session& session, const std::string& address) = 0;
  virtual void closed(SessionKey key) = 0;
  // One whole text message, valid UTF-8, at most kFrameBytesMax.
  virtual void received(SessionKey key, std::string_view text) = 0;
  // True once the client has authenticated (for the pre-auth limits and the 5 s rule).
  virtual bool is_authenticated(SessionKey key) const = 0;

  virtual HttpAnswer health() = 0;
  virtual HttpAnswer metrics() = 0;
  // POST /v1/menu. `answer` is called once, on the network thread, possibly later.
  virtual void import_menu(const std::string& bearer, const std::string& command_id,
                           std::string body, std::function<void(HttpAnswer)> answer) = 0;
  // Something was refused before the hub saw it (bad HTTP, limits); counted by this short reason,
  // e.g. "http_431".
  virtual void count_refusal(std::string_view reason) = 0;
};

}  // namespace larder::edge
