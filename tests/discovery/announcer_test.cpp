// The announcer where nothing answers: no system bus at all. The real daemon is met in
// discovery_e2e.py.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "core/base/limits.hpp"
#include "edge/discovery/announcement.hpp"
#include "edge/discovery/avahi_announcer.hpp"
#include "edge/discovery/null_announcer.hpp"

namespace larder::edge {
namespace {

bool comes_true(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

const RetryPace kQuick{Duration{2'000}, Duration{8'000}};

// Notes come from the announcer's thread.
class Notes {
 public:
  AvahiAnnouncer::Note keeper() {
    return [this](std::string_view sentence) {
      const std::lock_guard lock(mutex_);
      sentences_.emplace_back(sentence);
    };
  }
  std::vector<std::string> all() const {
    const std::lock_guard lock(mutex_);
    return sentences_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> sentences_;
};

class NoBus : public ::testing::Test {
 protected:
  // libdbus reads the address once per process: all tests of this binary live without a bus.
  static void SetUpTestSuite() {
    setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/larder-bus", 1);
  }
  const Announcement announcement_ =
      hub_announcement("Sample store", StoreId("s1"), HubId("h-1"), 7480);
};

TEST_F(NoBus, waits_and_tries_again_with_longer_pauses) {
  AvahiAnnouncer announcer({}, kQuick);
  announcer.announce(announcement_);
  EXPECT_TRUE(comes_true([&] { return announcer.attempts() >= 6; }));
  EXPECT_EQ(announcer.state(), "waiting");
}

TEST_F(NoBus, says_so_once_and_not_at_every_try) {
  Notes notes;
  AvahiAnnouncer announcer(notes.keeper(), kQuick);
  announcer.announce(announcement_);
  ASSERT_TRUE(comes_true([&] { return announcer.attempts() >= 5; }));
  ASSERT_EQ(notes.all().size(), 1U);
  EXPECT_NE(notes.all().front().find("waiting"), std::string::npos);
}

TEST_F(NoBus, can_be_told_another_announcement_while_it_waits) {
  AvahiAnnouncer announcer({}, kQuick);
  announcer.announce(announcement_);
  announcer.announce(hub_announcement("Other name", StoreId("s1"), HubId("h-1"), 7481));
  EXPECT_TRUE(comes_true([&] { return announcer.attempts() >= 3; }));
}

TEST_F(NoBus, ends_at_once_whenever_it_is_destroyed) {
  for (int round = 0; round < 50; ++round) {
    AvahiAnnouncer announcer({}, kQuick);
    announcer.announce(announcement_);
    if (round % 2 == 0) {
      EXPECT_TRUE(comes_true([&] { return announcer.attempts() >= 1; }));
    }
  }
}

TEST_F(NoBus, a_long_pause_does_not_hold_up_the_end) {
  const auto begun = std::chrono::steady_clock::now();
  {
    AvahiAnnouncer announcer({}, RetryPace{Duration::minutes(10), Duration::minutes(10)});
    announcer.announce(announcement_);
    ASSERT_TRUE(comes_true([&] { return announcer.attempts() == 1; }));
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(10));
}

TEST_F(NoBus, was_never_asked_to_announce) {
  AvahiAnnouncer announcer;
  EXPECT_EQ(announcer.state(), "waiting");
  EXPECT_EQ(announcer.attempts(), 0U);
}

TEST(NullAnnouncer, is_off) {
  NullAnnouncer announcer;
  announcer.announce(hub_announcement("x", StoreId("s1"), HubId("h-1"), 1));
  EXPECT_EQ(announcer.state(), "off");
}

TEST(HubAnnouncement, says_what_the_protocol_page_promises_version_first) {
  const Announcement said = hub_announcement("Sample store", StoreId("s1"), HubId("h-1"), 7480);
  EXPECT_EQ(said.instance, "Larder Hub - Sample store");
  EXPECT_EQ(said.port, 7480);
  const std::vector<std::pair<std::string, std::string>> expected = {
      {"txtvers", "1"}, {"proto", "1"},     {"store", "s1"},
      {"id", "h-1"},    {"path", "/ws/v1"}, {"tls", "0"}};
  EXPECT_EQ(said.txt, expected);
}

TEST(HubAnnouncement, its_txt_stays_small_with_the_longest_ids) {
  const std::string longest(kIdBytesMax, 'x');
  const Announcement said = hub_announcement("n", StoreId(longest), HubId(longest), 1);
  std::size_t bytes = 0;
  for (const auto& [key, value] : said.txt) {
    EXPECT_LE(key.size(), 9U);
    bytes += 1 + key.size() + 1 + value.size();
  }
  EXPECT_LT(bytes, 400U);
}

TEST(HubAnnouncement, a_long_name_is_cut_between_characters) {
  std::string name;
  for (int i = 0; i < 40; ++i) name += "\xE9\xA4\x90";  // three bytes each
  const Announcement said = hub_announcement(name, StoreId("s1"), HubId("h-1"), 1);
  EXPECT_LE(said.instance.size(), kInstanceBytesMax);
  EXPECT_EQ((said.instance.size() - std::string("Larder Hub - ").size()) % 3, 0U);
  EXPECT_GT(said.instance.size(), kInstanceBytesMax - 3);
}

// A hub on 0.0.0.0 was announced over IPv6 too, where nobody listens.
TEST(HubAnnouncement, only_the_family_that_is_listened_on_is_announced) {
  EXPECT_EQ(family_of("0.0.0.0"), IpFamily::Four);
  EXPECT_EQ(family_of("192.168.1.10"), IpFamily::Four);
  EXPECT_EQ(family_of("fd00::10"), IpFamily::Six);
  EXPECT_EQ(family_of("::"), IpFamily::Any);
  EXPECT_EQ(hub_announcement("x", StoreId("s1"), HubId("h-1"), 1, IpFamily::Four).family,
            IpFamily::Four);
}

TEST(HubAnnouncement, a_hub_on_loopback_is_not_for_the_lan) {
  EXPECT_FALSE(reaches_the_lan("127.0.0.1"));
  EXPECT_FALSE(reaches_the_lan("127.1.2.3"));
  EXPECT_FALSE(reaches_the_lan("::1"));
  EXPECT_TRUE(reaches_the_lan("0.0.0.0"));
  EXPECT_TRUE(reaches_the_lan("192.168.1.10"));
}

}  // namespace
}  // namespace larder::edge
