// PahoLine: one plain MQTT 5 connection for load and listening, by Paho. Life: connect() once, then
// the end. Thread: one caller; messages arrive on Paho's thread, which `arrived` must not hold up.
// Limits: at most window() publishes under way; publish() waits for room.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace larder::prove {

class PahoLine {
 public:
  using Arrived = std::function<void(const std::string& topic, const std::string& payload)>;

  PahoLine(const std::string& address, const std::string& name, Arrived arrived);
  ~PahoLine();
  PahoLine(const PahoLine&) = delete;
  PahoLine& operator=(const PahoLine&) = delete;

  void connect();  // throws when it cannot
  void subscribe(const std::string& filter, int quality);
  void publish(const std::string& topic, const std::string& payload, int quality);
  // Waits until everything published is acknowledged.
  void settle();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace larder::prove
