// The one file that includes Beast's WebSocket (see docs/adr/0006-one-port-beast.md).
#include <array>
#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prepend.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "core/base/limits.hpp"
#include "edge/lan/upgrade_check.hpp"
#include "edge/lan/ws_stream.hpp"
#include "platform/loop/loop.hpp"

namespace larder::edge {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;
using boost::system::error_code;

namespace {

// What Beast reads from and writes to: a Wire, with the meter in between.
//
// Reading can be stopped, by a fault or to close. Beast then hears of no further byte but can still
// send: its read stays parked here, and what arrives is dropped. Closing is done only with the read
// parked: Beast 1.81 says that async_close() may run beside async_read(), but when both find frames
// in its buffer it fails an assertion (read_size_hint_pmd).
class MeteredStream {
 public:
  using executor_type = asio::io_context::executor_type;

  MeteredStream(executor_type executor, std::shared_ptr<Wire> wire, FrameMeter meter,
                std::function<void(FrameFault)> on_fault)
      : executor_(executor),
        wire_(std::move(wire)),
        meter_(meter),
        on_fault_(std::move(on_fault)) {}

  executor_type get_executor() const { return executor_; }
  Wire& wire() { return *wire_; }

  template <typename Buffers, typename Handler>
  auto async_read_some(const Buffers& buffers, Handler&& handler) {
    return asio::async_initiate<Handler, void(error_code, std::size_t)>(
        [this](auto done, const Buffers& room) { this->read(first_of(room), std::move(done)); },
        handler, buffers);
  }

  template <typename Buffers, typename Handler>
  auto async_write_some(const Buffers& buffers, Handler&& handler) {
    return asio::async_initiate<Handler, void(error_code, std::size_t)>(
        [this](auto done, const Buffers& bytes) { this->write(bytes, std::move(done)); }, handler,
        buffers);
  }

  // `parked` is called as soon as Beast's read is; never when that read ends by itself before.
  // `ended`, later, when the peer's close frame has passed or the peer is gone.
  void stop_reading(std::function<void()> parked, std::function<void()> ended) {
    stopped_ = true;
    on_ended_ = std::move(ended);
    if (!parked_read_ && !reading_) {
      on_parked_ = std::move(parked);
      return;
    }
    parked();
    if (parked_read_ && meter_.saw_close()) end();
  }

  // Lets a parked read end.
  void release() {
    on_parked_ = nullptr;
    on_ended_ = nullptr;
    if (parked_read_) asio::post(executor_, std::exchange(parked_read_, nullptr));
  }

 private:
  template <typename Buffers>
  static std::span<char> first_of(const Buffers& buffers) {
    for (auto at = asio::buffer_sequence_begin(buffers); at != asio::buffer_sequence_end(buffers);
         ++at) {
      const asio::mutable_buffer buffer = *at;
      if (buffer.size() > 0) return {static_cast<char*>(buffer.data()), buffer.size()};
    }
    return {};
  }

  // Beast's operations can only be moved, a Wire::Done must be copyable: hence the shared_ptr. The
  // operation holds the callback, which holds whoever owns this stream.
  template <typename Done>
  void read(std::span<char> room, Done done) {
    auto shared = std::make_shared<Done>(std::move(done));
    if (stopped_) return park([shared] { (*shared)(asio::error::operation_aborted, 0); });
    reading_ = true;
    wire_->read_some(room, [this, room, shared](std::error_code failed, std::size_t bytes) {
      reading_ = false;
      if (failed) return (*shared)(error_code(failed), 0);
      if (bytes == 0) return (*shared)(asio::error::eof, 0);
      const auto fault = meter_.pass({room.data(), bytes}, std::chrono::steady_clock::now());
      if (!fault && !stopped_) return (*shared)({}, bytes);
      const bool first_fault = fault && !std::exchange(stopped_, true);
      park([shared] { (*shared)(asio::error::operation_aborted, 0); });
      if (first_fault) on_fault_(*fault);
    });
  }

  void park(std::function<void()> read) {
    parked_read_ = std::move(read);
    if (on_parked_) asio::post(executor_, std::exchange(on_parked_, nullptr));
    if (meter_.saw_close()) return end();
    drop();
  }

  // A socket closed with unread bytes sends a reset, which can overtake our close frame.
  void drop() {
    constexpr std::size_t kScrapBytes = 4096;
    scrap_.resize(kScrapBytes);
    wire_->read_some(scrap_,
                     [this, alive = parked_read_](std::error_code failed, std::size_t bytes) {
                       if (!parked_read_) return;  // released
                       if (failed || bytes == 0) return end();
                       const std::string_view dropped = std::string_view(scrap_).substr(0, bytes);
                       std::ignore = meter_.pass(dropped, std::chrono::steady_clock::now());
                       if (meter_.saw_close()) return end();
                       drop();
                     });
  }

