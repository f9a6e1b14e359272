// The real hub process and what a bad network does to it: crowds that never speak, heads that drip,
// everybody at once, tokens that are none.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <mutex>
#include <vector>

#include "tests/support/raw_client.hpp"
#include "tests/tools/crowded_shop.hpp"
#include "tools/client/fields.hpp"

namespace larder {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

milliseconds since(steady_clock::time_point began) {
  return std::chrono::duration_cast<milliseconds>(steady_clock::now() - began);
}

// 280 sockets that never say a word and 20 that drip a head, a byte for every order.
TEST(BadNetwork, case_2_and_3_a_kiosk_orders_among_300_sockets_that_idle_and_drip) {
  CrowdedShop shop;
  ASSERT_TRUE(shop.open());
  const auto kiosk = shop.join(shop.add_device("kiosk-1", "kiosk"));
  ASSERT_TRUE(kiosk->wait_ready());
  const std::string late_comer = shop.add_device("kiosk-2", "kiosk");
  std::vector<RawClient> idle, dripping;
  for (int i = 0; i < 280; ++i) idle.emplace_back(shop.hub.port(), "127.0.0.2");
  for (int i = 0; i < 20; ++i) dripping.emplace_back(shop.hub.port(), "127.0.0.3");
  const auto began = steady_clock::now();
  const std::string head = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: ";
  milliseconds slowest{0};
  for (std::size_t i = 0; i < 100; ++i) {
    for (RawClient& client : dripping) client.send(i < head.size() ? head.substr(i, 1) : "x");
    const auto sent = steady_clock::now();
    const client::Reply reply =
        kiosk->ask_command("o" + std::to_string(i), "order.place", kColaOrder);
    ASSERT_TRUE(reply.ok) << reply.code << ": " << reply.message;
    slowest = std::max(slowest, since(sent));
  }
  EXPECT_LT(slowest.count(), 1'000);
  const auto comes_late = shop.join(late_comer);
  EXPECT_TRUE(comes_late->wait_ready(seconds(5))) << "a device gets in among the crowd";
  // With the limits that the hub ships: nobody who only sits there stays for long.
  for (RawClient& client : idle) ASSERT_TRUE(client.is_closed_within(seconds(15)));
  for (RawClient& client : dripping) ASSERT_TRUE(client.is_closed_within(seconds(15)));
  EXPECT_LT(since(began).count(), 20'000);
  EXPECT_GT(shop.metric(R"(larder_refusals_total{reason="too_many_connections"})"), 100);
  EXPECT_EQ(shop.orders_in_books(), 100U);
}

// A hub that was away has 200 screens at its door at once.
TEST(BadNetwork, case_18_two_hundred_kiosks_are_back_within_seconds_of_a_restart) {
  CrowdedShop shop;
  ASSERT_TRUE(shop.open());
  constexpr std::size_t kKiosks = 200;
  std::vector<std::unique_ptr<client::Client>> kiosks;
  std::mutex mutex;
  std::vector<steady_clock::time_point> came_back;  // under the mutex
  std::atomic<bool> is_second_run = false;
  for (std::size_t i = 0; i < kKiosks; ++i) {
    client::ClientOptions options;
    options.port = shop.hub.port();
    options.token = shop.add_device("kiosk-" + std::to_string(i), "kiosk");
    kiosks.push_back(std::make_unique<client::Client>(shop.network, options));
    kiosks.back()->on_link([&](client::Link link, const std::string&) {
      if (link != client::Link::Live || !is_second_run) return;
      const std::lock_guard lock(mutex);
      came_back.push_back(steady_clock::now());
    });
    kiosks.back()->start();
  }
  const auto views = [&] {
    std::size_t count = 0;
    for (const auto& kiosk : kiosks) {
      const client::Counters counters = kiosk->counters();
      count += counters.snapshots + counters.resumes;
    }
    return count;
  };
  for (const auto& kiosk : kiosks) kiosk->subscribe("menu", {});
  ASSERT_TRUE(eventually(seconds(30), [&] { return views() == kKiosks; }));
  is_second_run = true;
  shop.hub.kill_hard();
  ASSERT_TRUE(shop.hub.start());
  const auto up = steady_clock::now();
  ASSERT_TRUE(eventually(seconds(30), [&] { return views() == 2 * kKiosks; }));
  const milliseconds all_back = since(up);
  RecordProperty("all_back_ms", static_cast<int>(all_back.count()));
  EXPECT_LE(all_back.count(), 5'000);
  const std::lock_guard lock(mutex);
  ASSERT_GE(came_back.size(), kKiosks);
  const auto [first, last] = std::minmax_element(came_back.begin(), came_back.end());
  EXPECT_GT(*last - *first, milliseconds(50)) << "spread by jitter, not all in one moment";
  // The rush itself keeps nobody from ordering.
  const client::Reply reply = kiosks.front()->ask_command("after", "order.place", kColaOrder);
  EXPECT_TRUE(reply.ok) << reply.code << ": " << reply.message;
}

TEST(BadNetwork, case_19_a_device_that_connects_twice_keeps_one_order_and_the_newest_connection) {
  CrowdedShop shop;
  ASSERT_TRUE(shop.open());
  const std::string token = shop.add_device("kiosk-1", "kiosk");
  const auto first = shop.join(token);
  ASSERT_TRUE(first->wait_ready());
  std::promise<std::string> stopped;
  first->on_link([&](client::Link link, const std::string& why) {
    if (link == client::Link::Stopped) stopped.set_value(why);
  });
  // On its way while the other one connects: answered or cut off, done once.
  std::promise<client::Reply> early;
  first->command("same", "order.place", kColaOrder,
                 [&](const client::Reply& reply) { early.set_value(reply); });
  const auto second = shop.join(token);
  ASSERT_TRUE(second->wait_ready());
  const client::Reply late = second->ask_command("same", "order.place", kColaOrder);
  ASSERT_TRUE(late.ok) << late.code << ": " << late.message;
  auto why = stopped.get_future();
  ASSERT_EQ(why.wait_for(seconds(20)), std::future_status::ready);
  EXPECT_NE(why.get().find("4001"), std::string::npos);
  const client::Reply early_reply = early.get_future().get();
  if (early_reply.ok) {
    EXPECT_EQ(early_reply.text, late.text) << "the same id, the same bytes";
  }
  EXPECT_EQ(shop.orders_in_books(), 1U);
}

// A token names nobody until it is right, so there is nobody to be slowed down but the connection:
// wrong ones are closed one by one, and those who have a good one are not made to pay for them.
TEST(BadNetwork, case_20_wrong_tokens_are_turned_away_and_good_ones_from_there_get_in) {
  CrowdedShop shop, other_shop;
  ASSERT_TRUE(shop.open() && other_shop.open());
  const std::string good = shop.add_device("kiosk-1", "kiosk");
  const std::string forged = std::string(64, 'a');
  std::vector<std::string> wrong = {forged, good + "0", good.substr(1),
                                    other_shop.add_device("kiosk-1", "kiosk"),
                                    other_shop.hub.admin_token()};
  while (wrong.size() < 30) wrong.push_back(client::new_token());
  for (const std::string& token : wrong) {
    RawClient stranger(shop.hub.port());
    ASSERT_EQ(stranger.upgrade(), 101);
    stranger.send_text(R"({"type":"auth","token":")" + token + R"("})");
    ASSERT_EQ(stranger.close_code(), 4401) << token.size();
  }
  EXPECT_EQ(shop.metric(R"(larder_refusals_total{reason="unauthorized"})"), 30);
  const auto kiosk = shop.join(good);
  EXPECT_TRUE(kiosk->wait_ready(seconds(2)));
  EXPECT_TRUE(kiosk->ask_command("o", "order.place", kColaOrder).ok);
}

TEST(BadNetwork, case_21_a_device_revoked_while_it_is_connected_is_closed_within_a_second) {
  CrowdedShop shop;
  ASSERT_TRUE(shop.open());
  const std::string token = shop.add_device("kiosk-1", "kiosk");
  const auto kiosk = shop.join(token);
  ASSERT_TRUE(kiosk->wait_ready());
  std::promise<std::string> stopped;
  kiosk->on_link([&](client::Link link, const std::string& why) {
    if (link == client::Link::Stopped) stopped.set_value(why);
  });
  ASSERT_TRUE(shop.admin->ask_command("r", "device.revoke", R"({"device":"kiosk-1"})").ok);
  auto why = stopped.get_future();
  ASSERT_EQ(why.wait_for(seconds(1)), std::future_status::ready);
  EXPECT_NE(why.get().find("4403"), std::string::npos);
  const auto again = shop.join(token);
  const auto refused = again->wait_ready(seconds(5));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Code::Unauthorized);
}

}  // namespace
}  // namespace larder
