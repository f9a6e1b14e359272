#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "core/base/limits.hpp"
#include "edge/lan/connection.hpp"
#include "edge/lan/send_queue.hpp"
#include "edge/lan/ws_stream.hpp"

namespace larder::edge {

namespace {

SteadyTime steady_now() { return std::chrono::steady_clock::now(); }

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
            std::string address)
      : reception_(reception),
        limits_(reception.config().limits),
        id_(id),
        wire_(std::move(wire)),
        head_(std::move(head)),
        address_(std::move(address)),
        stream_(make_beast_stream(reception.loop(), wire_,
                                  FrameMeter(limits_.control_frames_per_second),
                                  [this](FrameFault fault) { on_fault(fault); })),
        queue_(limits_.queue_bytes_max, limits_.queue_frames_max),
        began_(steady_now()),
        pinged_(began_) {}

  void start() override;
  void sweep(SteadyTime now) override;
  void wind_down() override;
  void cut() override;

  void send(Bytes frame) override;
  void close(std::uint16_t code, std::string reason) override;

 private:
  enum class State { Opening, Open, Closing, Closed, Lingering, Gone };

  void on_accepted(bool accepted);
  void read();
  void on_heard(WsStream::Heard heard, std::string_view text);
  void count(std::string_view reason) { reception_.gate().count_refusal(reason); }
  void notice_authentication();
  void pump();
  void write_frame();
  void write_ping();
  void on_written(bool written);
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
  std::string head_;  // of the upgrade
  std::string address_;
  std::unique_ptr<WsStream> stream_;
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
  std::uint16_t close_code_ = 0;
  std::string close_reason_;
  std::string scrap_;
};

void WsSession::start() {
  stream_->accept(head_,
                  [self = shared_from_this()](bool accepted) { self->on_accepted(accepted); });
}

void WsSession::on_accepted(bool accepted) {
  head_ = std::string();
  if (state_ == State::Gone) return;
  if (!accepted) return finish(false);
  state_ = State::Open;
  began_ = pinged_ = steady_now();
  opened_ = true;
  key_ = reception_.gate().opened(*this, address_);
  read();
}

void WsSession::read() {
  stream_->read([self = shared_from_this()](WsStream::Heard heard, std::string_view text) {
    self->on_heard(heard, text);
  });
}

void WsSession::on_heard(WsStream::Heard heard, std::string_view text) {
  if (state_ == State::Gone || state_ == State::Lingering) return;
  switch (heard) {
    case WsStream::Heard::Message:
      if (state_ == State::Open) {
        reception_.gate().received(key_, text);
        notice_authentication();
      }
      return read();
    case WsStream::Heard::Goodbye:
      return finish(false);
    case WsStream::Heard::TooBig:
      count("ws_1009");
      return linger();
    case WsStream::Heard::BadText:
      count("ws_1007");
      return linger();
    case WsStream::Heard::Violation:
      count("ws_1002");
      return linger();
    case WsStream::Heard::Lost:
      return finish(false);
  }
}

void WsSession::notice_authentication() {
  if (authenticated_ || !reception_.gate().is_authenticated(key_)) return;
  authenticated_ = true;
  reception_.stand(id_, Door::Standing::Known);
}

void WsSession::send(Bytes frame) {
  if (state_ != State::Open) return;
  if (!queue_.push(std::move(frame))) {
    count("slow_screen");
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
  stream_->write(*writing_frame_,
                 [self = shared_from_this()](bool written) { self->on_written(written); });
}

void WsSession::write_ping() {
  ping_due_ = false;
  writing_ = true;
  write_began_ = steady_now();
  stream_->ping([self = shared_from_this()](bool written) { self->on_written(written); });
}

void WsSession::on_written(bool written) {
  writing_ = false;
  writing_frame_.reset();
  // A failed write does not end the session here: the read knows why and ends it.
  if (written) pump();
}

void WsSession::close(std::uint16_t code, std::string reason) {
  if (state_ == State::Open) begin_close(code, reason, limits_.drain);
}

void WsSession::begin_close(std::uint16_t code, std::string_view reason,
                            std::chrono::milliseconds patience) {
  constexpr std::size_t kReasonBytesMax = 120;
  close_code_ = code;
  close_reason_ = reason.substr(0, kReasonBytesMax);
  state_ = State::Closing;
  ping_due_ = false;
  deadline_ = steady_now() + patience;
  pump();
}

void WsSession::send_close() {
  state_ = State::Closed;
  deadline_ = steady_now() + limits_.linger;
  stream_->close(close_code_, close_reason_, [self = shared_from_this()] { self->finish(false); });
}

void WsSession::on_fault(FrameFault fault) {
  count("ws_" + std::to_string(fault.close_code));
  queue_.clear();
  if (state_ == State::Open || state_ == State::Closing) {
    begin_close(fault.close_code, fault.reason, limits_.linger);
  }
}

// Beast has sent its close frame and reads no more.
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
    count("slow_screen");
    return finish(true);
  }
  if (deadline_ && now >= *deadline_) return finish(wire_->has_unsent());
  if (state_ == State::Opening && now - began_ >= limits_.auth_timeout) return finish(false);
  if (state_ == State::Open) sweep_open(now);
}

void WsSession::sweep_open(SteadyTime now) {
  notice_authentication();
  if (!authenticated_ && now - began_ >= limits_.auth_timeout) {
    count("ws_no_auth");
    return begin_close(1008, "no auth message in time", limits_.linger);
  }
  // One sweep earlier, so that the promised time is kept and not overrun by a sweep.
  if (now - wire_->last_heard() >= limits_.dead_after - limits_.sweep_every) {
    count("dead_screen");
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
  stream_->release();
  if (opened_) reception_.gate().closed(key_);
  reception_.gone(id_);
}

}  // namespace

std::shared_ptr<Connection> make_ws_session(Reception& reception, ConnectionId id,
                                            std::shared_ptr<Wire> wire, std::string head,
                                            std::string address) {
  return std::make_shared<WsSession>(reception, id, std::move(wire), std::move(head),
                                     std::move(address));
}

}  // namespace larder::edge
