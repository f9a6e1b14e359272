// fake-relay: the real HTTP side of the relay over a relay in memory, for the tests of the API and
// of HQ's page. `fake-relay DATA_DIR WEB_ROOT STORES` listens on a port of the kernel's choice,
// writes "http://127.0.0.1:PORT" into DATA_DIR/address and runs until it is told to end.
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "platform/process/startup.hpp"
#include "relay/api/api.hpp"
#include "tests/support/fake_desk.hpp"

namespace larder::relay {
namespace {

class WallClock final : public Clock {
 public:
  TimePoint now() override {
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    return TimePoint{std::chrono::duration_cast<std::chrono::microseconds>(since).count()};
  }
  Duration steady() override {
    const auto since = std::chrono::steady_clock::now().time_since_epoch();
    return Duration{std::chrono::duration_cast<std::chrono::microseconds>(since).count()};
  }
};

class Silence final : public Telemetry {
 public:
  void batch(const StoreId&, BatchFate, std::size_t) override {}
  void group(std::size_t, std::size_t, std::size_t, Duration) override {}
  void dropped(std::string_view) override {}
  void request(std::string_view, std::string_view, Duration) override {}
  void shard_error(std::size_t) override {}
  void note(std::string_view) override {}
  void warn(std::string_view) override {}
  void alarm(std::string_view) override {}
};

OrderRecord order_of(const StoreId& store, std::uint32_t number, TimePoint at) {
  return {.store = store,
          .order = OrderId("20261121-00" + std::to_string(10 + number)),
          .day = {20261121},
          .number = number,
          .channel = number % 2 == 0 ? "kiosk" : "pos",
          .service = "takeaway",
          .state = number < 3 ? "preparing" : "served",
          .total_minor = 800 + 135 * number,
          .currency = "EUR",
          .placed_at = TimePoint{at.micros - 60'000'000LL * number},
          .updated_at = TimePoint{at.micros - 50'000'000LL * number}};
}

// What HQ would see on a busy day: most stores well, some not.
void seed(FakeDesk& desk, int stores) {
  for (int i = 1; i <= stores; ++i) {
    const std::string id = "s" + std::to_string(i);
    desk.add_store(id);
    StoreView& view = desk.views[StoreId(id)];
    view.since = TimePoint{desk.at.micros - 3'600'000'000LL * (i % 30)};
    for (std::uint32_t n = 1; n <= 12; ++n) {
      if (i <= 50) desk.orders[view.store].push_back(order_of(view.store, n, desk.at));
    }
  }
  const auto change = [&desk](const char* id, auto&& how) {
    const auto found = desk.views.find(StoreId(id));
    if (found != desk.views.end()) how(found->second);
  };
  change("s2", [&desk](StoreView& view) {
    view.is_live = false;
    view.behind = 214;
    view.hub_head = view.up_to + 214;
    view.oldest_unsent_at = TimePoint{desk.at.micros - 5'000'000'000LL};
  });
  change("s3", [](StoreView& view) {
    view.is_frozen = true;
    view.frozen_reason = "two different events under number 57 of epoch 1";
  });
  change("s4", [&desk](StoreView& view) {
    view.behind = 18'204;
    view.is_catching_up = true;
    view.oldest_unsent_at = TimePoint{desk.at.micros - 90'000'000'000LL};
  });
  for (int i = 1; i <= 3; ++i) {
    OutboxRow row;
    row.database = static_cast<std::size_t>(i % 2);
    row.id = 40 + i;
    row.type = "poi-item-stock-sync-topic";
    row.biz_key = "stock-s1-soup-" + std::to_string(i);
    row.store = StoreId("s1");
    row.payload = R"({"poiId":"s1","eventType":"poi.item.stock"})";
    row.status = "DEAD";
    row.retry_count = 10;
    row.created_at = desk.at;
    desk.dead.push_back(row);
  }
  desk.aside[StoreId("s4")] = {
      {1, 57, "robot.danced", "event: robot.danced is not known", desk.at},
      {1, 60, "ticket.changed", "its rows contradict", desk.at},
      {1, 63, "ticket.changed", "waits behind event 60 of epoch 1", desk.at, ParkedPlace{1, 60}}};
  desk.views[StoreId("s4")].parked = 3;
  StockDifference soup;
  soup.sku = SkuId("soup");
  soup.what = "available 12.0 at the hub, 14.0 at the relay";
  soup.cause = "event 118 was set aside";
  StockDifference cola;
  cola.sku = SkuId("cola");
  cola.what = "marked available at the hub, sold_out at the relay";
  soup.is_repaired = cola.is_repaired = true;
  desk.unequal[StoreId("s4")] = {soup, cola};
  soup.what = "the hub has handed over 6.0, the leases kept here come to 4.0";
  soup.cause = "";
  soup.is_repaired = false;  // nobody knows which units were sold
  desk.unequal[StoreId("s1")] = {soup, cola};
  desk.add_oversell("s1", "soup", 3, "replay", "");
  desk.add_oversell("s1", "cola", 1, "override", "x12");
}

int run(const std::string& data_dir, const std::string& web_root, int stores) {
  Loop loop;
  WallClock clock;
  Silence silence;
  FakeDesk desk(loop);
  desk.at = clock.now();
  desk.ticks_with([&clock] { return clock.now(); });
  seed(desk, stores);
  ApiConfig config;
  config.data_dir = data_dir;
  config.web_root = web_root;
  Api api(loop, config, desk, clock, silence);
  if (const auto started = api.start(); !started) {
    std::cerr << started.error().message() << "\n";
    return 1;
  }
  loop.on_signals({SIGINT, SIGTERM}, [&loop](int) { loop.stop(); });
  std::ofstream(data_dir + "/address.new") << "http://127.0.0.1:" << api.port();
  std::filesystem::rename(data_dir + "/address.new", data_dir + "/address");
  loop.run();
  return 0;
}

}  // namespace
}  // namespace larder::relay

int main(int count, char** values) {
  if (count != 4) {
    std::cerr << "fake-relay DATA_DIR WEB_ROOT STORES\n";
    return 64;
  }
  larder::ignore_broken_pipes();
  return larder::relay::run(values[1], values[2], std::stoi(values[3]));
}
