// Screens: every open session, who it is, and what it follows. Publishes committed events, one
// shared frame per set of topics. Life: with the Hub, on the network thread. Limits: kSessionsMax
// is the LAN room's; rates per device are kept here.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/ledger/device.hpp"
#include "edge/app/gate.hpp"
#include "edge/app/ports.hpp"
#include "edge/app/recent.hpp"
#include "lan-protocol/topics.hpp"

namespace larder::edge {

// So many at once, and so many a second after that (a token bucket).
class Pace {
 public:
  Pace() = default;
  Pace(double per_second, double burst, Duration now)
      : per_second_(per_second), burst_(burst), tokens_(burst), last_(now) {}
  // Takes one and answers 0, or answers the milliseconds to wait.
  std::int64_t take(Duration now);

 private:
  double per_second_ = 0;
  double burst_ = 0;
  double tokens_ = 0;
  Duration last_;
};

struct Screen {
  Session* session = nullptr;
  std::string address;
  bool authenticated = false;
  bool closing = false;
  DeviceId device;
  Role role = Role::Kiosk;
  TopicSet topics = 0;
  TimePoint since;
  int bad_messages = 0;
};

class Screens {
 public:
  SessionKey open(Session& session, const std::string& address, TimePoint at);
  void close(SessionKey key) { screens_.erase(key); }
  // Null when the session is gone.
  Screen* find(SessionKey key);
  const Screen* find(SessionKey key) const;
  const std::map<SessionKey, Screen>& all() const { return screens_; }

  void send(SessionKey key, Bytes frame);
  void hang_up(SessionKey key, std::uint16_t code, const std::string& reason);
  // Sessions of this device, but for `except`.
  std::vector<SessionKey> of_device(const DeviceId& device, SessionKey except) const;
  // The committed events to everyone who follows one of their topics.
  void publish(const std::vector<PublishedEvent>& events);
  // To every authenticated session.
  void send_to_all(const Bytes& frame);

 private:
  std::map<SessionKey, Screen> screens_;
  SessionKey last_key_ = 0;
};

}  // namespace larder::edge
