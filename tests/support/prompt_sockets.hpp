// Which connections of this process send small messages at once (TCP_NODELAY). For tests of those
// who hold their sockets in a library.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cstdint>

namespace larder {

// Those to `port` on IPv4.
inline int prompt_connections_to(std::uint16_t port) {
  constexpr int kDescriptorsMax = 1'024;
  int count = 0;
  for (int descriptor = 0; descriptor < kDescriptorsMax; ++descriptor) {
    sockaddr_in peer{};
    socklen_t size = sizeof(peer);
    if (::getpeername(descriptor, reinterpret_cast<sockaddr*>(&peer), &size) != 0) continue;
    if (peer.sin_family != AF_INET || ntohs(peer.sin_port) != port) continue;
    int on = 0;
    size = sizeof(on);
    ::getsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, &size);
    count += on != 0 ? 1 : 0;
  }
  return count;
}

}  // namespace larder
