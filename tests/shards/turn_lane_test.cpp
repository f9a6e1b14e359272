// The way of the turns into one database, on workers that run and answer when the test says so.
#include "relay/app/turn_lane.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "tests/support/fake_shards.hpp"

namespace larder::relay {
namespace {

// Takes every turn but those named "bad...", and keeps the groups as they came.
class CountedTurns final : public RightsStore {
 public:
  Result<std::vector<TurnOutcome>> take_turns(std::span<const Turn> group, TimePoint) override {
    std::vector<std::string> orders;
    for (const Turn& turn : group) orders.push_back(std::get<ReserveOrder>(turn).order);
    groups.push_back(orders);
    if (failure) return refuse(*failure, "as the test says");
    std::vector<TurnOutcome> outcomes;
    for (const std::string& order : orders) {
      if (order.starts_with("bad")) return refuse(Code::BadState, "a rule of the rows");
      Reservation line;
      line.order = order;
      outcomes.push_back(TurnOutcome{std::vector<Reservation>{line}, false, {}, {}});
    }
    if (is_short && !outcomes.empty()) outcomes.pop_back();
    return outcomes;
  }
  Result<std::vector<Reservation>> reservations_of(const std::string&) override { return none(); }
  Result<std::vector<DueOrder>> due_orders(TimePoint, std::size_t) override { return none(); }
  Result<std::vector<StoreWord>> settle_leases(TimePoint, std::size_t) override { return none(); }
  Result<std::vector<StoreWord>> return_idle(const StoreId&, const SkuId&, const ChannelCode&,
                                             Quantity, TimePoint) override {
    return none();
  }
  Result<std::vector<LeaseRecord>> leases_of(const StoreId&) override { return none(); }
  Result<IdleRights> idle_rights() override { return none(); }
  Result<std::optional<bool>> is_paid(const StoreId&, const std::string&) override {
    return none();
  }
  Result<void> rebuild(const StoreId&, const SkuId&, TimePoint) override { return none(); }

  std::vector<std::size_t> sizes() const {
    std::vector<std::size_t> all;
    for (const auto& group : groups) all.push_back(group.size());
    return all;
  }
  std::vector<std::vector<std::string>> groups;
  std::optional<Code> failure;
  bool is_short = false;  // one outcome is missing

 private:
  static Refused none() { return refuse(Code::Unavailable, "not in this test"); }
};

using Sizes = std::vector<std::size_t>;
using Names = std::vector<std::string>;

class TurnLaneTest : public testing::Test {
 protected:
  TurnLaneTest() { store_.turns = &turns_; }
  // Answered with its own number, or the code.
  void take(const std::string& order) {
    ReserveOrder turn;
    turn.store = StoreId("s1");
    turn.order = order;
    lane_.take(turn, [this, order](Result<TurnOutcome> outcome) {
      EXPECT_FALSE(answers_.contains(order)) << order << " is answered twice";
      asked_.push_back(order);
      answers_[order] =
          outcome ? outcome->lines->front().order : std::string(code_name(outcome.error().code()));
    });
  }
  void take_many(const std::string& name, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) take(name + std::to_string(i));
  }
  // Those that got their own answer.
  std::size_t answered() const {
    return static_cast<std::size_t>(
        std::count_if(answers_.begin(), answers_.end(),
                      [](const auto& answer) { return answer.first == answer.second; }));
  }

