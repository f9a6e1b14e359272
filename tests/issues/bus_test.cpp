// Bugs of the bus's file.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "relay/bus/consume_log.hpp"
#include "relay/bus/shelf.hpp"
#include "tests/support/scratch_folder.hpp"

namespace larder::relay {
namespace {

// Nobody copied the -wal of bus.db back: it grew for as long as the relay ran, and with it what a
// restart had to read.
TEST(Issues, the_wal_of_the_bus_stays_small_however_much_is_consumed) {
  constexpr int kBatch = 100;
  const edge::ScratchFolder folder;
  const auto file = folder.path() / "bus.db";
  std::uintmax_t largest = 0;
  std::uint64_t consumed = 0;
  {
    auto log = ConsumeLog::open(file);
    ASSERT_TRUE(log.has_value());
    const Effect shelf = put_on_shelf([] { return TimePoint{7}; });
    for (int batch = 0; batch < 60; ++batch) {
      std::vector<Message> messages;
      for (int each = 0; each < kBatch; ++each) {
        const std::string key = std::to_string(batch * kBatch + each);
        messages.push_back({"topic", key, "group", std::string(4000, 'b')});
      }
      for (const auto& outcome : log->consume("hq", messages, shelf, TimePoint{7})) {
        consumed += outcome.has_value() ? 1U : 0U;
      }
      largest = std::max(largest, std::filesystem::file_size(file.string() + "-wal"));
    }
    EXPECT_EQ(log->connection().integer("SELECT count(*) FROM mq_consume_log").value_or(0),
              60 * kBatch);
  }
  EXPECT_EQ(consumed, 60U * kBatch);
  EXPECT_GT(largest, kBusWalBytes / 2) << "enough was consumed to need a checkpoint";
  EXPECT_LT(largest, 2 * kBusWalBytes);
}

}  // namespace
}  // namespace larder::relay
