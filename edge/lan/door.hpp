// Door: who may come in. Counts connections by address and standing and says which one must go, so
// that a flood of strangers cannot keep a paired device out. Rules only: no sockets, time is an
// argument. Network thread.
//
// - An address may hold `pre_auth_per_address` connections that are silent or have not yet
//   authenticated (`pre_auth_loopback` on loopback). A browser opens several at once, so up to
//   `crowd_factor` times as many may stand at the door for `crowd_grace`; the oldest go first.
// - In all there are `connections_max`, of which strangers hold at most all but
//   `reserved_connections`. When a place is needed the stranger who was useful longest ago goes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "edge/lan/lan_config.hpp"
#include "edge/lan/wire.hpp"

namespace larder::edge {

using ConnectionId = std::uint64_t;

class Door {
 public:
  enum class Standing {
    Silent,    // no whole request yet
    Served,    // plain HTTP that has asked for something
    Knocking,  // a WebSocket that has not authenticated
    Known      // an authenticated device
  };
  struct Admission {
    bool admitted = false;
    ConnectionId id = 0;
    std::vector<ConnectionId> evicted;  // to be closed now; already forgotten by the door
  };

  explicit Door(const LanLimits& limits) : limits_(limits) {}

  Admission knock(const std::string& address, bool loopback, SteadyTime now);
  // A change of standing; Served again counts as being useful again.
  void stand(ConnectionId id, Standing standing, SteadyTime now);
  void leave(ConnectionId id);
  // Those that stood too long in a crowd: to be closed, already forgotten by the door.
  std::vector<ConnectionId> overstayed(SteadyTime now);

  std::size_t connections() const { return guests_.size(); }
  std::size_t strangers() const { return guests_.size() - known_; }

 private:
  struct Guest {
    std::string address;
    bool loopback = false;
    Standing standing = Standing::Silent;
    SteadyTime since;
  };
  static bool is_waiting(const Guest& guest) {
    return guest.standing == Standing::Silent || guest.standing == Standing::Knocking;
  }
  std::size_t waiting_at(const std::string& address) const;
  std::size_t waiting_max(bool loopback) const;
  bool evict_stranger(std::vector<ConnectionId>& evicted);

  LanLimits limits_;
  std::map<ConnectionId, Guest> guests_;  // in order of arrival
  std::unordered_map<std::string, std::size_t> waiting_;
  std::size_t known_ = 0;
  ConnectionId last_ = 0;
};

}  // namespace larder::edge
