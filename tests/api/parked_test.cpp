// Events that were set aside, over HTTP: everybody who may read sees them, an ADMIN mends them.
#include <gtest/gtest.h>

#include "tests/api/api_house.hpp"

namespace larder::relay {
namespace {

TEST(ParkedEvents, are_listed_tried_again_and_skipped_with_a_reason) {
  ApiHouse house;
  house.on_loop([&] {
    house.desk().aside[StoreId("s1")] = {{1, 57, "robot.danced", "not known", house.desk().at},
                                         {1, 60, "order.placed", "contradicts", house.desk().at},
                                         {1, 61, "order.paid", "waits behind event 60 of epoch 1",
                                          house.desk().at, ParkedPlace{1, 60}}};
  });
  const std::string path = "/api/v1/hq/stores/s1/parked";
  const RawAnswer all = house.as_admin("GET", path);
  EXPECT_TRUE(has(all.body, R"({"epoch":1,"seq":57,"event":"robot.danced","reason":"not known")"));
  EXPECT_TRUE(has(all.body, R"("behind":null},{"epoch":1,"seq":60)")) << all.body;
  EXPECT_TRUE(has(all.body, R"("behind":{"epoch":1,"seq":60}})")) << all.body;
  EXPECT_EQ(house.as_admin("POST", path + "/1/61/retry").status, 409);
  const RawAnswer done = house.as_admin("POST", path + "/1/60/retry");
  EXPECT_EQ(done.status, 200);
  EXPECT_TRUE(has(done.body, R"("written":2,"skipped":0,"waiting":0,"stopped":"")")) << done.body;
  const RawAnswer again = house.as_admin("POST", path + "/1/60/retry");
  EXPECT_EQ(again.status, 404);
  EXPECT_EQ(house.as_admin("POST", path + "/1/57/retry").status, 409);
  for (const std::string bad :
       {"{}", R"({"reason":""})", R"({"reason":"  "})", R"({"reason":"a","by":"b"})"}) {
    EXPECT_EQ(house.as_admin("POST", path + "/1/57/skip", bad).status, 422) << bad;
  }
  for (const std::string bad : {"/0/57/retry", "/1/0/retry", "/1/x/retry", "/-1/57/retry"}) {
    EXPECT_EQ(house.as_admin("POST", path + bad).status, 422) << bad;
  }
  const std::string business = house.token("b", "BUSINESS");
  EXPECT_EQ(house.ask("POST", path + "/1/57/retry", "", business).status, 403);
  EXPECT_EQ(house.ask("GET", path, "", business).status, 200);
  EXPECT_EQ(house.as_admin("POST", path + "/1/57/skip", R"({"reason":"no robots"})").status, 200);
  EXPECT_TRUE(has(house.as_admin("GET", path).body, R"("data":[])"));
  EXPECT_EQ(house.desk().repairs.back().by, "hq:admin");
  EXPECT_EQ(house.desk().repairs.back().reason, "no robots");
}

}  // namespace
}  // namespace larder::relay
