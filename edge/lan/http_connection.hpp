// HttpConnection: one HTTP/1.1 conversation, request after request, until it ends or becomes a
// WebSocket. Network thread. One request at a time; what a client pipelines waits in the socket.
//
//   Reading head -> Reading body -> Waiting for the hub -> Writing -> Reading head ...
//                                                             \-> Lingering -> gone
// Limits: those of LanLimits; a refusal that leaves the stream in doubt closes it.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <system_error>

#include "edge/lan/connection.hpp"
#include "edge/lan/routes.hpp"

namespace larder::edge {

class HttpConnection final : public Connection,
                             public std::enable_shared_from_this<HttpConnection> {
 public:
  HttpConnection(Reception& reception, ConnectionId id, std::shared_ptr<Wire> wire);

  void start() override;
  void sweep(SteadyTime now) override;
  void wind_down() override;
  void cut() override;

 private:
  enum class State { Head, Body, Hub, Writing, Lingering, Gone };

  void read();
  void on_read(std::error_code failed, std::size_t bytes);
  void take_head();
  void take_request(const HttpHead& head);
  void begin_body(const HttpHead& head);
  void take_body();
  void finish_request();
  void ask_hub();
  void refuse_and_close(const HttpRefusal& refusal);
  void write(const HttpReply& reply, bool keep_alive);
  void on_written(std::error_code failed);
  void next_request();
  void linger();
  void finish();
  void enter(State state);
  bool is_late(SteadyTime now) const;

  Reception& reception_;
  ConnectionId id_;
  std::shared_ptr<Wire> wire_;
  State state_ = State::Head;
  SteadyTime entered_;  // the state
  bool first_ = true;   // no request yet
  bool winding_down_ = false;
  bool reading_ = false;
  std::array<char, 4096> room_{};
  std::string in_;  // unread bytes: a head, or what follows the body
  Route route_;
  std::string body_;
  std::size_t body_wanted_ = 0;
  bool keep_alive_ = true;
  bool head_only_ = false;  // HEAD: tell, do not send
  std::string out_head_;
  Bytes out_body_;
};

}  // namespace larder::edge
