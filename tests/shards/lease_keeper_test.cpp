// When the relay asks a hub for more, and when it does not.
#include "relay/app/lease_keeper.hpp"

#include <gtest/gtest.h>

namespace larder::relay {
namespace {

class HandClock final : public Clock {
 public:
  TimePoint now() override { return TimePoint{1'795'000'000'000'000} + passed; }
  Duration steady() override { return passed; }
  Duration passed;
};

// Counts the jobs and runs none.
class CountedShards final : public Shards {
 public:
  std::size_t databases() const override { return 2; }
  std::size_t database_of(const StoreId&) const override { return 1; }
  Result<void> run(std::size_t database, ShardJob) override {
    ran.push_back(database);
    return {};
  }
  std::size_t waiting(std::size_t) const override { return 0; }
  std::vector<std::size_t> ran;
};

class Alarms final : public Telemetry {
 public:
  void batch(const StoreId&, BatchFate, std::size_t) override {}
  void group(std::size_t, std::size_t, std::size_t, Duration) override {}
  void dropped(std::string_view) override {}
  void request(std::string_view, std::string_view, Duration) override {}
  void shard_error(std::size_t) override {}
  void note(std::string_view) override {}
  void warn(std::string_view) override {}
  void alarm(std::string_view sentence) override { heard.emplace_back(sentence); }
  std::vector<std::string> heard;
};

class LeaseKeeperTest : public testing::Test {
 protected:
  LeaseKeeperTest() {
    streams.find_or_make(store, 1)->is_live = true;
    keeper = std::make_unique<LeaseKeeper>(LeaseKeeper::Ports{
        clock, shards, alarms, streams, [this](const NewWord& word) { said.push_back(word); },
        [](const StoreId&, const IssuedWord&) {}});
  }
  bool want(int idle, int wanted, bool is_refused) {
    RightsSeen seen;
    seen.sku = SkuId("soup");
    seen.idle = Quantity::units(idle);
    seen.wanted = Quantity::units(wanted);
    seen.is_refused = is_refused;
    return keeper->wanted(store, {seen});
  }
  LeaseNews granted() const { return LeaseNews{SkuId("soup"), {}, true, {}}; }

  StoreId store{"s1"};
  HandClock clock;
  CountedShards shards;
  Alarms alarms;
  Streams streams{10};
  std::vector<NewWord> said;
  std::unique_ptr<LeaseKeeper> keeper;
};

TEST_F(LeaseKeeperTest, asks_for_what_fell_short_and_says_that_more_may_come) {
  EXPECT_TRUE(want(0, 2, true));
  ASSERT_EQ(said.size(), 1U);
  EXPECT_EQ(said[0].word.verb, "lease.ask");
  EXPECT_EQ(said[0].word.by, "relay");
  EXPECT_EQ(said[0].word.args, R"({"sku":"soup","quantity":3.0,"awaited":2.0})");
  EXPECT_EQ(said[0].word.not_after, clock.now() + kAskGoesStale);
}

TEST_F(LeaseKeeperTest, asks_before_it_runs_dry) {
  EXPECT_FALSE(want(20, 8, false));
  EXPECT_TRUE(said.empty()) << "more than half of what was wanted lately is left";
  EXPECT_FALSE(want(5, 8, false)) << "this one was served";
  ASSERT_EQ(said.size(), 1U);
  EXPECT_EQ(said[0].word.args.find("awaited"), std::string::npos) << "nobody waits for it";
}

TEST_F(LeaseKeeperTest, asks_one_question_at_a_time) {
  want(0, 2, true);
  EXPECT_TRUE(want(0, 2, true)) << "it was asked for already";
  EXPECT_EQ(said.size(), 1U);
  clock.passed = kAskAgainFirst;
  want(0, 2, true);
  EXPECT_EQ(said.size(), 2U) << "no answer came";
  clock.passed = clock.passed + kAskAgainFirst;
  want(0, 2, true);
  EXPECT_EQ(said.size(), 2U) << "and it is more patient now";
  keeper->heard(store, {granted()});
  want(0, 2, true);
  EXPECT_EQ(said.size(), 3U) << "a grant answers it";
}

TEST_F(LeaseKeeperTest, asks_nobody_who_is_away) {
  streams.find(store)->is_live = false;
  EXPECT_FALSE(want(0, 2, true));
  streams.find(store)->is_live = true;
  streams.find(store)->mark.is_frozen = true;
  EXPECT_FALSE(want(0, 2, true));
  EXPECT_TRUE(said.empty());
}

TEST_F(LeaseKeeperTest, settles_every_few_seconds_and_at_once_when_it_is_recalled) {
  keeper->tick();
  EXPECT_EQ(shards.ran, (std::vector<std::size_t>{0, 1}));
  keeper->tick();
  EXPECT_EQ(shards.ran.size(), 2U);
  shards.ran.clear();
  LeaseKeeper other(LeaseKeeper::Ports{clock, shards, alarms, streams, {}, {}});
  other.heard(store, {LeaseNews{SkuId("soup"), {}, false, {}}});
  EXPECT_EQ(shards.ran, std::vector<std::size_t>{1});
}

TEST_F(LeaseKeeperTest, case_64_tells_a_person_what_cannot_be) {
  keeper->heard(store, {LeaseNews{{}, {}, false, "store s1: an unknown lease"}});
  EXPECT_EQ(alarms.heard, std::vector<std::string>{"store s1: an unknown lease"});
  EXPECT_TRUE(shards.ran.empty());
}

}  // namespace
}  // namespace larder::relay
