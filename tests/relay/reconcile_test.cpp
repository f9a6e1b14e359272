// The comparison of stock with the hubs: its schedule, its questions, and what ends it.
#include <gtest/gtest.h>

#include "relay/app/reconciliation.hpp"
#include "tests/relay/relay_house.hpp"

namespace larder::relay {
namespace {

const StoreId kStore("s1");

StockLevel limited(int units) {
  StockLevel level;
  level.type = StockType::Limited;
  level.available = Quantity::units(units);
  return level;
}

// Rows of one store, held in memory.
class MemoryRows final : public ReconcileStore {
 public:
  Result<StockLook> compare_stock(const StoreId&, const SkuId& after,
                                  const StockBooks& hubs) override {
    ++looks;
    StockLook look;
    look.is_comparable = !refuses;
    for (const StockMark& each : hubs.marks) {
      EXPECT_LT(after, each.sku);
      ++look.skus;
      if (level_mark(each.sku, levels[each.sku]) != each.mark) look.differing.push_back(each.sku);
    }
    return look;
  }
  Result<StockRepair> repair_stock(const StoreId& store, const StockBooks& hubs,
                                   const std::string& by, TimePoint now) override {
    ++repairs;
    if (fault) return Refused(*fault);
    StockRepair done;
    for (const NamedLevel& each : hubs.levels) {
      levels[each.sku] = each.level;
      done.differences.push_back(
          {store, each.sku, "differs", "", hubs.epoch, hubs.seq, now, is_repairable, by});
    }
    return done;
  }
  Result<std::vector<StockDifference>> differences(const StoreId&, std::size_t) override {
    return std::vector<StockDifference>();
  }

  std::map<SkuId, StockLevel> levels;
  int looks = 0, repairs = 0;
  bool refuses = false, is_repairable = true;
  std::optional<Error> fault;
};

class RelayReconcile : public ::testing::Test {
 protected:
  explicit RelayReconcile(std::int64_t every_seconds = 0) : house(settings(every_seconds)) {
    house.store().reconcile = &rows;
    hub->happen(20);
    hub->levels[SkuId("soup")] = limited(5);
    hub->levels[SkuId("tea")] = limited(7);
    rows.levels = hub->levels;
    hub->connect();
    house.settle({hub.get()});
  }
  static RelaySettings settings(std::int64_t every_seconds) {
    RelaySettings made;
    made.reconcile_every = Duration::seconds(every_seconds);
    return made;
  }
  // Until it is quiet, or the hub is silent.
  void ask() {
    result.reset();
    house.relay->reconciler().reconcile(kStore, "hq:alice", [this](Result<Reconciliation> told) {
      ASSERT_TRUE(told) << told.error().message();
      result = std::move(*told);
    });
    house.settle({hub.get()});
  }
  void pass(Duration time) {
    house.clock.pass(time);
    house.relay->tick();
    house.settle({hub.get()});
  }

