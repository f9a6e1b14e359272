// The one file that includes Beast's HTTP.
#include "relay/api/conversation.hpp"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <optional>
#include <string_view>
#include <utility>

#include "platform/loop/loop.hpp"
#include "relay/api/secrets.hpp"

namespace larder::relay {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;

namespace {

constexpr std::size_t kReadAheadBytes =
    64 * 1024;  // what is pipelined beyond it stays in the socket

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

std::string_view view_of(boost::beast::string_view text) { return {text.data(), text.size()}; }

class BeastConversation final : public Conversation,
                                public std::enable_shared_from_this<BeastConversation> {
 public:
  BeastConversation(Loop& loop, Hall& hall, Id id, tcp::socket socket, std::string address)
      : hall_(hall),
        id_(id),
        address_(std::move(address)),
        socket_(std::move(socket)),
        timer_(loop.context()) {}

  void start() override { await_request(); }
  std::optional<Clock::time_point> idle_since() const override {
    if (state_ != State::Idle) return std::nullopt;
    return entered_;
  }
  void wind_down() override {
    winding_down_ = true;
    if (state_ == State::Idle) finish();
  }
  void cut() override { finish(); }

 private:
  enum class State { Idle, Head, Body, Waiting, Writing, Lingering, Gone };

  void enter(State state, ApiLimits::Milliseconds most);
  void on_late();
  void await_request();
  void read_head();
  void on_head(error_code failed);
  bool take_head();
  void on_read_failed(error_code failed);
  std::optional<int> wrong_head(std::string& sentence) const;
  void read_body();
  void on_body(error_code failed);
  void serve();
  void refuse_and_close(int status, std::string_view sentence);
  void write(HttpReply reply);
  void on_written(error_code failed);
  void linger();
  void finish();

  Hall& hall_;
  Id id_;
  std::string address_;
  tcp::socket socket_;
  asio::steady_timer timer_;
  std::uint64_t timer_turn_ = 0;
  State state_ = State::Idle;
  Clock::time_point entered_ = Clock::now();
  Clock::time_point asked_ = Clock::now();
  bool first_ = true;
  bool winding_down_ = false;
  bool keep_alive_ = true;
  bool head_only_ = false;
  boost::beast::flat_buffer in_{kReadAheadBytes};
  std::optional<http::request_parser<http::string_body>> parser_;
  HttpRequest request_;
  Welcome welcome_;
  std::uint64_t turn_ = 0;  // which request: an answer to an earlier one is dropped
  std::string out_head_;
  std::shared_ptr<const std::string> out_body_;
  std::array<char, 4096> scrap_{};
};

void BeastConversation::enter(State state, ApiLimits::Milliseconds most) {
  state_ = state;
  entered_ = Clock::now();
  timer_.expires_after(most);
  timer_.async_wait([weak = weak_from_this(), turn = ++timer_turn_](error_code failed) {
    const auto self = weak.lock();
    if (!failed && self && self->timer_turn_ == turn) self->on_late();
  });
}

void BeastConversation::on_late() {
  switch (state_) {
    case State::Head:
    case State::Body:
      return refuse_and_close(408, "the request came too slowly");
    case State::Waiting:
      return write(hall_.site().refusal(503, request_.trace_id,
                                        "no answer in time; ask again, what changes a store only "
                                        "with the same id"));
    case State::Idle:
    case State::Writing:
    case State::Lingering:
    case State::Gone:
      return finish();
  }
}

void BeastConversation::await_request() {
  if (in_.size() > 0) return read_head();
  const ApiLimits& limits = hall_.limits();
  enter(State::Idle, first_ ? limits.head_timeout : limits.keep_alive);
  socket_.async_wait(tcp::socket::wait_read, [self = shared_from_this()](error_code failed) {
    if (self->state_ != State::Idle) return;
    if (failed) return self->finish();
    self->read_head();
  });
}

void BeastConversation::read_head() {
  first_ = false;
  request_ = HttpRequest();
  request_.trace_id = random_hex(16);
  parser_.emplace();
  parser_->header_limit(static_cast<std::uint32_t>(hall_.limits().head_bytes_max));
  parser_->body_limit(boost::none);  // until the Site has said how much it takes
  enter(State::Head, hall_.limits().head_timeout);
  http::async_read_header(
      socket_, in_, *parser_,
      [self = shared_from_this()](error_code failed, std::size_t) { self->on_head(failed); });
}

void BeastConversation::on_head(error_code failed) {
  if (state_ != State::Head) return;
  if (failed) return on_read_failed(failed);
  asked_ = Clock::now();
  if (!take_head()) return;
  welcome_ = hall_.site().look(request_);
  const bool unread = !parser_->is_done();
  if (welcome_.refusal) {
    keep_alive_ = keep_alive_ && !unread;
    return write(std::move(*welcome_.refusal));
  }
  const auto length = parser_->content_length();
  if (length && *length > welcome_.body_bytes_max) {
    return refuse_and_close(
        413, welcome_.body_bytes_max == 0
                 ? "this takes no body"
                 : "a body here is at most " + std::to_string(welcome_.body_bytes_max) + " bytes");
  }
  if (!unread) return serve();
  read_body();
}

void BeastConversation::on_read_failed(error_code failed) {
  const bool too_long =
      failed == http::error::header_limit || failed == http::error::buffer_overflow;
  if (too_long) return refuse_and_close(431, "the head of a request is at most 8 KB");
  if (failed == http::error::body_limit) return refuse_and_close(413, "the body is too long");
  // The category of Beast's parser: bytes that are no HTTP/1.1. All else is a peer that is gone.
  const bool is_parser = failed.category() == make_error_code(http::error::bad_method).category();
  const bool is_end =
      failed == http::error::end_of_stream || failed == http::error::partial_message;
  if (is_parser && !is_end) return refuse_and_close(400, "this is not HTTP/1.1");
  finish();
}

// False when it was refused.
bool BeastConversation::take_head() {
  const auto& message = parser_->get();
  request_.method = std::string(view_of(message.method_string()));
  request_.target = std::string(view_of(message.target()));
  request_.address = address_;
  for (const auto& field : message) {
    request_.fields.emplace_back(lower(view_of(field.name_string())), view_of(field.value()));
  }
  if (auto trace = trace_id_of(request_.field("traceparent"))) request_.trace_id = *trace;
  keep_alive_ = message.keep_alive() && !winding_down_;
  head_only_ = request_.method == "HEAD";
  std::string sentence;
  if (const auto status = wrong_head(sentence)) {
    refuse_and_close(*status, sentence);
    return false;
  }
  return true;
}

// What two readers of the same bytes could understand differently, or what we do not speak.
std::optional<int> BeastConversation::wrong_head(std::string& sentence) const {
  const unsigned version = parser_->get().version();
  const std::string_view coding = request_.field("transfer-encoding");
  const std::string_view expect = request_.field("expect");
  if (request_.target.size() > hall_.limits().target_bytes_max) {
    sentence = "the address is at most 2 KB";
    return 414;
  }
  if (request_.target.empty() || request_.target.front() != '/') {
    sentence = "the address must begin with '/'";
    return 400;
  }
  if (request_.count("host") > 1 || (version == 11 && request_.count("host") == 0)) {
    sentence = "exactly one Host is needed";
    return 400;
  }
  if (request_.count("transfer-encoding") > 1 || (!coding.empty() && lower(coding) != "chunked")) {
    sentence = "the only transfer coding is chunked";
    return 501;
  }
  if (!coding.empty() && (version < 11 || request_.count("content-length") > 0)) {
    sentence = "Transfer-Encoding and Content-Length contradict each other";
    return 400;
  }
  if (!expect.empty() && lower(expect) != "100-continue") {
    sentence = "the only expectation is 100-continue";
    return 417;
  }
  return std::nullopt;
}

void BeastConversation::read_body() {
  parser_->body_limit(welcome_.body_bytes_max);
  enter(State::Body, hall_.limits().body_timeout);
  const auto read = [self = shared_from_this()](error_code failed, std::size_t) {
    if (self->state_ != State::Body) return;
    if (failed) return self->on_read_failed(failed);
    http::async_read(self->socket_, self->in_, *self->parser_,
                     [self](error_code broken, std::size_t) { self->on_body(broken); });
  };
  const bool invite = !request_.field("expect").empty() && in_.size() == 0;
  out_head_ = invite ? "HTTP/1.1 100 Continue\r\n\r\n" : "";
  asio::async_write(socket_, asio::buffer(out_head_), read);
}

void BeastConversation::on_body(error_code failed) {
  if (state_ != State::Body) return;
  if (failed) return on_read_failed(failed);
  request_.body = std::move(parser_->get().body());
  serve();
}

void BeastConversation::serve() {
  const ApiLimits& limits = hall_.limits();
  enter(State::Waiting, welcome_.asks_hub ? limits.hub_timeout : limits.answer_timeout);
  const auto serve = std::exchange(welcome_.serve, nullptr);
  serve(request_, [weak = weak_from_this(), turn = ++turn_](HttpReply reply) {
    const auto self = weak.lock();
    if (!self || self->turn_ != turn || self->state_ != State::Waiting) return;
    self->write(std::move(reply));
  });
}

void BeastConversation::refuse_and_close(int status, std::string_view sentence) {
  keep_alive_ = false;
  write(hall_.site().refusal(status, request_.trace_id, sentence));
}

void BeastConversation::write(HttpReply reply) {
  keep_alive_ = keep_alive_ && !winding_down_;
  enter(State::Writing, hall_.limits().write_timeout);
  const auto spent = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - asked_);
  hall_.site().answered(reply, spent.count());
  out_head_ = "HTTP/1.1 " + std::to_string(reply.status) + ' ';
  out_head_ += phrase_of(reply.status);
  out_head_ += "\r\nServer: larder-relay\r\nX-Content-Type-Options: nosniff\r\nX-Request-Id: ";
  out_head_ += request_.trace_id + "\r\n";
  const bool has_content = reply.status != 304 && reply.body;
  if (has_content) out_head_ += "Content-Type: " + reply.content_type + "\r\n";
  if (reply.status != 304) {
    out_head_ += "Content-Length: " + std::to_string(reply.body ? reply.body->size() : 0) + "\r\n";
  }
  for (const auto& [name, value] : reply.fields) out_head_ += name + ": " + value + "\r\n";
  out_head_ += keep_alive_ ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n";
  out_body_ = has_content && !head_only_ ? reply.body : nullptr;
  const std::array<asio::const_buffer, 2> all = {
      asio::buffer(out_head_), out_body_ ? asio::buffer(*out_body_) : asio::const_buffer()};
  asio::async_write(socket_, all, [self = shared_from_this()](error_code failed, std::size_t) {
    self->on_written(failed);
  });
}

void BeastConversation::on_written(error_code failed) {
  out_body_.reset();
  if (state_ == State::Gone) return;
  if (failed) return finish();
  if (!keep_alive_ || winding_down_) return linger();
  parser_.reset();
  await_request();
}

// A socket closed with unread bytes sends a reset, which can overtake the answer.
void BeastConversation::linger() {
  if (state_ != State::Lingering) {
    error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
    enter(State::Lingering, hall_.limits().linger);
  }
  socket_.async_read_some(asio::buffer(scrap_),
                          [self = shared_from_this()](error_code failed, std::size_t) {
                            if (self->state_ != State::Lingering) return;
                            if (failed) return self->finish();
                            self->linger();
                          });
}

void BeastConversation::finish() {
  if (state_ == State::Gone) return;
  const auto self = shared_from_this();  // gone() lets go of us
  state_ = State::Gone;
  ++timer_turn_;
  timer_.cancel();
  error_code ignored;
  socket_.close(ignored);
  hall_.gone(id_);
}

}  // namespace

std::shared_ptr<Conversation> make_conversation(Loop& loop, Hall& hall, Conversation::Id id, int fd,
                                                bool ip6, std::string address) {
  tcp::socket socket(loop.context());
  socket.assign(ip6 ? tcp::v6() : tcp::v4(), fd);
  return std::make_shared<BeastConversation>(loop, hall, id, std::move(socket), std::move(address));
}

}  // namespace larder::relay
