// PahoLink against a real mosquitto on the loopback.
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "edge/uplink/paho_link.hpp"
#include "lan-protocol/uplink.hpp"
#include "platform/loop/loop.hpp"
#include "tests/support/prompt_sockets.hpp"
#include "tests/uplink/broker_process.hpp"

namespace larder::edge {
namespace {

constexpr auto kWithin = std::chrono::seconds(20);

// A link on a loop of its own, and what it told.
class LinkHouse final : public LinkWatcher {
 public:
  explicit LinkHouse(PahoLinkConfig config)
      : link(
            std::move(config), [this](std::function<void()> job) { loop.post(std::move(job)); },
            [this](Duration time, std::function<void()> job) { loop.after(time, std::move(job)); },
            [] { return 0.1; }),
        runner([this] { loop.run(); }) {}
  ~LinkHouse() override {
    loop.stop();
    runner.join();
  }
  LinkHouse(const LinkHouse&) = delete;
  LinkHouse& operator=(const LinkHouse&) = delete;

  static PahoLinkConfig to(std::uint16_t port, const std::string& name = "s1") {
    PahoLinkConfig config;
    config.address = "127.0.0.1";
    config.port = port;
    config.client_id = name;
    config.is_tls = false;
    config.filters = {"t/" + name + "/#"};
    config.reconnect_first = Duration{50'000};
    config.reconnect_most = Duration{200'000};
    config.will_delay_s = 0;
    return config;
  }

  void start() {
    loop.post([this] { link.start(*this); });
  }

  // Asks on the loop until `is_so`, and answers whether it came to be.
  bool until(const std::function<bool()>& is_so) {
    const auto end = std::chrono::steady_clock::now() + kWithin;
    while (!on_loop(is_so)) {
      if (std::chrono::steady_clock::now() > end) return false;
    }
    return true;
  }

  bool send(const std::string& topic, const std::string& payload) {
    return on_loop([&] { return link.publish(Outgoing{topic, payload, true, false}); });
  }

  bool on_loop(const std::function<bool()>& what) {
    std::promise<bool> answer;
    loop.post([&] { answer.set_value(what()); });
    return answer.get_future().get();
  }

  void link_up() override { ups++; }
  void link_down(const std::string& why) override {
    downs++;
    last_why = why;
  }
  void arrived(const std::string& topic, const std::string& payload) override {
    messages.emplace_back(topic, payload);
  }
  void refused(const std::string&) override { refusals++; }
  void window_moved() override { moves++; }

  Loop loop;
  PahoLink link;
  int ups = 0, downs = 0;
  std::size_t moves = 0, refusals = 0;
  std::string last_why;
  std::vector<std::pair<std::string, std::string>> messages;
  std::thread runner;  // last: it uses everything above
};

// Ends the newest connections of this process to a port without a word, as a cut cable would.
void cut_connections_to(std::uint16_t port, int count) {
  for (int fd = 1'023; fd >= 0 && count > 0; --fd) {
    sockaddr_in peer{};
    socklen_t size = sizeof(peer);
    if (::getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &size) != 0) continue;
    if (peer.sin_family != AF_INET || ntohs(peer.sin_port) != port) continue;
    ::shutdown(fd, SHUT_RDWR);
    count--;
  }
}

#define NEEDS_A_BROKER \
  if (!BrokerProcess::is_there()) GTEST_SKIP() << "there is no mosquitto on this machine"

TEST(PahoLink, connects_listens_and_brings_what_is_sent) {
  NEEDS_A_BROKER;
  BrokerProcess broker;
  LinkHouse house(LinkHouse::to(broker.port()));
  house.start();
  ASSERT_TRUE(house.until([&] { return house.ups == 1; }));
  EXPECT_TRUE(house.send("t/s1/x", "hello"));
  ASSERT_TRUE(house.until([&] { return !house.messages.empty(); }));
  EXPECT_EQ(house.messages[0].first, "t/s1/x");
  EXPECT_EQ(house.messages[0].second, "hello");
}

// Paho leaves the delay on: a small PUBLISH behind another would wait for an acknowledgement, up to
// 40 ms each.
TEST(PahoLink, small_messages_leave_at_once) {
  NEEDS_A_BROKER;
  BrokerProcess broker;
  LinkHouse house(LinkHouse::to(broker.port()));
  house.start();
  ASSERT_TRUE(house.until([&] { return house.ups == 1; }));
  EXPECT_EQ(prompt_connections_to(broker.port()), 1);
}

TEST(PahoLink, the_window_is_one_below_what_the_broker_takes_and_nothing_stalls) {
  NEEDS_A_BROKER;
  BrokerProcess broker(20);
  auto config = LinkHouse::to(broker.port());
  config.max_inflight = 100;
  LinkHouse house(config);
  house.start();
  ASSERT_TRUE(house.until([&] { return house.ups == 1; }));
  EXPECT_EQ(house.link.window(), 19U);
  const std::string payload(2'000, 'x');
  std::size_t sent = 0, refused = 0;
  const auto began = std::chrono::steady_clock::now();
  ASSERT_TRUE(house.until([&] {
    while (sent < 2'000) {
      if (!house.link.publish(Outgoing{"t/s1/ev", payload, true, false})) {
        refused++;
        break;
      }
      sent++;
    }
    return house.messages.size() == 2'000;
  }));
  EXPECT_GT(refused, 0U);
  ASSERT_TRUE(house.until([&] { return house.moves == 2'000; }));
  // With one more under way Paho's sender would fall asleep for a second in every window.
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(10));
  for (std::size_t i = 1; i < house.messages.size(); ++i) {
    ASSERT_EQ(house.messages[i].second.size(), payload.size());
  }
}

TEST(PahoLink, a_message_that_the_broker_refuses_ends_no_connection) {
  NEEDS_A_BROKER;
  BrokerProcess broker(100, {}, "topic readwrite t/s1/#\n");
  LinkHouse house(LinkHouse::to(broker.port()));
  house.start();
  ASSERT_TRUE(house.until([&] { return house.ups == 1; }));
  EXPECT_TRUE(house.send("elsewhere", "no right to this"));
  ASSERT_TRUE(house.until([&] { return house.refusals == 1; }));
  EXPECT_TRUE(house.send("t/s1/x", "a right to this"));
  ASSERT_TRUE(house.until([&] { return house.messages.size() == 1; }));
  EXPECT_EQ(house.downs, 0);
}

TEST(PahoLink, a_broker_that_dies_is_found_again) {
  NEEDS_A_BROKER;
  BrokerProcess broker;
  LinkHouse house(LinkHouse::to(broker.port()));
  house.start();
  ASSERT_TRUE(house.until([&] { return house.ups == 1; }));
  for (int round = 2; round <= 4; ++round) {
    broker.kill();
    ASSERT_TRUE(house.until([&] { return house.downs > 0; }));
    EXPECT_FALSE(house.send("t/s1/x", "into the dark"));
    broker.start();
    ASSERT_TRUE(house.until([&] { return house.ups == round; }));
    const std::string word = "round " + std::to_string(round);
    EXPECT_TRUE(house.send("t/s1/x", word));
    ASSERT_TRUE(house.until(
        [&] { return !house.messages.empty() && house.messages.back().second == word; }));
    house.downs = 0;
  }
}

TEST(PahoLink, case_67_where_nobody_listens_it_tries_on_and_says_why) {
  NEEDS_A_BROKER;
  std::uint16_t port = 0;
  {
    BrokerProcess broker;
    port = broker.port();
  }
  LinkHouse house(LinkHouse::to(port));
  house.start();
  ASSERT_TRUE(house.until([&] { return house.downs >= 3; }));
  EXPECT_EQ(house.ups, 0);
  EXPECT_FALSE(house.last_why.empty());
}

// What answers in place of the internet in a hotel: a page, whatever it is asked.
class CaptivePortal {
 public:
  CaptivePortal() {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    ::bind(listener_, reinterpret_cast<sockaddr*>(&address), size);
    ::listen(listener_, 16);
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    server_ = std::thread([this] { serve(); });
  }
  ~CaptivePortal() {
    ::shutdown(listener_, SHUT_RDWR);
    server_.join();
    ::close(listener_);
  }
  CaptivePortal(const CaptivePortal&) = delete;
  CaptivePortal& operator=(const CaptivePortal&) = delete;

  std::uint16_t port() const { return port_; }
  int asked() const { return asked_; }

 private:
  void serve() {
    for (int guest = 0; (guest = ::accept(listener_, nullptr, nullptr)) >= 0;) {
      char room[1'024];
      if (::recv(guest, room, sizeof(room), 0) > 0) ++asked_;
      constexpr std::string_view kPage =
          "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>Please pay first</html>";
      (void)!::send(guest, kPage.data(), kPage.size(), MSG_NOSIGNAL);
      ::close(guest);
    }
  }

  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<int> asked_ = 0;
  std::thread server_;
};

TEST(PahoLink, case_67_a_captive_portal_that_answers_with_a_page_is_no_broker) {
  for (const bool is_tls : {false, true}) {
    CaptivePortal portal;
    PahoLinkConfig config = LinkHouse::to(portal.port());
    config.is_tls = is_tls;
    LinkHouse house(config);
    house.start();
    ASSERT_TRUE(house.until([&] { return house.downs >= 3; })) << is_tls;
    EXPECT_EQ(house.ups, 0);
    EXPECT_TRUE(house.messages.empty());
    EXPECT_FALSE(house.last_why.empty());
    EXPECT_GE(portal.asked(), 2) << "it tries on";
  }
}

TEST(PahoLink, the_loop_is_never_held_up_by_a_lost_connection) {
  NEEDS_A_BROKER;
  BrokerProcess broker;
  LinkHouse house(LinkHouse::to(broker.port()));
  house.start();
  ASSERT_TRUE(house.until([&] { return house.ups == 1; }));
  auto last = std::chrono::steady_clock::now();
  auto longest = std::chrono::steady_clock::duration::zero();
  broker.kill();
  ASSERT_TRUE(house.until([&] {
    const auto now = std::chrono::steady_clock::now();
    longest = std::max(longest, now - last);
    last = now;
    return house.downs >= 5;
  }));
  EXPECT_LT(longest, std::chrono::milliseconds(250));
}

TEST(PahoLink, the_will_is_told_when_the_hub_is_gone_and_goodbye_when_it_stops) {
  NEEDS_A_BROKER;
  BrokerProcess broker;
  auto watcher_config = LinkHouse::to(broker.port(), "watcher");
  watcher_config.filters = {"st/#"};
  LinkHouse watcher(watcher_config);
  watcher.start();
  ASSERT_TRUE(watcher.until([&] { return watcher.ups == 1; }));
  auto config = LinkHouse::to(broker.port());
  config.will = Outgoing{"st/s1", "offline by will", true, true};
  {
    LinkHouse gone(config);
    gone.start();
    ASSERT_TRUE(gone.until([&] { return gone.ups == 1; }));
    cut_connections_to(broker.port(), 1);
    ASSERT_TRUE(watcher.until([&] { return watcher.messages.size() == 1; }));
  }
  EXPECT_EQ(watcher.messages[0].second, "offline by will");
  LinkHouse polite(config);
  polite.start();
  ASSERT_TRUE(polite.until([&] { return polite.ups == 1; }));
  polite.on_loop([&] {
    polite.link.stop(Outgoing{"st/s1", "offline, goodbye", true, true});
    return true;
  });
  ASSERT_TRUE(watcher.until([&] { return watcher.messages.size() == 2; }));
  EXPECT_EQ(watcher.messages[1].second, "offline, goodbye");
}

TEST(PahoLink, case_61_a_second_connection_under_the_same_name_is_seen) {
  NEEDS_A_BROKER;
  BrokerProcess broker;
  LinkHouse first(LinkHouse::to(broker.port()));
  first.start();
  ASSERT_TRUE(first.until([&] { return first.ups == 1; }));
  LinkHouse second(LinkHouse::to(broker.port()));
  second.start();
  ASSERT_TRUE(second.until([&] { return second.ups == 1; }));
  ASSERT_TRUE(first.until([&] { return first.downs >= 1; }));
}

TEST(PahoLink, speaks_tls_and_trusts_only_its_own_authority) {
  NEEDS_A_BROKER;
  BrokerProcess folder_of_certificates;
  const auto& folder = folder_of_certificates.folder();
  if (!make_certificates(folder)) GTEST_SKIP() << "there is no openssl on this machine";
  BrokerProcess broker(100, {folder / "ca.crt", folder / "hub.crt", folder / "hub.key"});
  auto config = LinkHouse::to(broker.port());
  config.is_tls = true;
  config.ca_file = (folder / "ca.crt").string();
  LinkHouse house(config);
  house.start();
  ASSERT_TRUE(house.until([&] { return house.ups == 1; }));
  EXPECT_TRUE(house.send("t/s1/x", "in secret"));
  ASSERT_TRUE(house.until([&] { return !house.messages.empty(); }));
  // Somebody else's authority: as good as offline.
  ASSERT_TRUE(make_certificates(folder));
  LinkHouse deceived(config);
  deceived.start();
  ASSERT_TRUE(deceived.until([&] { return deceived.downs >= 2; }));
  EXPECT_EQ(deceived.ups, 0);
}

}  // namespace
}  // namespace larder::edge
