// The whole larder-relay against a real mosquitto, with hubs that speak the envelope.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "tests/relay/real_parts.hpp"

namespace larder::relay {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

class RelayProcess : public ::testing::Test {
 protected:
  std::string write_config(const std::string& more = "") {
    const std::string file = folder.path + "/relay.toml";
    std::ofstream(file) << "[relay]\nid = \"relay-t\"\ndata_dir = \"" << folder.path
                        << "/data\"\n[http]\nweb_root = \"\"\n[broker]\nport = " << broker.port()
                        << "\n"
                        << more;
    return file;
  }
  std::unique_ptr<Child> start(const std::string& more = "") {
    return std::make_unique<Child>(
        std::vector<std::string>{std::string(LARDER_BIN_DIR) + "/larder-relay", "--config",
                                 write_config(more), "--port", "0"},
        folder.path + "/relay.log");
  }
  std::string log() const { return text_of(folder.path + "/relay.log"); }
  bool is_subscribed(std::size_t times) const {
    std::size_t found = 0;
    const std::string text = log();
    for (std::size_t at = 0; (at = text.find("subscribed at the broker", at)) != std::string::npos;
         ++at) {
      ++found;
    }
    return found >= times;
  }

  Broker broker;
  Folder folder;
};

TEST_F(RelayProcess, x4_takes_events_acknowledges_them_and_has_them_after_a_kill) {
  auto relay = start();
  ASSERT_TRUE(eventually([&] { return is_subscribed(1); })) << log();
  BrokerHub hub(broker.port(), "s1");
  hub.hub.batch_events = 50;
  hub.hub.happen(2'000);
  ASSERT_TRUE(hub.connect());
  ASSERT_TRUE(hub.serve_until([&] { return hub.hub.is_done(); })) << log();
  for (std::size_t i = 2; i <= 4; ++i) {
    hub.hub.happen(500);
    hub.hub.pump();
    const Seq acked = hub.hub.acked;
    relay->kill_hard();
    relay = start();
    ASSERT_TRUE(eventually([&] { return is_subscribed(i); })) << log();
    hub.hub.acks.clear();
    ASSERT_TRUE(hub.connect());  // nothing that was said before the kill is heard any more
    ASSERT_TRUE(hub.serve_until([&] { return !hub.hub.acks.empty(); })) << log();
    EXPECT_GE(hub.hub.acks.front().up_to, acked) << "what was acknowledged is kept";
    ASSERT_TRUE(hub.serve_until([&] { return hub.hub.is_done(); })) << log();
  }
  EXPECT_EQ(hub.hub.last_ack.state, Ack::State::Ok);
  EXPECT_EQ(hub.hub.acked, 3'500U);
  EXPECT_EQ(relay->stop(seconds(10)), 0) << log();
}

TEST_F(RelayProcess, case_54_other_bytes_under_a_kept_number_freeze_the_store_for_good) {
  auto relay = start();
  ASSERT_TRUE(eventually([&] { return is_subscribed(1); })) << log();
  BrokerHub hub(broker.port(), "s1");
  hub.hub.happen(20);
  ASSERT_TRUE(hub.connect());
  ASSERT_TRUE(hub.serve_until([&] { return hub.hub.is_done(); })) << log();
  BrokerHub copy(broker.port(), "s1");
  copy.hub.happen(19);
  copy.hub.happen(11, "another-life");
  ASSERT_TRUE(copy.connect());
  ASSERT_TRUE(copy.serve_until([&] { return copy.hub.last_ack.state == Ack::State::Frozen; }))
      << log();
  EXPECT_NE(log().find("ALARM"), std::string::npos);
  relay->kill_hard();
  relay = start();
  ASSERT_TRUE(eventually([&] { return is_subscribed(2); })) << log();
  hub.hub.acks.clear();
  ASSERT_TRUE(hub.connect());
  ASSERT_TRUE(hub.serve_until([&] { return !hub.hub.acks.empty(); })) << log();
  EXPECT_EQ(hub.hub.acks.front().state, Ack::State::Frozen);
}

TEST_F(RelayProcess, sigterm_ends_it_within_two_seconds_and_tells_the_stores) {
  PahoVoice listener(broker.port(), "listener");
  ASSERT_TRUE(listener.connect());
  listener.subscribe(relay_presence_topic(0));
  auto relay = start();
  const auto online = listener.next(kPatience);
  ASSERT_TRUE(online) << log();
  EXPECT_TRUE(decode_relay_presence(online->payload)->online);
  ASSERT_TRUE(eventually([&] { return is_subscribed(1); })) << log();
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(relay->stop(seconds(10)), 0) << log();
  EXPECT_LT(std::chrono::steady_clock::now() - began, seconds(5));
  const auto offline = listener.next(kPatience);
  ASSERT_TRUE(offline);
  EXPECT_FALSE(decode_relay_presence(offline->payload)->online);
}

TEST_F(RelayProcess, a_killed_relay_leaves_its_last_will) {
  PahoVoice listener(broker.port(), "listener");
  ASSERT_TRUE(listener.connect());
  listener.subscribe(relay_presence_topic(0));
  auto relay = start();
  ASSERT_TRUE(listener.next(kPatience)) << log();
  relay->kill_hard();
  const auto offline = listener.next(kPatience);
  ASSERT_TRUE(offline);
  EXPECT_FALSE(decode_relay_presence(offline->payload)->online);
}

TEST_F(RelayProcess, case_90_a_second_relay_on_one_directory_exits_75) {
  auto relay = start();
  ASSERT_TRUE(eventually([&] { return is_subscribed(1); })) << log();
  auto second = start();
  EXPECT_EQ(second->wait(kPatience), 75) << log();
}

TEST_F(RelayProcess, case_86_and_91_a_wrong_config_or_an_open_secret_exits_78) {
  EXPECT_EQ(start("prot = 1\n")->wait(kPatience), 78);
  EXPECT_NE(log().find("relay.toml:8:1: unknown key broker.prot; did you mean broker.port?"),
            std::string::npos)
      << log();
  const std::string secret = folder.path + "/secret";
  std::ofstream(secret) << "hunter2\n";
  ASSERT_EQ(::chmod(secret.c_str(), 0644), 0);
  EXPECT_EQ(start("user = \"relay\"\npassword_file = \"" + secret + "\"\n")->wait(kPatience), 78);
  EXPECT_NE(log().find("may be read by others"), std::string::npos) << log();
}

TEST_F(RelayProcess, it_starts_without_a_broker_and_waits_for_it) {
  broker.kill_hard();
  auto relay = start();
  ASSERT_TRUE(eventually([&] { return log().find("broker 127.0.0.1") != std::string::npos; }));
  broker.start();
  EXPECT_TRUE(eventually([&] { return is_subscribed(1); })) << log();
}

}  // namespace
}  // namespace larder::relay