  void end() {
    if (on_ended_) asio::post(executor_, std::exchange(on_ended_, nullptr));
  }

  template <typename Buffers, typename Done>
  void write(const Buffers& buffers, Done done) {
    std::array<std::string_view, Wire::kPiecesMax> pieces;
    std::size_t count = 0;
    for (auto at = asio::buffer_sequence_begin(buffers);
         at != asio::buffer_sequence_end(buffers) && count < pieces.size(); ++at) {
      const asio::const_buffer buffer = *at;
      pieces[count++] = {static_cast<const char*>(buffer.data()), buffer.size()};
    }
    auto shared = std::make_shared<Done>(std::move(done));
    wire_->write_some(std::span(pieces).first(count),
                      [shared](std::error_code failed, std::size_t bytes) {
                        (*shared)(error_code(failed), bytes);
                      });
  }

  executor_type executor_;
  std::shared_ptr<Wire> wire_;
  FrameMeter meter_;
  std::function<void(FrameFault)> on_fault_;
  bool reading_ = false;  // on the wire, for Beast
  bool stopped_ = false;
  std::function<void()> parked_read_;
  std::function<void()> on_parked_;
  std::function<void()> on_ended_;
  std::string scrap_;
};

// Beast asks for these by argument-dependent lookup. The session lingers by itself.
template <typename Handler>
void async_teardown(beast::role_type, MeteredStream& stream, Handler&& handler) {
  stream.wire().shutdown_send();
  asio::post(stream.get_executor(), asio::prepend(std::forward<Handler>(handler), error_code()));
}
void beast_close_socket(MeteredStream& stream) { stream.wire().close(); }

WsStream::Heard heard_of(error_code failed) {
  if (!failed) return WsStream::Heard::Message;
  if (failed == websocket::error::closed) return WsStream::Heard::Goodbye;
  if (failed == websocket::error::message_too_big) return WsStream::Heard::TooBig;
  if (failed == websocket::error::bad_frame_payload) return WsStream::Heard::BadText;
  const bool violation = failed == websocket::condition::protocol_violation;
  return violation ? WsStream::Heard::Violation : WsStream::Heard::Lost;
}

class BeastStream final : public WsStream {
 public:
  BeastStream(Loop& loop, std::shared_ptr<Wire> wire, FrameMeter meter,
              std::function<void(FrameFault)> on_fault)
      : stream_(loop.context().get_executor(), std::move(wire), meter, std::move(on_fault)) {
    stream_.text(true);
    stream_.auto_fragment(false);
    stream_.read_message_max(kFrameBytesMax);
    stream_.set_option(websocket::stream_base::decorator([](websocket::response_type& response) {
      response.set(beast::http::field::server, "larder");
      response.set(beast::http::field::sec_websocket_protocol, kSubprotocol);
    }));
  }

  void accept(const std::string& head, Done done) override {
    request_.emplace();
    error_code failed;
    request_->put(asio::buffer(head), failed);
    stream_.async_accept(request_->get(), [this, done = std::move(done)](error_code refused) {
      request_.reset();
      done(!refused);
    });
  }

  void read(Read heard) override {
    constexpr std::size_t kUsualBytes = 8 * 1024;
    inbox_.clear();
    if (inbox_.capacity() > kUsualBytes) inbox_.shrink_to_fit();
    stream_.async_read(inbox_, [this, heard = std::move(heard)](error_code failed, std::size_t) {
      const asio::const_buffer text = inbox_.cdata();
      heard(heard_of(failed), {static_cast<const char*>(text.data()), text.size()});
    });
  }

  void write(std::string_view text, Done done) override {
    stream_.async_write(asio::buffer(text), [done = std::move(done)](
                                                error_code failed, std::size_t) { done(!failed); });
  }
  void ping(Done done) override {
    stream_.async_ping({}, [done = std::move(done)](error_code failed) { done(!failed); });
  }
  void close(std::uint16_t code, std::string_view reason, std::function<void()> ended) override {
    const websocket::close_reason why(static_cast<websocket::close_code>(code), reason);
    // Beast's own end of the close is not waited for: its read is parked.
    auto send = [this, why] { stream_.async_close(why, [](error_code) {}); };
    stream_.next_layer().stop_reading(std::move(send), std::move(ended));
  }
  void release() override { stream_.next_layer().release(); }

 private:
  // false: no compression is even compiled in.
  websocket::stream<MeteredStream, false> stream_;
  std::optional<beast::http::request_parser<beast::http::empty_body>> request_;
  beast::flat_buffer inbox_;
};

}  // namespace

std::unique_ptr<WsStream> make_beast_stream(Loop& loop, std::shared_ptr<Wire> wire,
                                            FrameMeter meter,
                                            std::function<void(FrameFault)> on_fault) {
  return std::make_unique<BeastStream>(loop, std::move(wire), meter, std::move(on_fault));
}

}  // namespace larder::edge
