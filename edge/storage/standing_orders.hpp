// Standing orders: what a person wants of the next start, left in the data directory by larderctl
// while no hub runs there. `takeover.code`: HQ's code to take the store over from the relay's copy.
// `recovery.accepted`: why a hub in recovery is to go on without what it lost. Both are gone once
// the recovery has ended.
#pragma once

#include <filesystem>
#include <string>

#include "core/base/result.hpp"

namespace larder::edge {

struct StandingOrders {
  std::string takeover_code;  // empty: none
  std::string accepted;       // the reason; empty: none
};

StandingOrders read_standing_orders(const std::filesystem::path& data_directory);
Result<void> leave_takeover_code(const std::filesystem::path& data_directory,
                                 const std::string& code);
Result<void> leave_acceptance(const std::filesystem::path& data_directory,
                              const std::string& reason);
void forget_standing_orders(const std::filesystem::path& data_directory);

}  // namespace larder::edge
