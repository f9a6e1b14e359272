// Wire: one connected byte stream, whatever carries it (TCP now, TLS later). One read and one write
// may be under way at a time. Network thread only. Callbacks never run inside the call that started
// them; each runs exactly once, with operation_canceled when close() or reset() came first.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>

namespace larder {
class Loop;
}

namespace larder::edge {

using SteadyTime = std::chrono::steady_clock::time_point;

class Wire {
 public:
  using Done = std::function<void(std::error_code, std::size_t)>;
  static constexpr std::size_t kPiecesMax = 8;

  virtual ~Wire() = default;
  // 0 bytes without an error: the peer has ended its side.
  virtual void read_some(std::span<char> room, Done done) = 0;
  // At most kPiecesMax pieces are looked at; the bytes must live until `done`.
  virtual void write_some(std::span<const std::string_view> pieces, Done done) = 0;
  // These bytes are read before any from the socket: what came in one packet with an HTTP head.
  virtual void put_back(std::string bytes) = 0;
  virtual void shutdown_send() = 0;
  virtual void close() = 0;
  // Close without the courtesy of delivering what the kernel still holds.
  virtual void reset() = 0;
  // Does the kernel hold bytes that the peer has not taken? A closed socket would keep them.
  virtual bool has_unsent() = 0;

  // When the last byte came in (at first: when the wire was made).
  virtual SteadyTime last_heard() const = 0;
  // Since when the write under way has made no progress; none when no write is under way.
  virtual std::optional<SteadyTime> write_waits_since() const = 0;
};

// Takes ownership of the socket `fd`.
std::shared_ptr<Wire> make_tcp_wire(Loop& loop, int fd, bool ip6);

// Writes all of up to two pieces, in order; `done` gets the first failure.
void write_all(const std::shared_ptr<Wire>& wire, std::string_view first, std::string_view second,
               std::function<void(std::error_code)> done);

}  // namespace larder::edge
