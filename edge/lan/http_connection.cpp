#include "edge/lan/http_connection.hpp"

#include <algorithm>
#include <utility>

#include "core/base/limits.hpp"
#include "edge/lan/upgrade_check.hpp"

namespace larder::edge {

namespace {

SteadyTime steady_now() { return std::chrono::steady_clock::now(); }

}  // namespace

HttpConnection::HttpConnection(Reception& reception, ConnectionId id, std::shared_ptr<Wire> wire)
    : reception_(reception), id_(id), wire_(std::move(wire)), entered_(steady_now()) {}

void HttpConnection::start() { read(); }

void HttpConnection::enter(State state) {
  state_ = state;
  entered_ = steady_now();
}

void HttpConnection::read() {
  if (reading_) return;
  reading_ = true;
  wire_->read_some(room_, [self = shared_from_this()](std::error_code failed, std::size_t bytes) {
    self->on_read(failed, bytes);
  });
}

void HttpConnection::on_read(std::error_code failed, std::size_t bytes) {
  reading_ = false;
  // A refusal that did not wait for this read is on its way; linger() reads on.
  if (state_ == State::Gone || state_ == State::Writing) return;
  if (failed || bytes == 0) return finish();
  if (state_ == State::Lingering) return read();  // heard and dropped, so that no reset is sent
  // The time for a head begins with its first byte; for the first request, with the connection.
  if (state_ == State::Head && in_.empty() && !first_) entered_ = steady_now();
  in_.append(room_.data(), bytes);
  if (state_ == State::Body) return take_body();
  take_head();
}

void HttpConnection::take_head() {
  const HeadCheck check = check_head(in_);
  switch (check.state) {
    case HeadCheck::State::NeedMore:
      return read();
    case HeadCheck::State::Whole:
      return take_request(check.head);
    case HeadCheck::State::Refused:
      return refuse_and_close(check.refusal);
    case HeadCheck::State::NotHttp:
      reception_.gate().count_refusal("not_http");
      return finish();
  }
}

void HttpConnection::take_request(const HttpHead& head) {
  first_ = false;
  head_only_ = head.method == "HEAD";
  keep_alive_ = head.keep_alive;
  if (auto wrong = check_host(head.host, reception_.config().host_names)) {
    return refuse_and_close(*wrong);
  }
  if (auto wrong = check_origin(head)) return refuse_and_close(*wrong);
  if (auto wrong = check_body(head)) return refuse_and_close(*wrong);
  route_ = find_route(head, reception_.gate(), reception_.files());
  if (route_.kind == Route::Kind::Upgrade) {
    std::string text = in_.substr(0, head.bytes);
    if (in_.size() > head.bytes) wire_->put_back(in_.substr(head.bytes));
    state_ = State::Gone;
    return reception_.upgrade(id_, std::move(wire_), std::move(text));
  }
  reception_.stand(id_, Door::Standing::Served);
  begin_body(head);
}

void HttpConnection::begin_body(const HttpHead& head) {
  body_.clear();
  body_wanted_ = static_cast<std::size_t>(head.content_length);
  const bool refused = route_.kind == Route::Kind::Answer && route_.reply.status >= 400;
  if (body_wanted_ > 0 && refused) {
    // The answer does not depend on the body: say so now and do not read it.
    keep_alive_ = false;
    return finish_request();
  }
  const bool invite = head.expects_continue && in_.size() == head.bytes && body_wanted_ > 0;
  in_.erase(0, head.bytes);
  enter(State::Body);
  if (!invite) return take_body();
  out_head_ = "HTTP/1.1 100 Continue\r\n\r\n";
  write_all(wire_, out_head_, {}, [self = shared_from_this()](std::error_code failed) {
    if (self->state_ == State::Gone) return;
    if (failed) return self->finish();
    self->take_body();
  });
}

void HttpConnection::take_body() {
  const std::size_t part = std::min(in_.size(), body_wanted_ - body_.size());
  body_.append(in_, 0, part);
  in_.erase(0, part);
  if (body_.size() < body_wanted_) return read();
  finish_request();
}

void HttpConnection::finish_request() {
  if (route_.kind == Route::Kind::ImportMenu) return ask_hub();
  if (route_.reply.status >= 400) {
    reception_.gate().count_refusal("http_" + std::to_string(route_.reply.status));
  }
  write(route_.reply, keep_alive_);
}

void HttpConnection::ask_hub() {
  enter(State::Hub);
  std::weak_ptr<HttpConnection> weak = weak_from_this();
  reception_.gate().import_menu(route_.bearer, route_.command_id, std::move(body_),
                                [weak](HttpAnswer answer) {
                                  const auto self = weak.lock();
                                  if (!self || self->state_ != State::Hub) return;
                                  self->write(reply_of(std::move(answer)), self->keep_alive_);
                                });
}

void HttpConnection::refuse_and_close(const HttpRefusal& refusal) {
  reception_.gate().count_refusal("http_" + std::to_string(refusal.status));
  write(reply_of(refusal), false);
}

void HttpConnection::write(const HttpReply& reply, bool keep_alive) {
  enter(State::Writing);
  keep_alive_ = keep_alive && !winding_down_ && reply.status != 426;
  out_head_ = head_of(reply, keep_alive_);
  out_body_ = head_only_ ? nullptr : reply.body;
  const std::string_view body = out_body_ ? std::string_view(*out_body_) : std::string_view();
  write_all(wire_, out_head_, body,
            [self = shared_from_this()](std::error_code failed) { self->on_written(failed); });
}

void HttpConnection::on_written(std::error_code failed) {
  out_body_.reset();
  if (state_ == State::Gone) return;
  if (failed) return finish();
  if (!keep_alive_ || winding_down_) return linger();
  next_request();
}

void HttpConnection::next_request() {
  route_ = Route();
  body_ = std::string();
  enter(State::Head);
  if (in_.empty()) return read();
  take_head();
}

void HttpConnection::linger() {
  enter(State::Lingering);
  in_ = std::string();
  wire_->shutdown_send();
  read();
}

void HttpConnection::sweep(SteadyTime now) {
  const LanLimits& limits = reception_.config().limits;
  const auto stuck = wire_ ? wire_->write_waits_since() : std::nullopt;
  if (stuck && now - *stuck >= limits.write_timeout) {
    reception_.gate().count_refusal("http_slow_reader");
    return cut();
  }
  if (!is_late(now)) return;
  const bool quiet = state_ == State::Head && in_.empty();
  if (quiet || stuck || state_ == State::Lingering || state_ == State::Writing) return cut();
  if (state_ == State::Hub) {
    const std::string unknown = "no answer yet; ask again with the same Idempotency-Key";
    return refuse_and_close({.status = 503, .code = Code::Busy, .message = unknown});
  }
  refuse_and_close(
      {.status = 408, .code = Code::BadRequest, .message = "the request came too slowly"});
}

bool HttpConnection::is_late(SteadyTime now) const {
  const LanLimits& limits = reception_.config().limits;
  const auto spent = now - entered_;
  switch (state_) {
    case State::Head:
      return spent >= (in_.empty() && !first_ ? limits.keep_alive : limits.head_timeout);
    case State::Body: {
      if (spent < limits.body_grace) return false;
      const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(spent).count();
      return body_.size() < limits.body_bytes_per_second * static_cast<std::size_t>(seconds);
    }
    case State::Hub:
      return spent >= limits.answer_timeout;
    case State::Writing:
      return spent >= limits.frame_timeout;
    case State::Lingering:
      return spent >= limits.linger;
    case State::Gone:
      return false;
  }
  return false;
}

void HttpConnection::wind_down() {
  winding_down_ = true;
  if (state_ == State::Head || state_ == State::Body) finish();
}

// What the peer did not take by now it will not take: the kernel is not to keep it either.
void HttpConnection::cut() {
  if (state_ != State::Gone && wire_->has_unsent()) wire_->reset();
  finish();
}

void HttpConnection::finish() {
  if (state_ == State::Gone) return;
  const auto self = shared_from_this();
  state_ = State::Gone;
  wire_->close();
  reception_.gone(id_);
}

std::shared_ptr<Connection> make_http_connection(Reception& reception, ConnectionId id,
                                                 std::shared_ptr<Wire> wire) {
  return std::make_shared<HttpConnection>(reception, id, std::move(wire));
}

}  // namespace larder::edge
