// The writer thread: order kept, answers on the posting side, everything handed over is finished
// before it ends.
#include "edge/app/writer_thread.hpp"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace larder::edge
