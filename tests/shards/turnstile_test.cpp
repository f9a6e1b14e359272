// The turnstile's queue, its groups and its sweep, over real databases on a clock that is turned.
#include "relay/app/turnstile.hpp"

#include <gtest/gtest.h>

#include <set>

#include "tests/shards/turn_house.hpp"

namespace larder::relay {
namespace {

class HandClock final : public Clock {
 public:
  TimePoint now() override { return kNow + passed; }
  Duration steady() override { return passed; }
  Duration passed;
};

// Jobs wait until the test runs them, as they would for a worker.
class WaitingShards final : public Shards {
 public:
  explicit WaitingShards(TurnHouse& house) : house_(house) {}
  std::size_t databases() const override { return house_.shards->databases(); }
  std::size_t database_of(const StoreId& store) const override {
    return house_.shards->database_of(store);
  }
  Result<void> run(std::size_t database, ShardJob job) override {
    if (is_down) return refuse(Code::StorageFault, "down");
    jobs.emplace_back(database, std::move(job));
    return {};
  }
  std::size_t waiting(std::size_t) const override { return jobs.size(); }
  void run_all() {
    while (!jobs.empty()) {
      const auto [database, job] = std::move(jobs.front());
      jobs.pop_front();
      ++ran;
      job(house_.shards->shard(database))();
    }
  }
  std::deque<std::pair<std::size_t, ShardJob>> jobs;
  bool is_down = false;
  int ran = 0;

