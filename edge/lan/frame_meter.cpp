#include "edge/lan/frame_meter.hpp"

#include <algorithm>

#include "core/base/limits.hpp"

namespace larder::edge {

namespace {

constexpr std::uint8_t kFinBit = 0x80;
constexpr std::uint8_t kReservedBits = 0x70;
constexpr std::uint8_t kOpcodeBits = 0x0f;
constexpr std::uint8_t kMaskBit = 0x80;
constexpr std::uint8_t kLengthBits = 0x7f;
constexpr std::uint8_t kBinary = 2;
constexpr std::uint8_t kFirstControl = 8;
constexpr std::uint8_t kClose = 8;
constexpr std::uint8_t kLength16 = 126;
constexpr std::uint8_t kLength64 = 127;

}  // namespace

std::size_t FrameMeter::header_bytes_wanted() const {
  if (header_bytes_ < 2) return 2;
  const std::uint8_t length = header_[1] & kLengthBits;
  const std::size_t extended = length == kLength64 ? 8U : length == kLength16 ? 2U : 0U;
  return 2 + extended + ((header_[1] & kMaskBit) != 0 ? 4U : 0U);
}

std::optional<FrameFault> FrameMeter::pass(std::string_view bytes,
                                           std::chrono::steady_clock::time_point now) {
  while (!bytes.empty()) {
    if (payload_left_ > 0) {
      const std::uint64_t skipped = std::min<std::uint64_t>(payload_left_, bytes.size());
      payload_left_ -= skipped;
      bytes.remove_prefix(static_cast<std::size_t>(skipped));
      continue;
    }
    header_[header_bytes_++] = static_cast<std::uint8_t>(bytes.front());
    bytes.remove_prefix(1);
    if (header_bytes_ < header_bytes_wanted()) continue;
    header_bytes_ = 0;
    if (auto fault = begin_frame(now)) return fault;
  }
  return std::nullopt;
}

std::optional<FrameFault> FrameMeter::begin_frame(std::chrono::steady_clock::time_point now) {
  const std::uint8_t length = header_[1] & kLengthBits;
  const std::size_t extended = length == kLength64 ? 8U : length == kLength16 ? 2U : 0U;
  payload_left_ = extended == 0 ? length : 0U;
  for (std::size_t i = 0; i < extended; ++i) {
    payload_left_ = (payload_left_ << 8U) | header_[2 + i];
  }
  const std::uint8_t opcode = header_[0] & kOpcodeBits;
  saw_close_ = saw_close_ || opcode == kClose;
  if (opcode >= kFirstControl) return count_control(now);

  const bool well_formed = (header_[0] & kReservedBits) == 0 && (header_[1] & kMaskBit) != 0;
  if (opcode == kBinary && well_formed) {
    return FrameFault{.close_code = 1003, .reason = "text messages only"};
  }
  ++fragments_;
  if (fragments_ > kFragmentsMax) {
    return FrameFault{.close_code = 1008, .reason = "more than 16 fragments in a message"};
  }
  if ((header_[0] & kFinBit) != 0) fragments_ = 0;
  return std::nullopt;
}

std::optional<FrameFault> FrameMeter::count_control(std::chrono::steady_clock::time_point now) {
  if (controls_ == 0 || now - second_ >= std::chrono::seconds(1)) {
    second_ = now;
    controls_ = 0;
  }
  ++controls_;
  if (controls_ <= control_max_) return std::nullopt;
  return FrameFault{.close_code = 1008, .reason = "too many control frames"};
}

}  // namespace larder::edge
