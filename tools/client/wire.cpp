// The only file of the client that includes Asio and Beast: the network thread, and one WebSocket.
#include "tools/client/wire.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/beast/websocket.hpp>
#include <deque>
#include <future>
#include <thread>

namespace larder::client {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using asio::ip::tcp;
using ErrorCode = boost::system::error_code;

}  // namespace

struct Network::Loop {
  asio::io_context context{1};
  asio::executor_work_guard<asio::io_context::executor_type> stay{context.get_executor()};
  std::thread thread;
};

namespace {

constexpr const char* kSubprotocol = "larder.v1";
constexpr auto kHandshakeTimeout = std::chrono::seconds(5);

class BeastWire final : public Wire, public std::enable_shared_from_this<BeastWire> {
 public:
  BeastWire(Network& network, WireCallbacks callbacks)
      : resolver_(network.loop().context),
        socket_(network.loop().context),
        callbacks_(std::make_shared<WireCallbacks>(std::move(callbacks))) {}

  void start(const std::string& host, std::uint16_t port) {
    host_ = host + ":" + std::to_string(port);
    resolver_.async_resolve(
        host, std::to_string(port),
        [self = shared_from_this()](ErrorCode failed, const tcp::resolver::results_type& places) {
          if (failed) return self->end(0, "cannot find the hub: " + failed.message());
          self->connect(places);
        });
  }

  void send(std::string text) override {
    queue_.push_back(std::move(text));
    if (open_ && queue_.size() == 1) write_next();
  }

  void close() override {
    closing_ = true;
    if (!open_) return drop();
    if (queue_.empty()) say_goodbye();
  }

  void drop() override {
    callbacks_.reset();
    ended_ = true;
    ErrorCode ignored;
    resolver_.cancel();
    beast::get_lowest_layer(socket_).close(ignored);
  }

 private:
  void connect(const tcp::resolver::results_type& places) {
    if (ended_) return;
    asio::async_connect(socket_.next_layer(), places,
                        [self = shared_from_this()](ErrorCode failed, const tcp::endpoint&) {
                          if (failed)
                            return self->end(0, "cannot reach the hub: " + failed.message());
                          self->shake_hands();
                        });
  }

  void shake_hands() {
    if (ended_) return;
    ErrorCode ignored;
    socket_.next_layer().set_option(tcp::no_delay(true), ignored);
    websocket::stream_base::timeout limits{};
    limits.handshake_timeout = kHandshakeTimeout;
    limits.idle_timeout = websocket::stream_base::none();
    limits.keep_alive_pings = false;
    socket_.set_option(limits);
    socket_.set_option(websocket::stream_base::decorator([](websocket::request_type& request) {
      request.set(beast::http::field::sec_websocket_protocol, kSubprotocol);
    }));
    socket_.read_message_max(kMessageBytesMax);
    socket_.auto_fragment(false);
    socket_.secure_prng(false);  // masks guard proxies, not secrets; this is a load generator too
    socket_.async_handshake(
        response_, host_, "/ws/v1",
        [self = shared_from_this()](ErrorCode failed) { self->opened(failed); });
  }

  void opened(ErrorCode failed) {
    if (failed) {
      const auto status = response_.result_int();
      const bool answered = failed == websocket::error::upgrade_declined;
      return end(0, answered ? "the hub refuses the WebSocket with HTTP " + std::to_string(status)
                             : "the hub does not speak WebSocket: " + failed.message());
    }
    if (response_[beast::http::field::sec_websocket_protocol] != kSubprotocol)
      return end(0, "the server speaks WebSocket, but not larder.v1");
    open_ = true;
    socket_.text(true);
    if (const auto callbacks = callbacks_) callbacks->on_open();
    read_next();
    if (!queue_.empty()) write_next();
  }

  void read_next() {
    if (ended_) return;
    socket_.async_read(buffer_, [self = shared_from_this()](ErrorCode failed, std::size_t) {
      const Instant received = std::chrono::steady_clock::now();
      if (failed) return self->end(self->socket_.reason().code, self->why(failed));
      const auto bytes = self->buffer_.cdata();
      const std::string_view text(static_cast<const char*>(bytes.data()), bytes.size());
      if (const auto callbacks = self->callbacks_) callbacks->on_text(text, received);
      self->buffer_.consume(self->buffer_.size());
      self->read_next();
    });
  }

  void write_next() {
    if (ended_) return;
    socket_.async_write(asio::buffer(queue_.front()),
                        [self = shared_from_this()](ErrorCode failed, std::size_t) {
                          if (failed) return self->end(0, self->why(failed));
                          self->queue_.pop_front();
                          if (!self->queue_.empty()) return self->write_next();
                          if (self->closing_) self->say_goodbye();
                        });
  }

  void say_goodbye() {
    if (ended_) return;
    callbacks_.reset();
    socket_.async_close(websocket::close_code::normal,
                        [self = shared_from_this()](ErrorCode) { self->drop(); });
  }

  std::string why(ErrorCode failed) const {
    if (socket_.reason().code != 0) {
      const auto& reason = socket_.reason();
      return "the hub closed the connection (" + std::to_string(reason.code) + " " +
             std::string(reason.reason.data(), reason.reason.size()) + ")";
    }
    return "the connection broke: " + failed.message();
  }

  void end(std::uint16_t code, const std::string& reason) {
    if (ended_) return;
    const auto callbacks = callbacks_;
    drop();
    if (callbacks) callbacks->on_closed(code, reason);
  }

  tcp::resolver resolver_;
  websocket::stream<tcp::socket> socket_;
  beast::flat_buffer buffer_;
  websocket::response_type response_;
  std::deque<std::string> queue_;
  // Shared, so that a callback may drop this wire while it runs.
  std::shared_ptr<WireCallbacks> callbacks_;
  std::string host_;
  bool open_ = false;
  bool closing_ = false;
  bool ended_ = false;
};

}  // namespace

Network::Network() : loop_(std::make_unique<Loop>()) {
  loop_->thread = std::thread([loop = loop_.get()] { loop->context.run(); });
}

Network::~Network() {
  loop_->context.stop();
  loop_->thread.join();
}

void Network::run_soon(std::function<void()> work) { asio::post(loop_->context, std::move(work)); }

void Network::run_at(Instant when, std::function<void()> work) {
  auto timer = std::make_shared<asio::steady_timer>(loop_->context, when);
  timer->async_wait([timer, work = std::move(work)](ErrorCode failed) {
    if (!failed) work();
  });
}

bool Network::is_this_thread() const {
  return std::this_thread::get_id() == loop_->thread.get_id();
}

void Network::run_and_wait(const std::function<void()>& work) {
  if (is_this_thread()) {
    work();
    return;
  }
  std::promise<void> done;
  run_soon([&] {
    work();
    done.set_value();
  });
  done.get_future().wait();
}

std::shared_ptr<Wire> Wire::open(Network& network, const std::string& host, std::uint16_t port,
                                 WireCallbacks callbacks) {
  auto wire = std::make_shared<BeastWire>(network, std::move(callbacks));
  wire->start(host, port);
  return wire;
}

}  // namespace larder::client
