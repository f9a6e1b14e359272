// The real hub process in the middle of things: told to stop, stopped by a signal, killed. What it
// acknowledged is in the books, what is asked again is done once.
#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <future>
#include <mutex>
#include <set>

#include "tests/tools/crowded_shop.hpp"
#include "tools/client/fields.hpp"

namespace larder {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

std::string id_of(int i) { return "o" + std::to_string(i); }

TEST(BadHour, case_124_told_to_stop_in_the_middle_it_drains_within_two_seconds_and_loses_nothing) {
  CrowdedShop shop;
  ASSERT_TRUE(shop.open());
  constexpr int kOrders = 300;
  const auto kiosk = shop.join(shop.add_device("kiosk-1", "kiosk"));
  ASSERT_TRUE(kiosk->wait_ready());
  std::mutex mutex;
  std::set<std::string> acknowledged;  // under the mutex
  std::atomic<int> answered = 0;
  for (int i = 0; i < kOrders; ++i) {
    kiosk->command(id_of(i), "order.place", kColaOrder, [&, i](const client::Reply& reply) {
      ++answered;
      const std::lock_guard lock(mutex);
      if (reply.ok) acknowledged.insert(id_of(i));
    });
  }
  ASSERT_TRUE(eventually(seconds(20), [&] { return answered > kOrders / 10; }));
  const auto told = steady_clock::now();
  EXPECT_EQ(shop.hub.stop(), 0);
  // Two seconds for what is queued, and as much for a machine that has other things to do.
  EXPECT_LT(steady_clock::now() - told, seconds(4));
  std::size_t before = 0;
  {
    const std::lock_guard lock(mutex);
    before = acknowledged.size();
  }
  ASSERT_TRUE(shop.hub.start());
  // The client asks again for what was not answered; each order is there once.
  ASSERT_TRUE(eventually(seconds(30), [&] { return answered == kOrders; }));
  EXPECT_GE(before, 1U);
  EXPECT_EQ(acknowledged.size(), static_cast<std::size_t>(kOrders));
  EXPECT_EQ(shop.orders_in_books(), static_cast<std::size_t>(kOrders));
  const client::Reply next = kiosk->ask_command("last", "order.place", kColaOrder);
  EXPECT_EQ(client::number_of(next.result, "number"), kOrders + 1) << "none was lost or doubled";
}

// A machine that was suspended, a debugger, a person with `kill -STOP`.
TEST(BadHour, case_124_a_process_that_was_stopped_for_long_goes_on_and_its_screens_are_back) {
  CrowdedShop shop;
  ASSERT_TRUE(shop.open());
  client::ClientOptions options;
  options.dead_after = milliseconds(2'000);
  const auto kiosk = shop.join(shop.add_device("kiosk-1", "kiosk"), options);
  ASSERT_TRUE(kiosk->wait_ready());
  ASSERT_TRUE(kiosk->ask_command("a", "order.place", kColaOrder).ok);
  shop.hub.send_signal(SIGSTOP);
  std::promise<client::Reply> answered;
  kiosk->command("b", "order.place", kColaOrder,
                 [&](const client::Reply& reply) { answered.set_value(reply); });
  // Long enough that the screen gives the connection up.
  client::Counters before = kiosk->counters();
  auto reply = answered.get_future();
  EXPECT_EQ(reply.wait_for(seconds(5)), std::future_status::timeout);
  shop.hub.send_signal(SIGCONT);
  ASSERT_EQ(reply.wait_for(seconds(20)), std::future_status::ready);
  EXPECT_TRUE(reply.get().ok);
  EXPECT_GT(kiosk->counters().connects, before.connects);
  EXPECT_EQ(shop.orders_in_books(), 2U);
  EXPECT_EQ(shop.hub.stop(), 0);
}

}  // namespace
}  // namespace larder
