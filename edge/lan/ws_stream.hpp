// WsStream: RFC 6455 on a Wire, as far as a session needs it; the server's side. Network thread.
// One read at a time, and one of write, ping or close. Callbacks never run inside the call that
// started them and hold whatever they captured until they have run.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "edge/lan/frame_meter.hpp"
#include "edge/lan/wire.hpp"

namespace larder {
class Loop;
}

namespace larder::edge {

class WsStream {
 public:
  enum class Heard {
    Message,
    Goodbye,    // the peer's close frame; ours has been sent
    TooBig,     // refused by the stream with 1009,
    BadText,    // 1007,
    Violation,  // 1002: the close frame is sent and the sending side shut
    Lost        // the wire broke
  };
  using Read = std::function<void(Heard, std::string_view)>;
  using Done = std::function<void(bool)>;

  virtual ~WsStream() = default;
  // Answers the upgrade in `head`, which has been checked.
  virtual void accept(const std::string& head, Done done) = 0;
  // The text lives until the callback returns.
  virtual void read(Read heard) = 0;
  virtual void write(std::string_view text, Done done) = 0;
  virtual void ping(Done done) = 0;
  // Sends a close frame once no message is half read; what arrives from now on is dropped. Not
  // during a write. `ended`: the peer has answered with its own, or is gone. A read that is under
  // way ends only if Beast ends it, or by release().
  virtual void close(std::uint16_t code, std::string_view reason, std::function<void()> ended) = 0;
  // Ends what close() or a fault left pending; to be called with the wire closed.
  virtual void release() = 0;
};

// When the meter finds a fault, `on_fault` is called and the stream reads no more; it can still
// send.
std::unique_ptr<WsStream> make_beast_stream(Loop& loop, std::shared_ptr<Wire> wire,
                                            FrameMeter meter,
                                            std::function<void(FrameFault)> on_fault);

}  // namespace larder::edge
