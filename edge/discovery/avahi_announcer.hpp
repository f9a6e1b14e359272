// AvahiAnnouncer: announces the hub through avahi-daemon, for as long as it lives. A thread of its
// own (avahi_threaded_poll) does all the talking; announce() and state() may be called on any
// thread. Nothing here is fatal: without a system bus, without the daemon, or when either of them
// dies, it waits and tries again (1 s, doubled up to 60 s), and the hub serves on. mDNS finds hubs;
// whether one is alive is the heartbeat's to say (docs/adr/0007-mdns-is-a-hint.md).
// Destruction says goodbye on the network and joins the thread; D-Bus may hold it up when the bus
// itself is stuck.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/time.hpp"
#include "edge/app/ports.hpp"

namespace larder::edge {

struct RetryPace {
  Duration first = Duration::seconds(1);
  Duration longest = Duration::seconds(60);
};

class AvahiAnnouncer final : public Announcer {
 public:
  // `note` is told of each change of state, on the announcer's thread.
  using Note = std::function<void(std::string_view sentence)>;

  explicit AvahiAnnouncer(Note note = {}, RetryPace pace = {});
  ~AvahiAnnouncer() override;
  AvahiAnnouncer(const AvahiAnnouncer&) = delete;
  AvahiAnnouncer& operator=(const AvahiAnnouncer&) = delete;

  // Called again, it replaces what was announced.
  void announce(const Announcement& announcement) override;
  std::string state() const override;

  // How often a connection to the daemon was begun.
  std::uint64_t attempts() const;

 private:
  class Conversation;
  std::unique_ptr<Conversation> conversation_;
};

}  // namespace larder::edge
