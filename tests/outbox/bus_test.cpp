// The in-process bus and what its consumers remember.
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <mutex>

#include "relay/bus/consume_log.hpp"
#include "relay/bus/durable_consumer.hpp"
#include "relay/bus/in_process_bus.hpp"
#include "relay/bus/shelf.hpp"
#include "tests/outbox/post_office.hpp"

namespace larder::relay {
namespace {

using Keys = std::vector<std::string>;

Message message(const std::string& group, const std::string& key,
                const std::string& topic = "inventory-cache-update-topic") {
  return Message{topic, key, group, "{\"k\":\"" + key + "\"}"};
}

class BusFile : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "larder-bus-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  ConsumeLog open() {
    auto log = ConsumeLog::open(folder_ / "bus.db");
    if (!log) throw std::runtime_error(log.error().message());
    return std::move(*log);
  }
  static std::int64_t count(ConsumeLog& log, const char* what) {
    return log.connection().integer(what).value();
  }
  static constexpr const char* kOnShelf = "SELECT count(*) FROM shelf";
  static constexpr const char* kRemembered = "SELECT count(*) FROM mq_consume_log";
  const Effect shelf_ = put_on_shelf([] { return TimePoint{7}; });
  std::filesystem::path folder_;
};

TEST_F(BusFile, case_80_a_message_that_comes_again_is_dropped) {
  {
    ConsumeLog log = open();
    const std::vector<Message> first{message("a", "k1"), message("a", "k2"), message("a", "k1")};
    const auto outcomes = log.consume("hq", first, put_on_shelf([] { return TimePoint{7}; }), {});
    EXPECT_EQ(outcomes[0].value(), Consumed::Now);
    EXPECT_EQ(outcomes[2].value(), Consumed::Before);
  }
  ConsumeLog log = open();  // after a restart
  const std::vector<Message> again{message("a", "k1"), message("a", "k3")};
  const auto outcomes = log.consume("hq", again, put_on_shelf([] { return TimePoint{7}; }), {});
  EXPECT_EQ(outcomes[0].value(), Consumed::Before);
  EXPECT_EQ(outcomes[1].value(), Consumed::Now);
  EXPECT_EQ(count(log, kOnShelf), 3);
}

TEST_F(BusFile, consumers_remember_apart_from_each_other) {
  ConsumeLog log = open();
  int effects = 0;
  const Effect counted = [&](sql::Connection&, const Message&) -> Result<void> {
    ++effects;
    return {};
  };
  const std::vector<Message> one{message("a", "k1")};
  static_cast<void>(log.consume("hq", one, counted, {}));
  static_cast<void>(log.consume("cache", one, counted, {}));
  EXPECT_EQ(effects, 2);
}

// Second of the estate's production faults: one dedupe key per type swallowed later updates.
TEST_F(BusFile, a_later_update_of_the_same_topic_is_not_swallowed) {
  ConsumeLog log = open();
  const std::vector<Message> both{message("a", "k1"), message("a", "k2")};
  for (const auto& outcome :
       log.consume("hq", both, put_on_shelf([] { return TimePoint{}; }), {})) {
    EXPECT_EQ(outcome.value(), Consumed::Now);
  }
}

TEST_F(BusFile, an_effect_that_fails_leaves_neither_itself_nor_the_memory_of_it) {
  ConsumeLog log = open();
  const Effect half = [](sql::Connection& connection, const Message& m) -> Result<void> {
    auto wrote = connection.execute("INSERT INTO shelf VALUES (NULL, 't', 'k', 's', '{}', 1)");
    if (!wrote) return wrote;
    if (m.key == "bad") return refuse(Code::BadRequest, "no");
    return {};
  };
  const std::vector<Message> three{message("a", "k1"), message("a", "bad"), message("b", "k2")};
  const auto outcomes = log.consume("hq", three, half, {});
  EXPECT_TRUE(outcomes[0]);
  EXPECT_FALSE(outcomes[1]);
  EXPECT_TRUE(outcomes[2]);
  EXPECT_EQ(count(log, kOnShelf), 2);
  EXPECT_EQ(count(log, kRemembered), 2);
}

TEST_F(BusFile, what_was_consumed_long_ago_is_let_go_of_a_bite_at_a_time) {
  ConsumeLog log = open();
  std::vector<Message> many;
  for (int i = 0; i < 10; ++i) many.push_back(message("a", "k" + std::to_string(i)));
  static_cast<void>(
      log.consume("hq", many, put_on_shelf([] { return TimePoint{}; }), TimePoint{5}));
  const TimePoint in_time{Duration::minutes(24L * 60 * kConsumeLogDays).micros};
  EXPECT_EQ(log.prune(in_time, 4).value(), 0);
  const TimePoint later = in_time + Duration::seconds(1);
  EXPECT_EQ(log.prune(later, 4).value(), 4);
  EXPECT_EQ(log.prune(later, 100).value(), 6);
}

TEST_F(BusFile, the_shelf_keeps_the_newest) {
  ConsumeLog log = open();
  ASSERT_TRUE(log.connection().execute(
      "INSERT INTO shelf WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i <"
      " 20000) SELECT i, 't', 'k', 's', '{}', 1 FROM n"));
  const std::vector<Message> two{message("a", "x"), message("a", "y")};
  for (const auto& outcome : log.consume("hq", two, shelf_, {})) EXPECT_TRUE(outcome);
  EXPECT_EQ(count(log, kOnShelf), kShelfMessages);
  EXPECT_EQ(count(log, "SELECT min(id) FROM shelf"), 3);
}

