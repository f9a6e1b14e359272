// HTTP as a browser and an operator meet it.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "tests/lan/lan_house.hpp"

namespace larder::edge {
namespace {

namespace fs = std::filesystem;

// A web root of a few files in a directory of its own.
class WebRoot {
 public:
  WebRoot() {
    std::string name = (fs::temp_directory_path() / "larder-web-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
    write("kiosk/index.html", "<!doctype html><title>Kiosk</title>");
    write("kiosk/app.js", "let a = 1;");
    write("kiosk/app-3FA2BC91.js", "let b = 2;");
    write("media/soup.svg", "<svg/>");
    write(".secret", "no");
    write("kiosk/.git/config", "no");
  }
  ~WebRoot() { fs::remove_all(path_); }
  WebRoot(const WebRoot&) = delete;
  WebRoot& operator=(const WebRoot&) = delete;

  void write(const std::string& file, const std::string& text) {
    fs::create_directories((path_ / file).parent_path());
    std::ofstream(path_ / file) << text;
  }
  LanConfig config() const {
    LanConfig config = LanHouse::quick();
    config.web_root = path_.string();
    return config;
  }

 private:
  fs::path path_;
};

TEST(Http, serves_a_page_with_its_headers) {
  WebRoot root;
  LanHouse house(root.config());
  ASSERT_TRUE(house.started());
  RawClient client(house.port());
  RawAnswer page = client.get("/kiosk/");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.body, "<!doctype html><title>Kiosk</title>");
  EXPECT_EQ(page.fields["content-type"], "text/html; charset=utf-8");
  EXPECT_EQ(page.fields["cache-control"], "no-cache");
  EXPECT_EQ(page.fields["x-content-type-options"], "nosniff");
  EXPECT_NE(page.fields["content-security-policy"].find("default-src 'self'"), std::string::npos);
  EXPECT_EQ(client.get("/kiosk/index.html?v=1").body, page.body) << "the same connection serves on";
  EXPECT_EQ(client.get("/kiosk/app.js").fields["content-type"], "text/javascript; charset=utf-8");
  EXPECT_EQ(client.get("/media/soup.svg").fields["content-type"], "image/svg+xml");
}

TEST(Http, a_file_the_browser_has_is_not_sent_again) {
  WebRoot root;
  LanHouse house(root.config());
  RawClient client(house.port());
  RawAnswer first = client.get("/kiosk/app.js");
  const std::string etag = first.fields["etag"];
  ASSERT_GT(etag.size(), 10U);
  EXPECT_EQ(etag.front(), '"');
  const RawAnswer again = client.get("/kiosk/app.js", "If-None-Match: \"x\", " + etag + "\r\n");
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.body, "");
  EXPECT_EQ(client.get("/kiosk/app.js", "If-None-Match: \"x\"\r\n").status, 200);
  EXPECT_EQ(client.get("/kiosk/app-3FA2BC91.js").fields["cache-control"],
            "public, max-age=31536000, immutable");
}

TEST(Http, a_head_request_is_told_and_not_sent) {
  WebRoot root;
  LanHouse house(root.config());
  RawClient client(house.port());
  client.send("HEAD /kiosk/app.js HTTP/1.1\r\nHost: localhost\r\n\r\n");
  RawAnswer told = client.answer(true);
  EXPECT_EQ(told.status, 200);
  EXPECT_EQ(told.fields["content-length"], "10");
  EXPECT_EQ(client.get("/kiosk/app.js").body, "let a = 1;");
}

TEST(Http, the_root_leads_to_a_screen) {
  WebRoot root;
  {
    LanHouse house(root.config());
    RawClient client(house.port());
    EXPECT_EQ(client.get("/").fields["location"], "/kiosk/");
    EXPECT_EQ(client.get("/kiosk").fields["location"], "/kiosk/");
    EXPECT_EQ(client.get("//kiosk").status, 404) << "would lead to another host";
  }
  root.write("index.html", "the screens");
  LanHouse house(root.config());
  EXPECT_EQ(RawClient(house.port()).get("/").body, "the screens");
}

TEST(Http, nothing_outside_the_web_root_is_served) {
  WebRoot root;
  LanHouse house(root.config());
  RawClient client(house.port());
  for (const char* target :
       {"/../etc/passwd", "/kiosk/../../etc/passwd", "/%2e%2e/etc/passwd", "/kiosk/..", "/.secret",
        "/kiosk/.git/config", "/kiosk/./app.js", "/kiosk//app.js", "/nothing"}) {
    EXPECT_EQ(client.get(target).status, 404) << target;
  }
  for (const char* target : {"/..%2fetc/passwd", "/kiosk/app.js%00.html", "/%", "/%4", "/%zz"}) {
    EXPECT_EQ(client.get(target).status, 400) << target;
  }
  EXPECT_EQ(client.get("/%6biosk/app%2Ejs").status, 200);
}

TEST(Http, a_missing_or_oversized_web_root_is_refused_at_start) {
  LanConfig config = LanHouse::quick();
  config.web_root = "/nowhere/at/all";
  LanHouse missing(config);
  ASSERT_FALSE(missing.started());
  EXPECT_EQ(missing.started().error().code(), Code::BadConfig);
  WebRoot root;
  root.write("huge.bin", std::string(WebFiles::kFileBytesMax + 1, 'x'));
  LanHouse oversized(root.config());
  ASSERT_FALSE(oversized.started());
  EXPECT_NE(oversized.started().error().message().find("huge.bin"), std::string::npos);
}

TEST(Http, a_port_in_use_is_refused_in_words) {
  LanHouse first;
  LanConfig config = LanHouse::quick();
  config.port = first.port();
  LanHouse second(config);
  ASSERT_FALSE(second.started());
  EXPECT_EQ(second.started().error().code(), Code::Unavailable);
  EXPECT_NE(second.started().error().message().find(std::to_string(config.port)),
            std::string::npos);
}

TEST(Http, health_and_metrics_come_from_the_hub) {
  LanHouse house;
  RawClient client(house.port());
  RawAnswer health = client.get("/healthz");
  EXPECT_EQ(health.status, 200);
  EXPECT_EQ(health.body, "{\"status\":\"ok\"}");
  EXPECT_EQ(health.fields["cache-control"], "no-store");
  EXPECT_EQ(client.get("/metrics").body, "larder_up 1\n");
}

TEST(Http, a_path_says_which_methods_it_takes) {
  LanHouse house;
  for (const char* path : {"/healthz", "/kiosk/", "/metrics"}) {
    RawClient client(house.port());
    client.send("DELETE " + std::string(path) + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    RawAnswer answer = client.answer();
    EXPECT_EQ(answer.status, 405);
    EXPECT_EQ(answer.fields["allow"], "GET, HEAD");
  }
  RawClient client(house.port());
  RawAnswer answer = client.get("/v1/menu");
  EXPECT_EQ(answer.status, 405);
  EXPECT_EQ(answer.fields["allow"], "POST");
}

TEST(Http, requests_in_one_packet_are_answered_in_order) {
  LanHouse house;
  RawClient client(house.port());
  client.send(
      "GET /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc"
      "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(client.answer().body, "{\"status\":\"ok\"}");
  RawAnswer last = client.answer();
  EXPECT_EQ(last.body, "larder_up 1\n");
  EXPECT_EQ(last.fields["connection"], "close");
  EXPECT_TRUE(client.is_closed_within());
}

std::string import_request(const std::string& headers, std::size_t bytes) {
  return "POST /v1/menu HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + std::to_string(bytes) +
         "\r\n" + headers + "\r\n";
}
const std::string kAdmin = "Authorization: Bearer t0ken\r\nIdempotency-Key: 018f-1\r\n";

TEST(MenuImport, reaches_the_hub_with_token_id_and_body) {
  LanHouse house;
  RawClient client(house.port());
  const std::size_t bytes = kMenuBytesMax;
  client.send(import_request(kAdmin, bytes) + std::string(bytes, 'm'));
  const RawAnswer answer = client.answer();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "{\"ok\":true}");
  ASSERT_EQ(house.gate().imports().size(), 1U);
  EXPECT_EQ(house.gate().imports()[0], "t0ken 018f-1 " + std::to_string(bytes));
  EXPECT_EQ(client.get("/healthz").status, 200) << "the connection serves on";
}

TEST(MenuImport, invites_a_body_that_waits_for_it) {
  LanHouse house;
  RawClient client(house.port());
  client.send(import_request(kAdmin + "Expect: 100-continue\r\n", 4));
  EXPECT_EQ(client.answer().status, 100);
  client.send("menu");
  EXPECT_EQ(client.answer().status, 200);
}

TEST(MenuImport, is_refused_before_its_body_is_read) {
  LanHouse house;
  const auto status = [&house](const std::string& headers, std::size_t bytes) {
    RawClient client(house.port());
    client.send(import_request(headers, bytes));
    return client.answer().status;
  };
  EXPECT_EQ(status(kAdmin, kMenuBytesMax + 1), 413);
  EXPECT_EQ(status("Idempotency-Key: 1\r\n", 4), 401);
  EXPECT_EQ(status("Authorization: Basic abc\r\nIdempotency-Key: 1\r\n", 4), 401);
  EXPECT_EQ(status("Authorization: Bearer t0ken\r\n", 4), 400);
  EXPECT_EQ(status("Authorization: Bearer t0ken\r\nIdempotency-Key: a b\r\n", 4), 400);
  EXPECT_EQ(status(kAdmin + "Idempotency-Key: 2\r\n", 4), 400);
  EXPECT_EQ(status(kAdmin + "Origin: http://evil.example\r\n", 4), 403);
  EXPECT_TRUE(house.gate().imports().empty());
  RawClient other(house.port());
  other.send("POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 65537\r\n\r\n");
  RawAnswer answer = other.answer();
  EXPECT_EQ(answer.status, 413);
  EXPECT_EQ(answer.body,
            "{\"code\":\"too_large\",\"message\":\"a body here is at most 65536 bytes\"}\n");
}

TEST(MenuImport, a_refusal_reaches_a_client_that_is_still_sending) {
  LanHouse house;
  RawClient client(house.port());
  const std::string much(256 * 1024, 'm');
  client.send(import_request("Idempotency-Key: 1\r\n", much.size()) + much);
  EXPECT_EQ(client.answer().status, 401);
}

TEST(MenuImport, a_hub_that_does_not_answer_is_503_and_the_late_answer_is_dropped) {
  LanConfig config = LanHouse::quick();
  config.limits.answer_timeout = milliseconds(50);
  LanHouse house(config, false);
  RawClient client(house.port());
  client.send(import_request(kAdmin, 4) + "menu");
  EXPECT_EQ(client.answer().status, 503);
  EXPECT_TRUE(client.is_closed_within());
  house.on_loop([&house] { house.gate().answer_imports(); });
  EXPECT_EQ(RawClient(house.port()).get("/healthz").status, 200);
}

TEST(MenuImport, a_client_that_left_before_the_answer_does_no_harm) {
  LanHouse house(LanHouse::quick(), false);
  {
    RawClient client(house.port());
    client.send(import_request(kAdmin, 4) + "menu");
    EXPECT_TRUE(house.wait_until([&house] { return house.gate().imports().size() == 1; }));
  }
  house.on_loop([&house] { house.gate().answer_imports(); });
  EXPECT_TRUE(house.wait_until([&house] { return house.connections() == 0; }));
}

}  // namespace
}  // namespace larder::edge
