// The meter of WebSocket frames: where the packets were cut changes nothing that it says.
#include <algorithm>

#include "edge/lan/frame_meter.hpp"
#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace larder::edge;
  using larder::fuzz::require;
  if (size < 2) return -1;
  const std::string stream(larder::fuzz::text_of(bytes + 1, size - 1));
  const std::chrono::steady_clock::time_point now{};
  constexpr std::size_t kControlFrames = 20;
  FrameMeter whole(kControlFrames), parts(kControlFrames);
  const auto once = whole.pass(stream, now);
  const std::size_t step = 1 + bytes[0];
  std::optional<FrameFault> cut;
  for (std::size_t at = 0; at < stream.size() && !cut; at += step) {
    cut = parts.pass(std::string_view(stream).substr(at, step), now);
  }
  require(once.has_value() == cut.has_value(), "a fault is one however the bytes were cut");
  if (once) {
    require(once->close_code == cut->close_code, "and has the same close code");
    require(once->close_code == 1003 || once->close_code == 1008, "of those in PROTOCOL.md");
    require(!once->reason.empty(), "and says why");
  } else {
    require(whole.saw_close() == parts.saw_close(), "a close is seen however it was cut");
  }
  return 0;
}
