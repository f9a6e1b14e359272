#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>
#include <set>

#include "core/ledger/staff.hpp"
#include "edge/pins/pin_hash.hpp"
#include "edge/pins/pin_thread.hpp"

namespace larder::edge {
namespace {

TEST(PinHash, is_of_the_one_cost_that_the_books_take_and_never_the_same_twice) {
  const Result<std::string> hash = hash_pin("4711");
  ASSERT_TRUE(hash) << hash.error().message();
  EXPECT_TRUE(is_pin_hash(*hash)) << *hash;
  EXPECT_EQ(hash->find("4711"), std::string::npos);
  EXPECT_NE(*hash_pin("4711"), *hash) << "a salt of its own";
}

TEST(PinHash, tells_the_right_pin_from_all_others) {
  const std::string hash = *hash_pin("04711");
  EXPECT_TRUE(pin_matches(hash, "04711"));
  for (const char* wrong : {"4711", "047110", "04712", "", "a"}) {
    EXPECT_FALSE(pin_matches(hash, wrong)) << wrong;
  }
  EXPECT_FALSE(pin_matches("", "04711"));
  EXPECT_FALSE(pin_matches(hash.substr(0, 40), "04711"));
  EXPECT_FALSE(pin_matches(std::string(4'000, 'x'), "04711"));
}

TEST(PinHash, takes_four_to_eight_digits_and_nothing_else) {
  for (const char* good : {"0000", "12345678"}) EXPECT_TRUE(is_pin(good)) << good;
  for (const char* bad : {"", "123", "123456789", "12a4", " 1234", "1234\n", "１２３４"}) {
    EXPECT_FALSE(is_pin(bad)) << bad;
    EXPECT_EQ(hash_pin(bad).error().code(), Code::BadRequest) << bad;
  }
}

// What the network thread is to the hub: a queue that somebody empties.
class Desk {
 public:
  void post(std::function<void()> job) {
    const std::lock_guard lock(mutex_);
    jobs_.push_back(std::move(job));
    came_.notify_one();
  }
  bool run_one() {
    std::unique_lock lock(mutex_);
    const bool came =
        came_.wait_for(lock, std::chrono::seconds(20), [this] { return !jobs_.empty(); });
    if (!came) return false;
    auto job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    job();
    return true;
  }

 private:
  std::mutex mutex_;
  std::condition_variable came_;
  std::deque<std::function<void()>> jobs_;
};

TEST(PinThread, answers_each_check_in_order_on_the_thread_that_asked) {
  Desk desk;
  PinThread pins([&desk](std::function<void()> job) { desk.post(std::move(job)); });
  const std::string hash = *hash_pin("4711");
  std::vector<bool> answers;
  std::set<std::thread::id> where;
  for (const char* pin : {"4711", "4712"}) {
    pins.check(hash, pin, [&](bool is_right) {
      answers.push_back(is_right);
      where.insert(std::this_thread::get_id());
    });
  }
  EXPECT_TRUE(answers.empty()) << "check() does not wait";
  ASSERT_TRUE(desk.run_one() && desk.run_one());
  EXPECT_EQ(answers, (std::vector<bool>{true, false}));
  EXPECT_EQ(where, std::set<std::thread::id>{std::this_thread::get_id()});
}

TEST(PinThread, ends_with_checks_still_waiting) {
  Desk desk;
  PinThread pins([&desk](std::function<void()> job) { desk.post(std::move(job)); });
  const std::string hash = *hash_pin("4711");
  for (int i = 0; i < 50; ++i) pins.check(hash, "4712", [](bool) {});
}

}  // namespace
}  // namespace larder::edge
