// The pump when the bus, the database or the process fails: cases 79, 80 and 81.
#include <gtest/gtest.h>

#include <set>

#include "tests/outbox/post_office.hpp"

namespace larder::relay {
namespace {

using Keys = std::vector<std::string>;
const Duration kSecond = Duration::seconds(1);

TEST(Outbox, case_79_a_bus_that_is_away_for_a_day_costs_no_row_a_try) {
  PostOffice office;
  for (int i = 0; i < 300; ++i) {
    office.store.add("s" + std::to_string(i % 20), "k" + std::to_string(i));
  }
  office.bus.answer = [](const Message&) -> Result<void> {
    return refuse(Code::Unavailable, "no connection");
  };
  office.settle();
  office.pass(Duration::minutes(24 * 60), Duration::seconds(20));
  EXPECT_TRUE(office.pump->counts().is_paused);
  int tries = 0;
  for (const auto& [key, count] : office.bus.tries) tries += count;
  EXPECT_LT(tries, 2 * 24 * 60 * 4 + 200) << "it asks now and then, not with every row";
  for (const auto& table : office.store.rows) {
    for (const auto& [id, row] : table) {
      EXPECT_EQ(row.status, "INIT");
      EXPECT_EQ(row.retry_count, 0);
    }
  }
  office.bus.answer = nullptr;
  office.pass(Duration::seconds(20), kSecond);
  EXPECT_EQ(office.bus.taken.size(), 300U);
  EXPECT_FALSE(office.pump->counts().is_paused);
}

TEST(Outbox, case_79_a_poison_row_is_quarantined_and_the_rest_is_sent) {
  PostOffice office(1);
  office.bus.answer = [](const Message& m) -> Result<void> {
    if (m.key == "s3-5") return refuse(Code::TooLarge, "the bus does not take it");
    return {};
  };
  for (int row = 0; row < 40; ++row) {
    for (int store = 0; store < 5; ++store) {
      const std::string name = "s" + std::to_string(store);
      office.store.add(name, name + "-" + std::to_string(row));
    }
  }
  office.settle();
  EXPECT_EQ(office.taken_of("s3").size(), 5U);
  EXPECT_EQ(office.taken_of("s2").size(), 40U);
  office.pass(Duration::minutes(20), kSecond);
  const Keys of_three = office.taken_of("s3");
  ASSERT_EQ(of_three.size(), 39U);
  EXPECT_EQ(of_three[5], "s3-6");
  EXPECT_EQ(office.row("s3-5").status, "DEAD");
}

TEST(Outbox, case_79_memory_is_bounded_whatever_waits) {
  PostOffice office(1);
  constexpr int kRows = 100'000;
  for (int i = 0; i < kRows; ++i) office.store.add("s" + std::to_string(i % 1000), "k");
  office.bus.is_silent = true;
  std::size_t most = 0;
  for (int i = 0; i < 20'000; ++i) {
    if (office.jobs.empty()) office.pump->tick();
    if (office.jobs.empty()) break;
    office.jobs.run_one();
    most = std::max(most, office.pump->counts().in_hand);
  }
  EXPECT_GE(most, 1'000U);
  EXPECT_LE(most, kOutboxRowsInHand);
  EXPECT_LE(office.pump->counts().lines, 1'000U);
}

TEST(Outbox, case_79_a_backlog_behind_a_broken_store_is_not_walked_over_again) {
  PostOffice office(1);
  for (int i = 0; i < 20'000; ++i) office.store.add("broken", "x" + std::to_string(i));
  office.store.add("fine", "f1");
  office.bus.answer = [](const Message& m) -> Result<void> {
    if (m.group == "broken") return refuse(Code::Busy, "no");
    return {};
  };
  office.settle();
  EXPECT_EQ(office.taken_of("fine"), (Keys{"f1"}));
  const std::size_t once = office.store.rows_read;
  for (int i = 2; i < 22; ++i) {
    office.store.add("fine", "f" + std::to_string(i));
    office.pass(kSecond, kSecond);
  }
  EXPECT_EQ(office.taken_of("fine").size(), 21U);
  EXPECT_LT(office.store.rows_read - once, 6'000U);
}

TEST(Outbox, case_79_an_answer_that_never_comes_is_a_try_and_the_row_goes_again) {
  PostOffice office(1);
  office.store.add("a", "a1");
  office.bus.is_silent = true;
  office.settle();
  office.pass(Duration::seconds(10), kSecond);
  EXPECT_EQ(office.bus.tries["a1"], 1);
  office.bus.is_silent = false;
  office.pass(Duration::seconds(40), kSecond);
  EXPECT_EQ(office.taken_of("a"), (Keys{"a1"}));
}

TEST(Outbox, case_79_a_bus_that_answers_nobody_is_away_not_a_reason_to_give_rows_up) {
  PostOffice office(1);
  office.store.add("a", "a1");
  office.store.add("b", "b1");
  office.bus.is_silent = true;
  office.settle();
  office.pass(Duration::minutes(120), kSecond);
  EXPECT_EQ(office.row("a1").status, "INIT");
  EXPECT_EQ(office.row("a1").retry_count, 0);
  EXPECT_EQ(office.row("b1").retry_count, 0);
}

// The fourth fault that the estate has paid for: one slow consumer delayed all stores past 10 s.
TEST(Outbox, production_fault_4_a_slow_consumer_of_one_store_delays_no_other) {
  PostOffice office(1);
  office.bus.slow_group = "slow";
  for (int i = 0; i < 40; ++i) {
    office.store.add("slow", "slow" + std::to_string(i));
    office.store.add("s" + std::to_string(i), "k" + std::to_string(i));
  }
  office.settle();  // no time passes
  EXPECT_EQ(office.bus.taken.size(), 40U) << "every other store has its message at once";
  EXPECT_EQ(office.bus.most_under_way_in_a_group, 1) << "and the slow one's wait in line";
}

TEST(Outbox, case_80_killed_between_send_and_mark_it_sends_again_under_the_same_key) {
  PostOffice office(1);
  office.store.add("a", "a1");
  office.store.add("a", "a2");
  office.store.can_mark = false;  // the process ends before a mark is durable
  office.settle();
  EXPECT_EQ(office.taken_of("a"), (Keys{"a1", "a2"}));
  office.store.can_mark = true;
  office.open();
  office.settle();
  EXPECT_EQ(office.taken_of("a"), (Keys{"a1", "a2", "a1", "a2"}));
  EXPECT_EQ(office.row("a2").status, "DONE");
}

TEST(Outbox, a_mark_that_fails_is_tried_again_without_sending_again) {
  PostOffice office(1);
  office.store.add("a", "a1");
  office.store.can_mark = false;
  office.settle();
  office.pass(Duration::seconds(30), kSecond);
  EXPECT_EQ(office.bus.tries["a1"], 1);
  office.store.can_mark = true;
  office.pass(kSecond, kSecond);
  EXPECT_EQ(office.row("a1").status, "DONE");
  EXPECT_EQ(office.bus.tries["a1"], 1);
}

TEST(Outbox, a_database_that_takes_no_job_is_asked_again) {
  PostOffice office(1);
  office.store.add("a", "a1");
  office.shards.is_open = false;
  office.settle();
  EXPECT_EQ(office.taken_of("a"), Keys{});
  office.shards.is_open = true;
  office.settle();
  EXPECT_EQ(office.taken_of("a"), (Keys{"a1"}));
}

TEST(Outbox, case_81_two_workers_double_rows_and_lose_none) {
  PostOffice office(1);
  OutboxPump other(office.shards, office.bus, office.clock, office.telemetry, office.options);
  office.bus.answer = [&](const Message& m) -> Result<void> {
    if (office.bus.tries[m.key] % 3 == 1) return refuse(Code::Busy, "now and then");
    return {};
  };
  std::set<std::string> keys;
  for (int i = 0; i < 300; ++i) {
    keys.insert("k" + std::to_string(i));
    office.store.add("s" + std::to_string(i % 9), "k" + std::to_string(i));
  }
  for (int second = 0; second < 3'600; ++second) {
    office.clock.pass(kSecond);
    other.tick();
    office.settle();
  }
  std::set<std::string> taken;
  for (const Message& message : office.bus.taken) taken.insert(message.key);
  EXPECT_EQ(taken, keys);
  for (const auto& [id, row] : office.store.rows[0]) EXPECT_EQ(row.status, "DONE");
}

TEST(Outbox, an_answer_after_the_pump_is_gone_does_no_harm) {
  PostOffice office(1);
  office.store.add("a", "a1");
  office.pump->tick();
  office.jobs.run_one();
  office.jobs.run_one();
  office.pump.reset();
  office.jobs.settle();
  EXPECT_EQ(office.row("a1").status, "INIT");
}

}  // namespace
}  // namespace larder::relay
