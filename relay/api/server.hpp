// HttpServer: HTTP/1.1 on one port. Lives on the loop thread; made after the Loop and the Site,
// gone before them, and only after stop() has said so or the loop has ended. One request at a time
// per connection; what a client pipelines waits in its socket. Every request is answered: by the
// Site, or with 503 when it has not answered within ApiLimits::answer_timeout. Limits: ApiLimits.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "core/base/result.hpp"
#include "relay/api/http.hpp"
#include "relay/api/limits.hpp"

namespace larder {
class Loop;
}

namespace larder::relay {

class HttpServer {
 public:
  HttpServer(Loop& loop, ApiLimits limits, Site& site);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // BadConfig or Unavailable, with the reason in words. Port 0: the kernel chooses.
  Result<void> start(const std::string& address, std::uint16_t port);
  // The port listened on; 0 before start().
  std::uint16_t port() const;
  std::size_t connections() const;
  // No new connections or requests; `stopped` is called from the loop once all are gone, at the
  // latest ApiLimits::drain later.
  void stop(std::function<void()> stopped);

 private:
  class Parts;
  std::shared_ptr<Parts> parts_;
};

}  // namespace larder::relay
