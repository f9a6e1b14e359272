// Connection: one socket in the server's care, first an HttpConnection, perhaps later a WsSession.
// Reception: what a connection may ask of the server. Both live on the network thread; the server
// outlives its connections, and keeps each alive until gone().
#pragma once

#include <memory>
#include <string>

#include "edge/app/gate.hpp"
#include "edge/lan/door.hpp"
#include "edge/lan/lan_config.hpp"
#include "edge/lan/wire.hpp"
#include "platform/web/web_files.hpp"

namespace larder::edge {

class Connection {
 public:
  virtual ~Connection() = default;
  virtual void start() = 0;
  // Several times a second: the only place where limits of time are looked at.
  virtual void sweep(SteadyTime now) = 0;
  // The hub stops: finish what is under way, then go.
  virtual void wind_down() = 0;
  // Go now.
  virtual void cut() = 0;
};

class Reception {
 public:
  virtual ~Reception() = default;
  virtual Loop& loop() = 0;
  virtual Gate& gate() = 0;
  virtual const LanConfig& config() const = 0;
  virtual const WebFiles& files() const = 0;
  virtual void stand(ConnectionId id, Door::Standing standing) = 0;
  // `head` is a checked upgrade; the connection that calls this is done with the wire.
  virtual void upgrade(ConnectionId id, std::shared_ptr<Wire> wire, std::string head) = 0;
  // The socket is closed and no callback of this connection will touch anything any more.
  virtual void gone(ConnectionId id) = 0;
};

std::shared_ptr<Connection> make_http_connection(Reception& reception, ConnectionId id,
                                                 std::shared_ptr<Wire> wire);
std::shared_ptr<Connection> make_ws_session(Reception& reception, ConnectionId id,
                                            std::shared_ptr<Wire> wire, std::string head,
                                            std::string address);

}  // namespace larder::edge
