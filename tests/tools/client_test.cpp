#include "tools/client/client.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <mutex>
#include <set>

#include "tests/tools/scripted_hub.hpp"
#include "tools/client/fields.hpp"

namespace larder::client {
namespace {

ClientOptions to(const ScriptedHub& hub) {
  ClientOptions options;
  options.port = hub.port();
  options.token = "t";
  return options;
}

std::string reply_to(const Json& message, const std::string& rest) {
  return R"({"type":"reply","id":")" + text_of(message, "id") + R"(","epoch":1,"seq":1,)" + rest +
         "}";
}

std::string event(Seq seq, Seq previous) {
  return R"({"type":"events","events":[{"epoch":1,"seq":)" + std::to_string(seq) +
         R"(,"prev":{"kitchen":)" + std::to_string(previous) +
         R"(},"at":1,"cmd":"","by":"","event":"order.served","body":{"order":"o"}}]})";
}

std::string snapshot(const Json& message, Seq last) {
  return R"({"type":"snapshot","id":")" + text_of(message, "id") +
         R"(","topic":"kitchen","epoch":1,"seq":)" + std::to_string(last) + R"(,"last":)" +
         std::to_string(last) + R"(,"at":1,"view":{"orders":[]}})";
}

// Counts what a follower saw; asked on any thread.
struct Seen {
  std::mutex mutex;
  std::vector<Seq> events;
  std::size_t snapshots = 0;
  Follower follower() {
    return {[this](const TopicSnapshot&) {
              const std::lock_guard lock(mutex);
              ++snapshots;
            },
            [this](const TopicEvent& one) {
              const std::lock_guard lock(mutex);
              events.push_back(one.seq);
            }};
  }
  std::vector<Seq> all() {
    const std::lock_guard lock(mutex);
    return events;
  }
};

TEST(Client, greets_and_asks) {
  ScriptedHub hub([](ScriptedHub& h, edge::SessionKey key, const Json& message) {
    h.say(key, reply_to(message, R"("ok":true,"result":{"x":7})"));
  });
  Network network;
  Client client(network, to(hub));
  client.start();
  const Result<Hello> hello = client.wait_ready();
  ASSERT_TRUE(hello.has_value()) << hello.error().message();
  EXPECT_EQ(hello->device, "d");
  const Reply reply = client.ask("hub.status", "{}");
  EXPECT_TRUE(reply.ok);
  EXPECT_EQ(number_of(reply.result, "x"), 7);
}

TEST(Client, says_what_it_shows_at_once_and_then_the_latest_in_200_ms) {
  ScriptedHub hub([](ScriptedHub&, edge::SessionKey, const Json&) {});
  Network network;
  Client client(network, to(hub));
  client.start();
  ASSERT_TRUE(client.wait_ready().has_value());
  const auto began = std::chrono::steady_clock::now();
  for (Seq seq = 1; seq <= 20; ++seq) client.seen("menu", {1, seq});
  ASSERT_TRUE(hub.wait_until([&] { return hub.heard().size() == 2; }));
  EXPECT_GE(std::chrono::steady_clock::now() - began, std::chrono::milliseconds(190));
  EXPECT_EQ(hub.heard()[0], R"({"type":"seen","topic":"menu","epoch":1,"seq":1})");
  EXPECT_EQ(hub.heard()[1], R"({"type":"seen","topic":"menu","epoch":1,"seq":20})");
}

TEST(Client, sends_unanswered_commands_again_with_the_same_id) {
  std::atomic<int> asked{0};
  ScriptedHub hub([&](ScriptedHub& h, edge::SessionKey key, const Json& message) {
    if (++asked == 1) return h.hang_up(key, 1001);  // took it, and fell before it could answer
    h.say(key, reply_to(message, R"("ok":true,"result":{})"));
  });
  Network network;
  Client client(network, to(hub));
  client.start();
  ASSERT_TRUE(client.wait_ready().has_value());
  const Reply reply = client.ask_command("c-1", "order.place", R"({"lines":[]})");
  EXPECT_TRUE(reply.ok) << reply.message;
  EXPECT_EQ(reply.resent, 1U);
  const auto heard = hub.heard();
  ASSERT_EQ(heard.size(), 2U);
  EXPECT_EQ(heard[0], heard[1]);
}

