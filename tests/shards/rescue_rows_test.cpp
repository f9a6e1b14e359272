// What is kept of hubs in recovery: promises, and what a person has decided.
#include <gtest/gtest.h>

#include "tests/shards/shard_fixture.hpp"

namespace larder::relay {
namespace {

class RescueRows : public testing::Test {
 protected:
  RescueRows() : store_(open_store(folder_.path())) {
    cook(kitchen_, 7, 10);
    hub_.take(kitchen_);
    apply_one(*store_, hub_.all());
  }
  void restarts() {
    store_.reset();
    store_ = open_store(folder_.path());
  }
  RescueRecord kept() {
    const auto all = store_->rescues(store_->database_of(hub_.store()));
    EXPECT_TRUE(all);
    return all && !all->empty() ? all->front() : RescueRecord{};
  }

  const HubId one_{"h-1"};
  Folder folder_;
  test::Store kitchen_;
  HubJournal hub_{"s1"};
  std::unique_ptr<SqliteShardStore> store_;
};

TEST_F(RescueRows, case_119_no_two_runs_are_promised_one_epoch_through_restarts) {
  EXPECT_EQ(store_->promise(hub_.store(), one_, "boot-1").value(), 1U);
  EXPECT_EQ(store_->promise(hub_.store(), one_, "boot-1").value(), 1U) << "the same run asks again";
  restarts();
  EXPECT_EQ(store_->promise(hub_.store(), one_, "boot-1").value(), 1U);
  EXPECT_EQ(store_->promise(hub_.store(), one_, "boot-2").value(), 2U);
  restarts();
  EXPECT_EQ(store_->promise(hub_.store(), HubId("h-2"), "boot-2").value(), 3U);
  EXPECT_EQ(store_->promise(hub_.store(), one_, "boot-1").value(), 4U);
  restarts();
  EXPECT_EQ(kept().promised, 5U);
}

TEST_F(RescueRows, a_promise_is_above_the_epoch_that_the_store_has_reached) {
  EXPECT_EQ(store_->promise(hub_.store(), one_, "boot-1").value(), 1U);
  const Seq before = hub_.last();
  for (int each = 0; each < 3; ++each) hub_.restore_to(before);
  ASSERT_EQ(apply_one(*store_, hub_.batch(hub_.last(), hub_.last())).fate, BatchFate::Applied);
  EXPECT_EQ(store_->promise(hub_.store(), one_, "boot-1").value(), 4U) << "that promise is used";
}

TEST_F(RescueRows, what_was_decided_is_kept_and_leaves_the_promises_alone) {
  ASSERT_TRUE(store_->promise(hub_.store(), one_, "boot-1"));
  RescueRecord said;
  said.store = hub_.store();
  said.permit_code = sha256("ABCD2345");
  said.permitted_by = "hq:alice";
  said.permitted_until = TimePoint{kNow.micros + 60'000'000};
  said.permit_epoch = 1;
  said.wrong_codes = 3;
  said.permitted_hub = HubId("h-9");
  said.suspect = HubId("h-7");
  said.denied = HubId("h-8");
  ASSERT_TRUE(store_->keep_rescue(said));
  restarts();
  said.promised = 2;
  said.hub = one_;
  said.boot = "boot-1";
  said.above = 1;
  EXPECT_TRUE(kept() == said);
  ASSERT_TRUE(store_->promise(hub_.store(), one_, "boot-2"));
  EXPECT_EQ(kept().denied, HubId("h-8"));
  EXPECT_EQ(kept().promised, 3U);
}

TEST_F(RescueRows, a_store_that_never_spoke_is_promised_nothing) {
  EXPECT_EQ(store_->promise(StoreId("s9"), one_, "boot-1").error().code(), Code::NotFound);
}

}  // namespace
}  // namespace larder::relay
