// What the relay's HTTP side allows. The defaults are for production; tests shorten the times.
#pragma once

#include <chrono>
#include <cstddef>

#include "core/base/limits.hpp"

namespace larder::relay {

struct ApiLimits {
  using Milliseconds = std::chrono::milliseconds;

  std::size_t connections_max = 1'024;  // the one that was idle longest makes room
  std::size_t head_bytes_max = kHttpHeadBytesMax;
  std::size_t target_bytes_max = kHttpTargetBytesMax;
  Milliseconds head_timeout{kHttpHeadTimeoutSeconds * 1'000};
  Milliseconds keep_alive{kKeepAliveSeconds * 1'000};
  Milliseconds body_timeout{20'000};
  Milliseconds answer_timeout{5'000};  // then 503: a request never hangs
  // The same where a hub is asked question after question: kStatementPatience, kReconcilePatience.
  Milliseconds hub_timeout{22'000};
  Milliseconds write_timeout{30'000};
  Milliseconds linger{1'000};  // after a last answer, so that it is read before a reset
  Milliseconds drain{3'000};   // for what is under way at stop()
};

inline constexpr std::size_t kApiBodyBytesMax = kHttpBodyBytesMax;
inline constexpr std::size_t kApiMenuBytesMax = kMenuBytesMax;
inline constexpr std::size_t kWordsShownMax = 50;
inline constexpr std::size_t kOrdersShownMax = 50;
inline constexpr std::size_t kStoresPageMax = 200;
inline constexpr std::size_t kDeadLettersMax = 200;
inline constexpr std::size_t kChannelBytesMax = 32;
inline constexpr std::size_t kReasonBytesMax = 200;
inline constexpr std::size_t kShopNameBytesMax = 60;
inline constexpr std::size_t kSkusAskedMax = 50;
inline constexpr std::size_t kStoresOfSkuMax = 1'000;

}  // namespace larder::relay