 private:
  TurnHouse& house_;
};

class Notes final : public Telemetry {
 public:
  void batch(const StoreId&, BatchFate, std::size_t) override {}
  void group(std::size_t, std::size_t, std::size_t, Duration) override {}
  void dropped(std::string_view) override {}
  void request(std::string_view, std::string_view, Duration) override {}
  void shard_error(std::size_t) override { ++errors; }
  void note(std::string_view) override {}
  void warn(std::string_view) override {}
  void alarm(std::string_view) override {}
  void turn(std::string_view step, std::string_view outcome) override {
    ++turns[std::string(step) + " " + std::string(outcome)];
  }
  std::map<std::string, int> turns;
  int errors = 0;
};

class SaidPaid final : public PaidCheck {
 public:
  void ask(const DueOrder& order, Done<Paid> done) override {
    asked.push_back(order.order);
    if (is_silent) return done(refuse(Code::Unavailable, "the order service is away"));
    done(paid.contains(order.order) ? Paid::Yes : Paid::No);
  }
  std::set<std::string> paid;
  std::vector<std::string> asked;
  bool is_silent = false;
};

class TurnstileTest : public testing::Test {
 protected:
  TurnstileTest() {
    house.count("soup", 100);
    lease = house.grant("soup", 10, {}, 100'000);
    Turnstile::Ports ports{clock, shards, notes, paid, {}, {}, {}, {}};
    ports.on_committed = [this](std::size_t) { ++commits; };
    ports.on_seen = [this](const StoreId&, const std::vector<RightsSeen>& all) {
      seen.insert(seen.end(), all.begin(), all.end());
      return more_may_come;
    };
    ports.hub_is_there = [this](const StoreId&) { return more_may_come; };
    gate = std::make_unique<Turnstile>(ports);
  }
  using Lines = Turnstile::Lines;
  Done<Lines> into(const std::string& name) {
    return [this, name](Result<Lines> lines) {
      answers[name] = lines ? "ok" : std::string(code_name(lines.error().code()));
    };
  }
  void reserve(const std::string& number, int quantity) {
    gate->reserve(house.order(number, {Demand{SkuId("soup"), units(quantity)}}), into(number));
  }
  void pass(Duration time) {
    clock.passed = clock.passed + time;
    gate->tick();
    shards.run_all();
  }

  TurnHouse house;
  std::string lease;
  HandClock clock;
  WaitingShards shards{house};
  Notes notes;
  SaidPaid paid;
  std::vector<RightsSeen> seen;
  bool more_may_come = false;
  int commits = 0;
  std::unique_ptr<Turnstile> gate;
  std::map<std::string, std::string> answers;
};

TEST_F(TurnstileTest, what_waits_when_the_worker_comes_is_one_commit) {
  for (int i = 0; i < 40; ++i) reserve("A-" + std::to_string(i), 1);
  EXPECT_TRUE(answers.empty()) << "nothing is answered before it is durable";
  shards.run_all();
  EXPECT_EQ(answers.size(), 40U);
  EXPECT_EQ(shards.ran, 1);
  EXPECT_EQ(commits, 1);
  EXPECT_EQ(notes.turns["reserve ok"], 10);
  EXPECT_EQ(notes.turns["reserve out_of_stock"], 30);
}

TEST_F(TurnstileTest, a_full_queue_and_a_broken_database_answer_at_once) {
  for (std::size_t i = 0; i < kTurnsQueuedMax + 1; ++i) reserve("A-" + std::to_string(i), 1);
  EXPECT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers.begin()->second, "overloaded");
  shards.run_all();
  answers.clear();
  shards.is_down = true;
  reserve("B-1", 1);
  EXPECT_EQ(answers["B-1"], "storage_fault");
  EXPECT_EQ(notes.errors, 1);
}

TEST_F(TurnstileTest, an_order_is_found_by_its_number) {
  reserve("A-1", 3);
  shards.run_all();
  gate->confirm(ConfirmOrder{{}, "A-1", {}, false, {}}, into("confirm"));
  shards.run_all();
  EXPECT_EQ(answers["confirm"], "ok");
  EXPECT_EQ(house.lease(lease).sold, units(3));
  gate->confirm(ConfirmOrder{{}, "A-2", {}, false, {}}, into("unknown"));
  shards.run_all();
  EXPECT_EQ(answers["unknown"], "not_found");
  // Another process has no memory of it.
  house.reserve("A-3", "soup", 1);
  gate->release(ReleaseOrder{{}, "A-3", "x", {}, false}, into("release"));
  shards.run_all();
  EXPECT_EQ(answers["release"], "ok");
  EXPECT_TRUE(house.lease(lease).held.is_zero());
}

TEST_F(TurnstileTest, a_cancel_of_an_order_nobody_knows_is_kept_in_every_database) {
  gate->release(ReleaseOrder{{}, "A-1", "closed", {}, false}, into("release"));
  shards.run_all();
  EXPECT_EQ(answers["release"], "ok");
  reserve("A-1", 1);
  shards.run_all();
  EXPECT_EQ(answers["A-1"], "cancelled");
}

TEST_F(TurnstileTest, what_runs_out_unpaid_is_released) {
  reserve("A-1", 3);
  shards.run_all();
  pass(Duration{kReservationLife.micros - 1});
  EXPECT_TRUE(paid.asked.empty());
  pass(kSweepEvery);
  EXPECT_EQ(paid.asked, std::vector<std::string>{"A-1"});
  EXPECT_TRUE(house.lease(lease).held.is_zero());
  EXPECT_EQ(notes.turns["expire ok"], 1);
}

TEST_F(TurnstileTest, what_runs_out_paid_is_confirmed) {
  reserve("A-1", 3);
  shards.run_all();
  paid.paid.insert("A-1");
  pass(kReservationLife);
  EXPECT_EQ(house.lease(lease).sold, units(3));
  pass(kSweepEvery);
  EXPECT_EQ(paid.asked.size(), 1U) << "it is over";
}

TEST_F(TurnstileTest, no_answer_means_later_and_not_released) {
  reserve("A-1", 3);
  shards.run_all();
  paid.is_silent = true;
  pass(kReservationLife);
  EXPECT_EQ(house.lease(lease).held, units(3));
  pass(kSweepEvery);
  EXPECT_EQ(paid.asked.size(), 1U) << "not every second";
  pass(kAskPaidAgain);
  EXPECT_EQ(paid.asked.size(), 2U);
  EXPECT_EQ(house.lease(lease).held, units(3));
  paid.is_silent = false;
  pass(kAskPaidAgain);
  EXPECT_TRUE(house.lease(lease).held.is_zero());
}

TEST_F(TurnstileTest, what_is_short_waits_for_a_grant_that_may_come) {
  more_may_come = true;
  reserve("A-1", 12);
  shards.run_all();
  EXPECT_TRUE(answers.empty());
  house.grant("soup", 5, {}, 100'000);
  gate->granted(house.hub.store());
  shards.run_all();
  EXPECT_EQ(answers["A-1"], "ok");
  EXPECT_EQ(house.lease(lease).held, units(12));
}

TEST_F(TurnstileTest, what_is_short_is_refused_when_its_patience_is_over) {
  more_may_come = true;
  reserve("A-1", 12);
  shards.run_all();
  pass(Duration{kGrantPatience.micros - 1});
  EXPECT_TRUE(answers.empty());
  pass(Duration{1});
  EXPECT_EQ(answers["A-1"], "out_of_stock");
  EXPECT_EQ(house.ask("SELECT count(*) FROM outbox WHERE payload LIKE '%RESERVE_FAILED%'"),
            std::vector<std::string>{"1"})
      << "told once, when it is final";
}

TEST_F(TurnstileTest, what_is_wanted_is_known_to_whoever_asks_for_leases) {
  reserve("A-1", 4);
  reserve("A-2", 9);
  shards.run_all();
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[0].idle, units(6));
  EXPECT_FALSE(seen[0].is_refused);
  EXPECT_EQ(seen[1].wanted, units(9));
  EXPECT_TRUE(seen[1].is_refused);
  EXPECT_TRUE(seen[1].ask_channel.empty());
}

}  // namespace
}  // namespace larder::relay
