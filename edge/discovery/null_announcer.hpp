// NullAnnouncer: the Announcer of a hub whose config says mdns = false.
#pragma once

#include "edge/app/ports.hpp"

namespace larder::edge {

class NullAnnouncer final : public Announcer {
 public:
  void announce(const Announcement&) override {}
  std::string state() const override { return "off"; }
};

}  // namespace larder::edge