  MemoryRows rows;
  RelayHouse house;
  std::unique_ptr<ScriptedHub> hub = house.hub("s1");
  std::optional<Reconciliation> result;
};

TEST_F(RelayReconcile, equal_stock_is_equal) {
  ask();
  ASSERT_TRUE(result);
  EXPECT_TRUE(result->is_equal);
  EXPECT_EQ(result->unanswered, "");
  EXPECT_EQ(result->skus, 2U);
  EXPECT_EQ(result->seq, 20U);
  EXPECT_EQ(rows.repairs, 0);
  const auto view = Streams::view(*house.relay->streams().find(kStore));
  EXPECT_TRUE(view.reconciled_at);
  EXPECT_EQ(view.differences, 0U);
}

TEST_F(RelayReconcile, what_differs_is_fetched_and_written_as_the_hub_has_it) {
  rows.levels[SkuId("tea")] = limited(9);
  ask();
  ASSERT_TRUE(result);
  EXPECT_FALSE(result->is_equal);
  ASSERT_EQ(result->differences.size(), 1U);
  EXPECT_EQ(result->differences[0].sku, SkuId("tea"));
  EXPECT_EQ(result->differences[0].by, "hq:alice");
  EXPECT_EQ(rows.levels[SkuId("tea")], limited(7));
  EXPECT_EQ(Streams::view(*house.relay->streams().find(kStore)).differences, 1U);
  ask();
  EXPECT_TRUE(result->is_equal);
}

TEST_F(RelayReconcile, many_skus_are_asked_for_in_pages) {
  hub->marks_max = 3;
  for (int i = 0; i < 100; ++i) {
    const SkuId sku("x" + std::to_string(1'000 + i));
    hub->levels[sku] = limited(1);
    if (i % 2 == 0) rows.levels[sku] = limited(1);
  }
  ask();
  ASSERT_TRUE(result);
  EXPECT_EQ(result->skus, 102U);
  EXPECT_EQ(result->differences.size(), 50U);
  EXPECT_EQ(rows.levels, hub->levels);
}

TEST_F(RelayReconcile, a_hub_that_is_away_or_silent_is_said_to_be) {
  hub->answers_books = false;
  ask();
  EXPECT_FALSE(result);
  std::optional<Error> refused;
  house.relay->reconciler().reconcile(kStore, "hq:bob", [&](Result<Reconciliation> told) {
    if (!told) refused = told.error();
  });
  ASSERT_TRUE(refused) << "one at a time";
  EXPECT_EQ(refused->code(), Code::Busy);
  pass(kDeskPatience);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->unanswered, "the hub gave no answer");
  EXPECT_FALSE(result->is_equal);
  house.give(kStore, UplinkTopic::Presence, encode(Presence{false, 1, "", {}}));
  ask();
  ASSERT_TRUE(result);
  EXPECT_EQ(result->unanswered, "the store is away: its hub was not asked");
  house.relay->reconciler().reconcile(StoreId("nobody"), "hq:bob", [&](auto told) {
    if (!told) refused = told.error();
  });
  EXPECT_EQ(refused->code(), Code::NotFound);
}

TEST_F(RelayReconcile, a_hub_that_is_ahead_is_waited_for) {
  hub->credit = 0;
  hub->is_greeted = false;  // what happens now does not come up
  hub->happen(3);
  ask();
  EXPECT_FALSE(result);
  EXPECT_EQ(rows.looks, 0) << "the rows are not what they were at the hub's event";
  hub->hello();
  house.settle({hub.get()});
  ASSERT_TRUE(result);
  EXPECT_TRUE(result->is_equal);
  EXPECT_EQ(result->seq, 23U);
}

TEST_F(RelayReconcile, what_never_comes_ends_it) {
  hub->credit = 0;
  hub->is_greeted = false;
  hub->happen(3);
  ask();
  pass(kReconcilePatience);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->unanswered, "the hub's events up to 23 have not come yet");
}

TEST_F(RelayReconcile, a_foreign_or_late_answer_moves_nothing) {
  hub->answers_books = false;
  ask();
  BooksAnswer answer;
  answer.id = hub->questions.back().id;
  answer.stock = StockBooks{1, 20, {}, false, {}};
  house.give(StoreId("s2"), UplinkTopic::Tell, encode(answer));
  BooksAnswer late = answer;
  late.id = "r99";
  house.give(kStore, UplinkTopic::Tell, encode(late));
  house.settle({});
  EXPECT_FALSE(result);
  house.give(kStore, UplinkTopic::Tell, encode(answer));
  house.settle({});
  EXPECT_TRUE(result);
  house.give(kStore, UplinkTopic::Tell, encode(answer));
  EXPECT_EQ(rows.looks, 1);
}

TEST_F(RelayReconcile, levels_that_the_hub_leaves_out_are_no_agreement) {
  rows.levels.clear();
  hub->answers_books = false;
  ask();
  BooksAnswer answer;
  answer.id = hub->questions.back().id;
  answer.stock = StockBooks{1, 20, {{SkuId("soup"), "0123456789abcdef"}}, false, {}};
  house.give(kStore, UplinkTopic::Tell, encode(answer));
  house.settle({hub.get()});
  answer.id = hub->questions.back().id;
  answer.stock = StockBooks{1, 20, {}, false, {}};
  house.give(kStore, UplinkTopic::Tell, encode(answer));
  house.settle({hub.get()});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->unanswered, "the hub left out levels that it was asked for");
  EXPECT_FALSE(result->is_equal);
}

TEST_F(RelayReconcile, a_database_that_fails_is_told_and_what_was_found_before_too) {
  rows.levels.clear();
  rows.fault = Error(Code::StorageFull, "the disk is full");
  ask();
  ASSERT_TRUE(result);
  EXPECT_EQ(result->unanswered, "the disk is full");
  rows.refuses = true;
  ask();
  ASSERT_TRUE(result);
  EXPECT_EQ(result->unanswered, "the hub began another epoch meanwhile");
}

class RelaySchedule : public RelayReconcile {
 protected:
  RelaySchedule() : RelayReconcile(600) {}
};

TEST_F(RelaySchedule, each_store_has_its_turn_within_the_time_between_two) {
  auto other = house.hub("s2");
  other->happen(1);
  other->connect();
  house.settle({hub.get(), other.get()});
  const auto looked = [&] { return !hub->questions.empty() && !other->questions.empty(); };
  for (int second = 0; second < 602 && !looked(); ++second) {
    house.clock.pass(Duration::seconds(1));
    house.relay->tick();
    house.settle({hub.get(), other.get()});
  }
  EXPECT_TRUE(looked());
  EXPECT_EQ(rows.looks, 2);
  EXPECT_TRUE(house.telemetry.alarms.empty());
}

TEST_F(RelaySchedule, what_was_not_answered_is_asked_again_soon) {
  rows.refuses = true;
  ask();
  const int before = rows.looks;
  pass(kReconcileAgain);
  pass(kReconcileLook);
  EXPECT_EQ(rows.looks, before + 1);
}

TEST_F(RelaySchedule, what_cannot_be_repaired_is_a_persons) {
  rows.levels.clear();
  rows.is_repairable = false;
  ask();
  ASSERT_TRUE(result);
  EXPECT_EQ(house.telemetry.alarms.size(), 2U) << "soup, tea";
}

TEST_F(RelaySchedule, a_new_epoch_is_compared_at_once) {
  ask();
  const int before = rows.looks;
  hub->epoch = 2;
  hub->happen(1);
  hub->hello();
  house.settle({hub.get()});
  pass(kReconcileLook);
  EXPECT_EQ(rows.looks, before + 1);
}

}  // namespace
}  // namespace larder::relay
