#include "edge/lan/server.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "edge/lan/connection.hpp"
#include "edge/lan/door.hpp"
#include "platform/loop/loop.hpp"

namespace larder::edge {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

Duration duration_of(std::chrono::milliseconds time) { return Duration{time.count() * 1'000}; }

// Kept open so that, when the process has no descriptor left, there is one to take a connection
// with and close it: otherwise it would stay in the kernel's queue and wake the loop for ever.
class SpareDescriptor {
 public:
  SpareDescriptor() { take(); }
  ~SpareDescriptor() { give(); }
  SpareDescriptor(const SpareDescriptor&) = delete;
  SpareDescriptor& operator=(const SpareDescriptor&) = delete;

  void take() {
    if (fd_ < 0) fd_ = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  }
  void give() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }

 private:
  int fd_ = -1;
};

}  // namespace

class LanServer::Parts final : public Reception, public std::enable_shared_from_this<Parts> {
 public:
  Parts(Loop& loop, LanConfig config, Gate& gate)
      : loop_(loop),
        config_(std::move(config)),
        gate_(gate),
        door_(config_.limits),
        acceptor_(loop.context()) {}

  Result<void> start();
  std::uint16_t port() const;
  std::size_t connections() const { return connections_.size(); }
  void stop(std::function<void()> stopped);
  void abandon();

  Loop& loop() override { return loop_; }
  Gate& gate() override { return gate_; }
  const LanConfig& config() const override { return config_; }
  const WebFiles& files() const override { return files_; }
  void stand(ConnectionId id, Door::Standing standing) override;
  void upgrade(ConnectionId id, std::shared_ptr<Wire> wire, std::string head) override;
  void gone(ConnectionId id) override;

 private:
  struct Guest {
    std::shared_ptr<Connection> connection;
    std::string address;
  };

  Result<void> listen();
  void accept();
  void on_accepted(error_code failed, tcp::socket socket);
  void on_accept_failed(error_code failed);
  void welcome(tcp::socket socket);
  void cut(const std::vector<ConnectionId>& ids);
  void sweep();
  std::vector<std::shared_ptr<Connection>> all() const;
  void say_stopped();

