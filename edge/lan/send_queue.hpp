// SendQueue: what one session still has to send. Network thread. Bytes are shared with the other
// sessions that send the same.
//
// Limits: `bytes_max` and `frames_max` for what waits. A frame larger than a quarter of `bytes_max`
// is a snapshot that the client has asked for: it may be larger than the whole queue, so it is not
// counted in the bytes, but only kTopicsPerSessionMax of them may wait.
#pragma once

#include <cstddef>
#include <deque>

#include "edge/app/ports.hpp"

namespace larder::edge {

class SendQueue {
 public:
  SendQueue(std::size_t bytes_max, std::size_t frames_max)
      : bytes_max_(bytes_max), frames_max_(frames_max) {}

  // False, and nothing is kept, when a limit is reached.
  [[nodiscard]] bool push(Bytes frame);
  Bytes pop();
  void clear();
  bool empty() const { return frames_.empty(); }
  std::size_t bytes() const { return bytes_; }

 private:
  bool is_large(const Bytes& frame) const { return frame->size() > bytes_max_ / 4; }

  std::size_t bytes_max_;
  std::size_t frames_max_;
  std::deque<Bytes> frames_;
  std::size_t bytes_ = 0;  // of the frames that are not large
  std::size_t large_ = 0;
};

}  // namespace larder::edge
