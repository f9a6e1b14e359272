// check_head by example: what is refused, and with which status.
#include "edge/lan/http_head.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/base/limits.hpp"

namespace larder::edge {
namespace {

using State = HeadCheck::State;

std::string get(const std::string& headers, const std::string& target = "/") {
  return "GET " + target + " HTTP/1.1\r\nHost: hub.local\r\n" + headers + "\r\n";
}

int status_of(const std::string& bytes) {
  const HeadCheck check = check_head(bytes);
  if (check.state == State::Refused) return check.refusal.status;
  return check.state == State::Whole ? 200 : check.state == State::NeedMore ? 0 : -1;
}

TEST(HttpHead, reads_a_usual_request) {
  const std::string bytes =
      "POST /v1/menu?x=1 HTTP/1.1\r\nHost: 10.0.0.2:8080\r\ncontent-LENGTH:  12 \r\n"
      "Expect: 100-Continue\r\nEmpty:\r\n\r\n{\"menu\":..}";
  const HeadCheck check = check_head(bytes);
  ASSERT_EQ(check.state, State::Whole);
  EXPECT_EQ(check.head.method, "POST");
  EXPECT_EQ(check.head.target, "/v1/menu?x=1");
  EXPECT_EQ(check.head.host, "10.0.0.2:8080");
  EXPECT_EQ(check.head.content_length, 12U);
  EXPECT_TRUE(check.head.expects_continue);
  EXPECT_TRUE(check.head.keep_alive);
  EXPECT_FALSE(check.head.wants_upgrade);
  EXPECT_EQ(check.head.field("EMPTY"), "");
  EXPECT_EQ(check.head.fields.size(), 4U);
  EXPECT_EQ(bytes.substr(check.head.bytes), "{\"menu\":..}");
}

TEST(HttpHead, understands_connection_lists) {
  EXPECT_FALSE(check_head(get("Connection: close\r\n")).head.keep_alive);
  EXPECT_FALSE(check_head(get("Connection: TE , Close\r\n")).head.keep_alive);
  EXPECT_TRUE(check_head(get("Connection: closed\r\n")).head.keep_alive);
  EXPECT_TRUE(
      check_head(get("Connection: keep-alive, Upgrade\r\nUpgrade: x\r\n")).head.wants_upgrade);
  EXPECT_FALSE(check_head(get("Connection: upgrade\r\n")).head.wants_upgrade);
}

TEST(HttpHead, every_beginning_of_a_good_head_needs_more) {
  const std::string bytes = get("Accept: */*\r\nX-Blank: a b\r\n", "/kiosk/app.js?v=2");
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(check_head(std::string_view(bytes).substr(0, size)).state, State::NeedMore) << size;
  }
  EXPECT_EQ(check_head(bytes).state, State::Whole);
}

TEST(HttpHead, case_1_bytes_that_are_no_http_are_known_at_once) {
  EXPECT_EQ(status_of(std::string("\x16\x03\x01\x02\x00\x01", 6)), -1);
  EXPECT_EQ(status_of(std::string("\0", 1)), -1);
  EXPECT_EQ(status_of(" GET / HTTP/1.1\r\n"), -1);
  EXPECT_EQ(status_of("\r\nGET / HTTP/1.1\r\n"), -1);
  EXPECT_EQ(status_of("G\xc3\x89T / HTTP/1.1\r\n"), -1);
  EXPECT_EQ(status_of("NOTAMETHODATALLINTHISWORLD"), -1);
}

TEST(HttpHead, case_4_too_long_is_431_or_414) {
  EXPECT_EQ(status_of(get("X: " + std::string(9 * 1024, 'a') + "\r\n")), 431);
  // Refused as soon as it is too long, not when it ends.
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\nX: " + std::string(kHttpHeadBytesMax, 'a')), 431);
  std::string many;
  for (int i = 0; i < 63; ++i) many += "X: y\r\n";
  EXPECT_EQ(status_of(get(many)), 200);
  EXPECT_EQ(status_of(get(many + "X: y\r\n")), 431);
  EXPECT_EQ(status_of(get("", "/" + std::string(kHttpTargetBytesMax - 1, 'a'))), 200);
  EXPECT_EQ(status_of(get("", "/" + std::string(kHttpTargetBytesMax, 'a'))), 414);
  EXPECT_EQ(status_of("GET /" + std::string(8 * 1024, 'a')), 414);
}

TEST(HttpHead, case_5_what_two_readers_could_read_differently_is_400) {
  const std::vector<std::string> bad = {
      "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
      "Transfer-Encoding: chunked\r\n",
      "Content-Length: 5\r\nContent-Length: 5\r\n",
      "Content-Length: 5\r\ncontent-length: 6\r\n",
      "Content-Length: -1\r\n",
      "Content-Length: +1\r\n",
      "Content-Length: 1e3\r\n",
      "Content-Length: 0x10\r\n",
      "Content-Length: 5, 5\r\n",
      "Content-Length: 5 5\r\n",
      "Content-Length:\r\n",
      "Content-Length: 9223372036854775808\r\n",
      "Content-Length: 18446744073709551617\r\n",
      "Content-Length: 99999999999999999999999999\r\n",
      "X: a\r\n folded\r\n",
      "X: a\r\n\tfolded\r\n",
      "X : a\r\n",
      "X\r\n",
      ": a\r\n",
      "X\xc3\xa9: a\r\n",
      "X: a\nY: b\r\n",
      "X: a\rY: b\r\n",
      "X: a\r\r\n",
      std::string("X: a\0b\r\n", 8),
      "X: a\x7f\r\n",
      "Host: other.local\r\n",
      "Expect: coffee\r\n",
  };
  for (const std::string& headers : bad) EXPECT_EQ(status_of(get(headers)), 400) << headers;
}

TEST(HttpHead, case_5_a_bad_line_end_is_refused_before_the_head_ends) {
  EXPECT_EQ(status_of("GET / HTTP/1.1\nHost: a\n\n"), 400);
  EXPECT_EQ(status_of("GET / HTTP/1.1\rHost"), 400);
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: a\n"), 400);
  EXPECT_EQ(status_of("GET / HTTP/1.1\r"), 0);
}

TEST(HttpHead, the_request_line_is_read_strictly) {
  const std::string host = "\r\nHost: a.local\r\n\r\n";
  for (const char* line :
       {"GET / HTTP/1.0", "GET / HTTP/2.0", "GET / http/1.1", "GET /", "GET  HTTP/1.1",
        "GET http://a.local/ HTTP/1.1", "GET * HTTP/1.1", "GET / x HTTP/1.1", "GET /\x80 HTTP/1.1",
        "GET /a\tb HTTP/1.1", "CONNECT a:80 HTTP/1.1"}) {
    EXPECT_EQ(status_of(line + host), 400) << line;
  }
}

TEST(HttpHead, exactly_one_host_is_needed) {
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\n\r\n"), 400);
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: \r\n\r\n"), 400);
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n"), 400);
}

}  // namespace
}  // namespace larder::edge
