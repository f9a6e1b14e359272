// The writer thread: order kept, answers on the posting side, everything handed over is finished
// before it ends.
#include "edge/app/writer_thread.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <vector>

#include "tests/support/fakes.hpp"

namespace larder::edge {
namespace {

// A network thread of its own kind: runs what is posted, in order, on the thread of the test.
class Mailbox {
 public:
  void post(std::function<void()> job) {
    std::lock_guard lock(mutex_);
    jobs_.push_back(std::move(job));
    wake_.notify_one();
  }
  void run_until(const std::function<bool()>& done) {
    while (!done()) {
      std::unique_lock lock(mutex_);
      ASSERT_TRUE(wake_.wait_for(lock, std::chrono::seconds(20), [&] { return !jobs_.empty(); }));
      auto job = std::move(jobs_.front());
      jobs_.erase(jobs_.begin());
      lock.unlock();
      job();
    }
  }

 private:
  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<std::function<void()>> jobs_;
};

TEST(WriterThread, keeps_the_order_of_groups_and_jobs) {
  Mailbox mailbox;
  MemoryJournal journal;
  std::vector<int> seen;
  {
    WriterThread writer(journal, [&](std::function<void()> job) { mailbox.post(std::move(job)); });
    for (int i = 0; i < 50; ++i) {
      writer.commit(std::make_shared<Group>(), [&seen, i](Result<Room>) { seen.push_back(2 * i); });
      writer.run([&seen, i](Journal&) { return [&seen, i] { seen.push_back(2 * i + 1); }; });
    }
    mailbox.run_until([&] { return seen.size() == 100; });
  }
  for (int i = 0; i < 100; ++i) EXPECT_EQ(seen[static_cast<std::size_t>(i)], i);
}

TEST(WriterThread, finishes_what_it_was_given_before_it_ends) {
  Mailbox mailbox;
  MemoryJournal journal;
  {
    WriterThread writer(journal, [&](std::function<void()> job) { mailbox.post(std::move(job)); });
    for (int i = 0; i < 200; ++i) writer.commit(std::make_shared<Group>(), [](Result<Room>) {});
  }
  EXPECT_EQ(journal.groups.size(), 200U);
}

TEST(WriterThread, hands_a_failure_back) {
  Mailbox mailbox;
  MemoryJournal journal;
  journal.fail_with = Error(Code::StorageFault, "gone");
  std::optional<Code> got;
  WriterThread writer(journal, [&](std::function<void()> job) { mailbox.post(std::move(job)); });
  writer.commit(std::make_shared<Group>(),
                [&](Result<Room> outcome) { got = outcome.error().code(); });
  mailbox.run_until([&] { return got.has_value(); });
  EXPECT_EQ(*got, Code::StorageFault);
}

// Says whether the file was looked after as in an idle moment.
class TendedJournal final : public MemoryJournal {
 public:
  Result<Room> commit(const Group&) override { return Room::Enough; }
  Result<void> maintain(bool idle, TimePoint) override {
    (idle ? idly : busily)++;
    return {};
  }
  std::atomic<int> idly{0};
  std::atomic<int> busily{0};
};

// One group after the other, each of so many commands. A machine that is held up for a second makes
// a real idle moment of it: then it is tried again.
void commit_groups(TendedJournal& journal, std::size_t commands, const std::atomic<int>& tended) {
  Mailbox mailbox;
  auto group = std::make_shared<Group>();
  group->answers.resize(commands);
  WriterThread writer(journal, [&](std::function<void()> job) { mailbox.post(std::move(job)); });
  for (int i = 0; i < 10'000 && tended == 0; ++i) {
    bool is_done = false;
    writer.commit(group, [&is_done](Result<Room>) { is_done = true; });
    mailbox.run_until([&is_done] { return is_done; });
  }
}

TEST(WriterThread, takes_the_gap_between_two_small_groups_for_an_idle_moment) {
  TendedJournal journal;
  // Now and then the next group is there before the writer looks: then there was no gap.
  commit_groups(journal, 2, journal.idly);
  EXPECT_GT(journal.idly, 0);
}

TEST(WriterThread, does_not_take_the_gap_between_two_large_groups_for_one) {
  TendedJournal journal;
  commit_groups(journal, 50, journal.busily);
  EXPECT_GT(journal.busily, 0);
}

}  // namespace
}  // namespace larder::edge
