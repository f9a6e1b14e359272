#include "platform/process/socket_options.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace larder {
namespace {

// One connection on loopback: the side that called, and the side that listened.
class Connected {
 public:
  Connected() {
    const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in here{};
    here.sin_family = AF_INET;
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof here;
    auto* address = reinterpret_cast<sockaddr*>(&here);
    EXPECT_EQ(::bind(listener, address, length), 0);
    EXPECT_EQ(::listen(listener, 1), 0);
    EXPECT_EQ(::getsockname(listener, address, &length), 0);
    port_ = ntohs(here.sin_port);
    caller_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    EXPECT_EQ(::connect(caller_, address, length), 0);
    answerer_ = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
    ::close(listener);
  }
  ~Connected() {
    ::close(caller_);
    ::close(answerer_);
  }
  Connected(const Connected&) = delete;
  Connected& operator=(const Connected&) = delete;

  std::uint16_t port() const { return port_; }
  bool caller_is_prompt() const { return is_prompt(caller_); }
  bool answerer_is_prompt() const { return is_prompt(answerer_); }

 private:
  static bool is_prompt(int descriptor) {
    int on = 0;
    socklen_t length = sizeof on;
    EXPECT_EQ(::getsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, &length), 0);
    return on != 0;
  }
  std::uint16_t port_ = 0;
  int caller_ = -1, answerer_ = -1;
};

TEST(SocketOptions, connections_to_the_port_send_small_messages_at_once_and_no_others) {
  const Connected wanted, other;
  ASSERT_FALSE(wanted.caller_is_prompt());
  EXPECT_EQ(send_small_messages_at_once(wanted.port()), 1U);
  EXPECT_TRUE(wanted.caller_is_prompt());
  EXPECT_FALSE(wanted.answerer_is_prompt()) << "its other side is not that port";
  EXPECT_FALSE(other.caller_is_prompt());
  EXPECT_EQ(send_small_messages_at_once(0), 0U);
}

}  // namespace
}  // namespace larder
