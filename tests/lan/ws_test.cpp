// The WebSocket as a screen meets it.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/lan/lan_house.hpp"

namespace larder::edge {
namespace {

TEST(WebSocket, greets_and_carries_messages_both_ways) {
  LanHouse house;
  RawClient client(house.port());
  ASSERT_EQ(client.upgrade(), 101);
  EXPECT_TRUE(client.hears("hello 127.0.0.1"));
  client.send_text("Käse 汤");
  EXPECT_TRUE(client.hears("echo Käse 汤"));
}

TEST(WebSocket, says_the_subprotocol_and_no_extension) {
  LanHouse house;
  RawClient client(house.port());
  client.send(
      "GET /ws/v1 HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: keep-alive, "
      "Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Protocol: other, larder.v1\r\n\r\n");
  RawAnswer answer = client.answer();
  EXPECT_EQ(answer.status, 101);
  EXPECT_EQ(answer.fields["sec-websocket-accept"], "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  EXPECT_EQ(answer.fields["sec-websocket-protocol"], "larder.v1");
  EXPECT_FALSE(answer.fields.contains("sec-websocket-extensions"));
}

TEST(WebSocket, hears_what_came_in_one_packet_with_the_upgrade) {
  LanHouse house;
  RawClient client(house.port());
  client.send(
      "GET /ws/v1 HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Protocol: larder.v1\r\n\r\n" +
      client_frame("early") + client_frame("bird"));
  EXPECT_EQ(client.answer().status, 101);
  EXPECT_TRUE(client.hears("echo early"));
  EXPECT_TRUE(client.hears("echo bird"));
}

TEST(WebSocket, joins_the_fragments_of_a_message_around_a_ping) {
  LanHouse house;
  RawClient client = house.screen();
  client.send(client_frame("one ", {.fin = false}) + client_frame("p", {.opcode = 9}) +
              client_frame("two ", {.fin = false, .opcode = 0}) +
              client_frame("three", {.opcode = 0}));
  bool pong = false;
  std::string text;
  while (text.empty()) {
    const auto frame = client.frame();
    ASSERT_TRUE(frame);
    if (frame->opcode == 10) pong = frame->payload == "p";
    if (frame->opcode == 1) text = frame->payload;
  }
  EXPECT_TRUE(pong);
  EXPECT_EQ(text, "echo one two three");
}

TEST(WebSocket, closes_with_the_hubs_code_after_what_is_queued) {
  LanHouse house;
  RawClient client = house.screen();
  client.send_text("close 4001");
  const auto words = client.frame();
  ASSERT_TRUE(words);
  EXPECT_EQ(words->payload, "last words");
  const auto last = client.frame();
  ASSERT_TRUE(last);
  EXPECT_EQ(last->opcode, 8);
  EXPECT_EQ(last->close_code(), 4001);
  EXPECT_EQ(last->payload.substr(2), "as you asked");
  client.send(client_frame(last->payload.substr(0, 2), {.opcode = 8}));
  EXPECT_TRUE(client.is_closed_within());
  EXPECT_TRUE(house.wait_until([&house] { return house.gate().closed_count() == 1; }));
  EXPECT_EQ(house.gate().closed_twice(), 0U);
}

TEST(WebSocket, a_client_that_says_goodbye_gets_its_code_back) {
  LanHouse house;
  RawClient client = house.screen();
  client.send(client_frame(std::string("\x03\xe8", 2), {.opcode = 8}));
  EXPECT_EQ(client.close_code(), 1000);
  EXPECT_TRUE(client.is_closed_within());
  EXPECT_TRUE(house.wait_until([&house] { return house.gate().closed_count() == 1; }));
}

TEST(WebSocket, a_client_that_vanishes_is_closed_once) {
  LanHouse house;
  { RawClient client = house.screen(); }
  EXPECT_TRUE(house.wait_until([&house] { return house.gate().closed_count() == 1; }));
  EXPECT_EQ(house.connections(), 0U);
  EXPECT_EQ(house.gate().closed_twice(), 0U);
}

TEST(WebSocket, a_hundred_screens_get_the_same_frame) {
  LanHouse house;
  std::vector<RawClient> screens;
  for (int i = 0; i < 100; ++i) screens.push_back(house.screen());
  const auto frame = std::make_shared<const std::string>("{\"type\":\"events\"}");
  house.on_loop([&] { house.gate().publish(frame); });
  for (RawClient& screen : screens) EXPECT_TRUE(screen.hears(*frame));
}

}  // namespace
}  // namespace larder::edge
