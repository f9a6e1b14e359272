// The end of the server, and the loop it runs on.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <future>
#include <string>
#include <vector>

#include "tests/lan/lan_house.hpp"

namespace larder::edge {
namespace {

std::future<void> stop(LanHouse& house) {
  auto stopped = std::make_shared<std::promise<void>>();
  auto done = stopped->get_future();
  house.on_loop([&] { house.server().stop([stopped] { stopped->set_value(); }); });
  return done;
}

constexpr auto kLong = std::chrono::seconds(20);

TEST(Stop, screens_get_what_is_queued_and_1001) {
  LanHouse house;
  std::vector<RawClient> screens;
  for (int i = 0; i < 10; ++i) screens.push_back(house.screen());
  RawClient idle(house.port());
  ASSERT_EQ(idle.get("/healthz").status, 200);
  const auto frame = std::make_shared<const std::string>(std::string(100'000, 'q'));
  house.on_loop([&] { house.gate().publish(frame); });
  auto done = stop(house);
  for (RawClient& screen : screens) {
    EXPECT_TRUE(screen.hears(*frame));
    EXPECT_EQ(screen.close_code(), 1001);
    screen.send(client_frame(std::string("\x03\xe9", 2), {.opcode = 8}));
  }
  EXPECT_EQ(done.wait_for(kLong), std::future_status::ready);
  EXPECT_TRUE(idle.is_closed_within());
  EXPECT_EQ(house.connections(), 0U);
  EXPECT_EQ(house.gate().closed_count(), 10U);
  EXPECT_EQ(house.gate().closed_twice(), 0U);
  EXPECT_FALSE(RawClient(house.port()).send("GET / HTTP/1.1\r\n")) << "nobody listens";
}

TEST(Stop, does_not_wait_for_those_who_do_not_answer) {
  LanConfig config = LanHouse::quick();
  config.limits.drain = milliseconds(200);
  LanHouse house(config);
  RawClient mute = house.screen();
  RawClient sleeper = house.screen("127.0.0.1", 4096);
  sleeper.send_text("big 8000000");
  RawClient half(house.port());
  half.send("GET /hea");
  ASSERT_TRUE(house.wait_until([&house] { return house.connections() == 3; }));
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(stop(house).wait_for(kLong), std::future_status::ready);
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(5));
  EXPECT_EQ(house.gate().closed_count(), 2U);
}

TEST(Stop, without_connections_is_at_once) {
  LanHouse house;
  EXPECT_EQ(stop(house).wait_for(kLong), std::future_status::ready);
}

TEST(Stop, an_answer_under_way_is_finished) {
  LanHouse house(LanHouse::quick(), false);
  RawClient client(house.port());
  client.send(
      "POST /v1/menu HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer t\r\n"
      "Idempotency-Key: 1\r\nContent-Length: 4\r\n\r\nmenu");
  ASSERT_TRUE(house.wait_until([&house] { return house.gate().imports().size() == 1; }));
  auto done = stop(house);
  house.on_loop([&house] { house.gate().answer_imports(); });
  RawAnswer answer = client.answer();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.fields["connection"], "close");
  EXPECT_EQ(done.wait_for(kLong), std::future_status::ready);
}

TEST(Stop, a_server_destroyed_with_screens_closes_each_once) {
  FakeGate* gate = nullptr;
  std::vector<RawClient> screens;
  {
    LanHouse house;
    gate = &house.gate();
    for (int i = 0; i < 5; ++i) screens.push_back(house.screen());
    screens[0].send_text("big 8000000");
    house.on_loop([&house] { house.destroy_server(); });
    EXPECT_EQ(gate->closed_count(), 5U);
    EXPECT_EQ(gate->closed_twice(), 0U);
  }
  for (RawClient& screen : screens) EXPECT_TRUE(screen.is_closed_within());
}

TEST(Loop, ticks_until_the_ticker_is_dropped) {
  Loop loop;
  int ticks = 0;
  std::unique_ptr<Loop::Ticker> ticker;
  ticker = loop.every(Duration{1'000}, [&] {
    if (++ticks < 5) return;
    ticker.reset();  // inside its own tick
    loop.after(Duration{20'000}, [&loop] { loop.stop(); });
  });
  loop.run();
  EXPECT_EQ(ticks, 5);
}

TEST(Loop, runs_what_other_threads_post_in_order) {
  Loop loop;
  std::vector<int> seen;
  std::thread poster([&] {
    for (int i = 0; i < 1'000; ++i) loop.post([&seen, i] { seen.push_back(i); });
    loop.post([&loop] { loop.stop(); });
  });
  loop.run();
  poster.join();
  ASSERT_EQ(seen.size(), 1'000U);
  EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
}

TEST(Loop, tells_of_a_signal_each_time) {
  Loop loop;
  int heard = 0;
  loop.on_signals({SIGUSR2}, [&](int number) {
    EXPECT_EQ(number, SIGUSR2);
    if (++heard == 2) return loop.stop();
    ::kill(::getpid(), SIGUSR2);
  });
  loop.post([] { ::kill(::getpid(), SIGUSR2); });
  loop.run();
  EXPECT_EQ(heard, 2);
}

}  // namespace
}  // namespace larder::edge
