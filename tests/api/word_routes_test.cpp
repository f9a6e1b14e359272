// HQ's words by the API: issued, listed, awaited, and the same again under the same key.
#include <gtest/gtest.h>

#include "tests/api/api_house.hpp"

namespace larder::relay {
namespace {

TEST(Words, a_verb_of_the_hub_is_issued_listed_and_awaited) {
  ApiHouse house;
  const std::string word =
      R"({"verb":"stock.limit","args":{"sku":"soup","type":"limited","available":3}})";
  const RawAnswer sent = house.as_admin("POST", "/api/v1/hq/stores/s1/words", word);
  EXPECT_TRUE(has(sent.body, R"("number":1)") && has(sent.body, R"("state":"sent")")) << sent.body;
  const RawAnswer taken = house.as_admin("GET", "/api/v1/hq/stores/s1/words/1?wait=applied");
  EXPECT_TRUE(has(taken.body, R"("state":"applied")")) << taken.body;
  EXPECT_TRUE(has(house.as_admin("GET", "/api/v1/hq/stores/s1/words").body, R"("outcome":"ok")"));
  EXPECT_TRUE(has(house.as_admin("GET", "/api/v1/hq/stores/s1/stock").body, R"("available":3.0)"));
  EXPECT_EQ(house.as_admin("GET", "/api/v1/hq/stores/s1/words/99").status, 404);
  EXPECT_EQ(house.as_admin("GET", "/api/v1/hq/stores/s1/words/x").status, 422);
  const RawAnswer bad = house.as_admin("POST", "/api/v1/hq/stores/s1/words",
                                       R"({"verb":"stock.mark","args":{"sku":"soup"}})");
  EXPECT_EQ(bad.status, 422);
  EXPECT_TRUE(has(bad.body, "args.status")) << bad.body;
  EXPECT_EQ(
      house.as_admin("POST", "/api/v1/hq/stores/s1/words", R"({"verb":"order.void","args":{}})")
          .status,
      422);
}

TEST(Words, a_count_carries_the_later_of_both_times_and_is_the_same_when_it_is_asked_again) {
  ApiHouse house;
  house.on_loop([&house] {
    house.desk().views[StoreId("s1")].last_event_at = TimePoint{1'900'000'000'000'000};
  });
  const std::string count =
      R"({"verb":"stock.count","args":{"sku":"soup","available":3,"based_on":120}})";
  const std::string path = "/api/v1/hq/stores/s1/words", key = "Idempotency-Key: c1\r\n";
  const RawAnswer sent = house.as_admin("POST", path, count, key);
  EXPECT_TRUE(has(sent.body, R"("at":1900000000000000)")) << sent.body;
  house.on_loop([&house] {
    house.desk().views[StoreId("s1")].last_event_at = TimePoint{1'900'000'100'000'000};
  });
  const RawAnswer again = house.as_admin("POST", path, count, key);
  EXPECT_TRUE(has(again.body, R"("at":1900000000000000)")) << again.body;
  EXPECT_TRUE(has(again.body, R"("number":1)")) << again.body;
}

TEST(Words, a_store_that_is_away_keeps_its_word_as_sent) {
  ApiHouse house;
  house.on_loop([&house] { house.desk().views[StoreId("s1")].is_live = false; });
  const std::string set = R"({"poiId":"s1","object_id":"soup","stock_status":2})";
  EXPECT_TRUE(has(house.as_admin("PUT", "/api/v1/poi/stock", set).body, R"("state":"sent")"));
  EXPECT_TRUE(has(house.as_admin("GET", "/api/v1/hq/stores/s1/words/1").body, R"("state":"sent")"));
}

TEST(Words, a_menu_travels_as_one_word_and_a_broken_one_does_not) {
  ApiHouse house;
  std::ifstream file(LARDER_SOURCE_DIR "/web/sample/menu.json");
  const std::string menu{std::istreambuf_iterator<char>(file), {}};
  const RawAnswer sent = house.as_admin("POST", "/api/v1/hq/stores/s1/menu?wait=applied", menu);
  EXPECT_TRUE(has(sent.body, R"("verb":"menu.import","args":null)")) << sent.body.substr(0, 400);
  EXPECT_TRUE(has(sent.body, R"("state":"applied")"));
  EXPECT_EQ(house.as_admin("POST", "/api/v1/hq/stores/s1/menu", R"({"items":3})").status, 422);
}

}  // namespace
}  // namespace larder::relay
