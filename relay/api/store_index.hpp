// StoreIndex: the stores as HQ's table shows them, worst first, remembered for a moment so that
// many open pages cost one sort. Loop thread. Limits: what the Desk holds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/time.hpp"
#include "relay/app/desk.hpp"

namespace larder::relay {

// The place of a store in the table: the lower, the more it needs a person.
struct StoreRank {
  int group = 0;             // 0 frozen, 1 away, 2 behind, 3 words not taken, 4 well
  std::int64_t measure = 0;  // within the group
  std::string store;
  auto operator<=>(const StoreRank&) const = default;
};
StoreRank rank_of(const StoreView& store);
// What a client sends back to go on after a row.
std::string cursor_of(const StoreRank& rank);
std::optional<StoreRank> rank_of_cursor(std::string_view cursor);

struct StoreIndex {
  static constexpr Duration kFresh{500'000};

  struct Row {
    StoreRank rank;
    StoreView view;
  };
  const std::vector<Row>& rows(Desk& desk, Duration now);

 private:
  std::vector<Row> rows_;
  std::optional<Duration> made_at_;
};

}  // namespace larder::relay
