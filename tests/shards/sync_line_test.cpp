// What the jobs of a database have to say, against a disk whose syncs the test holds.
#include "relay/shards/sync_line.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <numeric>

#include "tests/shards/worker_parts.hpp"

namespace larder::relay {
namespace {

constexpr std::size_t kAllOfThem = 1'000'000;

class SyncLineTest : public testing::Test {
 protected:
  SyncLineTest() {
    line_ = std::make_unique<SyncLine>(
        SyncLine::Ports{[this] { return disk_.sync(); },
                        [this](std::function<void()> task) { posted_.post(std::move(task)); },
                        [this](const Error&) {
                          ++failures_;
                          failed_.open();
                          failed_.pass();
                        }});
  }
  void put(int number, std::uint64_t commits) {
    line_->put([this, number] { said_.push_back(number); }, commits);
  }
  // What was said, after so many tasks of the loop.
  std::vector<int> after(std::size_t tasks) {
    EXPECT_TRUE(posted_.run(tasks));
    return said_;
  }
  static std::vector<int> up_to(int last) {
    std::vector<int> numbers(static_cast<std::size_t>(last));
    std::iota(numbers.begin(), numbers.end(), 1);
    return numbers;
  }

  SlowDisk disk_;
  Posted posted_;
  Gate failed_;
  std::atomic<int> failures_ = 0;
  std::vector<int> said_;  // on the test's own thread
  std::unique_ptr<SyncLine> line_;
};

TEST_F(SyncLineTest, nothing_is_said_before_the_sync_has_returned) {
  put(1, 1);
  ASSERT_TRUE(disk_.wait_begun(1));
  EXPECT_EQ(posted_.count(), 0U);
  disk_.allow(1);
  EXPECT_EQ(after(1), up_to(1));
  EXPECT_EQ(disk_.begun(), 1U);
}

TEST_F(SyncLineTest, a_word_without_a_commit_is_said_at_once_when_nothing_waits) {
  put(1, 0);
  EXPECT_EQ(posted_.count(), 1U) << "on the worker's own thread";
  EXPECT_EQ(after(1), up_to(1));
  EXPECT_EQ(disk_.begun(), 0U);
}

TEST_F(SyncLineTest, a_word_without_a_commit_waits_for_what_is_being_synced) {
  put(1, 1);
  ASSERT_TRUE(disk_.wait_begun(1));
  put(2, 1);
  EXPECT_EQ(posted_.count(), 0U) << "it may have read what is not on the disk";
  disk_.allow(1);
  EXPECT_EQ(after(2), up_to(2));
  EXPECT_EQ(disk_.begun(), 1U) << "it has no commit of its own to sync";
  // Another one may meet the line before it knows that it is done: it is said without a sync too.
  put(3, 1);
  EXPECT_EQ(after(1), up_to(3));
  EXPECT_EQ(disk_.begun(), 1U);
}

TEST_F(SyncLineTest, what_came_during_a_sync_needs_another_and_all_keep_their_order) {
  put(1, 1);
  ASSERT_TRUE(disk_.wait_begun(1));
  put(2, 1);
  put(3, 2);
  put(4, 2);
  disk_.allow(1);
  EXPECT_EQ(after(1), up_to(1));
  ASSERT_TRUE(disk_.wait_begun(2));
  EXPECT_EQ(posted_.count(), 0U);
  disk_.allow(2);
  EXPECT_EQ(after(1), up_to(4));
  EXPECT_EQ(disk_.begun(), 2U);
}

TEST_F(SyncLineTest, however_many_wait_they_are_synced_once) {
  put(1, 1);
  ASSERT_TRUE(disk_.wait_begun(1));
  for (int i = 2; i <= 1'000; ++i) put(i, static_cast<std::uint64_t>(i));
  EXPECT_EQ(posted_.count(), 0U);
  disk_.allow(2);
  EXPECT_EQ(after(2), up_to(1'000));
  EXPECT_EQ(disk_.begun(), 2U);
}

TEST_F(SyncLineTest, after_a_failed_sync_nothing_is_said_any_more) {
  disk_.fail();
  put(1, 1);
  ASSERT_TRUE(disk_.wait_begun(1));
  put(2, 1);
  put(3, 2);
  disk_.allow(kAllOfThem);
  ASSERT_TRUE(failed_.wait_inside());
  // The first of these may still meet the line as it fails.
  for (int i = 0; i < 10'000; ++i) put(4, 1);
  put(5, 2);
  put(6, 0);
  line_.reset();
  EXPECT_EQ(posted_.count(), 0U);
  EXPECT_EQ(failures_, 1);
  EXPECT_EQ(disk_.begun(), 1U) << "a disk that has failed is not asked again";
}

TEST_F(SyncLineTest, its_end_syncs_and_says_what_waits) {
  put(1, 1);
  ASSERT_TRUE(disk_.wait_begun(1));
  put(2, 2);
  put(3, 2);
  disk_.allow(kAllOfThem);
  line_.reset();
  EXPECT_EQ(disk_.begun(), 2U);
  EXPECT_EQ(posted_.count(), 2U);
  EXPECT_EQ(after(2), up_to(3));
}

}  // namespace
}  // namespace larder::relay
