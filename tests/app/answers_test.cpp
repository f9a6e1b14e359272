// What is remembered of answered commands: never too little, rarely too much, and little memory.
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "core/base/limits.hpp"
#include "edge/app/answers.hpp"
#include "edge/app/known_keys.hpp"
#include "lan-protocol/digest.hpp"

namespace larder::edge {
namespace {

std::vector<std::uint64_t> some_keys(std::size_t count, std::uint64_t seed) {
  std::mt19937_64 dice(seed);
  std::vector<std::uint64_t> keys(count);
  for (auto& key : keys) key = dice();
  return keys;
}

StoredAnswer answer_to(const std::string& id, std::size_t bytes = 20) {
  StoredAnswer answer;
  answer.id = CommandId(id);
  answer.body = sha256(id);
  answer.reply = std::make_shared<const std::string>(bytes, 'r');
  return answer;
}

TEST(KnownKeys, forgets_none_however_many_come) {
  const auto old = some_keys(20'000, 1);
  const auto fresh = some_keys(100'000, 2);
  KnownKeys known(old);
  for (const auto key : fresh) {
    known.add(key);
    ASSERT_TRUE(known.may_contain(key));
  }
  EXPECT_EQ(known.size(), old.size() + fresh.size());
  for (const auto key : old) ASSERT_TRUE(known.may_contain(key));
  for (const auto key : fresh) ASSERT_TRUE(known.may_contain(key));
}

TEST(KnownKeys, rarely_takes_a_stranger_for_known) {
  KnownKeys known(some_keys(50'000, 3));
  for (const auto key : some_keys(50'000, 4)) known.add(key);
  int mistaken = 0;
  for (const auto key : some_keys(100'000, 5)) mistaken += known.may_contain(key) ? 1 : 0;
  // 100,000 of 2^32 are known: two or three are expected.
  EXPECT_LT(mistaken, 20);
}

TEST(KnownKeys, knows_nothing_at_first) {
  const KnownKeys known;
  EXPECT_EQ(known.size(), 0U);
  for (const auto key : some_keys(1'000, 6)) EXPECT_FALSE(known.may_contain(key));
}

TEST(KnownKeys, keeps_keys_at_both_ends_and_equal_ones) {
  std::vector<std::uint64_t> ends = {0, 1, ~std::uint64_t{0}, ~std::uint64_t{0} - 1, 1ULL << 32};
  KnownKeys known(ends);
  for (std::size_t i = 0; i < 3; ++i) {
    for (const auto key : ends) known.add(key);
    for (const auto key : some_keys(8'192, i)) known.add(key);
    for (const auto key : ends) EXPECT_TRUE(known.may_contain(key)) << key;
  }
}

TEST(Answers, gives_the_same_bytes_while_they_are_recent) {
  Answers answers({});
  const StoredAnswer first = answer_to("018f-1");
  EXPECT_EQ(answers.recent(first.id), nullptr);
  EXPECT_FALSE(answers.may_be_kept(first.id));
  answers.remember(first);
  ASSERT_NE(answers.recent(first.id), nullptr);
  EXPECT_EQ(answers.recent(first.id)->reply, first.reply);
  EXPECT_TRUE(answers.may_be_kept(first.id));
  EXPECT_EQ(answers.recent(CommandId("018f-2")), nullptr);
}

TEST(Answers, says_that_an_old_one_may_be_in_the_journal) {
  Answers answers({answer_key("kept-1")});
  for (std::size_t i = 0; i <= kRecentAnswersMax; ++i) {
    answers.remember(answer_to("new-" + std::to_string(i)));
  }
  EXPECT_EQ(answers.recent(CommandId("new-0")), nullptr);
  EXPECT_NE(answers.recent(CommandId("new-1")), nullptr);
  EXPECT_TRUE(answers.may_be_kept(CommandId("new-0")));
  EXPECT_TRUE(answers.may_be_kept(CommandId("kept-1")));
}

TEST(Answers, lets_go_of_bytes_before_they_are_too_many) {
  Answers answers({});
  constexpr std::size_t kLarge = kRecentAnswerBytesMax / 4;
  for (int i = 0; i < 6; ++i) answers.remember(answer_to("large-" + std::to_string(i), kLarge));
  EXPECT_EQ(answers.recent(CommandId("large-1")), nullptr);
  EXPECT_NE(answers.recent(CommandId("large-2")), nullptr);
  // One that is remembered again takes no more room than it did.
  for (int i = 0; i < 9; ++i) answers.remember(answer_to("large-5", kLarge));
  EXPECT_NE(answers.recent(CommandId("large-2")), nullptr);
}

}  // namespace
}  // namespace larder::edge
