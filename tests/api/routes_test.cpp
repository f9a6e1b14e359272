// The routes: what they answer, and what they refuse.
#include <gtest/gtest.h>

#include <fstream>

#include "relay/api/router.hpp"
#include "tests/api/api_house.hpp"

namespace larder::relay {
namespace {

TEST(Inventory, one_record_as_the_estate_reads_it) {
  ApiHouse house;
  const RawAnswer answer = house.as_admin("GET", "/inventory/soup?warehouseId=s1");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(
      answer.body,
      R"({"code":"0","message":"success","data":{"skuId":"soup","warehouseId":"s1",)"
      R"("stockType":2,"stockStatus":1,"availableQty":12.0,"reservedQty":0.5,)"
      R"("totalQty":12.5,"redisAvailableQty":12.0,"updatedAt":"2026-11-18T11:06:40.000000Z"}})");
  EXPECT_TRUE(has(house.as_admin("GET", "/inventory/cola?warehouseId=s1").body,
                  R"("stockType":1,"stockStatus":1,"availableQty":null)"));
}

TEST(Inventory, no_record_is_404_INV_001_with_a_trace_id) {
  ApiHouse house;
  const RawAnswer answer = house.as_admin("GET", "/inventory/none?warehouseId=s1");
  EXPECT_EQ(answer.status, 404);
  EXPECT_TRUE(has(answer.body, R"("code":"INV_001")"));
  EXPECT_TRUE(has(answer.body, R"("trace_id":")" + answer.fields.at("x-request-id")));
  const std::string trace = "4bf92f3577b34da6a3ce929d0e0e4736";
  const RawAnswer traced = house.as_admin("GET", "/inventory/none?warehouseId=s1", "",
                                          "traceparent: 00-" + trace + "-00f067aa0ba902b7-01\r\n");
  EXPECT_TRUE(has(traced.body, trace));
}

TEST(Inventory, many_records_in_the_order_that_was_asked) {
  ApiHouse house;
  const std::string all = house.as_admin("GET", "/inventory?skuIds=soup,none,cola").body;
  EXPECT_LT(all.find(R"("soup","warehouseId":"s1")"), all.find(R"("soup","warehouseId":"s2")"));
  EXPECT_LT(all.find(R"("soup","warehouseId":"s2")"), all.find(R"("cola","warehouseId":"s1")"));
  const std::string one = house.as_admin("GET", "/inventory?skuIds=soup&warehouseId=s2").body;
  EXPECT_TRUE(has(one, R"("warehouseId":"s2")"));
  EXPECT_FALSE(has(one, R"("warehouseId":"s1")"));
  for (const std::string bad : {"", "a,", ",a", "a,,b"}) {
    EXPECT_EQ(house.as_admin("GET", "/inventory?skuIds=" + bad).status, 422) << bad;
  }
}

TEST(SyncFromPos, keeps_the_report_and_a_stale_one_is_409_INV_004) {
  ApiHouse house;
  const std::string report =
      R"({"brandId":"b1","poiId":"s9","object_id":"soup","stock_status":1,"stock_type":2,)"
      R"("plan_quantity":20,"real_quantity":7.5,"auto_restore_type":1,)"
      R"("auto_restore_at":"2026-11-22T05:00:00+01:00",)"
      R"("channel_stocks":[{"channel_code":"KIOSK","stock_status":2,"stock_type":1}])";
  const RawAnswer kept = house.as_admin("POST", "/api/v1/poi/stock/sync-from-pos", report + "}");
  ASSERT_EQ(kept.status, 200) << kept.body;
  EXPECT_TRUE(has(kept.body, R"("plan_quantity":20.0,"real_quantity":7.5)"));
  EXPECT_TRUE(has(kept.body, R"("auto_restore_at":"2026-11-22T04:00:00.000000Z")"));
  const std::size_t from = kept.body.find("\"updated_at\":\"") + 14;
  const std::string time = kept.body.substr(from, 27);
  const std::string again = report + R"(,"updated_at":")" + time + "\"}";
  EXPECT_EQ(house.as_admin("POST", "/api/v1/poi/stock/sync-from-pos", again).status, 200);
  const RawAnswer stale = house.as_admin("POST", "/api/v1/poi/stock/sync-from-pos", again);
  EXPECT_EQ(stale.status, 409);
  EXPECT_TRUE(has(stale.body, "INV_004"));
}

TEST(SyncFromPos, case_68_quantities_and_words_out_of_range_are_refused_and_named) {
  ApiHouse house;
  const auto refused = [&house](const std::string& members) {
    const RawAnswer answer =
        house.as_admin("POST", "/api/v1/poi/stock/sync-from-pos",
                       R"({"brandId":"b","poiId":"s1","object_id":"soup",)" + members + "}");
    EXPECT_EQ(answer.status, 422) << members;
    EXPECT_TRUE(has(answer.body, "INV_005")) << answer.body;
    const std::size_t from = answer.body.find("\"detail\":\"") + 10;
    return answer.body.substr(from, answer.body.find(':', from) - from);
  };
  const std::string good = R"("stock_status":1,"stock_type":2,"real_quantity":5,)";
  EXPECT_EQ(refused(R"("stock_status":1,"stock_type":2,"real_quantity":-1)"), "real_quantity");
  EXPECT_EQ(refused(R"("stock_status":1,"stock_type":2)"), "real_quantity");
  for (const std::string bad : {"-0", "1.25", "33.34", "1e3", "100000001", "\"5\"", "true",
                                "9223372036854775808", "0.30000000000000004"}) {
    EXPECT_EQ(refused(good + R"("plan_quantity":)" + bad), "plan_quantity") << bad;
  }
  EXPECT_EQ(refused(R"("stock_status":3,"stock_type":1)"), "stock_status");
  EXPECT_EQ(refused(R"("stock_status":1,"stock_type":0)"), "stock_type");
  EXPECT_EQ(refused(good + R"("auto_restore_at":"tomorrow")"), "auto_restore_at");
  EXPECT_EQ(refused(good + R"("sql":"'; DROP TABLE inventory; --")"), "sql");
  const std::string twice = R"({"channel_code":"POS","stock_status":1,"stock_type":1})";
  EXPECT_EQ(refused(good + R"("channel_stocks":[)" + twice + "," + twice + "]"),
            "channel_stocks[1].channel_code");
  EXPECT_EQ(refused(good + R"("channel_stocks":[{"channel_code":"POS","stock_status":1,)"
                           R"("stock_type":1,"channel_quota":-5}])"),
            "channel_stocks[0].channel_quota");
  EXPECT_TRUE(house.desk().poi.empty());
}

TEST(FindToPos, gives_all_then_only_what_changed_since_its_cursor) {
  ApiHouse house;
  const auto report = [&house](const std::string& sku) {
    house.as_admin("POST", "/api/v1/poi/stock/sync-from-pos",
                   R"({"brandId":"b","poiId":"s1","object_id":")" + sku +
                       R"(","stock_status":1,"stock_type":1})");
  };
  report("a");
  report("b");
  const RawAnswer all =
      house.as_admin("POST", "/api/v1/poi/stock/find-to-pos", R"({"brandId":"b","poiId":"s1"})");
  EXPECT_TRUE(has(all.body, R"("object_id":"a")") && has(all.body, R"("object_id":"b")"));
  const std::size_t from = all.body.find("\"cursor\":\"") + 10;
  const std::string cursor = all.body.substr(from, 27);
  report("a");
  const RawAnswer later = house.as_admin("POST", "/api/v1/poi/stock/find-to-pos",
                                         R"({"poiId":"s1","cursor":")" + cursor + "\"}");
  EXPECT_TRUE(has(later.body, R"("object_id":"a")"));
  EXPECT_FALSE(has(later.body, R"("object_id":"b")"));
}

TEST(PutPoiStock, becomes_a_word_and_can_wait_for_the_hub) {
  ApiHouse house;
  const std::string set = R"({"poiId":"s1","object_id":"soup","stock_status":2})";
  const RawAnswer sent = house.as_admin("PUT", "/api/v1/poi/stock", set);
  EXPECT_TRUE(has(sent.body, R"("data":{"number":1,"words":[{"number":1)")) << sent.body;
  const RawAnswer applied = house.as_admin("PUT", "/api/v1/poi/stock?wait=applied", set);
  EXPECT_TRUE(has(applied.body, R"("state":"applied")")) << applied.body;
  EXPECT_TRUE(
      has(applied.body, R"("verb":"stock.mark","args":{"sku":"soup","status":"sold_out"})"));
  EXPECT_TRUE(has(applied.body, R"("by":"hq:admin")"));
  const std::string none = R"({"poiId":"s1","object_id":"pie","stock_status":2})";
  EXPECT_TRUE(has(house.as_admin("PUT", "/api/v1/poi/stock?wait=applied", none).body,
                  R"("state":"refused")"));
}

TEST(PutPoiStock, a_plan_and_a_status_are_two_words_and_the_same_key_says_them_once) {
  ApiHouse house;
  const std::string set =
      R"({"poiId":"s1","object_id":"soup","stock_status":1,"stock_type":2,"plan_quantity":20})";
  for (int i = 0; i < 2; ++i) {
    const RawAnswer answer =
        house.as_admin("PUT", "/api/v1/poi/stock", set, "Idempotency-Key: k1\r\n");
    EXPECT_TRUE(has(answer.body, R"("number":2,"words":[{"number":1)")) << answer.body;
  }
  const std::string other = R"({"poiId":"s1","object_id":"cola","stock_status":2})";
  EXPECT_EQ(house.as_admin("PUT", "/api/v1/poi/stock", other, "Idempotency-Key: k1\r\n").status,
            422);
  EXPECT_EQ(house.as_admin("PUT", "/api/v1/poi/stock", other, "Idempotency-Key: a b\r\n").status,
            422);
  house.on_loop([&house] { EXPECT_EQ(house.desk().words[StoreId("s1")].size(), 2U); });
}

TEST(PutPoiStock, case_68_what_contradicts_itself_or_is_not_kept_yet_is_refused_whole) {
  ApiHouse house;
  const auto status = [&house](const std::string& members) {
    return house
        .as_admin("PUT", "/api/v1/poi/stock",
                  R"({"poiId":"s1","object_id":"soup",)" + members + "}")
        .status;
  };
  EXPECT_EQ(status(R"("plan_quantity":5,"real_quantity":6)"), 422);
  EXPECT_EQ(status(R"("plan_quantity":-5)"), 422);
  EXPECT_EQ(status(R"("plan_quantity":33.34)"), 422);
  EXPECT_EQ(status(R"("stock_type":2)"), 422);
  EXPECT_EQ(status(R"("stock_type":1,"plan_quantity":5)"), 422);
  EXPECT_EQ(status(R"("object_type":1,"stock_status":2)"), 422);
  EXPECT_EQ(status(R"("brandId":"b")"), 422) << "nothing is asked";
  EXPECT_EQ(status(R"("channel_stocks":[])"), 422) << "nothing is asked";
  EXPECT_EQ(house
                .as_admin("PUT", "/api/v1/poi/stock",
                          R"({"poiId":"s7","object_id":"soup","stock_status":2})")
                .status,
            404);
  house.on_loop([&house] { EXPECT_TRUE(house.desk().words[StoreId("s1")].empty()); });
}

TEST(Stores, are_worst_first_searched_and_paged_by_cursor) {
  ApiHouse house;
  house.on_loop([&house] {
    for (int i = 100; i < 400; ++i) house.desk().add_store("m" + std::to_string(i));
    house.desk().views[StoreId("m250")].is_frozen = true;
    house.desk().views[StoreId("m260")].is_live = false;
    house.desk().views[StoreId("m270")].behind = 900;
    house.desk().views[StoreId("m271")].behind = 20;
  });
  RawAnswer page = house.as_admin("GET", "/api/v1/hq/stores?limit=3");
  EXPECT_TRUE(
      has(page.body, R"("estate":{"stores":302,"live":301,"away":1,"frozen":1,"behind":920)"));
  const auto at = [&page](const std::string& id) { return page.body.find("\"store\":\"" + id); };
  EXPECT_LT(at("m250"), at("m260"));
  EXPECT_LT(at("m260"), at("m270"));
  EXPECT_EQ(at("m271"), std::string::npos);
  const std::size_t from = page.body.find("\"next\":\"") + 8;
  const std::string next = page.body.substr(from, page.body.find('"', from) - from);
  page = house.as_admin("GET", "/api/v1/hq/stores?limit=3&after=" + next);
  EXPECT_LT(at("m271"), at("m100"));
  page = house.as_admin("GET", "/api/v1/hq/stores?search=m39&limit=200");
  EXPECT_TRUE(has(page.body, R"("matching":10,"next":null)")) << page.body.substr(0, 300);
  page = house.as_admin("GET", "/api/v1/hq/stores?only=away");
  EXPECT_TRUE(has(page.body, R"("matching":1,)"));
  for (const std::string bad : {"limit=0", "limit=201", "limit=1e1", "only=x", "after=zz",
                                "order=behind%20DESC;--", "limit=1&limit=2", "search=%00"}) {
    EXPECT_EQ(house.as_admin("GET", "/api/v1/hq/stores?" + bad).status, 422) << bad;
  }
}

TEST(Stores, one_store_its_orders_and_its_statement) {
  ApiHouse house;
  EXPECT_TRUE(
      has(house.as_admin("GET", "/api/v1/hq/stores/s1").body, R"("store":"s1","hub":"h-s1")"));
  EXPECT_EQ(house.as_admin("GET", "/api/v1/hq/stores/nope").status, 404);
  EXPECT_EQ(house.as_admin("GET", "/api/v1/hq/stores/s1/orders?limit=5").body,
            R"({"code":"0","message":"success","data":[]})");
  EXPECT_TRUE(has(house.as_admin("GET", "/api/v1/hq/stores/s1/statement?day=2026-11-21").body,
                  R"("day":20261121,"equal":true)"));
  house.on_loop([&house] { house.desk().views[StoreId("s1")].is_frozen = true; });
  EXPECT_TRUE(has(house.as_admin("GET", "/api/v1/hq/stores/s1/statement?day=20261121").body,
                  R"("first_bad":57,"differences":["event 57 differs)"));
  EXPECT_EQ(house.as_admin("GET", "/api/v1/hq/stores/s1/statement?day=2026-02-30").status, 422);
  EXPECT_EQ(house.as_admin("POST", "/api/v1/hq/stores/s1/unfreeze").status, 200);
  house.on_loop([&house] { EXPECT_EQ(house.desk().unfrozen.front(), "s1 hq:admin"); });
  const auto takeover = house.as_admin("POST", "/api/v1/hq/stores/s1/takeover");
  EXPECT_EQ(takeover.status, 200);
  house.on_loop([&house, &takeover] {
    const std::string permit = house.desk().permits.front();  // "s1 CODE hq:admin"
    EXPECT_TRUE(has(takeover.body, R"("code":")" + permit.substr(3, 8) + '"')) << takeover.body;
    EXPECT_TRUE(permit.ends_with(" hq:admin")) << permit;
  });
  EXPECT_EQ(house.as_admin("POST", "/api/v1/hq/stores/nobody/takeover").status, 404);
}

TEST(Outbox, dead_letters_are_shown_and_sent_again) {
  ApiHouse house;
  house.on_loop([&house] {
    OutboxRow row;
    row.database = 1;
    row.id = 42;
    row.type = "poi-item-stock-sync-topic";
    row.store = StoreId("s1");
    row.status = "DEAD";
    house.desk().dead.push_back(row);
  });
  EXPECT_TRUE(has(house.as_admin("GET", "/api/v1/hq/outbox").body, R"("dead":1)"));
  EXPECT_TRUE(has(house.as_admin("GET", "/api/v1/hq/outbox/dead").body, R"("database":1,"id":42)"));
  EXPECT_EQ(house.as_admin("POST", "/api/v1/hq/outbox/dead/1/42/resend").status, 200);
  EXPECT_EQ(house.as_admin("POST", "/api/v1/hq/outbox/dead/1/42/resend").status, 404);
  EXPECT_EQ(house.as_admin("POST", "/api/v1/hq/outbox/dead/9/42/resend").status, 404);
  EXPECT_EQ(house.as_admin("POST", "/api/v1/hq/outbox/dead/1/x/resend").status, 422);
}

TEST(Health, is_open_and_readiness_names_what_is_missing) {
  ApiHouse house;
  EXPECT_EQ(house.ask("GET", "/healthz").status, 200);
  EXPECT_EQ(house.ask("GET", "/readyz").status, 200);
  EXPECT_EQ(house.ask("GET", "/metrics").fields.at("content-type"),
            "text/plain; version=0.0.4; charset=utf-8");
  house.on_loop([&house] {
    house.desk().state.inlet_up = false;
    house.desk().state.inlet_why = "connection refused";
  });
  const RawAnswer down = house.ask("GET", "/readyz");
  EXPECT_EQ(down.status, 503);
  EXPECT_TRUE(has(down.body, "no broker: connection refused"));
  EXPECT_EQ(house.ask("GET", "/healthz").status, 200);
}

TEST(Down, a_shard_that_is_down_answers_at_once) {
  ApiHouse house;
  house.admin();
  house.on_loop([&house] { house.desk().is_down = true; });
  EXPECT_EQ(house.as_admin("GET", "/inventory/soup?warehouseId=s1").status, 500)
      << "one failed statement";
  house.on_loop([&house] { house.desk().state.shards[1].is_up = false; });
  const RawAnswer answer = house.as_admin("GET", "/inventory/soup?warehouseId=s1");
  EXPECT_EQ(answer.status, 503);
  EXPECT_TRUE(has(answer.body, "INV_006"));
  EXPECT_EQ(answer.fields.at("retry-after"), "1");
}

TEST(Down, a_desk_that_never_answers_ends_in_503_not_in_a_hang) {
  ApiLimits limits;
  limits.answer_timeout = ApiLimits::Milliseconds(1'000);
  ApiHouse house(limits);
  const std::string token = house.token("t", "BUSINESS");
  house.on_loop([&house] { house.desk().is_silent = true; });
  for (const std::string target : {"/inventory/soup?warehouseId=s1", "/api/v1/hq/outbox"}) {
    const RawAnswer answer = house.ask("GET", target, "", token);
    EXPECT_EQ(answer.status, 503);
    EXPECT_TRUE(has(answer.body, "INV_006"));
    EXPECT_EQ(answer.fields.at("retry-after"), "1");
  }
}

TEST(Metrics, each_answer_is_counted_by_route_and_code) {
  ApiHouse house;
  house.as_admin("GET", "/inventory/soup?warehouseId=s1");
  house.as_admin("GET", "/inventory/none?warehouseId=s1");
  house.ask("GET", "/inventory/soup?warehouseId=s1");
  house.ask("GET", "/such/a/path");
  EXPECT_EQ(house.telemetry().requests("/inventory/{skuId} 0"), 1);
  EXPECT_EQ(house.telemetry().requests("/inventory/{skuId} INV_001"), 1);
  EXPECT_EQ(house.telemetry().requests("/inventory/{skuId} HTTP_401"), 1);
  EXPECT_EQ(house.telemetry().requests("none HTTP_404"), 1);
}

TEST(Injection, case_84_every_text_is_an_id_or_is_data) {
  ApiHouse house;
  const std::string evil = "x'%3B%20DROP%20TABLE%20inventory%3B--";
  for (const std::string& target :
       {"/inventory/" + evil + "?warehouseId=s1", "/inventory/soup?warehouseId=" + evil,
        "/inventory?skuIds=" + evil, "/api/v1/hq/stores/" + evil,
        "/api/v1/hq/stores/s1/words?limit=" + evil, "/api/v1/hq/stores/s1/statement?day=" + evil,
        "/api/v1/hq/stores?after=" + evil,
        std::string("/inventory/soup?warehouseId=s1&sort=name")}) {
    EXPECT_EQ(house.as_admin("GET", target).status, 422) << target;
  }
  EXPECT_TRUE(
      has(house.as_admin("GET", "/api/v1/hq/stores?search=" + evil).body, R"("matching":0)"));
  EXPECT_EQ(house.log_in("admin' OR '1'='1", "admin' OR '1'='1").status, 401);
  for (const std::string member : {"brandId", "poiId", "object_id"}) {
    std::string report = R"({"brandId":"b","poiId":"s1","object_id":"o","stock_status":1,)"
                         R"("stock_type":1})";
    const std::size_t at = report.find(member) + member.size() + 3;
    report.insert(at, "'; DELETE FROM outbox; --");
    const RawAnswer answer = house.as_admin("POST", "/api/v1/poi/stock/sync-from-pos", report);
    EXPECT_EQ(answer.status, 422);
    EXPECT_TRUE(has(answer.body, "\"detail\":\"" + member + ":")) << answer.body;
  }
}

// Every route of the table is in the OpenAPI file, and no other.
TEST(OpenApi, has_the_routes_of_the_table) {
  std::ifstream file(LARDER_SOURCE_DIR "/schemas/openapi/larder-relay.yaml");
  ASSERT_TRUE(file);
  std::set<std::string> described;
  std::string path;
  bool in_paths = false;
  for (std::string line; std::getline(file, line);) {
    if (!line.empty() && line[0] != ' ') in_paths = line == "paths:";
    if (!in_paths) continue;
    if (line.starts_with("  /")) path = line.substr(2, line.find_last_of(':') - 2);
    for (const std::string method : {"get", "post", "put", "delete"}) {
      if (line == "    " + method + ":") described.insert(method + " " + path);
    }
  }
  std::set<std::string> served;
  for (const Route& route : routes()) {
    std::string method(route.method);
    for (char& c : method) c = static_cast<char>(c - 'A' + 'a');
    served.insert(method + " " + std::string(route.pattern));
  }
  EXPECT_EQ(described, served);
}

}  // namespace
}  // namespace larder::relay
