// Real processes for the relay's tests: a mosquitto and a larder-relay on loopback, on ports that
// the kernel chose, in a folder that goes with them; and a ScriptedHub that speaks over MQTT.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/relay/paho_voice.hpp"
#include "tests/support/scripted_hub.hpp"

namespace larder::relay {

inline constexpr std::chrono::seconds kPatience{120};  // a disk that many share may stand still

class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string path;
};

// A child process; killed with this object, whatever the test did.
class Child {
 public:
  Child(const std::vector<std::string>& words, const std::string& log);
  ~Child() { kill_hard(); }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  void kill_hard();  // SIGKILL
  // SIGTERM; the exit code, none when it did not end in time.
  std::optional<int> stop(std::chrono::milliseconds within);
  std::optional<int> wait(std::chrono::milliseconds within);

 private:
  pid_t pid_ = -1;
};

std::uint16_t free_port();
std::string text_of(const std::string& file);
bool eventually(const std::function<bool()>& condition,
                std::chrono::milliseconds within = kPatience);

class Broker {
 public:
  Broker();
  void start();
  void kill_hard() { child_.reset(); }
  std::uint16_t port() const { return port_; }
  const std::string& folder() const { return folder_.path; }

 private:
  Folder folder_;
  std::uint16_t port_;
  std::unique_ptr<Child> child_;
};

// A hub over a connection of its own.
class BrokerHub {
 public:
  BrokerHub(std::uint16_t port, const std::string& store);
  bool connect();  // a new connection; presence and hello
  // Carries messages until the condition holds; says hello again when nothing moves for a second.
  bool serve_until(const std::function<bool()>& condition,
                   std::chrono::milliseconds within = kPatience);
  ScriptedHub hub;

 private:
  std::uint16_t port_;
  std::unique_ptr<PahoVoice> voice_;
};

}  // namespace larder::relay
