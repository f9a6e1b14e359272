// An option of connections that somebody else's library has opened and keeps to itself.
#pragma once

#include <cstddef>
#include <cstdint>

namespace larder {

// Sets TCP_NODELAY on each of this process's TCP connections to `port` of another side, and says on
// how many. Paho C can do it itself only from 1.3.14 on; without it a small message behind another
// one waits some 40 ms for the other side's delayed acknowledgement (RFC 896, RFC 1122 4.2.3.2).
std::size_t send_small_messages_at_once(std::uint16_t port);

}  // namespace larder
