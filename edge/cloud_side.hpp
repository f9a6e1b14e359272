// CloudSide: the uplink of a hub as its config says it, wired: link, pump, timers. Life: with the
// run of the hub, on the network thread; made once the hub has its epoch.
#pragma once

#include <memory>
#include <string>

#include "core/base/ids.hpp"
#include "core/base/result.hpp"
#include "edge/app/hub.hpp"
#include "edge/app/ports.hpp"
#include "edge/ops/config.hpp"
#include "edge/uplink/paho_link.hpp"
#include "edge/uplink/uplink.hpp"
#include "platform/loop/loop.hpp"

namespace larder::edge {

struct CloudSideParts {
  Loop& loop;
  Clock& clock;
  Telemetry& telemetry;
  Hub& hub;
};

class CloudSide {
 public:
  // BadConfig when the password cannot be read, or a credential was not given. `acked`: what the
  // store file remembers.
  static Result<std::unique_ptr<CloudSide>> start(const Config& config, const HubId& hub_id,
                                                  const std::string& version, Seq acked,
                                                  CloudSideParts parts);
  void stop() { uplink_.stop(); }
  CloudState state() const { return uplink_.state(); }

 private:
  CloudSide(PahoLinkConfig config, UplinkSelf self, Seq acked, CloudSideParts parts);

  CloudSideParts parts_;
  PahoLink link_;
  Uplink uplink_;
  std::unique_ptr<Loop::Ticker> ticker_;
};

}  // namespace larder::edge
