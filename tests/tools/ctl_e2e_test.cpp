// larderctl against the real hub, as an operator runs it.
#include <gtest/gtest.h>

#include <fstream>

#include "tests/tools/hub_process.hpp"
#include "tools/client/client.hpp"
#include "tools/client/fields.hpp"

namespace larder {
namespace {

constexpr const char* kSampleMenu = LARDER_SOURCE_DIR "/web/sample/menu.json";

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

Json json_of(const Ran& ran) {
  const Result<Json> json = parse_json(ran.out, client::kHubJson);
  EXPECT_TRUE(json.has_value()) << ran.out << ran.err;
  return json ? *json : Json();
}

TEST(Larderctl, runs_a_shop_from_the_first_menu_to_a_device) {
  HubProcess hub;
  ASSERT_TRUE(hub.start());
  Ran ran = hub.ctl({"menu", "import", kSampleMenu});
  ASSERT_EQ(ran.status, 0) << ran.err;
  EXPECT_TRUE(has(ran.out, "menu 1: 40 items")) << ran.out;

  ran = hub.ctl({"menu", "export", "--csv"});
  ASSERT_EQ(ran.status, 0) << ran.err;
  const auto csv = hub.write("menu.csv", ran.out);
  ran = hub.ctl({"menu", "import", csv.string()});
  EXPECT_EQ(ran.status, 0) << ran.err;
  EXPECT_TRUE(has(ran.out, "menu 2: 40 items")) << ran.out;

  EXPECT_TRUE(has(hub.ctl({"stock", "count", "cola", "12"}).out, "limited"));
  EXPECT_TRUE(has(hub.ctl({"stock", "86", "cola"}).out, "sold_out"));
  EXPECT_TRUE(has(hub.ctl({"stock", "back", "cola"}).out, "12.0"));
  EXPECT_TRUE(has(hub.ctl({"stock", "limit", "cola", "2.5"}).out, "2.5"));
  EXPECT_TRUE(has(hub.ctl({"stock", "unlimited", "cola"}).out, "unlimited"));

  const Json device = json_of(hub.ctl({"--json", "devices", "add", "--id", "kds-1", "--name",
                                       "Grill", "--role", "kds", "--station", "grill"}));
  const std::string token = client::text_of(device, "token");
  EXPECT_EQ(token.size(), 64U);
  EXPECT_EQ(client::text_of(device, "url"), "http://" + hub.address() + "/kds/#token=" + token);
  client::Network network;
  client::ClientOptions options;
  options.port = hub.port();
  options.token = token;
  options.reconnect = false;
  client::Client kds(network, options);
  kds.start();
  const Result<client::Hello> hello = kds.wait_ready();
  ASSERT_TRUE(hello.has_value()) << hello.error().message();
  EXPECT_EQ(hello->role, "kds");
  EXPECT_TRUE(has(hub.ctl({"status"}).out, "kds-1"));
  EXPECT_EQ(hub.ctl({"devices", "revoke", "kds-1"}).status, 0);
  EXPECT_TRUE(has(hub.ctl({"devices", "list"}).out, "revoked"));
  EXPECT_FALSE(has(hub.ctl({"--json", "devices", "list"}).out, token));
}

TEST(Larderctl, staff_come_and_go_and_their_pins_are_nowhere) {
  HubProcess hub;
  ASSERT_TRUE(hub.start());
  const std::vector<std::string> anna{"staff", "add",   "anna",         "--name",
                                      "Anna",  "--may", "discount,void"};
  for (const char* bad : {"", "12\n", "12a4\n", "123456789\n"}) {
    const Ran ran = hub.ctl_told(anna, bad);
    EXPECT_EQ(ran.status, 1) << bad;
    EXPECT_TRUE(has(ran.err, "4 to 8 digits")) << ran.err;
  }
  Ran ran = hub.ctl_told(anna, "470815\n");
  ASSERT_EQ(ran.status, 0) << ran.err;
  EXPECT_TRUE(has(hub.ctl({"staff", "list"}).out, "discount,void"));
  EXPECT_EQ(hub.ctl_told({"staff", "add", "x", "--name", "X", "--may", "fly"}, "4711\n").status,
            64);
  const std::string list = hub.ctl({"--json", "staff", "list"}).out;
  EXPECT_FALSE(has(list, "argon2id")) << list;
  std::ifstream log(hub.home() / "hub.log");
  const std::string said((std::istreambuf_iterator<char>(log)), std::istreambuf_iterator<char>());
  EXPECT_FALSE(has(said, "470815"));
  EXPECT_EQ(hub.ctl({"staff", "remove", "anna"}).status, 0);
  EXPECT_FALSE(has(hub.ctl({"staff", "list"}).out, "anna"));
  ran = hub.ctl({"staff", "remove", "anna"});
  EXPECT_TRUE(has(ran.err, "not_found")) << ran.err;
}

TEST(Larderctl, case_35_and_36_the_same_id_gets_the_same_bytes_and_no_other_body) {
  HubProcess hub;
  ASSERT_TRUE(hub.start());
  ASSERT_EQ(hub.ctl({"menu", "import", kSampleMenu}).status, 0);
  client::Network network;
  client::ClientOptions options;
  options.port = hub.port();
  options.token = hub.admin_token();
  const std::string args = R"({"sku":"cola","available":3.0})";
  std::string first;
  {
    client::Client admin(network, options);
    admin.start();
    ASSERT_TRUE(admin.wait_ready().has_value());
    first = admin.ask_command("same-id", "stock.count", args).text;
  }
  hub.kill_hard();
  ASSERT_TRUE(hub.start());
  client::Client admin(network, options);
  admin.start();
  ASSERT_TRUE(admin.wait_ready().has_value());
  EXPECT_EQ(admin.ask_command("same-id", "stock.count", args).text, first);
  EXPECT_FALSE(first.empty());
  const client::Reply other =
      admin.ask_command("same-id", "stock.count", R"({"sku":"cola","available":4.0})");
  EXPECT_EQ(other.code, "key_reuse");
}

TEST(Larderctl, says_in_one_sentence_what_went_wrong) {
  HubProcess hub;
  ASSERT_TRUE(hub.start());
  const auto wrong = hub.write("wrong.csv", "item,name_en,price,category\nsoup,Soup,5;90,hot\n");
  const struct {
    std::vector<std::string> words;
    int status;
    const char* sentence;
  } cases[] = {
      {{}, 64, "subcommand"},
      {{"stock", "count", "cola"}, 64, "quantity"},
      {{"devices", "add", "--id", "x", "--name", "X", "--role", "cook"}, 64, "--role"},
      {{"--no-such", "status"}, 64, "--no-such"},
      {{"stock", "count", "ghost", "1"}, 1, "(unknown_sku)"},
      {{"stock", "count", "cola", "1,5"}, 1, "'1,5' is no quantity"},
      {{"orders", "show", "20200101-0001"}, 1, "(not_found)"},
      {{"devices", "revoke", "ghost"}, 1, "(not_found)"},
      {{"menu", "import", wrong.string()}, 1, "wrong.csv:2: '5;90' is no price"},
      {{"menu", "import", "/no/such/file"}, 1, "cannot read /no/such/file"},
      {{"--token", "0000", "status"}, 1, "(unauthorized)"},
      {{"--hub", "nowhere:x", "status"}, 1, "is no address of a hub"},
      {{"--hub", "127.0.0.1:1", "status"}, 1, "(unavailable)"},
      {{"--token", "0000", "menu", "import", kSampleMenu}, 1, "(unauthorized)"},
      {{"verify", "/no/such/store"}, 1, "(not_found)"},
      {{"verify", hub.data().string()}, 1, "(locked)"},
      {{"--data", hub.data().string(), "restore", "/no/such/backup"}, 1, "larderctl: "},
  };
  for (const auto& one : cases) {
    const Ran ran = hub.ctl(one.words);
    EXPECT_EQ(ran.status, one.status) << one.sentence << ": " << ran.err;
    EXPECT_TRUE(has(ran.err, one.sentence)) << ran.err;
  }
  EXPECT_FALSE(has(hub.ctl({"status"}).out, "menu          version 1")) << "nothing was imported";
}

TEST(Larderctl, help_tells_the_columns_of_a_csv) {
  HubProcess hub;
  const Ran ran = run_tool(hub.home(), "larderctl", {"menu", "import", "--help"});
  EXPECT_EQ(ran.status, 0);
  EXPECT_TRUE(has(ran.out, "category,item,sku,name_en"));
}

}  // namespace
}  // namespace larder
