// A store's stock set beside its hub's, over HTTP: an ADMIN has it compared, everybody who may read
// sees what was found.
#include <gtest/gtest.h>

#include "tests/api/api_house.hpp"

namespace larder::relay {
namespace {

const std::string kStore = "/api/v1/hq/stores/s1";

StockDifference soup_differs() {
  StockDifference difference;
  difference.sku = SkuId("soup");
  difference.what = "available 3.0 at the hub, 5.0 at the relay";
  difference.cause = "event 57 was set aside";
  difference.is_repaired = true;
  return difference;
}

TEST(Reconcile, names_what_differed_with_its_cause_and_who_asked) {
  ApiHouse house;
  EXPECT_TRUE(has(house.as_admin("GET", kStore).body, R"("reconciled_at":null,"differences":0)"));
  house.on_loop([&] { house.desk().unequal[StoreId("s1")] = {soup_differs()}; });
  const RawAnswer made = house.as_admin("POST", kStore + "/reconcile");
  EXPECT_EQ(made.status, 200);
  const std::string difference =
      R"({"store":"s1","sku":"soup","what":"available 3.0 at the hub, 5.0 at the relay",)"
      R"("cause":"event 57 was set aside","epoch":1,"seq":120,)"
      R"("found_at":"2026-11-18T11:06:41.000000Z","is_repaired":true,"by":"hq:admin"})";
  EXPECT_EQ(made.body,
            R"({"code":"0","message":"success","data":{"store":"s1","epoch":1,"seq":120,"skus":2,)"
            R"("moving":0,"is_equal":false,"unanswered":"","differences":[)" +
                difference + "]}}");
  EXPECT_EQ(house.as_admin("GET", kStore + "/differences").body,
            R"({"code":"0","message":"success","data":{"differences":[)" + difference + "]}}");
  EXPECT_TRUE(has(house.as_admin("GET", kStore).body,
                  R"("reconciled_at":"2026-11-18T11:06:41.000000Z","differences":1)"));
  house.on_loop([&] { EXPECT_EQ(house.desk().reconciled.back(), "s1 hq:admin"); });
}

TEST(Reconcile, equal_stock_is_said_and_what_was_found_before_stays_the_newest_first) {
  ApiHouse house;
  house.on_loop([&] { house.desk().unequal[StoreId("s1")] = {soup_differs()}; });
  house.as_admin("POST", kStore + "/reconcile");
  EXPECT_TRUE(has(house.as_admin("POST", kStore + "/reconcile").body,
                  R"("is_equal":true,"unanswered":"","differences":[]})"));
  StockDifference cola = soup_differs();
  cola.sku = SkuId("cola");
  cola.cause = "";
  cola.is_repaired = false;
  house.on_loop([&] { house.desk().unequal[StoreId("s1")] = {cola}; });
  EXPECT_TRUE(has(house.as_admin("POST", kStore + "/reconcile").body, R"("is_repaired":false)"));
  const std::string found = house.as_admin("GET", kStore + "/differences").body;
  EXPECT_TRUE(has(found, R"("cause":"")"));
  EXPECT_LT(found.find(R"("sku":"cola")"), found.find(R"("sku":"soup")")) << found;
  EXPECT_EQ(house.as_admin("GET", "/api/v1/hq/stores/s2/differences").body,
            R"({"code":"0","message":"success","data":{"differences":[]}})");
}

TEST(Reconcile, a_hub_that_is_away_is_an_answer_and_not_a_failure) {
  ApiHouse house;
  house.on_loop([&] { house.desk().views[StoreId("s1")].is_live = false; });
  const RawAnswer made = house.as_admin("POST", kStore + "/reconcile");
  EXPECT_EQ(made.status, 200);
  EXPECT_TRUE(has(made.body, R"("is_equal":false,"unanswered":"the hub of this store is away")"));
  EXPECT_TRUE(has(house.as_admin("GET", kStore).body, R"("reconciled_at":null)"))
      << "it was not compared";
}

TEST(Reconcile, an_admin_asks_for_it_of_a_store_that_is_there_without_a_body) {
  ApiHouse house;
  const std::string business = house.token("b", "BUSINESS");
  const std::string user = house.token("u", "USER", R"(["s2"])");
  EXPECT_EQ(house.ask("POST", kStore + "/reconcile", "", business).status, 403);
  EXPECT_EQ(house.ask("POST", kStore + "/reconcile").status, 401);
  EXPECT_EQ(house.ask("GET", kStore + "/differences", "", business).status, 200);
  EXPECT_EQ(house.ask("GET", kStore + "/differences", "", user).status, 403);
  EXPECT_EQ(house.ask("GET", "/api/v1/hq/stores/s2/differences", "", user).status, 200);
  EXPECT_EQ(house.as_admin("POST", "/api/v1/hq/stores/s9/reconcile").status, 404);
  EXPECT_EQ(house.as_admin("GET", "/api/v1/hq/stores/s9/differences").status, 404);
  EXPECT_EQ(house.as_admin("POST", kStore + "/reconcile", R"({"sku":"soup"})").status, 413);
  EXPECT_EQ(house.as_admin("POST", kStore + "/reconcile?sku=soup").status, 422);
  EXPECT_EQ(house.as_admin("GET", kStore + "/reconcile").status, 405);
  house.on_loop([&] { EXPECT_TRUE(house.desk().reconciled.empty()); });
}

TEST(Reconcile, databases_that_are_down_are_503_and_a_time_to_come_again) {
  ApiHouse house;
  house.admin();
  house.on_loop([&] {
    house.desk().is_down = true;
    house.desk().state.shards[0].is_up = false;
  });
  const std::string path = kStore + "/differences";
  for (const RawAnswer& answer :
       {house.as_admin("POST", kStore + "/reconcile"), house.as_admin("GET", path)}) {
    EXPECT_EQ(answer.status, 503);
    EXPECT_EQ(answer.fields.at("retry-after"), "1");
  }
}

// A question to a hub takes as long as it may; a question to a database does not get that time.
TEST(Reconcile, waits_longer_than_what_only_databases_are_asked_but_never_hangs) {
  ApiLimits limits;
  limits.answer_timeout = ApiLimits::Milliseconds(300);
  limits.hub_timeout = ApiLimits::Milliseconds(1'500);
  ApiHouse house(limits);
  house.admin();
  house.on_loop([&] { house.desk().is_silent = true; });
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(house.as_admin("GET", kStore + "/differences").status, 503);
  EXPECT_LT(std::chrono::steady_clock::now() - began, limits.hub_timeout);
  const auto asked = std::chrono::steady_clock::now();
  EXPECT_EQ(house.as_admin("POST", kStore + "/reconcile").status, 503);
  EXPECT_GE(std::chrono::steady_clock::now() - asked, limits.hub_timeout);
}

}  // namespace
}  // namespace larder::relay
