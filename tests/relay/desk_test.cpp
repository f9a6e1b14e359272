// What is shown of the stores, who is suspicious, and the desk that HTTP asks.
#include <gtest/gtest.h>

#include "relay/app/figures.hpp"
#include "relay/app/relay_desk.hpp"
#include "tests/relay/relay_house.hpp"

namespace larder::relay {
namespace {

class RelayDeskTest : public ::testing::Test {
 protected:
  RelayHouse house;
  RelayDesk desk{*house.relay, RelayDesk::Ports{house.clock, house.shards, house.telemetry},
                 [] { return std::string("figures"); }};
};

TEST_F(RelayDeskTest, a_store_is_shown_live_or_away_since_when_and_how_far_behind) {
  EXPECT_FALSE(desk.store(StoreId("s1")));
  auto hub = house.hub("s1");
  hub->happen(30);
  hub->connect();
  auto view = desk.store(StoreId("s1"));
  ASSERT_TRUE(view);
  EXPECT_TRUE(view->is_live);
  EXPECT_EQ(view->since, house.clock.now());
  EXPECT_EQ(view->hub_head, 30U);
  EXPECT_EQ(view->behind, 30U);
  EXPECT_EQ(view->version, "0.1.0");
  EXPECT_TRUE(view->clock_ahead);
  house.give(hub->store, UplinkTopic::Events, hub->batch_bytes(1, 10));
  view = desk.store(StoreId("s1"));
  ASSERT_TRUE(view->oldest_unsent_at);
  EXPECT_EQ(view->oldest_unsent_at, hub->batch(1, 1).records[0].at);
  house.settle({hub.get()});
  view = desk.store(StoreId("s1"));
  EXPECT_EQ(view->behind, 0U);
  EXPECT_FALSE(view->oldest_unsent_at);
  EXPECT_EQ(view->hub, hub->hub);
  house.clock.pass(Duration::seconds(5));
  const TimePoint left = house.clock.now();
  house.give(hub->store, UplinkTopic::Presence, encode(Presence{false, 1, "", {}}));
  house.clock.pass(Duration::seconds(5));
  EXPECT_FALSE(desk.store(StoreId("s1"))->is_live);
  EXPECT_EQ(desk.store(StoreId("s1"))->since, left);
}

TEST_F(RelayDeskTest, without_the_broker_nobody_is_known_to_be_there) {
  auto hub = house.hub("s1");
  hub->connect();
  EXPECT_TRUE(desk.health().is_ready());
  house.relay->inlet_down("gone");
  EXPECT_FALSE(desk.store(StoreId("s1"))->is_live);
  EXPECT_FALSE(desk.health().is_ready());
  EXPECT_EQ(desk.health().inlet_why, "gone");
}

TEST_F(RelayDeskTest, a_retained_last_word_of_an_unknown_store_makes_no_store) {
  house.give(StoreId("ghost"), UplinkTopic::Presence, encode(Presence{false, 1, "", {}}));
  EXPECT_EQ(desk.estate().stores, 0U);
}

TEST_F(RelayDeskTest, the_list_is_in_order_in_pages_and_by_what_is_asked_for) {
  for (int i = 0; i < 9; ++i) {
    auto hub = house.hub("b" + std::to_string(i));
    hub->happen(i % 3 == 0 ? 5 : 0);
    hub->connect();
  }
  house.hub("a1")->connect();
  house.give(StoreId("b4"), UplinkTopic::Presence, encode(Presence{false, 1, "", {}}));
  const auto names = [this](StoresQuery query) {
    std::string text;
    for (const StoreView& view : desk.stores(query)) text += view.store.text() + " ";
    return text;
  };
  StoresQuery query;
  query.limit = 3;
  EXPECT_EQ(names(query), "a1 b0 b1 ");
  query.after = StoreId("b1");
  EXPECT_EQ(names(query), "b2 b3 b4 ");
  query = {};
  query.prefix = "b";
  query.limit = 2;
  EXPECT_EQ(names(query), "b0 b1 ");
  query.after = StoreId("b7");
  EXPECT_EQ(names(query), "b8 ");
  query = {};
  query.only = StoresQuery::Only::Away;
  EXPECT_EQ(names(query), "b4 ");
  query.only = StoresQuery::Only::Behind;
  EXPECT_EQ(names(query), "b0 b3 b6 ");
  query.only = StoresQuery::Only::Frozen;
  EXPECT_EQ(names(query), "");
  const EstateView estate = desk.estate();
  EXPECT_EQ(estate.stores, 10U);
  EXPECT_EQ(estate.live, 9U);
  EXPECT_EQ(estate.behind, 15U);
  EXPECT_EQ(house.relay->worst(2).size(), 2U);
}

TEST_F(RelayDeskTest, case_61_a_boot_that_comes_back_after_another_one_is_two_hubs) {
  auto hub = house.hub("s1");
  auto clone = house.hub("s1");
  clone->boot = "boot-of-the-copy";
  hub->connect();
  house.clock.pass(Duration::seconds(5));
  clone->connect();
  EXPECT_TRUE(house.telemetry.alarms.empty()) << "one change is a restart";
  house.clock.pass(Duration::seconds(5));
  hub->connect();
  ASSERT_EQ(house.telemetry.alarms.size(), 1U);
  EXPECT_NE(house.telemetry.alarms[0].find("two hubs under one identity"), std::string::npos);
  for (int i = 0; i < 5; ++i) {
    clone->connect();
    hub->connect();
  }
  EXPECT_EQ(house.telemetry.alarms.size(), 1U) << "told once a minute";
}

TEST_F(RelayDeskTest, case_61_a_hub_that_crashes_again_and_again_is_not_two) {
  auto hub = house.hub("s1");
  for (int i = 0; i < 20; ++i) {
    hub->restart("boot-" + std::to_string(i));
    hub->connect();
    hub->hello();
    house.clock.pass(Duration::seconds(1));
  }
  EXPECT_TRUE(house.telemetry.alarms.empty());
}

TEST_F(RelayDeskTest, case_61_slow_alternation_is_no_loop) {
  auto hub = house.hub("s1");
  for (const char* boot : {"a", "b", "a", "b"}) {
    hub->restart(boot);
    hub->connect();
    house.clock.pass(Duration::seconds(61));
  }
  EXPECT_TRUE(house.telemetry.alarms.empty());
}

TEST_F(RelayDeskTest, a_person_lets_a_frozen_store_go_on) {
  auto hub = house.hub("s1");
  hub->happen(10);
  hub->connect();
  house.settle({hub.get()});
  house.rows("s1").mark.is_frozen = true;
  hub->happen(10);
  hub->pump();
  house.settle({hub.get()});
  EXPECT_EQ(house.last_ack("s1").state, Ack::State::Frozen);
  bool is_done = false;
  desk.unfreeze(StoreId("s1"), "hq:alice",
                [&is_done](Result<void> result) { is_done = result.has_value(); });
  house.shards.run_all();
  EXPECT_TRUE(is_done);
  EXPECT_EQ(house.last_ack("s1").state, Ack::State::Ok) << "the hub is told at once";
  hub->rewind();
  house.settle({hub.get()});
  EXPECT_TRUE(hub->is_done());
}

TEST_F(RelayDeskTest, a_database_that_does_not_answer_ends_in_an_answer_all_the_same) {
  std::optional<Error> error;
  desk.stock(StoreId("s1"), [&error](Result<std::vector<StockRecord>> result) {
    ASSERT_FALSE(result);
    ASSERT_FALSE(error) << "answered once";
    error = result.error();
  });
  desk.tick();
  EXPECT_FALSE(error);
  house.clock.pass(kDeskPatience);
  desk.tick();
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), Code::Unavailable);
  house.shards.run_all();  // too late
  error.reset();
  house.shards.refuses = true;
  desk.stock(StoreId("s1"),
             [&error](Result<std::vector<StockRecord>> result) { error = result.error(); });
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), Code::Busy) << "at once";
}

