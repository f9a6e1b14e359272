// However a stream is cut, doubled, reordered and broken off, the rows are those of one clean run.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "tests/shards/shard_fixture.hpp"

namespace larder::relay {
namespace {

// Stores in both databases. In the second part one of them has been restored from a backup: its
// numbers go on below where it had been, under a new epoch.
struct Story {
  std::vector<HubJournal> before, after;
};

Story story_of(unsigned seed) {
  Story story;
  for (const char* name : {"s1", "s9", "store-0001"}) {
    test::Store kitchen;
    cook(kitchen, seed++, 60);
    HubJournal hub(name);
    hub.take(kitchen);
    story.before.push_back(hub);
    if (story.after.empty()) {
      hub.restore_to(hub.last() - seed % 30);
      for (int day = 22; day < 30; ++day) hub.add(DayOpened{BusinessDay{20261100 + day}});
    }
    story.after.push_back(std::move(hub));
  }
  return story;
}

// The first event of the epoch that the journal is in.
Seq begins(const HubJournal& hub) {
  Seq first = hub.last();
  while (first > 1 && hub.batch(first - 1, first - 1).envelope.epoch == hub.epoch()) --first;
  return first;
}

std::vector<std::string> clean_run(const Story& story) {
  Folder folder;
  auto store = open_store(folder.path());
  for (const HubJournal& hub : story.before) apply_one(*store, hub.all());
  const HubJournal& restored = story.after.front();
  apply_one(*store, restored.batch(begins(restored), restored.last()));
  store.reset();
  return all_rows(folder.path());
}

class Cuts : public testing::TestWithParam<unsigned> {
 protected:
  Seq pick(Seq below) { return static_cast<Seq>(random_() % below); }

  bool is_done(const std::vector<HubJournal>& hubs) {
    for (const HubJournal& hub : hubs) {
      const auto mark = store_->mark(hub.store());
      if (!mark || !*mark || (*mark)->epoch != hub.epoch() || (*mark)->up_to < hub.last()) {
        return false;
      }
    }
    return true;
  }

  // Around the mark: too early, too late, overlapping, or just right.
  StoreBatch any_batch(const HubJournal& hub) {
    const auto mark = store_->mark(hub.store());
    const Seq start = begins(hub);
    const bool is_begun = mark && *mark && (*mark)->epoch == hub.epoch();
    const Seq at = is_begun ? (*mark)->up_to : start - 1;
    const Seq low = std::max(start, at > 6 ? at - 6 : 1);
    const Seq first = std::min(hub.last(), low + pick(12));
    return hub.batch(first, std::min(hub.last(), first + pick(20)));
  }

  void deliver(const std::vector<HubJournal>& hubs) {
    for (int groups = 0; !is_done(hubs); ++groups) {
      ASSERT_LT(groups, 5'000);
      if (pick(40) == 0) {
        store_.reset();
        store_ = open_store(folder_.path());
      }
      const std::size_t database = pick(2);
      std::vector<StoreBatch> group;
      for (Seq i = pick(4) + 1; i > 0; --i) {
        const HubJournal& hub = hubs[pick(hubs.size())];
        if (store_->database_of(hub.store()) == database) group.push_back(any_batch(hub));
      }
      const auto outcomes = store_->apply(database, group, kNow);
      ASSERT_TRUE(outcomes) << outcomes.error().message();
      for (const BatchOutcome& outcome : *outcomes) {
        ASSERT_TRUE(outcome.fate == BatchFate::Applied || outcome.fate == BatchFate::Duplicate ||
                    outcome.fate == BatchFate::Gap)
            << outcome.reason;
      }
    }
  }

  Folder folder_;
  std::unique_ptr<SqliteShardStore> store_ = open_store(folder_.path());
  std::mt19937 random_{GetParam()};
};

TEST_P(Cuts, any_order_of_delivery_ends_in_the_rows_of_one_clean_run) {
  const Story story = story_of(GetParam());
  const std::vector<std::string> expected = clean_run(story);
  ASSERT_NO_FATAL_FAILURE(deliver(story.before));
  ASSERT_NO_FATAL_FAILURE(deliver(story.after));
  store_.reset();
  const auto found = all_rows(folder_.path());
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) ASSERT_EQ(found[i], expected[i]);
}

INSTANTIATE_TEST_SUITE_P(Seeds, Cuts, testing::Values(1U, 2U, 3U, 4U));

}  // namespace
}  // namespace larder::relay
