// verify and restore on the files that a real hub leaves behind.
#include <gtest/gtest.h>

#include <fstream>

#include "tests/tools/crowded_shop.hpp"
#include "tests/tools/hub_process.hpp"
#include "tools/client/fields.hpp"

namespace larder {
namespace {

namespace fs = std::filesystem;
using client::number_of;
using client::text_of;

constexpr const char* kSampleMenu = LARDER_SOURCE_DIR "/web/sample/menu.json";

Json json_of(const Ran& ran) {
  const Result<Json> json = parse_json(ran.out.substr(0, ran.out.find('\n')), client::kHubJson);
  EXPECT_TRUE(json.has_value()) << ran.out << ran.err;
  return json ? *json : Json();
}

TEST(Offline, verify_finds_the_state_that_the_hub_had) {
  HubProcess hub;
  ASSERT_TRUE(hub.start());
  ASSERT_EQ(hub.ctl({"menu", "import", kSampleMenu}).status, 0);
  ASSERT_EQ(hub.ctl({"stock", "count", "cola", "12"}).status, 0);
  const Json status = json_of(hub.ctl({"--json", "status"}));
  ASSERT_EQ(hub.stop(), 0);
  const Ran ran = hub.ctl({"--json", "verify", hub.data().string()});
  EXPECT_EQ(ran.status, 0) << ran.err;
  const Json verified = json_of(ran);
  EXPECT_EQ(text_of(verified, "state_hash"), text_of(status, "state_hash"));
  EXPECT_EQ(text_of(verified, "head_hash"), text_of(status, "head_hash"));
  EXPECT_EQ(number_of(verified, "seq"), number_of(status, "seq"));
  EXPECT_GE(number_of(verified, "snapshots"), 1) << "a clean stop keeps one, and it agreed";
}

TEST(Offline, a_changed_byte_in_a_backup_is_found) {
  HubProcess hub;
  ASSERT_TRUE(hub.start());
  ASSERT_EQ(hub.ctl({"menu", "import", kSampleMenu}).status, 0);
  const Json taken = json_of(hub.ctl({"--json", "backup", "--name", "before"}));
  const fs::path backup = text_of(taken, "file");
  ASSERT_EQ(run_tool(hub.home(), "larderctl", {"verify", backup.string()}).status, 0);

  std::fstream file(backup, std::ios::in | std::ios::out | std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const auto at = bytes.find("Jasmine rice");
  ASSERT_NE(at, std::string::npos);
  file.clear();
  file.seekp(static_cast<std::streamoff>(at));
  file.put('j');
  file.close();
  const Ran ran = run_tool(hub.home(), "larderctl", {"verify", backup.string()});
  EXPECT_EQ(ran.status, 1);
  EXPECT_NE(ran.err.find("chain breaks"), std::string::npos) << ran.err;
  EXPECT_NE(ran.err.find("(corrupt)"), std::string::npos) << ran.err;
}

TEST(Offline, case_120_a_restored_backup_sells_nothing_until_a_person_lets_it) {
  HubProcess hub;
  ASSERT_TRUE(hub.start());
  ASSERT_EQ(hub.ctl({"menu", "import", kSampleMenu}).status, 0);
  ASSERT_EQ(hub.ctl({"stock", "count", "cola", "12"}).status, 0);
  const Json taken = json_of(hub.ctl({"--json", "backup"}));
  ASSERT_EQ(hub.ctl({"stock", "count", "cola", "3"}).status, 0);
  const std::vector<std::string> restore = {"--data", hub.data().string(), "restore",
                                            text_of(taken, "file"), "--force-filesystem"};
  EXPECT_NE(run_tool(hub.home(), "larderctl", restore).err.find("(locked)"), std::string::npos);
  ASSERT_EQ(hub.stop(), 0);
  EXPECT_EQ(run_tool(hub.home(), "larderctl", restore).status, 1) << "a store is there";
  std::vector<std::string> replace = restore;
  replace.emplace_back("--replace");
  const Ran ran = run_tool(hub.home(), "larderctl", replace);
  ASSERT_EQ(ran.status, 0) << ran.err;
  EXPECT_NE(ran.out.find("and then begins a new epoch"), std::string::npos) << ran.out;
  ASSERT_TRUE(hub.start());
  EXPECT_EQ(number_of(json_of(hub.ctl({"--json", "status"})), "epoch"), 1);
  EXPECT_NE(hub.ctl({"status"}).out.find("IN RECOVERY"), std::string::npos);
  EXPECT_NE(hub.ctl({"stock", "count", "cola", "9"}).err.find("(in_recovery)"), std::string::npos);
  EXPECT_NE(hub.ctl({"stock", "list"}).out.find("12.0"), std::string::npos) << "reads work";
  EXPECT_EQ(hub.ctl({"accept", "nobody to ask"}).status, 0);
  EXPECT_EQ(number_of(json_of(hub.ctl({"--json", "status"})), "epoch"), 2);
  EXPECT_EQ(hub.ctl({"stock", "count", "cola", "9"}).status, 0);
  EXPECT_EQ(hub.ctl({"accept", "again"}).status, 1) << "it is not in recovery";
}

TEST(Offline, case_120_a_person_may_say_beforehand_that_it_is_to_begin_at_once) {
  HubProcess hub;
  ASSERT_TRUE(hub.start());
  const Json taken = json_of(hub.ctl({"--json", "backup"}));
  const std::string data = hub.data().string();
  for (std::int64_t epoch = 2; epoch < 4; ++epoch) {
    ASSERT_EQ(hub.stop(), 0);
    std::vector<std::string> restore = {
        "--data", data, "restore", text_of(taken, "file"), "--force-filesystem", "--replace"};
    if (epoch == 2) restore.insert(restore.end(), {"--accept", "nobody to ask"});
    const Ran ran = run_tool(hub.home(), "larderctl", restore);
    ASSERT_EQ(ran.status, 0) << ran.err;
    if (epoch == 3) {
      ASSERT_EQ(run_tool(hub.home(), "larderctl", {"--data", data, "accept", "--off", "as before"})
                    .status,
                0);
    }
    ASSERT_TRUE(hub.start());
    EXPECT_EQ(number_of(json_of(hub.ctl({"--json", "status"})), "epoch"), epoch);
    // Obeyed once the new epoch is on disk, which the hub looks for at its next tick.
    EXPECT_TRUE(eventually(std::chrono::seconds(20), [&] {
      return !std::filesystem::exists(hub.data() / "recovery.accepted");
    }));
  }
}

TEST(Offline, a_takeover_needs_a_code_of_hq_and_an_empty_place) {
  HubProcess hub;
  ASSERT_TRUE(hub.start());
  const std::string data = hub.data().string();
  const std::vector<std::string> takeover = {"--data", data,       "takeover", "--force-filesystem",
                                             "--code", "ABCD2345", "--replace"};
  EXPECT_NE(run_tool(hub.home(), "larderctl", takeover).err.find("(locked)"), std::string::npos);
  ASSERT_EQ(hub.stop(), 0);
  EXPECT_EQ(
      run_tool(hub.home(), "larderctl", {"--data", data, "takeover", "--code", "short"}).status, 1);
  const Ran ran = run_tool(hub.home(), "larderctl", takeover);
  ASSERT_EQ(ran.status, 0) << ran.err;
  EXPECT_TRUE(std::filesystem::exists(hub.data() / "takeover.code"));
  EXPECT_TRUE(std::filesystem::exists(hub.data() / "replaced-1"));
  EXPECT_FALSE(hub.start()) << "without an uplink there is nobody to fetch it from";
}

}  // namespace
}  // namespace larder
