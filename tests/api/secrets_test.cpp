// Random bytes come from a pool of each thread: no two answers may share any.
#include "relay/api/secrets.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace larder::relay {
namespace {

TEST(Secrets, ten_thousand_numbers_are_all_different_and_of_32_digits) {
  std::set<std::string> seen;
  for (int i = 0; i < 10'000; ++i) {
    const std::string number = random_hex(16);
    EXPECT_EQ(number.size(), 32U);
    EXPECT_EQ(number.find_first_not_of("0123456789abcdef"), std::string::npos) << number;
    EXPECT_TRUE(seen.insert(number).second) << number << " came twice, at " << i;
  }
}

// Sizes that do not divide the pool: what it has left is not enough, and it is filled anew.
TEST(Secrets, pieces_of_odd_sizes_are_whole_and_share_nothing) {
  std::set<std::string> seen;
  for (int i = 0; i < 2'000; ++i) {
    for (const std::size_t bytes : {std::size_t{13}, std::size_t{32}, std::size_t{61}}) {
      const std::string number = random_hex(bytes);
      ASSERT_EQ(number.size(), bytes * 2);
      // Eight bytes in a row are never given twice, wherever in a piece they are.
      for (std::size_t at = 0; at + 16 <= number.size(); at += 16) {
        ASSERT_TRUE(seen.insert(number.substr(at, 16)).second) << "at " << i;
      }
    }
  }
  EXPECT_EQ(random_hex(4'096).size(), 8'192U) << "all of a pool";
  EXPECT_EQ(random_hex(0), "");
}

TEST(Secrets, threads_have_nothing_in_common) {
  std::vector<std::set<std::string>> seen(4);
  std::vector<std::thread> threads;
  for (auto& mine : seen) {
    threads.emplace_back([&mine] {
      for (int i = 0; i < 1'000; ++i) mine.insert(random_hex(16));
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<std::string> all;
  for (const auto& one : seen) all.insert(one.begin(), one.end());
  EXPECT_EQ(all.size(), 4'000U);
}

TEST(Secrets, codes_and_tokens_are_as_long_as_was_asked) {
  EXPECT_EQ(random_base64url(32).size(), 43U);
  const std::string code = random_code(12);
  EXPECT_EQ(code.size(), 12U);
  EXPECT_EQ(code.find_first_of("01IO"), std::string::npos) << "nobody confuses its letters";
}

}  // namespace
}  // namespace larder::relay
