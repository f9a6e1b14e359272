// larder-replay against the real hub: a good day, a bad file, a hub that is killed.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

#include "tests/tools/hub_process.hpp"
#include "tools/client/fields.hpp"
#include "tools/client/http.hpp"
#include "tools/larderctl/connection.hpp"

namespace larder {
namespace {

using client::number_of;

constexpr const char* kSampleMenu = LARDER_SOURCE_DIR "/web/sample/menu.json";

std::string last_line(const std::string& text) {
  const auto end = text.find_last_not_of('\n');
  if (end == std::string::npos) return {};
  const auto begin = text.rfind('\n', end);
  return text.substr(begin == std::string::npos ? 0 : begin + 1, end - begin);
}

std::string trimmed(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

std::string sample(const HubProcess& hub, int orders) {
  const Ran ran = run_tool(hub.home(), "larder-replay",
                           {"sample", "--orders", std::to_string(orders), "--menu", kSampleMenu});
  EXPECT_EQ(ran.status, 0) << ran.err;
  return ran.out;
}

Json report_of(const std::filesystem::path& file) {
  const Result<std::string> text = ctl::read_file(file.string());
  EXPECT_TRUE(text.has_value());
  const Result<Json> json = parse_json(text ? *text : "", client::kHubJson);
  EXPECT_TRUE(json.has_value());
  return json ? *json : Json();
}

Seq head_of(const HubProcess& hub) {
  client::HttpRequest request;
  request.host = "127.0.0.1";
  request.port = hub.port();
  const auto health = client::ask_http(request);
  const Result<Json> json = parse_json(health ? health->body : "");
  return json ? static_cast<Seq>(number_of(*json, "seq")) : 0;
}

TEST(Replay, a_day_paid_by_card_has_no_differences) {
  HubProcess hub;
  ASSERT_TRUE(hub.start());
  const auto orders = hub.write("day.tsv", sample(hub, 120));
  const auto report = hub.home() / "report.json";
  const Ran ran =
      hub.replay("play", {"--orders", orders.string(), "--kiosks", "4", "--kds", "2", "--screens",
                          "3", "--with-menu", kSampleMenu, "--report", report.string()});
  EXPECT_EQ(ran.status, 0) << ran.out << ran.err;
  EXPECT_NE(trimmed(last_line(ran.out)).find("120 orders, "), std::string::npos) << ran.out;
  EXPECT_NE(trimmed(last_line(ran.out)).find(", 0 differences"), std::string::npos) << ran.out;
  const Json json = report_of(report);
  EXPECT_EQ(number_of(json, "acknowledged"), 120);
  EXPECT_EQ(number_of(*json.find("kitchen_ms"), "count"), 120);
  EXPECT_GT(number_of(*json.find("screens"), "event_frames"), 0);
}

TEST(Replay, a_day_paid_at_the_counter_is_cooked_and_served) {
  HubProcess hub;
  ASSERT_TRUE(hub.start());
  const auto orders = hub.write("day.tsv", sample(hub, 40));
  const Ran ran = hub.replay("play", {"--orders", orders.string(), "--kiosks", "2", "--pay",
                                      "counter", "--finish", "--with-menu", kSampleMenu});
  EXPECT_EQ(ran.status, 0) << ran.out << ran.err;
  const Ran open = hub.ctl({"orders", "list"});
  EXPECT_EQ(std::count(open.out.begin(), open.out.end(), '\n'), 1) << "all served:\n" << open.out;
}

TEST(Replay, a_wrong_price_is_a_difference_with_its_order) {
  HubProcess hub;
  ASSERT_TRUE(hub.start());
  const auto orders = hub.write("day.tsv",
                                "order_id\tquantity\titem_name\tchoice_description\titem_price\t"
                                "sku\tchoices\n41\t1\tCola\tNULL\t$0.01\tcola\t\n"
                                "42\t1\tGhost\tNULL\t$1.00\tghost\t\n");
  const Ran ran = hub.replay(
      "play", {"--orders", orders.string(), "--kiosks", "1", "--with-menu", kSampleMenu});
  EXPECT_EQ(ran.status, 1);
  EXPECT_NE(ran.out.find("order 41 was refused"), std::string::npos) << ran.out;
  EXPECT_NE(ran.out.find("order 42 was refused"), std::string::npos) << ran.out;
  EXPECT_EQ(trimmed(last_line(ran.out)), "2 orders, 2 lines, total 1.01, 2 differences");
}

TEST(Replay, nothing_is_lost_or_doubled_when_the_hub_is_killed) {
  HubProcess hub;
  ASSERT_TRUE(hub.start());
  const auto orders = hub.write("day.tsv", sample(hub, 400));
  const auto report = hub.home() / "report.json";
  ASSERT_EQ(hub.ctl({"menu", "import", kSampleMenu}).status, 0);
  RunningTool replay(
      hub.home(), "larder-replay",
      {"play", "--hub", hub.address(), "--admin-token-file", hub.token_file().string(), "--orders",
       orders.string(), "--kiosks", "4", "--through-crashes", "--report", report.string()});
  Seq killed_at = head_of(hub);
  for (int crash = 0; crash < 3; ++crash) {
    const Seq wanted = killed_at + 60;
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (head_of(hub) < wanted && std::chrono::steady_clock::now() < deadline) {
    }
    killed_at = head_of(hub);
    ASSERT_GE(killed_at, wanted) << "the day did not go on";
    hub.kill_hard();
    ASSERT_TRUE(hub.start());
  }
  const Ran ran = replay.wait();
  EXPECT_EQ(ran.status, 0) << ran.out << ran.err;
  const Json json = report_of(report);
  EXPECT_EQ(number_of(json, "acknowledged"), 400);
  // One that was still waiting when the next crash came has missed a life of the hub.
  EXPECT_GE(number_of(*json.find("kiosks"), "connects"), 4 * 2) << "every kiosk came back";
  EXPECT_GE(number_of(*json.find("kitchen"), "connects"), 2);
  const Json& kitchen = *json.find("kitchen");
  EXPECT_GE(number_of(kitchen, "resumes") + number_of(kitchen, "snapshots"), 2);
}

TEST(Replay, without_through_crashes_a_lost_hub_is_a_failure) {
  HubProcess hub;
  ASSERT_TRUE(hub.start());
  const auto orders = hub.write("day.tsv", sample(hub, 2'000));
  ASSERT_EQ(hub.ctl({"menu", "import", kSampleMenu}).status, 0);
  RunningTool replay(hub.home(), "larder-replay",
                     {"play", "--hub", hub.address(), "--admin-token-file",
                      hub.token_file().string(), "--orders", orders.string(), "--kiosks", "2"});
  const Seq wanted = head_of(hub) + 60;
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (head_of(hub) < wanted && std::chrono::steady_clock::now() < deadline) {
  }
  hub.kill_hard();
  EXPECT_EQ(replay.wait().status, 1);
}

TEST(Replay, measures_from_the_kiosk_to_the_kitchen_screen) {
  HubProcess hub;
  ASSERT_TRUE(hub.start());
  ASSERT_EQ(hub.ctl({"menu", "import", kSampleMenu}).status, 0);
  const auto report = hub.home() / "report.json";
  const Ran ran = hub.replay(
      "latency", {"--rate", "40", "--seconds", "2", "--screens", "5", "--report", report.string()});
  EXPECT_EQ(ran.status, 0) << ran.out << ran.err;
  const Json json = report_of(report);
  EXPECT_EQ(number_of(*json.find("kitchen_ms"), "count"), 80);
  EXPECT_EQ(number_of(*json.find("screens"), "connects"), 4);
}

TEST(Replay, refuses_a_broken_file_and_a_wrong_command_line) {
  HubProcess hub;
  const auto broken = hub.write("day.tsv",
                                "order_id\tquantity\titem_name\tchoice_description\titem_price\n"
                                "1\tone\tSoup\tNULL\t$5.90\n");
  Ran ran = run_tool(hub.home(), "larder-replay", {"menu", "--orders", broken.string()});
  EXPECT_EQ(ran.status, 1);
  EXPECT_NE(ran.err.find("day.tsv:2: 'one' is no quantity"), std::string::npos) << ran.err;
  for (const std::vector<std::string>& words : {std::vector<std::string>{"play"},
                                                {"dance"},
                                                {"--orders", "x", "--kiosks", "0"},
                                                {"--orders", "x", "--pay", "gold"}}) {
    ran = run_tool(hub.home(), "larder-replay", words);
    EXPECT_EQ(ran.status, 64) << ran.err;
  }
}

}  // namespace
}  // namespace larder
