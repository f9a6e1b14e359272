// The real hub on a real full disk: a small tmpfs of this test's own, filled to the last byte.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <chrono>
#include <functional>
#include <set>
#include <thread>

#include "tests/tools/hub_process.hpp"
#include "tools/client/client.hpp"
#include "tools/client/fields.hpp"

namespace larder {
namespace {

namespace fs = std::filesystem;
constexpr const char* kSampleMenu = LARDER_SOURCE_DIR "/web/sample/menu.json";
constexpr const char* kOrder = R"({"service":"takeaway","lines":[{"sku":"cola","quantity":1}]})";

// Only this process and its children see the mount, and it goes away with them.
bool mount_small_disk(const fs::path& place) {
  fs::create_directory(place);
  return ::unshare(CLONE_NEWNS) == 0 &&
         ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
         ::mount("larder", place.c_str(), "tmpfs", 0, "size=160m,mode=0700") == 0;
}

void fill_up(const fs::path& file) {
  const int made = ::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  ASSERT_GE(made, 0);
  const std::string bytes(4'096, 'x');
  while (::write(made, bytes.data(), bytes.size()) > 0) {
  }
  ::close(made);
}

// A shop on a disk of 160 MB: a menu, a till and a kiosk that speak to the hub.
class SmallShop {
 public:
  bool open() {
    if (!hub.start() || hub.ctl({"menu", "import", kSampleMenu}).status != 0) return false;
    till_token_ = add("till-1", "till");
    kiosk_token_ = add("kiosk-1", "kiosk");
    connect();
    return true;
  }

  void connect() {
    till = client_of(till_token_);
    kiosk = client_of(kiosk_token_);
  }

  client::Reply place(const std::string& id) {
    client::Reply reply = kiosk->ask_command(id, "order.place", kOrder);
    if (reply.ok) accepted.insert(client::text_of(reply.result, "order"));
    return reply;
  }
  client::Reply at_till(const std::string& id, const std::string& verb, const std::string& order,
                        const std::string& more = "") {
    return till->ask_command(id, verb, R"({"order":")" + order + R"(")" + more + "}");
  }
  std::string storage() { return client::text_of(till->ask("hub.status", "{}").result, "storage"); }
  std::set<std::string> orders_in_books() {
    std::set<std::string> found;
    const client::Reply all = till->ask("order.list", R"({"open":false})");
    if (const Json* orders = all.result.find("orders")) {
      for (const Json& order : *orders->as<JsonArray>()) {
        found.insert(client::text_of(order, "order"));
      }
    }
    return found;
  }

  HubProcess hub;
  client::Network network;
  std::unique_ptr<client::Client> till, kiosk;
  std::set<std::string> accepted;

 private:
  std::string add(const std::string& id, const std::string& role) {
    const Ran ran = hub.ctl({"--json", "devices", "add", "--id", id, "--name", id, "--role", role});
    const Result<Json> device = parse_json(ran.out, client::kHubJson);
    return device ? client::text_of(*device, "token") : "";
  }
  std::unique_ptr<client::Client> client_of(const std::string& token) {
    client::ClientOptions options;
    options.port = hub.port();
    options.token = token;
    auto made = std::make_unique<client::Client>(network, options);
    made->start();
    EXPECT_TRUE(made->wait_ready());
    return made;
  }

  std::string till_token_, kiosk_token_;
};

bool within(std::chrono::seconds limit, const std::function<bool()>& holds) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return true;
}

// Orders until one is refused; its code.
std::string order_until_refused(SmallShop& shop, const std::string& prefix) {
  for (int i = 0; i < 1'000; ++i) {
    const client::Reply reply = shop.place(prefix + std::to_string(i));
    if (!reply.ok) return reply.code;
  }
  return "none";
}

TEST(FullDisk, case_93_open_orders_are_finished_and_new_ones_are_taken_again_when_there_is_room) {
  SmallShop shop;
  if (!mount_small_disk(shop.hub.data())) GTEST_SKIP() << "a tmpfs can only be mounted by root";
  ASSERT_TRUE(shop.open());
  const client::Reply open = shop.place("open");
  ASSERT_TRUE(open.ok) << open.message;
  const std::string order = client::text_of(open.result, "order");
  EXPECT_EQ(shop.storage(), "ok");

  const fs::path filler = shop.hub.data() / "filler";
  fill_up(filler);
  EXPECT_EQ(order_until_refused(shop, "fill-"), "storage_full");
  const client::Reply refused = shop.place("later");
  EXPECT_NE(refused.message.find("disk is full"), std::string::npos) << refused.message;
  EXPECT_EQ(shop.storage(), "full");
  EXPECT_FALSE(fs::exists(shop.hub.data() / "ballast"));

  const std::string payment = R"(,"payment":{"tender":"cash","amount":)" +
                              std::to_string(client::number_of(open.result, "total")) + "}";
  EXPECT_TRUE(shop.at_till("pay", "order.pay", order, payment).ok);
  const client::Reply bumped = shop.at_till("bump", "ticket.bump", order, R"(,"station":"bar")");
  EXPECT_TRUE(bumped.ok) << bumped.message;

  // A power cut in the middle of it.
  shop.hub.kill_hard();
  ASSERT_TRUE(shop.hub.start());
  shop.connect();
  EXPECT_EQ(shop.orders_in_books(), shop.accepted);
  EXPECT_EQ(shop.storage(), "full") << "it starts knowing it";
  EXPECT_EQ(shop.place("later").code, "storage_full");
  EXPECT_TRUE(shop.at_till("serve", "order.serve", order).ok);

  fs::remove(filler);
  EXPECT_TRUE(within(std::chrono::seconds(20), [&] { return shop.storage() == "ok"; }));
  EXPECT_TRUE(shop.place("later").ok) << "the same id, without a restart";
  EXPECT_TRUE(fs::exists(shop.hub.data() / "ballast"));
  EXPECT_EQ(shop.orders_in_books(), shop.accepted);
  EXPECT_EQ(shop.hub.stop(), 0);
  EXPECT_EQ(run_tool(shop.hub.home(), "larderctl", {"verify", shop.hub.data().string()}).status, 0);
}

TEST(FullDisk, case_93_with_the_ballast_used_up_the_hub_ends_with_74_and_has_lost_nothing) {
  SmallShop shop;
  if (!mount_small_disk(shop.hub.data())) GTEST_SKIP() << "a tmpfs can only be mounted by root";
  ASSERT_TRUE(shop.open());
  fill_up(shop.hub.data() / "filler");
  ASSERT_EQ(order_until_refused(shop, "fill-"), "storage_full");
  fill_up(shop.hub.data() / "more");
  const std::string order = *shop.accepted.begin();
  // The first of these is done, the others are refused: each answer is kept, until there is no
  // room.
  for (int i = 0; i < 1'000; ++i) {
    const auto reply = shop.till->ask_command("c-" + std::to_string(i), "order.cancel",
                                              R"({"order":")" + order + R"(","reason":"left"})",
                                              std::chrono::seconds(2));
    if (reply.text.empty()) break;  // no answer: it was not kept
    EXPECT_TRUE(reply.ok || reply.code == "bad_state") << reply.message;
  }
  EXPECT_EQ(shop.hub.stop(), 74);

  fs::remove(shop.hub.data() / "filler");
  fs::remove(shop.hub.data() / "more");
  ASSERT_TRUE(shop.hub.start());
  shop.connect();
  EXPECT_EQ(shop.orders_in_books(), shop.accepted);
  EXPECT_EQ(shop.storage(), "ok");
}

}  // namespace
}  // namespace larder
