// HTTP itself: limits, strictness, and that nothing hangs.
#include <gtest/gtest.h>

#include "relay/api/http.hpp"
#include "relay/api/times.hpp"
#include "tests/api/api_house.hpp"

namespace larder::relay {
namespace {

using Ms = ApiLimits::Milliseconds;

int status_of(ApiHouse& house, const std::string& bytes) {
  RawClient client(house.port());
  client.send(bytes);
  return client.answer().status;
}

TEST(Http, what_is_not_there_or_not_so_asked_is_404_405_413_415) {
  ApiHouse house;
  EXPECT_EQ(house.as_admin("GET", "/inventory/soup/more").status, 404);
  EXPECT_EQ(house.as_admin("GET", "/inventory/").status, 404);
  EXPECT_EQ(house.ask("GET", "//inventory").status, 404);
  const RawAnswer wrong = house.as_admin("DELETE", "/api/v1/poi/stock");
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(wrong.fields.at("allow"), "PUT");
  EXPECT_EQ(house.as_admin("POST", "/inventory").fields.at("allow"), "GET, HEAD");
  EXPECT_EQ(house.as_admin("BREW", "/healthz").status, 405);
  const RawAnswer named = house.as_admin("GET", "/inventory/reserve?warehouseId=s1");
  EXPECT_EQ(named.status, 405) << "an address that is a route's own is nobody's SKU";
  EXPECT_EQ(named.fields.at("allow"), "POST");
  RawClient client(house.port());
  client.send("PUT /api/v1/poi/stock HTTP/1.1\r\nHost: x\r\n" + house.admin() +
              "Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}");
  EXPECT_EQ(client.answer().status, 415);
  EXPECT_EQ(house.as_admin("PUT", "/api/v1/poi/stock", std::string(64 * 1024 + 1, ' ')).status,
            413);
  EXPECT_EQ(house.as_admin("GET", "/api/v1/hq/me", "{}").status, 413) << "this takes no body";
  EXPECT_EQ(house.as_admin("PUT", "/api/v1/poi/stock", "{\"a\":1,\"a\":2}").status, 422);
  EXPECT_EQ(house.as_admin("PUT", "/api/v1/poi/stock", "[1,").status, 422);
}

TEST(Http, a_head_is_told_the_length_without_the_body) {
  ApiHouse house;
  const RawAnswer get = house.ask("GET", "/healthz");
  RawClient client(house.port());
  client.send("HEAD /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const RawAnswer head = client.answer(true);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.fields.at("content-length"), get.fields.at("content-length"));
  EXPECT_TRUE(client.is_closed_within());
  EXPECT_TRUE(client.unread().empty());
}

TEST(Http, case_82_pipelined_requests_are_answered_in_order_and_one_at_a_time) {
  ApiHouse house;
  const std::string token = house.token("t", "USER");
  RawClient client(house.port());
  std::string all;
  for (int i = 0; i < 50; ++i) {
    all += "GET /inventory/" + std::string(i % 2 == 0 ? "soup" : "cola") +
           "?warehouseId=s1 HTTP/1.1\r\nHost: x\r\n" + token + "\r\n";
  }
  client.send(all);
  for (int i = 0; i < 50; ++i) {
    const RawAnswer answer = client.answer();
    ASSERT_EQ(answer.status, 200) << i;
    EXPECT_TRUE(has(answer.body, i % 2 == 0 ? "\"soup\"" : "\"cola\"")) << i;
  }
}

TEST(Http, case_82_heads_and_targets_that_are_too_large_are_refused) {
  ApiHouse house;
  const std::string start = "GET /healthz HTTP/1.1\r\nHost: x\r\n";
  EXPECT_EQ(status_of(house, start + "X: " + std::string(9'000, 'a') + "\r\n\r\n"), 431);
  std::string many = start;
  for (int i = 0; i < 2'000; ++i) many += "X" + std::to_string(i) + ": 1\r\n";
  EXPECT_EQ(status_of(house, many + "\r\n"), 431);
  EXPECT_EQ(status_of(house, "GET /" + std::string(3'000, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n"),
            414);
}

TEST(Http, what_two_readers_could_understand_differently_is_refused) {
  ApiHouse house;
  const std::string post = "POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
  EXPECT_EQ(
      status_of(house, post + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
      400);
  EXPECT_EQ(status_of(house, post + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}"), 400);
  EXPECT_EQ(status_of(house, post + "Content-Length: -2\r\n\r\n{}"), 400);
  EXPECT_EQ(status_of(house, post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"), 501);
  EXPECT_EQ(status_of(house, "GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"), 400);
  EXPECT_EQ(status_of(house, "GET /healthz HTTP/1.1\r\n\r\n"), 400);
  EXPECT_EQ(status_of(house, "GET /healthz HTTP/1.1\r\nHost : x\r\n\r\n"), 400);
  EXPECT_EQ(status_of(house, "\x16\x03\x01\x02\x00 noise\r\n\r\n"), 400);
  EXPECT_EQ(status_of(house, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), 400);
  EXPECT_EQ(status_of(house, post + "Expect: a-miracle\r\nContent-Length: 2\r\n\r\n{}"), 417);
}

TEST(Http, a_chunked_body_is_read_and_its_limit_holds) {
  ApiHouse house;
  const std::string post =
      "POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
      "Transfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(status_of(house, post + "2\r\n{}\r\n0\r\n\r\n"), 422);
  std::string large = post;
  for (int i = 0; i < 80; ++i) large += "400\r\n" + std::string(1'024, ' ') + "\r\n";
  EXPECT_EQ(status_of(house, large + "0\r\n\r\n"), 413);
}

TEST(Http, one_who_asks_before_sending_is_invited) {
  ApiHouse house;
  RawClient client(house.port());
  client.send(
      "POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
      "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(client.answer().status, 100);
  client.send("{}");
  EXPECT_EQ(client.answer().status, 422);
}

TEST(Http, slow_heads_and_bodies_and_idle_connections_are_ended) {
  ApiLimits limits;
  limits.head_timeout = limits.body_timeout = limits.keep_alive = Ms(150);
  ApiHouse house(limits);
  RawClient slow_head(house.port());
  slow_head.send("GET /healthz HTT");
  EXPECT_EQ(slow_head.answer().status, 408);
  RawClient slow_body(house.port());
  slow_body.send(
      "POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
      "Content-Length: 20\r\n\r\n{");
  EXPECT_EQ(slow_body.answer().status, 408);
  RawClient silent(house.port());
  EXPECT_TRUE(silent.is_closed_within());
  RawClient idle(house.port());
  idle.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(idle.answer().status, 200);
  EXPECT_TRUE(idle.is_closed_within());
}

TEST(Http, when_all_places_are_taken_the_longest_idle_makes_room) {
  ApiLimits limits;
  limits.connections_max = 4;
  ApiHouse house(limits);
  std::vector<RawClient> idle;
  for (int i = 0; i < 4; ++i) {
    idle.emplace_back(house.port());
    idle.back().send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_EQ(idle.back().answer().status, 200);
  }
  EXPECT_EQ(house.ask("GET", "/healthz").status, 200);
  EXPECT_TRUE(idle.front().is_closed_within());
  idle.back().send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(idle.back().answer().status, 200);
}

TEST(Http, a_stop_lets_answers_out_and_is_heard) {
  ApiHouse house;
  const std::string token = house.token("t", "BUSINESS");
  house.on_loop([&house] { house.desk().hub_delay = Duration{200'000}; });
  RawClient client(house.port());
  const std::string set = R"({"poiId":"s1","object_id":"soup","stock_status":2})";
  client.send("PUT /api/v1/poi/stock?wait=applied HTTP/1.1\r\nHost: x\r\n" + token +
              "Content-Type: application/json\r\nContent-Length: " + std::to_string(set.size()) +
              "\r\n\r\n" + set);
  const auto issued = [&house] {
    std::size_t count = 0;
    house.on_loop([&] { count = house.desk().words[StoreId("s1")].size(); });
    return count;
  };
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (issued() == 0 && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  ASSERT_EQ(issued(), 1U);
  std::promise<void> stopped;
  house.on_loop([&] { house.api().stop([&stopped] { stopped.set_value(); }); });
  const RawAnswer answer = client.answer();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.fields.at("connection"), "close");
  EXPECT_TRUE(client.is_closed_within());
  EXPECT_EQ(stopped.get_future().wait_for(std::chrono::seconds(10)), std::future_status::ready);
}

TEST(Pages, are_served_from_hq_alone_with_a_strict_policy) {
  TempFolder web;
  std::filesystem::create_directories(web.path() + "/hq");
  std::filesystem::create_directories(web.path() + "/till");
  std::ofstream(web.path() + "/hq/index.html") << "<!doctype html><title>HQ</title>";
  std::ofstream(web.path() + "/till/index.html") << "till";
  ApiHouse house({}, web.path());
  ASSERT_TRUE(house.started());
  const RawAnswer page = house.ask("GET", "/hq/");
  EXPECT_EQ(page.status, 200);
  EXPECT_TRUE(has(page.fields.at("content-security-policy"), "frame-ancestors 'none'"));
  EXPECT_EQ(
      house.ask("GET", "/hq/", "", "If-None-Match: " + page.fields.at("etag") + "\r\n").status,
      304);
  EXPECT_EQ(house.ask("GET", "/").fields.at("location"), "/hq/");
  EXPECT_EQ(house.ask("GET", "/till/").status, 404);
  EXPECT_EQ(house.ask("GET", "/hq/../accounts.json").status, 404);
  EXPECT_EQ(house.ask("GET", "/hq/..%2f..%2faccounts.json").status, 404);
  EXPECT_EQ(house.ask("POST", "/hq/").status, 405);
}

TEST(Query, is_decoded_strictly) {
  EXPECT_EQ(query_of("/x?a=1%2B1&b=c+d"), (QueryPairs{{"a", "1+1"}, {"b", "c d"}}));
  EXPECT_EQ(query_of("/x"), QueryPairs{});
  EXPECT_FALSE(query_of("/x?a=%4"));
  EXPECT_FALSE(query_of("/x?a=%00"));
  EXPECT_FALSE(query_of("/x?a=1&a=2"));
}

TEST(Text, is_clean_when_it_is_utf8_without_controls) {
  EXPECT_TRUE(is_clean_text("汤 soup é 🍜"));
  for (const std::string bad : {"\x01", "\x7f", "\xc0\x80", "\xed\xa0\x80", "\xff", "\xe6\xb1",
                                "\xf4\x90\x80\x80", "\xc2\x85"}) {
    EXPECT_FALSE(is_clean_text(bad));
  }
}

TEST(Times, are_rfc_3339_there_and_back) {
  EXPECT_EQ(time_text(TimePoint{1'795'000'000'123'456}), "2026-11-18T11:06:40.123456Z");
  EXPECT_EQ(read_time("2026-11-18T11:06:40.123456Z"), TimePoint{1'795'000'000'123'456});
  EXPECT_EQ(read_time("2026-11-18T12:06:40+01:00"), TimePoint{1'795'000'000'000'000});
  EXPECT_EQ(read_time("2026-11-18t11:06:40.5z"), TimePoint{1'795'000'000'500'000});
  for (const std::string bad :
       {"2026-11-18", "2026-13-18T16:26:40Z", "2026-02-29T00:00:00Z", "2026-11-18T24:00:00Z",
        "2026-11-18T16:26:40", "2026-11-18T16:26:40.Z", "2026-11-18T16:26:40.1234567Z",
        "1969-12-31T23:59:59Z", "2026-11-18T16:26:40Z ", ""}) {
    EXPECT_FALSE(read_time(bad)) << bad;
  }
  EXPECT_EQ(read_day("2028-02-29"), BusinessDay{20280229});
  EXPECT_FALSE(read_day("20260229"));
  EXPECT_FALSE(read_day("2026-1121"));
}

}  // namespace
}  // namespace larder::relay
