#include "platform/process/supervisor.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <utility>

namespace larder {
namespace {

// How long the manager waits for a sign of life; 0 when it does not, or waits for another process.
std::chrono::microseconds patience_of_manager() {
  const char* micros = std::getenv("WATCHDOG_USEC");
  const char* process = std::getenv("WATCHDOG_PID");
  if (micros == nullptr || (process != nullptr && std::to_string(getpid()) != process)) return {};
  return std::chrono::microseconds(std::strtoll(micros, nullptr, 10));
}

}  // namespace

Supervisor::Supervisor() : patience_(patience_of_manager()) {
  const char* socket_name = std::getenv("NOTIFY_SOCKET");
  if (socket_name == nullptr) return;
  address_ = socket_name;
  const bool is_usable = address_.size() > 1 && address_.size() < sizeof(sockaddr_un::sun_path) &&
                         (address_.front() == '/' || address_.front() == '@');
  if (!is_usable) return;
  if (address_.front() == '@') address_.front() = '\0';
  descriptor_ = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
}

Supervisor::~Supervisor() {
  if (descriptor_ >= 0) close(descriptor_);
}

bool Supervisor::ready() { return send("READY=1"); }
bool Supervisor::stopping() { return send("STOPPING=1"); }

bool Supervisor::alive() {
  if (patience_.count() <= 0) return false;
  const auto now = std::chrono::steady_clock::now();
  if (now - said_alive_ < patience_ / 4) return false;
  said_alive_ = now;
  return send("WATCHDOG=1");
}

bool Supervisor::status(std::string_view sentence) {
  std::string line = "STATUS=" + std::string(sentence.substr(0, 1'000));
  std::replace(line.begin(), line.end(), '\n', ' ');
  if (line == said_) return false;
  const bool is_sent = send(line);
  if (is_sent) said_ = std::move(line);
  return is_sent;
}

bool Supervisor::send(std::string_view message) {
  if (descriptor_ < 0) return false;
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  std::memcpy(to.sun_path, address_.data(), address_.size());
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address_.size());
  // MSG_DONTWAIT: a supervisor that does not read must not stop the hub.
  const ssize_t sent =
      sendto(descriptor_, message.data(), message.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
             reinterpret_cast<sockaddr*>(&to), length);
  return sent == static_cast<ssize_t>(message.size());
}

}  // namespace larder
