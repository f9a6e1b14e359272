// Cases 9 to 17 of the fault catalogue: what a client may do to its WebSocket.
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "tests/lan/lan_house.hpp"

namespace larder::edge {
namespace {

// Clients here do not close by themselves, so the hub lingers; not for long.
LanConfig brief() {
  LanConfig config = LanHouse::quick();
  config.limits.linger = milliseconds(200);
  return config;
}

// The code with which the hub closes after these bytes; every session is closed exactly once.
int code_after(LanHouse& house, const std::string& bytes) {
  RawClient client = house.screen();
  client.send(bytes);
  const int code = client.close_code();
  EXPECT_TRUE(client.is_closed_within());
  EXPECT_TRUE(house.wait_until([&house] { return house.connections() == 0; }));
  EXPECT_EQ(house.gate().closed_count(), house.gate().opened_count());
  EXPECT_EQ(house.gate().closed_twice(), 0U);
  return code;
}

TEST(WebSocketCases, case_9_broken_frames_are_1002) {
  LanHouse house(brief());
  EXPECT_EQ(code_after(house, client_frame("plain", {.masked = false})), 1002);
  for (const int bits : {1, 2, 4, 7}) {
    EXPECT_EQ(code_after(house, client_frame("rsv", {.reserved = bits})), 1002) << bits;
  }
  for (const int opcode : {3, 4, 5, 6, 7, 11, 12, 13, 14, 15}) {
    EXPECT_EQ(code_after(house, client_frame("op", {.opcode = opcode})), 1002) << opcode;
  }
  EXPECT_EQ(code_after(house, client_frame("p", {.fin = false, .opcode = 9})), 1002);
  EXPECT_EQ(code_after(house, client_frame(std::string(126, 'p'), {.opcode = 9})), 1002);
  EXPECT_EQ(code_after(house, client_frame("x", {.opcode = 8})), 1002) << "half a close code";
  EXPECT_EQ(code_after(house, client_frame("lost", {.opcode = 0})), 1002) << "continues nothing";
  EXPECT_EQ(code_after(house, client_frame("a", {.fin = false}) + client_frame("b")), 1002);
  EXPECT_EQ(house.gate().refusals("ws_1002"), 20U);
}

TEST(WebSocketCases, case_9_a_length_longer_than_needed_is_1002) {
  LanHouse house(brief());
  EXPECT_EQ(code_after(house, std::string("\x81\xfe\x00\x02\0\0\0\0ab", 10)), 1002);
  EXPECT_EQ(code_after(house, std::string("\x81\xff\0\0\0\0\0\0\x00\x02\0\0\0\0ab", 16)), 1002);
}

TEST(WebSocketCases, case_10_a_message_of_more_than_64_kib_is_1009_by_its_header_alone) {
  LanHouse house(brief());
  const auto header = [](std::uint64_t length) {
    return client_frame("", {.told_length = length});
  };
  EXPECT_EQ(code_after(house, header((1ULL << 63) - 1)), 1009);
  EXPECT_EQ(code_after(house, header(1ULL << 40)), 1009);
  EXPECT_EQ(code_after(house, header(kFrameBytesMax + 1)), 1009);
  // In fragments it is the sum that counts.
  EXPECT_EQ(code_after(house, client_frame(std::string(kFrameBytesMax, 'a'), {.fin = false}) +
                                  client_frame("b", {.opcode = 0})),
            1009);
  EXPECT_EQ(house.gate().refusals("ws_1009"), 4U);
  RawClient client = house.screen();
  const std::string longest(kFrameBytesMax, 'a');
  client.send_text(longest);
  EXPECT_TRUE(client.hears("echo " + longest));
}

TEST(WebSocketCases, case_10_a_length_above_63_bits_is_refused) {
  LanHouse house(brief());
  const int code = code_after(house, client_frame("", {.told_length = ~0ULL}));
  EXPECT_TRUE(code == 1009 || code == 1002) << code;
}

TEST(WebSocketCases, case_11_endless_empty_fragments_are_1008_after_sixteen) {
  LanHouse house(brief());
  std::string bytes = client_frame("", {.fin = false});
  for (int i = 0; i < 15; ++i) bytes += client_frame("", {.fin = false, .opcode = 0});
  {
    RawClient client = house.screen();
    client.send(bytes);
    client.send(client_frame("", {.opcode = 9}));
    const auto pong = client.frame();
    ASSERT_TRUE(pong);
    EXPECT_EQ(pong->opcode, 10) << "sixteen are borne";
  }
  const std::string more = client_frame("", {.fin = false, .opcode = 0});
  std::string million = bytes;
  for (int i = 0; i < 100'000; ++i) million += more;
  EXPECT_EQ(code_after(house, million), 1008);
  EXPECT_EQ(house.gate().refusals("ws_1008"), 1U);
}

TEST(WebSocketCases, case_12_invalid_utf8_is_1007) {
  LanHouse house(brief());
  for (const char* bad :
       {"\xff", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "caf\xc3", "\x80"}) {
    EXPECT_EQ(code_after(house, client_frame(bad)), 1007);
  }
  RawClient client = house.screen();
  // Cut inside a character: good as a message.
  client.send(client_frame("K\xc3", {.fin = false}) + client_frame("\xa4se", {.opcode = 0}));
  EXPECT_TRUE(client.hears("echo K\xc3\xa4se"));
}

TEST(WebSocketCases, case_12_nul_and_lone_surrogate_escapes_reach_the_hub_which_refuses_them) {
  LanHouse house;
  RawClient client = house.screen();
  client.send_text(std::string_view("a\0b", 3));
  EXPECT_TRUE(client.hears(std::string_view("echo a\0b", 8)));
  client.send_text("\"\\ud800\"");
  EXPECT_TRUE(client.hears("echo \"\\ud800\""));
}

TEST(WebSocketCases, a_binary_message_is_1003) {
  LanHouse house(brief());
  EXPECT_EQ(code_after(house, client_frame("bytes", {.opcode = 2})), 1003);
  EXPECT_EQ(house.gate().texts(), std::vector<std::string>{"auth"});
}

TEST(WebSocketCases, case_13_compression_is_never_agreed_on) {
  LanHouse house;
  RawClient client(house.port());
  client.send(
      "GET /ws/v1 HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Protocol: larder.v1\r\n"
      "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\r\n");
  RawAnswer answer = client.answer();
  EXPECT_EQ(answer.status, 101);
  EXPECT_FALSE(answer.fields.contains("sec-websocket-extensions"));
  // "Hello" as RFC 7692 compresses it.
  client.send(client_frame("\xf2\x48\xcd\xc9\xc9\x07", {.reserved = 4}));
  EXPECT_EQ(client.close_code(), 1002);
  EXPECT_TRUE(house.gate().texts().empty());
}

TEST(WebSocketCases, case_14_who_does_not_authenticate_is_1008) {
  LanConfig config = LanHouse::quick();
  config.limits.auth_timeout = milliseconds(1500);
  LanHouse house(config);
  RawClient silent(house.port());
  ASSERT_EQ(silent.upgrade(), 101);
  RawClient chatty(house.port());
  ASSERT_EQ(chatty.upgrade(), 101);
  chatty.send_text("let me in");
  RawClient device = house.screen();
  EXPECT_EQ(silent.close_code(), 1008);
  EXPECT_EQ(chatty.close_code(), 1008);
  device.send_text("still here");
  EXPECT_TRUE(device.hears("echo still here"));
  EXPECT_EQ(house.gate().refusals("ws_no_auth"), 2U);
}

TEST(WebSocketCases, case_15_a_flood_of_pings_is_1008) {
  LanHouse house(brief());
  std::string pings;
  for (int i = 0; i < 10'000; ++i) pings += client_frame("ping", {.opcode = 9});
  EXPECT_EQ(code_after(house, pings), 1008);
  std::string pongs;
  for (int i = 0; i < 10'000; ++i) pongs += client_frame("", {.opcode = 10});
  EXPECT_EQ(code_after(house, pongs), 1008);
}

// A client that reads nothing, with a window as small as the kernel allows.
constexpr int kTinyWindow = 4096;
// For one that reads late or slowly: a window below the loopback's segment size would leave the
// pace to the kernel's probes, which back off.
constexpr int kSmallWindow = 128 * 1024;

TEST(WebSocketCases, case_16_a_screen_that_does_not_read_is_cut_and_no_other_waits) {
  LanHouse house(brief());
  RawClient reader = house.screen();
  RawClient sleeper = house.screen("127.0.0.1", kTinyWindow);
  const auto frame = std::make_shared<const std::string>(std::string(16 * 1024, 's'));
  // 16 KiB at a time until the sleeper is cut: its queue, the kernel's buffers and its window.
  std::size_t published = 0;
  while (house.gate().refusals("slow_screen") == 0 && published < 1'000) {
    house.on_loop([&] { house.gate().publish(frame); });
    EXPECT_TRUE(reader.hears(*frame)) << "the reader gets each at once";
    ++published;
  }
  EXPECT_EQ(house.gate().refusals("slow_screen"), 1U);
  EXPECT_GE(published, kSessionQueueBytesMax / frame->size());
  EXPECT_LE(published * frame->size(), kSessionQueueBytesMax + 2 * 1024 * 1024);
  // The queue is gone at once, although the sleeper is given some time; one frame may be on its
  // way.
  EXPECT_TRUE(house.wait_until([&frame] { return frame.use_count() <= 2; }, milliseconds(150)));
  EXPECT_TRUE(house.wait_until([&house] { return house.gate().closed_count() == 1; }));
  EXPECT_TRUE(house.wait_until([&frame] { return frame.use_count() == 1; }));
  reader.send_text("unmoved");
  EXPECT_TRUE(reader.hears("echo unmoved"));
}

TEST(WebSocketCases, case_16_many_small_frames_fill_the_queue_too) {
  LanConfig config = LanHouse::quick();
  config.limits.linger = milliseconds(50);
  LanHouse house(config);
  RawClient client = house.screen();
  client.send_text("many 900");
  for (int i = 0; i < 900; ++i) ASSERT_TRUE(client.hears("one of many"));
  client.send_text("many 1002");
  EXPECT_EQ(client.close_code(), 1013);
}

TEST(WebSocketCases, case_16_a_screen_that_wakes_up_in_time_hears_1013) {
  LanConfig config = LanHouse::quick();
  config.limits.linger = std::chrono::minutes(1);
  LanHouse house(config);
  RawClient sleeper = house.screen("127.0.0.1", kSmallWindow);
  const auto frame = std::make_shared<const std::string>(std::string(64 * 1024, 's'));
  while (house.gate().refusals("slow_screen") == 0) {
    house.on_loop([&] { house.gate().publish(frame); });
  }
  EXPECT_EQ(sleeper.close_code(), 1013);
}

TEST(WebSocketCases, case_16_a_write_that_nobody_takes_is_cut) {
  LanConfig config = LanHouse::quick();
  config.limits.write_timeout = milliseconds(100);
  LanHouse house(config);
  RawClient sleeper = house.screen("127.0.0.1", kTinyWindow);
  sleeper.send_text("big 8000000");
  EXPECT_TRUE(house.wait_until([&house] { return house.gate().closed_count() == 1; }));
  EXPECT_EQ(house.gate().refusals("slow_screen"), 1U);
}

TEST(WebSocketCases, case_16_a_frame_that_is_sipped_for_too_long_is_cut) {
  LanConfig config = LanHouse::quick();
  config.limits.frame_timeout = milliseconds(300);
  LanHouse house(config);
  RawClient sipper = house.screen("127.0.0.1", kTinyWindow);
  sipper.send_text("big 8000000");
  while (house.gate().closed_count() == 0 && sipper.fill(milliseconds(2))) {
    house.wait_until([] { return false; }, milliseconds(5));
  }
  EXPECT_TRUE(house.wait_until([&house] { return house.gate().closed_count() == 1; }));
  EXPECT_LT(sipper.unread().size(), 8'000'000U);
}

TEST(WebSocketCases, a_large_snapshot_reaches_a_slow_reader_whole) {
  LanHouse house;
  RawClient client = house.screen("127.0.0.1", kSmallWindow);
  constexpr std::size_t kBytes = 4 * 1024 * 1024;
  client.send_text("big " + std::to_string(kBytes));
  client.send_text("big " + std::to_string(kBytes));
  client.send_text("after");
  for (int i = 0; i < 2; ++i) {
    const auto snapshot = client.frame();
    ASSERT_TRUE(snapshot);
    EXPECT_EQ(snapshot->payload.size(), kBytes);
    EXPECT_TRUE(snapshot->fin);
  }
  EXPECT_TRUE(client.hears("echo after"));
}

TEST(WebSocketCases, case_17_a_silent_wire_is_dead_in_time_and_a_pong_keeps_it_alive) {
  LanConfig config = LanHouse::quick();
  config.limits.ping_every = milliseconds(250);
  config.limits.dead_after = milliseconds(3000);
  LanHouse house(config);
  RawClient dead = house.screen();  // its access point is gone: no byte, no end
  RawClient alive = house.screen();
  const auto began = std::chrono::steady_clock::now();
  std::size_t pings = 0;
  while (house.gate().closed_count() == 0 || pings < 14) {
    const auto frame = alive.frame();
    ASSERT_TRUE(frame);
    if (frame->opcode != 9) continue;
    ++pings;
    alive.send(client_frame(frame->payload, {.opcode = 10}));
  }
  EXPECT_GE(std::chrono::steady_clock::now() - began, milliseconds(2900));
  EXPECT_EQ(house.gate().closed_count(), 1U);
  EXPECT_EQ(house.gate().refusals("dead_screen"), 1U);
  EXPECT_GE(pings, 8U);
  alive.send_text("here");
  EXPECT_TRUE(alive.hears("echo here"));
}

TEST(WebSocketCases, case_17_the_defaults_keep_the_promise) {
  const LanLimits limits;
  EXPECT_EQ(limits.ping_every, std::chrono::seconds(10));
  EXPECT_EQ(limits.dead_after, std::chrono::seconds(25));
  EXPECT_GE(limits.dead_after, 2 * limits.ping_every) << "one lost ping is not death";
  EXPECT_EQ(limits.auth_timeout, std::chrono::seconds(5));
  EXPECT_EQ(limits.head_timeout, std::chrono::seconds(10));
}

}  // namespace
}  // namespace larder::edge
