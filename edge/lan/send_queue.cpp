#include "edge/lan/send_queue.hpp"

#include <utility>

#include "core/base/limits.hpp"

namespace larder::edge {

bool SendQueue::push(Bytes frame) {
  if (frames_.size() >= frames_max_) return false;
  if (is_large(frame)) {
    if (large_ >= kTopicsPerSessionMax) return false;
    ++large_;
  } else {
    if (bytes_ + frame->size() > bytes_max_) return false;
    bytes_ += frame->size();
  }
  frames_.push_back(std::move(frame));
  return true;
}

Bytes SendQueue::pop() {
  Bytes frame = std::move(frames_.front());
  frames_.pop_front();
  if (is_large(frame)) {
    --large_;
  } else {
    bytes_ -= frame->size();
  }
  return frame;
}

void SendQueue::clear() {
  // A new deque, so that its blocks go as well.
  frames_ = {};
  bytes_ = 0;
  large_ = 0;
}

}  // namespace larder::edge
