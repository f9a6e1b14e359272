#include "tests/relay/paho_voice.hpp"

#include <mqtt/async_client.h>

#include <condition_variable>
#include <deque>
#include <mutex>

// Paho C 1.3.12 does not free what was under way when a connection is lost (paho.mqtt.c #1406). It
// is a few hundred bytes for each message of the window, once per lost connection; ours are still
// found.
extern "C" const char* __lsan_default_suppressions() { return "leak:libpaho-mqtt3as\n"; }

namespace larder::relay {
namespace {

constexpr auto kWithin = std::chrono::seconds(10);
constexpr int kBuffered = 20'000;

}  // namespace

struct PahoVoice::Parts {
  Parts(std::uint16_t port, const std::string& name)
      : paho("tcp://127.0.0.1:" + std::to_string(port), name,
             mqtt::create_options(MQTTVERSION_5, kBuffered), nullptr) {}

  std::mutex mutex;
  std::condition_variable came;
  std::deque<Message> arrived;
  mqtt::async_client paho;  // last: its threads use the others
};

PahoVoice::PahoVoice(std::uint16_t port, const std::string& name)
    : parts_(std::make_unique<Parts>(port, name)) {
  parts_->paho.set_message_callback([parts = parts_.get()](mqtt::const_message_ptr message) {
    if (message == nullptr) return;
    const std::lock_guard lock(parts->mutex);
    parts->arrived.push_back({message->get_topic(), message->to_string(), message->is_retained()});
    parts->came.notify_one();
  });
}

PahoVoice::~PahoVoice() = default;

bool PahoVoice::connect() {
  mqtt::connect_options options;
  options.set_mqtt_version(MQTTVERSION_5);
  options.set_clean_start(true);
  options.set_connect_timeout(10);  // the second client of a process takes 2 s
  try {
    return parts_->paho.connect(options)->wait_for(kWithin);
  } catch (const mqtt::exception&) {
    return false;
  }
}

void PahoVoice::subscribe(const std::string& filter) {
  static_cast<void>(parts_->paho.subscribe(filter, 1)->wait_for(kWithin));
}

bool PahoVoice::publish(const std::string& topic, const std::string& payload, int qos,
                        bool is_retained) {
  try {
    parts_->paho.publish(mqtt::make_message(topic, payload, qos, is_retained));
    return true;
  } catch (const mqtt::exception&) {
    return false;
  }
}

std::optional<PahoVoice::Message> PahoVoice::next(std::chrono::milliseconds patience) {
  std::unique_lock lock(parts_->mutex);
  if (!parts_->came.wait_for(lock, patience, [this] { return !parts_->arrived.empty(); })) {
    return std::nullopt;
  }
  Message message = std::move(parts_->arrived.front());
  parts_->arrived.pop_front();
  return message;
}

}  // namespace larder::relay
