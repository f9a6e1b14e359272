// Api: the relay over HTTP: the estate's routes, HQ's routes and HQ's page. Lives on the loop
// thread; made after the Loop, the Desk and the Clock, gone before them, and only after stop() has
// said so or the loop has ended. What it knows of the relay is the Desk.
// Limits: ApiLimits.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "core/base/result.hpp"
#include "relay/api/limits.hpp"
#include "relay/app/desk.hpp"

namespace larder {
class Loop;
}

namespace larder::relay {

struct ApiConfig {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;      // 0: the kernel chooses
  std::string data_dir;        // accounts.json and, at first, admin.password
  std::string web_root;        // the folder that holds hq/ and order/; empty: no pages
  bool secure_cookie = false;  // browsers reach this relay by https only
  bool storefront = false;     // guests may order here; payments are simulated
  ApiLimits limits;
};

class Api {
 public:
  Api(Loop& loop, ApiConfig config, Desk& desk, Clock& clock, Telemetry& telemetry);
  ~Api();
  Api(const Api&) = delete;
  Api& operator=(const Api&) = delete;

  // Reads the accounts and the pages, and listens; blocking, before the loop runs. Forbidden,
  // Corrupt, StorageFault, BadConfig or Unavailable, with the reason in words.
  Result<void> start();
  // The port listened on; 0 before start().
  std::uint16_t port() const;
  // `stopped` is called from the loop once every answer is out.
  void stop(std::function<void()> stopped);

 private:
  class Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace larder::relay
