// PahoLink: the Link over MQTT 5 by Paho, a fresh client for each connection, nothing kept by Paho.
// It connects, listens to its filters, and when the connection ends waits with full jitter and
// connects again. Life: from main() to shutdown, on the network thread; Paho's own threads only
// copy what came and post it. What comes from an earlier connection is ignored. Limits: so many
// messages under way as max_inflight and the broker's receive maximum allow, less one (with one
// more Paho's sender falls asleep); kArrivedMax messages between Paho and the loop, one more is
// dropped and comes again.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/base/time.hpp"
#include "edge/app/ports.hpp"
#include "edge/uplink/backoff.hpp"

namespace larder::edge {

inline constexpr std::size_t kArrivedMax = 1'024;
inline constexpr Duration kReconnectFirst = Duration::seconds(1);
inline constexpr Duration kReconnectMost = Duration::seconds(60);
inline constexpr Duration kLastedWell = Duration::seconds(30);  // then the waits begin anew
inline constexpr Duration kConnectWithin = Duration::seconds(20);

struct PahoLinkConfig {
  std::string address;  // a name or an IP address
  std::uint16_t port = 8883;
  std::string client_id;
  std::string user, password;  // empty: none
  bool is_tls = true;
  std::string ca_file, cert_file, key_file;  // empty: the system's authorities, no certificate
  int max_inflight = 32;
  int keepalive_s = 60;
  int will_delay_s = 30;
  Outgoing will;
  std::vector<std::string> filters;  // listened to on every connection
  Duration reconnect_first = kReconnectFirst;
  Duration reconnect_most = kReconnectMost;
};

class PahoLink final : public Link {
 public:
  // `post` runs a function on the network thread, from any thread, in order; `after` does so once a
  // time has passed, and is called on the network thread.
  using Post = std::function<void(std::function<void()>)>;
  using After = std::function<void(Duration, std::function<void()>)>;
  PahoLink(PahoLinkConfig config, Post post, After after, std::function<double()> chance);
  ~PahoLink() override;
  PahoLink(const PahoLink&) = delete;
  PahoLink& operator=(const PahoLink&) = delete;

  void start(LinkWatcher& watcher) override;
  bool publish(Outgoing message) override;
  void stop(Outgoing last) override;
  // Ends it as a lost connection would, and tells the watcher so; nothing goes out or comes in any
  // more.
  void cut(const std::string& why);

  // Messages that may be under way on this connection; 0 while there is none.
  std::size_t window() const { return is_up_ ? window_ : 0; }
  std::uint64_t connections() const { return connections_; }

 private:
  struct Owner;   // outlives the link in what was posted
  struct Client;  // one connection
  friend struct Client;

  void connect();
  void connected(std::uint64_t generation, int receive_maximum);
  void listening(std::uint64_t generation);
  void published(std::uint64_t generation);
  void not_published(std::uint64_t generation, const std::string& why);
  void lost(std::uint64_t generation, const std::string& why);
  void arrived(std::uint64_t generation, const std::string& topic, const std::string& payload);
  void retire();

  PahoLinkConfig config_;
  Post post_;
  After after_;
  Backoff backoff_;
  LinkWatcher* watcher_ = nullptr;
  std::shared_ptr<Owner> owner_;
  std::unique_ptr<Client> client_;
  std::uint64_t generation_ = 0;
  std::uint64_t connections_ = 0;
  std::size_t window_ = 1;
  std::size_t in_flight_ = 0;
  std::size_t filters_left_ = 0;
  bool is_up_ = false;
  std::chrono::steady_clock::time_point up_since_;
  bool is_stopped_ = false;
};

}  // namespace larder::edge
