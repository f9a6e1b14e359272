// The route by which a POS of another make replays: what it takes, and what it refuses.
#include <gtest/gtest.h>

#include "tests/api/api_house.hpp"

namespace larder::relay {
namespace {

TEST(ReplayOffline, takes_changes_as_they_were_queued) {
  ApiHouse house;
  const std::string path = "/api/v1/poi/stock/replay-offline-events";
  const RawAnswer done = house.as_admin(
      "POST", path,
      R"({"brandId":"b","poiId":"s1","events":[{"event_id":"e1","object_id":"soup",)"
      R"("change_type":"RELATIVE","quantity":-2.5,"occurred_at":"2026-11-20T10:00:00Z",)"
      R"("order_id":"A-1"},{"event_id":"e2","object_id":"soup","object_type":2,)"
      R"("change_type":"ABSOLUTE","quantity":7,"occurred_at":"2026-11-20T10:01:00+01:00"}]})");
  ASSERT_EQ(done.status, 200) << done.body;
  EXPECT_TRUE(has(done.body, R"("event_id":"e1","outcome":"APPLIED","again":false)"));
  EXPECT_TRUE(has(done.body, R"("object_id":"soup","real_quantity":4.5,"oversold":0.0)"));
  const OfflineBatch& batch = house.desk().replayed.at(0);
  EXPECT_EQ(batch.by.name, "api:admin");
  EXPECT_EQ(batch.events[0].change.tenths, -25);
  EXPECT_EQ(batch.events[0].order, "A-1");
  EXPECT_TRUE(batch.events[1].change.is_absolute);
  EXPECT_LT(batch.events[1].change.at, batch.events[0].change.at);
}

TEST(ReplayOffline, case_28_bad_changes_are_refused_and_named) {
  ApiHouse house;
  const auto refused = [&house](const std::string& change) {
    const RawAnswer answer = house.as_admin(
        "POST", "/api/v1/poi/stock/replay-offline-events",
        R"({"poiId":"s1","events":[{"event_id":"e1","object_id":"soup",)" + change + "}]}");
    EXPECT_EQ(answer.status, 422) << change;
    EXPECT_TRUE(has(answer.body, "INV_005")) << answer.body;
    const std::size_t from = answer.body.find("\"detail\":\"") + 10;
    return answer.body.substr(from, answer.body.find(':', from) - from);
  };
  const std::string time = R"(,"occurred_at":"2026-11-20T10:00:00Z")";
  for (const std::string bad : {"0", "1.25", "1e3", "\"5\"", "100000001", "true"}) {
    EXPECT_EQ(refused(R"("change_type":"RELATIVE","quantity":)" + bad + time), "events[0].quantity")
        << bad;
  }
  EXPECT_EQ(refused(R"("change_type":"ABSOLUTE","quantity":-1)" + time), "events[0].quantity");
  EXPECT_EQ(refused(R"("change_type":"set","quantity":1)" + time), "events[0].change_type");
  EXPECT_EQ(refused(R"("change_type":"RELATIVE","quantity":1)"), "events[0].occurred_at");
  EXPECT_EQ(refused(R"("change_type":"RELATIVE","quantity":1,"sql":1)" + time), "events[0].sql");
  EXPECT_EQ(house
                .as_admin("POST", "/api/v1/poi/stock/replay-offline-events",
                          R"({"poiId":"s1","events":[]})")
                .status,
            422);
  EXPECT_TRUE(house.desk().replayed.empty());
  EXPECT_EQ(house
                .ask("POST", "/api/v1/poi/stock/replay-offline-events", R"({"poiId":"s1"})",
                     house.token("guest", "GUEST"))
                .status,
            403);
}

}  // namespace
}  // namespace larder::relay
