#include "edge/lan/upgrade_check.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace larder::edge {
namespace {

HttpHead upgrade_with(const std::string& name, const std::string& value) {
  HttpHead head;
  head.method = "GET";
  head.host = "hub.local:8080";
  head.wants_upgrade = true;
  head.fields = {{"Upgrade", "WebSocket"},
                 {"Sec-WebSocket-Version", "13"},
                 {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="},
                 {"Sec-WebSocket-Protocol", "larder.v1"}};
  for (HttpField& field : head.fields) {
    if (field.name == name) field.value = value;
  }
  return head;
}

int status_with(const std::string& name, const std::string& value) {
  const auto refused = check_upgrade(upgrade_with(name, value));
  return refused ? refused->status : 101;
}

TEST(UpgradeCheck, case_6_only_names_of_this_hub_are_answered) {
  const std::vector<std::string> names = {"hub.shop.example"};
  for (const char* host : {"127.0.0.1", "10.0.0.2:8080", "[::1]", "[fe80::1]:8080", "localhost",
                           "localhost:1", "LOCALHOST", "hub-s1.local", "Hub.Local.:8080",
                           "hub.shop.example", "HUB.shop.example:80"}) {
    EXPECT_FALSE(check_host(host, names)) << host;
  }
  for (const char* host : {"evil.example", "127.0.0.1.evil.example", "local", ".local",
                           "hub.local.evil.example", "1.2.3", "1.2.3.4.5", "1.2.3.4:x", "1.2.3.4:",
                           "[::1", "[evil]", "", ":80", "localhost@evil.example", "hub.localx"}) {
    const auto refused = check_host(host, names);
    ASSERT_TRUE(refused) << host;
    EXPECT_EQ(refused->status, 421);
  }
}

TEST(UpgradeCheck, case_7_a_page_from_elsewhere_is_403) {
  HttpHead head = upgrade_with("", "");
  EXPECT_FALSE(check_origin(head)) << "no browser";
  for (const char* own : {"http://hub.local:8080", "HTTP://HUB.local:8080"}) {
    head = upgrade_with("", "");
    head.fields.push_back({"Origin", own});
    EXPECT_FALSE(check_origin(head)) << own;
  }
  for (const char* foreign :
       {"null", "", "http://hub.local", "http://hub.local:80801", "https://hub.local:8080",
        "http://evil.example", "http://hub.local:8080/", "http://x@hub.local:8080",
        "hub.local:8080"}) {
    head = upgrade_with("", "");
    head.fields.push_back({"Origin", foreign});
    const auto refused = check_origin(head);
    ASSERT_TRUE(refused) << foreign;
    EXPECT_EQ(refused->status, 403);
  }
  head = upgrade_with("", "");
  head.fields.push_back({"Origin", "http://hub.local:8080"});
  head.fields.push_back({"Origin", "http://evil.example"});
  EXPECT_TRUE(check_origin(head)) << "two origins";
}

TEST(UpgradeCheck, case_8_version_key_and_subprotocol) {
  EXPECT_EQ(status_with("", ""), 101);
  for (const char* version : {"8", "12", "14", "", "13, 8", "013"}) {
    EXPECT_EQ(status_with("Sec-WebSocket-Version", version), 426) << version;
  }
  for (const char* key : {"", "short==", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25jZQ===",
                          "dGhlIHNhbXBsZSBub25j*Q==", "AAAAAAAAAAAAAAAAAAAAAAAA"}) {
    EXPECT_EQ(status_with("Sec-WebSocket-Key", key), 400) << key;
  }
  for (const char* protocol : {"", "larder.v2", "larder", "LARDER.V10"}) {
    EXPECT_EQ(status_with("Sec-WebSocket-Protocol", protocol), 400) << protocol;
  }
  EXPECT_EQ(status_with("Upgrade", "h2c"), 426);
}

}  // namespace
}  // namespace larder::edge
