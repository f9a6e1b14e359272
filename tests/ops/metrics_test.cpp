// The text of GET /metrics, and that its size is bounded.
#include <gtest/gtest.h>

#include <sstream>
#include <thread>
#include <vector>

#include "edge/ops/operator_telemetry.hpp"

namespace larder::edge {
namespace {

const std::vector<std::string> kVerbs = {"order.place", "ticket.bump"};

bool has_line(const std::string& text, const std::string& wanted) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line == wanted) return true;
  }
  return false;
}

TEST(MetricsText, says_what_was_counted) {
  Metrics metrics(kVerbs);
  metrics.count_command("order.place", "ok");
  metrics.count_command("order.place", "ok");
  metrics.count_command("order.place", "out_of_stock");
  metrics.count_refusal("http_431");
  metrics.count_screen_cut();
  metrics.set_sessions("kiosk", 8);
  metrics.set_sessions("kiosk", 7);
  metrics.set_seq(2, 1'000'000);
  metrics.set_open_orders(12);
  metrics.set_storage_full(true);
  metrics.set_mdns_up(true);
  metrics.set_uptime(Duration{1'500'000});
  const std::string text = metrics.expose();
  for (const char* line :
       {"larder_commands_total{code=\"ok\",verb=\"order.place\"} 2",
        "larder_commands_total{code=\"out_of_stock\",verb=\"order.place\"} 1",
        "larder_refusals_total{reason=\"http_431\"} 1", "larder_screen_cuts_total 1",
        "larder_sessions{role=\"kiosk\"} 7", "larder_epoch 2", "larder_seq 1000000",
        "larder_open_orders 12", "larder_storage_full 1", "larder_mdns_up 1",
        "larder_uptime_seconds 1.5", "# TYPE larder_commit_seconds histogram"}) {
    EXPECT_TRUE(has_line(text, line)) << line << "\nis not in\n" << text;
  }
}

TEST(MetricsText, a_commit_falls_into_its_bucket) {
  Metrics metrics(kVerbs);
  metrics.observe_commit(Duration{3'000}, 5, 12);
  metrics.observe_commit(Duration{9'000'000}, 128, 1);
  const std::string text = metrics.expose();
  for (const char* line :
       {"larder_commit_seconds_bucket{le=\"0.0025\"} 0",
        "larder_commit_seconds_bucket{le=\"0.005\"} 1", "larder_commit_seconds_bucket{le=\"5\"} 1",
        "larder_commit_seconds_bucket{le=\"+Inf\"} 2", "larder_commit_seconds_count 2",
        "larder_group_commands_bucket{le=\"4\"} 0", "larder_group_commands_bucket{le=\"8\"} 1",
        "larder_group_commands_bucket{le=\"128\"} 2", "larder_events_total 13"}) {
    EXPECT_TRUE(has_line(text, line)) << line << "\nis not in\n" << text;
  }
}

TEST(MetricsText, nobody_outside_makes_it_grow) {
  Metrics metrics(kVerbs);
  for (int i = 0; i < 10'000; ++i) {
    const std::string made_up = "made.up" + std::to_string(i);
    metrics.count_command(made_up, "unknown_verb");
    metrics.count_command("order.place", made_up);
    metrics.count_refusal(made_up);
    metrics.set_sessions(made_up, 1);
  }
  const std::string text = metrics.expose();
  EXPECT_LT(text.size(), 20'000U);
  EXPECT_TRUE(has_line(text, "larder_commands_total{code=\"unknown_verb\",verb=\"other\"} 10000"));
}

TEST(MetricsText, a_label_cannot_forge_a_line) {
  Metrics metrics(kVerbs);
  metrics.count_refusal("x\"} 1\nlarder_seq 999 #");
  metrics.count_refusal("UPPER CASE");
  metrics.count_refusal("");
  metrics.count_refusal(std::string(41, 'a'));
  const std::string text = metrics.expose();
  EXPECT_EQ(text.find("999"), std::string::npos);
  EXPECT_TRUE(has_line(text, "larder_refusals_total{reason=\"other\"} 4"));
}

TEST(MetricsText, counts_from_many_threads_add_up) {
  Metrics metrics(kVerbs);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&metrics] {
      for (int i = 0; i < 1'000; ++i) {
        metrics.count_command("order.place", "ok");
        metrics.count_refusal("bad_json");
        metrics.observe_commit(Duration{1'000}, 1, 1);
        if (i % 100 == 0) {
          EXPECT_FALSE(metrics.expose().empty());
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const std::string text = metrics.expose();
  EXPECT_TRUE(has_line(text, "larder_commands_total{code=\"ok\",verb=\"order.place\"} 4000"));
  EXPECT_TRUE(has_line(text, "larder_refusals_total{reason=\"bad_json\"} 4000"));
  EXPECT_TRUE(has_line(text, "larder_events_total 4000"));
}

TEST(MetricsText, resident_memory_is_read_from_the_kernel) {
  EXPECT_GT(resident_bytes(), 1'000'000U);
  EXPECT_LT(resident_bytes(), 100'000'000'000U);
}

class FixedZone final : public ZoneRules {
 public:
  std::int64_t offset_seconds(std::int64_t) const override { return 0; }
};

class FixedAnnouncer final : public Announcer {
 public:
  void announce(const Announcement&) override {}
  std::string state() const override { return state_; }
  std::string state_ = "waiting";
};

TEST(OperatorTelemetryText, shows_the_gauges_of_the_hub_at_the_moment_of_asking) {
  const FixedZone zone;
  SystemClock clock(zone, 240);
  FixedAnnouncer announcer;
  Metrics metrics(kVerbs);
  OperatorTelemetry telemetry(metrics, clock, announcer);
  telemetry.command("ticket.bump", "ok");
  telemetry.group(3, 4, Duration{2'000});
  telemetry.refusal("bad_json");
  telemetry.refusal("slow_screen");
  telemetry.masked();
  metrics.set_disk_used(61);
  Telemetry::Gauges gauges;
  gauges.epoch = 3;
  gauges.seq = 44;
  gauges.open_orders = 5;
  gauges.in_flight = 6;
  gauges.losses = 2;
  gauges.sessions_by_role = {8, 2, 1, 0};
  gauges.sessions_unauthenticated = 9;
  const std::string text = telemetry.expose(gauges);
  for (const char* line :
       {"larder_commands_total{code=\"ok\",verb=\"ticket.bump\"} 1", "larder_epoch 3",
        "larder_seq 44", "larder_open_orders 5", "larder_in_flight_commands 6",
        "larder_sessions{role=\"kiosk\"} 8", "larder_sessions{role=\"kds\"} 2",
        "larder_sessions{role=\"till\"} 1", "larder_sessions{role=\"admin\"} 0",
        "larder_sessions{role=\"none\"} 9", "larder_mdns_up 0", "larder_clock_behind 0",
        "larder_clock_ahead 0", "larder_epochs_with_lost_events 2", "larder_events_total 4",
        "larder_refusals_total{reason=\"bad_json\"} 1", "larder_screen_cuts_total 1",
        "larder_card_numbers_masked_total 1", "larder_disk_used_percent 61"}) {
    EXPECT_TRUE(has_line(text, line)) << line << "\nis not in\n" << text;
  }
  announcer.state_ = "announced as Larder Hub - Sample store";
  EXPECT_TRUE(has_line(telemetry.expose(gauges), "larder_mdns_up 1"));
}

}  // namespace
}  // namespace larder::edge
