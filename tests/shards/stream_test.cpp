// What becomes of a batch: cases 51 to 57 of the catalogue, and epochs.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/shards/shard_fixture.hpp"

namespace larder::relay {
namespace {

// A store with a day of events behind it, and the relay beside it.
class Stream : public testing::Test {
 protected:
  Stream() : store_(open_store(folder_.path())) {
    cook(kitchen_, 7, 40);
    hub_.take(kitchen_);
  }
  BatchOutcome apply(const StoreBatch& batch) { return apply_one(*store_, batch); }
  std::uint64_t count(const std::string& table) {
    store_.reset();
    const auto found = rows(folder_.path(), database_, "SELECT count(*) FROM " + table);
    store_ = open_store(folder_.path());
    return std::stoull(found.at(0));
  }
  std::string events() const { return "store_events" + suffix_of(hub_.store()); }

  Folder folder_;
  test::Store kitchen_;
  HubJournal hub_{"s1"};
  std::size_t database_ = BucketMap(2, kTables).place(StoreId("s1")).database;
  std::unique_ptr<SqliteShardStore> store_;
};

TEST_F(Stream, a_new_store_is_taken_from_its_first_event) {
  const BatchOutcome outcome = apply(hub_.all());
  EXPECT_EQ(outcome.fate, BatchFate::Applied) << outcome.reason;
  EXPECT_EQ(outcome.mark.up_to, hub_.last());
  EXPECT_EQ(outcome.mark.epoch, 1U);
  EXPECT_EQ(outcome.mark.hub, HubId("h-1"));
  EXPECT_EQ(outcome.mark.hash, hub_.hash_at(hub_.last()));
  EXPECT_EQ(count(events()), hub_.last());
}

TEST_F(Stream, the_mark_is_there_after_a_restart) {
  apply(hub_.batch(1, 10));
  store_.reset();
  store_ = open_store(folder_.path());
  const StreamMark mark = mark_of(*store_, hub_.store());
  EXPECT_EQ(mark.up_to, 10U);
  EXPECT_EQ(mark.hash, hub_.hash_at(10));
  EXPECT_EQ(mark.last_commit_at, kNow);
  EXPECT_EQ(apply(hub_.batch(11, hub_.last())).fate, BatchFate::Applied);
}

TEST_F(Stream, case_51_a_duplicate_batch_has_no_effect) {
  apply(hub_.batch(1, 20));
  store_.reset();
  const auto before = all_rows(folder_.path());
  store_ = open_store(folder_.path());
  const BatchOutcome again = apply(hub_.batch(1, 20));
  EXPECT_EQ(again.fate, BatchFate::Duplicate);
  EXPECT_EQ(again.mark.up_to, 20U);
  EXPECT_EQ(apply(hub_.batch(5, 9)).fate, BatchFate::Duplicate);
  store_.reset();
  EXPECT_EQ(all_rows(folder_.path()), before);
}

TEST_F(Stream, case_51_only_the_suffix_of_an_overlap_is_taken) {
  apply(hub_.batch(1, 20));
  const BatchOutcome outcome = apply(hub_.batch(15, 30));
  EXPECT_EQ(outcome.fate, BatchFate::Applied) << outcome.reason;
  EXPECT_EQ(outcome.mark.up_to, 30U);
  EXPECT_EQ(count(events()), 30U);
}

TEST_F(Stream, case_52_batches_out_of_order_are_never_applied_so) {
  apply(hub_.batch(1, 10));
  const BatchOutcome early = apply(hub_.batch(21, 30));
  EXPECT_EQ(early.fate, BatchFate::Gap);
  EXPECT_EQ(early.mark.up_to, 10U);
  EXPECT_NE(early.reason.find("11 is expected"), std::string::npos) << early.reason;
  EXPECT_EQ(apply(hub_.batch(11, 20)).fate, BatchFate::Applied);
  EXPECT_EQ(apply(hub_.batch(21, 30)).fate, BatchFate::Applied);
  EXPECT_EQ(mark_of(*store_, hub_.store()).up_to, 30U);
}

TEST_F(Stream, case_53_a_gap_takes_nothing) {
  EXPECT_EQ(apply(hub_.batch(2, 10)).fate, BatchFate::Gap);
  apply(hub_.batch(1, 9));
  EXPECT_EQ(apply(hub_.batch(11, 12)).fate, BatchFate::Gap);
  EXPECT_EQ(count(events()), 9U);
}

TEST_F(Stream, case_54_other_bytes_under_a_number_freeze_the_store) {
  apply(hub_.batch(1, 20));
  HubJournal clone("s1");
  for (Seq seq = 1; seq <= 14; ++seq) clone.add_raw(hub_.data_at(seq));
  for (Seq seq = 15; seq <= 22; ++seq) clone.add(DayOpened{BusinessDay{20300101}});
  const BatchOutcome outcome = apply(clone.batch(10, 22));
  EXPECT_EQ(outcome.fate, BatchFate::Forked);
  EXPECT_TRUE(outcome.mark.is_frozen);
  EXPECT_EQ(outcome.mark.up_to, 20U);
  EXPECT_NE(outcome.reason.find("Event 15 of epoch 1"), std::string::npos) << outcome.reason;
  EXPECT_EQ(apply(hub_.batch(21, 22)).fate, BatchFate::Frozen);
  store_.reset();
  const std::string kept = "SELECT count(*) FROM forked_events WHERE seq = 15 AND side = ";
  EXPECT_EQ(rows(folder_.path(), database_, kept + "'ours'"), std::vector<std::string>{"1"});
  EXPECT_EQ(rows(folder_.path(), database_, kept + "'theirs'"), std::vector<std::string>{"1"});
  store_ = open_store(folder_.path());
  EXPECT_TRUE(mark_of(*store_, hub_.store()).is_frozen) << "a restart must not thaw it";
}

TEST_F(Stream, case_54_a_person_lets_the_stream_go_on_from_its_mark) {
  apply(hub_.batch(1, 20));
  StoreBatch other = hub_.batch(20, 20);
  other.envelope.records[0].payload = R"({"at":1,"cmd":"","by":"","event":"day.opened","body":{}})";
  EXPECT_EQ(apply(other).fate, BatchFate::Forked);
  ASSERT_TRUE(store_->unfreeze(hub_.store(), "hq:alice", kNow));
  EXPECT_FALSE(mark_of(*store_, hub_.store()).is_frozen);
  EXPECT_EQ(apply(hub_.batch(15, 25)).fate, BatchFate::Applied);
}

TEST_F(Stream, case_55_a_lower_epoch_is_stale) {
  apply(hub_.batch(1, 20));
  const HubJournal old = hub_;
  hub_.restore_to(20);
  EXPECT_EQ(apply(hub_.batch(21, 21)).fate, BatchFate::Applied);
  const BatchOutcome outcome = apply(old.batch(21, 22));
  EXPECT_EQ(outcome.fate, BatchFate::StaleEpoch);
  EXPECT_EQ(outcome.mark.epoch, 2U);
  EXPECT_EQ(outcome.mark.up_to, 21U);
}

TEST_F(Stream, case_55_another_hub_cannot_speak_for_the_store) {
  apply(hub_.batch(1, 20));
  StoreBatch stranger = hub_.batch(21, 22);
  stranger.hub = HubId("h-2");
  EXPECT_EQ(apply(stranger).fate, BatchFate::StaleEpoch);
  HubJournal empty("s1", "h-2");
  empty.restore_to(0);
  EXPECT_EQ(apply(empty.batch(1, 1)).fate, BatchFate::StaleEpoch);
  EXPECT_EQ(apply(hub_.batch(21, 22)).fate, BatchFate::Applied);
}

TEST_F(Stream, case_56_a_broken_chain_freezes_that_store_and_no_other) {
  test::Store other_kitchen;
  cook(other_kitchen, 8, 10);
  HubJournal other("s9");  // in the same database as s1
  other.take(other_kitchen);
  ASSERT_EQ(store_->database_of(other.store()), database_);
  apply(hub_.batch(1, 10));
  StoreBatch broken = hub_.batch(11, 20);
  broken.envelope.head[0] ^= 1;
  const std::vector<StoreBatch> group{other.batch(1, 5), broken, other.batch(6, 9)};
  const auto outcomes = store_->apply(database_, group, kNow);
  ASSERT_TRUE(outcomes);
  EXPECT_EQ((*outcomes)[0].fate, BatchFate::Applied);
  EXPECT_EQ((*outcomes)[1].fate, BatchFate::Forked);
  EXPECT_EQ((*outcomes)[2].fate, BatchFate::Applied);
  EXPECT_EQ(mark_of(*store_, hub_.store()).up_to, 10U);
  EXPECT_EQ(mark_of(*store_, other.store()).up_to, 9U);
}

TEST_F(Stream, case_57_an_unknown_event_is_parked_and_the_rest_goes_on) {
  apply(hub_.all());
  const Seq before = hub_.last();
  hub_.add_raw(R"({"at":5,"cmd":"","by":"","event":"robot.danced","body":{"steps":3}})", 99);
  hub_.add_raw("not JSON at all \xff", 3);
  hub_.add(StockChanged{
      Movement{SkuId("soup"), MovementKind::Count, kitchen_.level("soup"),
               StockLevel{StockType::Limited, StockStatus::Available, Quantity::units(77), {}}},
      DeviceId("till-1")});
  const BatchOutcome outcome = apply(hub_.batch(before + 1, hub_.last()));
  EXPECT_EQ(outcome.fate, BatchFate::Applied) << outcome.reason;
  EXPECT_EQ(outcome.mark.up_to, hub_.last());
  EXPECT_EQ(outcome.mark.parked, 2U);
  const auto soup = store_->stock_of(hub_.store(), SkuId("soup"));
  ASSERT_TRUE(soup && *soup);
  EXPECT_EQ((*soup)->level.available, Quantity::units(77));
  store_.reset();
  const auto parked = rows(
      folder_.path(), database_,
      "SELECT seq, type, reason FROM parked_events" + suffix_of(hub_.store()) + " ORDER BY seq");
  ASSERT_EQ(parked.size(), 2U);
  EXPECT_EQ(parked[0].find(std::to_string(before + 1) + "|99|event: robot.danced"), 0U);
  const auto raw =
      rows(folder_.path(), database_,
           "SELECT data FROM " + events() + " WHERE seq = " + std::to_string(before + 1));
  EXPECT_EQ(raw.at(0), hub_.data_at(before + 1)) << "byte for byte";
}

TEST_F(Stream, a_restored_hub_goes_on_below_the_old_mark_and_the_old_events_are_kept) {
  apply(hub_.all());
  const Seq old_last = hub_.last();
  const Seq stood_at = old_last - 12;
  hub_.restore_to(stood_at);
  hub_.add(DayOpened{BusinessDay{20261122}});
  const BatchOutcome outcome = apply(hub_.batch(stood_at + 1, hub_.last()));
  EXPECT_EQ(outcome.fate, BatchFate::Applied) << outcome.reason;
  EXPECT_EQ(outcome.mark.epoch, 2U);
  EXPECT_EQ(outcome.mark.up_to, stood_at + 2) << "lower than before";
  EXPECT_NE(outcome.reason.find("12 events of epoch 1"), std::string::npos) << outcome.reason;
  EXPECT_EQ(count(events()), old_last + 2);
  EXPECT_EQ(apply(hub_.batch(stood_at + 1, hub_.last())).fate, BatchFate::Duplicate);
}

TEST_F(Stream, an_epoch_that_does_not_begin_is_not_taken) {
  apply(hub_.batch(1, 20));
  HubJournal next = hub_;
  next.restore_to(20);
  next.add(DayOpened{BusinessDay{20261122}});
  EXPECT_EQ(apply(next.batch(22, 22)).fate, BatchFate::Gap) << "not its first event";
  StoreBatch lie = hub_.batch(21, 22);
  lie.envelope.epoch = 2;
  EXPECT_EQ(apply(lie).fate, BatchFate::Gap) << "an epoch says that it begins";
  HubJournal ahead = hub_;
  ahead.restore_to(25);
  EXPECT_EQ(apply(ahead.batch(26, 26)).fate, BatchFate::Gap) << "21 to 25 are missing";
  EXPECT_EQ(apply(next.batch(21, 22)).fate, BatchFate::Applied);
}

TEST_F(Stream, a_new_epoch_on_another_past_is_a_fork) {
  apply(hub_.batch(1, 20));
  HubJournal other("s1");
  for (Seq seq = 1; seq <= 15; ++seq) other.add(DayOpened{BusinessDay{20300101}});
  other.restore_to(15);
  EXPECT_EQ(apply(other.batch(16, 16)).fate, BatchFate::Forked);
}

TEST_F(Stream, a_store_that_is_new_here_may_begin_with_an_epoch) {
  hub_.restore_to(20);
  hub_.add(DayOpened{BusinessDay{20261122}});
  EXPECT_EQ(apply(hub_.batch(22, 22)).fate, BatchFate::Gap);
  const BatchOutcome outcome = apply(hub_.batch(21, 22));
  EXPECT_EQ(outcome.fate, BatchFate::Applied) << outcome.reason;
  EXPECT_EQ(outcome.mark.hash, hub_.hash_at(22));
  hub_.add(DayOpened{BusinessDay{20261123}});
  EXPECT_EQ(apply(hub_.batch(22, 23)).fate, BatchFate::Applied);
  EXPECT_EQ(apply(hub_.batch(21, 22)).fate, BatchFate::Duplicate);
}

TEST_F(Stream, several_batches_of_one_store_in_a_group_follow_each_other) {
  const std::vector<StoreBatch> group{hub_.batch(1, 10), hub_.batch(21, 25), hub_.batch(11, 20),
                                      hub_.batch(15, 22)};
  const auto outcomes = store_->apply(database_, group, kNow);
  ASSERT_TRUE(outcomes);
  EXPECT_EQ((*outcomes)[0].fate, BatchFate::Applied);
  EXPECT_EQ((*outcomes)[1].fate, BatchFate::Gap);
  EXPECT_EQ((*outcomes)[2].fate, BatchFate::Applied);
  EXPECT_EQ((*outcomes)[3].fate, BatchFate::Applied);
  EXPECT_EQ(mark_of(*store_, hub_.store()).up_to, 22U);
}

TEST_F(Stream, an_event_whose_rows_contradict_what_is_there_is_parked) {
  HubJournal hub("s1");
  hub.add(EpochBegun{1, "first start"});
  apply(hub.all());
  store_.reset();
  const std::string table = "inventory_transactions" + suffix_of(hub.store());
  tamper(folder_.path(), database_,
         "INSERT INTO " + table +
             " SELECT product_shard_id, store_id, 900, 1, 0, 's1/1/3/0', '',"
             " 'soup', 'adjust', 0, 0, 0, 0, 0, 0, '', '', '', '', '', 0 FROM store_stream");
  store_ = open_store(folder_.path());
  const auto counted = [](int units) {
    const StockLevel after{StockType::Limited, StockStatus::Available, Quantity::units(units), {}};
    return StockChanged{Movement{SkuId("soup"), MovementKind::Count, {}, after}, DeviceId("t")};
  };
  hub.add(counted(5));
  hub.add(counted(6));  // its movement is called s1/1/3/0
  hub.add(counted(7));
  const BatchOutcome outcome = apply(hub.batch(2, 4));
  EXPECT_EQ(outcome.fate, BatchFate::Applied) << outcome.reason;
  EXPECT_EQ(outcome.mark.up_to, 4U);
  EXPECT_EQ(outcome.mark.parked, 1U);
  const auto soup = store_->stock_of(hub.store(), SkuId("soup"));
  ASSERT_TRUE(soup && *soup);
  EXPECT_EQ((*soup)->level.available, Quantity::units(7));
  EXPECT_EQ((*soup)->version, 2U) << "the parked one did not count";
}

}  // namespace
}  // namespace larder::relay