TEST(InProcessBus, one_message_of_a_group_at_a_time_groups_side_by_side) {
  JobQueue jobs;
  InProcessBus bus([&](auto job) { jobs.post(std::move(job)); });
  std::vector<std::pair<Message, InProcessBus::Done>> open;
  bus.subscribe("", [&](const Message& m, InProcessBus::Done done) { open.emplace_back(m, done); });
  Keys ends;
  for (const char* key : {"a1", "a2", "b1"}) {
    bus.send(message(std::string(1, key[0]), key),
             [&ends, key](const Result<void>&) { ends.emplace_back(key); });
  }
  jobs.settle();
  ASSERT_EQ(open.size(), 2U);
  EXPECT_EQ(open[0].first.key, "a1");
  EXPECT_EQ(open[1].first.key, "b1");
  open[0].second({});
  jobs.settle();
  ASSERT_EQ(open.size(), 3U);
  EXPECT_EQ(open[2].first.key, "a2");
  EXPECT_EQ(ends, (Keys{"a1"}));
}

TEST(InProcessBus, a_message_is_taken_when_every_subscriber_of_its_topic_has_it) {
  JobQueue jobs;
  InProcessBus bus([&](auto job) { jobs.post(std::move(job)); });
  Result<void> second = refuse(Code::StorageFault, "no");
  int first_had = 0;
  bus.subscribe("t", [&](const Message&, const InProcessBus::Done& done) {
    ++first_had;
    done({});
  });
  bus.subscribe("t", [&](const Message&, const InProcessBus::Done& done) { done(second); });
  bus.subscribe("other", [](const Message&, const InProcessBus::Done&) { FAIL(); });
  std::vector<bool> ends;
  const auto ended = [&](const Result<void>& outcome) { ends.push_back(outcome.has_value()); };
  bus.send(message("a", "k1", "t"), ended);
  jobs.settle();
  second = {};
  bus.send(message("a", "k1", "t"), ended);
  jobs.settle();
  EXPECT_EQ(ends, (std::vector<bool>{false, true}));
  EXPECT_EQ(first_had, 2) << "its consume log drops the second";
}

TEST(InProcessBus, a_fault_is_the_answer_and_nobody_gets_the_message) {
  JobQueue jobs;
  int faults = 9;
  InProcessBus bus([&](auto job) { jobs.post(std::move(job)); },
                   [&](const Message&) -> Result<void> {
                     if (faults-- > 0) return refuse(Code::Busy, "injected");
                     return {};
                   });
  int had = 0;
  bus.subscribe("", [&](const Message&, const InProcessBus::Done& done) {
    ++had;
    done({});
  });
  for (int i = 0; i < 9; ++i) {
    bus.send(message("a", "k"), [](const Result<void>& outcome) { EXPECT_FALSE(outcome); });
  }
  bus.send(message("a", "k"), [](const Result<void>& outcome) { EXPECT_TRUE(outcome); });
  jobs.settle();
  EXPECT_EQ(had, 1);
}

TEST(InProcessBus, more_than_it_can_hold_is_refused) {
  JobQueue jobs;
  InProcessBus bus([&](auto job) { jobs.post(std::move(job)); });
  int refused = 0;
  for (std::size_t i = 0; i < kBusMessagesMax + 5; ++i) {
    bus.send(message("a", "k"), [&](const Result<void>& outcome) { refused += outcome ? 0 : 1; });
  }
  jobs.settle();
  EXPECT_EQ(refused, 5);
}

// Jobs that another thread posts, run here until `condition` holds.
class Mailbox {
 public:
  void post(std::function<void()> job) {
    const std::lock_guard lock(mutex_);
    jobs_.push_back(std::move(job));
    came_.notify_one();
  }
  bool run_until(const std::function<bool()>& condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!condition()) {
      std::unique_lock lock(mutex_);
      if (!came_.wait_until(lock, deadline, [this] { return !jobs_.empty(); })) return false;
      auto job = std::move(jobs_.front());
      jobs_.pop_front();
      lock.unlock();
      job();
    }
    return true;
  }

 private:
  std::mutex mutex_;
  std::condition_variable came_;
  std::deque<std::function<void()>> jobs_;
};

TEST_F(BusFile, outbox_to_shelf_over_threads_each_message_once_and_in_order) {
  Mailbox mailbox;
  const auto post = [&](std::function<void()> job) { mailbox.post(std::move(job)); };
  int answers = 0;
  {
    DurableConsumer consumer(
        "hq", open(), put_on_shelf([] { return TimePoint{}; }), [] { return TimePoint{}; }, post);
    InProcessBus bus(post);
    bus.subscribe("", [&](const Message& m, InProcessBus::Done done) {
      consumer.deliver(m, std::move(done));
    });
    for (int i = 0; i < 2'000; ++i) {
      // Every message twice, as from a sender that died before it marked the first.
      const Message one = message("s" + std::to_string(i % 50), "k" + std::to_string(i / 2));
      bus.send(one, [&](const Result<void>& outcome) { answers += outcome ? 1 : 0; });
    }
    ASSERT_TRUE(mailbox.run_until([&] { return answers == 2'000; }));
  }
  ConsumeLog log = open();
  EXPECT_EQ(count(log, kRemembered), 1'000);
  EXPECT_EQ(count(log, kOnShelf), 1'000);
}

}  // namespace
}  // namespace larder::relay
