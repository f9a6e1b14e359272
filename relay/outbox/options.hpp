// How the outbox is sent: tries, waits and what may be held in memory. A value.
#pragma once

#include <algorithm>
#include <cstddef>

#include "core/base/time.hpp"

namespace larder::relay {

struct OutboxOptions {
  int tries = 10;  // the tenth failure makes a row DEAD
  // A row that failed n times waits first_wait * 2^(n-1), at most longest_wait.
  Duration first_wait = Duration::seconds(1);
  Duration longest_wait = Duration::minutes(5);
  // The bus itself is away: nothing is sent meanwhile and no try is counted.
  Duration first_pause{200'000};
  Duration longest_pause = Duration::seconds(15);
  // A send without an answer for so long has failed, whatever became of the message.
  Duration answer_within = Duration::seconds(30);
  // How often a database is read from its first row again, for rows that were sent back there by a
  // person: when nothing waits, and when the backlog is long.
  Duration look_again = Duration::seconds(5);
  Duration look_again_in_backlog = Duration::minutes(1);
};

// Limits of one database's lane. The contract: at most 100 rows at a time.
inline constexpr std::size_t kOutboxPage = 100;
inline constexpr std::size_t kOutboxStoreRows = 16;    // read ahead of one store
inline constexpr std::size_t kOutboxMarksMax = 1'000;  // gathered before they are written
inline constexpr std::size_t kOutboxRowsInHand = 2'000;

// `times` waits from `first`, doubled each time.
constexpr Duration doubled(Duration first, int times, Duration longest) {
  std::int64_t micros = first.micros;
  for (int i = 1; i < times && micros < longest.micros; ++i) micros *= 2;
  return Duration{std::min(micros, longest.micros)};
}

}  // namespace larder::relay
