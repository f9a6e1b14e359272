// The pump's order, waits and ends, on a clock that the test moves.
#include <gtest/gtest.h>

#include "relay/app/bucket.hpp"
#include "tests/outbox/post_office.hpp"

namespace larder::relay {
namespace {

using Keys = std::vector<std::string>;
const Duration kSecond = Duration::seconds(1);

Result<void> no() { return refuse(Code::Busy, "not this one"); }

TEST(Outbox, sends_every_row_once_in_order_of_id) {
  PostOffice office;
  for (int i = 0; i < 500; ++i) {
    office.store.add("s" + std::to_string(i % 7), "k" + std::to_string(i));
  }
  office.settle();
  ASSERT_EQ(office.bus.taken.size(), 500U);
  for (int store = 0; store < 7; ++store) {
    int last = -1;
    for (const auto& key : office.taken_of("s" + std::to_string(store))) {
      EXPECT_GT(std::stoi(key.substr(1)), last);
      last = std::stoi(key.substr(1));
    }
  }
  EXPECT_EQ(office.bus.most_under_way_in_a_group, 1);
  EXPECT_LE(office.store.page_max, 100U);
  for (const auto& table : office.store.rows) {
    for (const auto& [id, row] : table) EXPECT_EQ(row.status, "DONE");
  }
  EXPECT_EQ(office.pump->counts().lines, 0U);
}

// Third of the estate's production faults: the scan covered the first ten shards.
TEST(Outbox, every_one_of_the_1024_buckets_is_scanned) {
  PostOffice office;
  std::vector<bool> has_store(kBuckets);
  std::size_t stores = 0;
  for (int i = 0; stores < kBuckets; ++i) {
    const StoreId store("store-" + std::to_string(i));
    if (has_store[bucket_of(store)]) continue;
    has_store[bucket_of(store)] = true;
    office.store.add(store.text(), "b" + std::to_string(bucket_of(store)));
    ++stores;
  }
  office.settle();
  EXPECT_EQ(office.bus.taken.size(), std::size_t{kBuckets});
}

TEST(Outbox, a_row_that_fails_holds_back_its_store_and_no_other) {
  PostOffice office(1);
  bool is_bad = true;
  office.bus.answer = [&](const Message& m) {
    return m.key == "a1" && is_bad ? no() : Result<void>();
  };
  for (const char* key : {"a1", "b1", "a2", "b2"}) office.store.add(std::string(1, key[0]), key);
  office.settle();
  EXPECT_EQ(office.taken_of("a"), Keys{});
  EXPECT_EQ(office.taken_of("b"), (Keys{"b1", "b2"}));
  office.store.add("a", "a3");
  office.store.add("b", "b3");
  office.settle();
  EXPECT_EQ(office.taken_of("a"), Keys{});
  EXPECT_EQ(office.taken_of("b"), (Keys{"b1", "b2", "b3"}));
  is_bad = false;
  office.pass(kSecond, kSecond);
  EXPECT_EQ(office.taken_of("a"), (Keys{"a1", "a2", "a3"}));
}

TEST(Outbox, waits_double_up_to_their_cap) {
  OutboxOptions options;
  options.longest_wait = Duration::seconds(5);
  PostOffice office(1, options);
  office.store.add("a", "a1");
  office.bus.answer = [](const Message&) { return no(); };
  office.settle();
  std::vector<std::int64_t> tried_at{0};
  for (int tenth = 1; tenth < 400; ++tenth) {
    office.pass(Duration{100'000}, Duration{100'000});
    if (static_cast<std::size_t>(office.bus.tries["a1"]) > tried_at.size()) {
      tried_at.push_back(tenth);
    }
  }
  EXPECT_EQ(tried_at, (std::vector<std::int64_t>{0, 10, 30, 70, 120, 170, 220, 270, 320, 370}));
}

TEST(Outbox, nine_failures_and_the_tenth_try_delivers) {
  PostOffice office;
  office.bus.answer = [&](const Message& m) {
    return office.bus.tries[m.key] < 10 ? no() : Result<void>();
  };
  for (const char* store : {"a", "b", "c"}) office.store.add(store, store + std::string("1"));
  office.settle();
  office.pass(Duration::minutes(20), kSecond);
  EXPECT_EQ(office.bus.taken.size(), 3U);
  EXPECT_EQ(office.row("a1").status, "DONE");
  EXPECT_TRUE(office.telemetry.alarms.empty());
}

TEST(Outbox, the_tenth_failure_is_dead_and_the_store_goes_on) {
  PostOffice office(1);
  office.bus.answer = [](const Message& m) { return m.key == "a1" ? no() : Result<void>(); };
  office.store.add("a", "a1");
  office.store.add("a", "a2");
  office.settle();
  office.pass(Duration::minutes(20), kSecond);
  EXPECT_EQ(office.row("a1").status, "DEAD");
  EXPECT_EQ(office.row("a1").retry_count, 10);
  EXPECT_EQ(office.bus.tries["a1"], 10);
  EXPECT_EQ(office.taken_of("a"), (Keys{"a2"}));
  ASSERT_EQ(office.telemetry.alarms.size(), 1U);
  EXPECT_NE(office.telemetry.alarms[0].find("a1"), std::string::npos);

  office.bus.answer = nullptr;
  ASSERT_TRUE(*office.store.outbox_resend(0, office.row("a1").id, office.clock.now()));
  office.pump->look_again(0);
  office.settle();
  EXPECT_EQ(office.taken_of("a"), (Keys{"a2", "a1"}));
  EXPECT_EQ(office.row("a1").status, "DONE");
}

TEST(Outbox, a_row_sent_back_is_found_without_being_told) {
  PostOffice office(1);
  office.bus.answer = [](const Message&) { return no(); };
  office.store.add("a", "a1");
  office.settle();
  office.pass(Duration::minutes(20), kSecond);
  office.bus.answer = nullptr;
  office.store.add("a", "a2");
  office.settle();
  ASSERT_TRUE(*office.store.outbox_resend(0, office.row("a1").id, office.clock.now()));
  office.pass(Duration::seconds(12), kSecond);
  EXPECT_EQ(office.taken_of("a"), (Keys{"a2", "a1"}));
}

TEST(Outbox, a_restart_does_not_let_a_later_row_overtake) {
  PostOffice office(1);
  office.bus.answer = [](const Message& m) { return m.key == "a1" ? no() : Result<void>(); };
  office.store.add("a", "a1");
  office.settle();
  office.pass(Duration::minutes(1), kSecond);
  ASSERT_EQ(office.row("a1").status, "INIT");
  ASSERT_GT(office.row("a1").next_retry_at, office.clock.now());

  office.store.add("a", "a2");
  office.open();
  office.settle();
  EXPECT_EQ(office.taken_of("a"), Keys{}) << "a1's time has not come, so a2's has not";
  office.bus.answer = nullptr;
  office.pass(Duration::minutes(2), kSecond);
  EXPECT_EQ(office.taken_of("a"), (Keys{"a1", "a2"}));
}

TEST(Outbox, a_clock_that_was_set_back_years_holds_nothing_for_years) {
  PostOffice office(1);
  office.store.add("a", "a1", TimePoint{4'000'000'000'000'000});
  office.settle();
  EXPECT_EQ(office.taken_of("a"), Keys{});
  office.pass(Duration::minutes(6), kSecond);
  EXPECT_EQ(office.taken_of("a"), (Keys{"a1"}));
}

TEST(Outbox, what_is_committed_meanwhile_is_sent_when_woken) {
  PostOffice office(1);
  office.settle();
  office.store.add("a", "a1");
  office.pump->wake(0);
  office.jobs.settle();
  EXPECT_EQ(office.taken_of("a"), (Keys{"a1"}));
}

}  // namespace
}  // namespace larder::relay
