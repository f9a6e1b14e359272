// The disk that fills up, and when the operator hears of it.
#include "edge/ops/disk_watch.hpp"

#include <gtest/gtest.h>

namespace larder::edge {
namespace {

// A disk of the test's own, looked at a minute later each time.
struct Disk {
  int used = 0;
  DiskWatch watch{[this]() -> std::optional<int> { return used; }};
  Duration steady;
  std::string at(int percent) {
    used = percent;
    steady = steady + Duration::minutes(1);
    return watch.tick(steady).value_or("");
  }
};

TEST(DiskWatch, case_60_a_disk_that_fills_up_is_an_alarm_at_60_and_at_80_percent) {
  Disk disk;
  EXPECT_EQ(disk.at(59), "");
  EXPECT_NE(disk.at(60).find("60 % full"), std::string::npos);
  EXPECT_EQ(disk.at(61), "") << "said once";
  EXPECT_EQ(disk.at(79), "");
  EXPECT_NE(disk.at(83).find("83 % full"), std::string::npos);
  EXPECT_EQ(disk.at(99), "");
  EXPECT_EQ(disk.watch.used_percent(), 99);
}

TEST(DiskWatch, a_disk_on_the_mark_is_not_said_again_and_again) {
  Disk disk;
  EXPECT_NE(disk.at(80), "");
  EXPECT_EQ(disk.at(79), "");
  EXPECT_EQ(disk.at(80), "");
  EXPECT_EQ(disk.at(30), "") << "somebody has made room";
  EXPECT_NE(disk.at(80), "");
}

TEST(DiskWatch, looks_once_a_minute_and_at_once_at_the_start) {
  int looks = 0;
  DiskWatch watch([&looks]() -> std::optional<int> {
    ++looks;
    return std::nullopt;
  });
  EXPECT_FALSE(watch.tick(Duration{}));
  EXPECT_FALSE(watch.tick(Duration::seconds(59)));
  EXPECT_EQ(looks, 1);
  EXPECT_FALSE(watch.tick(Duration::seconds(60)));
  EXPECT_EQ(looks, 2);
  EXPECT_FALSE(watch.used_percent());
}

TEST(DiskWatch, reads_a_real_disk_and_knows_when_there_is_none) {
  const auto used = DiskWatch::of_directory("/")();
  ASSERT_TRUE(used);
  EXPECT_GT(*used, 0);
  EXPECT_LE(*used, 100);
  EXPECT_FALSE(DiskWatch::of_directory("/no/such/place")());
}

}  // namespace
}  // namespace larder::edge
