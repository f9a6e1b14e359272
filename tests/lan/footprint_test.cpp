// What a hundred screens cost. The promise of the whole hub is checked by its claim; here is the
// LAN room's part, with room to spare for a loaded machine.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <fstream>
#include <string>
#include <vector>

#include "tests/lan/lan_house.hpp"

namespace larder::edge {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kMeasurable = false;
#else
constexpr bool kMeasurable = true;
#endif

std::size_t resident_kib() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) return std::stoul(line.substr(6));
  }
  return 0;
}

std::chrono::microseconds cpu_time() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto of = [](const timeval& time) {
    return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
  };
  return of(usage.ru_utime) + of(usage.ru_stime);
}

TEST(Footprint, a_hundred_idle_screens_cost_little_memory_and_no_time) {
  if (!kMeasurable) GTEST_SKIP() << "a sanitizer's own memory and time would be measured";
  LanConfig config = LanHouse::quick();
  config.limits.sweep_every = LanLimits().sweep_every;
  LanHouse house(config);
  house.screen();
  const std::size_t before = resident_kib();
  std::vector<RawClient> screens;
  for (int i = 0; i < 100; ++i) screens.push_back(house.screen());
  EXPECT_LT(resident_kib() - before, 8U * 1024) << "KiB for a hundred screens";

  const auto cpu_before = cpu_time();
  const auto began = std::chrono::steady_clock::now();
  screens[0].fill(milliseconds(2'000));  // nothing comes
  const auto wall = std::chrono::steady_clock::now() - began;
  EXPECT_LT(cpu_time() - cpu_before, wall / 100);
}

TEST(Footprint, frames_to_twenty_screens_are_cheap) {
  if (!kMeasurable) GTEST_SKIP() << "a sanitizer's own memory and time would be measured";
  LanHouse house;
  std::vector<RawClient> screens;
  for (int i = 0; i < 20; ++i) screens.push_back(house.screen());
  const auto frame = std::make_shared<const std::string>(std::string(600, 'e'));
  const auto last = std::make_shared<const std::string>("last");
  constexpr int kFrames = 600;
  // A second of a very busy day: the thread's own time, so that other programs do not count.
  const auto thread_time = [&house] {
    timespec time{};
    house.on_loop([&time] { ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time); });
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
  };
  const auto before = thread_time();
  for (int i = 0; i < kFrames; ++i) house.on_loop([&] { house.gate().publish(frame); });
  house.on_loop([&] { house.gate().publish(last); });
  for (RawClient& screen : screens) EXPECT_TRUE(screen.hears("last"));
  const auto spent = thread_time() - before;
  RecordProperty(
      "microseconds_per_frame",
      static_cast<int>(std::chrono::duration_cast<std::chrono::microseconds>(spent).count() /
                       (kFrames * 20)));
  EXPECT_LT(spent, std::chrono::seconds(1)) << "12,000 frames are a second's worth";
  std::printf("%.1f us a frame\n",
              std::chrono::duration<double, std::micro>(spent).count() / (kFrames * 20));
}

}  // namespace
}  // namespace larder::edge
