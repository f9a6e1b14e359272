// FrameMeter: watches a client's WebSocket frames pass by and says when they break a limit that the
// WebSocket library does not know: fragments of one message, control frames a second, binary
// messages. What is malformed is the library's to refuse; the meter then only keeps its place.
// One per session, network thread. Keeps no bytes, only where it is in a frame.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace larder::edge {

struct FrameFault {
  std::uint16_t close_code = 1008;
  std::string_view reason;
};

class FrameMeter {
 public:
  explicit FrameMeter(std::size_t control_frames_per_second)
      : control_max_(control_frames_per_second) {}

  // `bytes` follow those of the call before. After a fault it may go on; what it says of the
  // message under way means nothing then.
  std::optional<FrameFault> pass(std::string_view bytes, std::chrono::steady_clock::time_point now);
  // Has a close frame begun to pass?
  bool saw_close() const { return saw_close_; }

 private:
  std::size_t header_bytes_wanted() const;
  std::optional<FrameFault> begin_frame(std::chrono::steady_clock::time_point now);
  std::optional<FrameFault> count_control(std::chrono::steady_clock::time_point now);

  std::size_t control_max_;
  std::array<std::uint8_t, 14> header_{};
  std::size_t header_bytes_ = 0;
  std::uint64_t payload_left_ = 0;
  bool saw_close_ = false;
  std::size_t fragments_ = 0;  // of the message under way
  std::size_t controls_ = 0;   // in the second that began at `second_`
  std::chrono::steady_clock::time_point second_{};
};

}  // namespace larder::edge
