// PahoVoice: a plain MQTT 5 connection for tests, as a hub or a listener has one. Life: one
// connection. Thread: one caller; what arrives is kept until it is taken.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace larder::relay {

class PahoVoice {
 public:
  struct Message {
    std::string topic, payload;
    bool is_retained = false;
  };
  PahoVoice(std::uint16_t port, const std::string& name);
  ~PahoVoice();  // without a goodbye
  PahoVoice(const PahoVoice&) = delete;
  PahoVoice& operator=(const PahoVoice&) = delete;

  // False when there is no broker.
  bool connect();
  void subscribe(const std::string& filter);
  // False when the connection is gone.
  bool publish(const std::string& topic, const std::string& payload, int qos, bool is_retained);
  std::optional<Message> next(std::chrono::milliseconds patience);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace larder::relay
