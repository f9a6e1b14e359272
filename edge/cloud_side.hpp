// CloudSide: the uplink of a hub as its config says it, wired: link, pump, timers; while the hub is
// in recovery a Rescue in its place. Life: with the run of the hub, on the network thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/result.hpp"
#include "edge/app/hub.hpp"
#include "edge/app/ports.hpp"
#include "edge/ops/config.hpp"
#include "edge/uplink/paho_link.hpp"
#include "edge/uplink/rescue.hpp"
#include "edge/uplink/uplink.hpp"
#include "platform/loop/loop.hpp"

namespace larder::edge {

struct CloudSideParts {
  Loop& loop;
  Clock& clock;
  Telemetry& telemetry;
  Hub& hub;
};

// Who speaks, and with what right.
struct CloudSelf {
  HubId hub;
  std::string version;
  std::string machine;  // machine_mark()
  std::string code;     // HQ's, to take a store over; empty: none
};

class CloudSide {
 public:
  // BadConfig when the password cannot be read, or a credential was not given. `acked`: what the
  // store file remembers.
  static Result<std::unique_ptr<CloudSide>> start(const Config& config, const CloudSelf& self,
                                                  Seq acked, CloudSideParts parts);
  ~CloudSide();
  void stop();
  CloudState state() const;

 private:
  CloudSide(PahoLinkConfig config, UplinkSelf self, Seq acked, CloudSideParts parts);
  void connect();
  void put_away();
  void tick();
  UplinkWorld world();

  CloudSideParts parts_;
  PahoLinkConfig config_;
  UplinkSelf self_;
  Seq acked_ = 0;
  // One of the two, on a link of its own.
  std::unique_ptr<PahoLink> link_;
  std::unique_ptr<Uplink> uplink_;
  std::unique_ptr<Rescue> rescue_;
  // Those before them: what they asked of the journal may still be answered to them.
  struct Former {
    std::unique_ptr<PahoLink> link;
    std::unique_ptr<Uplink> uplink;
    std::unique_ptr<Rescue> rescue;
  };
  std::vector<Former> former_;
  bool is_stopped_ = false;
  std::unique_ptr<Loop::Ticker> ticker_;
};

}  // namespace larder::edge