TEST(Client, without_resend_a_lost_connection_answers_for_the_hub) {
  ScriptedHub hub([](ScriptedHub& h, edge::SessionKey key, const Json&) { h.hang_up(key, 1001); });
  Network network;
  ClientOptions options = to(hub);
  options.resend = false;
  Client client(network, options);
  client.start();
  ASSERT_TRUE(client.wait_ready().has_value());
  const Reply reply = client.ask_command("c-1", "order.place", "{}");
  EXPECT_FALSE(reply.ok);
  EXPECT_EQ(reply.code, "unavailable");
  EXPECT_TRUE(reply.text.empty());
}

TEST(Client, waits_and_sends_the_same_again_when_asked_to) {
  std::atomic<int> asked{0};
  ScriptedHub hub([&](ScriptedHub& h, edge::SessionKey key, const Json& message) {
    const char* codes[] = {"rate_limited", "busy", "overloaded"};
    const int turn = asked++;
    if (turn < 3)
      return h.say(key,
                   reply_to(message, R"("ok":false,"error":{"code":")" + std::string(codes[turn]) +
                                         R"(","message":"wait","retry_ms":60})"));
    h.say(key, reply_to(message, R"("ok":true,"result":{})"));
  });
  Network network;
  Client client(network, to(hub));
  client.start();
  ASSERT_TRUE(client.wait_ready().has_value());
  const auto began = std::chrono::steady_clock::now();
  const Reply reply = client.ask_command("c-1", "order.place", "{}");
  EXPECT_TRUE(reply.ok);
  EXPECT_EQ(reply.retried, 3U);
  EXPECT_GE(std::chrono::steady_clock::now() - began, std::chrono::milliseconds(180));
  const auto heard = hub.heard();
  EXPECT_EQ(std::set<std::string>(heard.begin(), heard.end()).size(), 1U);
}

TEST(Client, a_refusal_by_the_rules_is_final) {
  ScriptedHub hub([](ScriptedHub& h, edge::SessionKey key, const Json& message) {
    h.say(key,
          reply_to(message, R"("ok":false,"error":{"code":"out_of_stock","message":"none left"})"));
  });
  Network network;
  Client client(network, to(hub));
  client.start();
  ASSERT_TRUE(client.wait_ready().has_value());
  const Reply reply = client.ask_command("c-1", "order.place", "{}");
  EXPECT_EQ(reply.code, "out_of_stock");
  EXPECT_EQ(reply.message, "none left");
  EXPECT_EQ(hub.heard().size(), 1U);
}

TEST(Client, notices_a_gap_by_prev_and_asks_since) {
  ScriptedHub hub([](ScriptedHub& h, edge::SessionKey key, const Json& message) {
    const Json* since = message.find("since");
    if (since == nullptr) {
      h.say(key, snapshot(message, 5));
      h.say(key, event(6, 5));
      h.say(key, event(9, 8));  // 8 was lost
      return;
    }
    EXPECT_EQ(number_of(*since, "seq"), 6);
    h.say(key, R"({"type":"resumed","id":")" + text_of(message, "id") +
                   R"(","topic":"kitchen","epoch":1,"seq":9,"last":9})");
    h.say(key, event(8, 6));
    h.say(key, event(9, 8));
    h.say(key, event(9, 8));  // a doubled one
    h.say(key, event(12, 9));
  });
  Network network;
  Seen seen;
  Client client(network, to(hub));
  client.start();
  ASSERT_TRUE(client.wait_ready().has_value());
  client.subscribe("kitchen", seen.follower());
  EXPECT_TRUE(hub.wait_until([&] { return seen.all().size() >= 4; }));
  EXPECT_EQ(seen.all(), (std::vector<Seq>{6, 8, 9, 12}));
  EXPECT_EQ(client.counters().gaps, 1U);
  EXPECT_EQ(client.counters().resumes, 1U);
}

TEST(Client, notices_a_miss_by_the_heartbeat) {
  ScriptedHub hub([](ScriptedHub& h, edge::SessionKey key, const Json& message) {
    if (message.find("since") == nullptr) {
      h.say(key, snapshot(message, 5));
      h.say(key, R"({"type":"heartbeat","epoch":1,"seq":7,"at":1,"last":{"kitchen":7}})");
      return;
    }
    h.say(key, snapshot(message, 7));
  });
  Network network;
  Seen seen;
  Client client(network, to(hub));
  client.start();
  ASSERT_TRUE(client.wait_ready().has_value());
  client.subscribe("kitchen", seen.follower());
  EXPECT_TRUE(hub.wait_until([&] { return client.counters().snapshots == 2; }));
  EXPECT_EQ(client.counters().gaps, 1U);
}

