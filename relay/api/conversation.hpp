// Conversation: one connection, request after request. Loop thread. Private to this room: the one
// file that speaks Beast is conversation.cpp.
//
//   Idle -> Head -> Body -> Waiting for the Site -> Writing -> Idle ...
//                                                  \-> Lingering -> gone
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "relay/api/http.hpp"
#include "relay/api/limits.hpp"

namespace larder {
class Loop;
}

namespace larder::relay {

class Conversation {
 public:
  using Id = std::uint64_t;
  virtual ~Conversation() = default;
  virtual void start() = 0;
  // Since when nothing is asked; none in the middle of a request.
  virtual std::optional<std::chrono::steady_clock::time_point> idle_since() const = 0;
  // Ends after the request under way.
  virtual void wind_down() = 0;
  virtual void cut() = 0;
};

// Where conversations live.
class Hall {
 public:
  virtual ~Hall() = default;
  virtual Site& site() = 0;
  virtual const ApiLimits& limits() const = 0;
  virtual void gone(Conversation::Id id) = 0;
};

// Takes ownership of the socket `fd`.
std::shared_ptr<Conversation> make_conversation(Loop& loop, Hall& hall, Conversation::Id id, int fd,
                                                bool ip6, std::string address);

}  // namespace larder::relay
