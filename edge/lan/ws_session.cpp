// The one file that includes Beast's WebSocket (see docs/adr/0006-one-port-beast.md).
#include <algorithm>
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
#include <type_traits>
#include <utility>

#include "core/base/limits.hpp"
#include "edge/lan/connection.hpp"
#include "edge/lan/frame_meter.hpp"
#include "edge/lan/loop.hpp"
#include "edge/lan/send_queue.hpp"
#include "edge/lan/upgrade_check.hpp"

namespace larder::edge {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;
using boost::system::error_code;

namespace {

SteadyTime steady_now() { return std::chrono::steady_clock::now(); }

// What Beast reads from and writes to: a Wire, with the meter in between. A read that brings a
// fault is held back: Beast hears of no further byte, but can still send the close frame.
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
        [this](auto done, const Buffers& room) { read(first_of(room), std::move(done)); }, handler,
        buffers);
  }

  template <typename Buffers, typename Handler>
  auto async_write_some(const Buffers& buffers, Handler&& handler) {
    return asio::async_initiate<Handler, void(error_code, std::size_t)>(
        [this](auto done, const Buffers& bytes) { write(bytes, std::move(done)); }, handler,
        buffers);
  }

  // Lets a read that was held back end.
  void release() {
    if (held_) asio::post(executor_, std::exchange(held_, nullptr));
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
  // operation holds the session, and so this stream, alive.
  template <typename Done>
  void read(std::span<char> room, Done done) {
    auto shared = std::make_shared<Done>(std::move(done));
    wire_->read_some(room, [this, room, shared](std::error_code failed, std::size_t bytes) {
      if (failed) return (*shared)(error_code(failed), 0);
      if (bytes == 0) return (*shared)(asio::error::eof, 0);
      const auto fault = meter_.pass({room.data(), bytes}, steady_now());
      if (!fault) return (*shared)({}, bytes);
      held_ = [shared] { (*shared)(asio::error::operation_aborted, 0); };
      on_fault_(*fault);
    });
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
  std::function<void()> held_;
};

// Beast asks for these by argument-dependent lookup. The session lingers by itself.
template <typename Handler>
void async_teardown(beast::role_type, MeteredStream& stream, Handler&& handler) {
  stream.wire().shutdown_send();
  asio::post(stream.get_executor(), asio::prepend(std::forward<Handler>(handler), error_code()));
}
void beast_close_socket(MeteredStream& stream) { stream.wire().close(); }

// WsSession: one screen. Network thread. Life:
//   Opening -> Open -> Closing (what is queued, then the close frame) -> Closed (waits for the
//   peer's) -> Lingering -> Gone. A fault or a full queue skips what is queued.
// One write at a time; Gate::opened is answered by exactly one Gate::closed, never inside send() or
// close().
class WsSession final : public Session,
                        public Connection,
                        public std::enable_shared_from_this<WsSession> {
 public:
  WsSession(Reception& reception, ConnectionId id, std::shared_ptr<Wire> wire, std::string head,
            std::string address, asio::io_context& context)
      : reception_(reception),
        limits_(reception.config().limits),
        id_(id),
        wire_(std::move(wire)),
        address_(std::move(address)),
        stream_(context.get_executor(), wire_, FrameMeter(limits_.control_frames_per_second),
                [this](FrameFault fault) { on_fault(fault); }),
        queue_(limits_.queue_bytes_max, limits_.queue_frames_max),
        began_(steady_now()),
        pinged_(began_) {
    request_.emplace();
    request_->eager(false);
    error_code failed;
    request_->put(asio::buffer(head), failed);
  }

  void start() override;
  void sweep(SteadyTime now) override;
  void wind_down() override;
  void cut() override;

  void send(Bytes frame) override;
  void close(std::uint16_t code, std::string reason) override;

 private:
  enum class State { Opening, Open, Closing, Closed, Lingering, Gone };

  void on_accepted(error_code failed);
  void read();
  void on_read(error_code failed);
  void on_read_failed(error_code failed);
  void deliver();
  void notice_authentication();
  void pump();
  void write_frame();
  void write_ping();
  void on_written(error_code failed);
  void begin_close(std::uint16_t code, std::string_view reason, std::chrono::milliseconds patience);
  void send_close();
  void on_fault(FrameFault fault);
  void linger();
  void drain();
  void sweep_open(SteadyTime now);
  void finish(bool with_reset);

  Reception& reception_;
  const LanLimits& limits_;
  ConnectionId id_;
  std::shared_ptr<Wire> wire_;
  std::string address_;
  websocket::stream<MeteredStream, false> stream_;  // false: no compression is even compiled in
  std::optional<beast::http::request_parser<beast::http::empty_body>> request_;
  beast::flat_buffer inbox_;
  SendQueue queue_;
  Bytes writing_frame_;
  bool writing_ = false;
  bool ping_due_ = false;
  bool opened_ = false;
  bool authenticated_ = false;
  State state_ = State::Opening;
  SessionKey key_ = 0;
  SteadyTime began_;
  SteadyTime pinged_;
  SteadyTime write_began_{};
  std::optional<SteadyTime> deadline_;
  websocket::close_reason close_reason_;
  std::string scrap_;
};

void WsSession::start() {
  stream_.text(true);
  stream_.auto_fragment(false);
  stream_.read_message_max(kFrameBytesMax);
  stream_.set_option(websocket::stream_base::decorator([](websocket::response_type& response) {
    response.set(beast::http::field::server, "larder");
    response.set(beast::http::field::sec_websocket_protocol, kSubprotocol);
  }));
  stream_.async_accept(request_->get(), [self = shared_from_this()](error_code failed) {
    self->on_accepted(failed);
  });
}

void WsSession::on_accepted(error_code failed) {
  request_.reset();
  if (state_ == State::Gone) return;
  if (failed) return finish(false);
  state_ = State::Open;
  began_ = pinged_ = steady_now();
  opened_ = true;
  key_ = reception_.gate().opened(*this, address_);
  read();
}

void WsSession::read() {
  stream_.async_read(inbox_, [self = shared_from_this()](error_code failed, std::size_t) {
    self->on_read(failed);
  });
}

void WsSession::on_read(error_code failed) {
  if (state_ == State::Gone || state_ == State::Lingering) return;
  if (failed) return on_read_failed(failed);
  if (state_ == State::Open) deliver();
  inbox_.consume(inbox_.size());
  constexpr std::size_t kUsualBytes = 8 * 1024;
  if (inbox_.capacity() > kUsualBytes) inbox_.shrink_to_fit();
  read();
}

void WsSession::deliver() {
  const asio::const_buffer message = inbox_.cdata();
  reception_.gate().received(key_, {static_cast<const char*>(message.data()), message.size()});
  notice_authentication();
}

void WsSession::notice_authentication() {
  if (authenticated_ || !reception_.gate().is_authenticated(key_)) return;
  authenticated_ = true;
  reception_.stand(id_, Door::Standing::Known);
}

void WsSession::on_read_failed(error_code failed) {
  if (failed == websocket::error::closed) return finish(false);  // both have said goodbye
  // The close that is under way has taken the reading over; it ends or its time does.
  if (failed == asio::error::operation_aborted && state_ == State::Closed) return;
  const bool too_big = failed == websocket::error::message_too_big;
  const bool violation = failed == websocket::condition::protocol_violation;
  if (!too_big && !violation) return finish(false);
  const bool bad_text = failed == websocket::error::bad_frame_payload;
  reception_.gate().count_refusal(too_big ? "ws_1009" : bad_text ? "ws_1007" : "ws_1002");
  linger();
}

void WsSession::send(Bytes frame) {
  if (state_ != State::Open) return;
  if (!queue_.push(std::move(frame))) {
    reception_.gate().count_refusal("slow_screen");
    queue_.clear();
    return begin_close(1013, "did not read fast enough", limits_.linger);
  }
  pump();
}

void WsSession::pump() {
  const bool may_send = state_ == State::Open || state_ == State::Closing;
  if (writing_ || !may_send) return;
  if (ping_due_) return write_ping();
  if (!queue_.empty()) return write_frame();
  if (state_ == State::Closing) send_close();
}

void WsSession::write_frame() {
  writing_ = true;
  write_began_ = steady_now();
  writing_frame_ = queue_.pop();
  stream_.async_write(
      asio::buffer(*writing_frame_),
      [self = shared_from_this()](error_code failed, std::size_t) { self->on_written(failed); });
}

void WsSession::write_ping() {
  ping_due_ = false;
  writing_ = true;
  write_began_ = steady_now();
  stream_.async_ping({},
                     [self = shared_from_this()](error_code failed) { self->on_written(failed); });
}

void WsSession::on_written(error_code failed) {
  writing_ = false;
  writing_frame_.reset();
  // A failed write does not end the session here: the read knows why and ends it.
  if (failed) return;
  pump();
}

void WsSession::close(std::uint16_t code, std::string reason) {
  if (state_ == State::Open) begin_close(code, reason, limits_.drain);
}

void WsSession::begin_close(std::uint16_t code, std::string_view reason,
                            std::chrono::milliseconds patience) {
  constexpr std::size_t kReasonBytesMax = 120;
  close_reason_ = websocket::close_reason(static_cast<websocket::close_code>(code),
                                          std::string(reason.substr(0, kReasonBytesMax)));
  state_ = State::Closing;
  ping_due_ = false;
  deadline_ = steady_now() + patience;
  pump();
}

void WsSession::send_close() {
  state_ = State::Closed;
  deadline_ = steady_now() + limits_.linger;
  stream_.async_close(close_reason_, [self = shared_from_this()](error_code failed) {
    if (failed) return self->linger();
    self->finish(false);
  });
}

// What comes after a fault is read and dropped: a socket closed with unread bytes sends a reset,
// which can overtake the close frame.
void WsSession::on_fault(FrameFault fault) {
  reception_.gate().count_refusal("ws_" + std::to_string(fault.close_code));
  queue_.clear();
  if (state_ == State::Open || state_ == State::Closing) {
    begin_close(fault.close_code, fault.reason, limits_.linger);
  }
  drain();
}

void WsSession::linger() {
  if (state_ == State::Lingering || state_ == State::Gone) return;
  state_ = State::Lingering;
  queue_.clear();
  deadline_ = steady_now() + limits_.linger;
  wire_->shutdown_send();
  drain();
}

void WsSession::drain() {
  constexpr std::size_t kScrapBytes = 4096;
  scrap_.resize(kScrapBytes);
  wire_->read_some(scrap_, [self = shared_from_this()](std::error_code failed, std::size_t bytes) {
    if (self->state_ == State::Gone) return;
    if (failed || bytes == 0) return self->finish(false);
    self->drain();
  });
}

void WsSession::sweep(SteadyTime now) {
  if (state_ == State::Gone) return;
  const auto waits = wire_->write_waits_since();
  const bool stuck = waits && now - *waits >= limits_.write_timeout;
  const bool slow = writing_ && now - write_began_ >= limits_.frame_timeout;
  if (stuck || slow) {
    reception_.gate().count_refusal("slow_screen");
    return finish(true);
  }
  if (deadline_ && now >= *deadline_) return finish(state_ == State::Closing);
  if (state_ == State::Opening && now - began_ >= limits_.auth_timeout) return finish(false);
  if (state_ == State::Open) sweep_open(now);
}

void WsSession::sweep_open(SteadyTime now) {
  notice_authentication();
  if (!authenticated_ && now - began_ >= limits_.auth_timeout) {
    reception_.gate().count_refusal("ws_no_auth");
    return begin_close(1008, "no auth message in time", limits_.linger);
  }
  // One sweep earlier, so that the promised time is kept and not overrun by a sweep.
  if (now - wire_->last_heard() >= limits_.dead_after - limits_.sweep_every) {
    reception_.gate().count_refusal("dead_screen");
    return finish(true);
  }
  if (now - pinged_ >= limits_.ping_every) {
    pinged_ = now;
    ping_due_ = true;
    pump();
  }
}

void WsSession::wind_down() {
  if (state_ == State::Opening) return finish(false);
  close(1001, "the hub stops");
}

void WsSession::cut() { finish(true); }

void WsSession::finish(bool with_reset) {
  if (state_ == State::Gone) return;
  const auto self = shared_from_this();
  state_ = State::Gone;
  queue_.clear();
  if (with_reset) {
    wire_->reset();
  } else {
    wire_->close();
  }
  stream_.next_layer().release();
  if (opened_) reception_.gate().closed(key_);
  reception_.gone(id_);
}

}  // namespace

std::shared_ptr<Connection> make_ws_session(Reception& reception, ConnectionId id,
                                            std::shared_ptr<Wire> wire, std::string head,
                                            std::string address) {
  return std::make_shared<WsSession>(reception, id, std::move(wire), std::move(head),
                                     std::move(address), reception.loop().context());
}

}  // namespace larder::edge
