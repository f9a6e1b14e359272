// The estate's reservations over HTTP: bodies, answers, codes, and who may.
#include <gtest/gtest.h>

#include "tests/api/api_house.hpp"

namespace larder::relay {
namespace {

constexpr const char* kConfirm = "/inventory/reservations/confirm?orderNo=";
constexpr const char* kRelease = "/inventory/reservations/release?orderNo=";

std::string order(const std::string& number, const std::string& rest) {
  return R"({"orderNo":")" + number + R"(","warehouseId":"s1",)" + rest + "}";
}

TEST(Reservations, a_reservation_has_what_the_estate_reads) {
  ApiHouse house;
  const RawAnswer answer =
      house.as_admin("POST", "/inventory/reserve", order("A-1", R"("skuId":"soup","qty":2.5)"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(has(answer.body, R"({"code":"0","message":"success","data":{"id":)")) << answer.body;
  for (const char* part :
       {R"("orderNo":"A-1")", R"("skuId":"soup")", R"("warehouseId":"s1")", R"("qty":2.5)",
        R"("status":"RESERVED")", R"("statusDesc":")", R"("expireAt":"20)", R"("expired":false)"}) {
    EXPECT_TRUE(has(answer.body, part)) << part << " in " << answer.body;
  }
  const RawAnswer again =
      house.as_admin("POST", "/inventory/reserve", order("A-1", R"("skuId":"soup","qty":2.5)"));
  EXPECT_EQ(again.body, answer.body) << "the same order, the same bytes";
  const RawAnswer other =
      house.as_admin("POST", "/inventory/reserve", order("A-1", R"("skuId":"soup","qty":3)"));
  EXPECT_EQ(other.status, 422);
  EXPECT_TRUE(has(other.body, "INV_005"));
}

TEST(Reservations, lines_of_one_sku_are_summed) {
  ApiHouse house;
  const RawAnswer answer = house.as_admin(
      "POST", "/inventory/reserve",
      order("A-1", R"("channelCode":"UBER_EATS","reservationType":"cart","expireSeconds":180,)"
                   R"("items":[{"skuId":"soup","qty":1.5},{"skuId":"cola","qty":1},)"
                   R"({"skuId":"soup","qty":2,"warehouseId":"s1"}])"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(has(answer.body, R"("data":[{)")) << "a list for items";
  house.on_loop([&house] {
    const ReserveOrder& asked = house.desk().asked.back();
    ASSERT_EQ(asked.items.size(), 2U);
    EXPECT_EQ(asked.items[0].sku, SkuId("cola"));
    EXPECT_EQ(asked.items[1].quantity, Quantity::tenths(35));
    EXPECT_EQ(asked.channel, ChannelCode("uber_eats"));
    EXPECT_TRUE(asked.is_cart);
    EXPECT_EQ(asked.life, Duration::minutes(3));
    EXPECT_EQ(asked.by.name, "api:admin");
    EXPECT_EQ(asked.by.trace_id.size(), 32U);
  });
}

TEST(Reservations, every_refusal_has_the_contracts_code) {
  ApiHouse house;
  const auto reserve = [&house](const std::string& body) {
    return house.as_admin("POST", "/inventory/reserve", body);
  };
  const RawAnswer none = reserve(order("A-1", R"("skuId":"nothing","qty":1)"));
  EXPECT_EQ(none.status, 404);
  EXPECT_TRUE(has(none.body, "INV_001"));
  const RawAnswer few = reserve(order("A-1", R"("skuId":"soup","qty":13)"));
  EXPECT_EQ(few.status, 400);
  EXPECT_TRUE(has(few.body, "INV_002"));
  EXPECT_TRUE(has(few.body, "trace_id"));
  EXPECT_EQ(house.as_admin("POST", kConfirm + std::string("A-9")).status, 404);
  EXPECT_EQ(house.as_admin("GET", "/inventory/reservations?orderNo=A-9").status, 404);
}

TEST(Reservations, case_68_bad_quantities_and_channels_are_refused) {
  ApiHouse house;
  for (const char* rest :
       {R"("skuId":"soup","qty":0)", R"("skuId":"soup","qty":-1)", R"("skuId":"soup","qty":1.25)",
        R"("skuId":"soup","qty":"1")", R"("skuId":"soup","qty":1e3)",
        R"("skuId":"soup","qty":10001)", R"("skuId":"soup")", R"("items":[])",
        R"("items":[{"skuId":"soup","qty":9000},{"skuId":"soup","qty":9000}])",
        R"("items":[{"skuId":"soup","qty":1,"warehouseId":"s2"}])",
        R"("items":[{"skuId":"soup","qty":1,"odd":1}])",
        R"("skuId":"soup","qty":1,"items":[{"skuId":"soup","qty":1}])",
        R"("skuId":"soup","qty":1,"channelCode":"KIOSK")",
        R"("skuId":"soup","qty":1,"channelCode":"uber")",
        R"("skuId":"soup","qty":1,"expireSeconds":0)",
        R"("skuId":"soup","qty":1,"reservationType":"hold")", R"("skuId":"a b","qty":1)"}) {
    const RawAnswer answer = house.as_admin("POST", "/inventory/reserve", order("A-1", rest));
    EXPECT_EQ(answer.status, 422) << rest << ": " << answer.body;
    EXPECT_TRUE(has(answer.body, "INV_005"));
  }
  EXPECT_EQ(house
                .as_admin("POST", "/inventory/reserve",
                          R"({"orderNo":"s1/1","warehouseId":"s1","skuId":"soup","qty":1})")
                .status,
            422)
      << "a '/' parts the stores' own orders from the estate's";
  house.on_loop([&house] { EXPECT_TRUE(house.desk().asked.empty()); });
}

TEST(Reservations, confirm_and_release_go_by_the_orders_number) {
  ApiHouse house;
  house.as_admin("POST", "/inventory/reserve", order("A-1", R"("skuId":"soup","qty":1)"));
  const RawAnswer paid = house.as_admin("POST", kConfirm + std::string("A-1"));
  EXPECT_EQ(paid.status, 200);
  EXPECT_TRUE(has(paid.body, R"("status":"CONFIRMED")"));
  const RawAnswer late = house.as_admin("POST", kRelease + std::string("A-1&reason=guest%20left"));
  EXPECT_EQ(late.status, 409);
  EXPECT_TRUE(has(late.body, "INV_004"));
  house.as_admin("POST", "/inventory/reserve", order("A-2", R"("skuId":"soup","qty":1)"));
  const RawAnswer gone = house.as_admin("POST", kRelease + std::string("A-2&reason=guest%20left"));
  EXPECT_TRUE(has(gone.body, R"("status":"RELEASED","statusDesc":"given back: guest left")"));
  const RawAnswer shown = house.as_admin("GET", "/inventory/reservations?orderNo=A-2");
  EXPECT_EQ(shown.body, gone.body);
  EXPECT_EQ(house.as_admin("POST", kRelease + std::string("A-7")).status, 200) << "remembered";
  EXPECT_EQ(house.as_admin("POST", kConfirm + std::string("%00")).status, 422);
  EXPECT_EQ(house.as_admin("POST", kConfirm + std::string("A-1&odd=1")).status, 422);
}

TEST(Reservations, an_account_ends_no_order_of_a_store_it_may_not_see) {
  ApiHouse house;
  const std::string of_two = house.token("two", "BUSINESS", R"(["s2"])");
  const std::string reader = house.token("reader", "USER");
  house.as_admin("POST", "/inventory/reserve", order("A-1", R"("skuId":"soup","qty":1)"));
  EXPECT_EQ(house.ask("POST", kRelease + std::string("A-1"), "", of_two).status, 403);
  EXPECT_EQ(house.ask("POST", kConfirm + std::string("A-1&warehouseId=s1"), "", of_two).status,
            403);
  EXPECT_EQ(house.ask("GET", "/inventory/reservations?orderNo=A-1", "", of_two).status, 404);
  EXPECT_EQ(
      house.ask("POST", "/inventory/reserve", order("A-2", R"("skuId":"soup","qty":1)"), of_two)
          .status,
      403);
  EXPECT_EQ(house.ask("POST", kConfirm + std::string("A-1"), "", reader).status, 403);
  EXPECT_EQ(house.ask("GET", "/inventory/reservations?orderNo=A-1", "", reader).status, 200);
}

TEST(Reservations, only_an_admin_adjusts) {
  ApiHouse house;
  const std::string business = house.token("till", "BUSINESS");
  const std::string body = R"({"warehouseId":"s1","skuId":"soup","delta":-2})";
  EXPECT_EQ(house.ask("POST", "/inventory/adjust", body, business).status, 403);
  const RawAnswer answer = house.as_admin("POST", "/inventory/adjust", body);
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(has(answer.body, R"("verb":"stock.count")")) << answer.body;
  EXPECT_TRUE(has(answer.body, R"("available":10.0,"based_on":120)")) << "12 less 2";
  const RawAnswer set = house.as_admin("POST", "/inventory/adjust",
                                       R"({"warehouseId":"s1","skuId":"soup","availableQty":30})");
  EXPECT_TRUE(has(set.body, R"("available":30.0)")) << set.body;
  for (const char* wrong : {R"({"warehouseId":"s1","skuId":"soup"})",
                            R"({"warehouseId":"s1","skuId":"soup","delta":1,"availableQty":1})",
                            R"({"warehouseId":"s1","skuId":"soup","delta":"1"})",
                            R"({"warehouseId":"s1","skuId":"soup","delta":1.25})",
                            R"({"warehouseId":"s1","skuId":"soup","delta":-100})"}) {
    EXPECT_EQ(house.as_admin("POST", "/inventory/adjust", wrong).status, 422) << wrong;
  }
}

TEST(Reservations, an_adjustment_is_based_on_what_its_row_counts_in_not_on_what_came_since) {
  ApiHouse house;
  const TimePoint far{1'900'000'000'000'000};
  house.on_loop([&house, far] {
    StockRecord& soup = house.desk().rows[StoreId("s1")][SkuId("soup")];
    soup.as_of = 117;
    soup.as_of_at = far;
  });
  const RawAnswer answer = house.as_admin("POST", "/inventory/adjust",
                                          R"({"warehouseId":"s1","skuId":"soup","delta":-2})");
  EXPECT_TRUE(has(answer.body, R"("based_on":117)")) << answer.body;
  EXPECT_TRUE(has(answer.body, R"("at":1900000000000000)")) << "the hub's time is the later one";
}

TEST(Reservations, an_adjustment_that_is_asked_again_is_the_same_word_however_much_has_moved) {
  ApiHouse house;
  const std::string body = R"({"warehouseId":"s1","skuId":"soup","delta":-2})";
  const std::string key = "Idempotency-Key: adjust-1\r\n";
  const RawAnswer first = house.as_admin("POST", "/inventory/adjust", body, key);
  EXPECT_TRUE(has(first.body, R"("available":10.0)")) << first.body;
  house.on_loop([&house] {
    StockRecord& soup = house.desk().rows[StoreId("s1")][SkuId("soup")];
    soup.as_of = 130;
    soup.level.available = Quantity::units(3);
  });
  const RawAnswer again = house.as_admin("POST", "/inventory/adjust", body, key);
  EXPECT_EQ(again.status, 200) << again.body;
  EXPECT_TRUE(has(again.body, R"("available":10.0,"based_on":120)")) << again.body;
  const RawAnswer other = house.as_admin("POST", "/inventory/adjust",
                                         R"({"warehouseId":"s1","skuId":"soup","delta":-1})", key);
  EXPECT_TRUE(has(other.body, "INV_005")) << other.body;
}

TEST(Reservations, the_figure_is_taken_anew) {
  ApiHouse house;
  const RawAnswer answer = house.as_admin("POST", "/inventory/soup/sync?warehouseId=s1");
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(has(answer.body, R"("skuId":"soup")"));
  EXPECT_EQ(house.as_admin("POST", "/inventory/none/sync?warehouseId=s1").status, 404);
  EXPECT_EQ(house.as_admin("POST", "/inventory/soup/sync").status, 422);
}

TEST(Reservations, the_stock_of_a_warehouse_is_the_stores_and_the_relays) {
  ApiHouse house;
  house.on_loop([&house] {
    StockRecord& soup = house.desk().rows[StoreId("s1")][SkuId("soup")];
    soup.relay_available = Quantity::units(5);
    soup.relay_held = Quantity::units(2);
  });
  const RawAnswer answer = house.as_admin("GET", "/inventory/soup?warehouseId=s1");
  EXPECT_TRUE(has(answer.body, R"("availableQty":17.0,"reservedQty":2.5,"totalQty":19.5)"))
      << answer.body;
}

// What HQ may set of an item: the words that come of it, in order.
TEST(PoiStock, case_68_quotas_weights_and_restore_become_words) {
  ApiHouse house;
  const RawAnswer answer = house.as_admin(
      "PUT", "/api/v1/poi/stock",
      R"({"poiId":"s1","object_id":"soup","stock_type":2,"plan_quantity":40,"real_quantity":30,)"
      R"("channel_stocks":[{"channel_code":"ONLINE_ORDER","channel_quota":5,"weight":20},)"
      R"({"channel_code":"KIOSK","stock_status":2}],"warning_threshold":5,)"
      R"("critical_threshold":2,"stock_status":2,"auto_restore_type":1,)"
      R"("auto_restore_at":"2026-11-21T17:30:00Z"})");
  ASSERT_EQ(answer.status, 200) << answer.body;
  house.on_loop([&house] {
    const auto& words = house.desk().words[StoreId("s1")];
    ASSERT_EQ(words.size(), 4U);
    EXPECT_EQ(words[0].word.verb, "stock.limit");
    EXPECT_TRUE(has(words[0].word.args, R"("available":30.0)")) << words[0].word.args;
    EXPECT_TRUE(has(words[0].word.args, R"("plan":40.0)"));
    EXPECT_EQ(words[1].word.verb, "stock.channels");
    EXPECT_TRUE(has(words[1].word.args, R"("channel":"online_order","quota":5.0,"weight":20)"))
        << words[1].word.args;
    EXPECT_EQ(words[2].word.verb, "stock.thresholds");
    EXPECT_EQ(words[3].word.verb, "stock.mark");
    EXPECT_TRUE(has(words[3].word.args, R"("restore":"at")")) << words[3].word.args;
  });
  const auto put = [&house](const std::string& rest) {
    return house
        .as_admin("PUT", "/api/v1/poi/stock", R"({"poiId":"s1","object_id":"soup",)" + rest + "}")
        .status;
  };
  EXPECT_EQ(put(R"("channel_stocks":[{"channel_code":"KIOSK","weight":60},)"
                R"({"channel_code":"POS","weight":41}])"),
            422)
      << "more than all";
  EXPECT_EQ(put(R"("channel_stocks":[{"channel_code":"KIOSK","weight":33.34}])"), 422);
  EXPECT_EQ(put(R"("channel_stocks":[{"channel_code":"KIOSK","channel_quota":-1}])"), 422);
  EXPECT_EQ(put(R"("channel_stocks":[{"channel_code":"KIOSK"}])"), 422);
  EXPECT_EQ(put(R"("channel_stocks":[{"channel_code":"KIOSK","weight":1},)"
                R"({"channel_code":"KIOSK","weight":1}])"),
            422);
  EXPECT_EQ(put(R"("stock_status":1,"auto_restore_type":1)"), 422);
  EXPECT_EQ(put(R"("warning_threshold":1,"critical_threshold":2)"), 422);
  EXPECT_EQ(put(R"("stock_status":2,"auto_restore_at":"2026-11-21T17:30:00Z")"), 422);
}

}  // namespace
}  // namespace larder::relay