TEST_F(RelayDeskTest, questions_over_all_databases_are_put_together) {
  house.store().dead = {OutboxRow{0, 7, "t", "k7", StoreId("a"), "", "DEAD", 10, {}, {5}},
                        OutboxRow{1, 3, "t", "k3", StoreId("b"), "", "DEAD", 10, {}, {4}}};
  std::vector<StockRecord> records;
  desk.stock_of_sku(SkuId("soup"), 10, [&records](auto result) { records = *result; });
  std::vector<OutboxRow> dead;
  desk.outbox_dead(10, [&dead](auto result) { dead = *result; });
  OutboxView outbox;
  desk.outbox([&outbox](auto result) { outbox = *result; });
  std::optional<bool> resent, unknown;
  house.shards.run_all();
  desk.outbox_resend(1, 3, [&resent](auto result) { resent = *result; });
  desk.outbox_resend(1, 99, [&unknown](auto result) { unknown = *result; });
  std::optional<Error> none;
  desk.outbox_resend(9, 1, [&none](auto result) { none = result.error(); });
  house.shards.run_all();
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].store.text(), "s-a");
  ASSERT_EQ(dead.size(), 2U);
  EXPECT_EQ(dead[0].id, 3) << "the older first";
  EXPECT_EQ(outbox.waiting, 2U);
  EXPECT_EQ(outbox.dead, 2U);
  EXPECT_EQ(outbox.oldest, TimePoint{1});
  EXPECT_EQ(resent, true);
  EXPECT_EQ(unknown, false);
  EXPECT_EQ(none->code(), Code::NotFound);
  EXPECT_EQ(desk.metrics(), "figures");
}

TEST_F(RelayDeskTest, the_figures_of_the_databases_are_asked_for_now_and_then) {
  Figures figures(house.clock, house.shards, house.telemetry);
  figures.tick();
  figures.tick();
  EXPECT_EQ(house.shards.waiting(0), 1U);
  house.shards.run_all();
  EXPECT_EQ(figures.outbox().waiting, 2U);
  figures.tick();
  EXPECT_EQ(house.shards.waiting(0), 0U);
  house.clock.pass(kFiguresEvery);
  figures.tick();
  EXPECT_EQ(house.shards.waiting(0), 1U);
}

}  // namespace
}  // namespace larder::relay