TEST(Client, case_17_comes_back_by_itself_and_resumes_with_since) {
  ScriptedHub hub([](ScriptedHub& h, edge::SessionKey key, const Json& message) {
    const Json* since = message.find("since");
    if (since == nullptr) return h.say(key, snapshot(message, 5));
    h.say(key, R"({"type":"resumed","id":")" + text_of(message, "id") +
                   R"(","topic":"kitchen","epoch":1,"seq":6,"last":6})");
    h.say(key, event(6, static_cast<Seq>(number_of(*since, "seq"))));
  });
  Network network;
  Seen seen;
  Client client(network, to(hub));
  client.start();
  ASSERT_TRUE(client.wait_ready().has_value());
  client.subscribe("kitchen", seen.follower());
  ASSERT_TRUE(hub.wait_until([&] { return client.counters().snapshots == 1; }));
  hub.hang_up_all(1001);
  EXPECT_TRUE(hub.wait_until([&] { return seen.all().size() == 1; }));
  EXPECT_EQ(client.counters().connects, 2U);
  EXPECT_EQ(client.counters().resumes, 1U);
}

TEST(Client, case_19_the_replaced_device_stops) {
  ScriptedHub hub([](ScriptedHub&, edge::SessionKey, const Json&) {});
  for (const std::uint16_t code : std::initializer_list<std::uint16_t>{4001, 4401, 4403}) {
    Network network;
    Client client(network, to(hub));
    std::promise<std::string> stopped;
    client.on_link([&](Link link, const std::string& why) {
      if (link == Link::Stopped) stopped.set_value(why);
    });
    client.start();
    ASSERT_TRUE(client.wait_ready().has_value());
    std::promise<Reply> answered;
    client.command("c", "order.place", "{}",
                   [&](const Reply& reply) { answered.set_value(reply); });
    hub.hang_up_all(code);
    auto why = stopped.get_future();
    ASSERT_EQ(why.wait_for(std::chrono::seconds(20)), std::future_status::ready);
    EXPECT_NE(why.get().find(std::to_string(code)), std::string::npos);
    EXPECT_FALSE(answered.get_future().get().ok);
  }
}

TEST(Client, says_when_the_hub_falls_silent_and_gives_up_a_dead_one) {
  ScriptedHub hub([](ScriptedHub&, edge::SessionKey, const Json&) {});
  std::mutex mutex;
  std::vector<Link> links;  // outlives the client, which reports until it is gone
  Network network;
  ClientOptions options = to(hub);
  options.dead_after = std::chrono::milliseconds(4'000);
  Client client(network, options);
  client.on_link([&](Link link, const std::string&) {
    const std::lock_guard lock(mutex);
    links.push_back(link);
  });
  client.start();
  ASSERT_TRUE(client.wait_ready().has_value());
  EXPECT_TRUE(hub.wait_until([&] { return hub.sessions() == 2; }));
  const std::lock_guard lock(mutex);
  ASSERT_GE(links.size(), 4U);
  EXPECT_EQ(links[1], Link::Live);
  EXPECT_EQ(links[2], Link::Stale);
  EXPECT_EQ(links[3], Link::Waiting);
}

TEST(Client, says_that_nobody_answers) {
  Network network;
  ClientOptions options;
  options.port = 1;  // nobody listens there
  options.reconnect = false;
  Client client(network, options);
  client.start();
  const Result<Hello> ready = client.wait_ready();
  ASSERT_FALSE(ready.has_value());
  EXPECT_EQ(ready.error().code(), Code::Unavailable);
}

TEST(Client, ids_and_tokens_are_not_repeated) {
  std::set<std::string> seen;
  for (int i = 0; i < 1'000; ++i) {
    const std::string id = new_command_id();
    EXPECT_EQ(id.size(), 36U);
    EXPECT_EQ(id[14], '4');
    EXPECT_TRUE(seen.insert(id).second);
    EXPECT_TRUE(seen.insert(new_token()).second);
  }
}

TEST(Fields, a_tree_is_written_as_it_was_read) {
  const std::string text =
      R"({"a":[1,-2,3.0,true,false,null,"x\"\\汤"],"b":{},"c":[],"d":9007199254740993})";
  const Result<Json> json = parse_json(text, kHubJson);
  ASSERT_TRUE(json.has_value()) << json.error().message();
  EXPECT_EQ(to_text(*json), text);
}

}  // namespace
}  // namespace larder::client
