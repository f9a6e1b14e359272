#include "tools/prove/paho_line.hpp"

#include <mqtt/async_client.h>

#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <utility>

#include "platform/process/socket_options.hpp"

namespace larder::prove {
namespace {

// Under the broker's own limit: with one more than that Paho's sender falls asleep for a second.
constexpr std::size_t kWindow = 100;
constexpr auto kPatience = std::chrono::seconds(30);

}  // namespace

struct PahoLine::Parts : mqtt::iaction_listener {
  Parts(const std::string& address, const std::string& name, Arrived arrived_wanted)
      : arrived(std::move(arrived_wanted)),
        client("tcp://" + address, name,
               mqtt::create_options(MQTTVERSION_5, static_cast<int>(kWindow) + 64)) {
    client.set_message_callback([this](const mqtt::const_message_ptr& message) {
      if (arrived) arrived(message->get_topic(), message->get_payload_str());
    });
  }

  void on_success(const mqtt::token&) override { answered(true); }
  void on_failure(const mqtt::token&) override { answered(false); }
  void answered(bool ok) {
    const std::lock_guard lock(mutex);
    --under_way;
    has_failed = has_failed || !ok;
    room.notify_one();
  }
  void wait_until_at_most(std::size_t count) {
    std::unique_lock lock(mutex);
    const bool came = room.wait_for(lock, kPatience, [&] { return under_way <= count; });
    if (!came || has_failed) throw std::runtime_error("the broker does not take what is published");
  }

  Arrived arrived;
  std::mutex mutex;
  std::condition_variable room;
  std::size_t under_way = 0;
  bool has_failed = false;
  mqtt::async_client client;
};

PahoLine::PahoLine(const std::string& address, const std::string& name, Arrived arrived)
    : parts_(std::make_unique<Parts>(address, name, std::move(arrived))) {}

PahoLine::~PahoLine() {
  try {
    parts_->client.disconnect()->wait_for(std::chrono::seconds(2));
  } catch (const mqtt::exception&) {
    // Gone already: nothing to say goodbye to.
  }
}

void PahoLine::connect() {
  mqtt::connect_options options;
  options.set_mqtt_version(MQTTVERSION_5);
  options.set_clean_start(true);
  options.set_max_inflight(static_cast<int>(kWindow) + 32);
  mqtt::properties properties;
  properties.add(mqtt::property(mqtt::property::RECEIVE_MAXIMUM, 500));
  options.set_properties(properties);
  if (!parts_->client.connect(options)->wait_for(kPatience)) {
    throw std::runtime_error("the broker does not answer");
  }
  const std::string port = parts_->client.get_server_uri();
  send_small_messages_at_once(
      static_cast<std::uint16_t>(std::stoul(port.substr(port.rfind(':') + 1))));
}

void PahoLine::subscribe(const std::string& filter, int quality) {
  if (!parts_->client.subscribe(filter, quality)->wait_for(kPatience)) {
    throw std::runtime_error("the broker does not answer a subscription");
  }
}

void PahoLine::publish(const std::string& topic, const std::string& payload, int quality) {
  parts_->wait_until_at_most(kWindow - 1);
  {
    const std::lock_guard lock(parts_->mutex);
    ++parts_->under_way;
  }
  parts_->client.publish(mqtt::make_message(topic, payload, quality, false), nullptr, *parts_);
}

void PahoLine::settle() { parts_->wait_until_at_most(0); }

}  // namespace larder::prove
