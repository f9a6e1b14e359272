#include "edge/lan/wire.hpp"

#include <linux/sockios.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <utility>
#include <vector>

#include "platform/loop/loop.hpp"

namespace larder::edge {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

class TcpWire final : public Wire, public std::enable_shared_from_this<TcpWire> {
 public:
  TcpWire(Loop& loop, int fd, bool ip6)
      : socket_(loop.context()), heard_(std::chrono::steady_clock::now()) {
    error_code ignored;
    socket_.assign(ip6 ? tcp::v6() : tcp::v4(), fd, ignored);
  }

  void read_some(std::span<char> room, Done done) override {
    if (!put_back_.empty()) return read_put_back(room, std::move(done));
    socket_.async_read_some(
        asio::buffer(room.data(), room.size()),
        [self = shared_from_this(), done = std::move(done)](error_code failed, std::size_t bytes) {
          if (bytes > 0) self->heard_ = std::chrono::steady_clock::now();
          if (failed == asio::error::eof) failed = {};
          done(failed, bytes);
        });
  }

  void write_some(std::span<const std::string_view> pieces, Done done) override {
    std::array<asio::const_buffer, kPiecesMax> buffers;
    const std::size_t count = std::min(pieces.size(), kPiecesMax);
    std::transform(
        pieces.begin(), pieces.begin() + static_cast<std::ptrdiff_t>(count), buffers.begin(),
        [](std::string_view piece) { return asio::const_buffer(piece.data(), piece.size()); });
    write_since_ = std::chrono::steady_clock::now();
    socket_.async_write_some(buffers, [self = shared_from_this(), done = std::move(done)](
                                          error_code failed, std::size_t bytes) {
      self->write_since_.reset();
      done(failed, bytes);
    });
  }

  void put_back(std::string bytes) override { put_back_ = std::move(bytes) + put_back_; }

  void shutdown_send() override {
    error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
  }
  void close() override {
    error_code ignored;
    socket_.close(ignored);
  }
  void reset() override {
    error_code ignored;
    socket_.set_option(asio::socket_base::linger(true, 0), ignored);
    socket_.close(ignored);
  }
  bool has_unsent() override {
    int bytes = 0;
    return ::ioctl(socket_.native_handle(), SIOCOUTQ, &bytes) == 0 && bytes > 0;
  }
  SteadyTime last_heard() const override { return heard_; }
  std::optional<SteadyTime> write_waits_since() const override { return write_since_; }

 private:
  void read_put_back(std::span<char> room, Done done) {
    const std::size_t bytes = std::min(room.size(), put_back_.size());
    std::copy_n(put_back_.begin(), bytes, room.begin());
    put_back_.erase(0, bytes);
    asio::post(socket_.get_executor(), [done = std::move(done), bytes] { done({}, bytes); });
  }

  tcp::socket socket_;
  std::string put_back_;
  SteadyTime heard_;
  std::optional<SteadyTime> write_since_;
};

struct Writing {
  std::shared_ptr<Wire> wire;
  std::array<std::string_view, 2> pieces;
  std::function<void(std::error_code)> done;
};

void write_rest(const std::shared_ptr<Writing>& writing) {
  writing->wire->write_some(writing->pieces, [writing](std::error_code failed, std::size_t bytes) {
    if (failed) return writing->done(failed);
    for (auto& piece : writing->pieces) {
      const std::size_t part = std::min(bytes, piece.size());
      piece.remove_prefix(part);
      bytes -= part;
    }
    if (writing->pieces[0].empty() && writing->pieces[1].empty()) return writing->done({});
    write_rest(writing);
  });
}

}  // namespace

std::shared_ptr<Wire> make_tcp_wire(Loop& loop, int fd, bool ip6) {
  return std::make_shared<TcpWire>(loop, fd, ip6);
}

void write_all(const std::shared_ptr<Wire>& wire, std::string_view first, std::string_view second,
               std::function<void(std::error_code)> done) {
  auto writing = std::make_shared<Writing>(
      Writing{.wire = wire, .pieces = {first, second}, .done = std::move(done)});
  write_rest(writing);
}

}  // namespace larder::edge
