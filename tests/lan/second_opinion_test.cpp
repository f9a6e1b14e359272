// Beast as a second opinion: its parser on what check_head lets through, its client on our
// WebSocket.
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <random>
#include <string>
#include <vector>

#include "edge/lan/http_head.hpp"
#include "tests/lan/lan_house.hpp"

namespace larder::edge {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace websocket = boost::beast::websocket;
using asio::ip::tcp;

// A good head with a few bytes changed, doubled or lost.
std::string mutated(std::mt19937& random) {
  static const std::vector<std::string> kSeeds = {
      "POST /v1/menu HTTP/1.1\r\nHost: a.local\r\nContent-Length: 12\r\nConnection: close\r\n\r\n",
      "GET /ws/v1 HTTP/1.1\r\nHost: [::1]:80\r\nUpgrade: websocket\r\nConnection: a, "
      "Upgrade\r\n\r\n",
      "GET /a?b=%20 HTTP/1.1\r\nHost: h\r\nA: b\r\nContent-Length: 1\r\nTransfer-Encoding: "
      "chunked\r\n"
      "\r\n"};
  static constexpr std::string_view kLiked = "\r\n :,\t09-+xHC\0/%";
  std::string head = kSeeds[random() % kSeeds.size()];
  for (auto changes = random() % 4; changes > 0; --changes) {
    const std::size_t at = random() % head.size();
    switch (random() % 4) {
      case 0:
        head[at] = kLiked[random() % kLiked.size()];
        break;
      case 1:
        head.insert(at, 1, kLiked[random() % kLiked.size()]);
        break;
      case 2:
        head.erase(at, 1 + random() % 3);
        break;
      default:
        head.insert(at, head.substr(random() % head.size(), random() % 30));
        break;
    }
    if (head.empty()) head = "G";
  }
  return head;
}

TEST(SecondOpinion, what_both_let_through_both_read_the_same) {
  std::mt19937 random(20261121);
  std::size_t whole = 0;  // for both
  for (int i = 0; i < 100'000; ++i) {
    const std::string bytes = mutated(random);
    const HeadCheck check = check_head(bytes);
    if (check.state != HeadCheck::State::Whole) continue;
    http::request_parser<http::string_body> parser;
    boost::system::error_code failed;
    parser.put(asio::buffer(bytes.data(), check.head.bytes), failed);
    // A body that is still to come is no fault.
    if (failed == http::error::need_more) failed = {};
    // It may be stricter still, with a header that neither of us acts on.
    if (failed) continue;
    ++whole;
    ASSERT_TRUE(parser.is_header_done()) << bytes;
    const auto& request = parser.get();
    ASSERT_EQ(request.method_string(), check.head.method) << bytes;
    ASSERT_EQ(request.target(), check.head.target) << bytes;
    ASSERT_EQ(request[http::field::host], check.head.host) << bytes;
    ASSERT_EQ(parser.content_length().value_or(0), check.head.content_length) << bytes;
    ASSERT_FALSE(parser.chunked()) << bytes;
  }
  EXPECT_GT(whole, 5'000U) << "too few good ones to mean anything";
}

TEST(SecondOpinion, beasts_own_client_talks_to_us) {
  LanHouse house;
  asio::io_context context;
  websocket::stream<tcp::socket> client(context);
  const tcp::endpoint hub(asio::ip::make_address("127.0.0.1"), house.port());
  client.next_layer().connect(hub);
  client.set_option(websocket::stream_base::decorator([](websocket::request_type& request) {
    request.set(http::field::sec_websocket_protocol, "larder.v1");
  }));
  websocket::permessage_deflate offer;
  offer.client_enable = true;
  client.set_option(offer);
  client.read_message_max(16 * 1024 * 1024);
  client.handshake("127.0.0.1:" + std::to_string(house.port()), "/ws/v1");
  const auto ask = [&client](const std::string& text) {
    client.write(asio::buffer(text));
    beast::flat_buffer answer;
    client.read(answer);
    return beast::buffers_to_string(answer.data());
  };
  beast::flat_buffer hello;
  client.read(hello);
  EXPECT_EQ(beast::buffers_to_string(hello.data()), "hello 127.0.0.1");
  EXPECT_EQ(ask("auth"), "echo auth");
  const std::string longest(kFrameBytesMax, 'z');
  EXPECT_EQ(ask(longest), "echo " + longest);
  EXPECT_EQ(ask("big 8000000").size(), 8'000'000U);
  client.close(websocket::close_code::normal);
  EXPECT_TRUE(house.wait_until([&house] { return house.gate().closed_count() == 1; }));
}

// A stream of frames, most of them good, some broken, cut at a random place.
std::string frames(std::mt19937& random) {
  std::string bytes;
  for (auto count = 1 + random() % 8; count > 0; --count) {
    FrameShape shape;
    if (random() % 4 == 0) shape.fin = false;
    if (random() % 3 == 0) shape.opcode = static_cast<int>(random() % 16);
    if (random() % 20 == 0) shape.masked = false;
    if (random() % 20 == 0) shape.reserved = static_cast<int>(random() % 8);
    if (random() % 20 == 0) shape.told_length = random() % 70'000;
    std::string payload(random() % 3 == 0 ? random() % 2'000 : random() % 4, 'p');
    if (shape.opcode == 8) payload = std::string("\x03\xe8", 2).substr(0, random() % 3);
    bytes += client_frame(payload, shape);
  }
  if (random() % 8 == 0) bytes.resize(1 + random() % bytes.size());
  if (random() % 8 == 0) bytes[random() % bytes.size()] = static_cast<char>(random() % 256);
  return bytes;
}

TEST(SecondOpinion, any_stream_of_frames_ends_each_session_once_and_harms_no_other) {
  LanConfig config = LanHouse::quick();
  config.limits.linger = milliseconds(30);
  config.limits.dead_after = std::chrono::hours(1);  // the witness only listens
  LanHouse house(config);
  RawClient witness = house.screen();
  static unsigned seed = 7;  // another one each time, for --gtest_repeat
  std::mt19937 random(seed++);
  for (int i = 0; i < 1'000; ++i) {
    RawClient client(house.port());
    ASSERT_EQ(client.upgrade(), 101);
    if (random() % 2 == 0) client.send_text("auth");
    if (random() % 16 == 0) client.send_text("close 4001");
    if (random() % 16 == 0) client.send_text("big 300000");
    const std::string bytes = frames(random);
    const std::size_t cut = random() % bytes.size();
    client.send(std::string_view(bytes).substr(0, cut));
    if (random() % 2 == 0) client.fill(milliseconds(2));
    client.send(std::string_view(bytes).substr(cut));
    if (random() % 4 == 0) client.close_code(milliseconds(20));
  }
  witness.send_text("alive");
  EXPECT_TRUE(witness.hears("echo alive"));
  EXPECT_TRUE(house.wait_until([&house] { return house.connections() == 1; }));
  EXPECT_EQ(house.gate().opened_count(), 1'001U);
  EXPECT_EQ(house.gate().closed_count(), 1'000U);
  EXPECT_EQ(house.gate().closed_twice(), 0U);
}

}  // namespace
}  // namespace larder::edge
