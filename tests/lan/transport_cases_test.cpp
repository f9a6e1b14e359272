// Cases 1 to 8 of the fault catalogue: what a stranger may do to the port.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <future>
#include <string>
#include <vector>

#include "tests/lan/lan_house.hpp"

namespace larder::edge {
namespace {

TEST(Transport, case_1_bytes_that_are_no_http_are_closed_within_a_second) {
  LanHouse house;
  const std::vector<std::string> noise = {
      std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11), std::string(100, '\0'),
      "\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n", std::string("\xff\xfe\x00", 3)};
  for (const std::string& bytes : noise) {
    // Tried again on a machine so busy that a second passes without us.
    bool in_time = false;
    for (int tries = 0; tries < 5 && !in_time; ++tries) {
      RawClient client(house.port());
      client.send(bytes);
      in_time = client.is_closed_within(milliseconds(1000));
      EXPECT_EQ(client.unread(), "") << "no answer to what is no question";
    }
    EXPECT_TRUE(in_time);
  }
  EXPECT_GE(house.gate().refusals("not_http") + house.gate().refusals("http_400"), noise.size());
  EXPECT_GE(house.gate().refusals("not_http"), 3U);
}

TEST(Transport, case_2_a_dripped_head_is_408_and_others_are_served) {
  LanConfig config = LanHouse::quick();
  config.limits.head_timeout = milliseconds(300);
  LanHouse house(config);
  RawClient slow(house.port());
  RawClient silent(house.port());
  const auto began = std::chrono::steady_clock::now();
  const std::string head =
      "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: " + std::string(900, 'x');
  RawClient other(house.port());
  std::size_t served = 0;
  // One byte for each answer that the other client gets: the drip keeps coming and does not help.
  for (std::size_t at = 0; at < head.size() && !slow.fill(milliseconds(1)); ++at) {
    slow.send(head.substr(at, 1));
    if (other.get("/healthz").status == 200) ++served;
  }
  EXPECT_EQ(slow.answer().status, 408);
  EXPECT_GE(std::chrono::steady_clock::now() - began, milliseconds(300));
  EXPECT_TRUE(slow.is_closed_within());
  EXPECT_GT(served, 2U);
  EXPECT_TRUE(silent.is_closed_within());
  EXPECT_EQ(silent.unread(), "");
  EXPECT_EQ(house.gate().refusals("http_408"), 1U);
}

TEST(Transport, case_2_a_dripped_body_is_408) {
  LanConfig config = LanHouse::quick();
  config.limits.body_grace = milliseconds(1000);
  LanHouse house(config);
  RawClient client(house.port());
  client.send(
      "POST /v1/menu HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer t\r\n"
      "Idempotency-Key: 1\r\nContent-Length: 1000\r\n\r\nthe first bytes");
  EXPECT_EQ(client.answer().status, 408);
  EXPECT_TRUE(house.gate().imports().empty());
}

TEST(Transport, an_idle_connection_is_closed_after_keep_alive) {
  LanConfig config = LanHouse::quick();
  config.limits.keep_alive = milliseconds(50);
  LanHouse house(config);
  RawClient client(house.port());
  EXPECT_EQ(client.get("/healthz").status, 200);
  EXPECT_TRUE(client.is_closed_within());
  EXPECT_EQ(client.unread(), "");
}

TEST(Transport, case_3_idle_sockets_of_one_address_are_few_and_devices_get_in) {
  LanConfig config = LanHouse::quick();
  config.limits.pre_auth_loopback = kPreAuthPerAddressMax;
  config.limits.crowd_grace = milliseconds(100);
  LanHouse house(config);
  RawClient early = house.screen();
  std::vector<RawClient> idle;
  for (int i = 0; i < 300; ++i) idle.emplace_back(house.port(), "127.0.0.2");
  // From another address at once, from the flooded one as soon as the crowd is gone.
  RawClient device = house.screen();
  device.send_text("I am in");
  EXPECT_TRUE(device.hears("echo I am in"));
  EXPECT_TRUE(house.wait_until([&house] { return house.connections() == 4 + 2; }));
  RawClient neighbour = house.screen("127.0.0.2");
  neighbour.send_text("me too");
  EXPECT_TRUE(neighbour.hears("echo me too"));
  early.send_text("still here");
  EXPECT_TRUE(early.hears("echo still here"));
  EXPECT_GE(house.gate().refusals("too_many_connections"), 296U);
}

TEST(Transport, case_3_a_flood_from_many_addresses_does_not_keep_a_device_out) {
  LanConfig config = LanHouse::quick();
  config.limits.connections_max = 32;
  config.limits.reserved_connections = 8;
  LanHouse house(config);
  std::vector<RawClient> devices;
  for (int i = 0; i < 4; ++i) devices.push_back(house.screen());
  std::vector<RawClient> flood;
  for (int i = 0; i < 300; ++i) {
    flood.emplace_back(house.port(), "127.0." + std::to_string(1 + i % 100) + ".1");
  }
  EXPECT_TRUE(
      house.wait_until([&house] { return house.gate().refusals("too_many_connections") == 276; }));
  EXPECT_EQ(house.connections(), 24U + 4U) << "strangers have at most what is not reserved";
  for (int i = 0; i < 20; ++i) devices.push_back(house.screen());
  for (RawClient& device : devices) {
    device.send_text("hello");
    EXPECT_TRUE(device.hears("echo hello"));
  }
}

// Takes every descriptor that the process may have until it is destroyed.
class NoDescriptorsLeft {
 public:
  NoDescriptorsLeft() {
    ::getrlimit(RLIMIT_NOFILE, &usual_);
    rlimit tight = usual_;
    tight.rlim_cur = 256;
    ::setrlimit(RLIMIT_NOFILE, &tight);
    for (int fd = 0; (fd = ::open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0;) taken_.push_back(fd);
  }
  ~NoDescriptorsLeft() {
    for (const int fd : taken_) ::close(fd);
    ::setrlimit(RLIMIT_NOFILE, &usual_);
  }
  NoDescriptorsLeft(const NoDescriptorsLeft&) = delete;
  NoDescriptorsLeft& operator=(const NoDescriptorsLeft&) = delete;

 private:
  rlimit usual_{};
  std::vector<int> taken_;
};

TEST(Transport, case_105_without_descriptors_those_inside_stay_and_the_loop_does_not_spin) {
  LanHouse house;
  RawClient inside = house.screen();
  std::promise<void> go_on;
  house.loop().post([waiting = go_on.get_future().share()] { waiting.wait(); });
  RawClient outside(house.port());  // the kernel connects it; the hub has not accepted it yet
  {
    const NoDescriptorsLeft none;
    go_on.set_value();
    EXPECT_TRUE(outside.is_closed_within()) << "turned away, not left in the kernel's queue";
    for (int i = 0; i < 100; ++i) {
      inside.send_text(std::to_string(i));
      EXPECT_TRUE(inside.hears("echo " + std::to_string(i)));
    }
    EXPECT_EQ(house.gate().refusals("accept_no_descriptors"), 1U);
  }
  EXPECT_EQ(RawClient(house.port()).get("/healthz").status, 200);
}

TEST(Transport, case_4_too_much_head_is_431_or_414) {
  LanHouse house;
  const auto status = [&house](const std::string& target, const std::string& headers) {
    RawClient client(house.port());
    const int got = client.get(target, headers).status;
    EXPECT_TRUE(client.is_closed_within());
    return got;
  };
  EXPECT_EQ(status("/", "X: " + std::string(9 * 1024, 'a') + "\r\n"), 431);
  std::string many;
  for (int i = 0; i < 64; ++i) many += "X: y\r\n";
  EXPECT_EQ(status("/", many), 431);
  EXPECT_EQ(status("/" + std::string(8 * 1024, 'a'), ""), 414);
  EXPECT_EQ(house.gate().refusals("http_431"), 2U);
  EXPECT_EQ(house.gate().refusals("http_414"), 1U);
}

TEST(Transport, case_5_a_request_that_can_be_read_in_two_ways_is_400_and_nothing_after_it_is_read) {
  LanHouse house;
  for (const char* headers :
       {"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
        "Content-Length: 4\r\nContent-Length: 50\r\n", "Content-Length: -4\r\n",
        "Content-Length: 99999999999999999999\r\n", "X: a\r\n folded: b\r\n"}) {
    RawClient client(house.port());
    client.send("POST /x HTTP/1.1\r\nHost: localhost\r\n" + std::string(headers) +
                "\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
    RawAnswer answer = client.answer();
    EXPECT_EQ(answer.status, 400) << headers;
    EXPECT_EQ(answer.fields["connection"], "close");
    EXPECT_EQ(client.answer().status, 0) << "the smuggled request got an answer";
  }
}

TEST(Transport, case_6_another_host_name_is_421_and_closed) {
  LanConfig config = LanHouse::quick();
  config.host_names = {"hub.shop.example"};
  LanHouse house(config);
  const auto status = [&house](const std::string& host) {
    RawClient client(house.port());
    client.send("GET /healthz HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
    const int got = client.answer().status;
    EXPECT_TRUE(got == 200 || client.is_closed_within());
    return got;
  };
  EXPECT_EQ(status("evil.example"), 421);
  EXPECT_EQ(status("127.0.0.1.evil.example:80"), 421);
  EXPECT_EQ(status("hub-s1.local:8080"), 200);
  EXPECT_EQ(status("hub.shop.example"), 200);
}

TEST(Transport, case_7_an_upgrade_from_a_foreign_page_is_403) {
  LanHouse house;
  const auto status = [&house](const std::string& headers) {
    return RawClient(house.port()).upgrade(headers);
  };
  EXPECT_EQ(status("Origin: http://evil.example\r\n"), 403);
  EXPECT_EQ(status("Origin: null\r\n"), 403);
  EXPECT_EQ(status("Origin: \r\n"), 403);
  EXPECT_EQ(status("Origin: http://127.0.0.1\r\n"), 101);
  EXPECT_EQ(status(""), 101) << "no browser, so no page that could lie";
  EXPECT_EQ(house.gate().refusals("http_403"), 3U);
}

TEST(Transport, case_8_a_wrong_handshake_is_426_or_400) {
  LanHouse house;
  const auto answer = [&house](const std::string& headers) {
    RawClient client(house.port());
    return client.get("/ws/v1", "Upgrade: websocket\r\nConnection: Upgrade\r\n" + headers);
  };
  const std::string key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  const std::string version = "Sec-WebSocket-Version: 13\r\n";
  const std::string protocol = "Sec-WebSocket-Protocol: larder.v1\r\n";
  RawAnswer old = answer(key + "Sec-WebSocket-Version: 8\r\n" + protocol);
  EXPECT_EQ(old.status, 426);
  EXPECT_EQ(old.fields["sec-websocket-version"], "13");
  EXPECT_EQ(answer(version + protocol).status, 400);
  EXPECT_EQ(answer("Sec-WebSocket-Key: short==\r\n" + version + protocol).status, 400);
  EXPECT_EQ(answer(key + version).status, 400);
  EXPECT_EQ(answer(key + version + "Sec-WebSocket-Protocol: chat\r\n").status, 400);
  EXPECT_EQ(RawClient(house.port()).get("/ws/v1").status, 426);
  EXPECT_EQ(house.gate().opened_count(), 0U);
}

}  // namespace
}  // namespace larder::edge
