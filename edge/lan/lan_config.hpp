// What the LAN room is told at start. The defaults are core/base/limits.hpp; tests shorten them.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/limits.hpp"

namespace larder::edge {

struct LanLimits {
  using Milliseconds = std::chrono::milliseconds;

  std::size_t connections_max = kSessionsMax;            // sockets of every kind
  std::size_t reserved_connections = kReservedSessions;  // only for devices that authenticated
  // Connections of one address that are silent or not yet authenticated. Kiosks and tests on the
  // terminal itself share one address, hence the larger number for loopback.
  std::size_t pre_auth_per_address = kPreAuthPerAddressMax;
  std::size_t pre_auth_loopback = 64;
  // A browser opens six sockets at once: so many times the number above may wait for `crowd_grace`;
  // then the oldest of them are closed until the number holds.
  std::size_t crowd_factor = 4;
  Milliseconds crowd_grace{1'000};

  Milliseconds head_timeout{kHttpHeadTimeoutSeconds * 1'000};
  Milliseconds keep_alive{kKeepAliveSeconds * 1'000};
  Milliseconds body_grace{10'000};  // after this, a body must arrive at body_bytes_per_second
  std::size_t body_bytes_per_second = 100;
  Milliseconds answer_timeout{30'000};  // for POST /v1/menu, whose answer the hub gives later
  Milliseconds auth_timeout{kAuthTimeoutSeconds * 1'000};
  Milliseconds ping_every{kPingSeconds * 1'000};
  Milliseconds dead_after{kDeadSeconds * 1'000};
  Milliseconds write_timeout{10'000};  // no byte taken by the peer for so long
  Milliseconds frame_timeout{60'000};  // one frame or one answer on its way for so long
  Milliseconds linger{1'000};          // after a close frame or a last answer
  Milliseconds drain{2'000};           // for what is queued before a close
  Milliseconds sweep_every{250};       // one timer looks after all of the above

  std::size_t queue_bytes_max = kSessionQueueBytesMax;
  std::size_t queue_frames_max = kSessionQueueFramesMax;
  std::size_t control_frames_per_second = static_cast<std::size_t>(kControlFramesPerSecondMax);
  int send_buffer_bytes = 256 * 1024;  // of the kernel, per socket: bounds what a sleeper can hold
};

struct LanConfig {
  std::string address = "0.0.0.0";
  std::uint16_t port = 0;  // 0: the kernel chooses
  std::string web_root;    // empty: no screens
  // Host names, besides IP literals, localhost and *.local, under which screens reach this hub.
  std::vector<std::string> host_names;
  LanLimits limits;
};

}  // namespace larder::edge
