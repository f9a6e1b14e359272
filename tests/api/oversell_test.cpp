// Oversell records over HTTP: listed page by page, resolved by a person once.
#include <gtest/gtest.h>

#include "tests/api/api_house.hpp"

namespace larder::relay {
namespace {

std::string next_of(const std::string& body) {
  const std::size_t from = body.find("\"next\":\"");
  if (from == std::string::npos) return "";
  return body.substr(from + 8, body.find('"', from + 8) - from - 8);
}

TEST(Oversells, are_listed_the_latest_first_and_page_by_page) {
  ApiHouse house;
  house.on_loop([&] {
    for (int i = 0; i < 5; ++i)
      house.desk().add_oversell(i % 2 == 0 ? "s1" : "s2", "soup", i + 1, "replay", "");
  });
  std::string seen, after;
  for (int pages = 0; pages < 4; ++pages) {
    const std::string target =
        "/api/v1/hq/oversells?limit=2" + (after.empty() ? "" : "&after=" + after);
    const RawAnswer page = house.as_admin("GET", target);
    ASSERT_EQ(page.status, 200) << page.body;
    for (int id = 1; id <= 5; ++id) {
      if (has(page.body, "\"id\":" + std::to_string(id) + ",")) seen += std::to_string(id);
    }
    seen += "/";
    after = next_of(page.body);
    if (after.empty()) break;
  }
  EXPECT_EQ(seen, "45/23/1/");
  const RawAnswer of_store = house.as_admin("GET", "/api/v1/hq/oversells?store=s2");
  EXPECT_TRUE(has(of_store.body, R"("quantity":4.0,"cause":"replay","orders":["A-4"],"by":"pos")"));
  EXPECT_FALSE(has(of_store.body, R"("store":"s1")"));
  const std::string reader = house.token("reader", "USER", R"(["s2"])");
  const RawAnswer own = house.ask("GET", "/api/v1/hq/oversells", "", reader);
  EXPECT_TRUE(has(own.body, R"("store":"s2")") && !has(own.body, R"("store":"s1")")) << own.body;
  EXPECT_EQ(house.ask("GET", "/api/v1/hq/oversells?store=s1", "", reader).status, 403);
  for (const std::string bad :
       {"state=some", "limit=0", "limit=201", "after=x", "after=1,2,", "store=%20", "more=1"}) {
    EXPECT_EQ(house.as_admin("GET", "/api/v1/hq/oversells?" + bad).status, 422) << bad;
  }
}

TEST(Oversells, one_that_was_found_here_is_resolved_here_and_once) {
  ApiHouse house;
  house.on_loop([&] { house.desk().add_oversell("s1", "soup", 3, "replay", ""); });
  const std::string path = "/api/v1/hq/stores/s1/oversells/1/resolve";
  const std::string body = R"({"resolution":"two guests were called"})";
  const RawAnswer done = house.as_admin("POST", path, body);
  ASSERT_EQ(done.status, 200) << done.body;
  EXPECT_TRUE(has(done.body, R"("state":"resolved")"));
  EXPECT_TRUE(has(done.body, R"("resolution":"two guests were called","resolved_by":"hq:admin")"));
  EXPECT_TRUE(has(done.body, R"("word":null)"));
  EXPECT_EQ(house.as_admin("POST", path, body).status, 200) << "the same again";
  EXPECT_EQ(house.as_admin("POST", path, R"({"resolution":"otherwise"})").status, 409);
  EXPECT_TRUE(has(house.as_admin("GET", "/api/v1/hq/oversells").body, R"("records":[])"));
  EXPECT_TRUE(has(house.as_admin("GET", "/api/v1/hq/oversells?state=resolved").body, "two guests"));
}

TEST(Oversells, one_of_a_hub_goes_down_as_a_word) {
  ApiHouse house;
  house.on_loop([&] { house.desk().add_oversell("s1", "soup", 3, "override", "x12"); });
  const std::string path = "/api/v1/hq/stores/s1/oversells/1/resolve?wait=applied";
  const RawAnswer done = house.as_admin("POST", path, R"({"resolution":"thrown in"})");
  ASSERT_EQ(done.status, 200) << done.body;
  EXPECT_TRUE(has(done.body, R"("verb":"oversell.resolve")")) << done.body;
  EXPECT_TRUE(has(done.body, R"("oversell":"x12","resolution":"thrown in")"));
  EXPECT_TRUE(has(done.body, R"("outcome":"ok")"));
}

TEST(Oversells, what_is_no_resolution_is_refused_and_named) {
  ApiHouse house;
  house.on_loop([&] { house.desk().add_oversell("s1", "soup", 3, "replay", ""); });
  const std::string path = "/api/v1/hq/stores/s1/oversells/";
  for (const std::string bad :
       {"{}", R"({"resolution":""})", R"({"resolution":5})", R"({"resolution":"a","by":"me"})"}) {
    EXPECT_EQ(house.as_admin("POST", path + "1/resolve", bad).status, 422) << bad;
  }
  EXPECT_EQ(house.as_admin("POST", path + "9/resolve", R"({"resolution":"a"})").status, 404);
  EXPECT_EQ(house.as_admin("POST", path + "x/resolve", R"({"resolution":"a"})").status, 422);
  EXPECT_EQ(house.ask("POST", path + "1/resolve", R"({"resolution":"a"})", house.token("u", "USER"))
                .status,
            403);
}

}  // namespace
}  // namespace larder::relay