  Loop& loop_;
  LanConfig config_;
  Gate& gate_;
  WebFiles files_;
  Door door_;
  tcp::acceptor acceptor_;
  SpareDescriptor spare_;
  std::map<ConnectionId, Guest> connections_;
  std::unique_ptr<Loop::Ticker> sweeper_;
  SteadyTime last_sweep_ = std::chrono::steady_clock::now();
  bool pardoned_ = false;  // the sweep before
  bool stopping_ = false;
  std::function<void()> stopped_;
};

Result<void> LanServer::Parts::start() {
  auto files = WebFiles::load(config_.web_root);
  if (!files) return pass_on(files);
  files_ = std::move(*files);
  if (auto listening = listen(); !listening) return listening;
  sweeper_ = loop_.every(duration_of(config_.limits.sweep_every), [this] { sweep(); });
  accept();
  return {};
}

Result<void> LanServer::Parts::listen() {
  error_code failed;
  const auto address = asio::ip::make_address(config_.address, failed);
  if (failed) {
    return refuse(Code::BadConfig, "The address to listen on is no IP address: " + config_.address);
  }
  const tcp::endpoint endpoint(address, config_.port);
  acceptor_.open(endpoint.protocol(), failed);
  if (!failed) acceptor_.set_option(tcp::acceptor::reuse_address(true), failed);
  if (!failed) acceptor_.bind(endpoint, failed);
  if (!failed) acceptor_.listen(asio::socket_base::max_listen_connections, failed);
  if (!failed) acceptor_.non_blocking(true, failed);
  if (!failed) return {};
  error_code ignored;
  acceptor_.close(ignored);
  return refuse(Code::Unavailable, "Cannot listen on " + config_.address + " port " +
                                       std::to_string(config_.port) + ": " + failed.message());
}

std::uint16_t LanServer::Parts::port() const {
  error_code ignored;
  return acceptor_.is_open() ? acceptor_.local_endpoint(ignored).port() : std::uint16_t{0};
}

void LanServer::Parts::accept() {
  acceptor_.async_accept([self = shared_from_this()](error_code failed, tcp::socket socket) {
    self->on_accepted(failed, std::move(socket));
  });
}

void LanServer::Parts::on_accepted(error_code failed, tcp::socket socket) {
  if (!acceptor_.is_open()) return;
  if (failed) return on_accept_failed(failed);
  welcome(std::move(socket));
  accept();
}

void LanServer::Parts::on_accept_failed(error_code failed) {
  const bool out_of_descriptors = failed == asio::error::no_descriptors ||
                                  failed == boost::system::errc::too_many_files_open_in_system;
  if (out_of_descriptors) {
    gate_.count_refusal("accept_no_descriptors");
    spare_.give();
    error_code ignored;
    tcp::socket turned_away(loop_.context());
    acceptor_.accept(turned_away, ignored);  // does not block: the acceptor is non-blocking
    turned_away.close(ignored);
    spare_.take();
  }
  // Not at once: whatever is wrong will still be wrong.
  constexpr Duration kPause{50'000};
  loop_.after(kPause, [self = shared_from_this()] {
    if (self->acceptor_.is_open()) self->accept();
  });
}

void LanServer::Parts::welcome(tcp::socket socket) {
  error_code failed;
  const tcp::endpoint peer = socket.remote_endpoint(failed);
  if (failed) return;
  const std::string address = peer.address().to_string();
  const auto admission =
      door_.knock(address, peer.address().is_loopback(), std::chrono::steady_clock::now());
  cut(admission.evicted);
  if (!admission.admitted) return gate_.count_refusal("too_many_connections");
  socket.set_option(tcp::no_delay(true), failed);
  socket.set_option(asio::socket_base::send_buffer_size(config_.limits.send_buffer_bytes), failed);
  const bool ip6 = peer.address().is_v6();
  const int fd = socket.release(failed);
  auto connection = make_http_connection(*this, admission.id, make_tcp_wire(loop_, fd, ip6));
  connections_.emplace(admission.id, Guest{.connection = connection, .address = address});
  connection->start();
}

void LanServer::Parts::stand(ConnectionId id, Door::Standing standing) {
  door_.stand(id, standing, std::chrono::steady_clock::now());
}

void LanServer::Parts::upgrade(ConnectionId id, std::shared_ptr<Wire> wire, std::string head) {
  const auto found = connections_.find(id);
  if (found == connections_.end()) return;
  stand(id, Door::Standing::Knocking);
  Guest& guest = found->second;
  guest.connection = make_ws_session(*this, id, std::move(wire), std::move(head), guest.address);
  guest.connection->start();
}

void LanServer::Parts::gone(ConnectionId id) {
  door_.leave(id);
  connections_.erase(id);
  if (stopping_ && connections_.empty()) say_stopped();
}

void LanServer::Parts::cut(const std::vector<ConnectionId>& ids) {
  for (const ConnectionId id : ids) {
    const auto found = connections_.find(id);
    if (found == connections_.end()) continue;
    gate_.count_refusal("too_many_connections");
    const auto connection = found->second.connection;
    connection->cut();
  }
}

std::vector<std::shared_ptr<Connection>> LanServer::Parts::all() const {
  std::vector<std::shared_ptr<Connection>> connections;
  connections.reserve(connections_.size());
  for (const auto& [id, guest] : connections_) connections.push_back(guest.connection);
  return connections;
}

// Over a copy: a sweep can end a connection, and with it its place in the map.
void LanServer::Parts::sweep() {
  const auto now = std::chrono::steady_clock::now();
  // When this process itself was held up (a slow disk, a suspended machine), what the screens sent
  // meanwhile is still unread: they are not judged before it was.
  const bool held_up = now - std::exchange(last_sweep_, now) >= 2 * config_.limits.sweep_every;
  if (held_up && !std::exchange(pardoned_, true)) return;
  pardoned_ = false;
  cut(door_.overstayed(now));
  for (const auto& connection : all()) connection->sweep(now);
}

void LanServer::Parts::stop(std::function<void()> stopped) {
  error_code ignored;
  acceptor_.close(ignored);
  stopped_ = std::move(stopped);
  stopping_ = true;
  for (const auto& connection : all()) connection->wind_down();
  if (connections_.empty()) return say_stopped();
  loop_.after(duration_of(config_.limits.drain), [self = shared_from_this()] {
    for (const auto& connection : self->all()) connection->cut();
  });
}

void LanServer::Parts::say_stopped() {
  sweeper_.reset();
  if (!stopped_) return;
  loop_.post(std::exchange(stopped_, nullptr));
}

void LanServer::Parts::abandon() {
  error_code ignored;
  acceptor_.close(ignored);
  sweeper_.reset();
  for (const auto& connection : all()) connection->cut();
}

LanServer::LanServer(Loop& loop, LanConfig config, Gate& gate)
    : parts_(std::make_shared<Parts>(loop, std::move(config), gate)) {}
LanServer::~LanServer() { parts_->abandon(); }

Result<void> LanServer::start() { return parts_->start(); }
std::uint16_t LanServer::port() const { return parts_->port(); }
std::size_t LanServer::connections() const { return parts_->connections(); }
void LanServer::stop(std::function<void()> stopped) { parts_->stop(std::move(stopped)); }

}  // namespace larder::edge
