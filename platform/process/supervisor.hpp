// Supervisor: the service manager that started this process, as far as it wants to know (sd_notify,
// systemd's protocol of datagrams to $NOTIFY_SOCKET). Any thread. Silent and harmless when there is
// none, or when it does not listen.
#pragma once

#include <string>
#include <string_view>

namespace larder {

class Supervisor {
 public:
  // Reads NOTIFY_SOCKET once.
  Supervisor();
  ~Supervisor();
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;

  bool is_present() const { return descriptor_ >= 0; }

  // Each answers whether it was delivered.
  bool ready();
  bool stopping();
  bool alive();  // WATCHDOG=1
  // One line for `systemctl status`; line breaks become blanks.
  bool status(std::string_view sentence);

 private:
  bool send(std::string_view message);

  int descriptor_ = -1;
  std::string address_;  // of the socket; a leading zero byte means the abstract namespace
};

}  // namespace larder
