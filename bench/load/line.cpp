#include "bench/load/line.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace larder::bench {

void give_up(const std::string& why) {
  std::fputs(("bench-load: " + why + "\n").c_str(), stderr);
  std::exit(1);
}

Line::Line(std::uint16_t port) : descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const auto* address = static_cast<const void*>(&to);
  if (::connect(descriptor_, static_cast<const sockaddr*>(address), sizeof to) != 0) {
    give_up("cannot connect to port " + std::to_string(port) + ": " + std::strerror(errno));
  }
  const int yes = 1;
  ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
}

Line::~Line() { ::close(descriptor_); }

bool Line::read() {
  std::array<char, 64 * 1024> room;
  const ssize_t count = ::recv(descriptor_, room.data(), room.size(), MSG_DONTWAIT);
  if (count > 0) {
    in_.add({room.data(), static_cast<std::size_t>(count)});
    return true;
  }
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return false;
  give_up("the server hung up");
}

void Line::flush() {
  std::size_t sent = 0;
  while (sent < out_.size()) {
    const ssize_t count =
        ::send(descriptor_, out_.data() + sent, out_.size() - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count > 0) {
      sent += static_cast<std::size_t>(count);
    } else if (errno == EAGAIN) {
      pollfd waiting{descriptor_, POLLOUT, 0};
      ::poll(&waiting, 1, 1'000);
    } else if (errno != EINTR) {
      give_up(std::string("cannot send: ") + std::strerror(errno));
    }
  }
  out_.clear();
}

}  // namespace larder::bench
