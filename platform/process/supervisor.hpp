// Supervisor: the service manager that started this process, as far as it wants to know (sd_notify,
// systemd's protocol of datagrams to $NOTIFY_SOCKET). Any thread. Silent and harmless when there is
// none, or when it does not listen.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace larder {

class Supervisor {
 public:
  // Reads NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID once.
  Supervisor();
  ~Supervisor();
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;

  bool is_present() const { return descriptor_ >= 0; }

  // Each answers whether it was delivered.
  bool ready();
  bool stopping();
  // WATCHDOG=1, as often as the manager's patience needs it: four times in it. To be called as
  // often as the loop turns; silent when nobody watches.
  bool alive();
  // One line for `systemctl status`; line breaks become blanks. What was said last is not said
  // again.
  bool status(std::string_view sentence);

 private:
  bool send(std::string_view message);

  int descriptor_ = -1;
  std::chrono::microseconds patience_{0};  // 0: nobody watches
  std::chrono::steady_clock::time_point said_alive_{};
  std::string said_;
  std::string address_;  // of the socket; a leading zero byte means the abstract namespace
};

}  // namespace larder
