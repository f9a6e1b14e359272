// RawClient: a TCP client that says exactly what a test wants it to say, right or wrong, and reads
// what comes back. Blocking, each wait bounded by a deadline. One thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace larder {

struct RawAnswer {
  int status = 0;
  std::map<std::string, std::string> fields;  // names in lower case
  std::string body;
};

struct RawFrame {
  bool fin = true;
  int opcode = 0;
  std::string payload;
  // Of a close frame; 0 when it has none.
  int close_code() const;
};

// How a client's frame is to be built; the defaults are right.
struct FrameShape {
  bool fin = true;
  int opcode = 1;
  bool masked = true;
  int reserved = 0;                                         // the three RSV bits
  std::optional<std::uint64_t> told_length = std::nullopt;  // in place of the true one
};
std::string client_frame(std::string_view payload, FrameShape shape = {});

class RawClient {
 public:
  using Milliseconds = std::chrono::milliseconds;
  static constexpr Milliseconds kPatience{20'000};

  // `from`: another loopback address to come from. `receive_buffer`: bytes, 0 for the kernel's own.
  explicit RawClient(std::uint16_t port, const std::string& from = "127.0.0.1",
                     int receive_buffer = 0);
  ~RawClient();
  RawClient(RawClient&& other) noexcept;
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;
  RawClient& operator=(RawClient&&) = delete;

  // False when the other side is gone.
  bool send(std::string_view bytes);
  // At least one byte more into the buffer; false at the end, on a reset or when time is over.
  bool fill(Milliseconds patience = kPatience);
  // Reads until the other side closes; false when it did not in time.
  bool is_closed_within(Milliseconds patience = kPatience);
  // The next whole answer; status 0 when the connection ended before.
  RawAnswer answer(bool to_head = false);
  // The whole exchange for a GET with the usual headers.
  RawAnswer get(std::string_view target, std::string_view headers = {});

  // Becomes a WebSocket; the status that was answered (101 when it did).
  int upgrade(std::string_view headers = {});
  bool send_text(std::string_view text) { return send(client_frame(text)); }
  // The next frame of any kind; none at the end.
  std::optional<RawFrame> frame(Milliseconds patience = kPatience);
  // Reads on until a text frame that is `text`.
  bool hears(std::string_view text);
  // Reads on until a close frame; its code, or 0 when the connection ended without one.
  int close_code(Milliseconds patience = kPatience);
  const std::string& unread() const { return in_; }

 private:
  int fd_ = -1;
  std::string in_;
};

}  // namespace larder