  FakeShardStore store_;
  CountedTurns turns_;
  StepShards shards_{store_};
  StepClock clock_;
  CountedTelemetry telemetry_;
  int commits_ = 0;
  TurnLane lane_{0, {clock_, shards_, telemetry_, [this] { ++commits_; }}};
  Names asked_;  // in the order of the answers
  std::map<std::string, std::string> answers_;
};

TEST_F(TurnLaneTest, what_waits_when_the_worker_comes_is_one_group) {
  EXPECT_TRUE(lane_.is_idle());
  take_many("a", 40);
  EXPECT_EQ(shards_.waiting(0), 1U) << "it is called once";
  EXPECT_EQ(lane_.waiting(), 40U);
  EXPECT_FALSE(lane_.is_idle());
  ASSERT_TRUE(shards_.work_only());
  EXPECT_EQ(turns_.sizes(), Sizes{40});
  EXPECT_TRUE(answers_.empty()) << "the disk does not have it yet";
  EXPECT_EQ(lane_.waiting(), 0U);
  EXPECT_FALSE(lane_.is_idle()) << "they are not answered";
  shards_.deliver();
  EXPECT_EQ(answered(), 40U);
  EXPECT_EQ(commits_, 1);
  EXPECT_TRUE(lane_.is_idle());
  EXPECT_FALSE(shards_.step());
}

TEST_F(TurnLaneTest, what_comes_while_a_group_is_synced_is_the_next_and_need_not_wait) {
  take("a");
  ASSERT_TRUE(shards_.work_only());
  take_many("b", 30);
  EXPECT_EQ(shards_.waiting(0), 1U) << "called although the first is not answered";
  ASSERT_TRUE(shards_.work_only());
  take_many("c", 20);
  ASSERT_TRUE(shards_.work_only());
  EXPECT_EQ(turns_.sizes(), (Sizes{1, 30, 20}));
  EXPECT_TRUE(answers_.empty());
  shards_.deliver();
  EXPECT_EQ(answered(), 51U) << "each its own answer";
  Names order;
  for (const auto& group : turns_.groups) order.insert(order.end(), group.begin(), group.end());
  EXPECT_EQ(asked_, order);
  EXPECT_EQ(commits_, 3);
  EXPECT_TRUE(lane_.is_idle());
}

TEST_F(TurnLaneTest, more_than_a_group_holds_are_several_and_none_is_forgotten) {
  take_many("a", kTurnGroupMax * 2 + 7);
  shards_.run_all();
  EXPECT_EQ(turns_.sizes(), (Sizes{kTurnGroupMax, kTurnGroupMax, 7}));
  EXPECT_EQ(answered(), kTurnGroupMax * 2 + 7);
  EXPECT_TRUE(lane_.is_idle());
  // What a full group left behind goes with those that come before it is answered.
  take_many("b", kTurnGroupMax + 5);
  ASSERT_TRUE(shards_.work_only());
  take("c");
  EXPECT_EQ(shards_.waiting(0), 1U);
  ASSERT_TRUE(shards_.work_only());
  shards_.deliver();
  EXPECT_EQ(turns_.sizes().back(), 6U);
  EXPECT_TRUE(lane_.is_idle());
  EXPECT_FALSE(shards_.step()) << "nobody calls a worker for nothing";
}

TEST_F(TurnLaneTest, a_database_that_refuses_refuses_those_in_the_queue_alone) {
  take_many("a", 3);
  ASSERT_TRUE(shards_.work_only());
  shards_.refuses = true;
  take("b");
  EXPECT_EQ(asked_, Names{"b"}) << "the first three are under way";
  EXPECT_EQ(answers_["b"], "busy");
  EXPECT_EQ(telemetry_.shard_errors, 1);
  EXPECT_EQ(lane_.waiting(), 0U);
  EXPECT_FALSE(lane_.is_idle());
  shards_.deliver();
  EXPECT_EQ(asked_, (Names{"b", "a0", "a1", "a2"}));
  EXPECT_EQ(answered(), 3U);
  EXPECT_TRUE(lane_.is_idle());
  shards_.refuses = false;
  take("c");
  shards_.run_all();
  EXPECT_EQ(answers_["c"], "c") << "it is called again";
}

TEST_F(TurnLaneTest, what_a_full_group_left_behind_is_refused_when_nobody_comes_for_it) {
  take_many("a", kTurnGroupMax + 3);
  ASSERT_TRUE(shards_.work_only());
  shards_.refuses = true;
  shards_.deliver();
  EXPECT_EQ(answered(), kTurnGroupMax);
  for (std::size_t i = kTurnGroupMax; i < kTurnGroupMax + 3; ++i) {
    EXPECT_EQ(answers_["a" + std::to_string(i)], "busy") << i;
  }
  EXPECT_TRUE(lane_.is_idle());
}

TEST_F(TurnLaneTest, a_group_that_breaks_a_rule_is_parted) {
  take("a");
  take("bad");
  take("b");
  ASSERT_TRUE(shards_.work_only());
  take("c");
  shards_.deliver();
  EXPECT_TRUE(answers_.empty());
  EXPECT_FALSE(lane_.is_idle());
  shards_.run_all();
  EXPECT_EQ(turns_.groups, (std::vector<Names>{{"a", "bad", "b"}, {"c"}, {"a"}, {"bad"}, {"b"}}));
  EXPECT_EQ(answers_["bad"], "bad_state");
  EXPECT_EQ(answered(), 3U);
  EXPECT_EQ(telemetry_.shard_errors, 0) << "the database is well";
  EXPECT_EQ(commits_, 3);
  EXPECT_TRUE(lane_.is_idle());
}

TEST_F(TurnLaneTest, a_turn_that_is_alone_in_its_group_is_not_tried_again) {
  take("bad");
  shards_.run_all();
  EXPECT_EQ(answers_["bad"], "bad_state");
  EXPECT_EQ(turns_.groups.size(), 1U);
  EXPECT_TRUE(lane_.is_idle());
}

TEST_F(TurnLaneTest, those_that_cannot_be_tried_alone_are_told_why) {
  take("a");
  take("bad");
  ASSERT_TRUE(shards_.work_only());
  shards_.refuses = true;
  shards_.deliver();
  EXPECT_EQ(answers_["a"], "busy");
  EXPECT_EQ(answers_["bad"], "busy");
  EXPECT_TRUE(lane_.is_idle());
}

TEST_F(TurnLaneTest, a_database_that_fails_fails_its_group_at_once) {
  turns_.failure = Code::StorageFault;
  take_many("a", 3);
  shards_.run_all();
  EXPECT_EQ(turns_.groups.size(), 1U) << "none is tried alone";
  EXPECT_EQ(answers_["a2"], "storage_fault");
  EXPECT_EQ(telemetry_.shard_errors, 1);
  EXPECT_EQ(commits_, 0);
  turns_.failure.reset();
  turns_.is_short = true;
  take_many("b", 2);
  shards_.run_all();
  EXPECT_EQ(answers_["b0"], "storage_fault") << "an answer is missing, nobody knows whose";
  EXPECT_EQ(answers_["b1"], "storage_fault");
  EXPECT_TRUE(lane_.is_idle());
}

TEST_F(TurnLaneTest, case_96_more_than_may_wait_are_overloaded_under_way_or_not) {
  take("first");
  ASSERT_TRUE(shards_.work_only());
  take_many("a", kTurnsQueuedMax - 1);
  EXPECT_TRUE(answers_.empty());
  take("late");
  EXPECT_EQ(asked_, Names{"late"}) << "the first is written, and its disk is slow";
  EXPECT_EQ(answers_["late"], "overloaded");
  shards_.run_all();
  EXPECT_EQ(answered(), kTurnsQueuedMax);
  EXPECT_EQ(turns_.groups.size(), 1 + kTurnsQueuedMax / kTurnGroupMax);
  EXPECT_TRUE(lane_.is_idle());
}

}  // namespace
}  // namespace larder::relay
