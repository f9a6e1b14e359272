#include "relay/api/server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "platform/loop/loop.hpp"
#include "relay/api/conversation.hpp"

namespace larder::relay {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

class HttpServer::Parts final : public Hall, public std::enable_shared_from_this<Parts> {
 public:
  Parts(Loop& loop, ApiLimits limits, Site& site)
      : loop_(loop), limits_(limits), site_(site), acceptor_(loop.context()) {}

  Result<void> start(const std::string& address, std::uint16_t port);
  std::uint16_t port() const;
  std::size_t connections() const { return conversations_.size(); }
  void stop(std::function<void()> stopped);
  void abandon();

  Site& site() override { return site_; }
  const ApiLimits& limits() const override { return limits_; }
  void gone(Conversation::Id id) override;

 private:
  void accept();
  void welcome(tcp::socket socket);
  bool cut_idlest();
  std::vector<std::shared_ptr<Conversation>> all() const;

  Loop& loop_;
  ApiLimits limits_;
  Site& site_;
  tcp::acceptor acceptor_;
  std::map<Conversation::Id, std::shared_ptr<Conversation>> conversations_;
  Conversation::Id last_ = 0;
  bool stopping_ = false;
  std::function<void()> stopped_;
};

Result<void> HttpServer::Parts::start(const std::string& address, std::uint16_t port) {
  error_code failed;
  const auto parsed = asio::ip::make_address(address, failed);
  if (failed) {
    return refuse(Code::BadConfig, "The address to listen on is no IP address: " + address);
  }
  const tcp::endpoint endpoint(parsed, port);
  acceptor_.open(endpoint.protocol(), failed);
  if (!failed) acceptor_.set_option(tcp::acceptor::reuse_address(true), failed);
  if (!failed) acceptor_.bind(endpoint, failed);
  if (!failed) acceptor_.listen(asio::socket_base::max_listen_connections, failed);
  if (!failed) {
    accept();
    return {};
  }
  error_code ignored;
  acceptor_.close(ignored);
  return refuse(Code::Unavailable, "Cannot listen on " + address + " port " + std::to_string(port) +
                                       ": " + failed.message());
}

std::uint16_t HttpServer::Parts::port() const {
  error_code ignored;
  return acceptor_.is_open() ? acceptor_.local_endpoint(ignored).port() : std::uint16_t{0};
}

void HttpServer::Parts::accept() {
  acceptor_.async_accept([self = shared_from_this()](error_code failed, tcp::socket socket) {
    if (!self->acceptor_.is_open()) return;
    if (!failed) {
      self->welcome(std::move(socket));
      return self->accept();
    }
    // Out of descriptors or memory: not at once, it will still be so. What is idle gives its place.
    self->cut_idlest();
    constexpr Duration kPause{50'000};
    self->loop_.after(kPause, [self] {
      if (self->acceptor_.is_open()) self->accept();
    });
  });
}

// Closes the conversation that is idle longest, so that there is a place; false when none is idle.
bool HttpServer::Parts::cut_idlest() {
  std::shared_ptr<Conversation> oldest;
  std::optional<std::chrono::steady_clock::time_point> since;
  for (const auto& [id, conversation] : conversations_) {
    const auto idle = conversation->idle_since();
    if (!idle || (since && *since <= *idle)) continue;
    since = idle;
    oldest = conversation;
  }
  if (oldest) oldest->cut();
  return oldest != nullptr;
}

void HttpServer::Parts::welcome(tcp::socket socket) {
  error_code failed;
  const tcp::endpoint peer = socket.remote_endpoint(failed);
  if (failed) return;
  if (conversations_.size() >= limits_.connections_max && !cut_idlest()) return;
  socket.set_option(tcp::no_delay(true), failed);
  const bool ip6 = peer.address().is_v6();
  const int fd = socket.release(failed);
  if (failed) return;
  auto conversation = make_conversation(loop_, *this, ++last_, fd, ip6, peer.address().to_string());
  conversations_.emplace(last_, conversation);
  conversation->start();
}

void HttpServer::Parts::gone(Conversation::Id id) {
  conversations_.erase(id);
  if (stopping_ && conversations_.empty() && stopped_) {
    loop_.post(std::exchange(stopped_, nullptr));
  }
}

// A copy: ending a conversation takes it out of the map.
std::vector<std::shared_ptr<Conversation>> HttpServer::Parts::all() const {
  std::vector<std::shared_ptr<Conversation>> every;
  every.reserve(conversations_.size());
  for (const auto& [id, conversation] : conversations_) every.push_back(conversation);
  return every;
}

void HttpServer::Parts::stop(std::function<void()> stopped) {
  error_code ignored;
  acceptor_.close(ignored);
  stopping_ = true;
  stopped_ = std::move(stopped);
  for (const auto& conversation : all()) conversation->wind_down();
  if (conversations_.empty()) {
    if (stopped_) loop_.post(std::exchange(stopped_, nullptr));
    return;
  }
  loop_.after(Duration{limits_.drain.count() * 1'000}, [weak = weak_from_this()] {
    const auto self = weak.lock();
    if (!self) return;
    for (const auto& conversation : self->all()) conversation->cut();
  });
}

void HttpServer::Parts::abandon() {
  error_code ignored;
  acceptor_.close(ignored);
  stopped_ = nullptr;
  for (const auto& conversation : all()) conversation->cut();
}

HttpServer::HttpServer(Loop& loop, ApiLimits limits, Site& site)
    : parts_(std::make_shared<Parts>(loop, limits, site)) {}
HttpServer::~HttpServer() { parts_->abandon(); }

Result<void> HttpServer::start(const std::string& address, std::uint16_t port) {
  return parts_->start(address, port);
}
std::uint16_t HttpServer::port() const { return parts_->port(); }
std::size_t HttpServer::connections() const { return parts_->connections(); }
void HttpServer::stop(std::function<void()> stopped) { parts_->stop(std::move(stopped)); }

}  // namespace larder::relay
