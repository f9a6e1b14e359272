#include "tests/support/raw_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

namespace larder {

namespace {

using Clock = std::chrono::steady_clock;

sockaddr_in address_of(const std::string& ip, std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  inet_pton(AF_INET, ip.c_str(), &address.sin_addr);
  return address;
}

// The sockets API takes every kind of address as a sockaddr.
const sockaddr* as_sockaddr(const sockaddr_in& address) {
  return static_cast<const sockaddr*>(static_cast<const void*>(&address));
}

std::string lower_case(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

RawAnswer parsed_head(std::string_view head) {
  RawAnswer answer;
  answer.status = std::stoi(std::string(head.substr(9, 3)));
  std::size_t at = head.find("\r\n") + 2;
  while (at < head.size()) {
    const std::size_t end = head.find("\r\n", at);
    const std::string_view line = head.substr(at, end - at);
    const std::size_t colon = line.find(": ");
    if (colon != std::string_view::npos) {
      answer.fields[lower_case(line.substr(0, colon))] = line.substr(colon + 2);
    }
    at = end + 2;
  }
  return answer;
}

std::string big_endian(std::uint64_t value, int bytes) {
  std::string out;
  for (int i = bytes - 1; i >= 0; --i) out += static_cast<char>((value >> (8 * i)) & 0xffU);
  return out;
}

}  // namespace

int RawFrame::close_code() const {
  if (payload.size() < 2) return 0;
  return static_cast<unsigned char>(payload[0]) * 256 + static_cast<unsigned char>(payload[1]);
}

std::string client_frame(std::string_view payload, FrameShape shape) {
  std::string frame;
  frame += static_cast<char>((shape.fin ? 0x80 : 0) | (shape.reserved << 4) | shape.opcode);
  const std::uint64_t length = shape.told_length.value_or(payload.size());
  const int mask_bit = shape.masked ? 0x80 : 0;
  if (length < 126) {
    frame += static_cast<char>(mask_bit | static_cast<int>(length));
  } else if (length < 65536) {
    frame += static_cast<char>(mask_bit | 126);
    frame += big_endian(length, 2);
  } else {
    frame += static_cast<char>(mask_bit | 127);
    frame += big_endian(length, 8);
  }
  if (!shape.masked) return frame.append(payload);
  constexpr std::string_view kMask = "\x5a\x21\x7f\x13";
  frame += kMask;
  for (std::size_t i = 0; i < payload.size(); ++i) {
    frame += static_cast<char>(payload[i] ^ kMask[i % kMask.size()]);
  }
  return frame;
}

RawClient::RawClient(std::uint16_t port, const std::string& from, int receive_buffer) {
  fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (receive_buffer > 0) {
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof(receive_buffer));
  }
  const sockaddr_in own = address_of(from, 0);
  ::bind(fd_, as_sockaddr(own), sizeof(own));
  const sockaddr_in hub = address_of("127.0.0.1", port);
  if (::connect(fd_, as_sockaddr(hub), sizeof(hub)) != 0) {
    ::close(fd_);
    fd_ = -1;
  }
}

RawClient::~RawClient() {
  if (fd_ >= 0) ::close(fd_);
}

RawClient::RawClient(RawClient&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), in_(std::move(other.in_)) {}

bool RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool RawClient::fill(Milliseconds patience) {
  pollfd waiting{.fd = fd_, .events = POLLIN, .revents = 0};
  if (::poll(&waiting, 1, static_cast<int>(patience.count())) <= 0) return false;
  std::array<char, 65536> room{};
  const ssize_t bytes = ::recv(fd_, room.data(), room.size(), 0);
  if (bytes <= 0) return false;
  in_.append(room.data(), static_cast<std::size_t>(bytes));
  return true;
}

bool RawClient::is_closed_within(Milliseconds patience) {
  const auto until = Clock::now() + patience;
  while (Clock::now() < until) {
    const auto left = std::chrono::duration_cast<Milliseconds>(until - Clock::now());
    if (!fill(left)) {
      // At the end a socket is readable and gives nothing; at a timeout it is not readable.
      pollfd waiting{.fd = fd_, .events = POLLIN, .revents = 0};
      return ::poll(&waiting, 1, 0) > 0;
    }
  }
  return false;
}

RawAnswer RawClient::answer(bool to_head) {
  std::size_t end = 0;
  while ((end = in_.find("\r\n\r\n")) == std::string::npos) {
    if (!fill()) return {};
  }
  RawAnswer answer = parsed_head(std::string_view(in_).substr(0, end + 2));
  in_.erase(0, end + 4);
  const bool bare = to_head || answer.status == 304 || answer.status < 200;
  const std::size_t length =
      bare || !answer.fields.contains("content-length")
          ? 0
          : static_cast<std::size_t>(std::stoull(answer.fields["content-length"]));
  while (in_.size() < length) {
    if (!fill()) return {};
  }
  answer.body = in_.substr(0, length);
  in_.erase(0, length);
  return answer;
}

RawAnswer RawClient::get(std::string_view target, std::string_view headers) {
  send("GET " + std::string(target) + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + std::string(headers) +
       "\r\n");
  return answer();
}

int RawClient::upgrade(std::string_view headers) {
  send(
      "GET /ws/v1 HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Protocol: larder.v1\r\n" +
      std::string(headers) + "\r\n");
  return answer().status;
}

std::optional<RawFrame> RawClient::frame(Milliseconds patience) {
  const auto have = [this, patience](std::size_t bytes) {
    while (in_.size() < bytes) {
      if (!fill(patience)) return false;
    }
    return true;
  };
  if (!have(2)) return std::nullopt;
  const auto byte = [this](std::size_t at) {
    return static_cast<std::uint64_t>(static_cast<unsigned char>(in_[at]));
  };
  std::size_t header = 2;
  std::uint64_t length = byte(1) & 0x7fU;
  const std::size_t extended = length == 127 ? 8U : length == 126 ? 2U : 0U;
  if (extended > 0) {
    if (!have(header + extended)) return std::nullopt;
    length = 0;
    for (std::size_t i = 0; i < extended; ++i) length = length * 256 + byte(header + i);
    header += extended;
  }
  if (!have(header + static_cast<std::size_t>(length))) return std::nullopt;
  RawFrame frame;
  frame.fin = (byte(0) & 0x80U) != 0;
  frame.opcode = static_cast<int>(byte(0) & 0x0fU);
  frame.payload = in_.substr(header, static_cast<std::size_t>(length));
  in_.erase(0, header + static_cast<std::size_t>(length));
  return frame;
}

bool RawClient::hears(std::string_view text) {
  while (auto next = frame()) {
    if (next->opcode == 1 && next->payload == text) return true;
  }
  return false;
}

int RawClient::close_code(Milliseconds patience) {
  while (auto next = frame(patience)) {
    if (next->opcode == 8) return next->close_code();
  }
  return 0;
}

}  // namespace larder
