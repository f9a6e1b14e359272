// PahoInlet: the Inlet over MQTT 5 by Paho: one connection to one broker, a fresh client each time,
// nothing kept by Paho. It subscribes to what the stores of its partitions send, says on each
// partition that a relay is there, and when the connection ends waits with full jitter and connects
// again. Life: from main() to shutdown, on the loop; Paho's own threads only copy what came and
// post it. What comes from an earlier connection is ignored.
// Limits: kArrivedMax messages and kArrivedBytesMax bytes between Paho and the loop, what comes
// beyond is dropped and counted (the hub sends it again); of QoS 1 so many under way as
// max_inflight and the broker's receive maximum allow, less one; kOutgoingMax that wait for that.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "relay/app/ports.hpp"

namespace larder::relay {

inline constexpr std::size_t kArrivedMax = 65'536;  // every store's presence at once, and more
inline constexpr std::size_t kArrivedBytesMax = 64ULL * 1024 * 1024;
inline constexpr std::size_t kOutgoingMax = 16'384;
inline constexpr int kInletReceiveMaximum = 500;

struct PahoInletConfig {
  std::string relay;  // its id, told to the hubs and the end of its client id
  std::string address = "127.0.0.1";
  std::uint16_t port = 1883;
  bool is_tls = false;
  std::string user, password;                // empty: none
  std::string ca_file, cert_file, key_file;  // empty: the system's authorities, no certificate
  std::vector<unsigned> partitions;          // that this relay owns
  int max_inflight = 100;
  int keepalive_s = 60;
  Duration reconnect_first = Duration{500'000};
  Duration reconnect_most = Duration::seconds(15);
};

class PahoInlet final : public Inlet {
 public:
  // `post` runs a function on the loop, from any thread, in order; `after` does so once a time has
  // passed, and is called on the loop. `chance` is from [0, 1).
  struct World {
    std::function<void(std::function<void()>)> post;
    std::function<void(Duration, std::function<void()>)> after;
    std::function<double()> chance;
  };
  PahoInlet(PahoInletConfig config, World world);
  ~PahoInlet() override;
  PahoInlet(const PahoInlet&) = delete;
  PahoInlet& operator=(const PahoInlet&) = delete;

  void start(InletListener& listener);
  bool is_up() const override { return is_up_; }
  void send(const StoreId& store, UplinkTopic topic, std::string payload) override;
  void stop();  // says that the relay goes, at most about a second

  std::uint64_t connections() const { return connections_; }

 private:
  struct Owner;   // outlives the inlet in what was posted
  struct Client;  // one connection
  friend struct Client;
  struct Outgoing {
    std::string topic, payload;
    int qos = 0;
    bool is_presence = false;  // kept by the broker, for a while
  };

  void connect();
  void connected(std::uint64_t generation, int receive_maximum);
  void subscribed(std::uint64_t generation, const std::string& refused);
  void published(std::uint64_t generation);
  void refused(std::uint64_t generation);
  void lost(std::uint64_t generation, const std::string& why);
  void arrived(std::uint64_t generation, const std::string& topic, std::string payload,
               bool is_retained);
  void tell_drops();
  void say_presence();
  void publish(Outgoing message);
  bool publish_now(const Outgoing& message);
  void drain();
  Duration pause();

  PahoInletConfig config_;
  World world_;
  InletListener* listener_ = nullptr;
  std::shared_ptr<Owner> owner_;
  std::unique_ptr<Client> client_;
  std::uint64_t generation_ = 0;
  std::uint64_t connections_ = 0;
  int tries_ = 0;
  std::size_t window_ = 1;
  std::size_t in_flight_ = 0;
  std::deque<Outgoing> outgoing_;
  bool is_up_ = false;
  bool is_stopped_ = false;
};

}  // namespace larder::relay
