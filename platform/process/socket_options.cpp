#include "platform/process/socket_options.hpp"

#include <arpa/inet.h>
#include <dirent.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cstdlib>
#include <cstring>
#include <memory>

namespace larder {
namespace {

struct CloseFolder {
  void operator()(DIR* folder) const noexcept { ::closedir(folder); }
};

// 0: no connection of TCP.
std::uint16_t peer_port_of(int descriptor) {
  sockaddr_storage peer{};
  socklen_t length = sizeof peer;
  if (::getpeername(descriptor, reinterpret_cast<sockaddr*>(&peer), &length) != 0) return 0;
  if (peer.ss_family == AF_INET) {
    sockaddr_in four{};
    std::memcpy(&four, &peer, sizeof four);
    return ntohs(four.sin_port);
  }
  if (peer.ss_family != AF_INET6) return 0;
  sockaddr_in6 six{};
  std::memcpy(&six, &peer, sizeof six);
  return ntohs(six.sin6_port);
}

}  // namespace

std::size_t send_small_messages_at_once(std::uint16_t port) {
  const std::unique_ptr<DIR, CloseFolder> folder(::opendir("/proc/self/fd"));
  std::size_t count = 0;
  if (folder == nullptr || port == 0) return count;
  while (const dirent* entry = ::readdir(folder.get())) {
    char* end = nullptr;
    const long number = std::strtol(entry->d_name, &end, 10);
    if (end == entry->d_name || peer_port_of(static_cast<int>(number)) != port) continue;
    const int on = 1;
    const int set =
        ::setsockopt(static_cast<int>(number), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (set == 0) ++count;
  }
  return count;
}

}  // namespace larder
