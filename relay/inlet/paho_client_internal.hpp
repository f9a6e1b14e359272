// One connection of PahoInlet, as Paho's threads know it. Private to the paho_*.cpp files of this
// room. Callbacks run on Paho's threads under Paho's lock: they copy and post, nothing else.
#pragma once

#include <mqtt/async_client.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "relay/inlet/paho_inlet.hpp"

namespace larder::relay {

inline constexpr Duration kConnectWithin = Duration::seconds(10);

mqtt::connect_options options_of(const PahoInletConfig& config);

// `inlet` is looked at on the loop alone.
struct PahoInlet::Owner {
  PahoInlet* inlet = nullptr;
  std::function<void(std::function<void()>)> post;
  std::atomic<std::size_t> arrived{0}, arrived_bytes{0}, dropped{0};

  static void tell(const std::shared_ptr<Owner>& owner, std::function<void(PahoInlet&)> what);
  // False when there is no room between Paho and the loop.
  bool admit(std::size_t bytes);
};

struct PahoInlet::Client {
  enum class Wants { Connect, Subscribe, Publish };

  class Ear final : public mqtt::iaction_listener {
   public:
    Ear(std::shared_ptr<Owner> owner, std::uint64_t generation, Wants wants)
        : owner_(std::move(owner)), generation_(generation), wants_(wants) {}
    void on_success(const mqtt::token& token) override;
    void on_failure(const mqtt::token& token) override;

   private:
    std::shared_ptr<Owner> owner_;
    std::uint64_t generation_;
    Wants wants_;
  };

  Client(const PahoInletConfig& config, const std::shared_ptr<Owner>& owner,
         std::uint64_t generation);

  Ear connect_ear;
  Ear subscribe_ear;
  Ear publish_ear;
  mqtt::async_client paho;  // last: it uses the ears
};

}  // namespace larder::relay
