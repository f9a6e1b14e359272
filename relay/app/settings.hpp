// What the relay's rules are told at start, and their fixed figures with the arithmetic checked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "core/base/time.hpp"
#include "lan-protocol/envelope.hpp"

namespace larder::relay {

struct RelaySettings {
  std::string relay;        // its id, told in every Ack
  std::uint64_t lease = 1;  // fencing number of its hold on the partitions
  std::size_t stores_max = 50'000;
  std::size_t queue_batches_max = 2'048;              // of one database
  std::size_t queue_bytes_max = 64ULL * 1024 * 1024;  // of one database, uncompressed
  std::size_t catch_up_stores_max = 200;              // that may drain at the same time
  // Between two comparisons of a store's stock with its hub; zero: only when somebody asks.
  Duration reconcile_every = Duration::seconds(3'600);
};

// One group: one transaction, one fsync. The catch-up lane gets what is left by the live lane, and
// no more than commits in kGroupCatchUpTime at the speed measured last, so that a live order that
// comes while a group is under way does not wait long.
inline constexpr std::size_t kGroupEventsMax = 4'096;
inline constexpr std::size_t kGroupBytesMax = 8ULL * 1024 * 1024;
inline constexpr std::size_t kGroupCatchUpEventsMin = 256;
inline constexpr Duration kGroupCatchUpTime{20'000};
inline constexpr std::size_t kLiveBatchesMax = 4;    // a store with more queued is catching up
inline constexpr std::size_t kStoreBatchesMax = 96;  // of one store queued: more is over its credit
inline constexpr std::size_t kCreditMax = 64;
// After a hello, and twice as many with every Ack: a crowd that comes back at once is not known to
// be one until its first batches are here.
inline constexpr std::size_t kCreditFirst = 4;
inline constexpr std::size_t kBatchBytes = 64 * 1024;  // at which a hub closes a batch

inline constexpr Duration kAckEvery{20'000};
inline constexpr Duration kActiveFor = Duration::seconds(2);
inline constexpr Duration kDrainIdle = Duration::seconds(10);  // then its place is another's
inline constexpr std::uint64_t kCatchUpEvents = 2'000;         // behind at hello

inline constexpr std::size_t kWordWindow = 8;
inline constexpr Duration kWordsAgain = Duration::seconds(10);
inline constexpr std::size_t kAwaitedWordsMax = 10'000;

inline constexpr std::size_t kTakeoverHellos = 3;
inline constexpr Duration kTakeoverWindow = Duration::seconds(60);

inline constexpr std::size_t kStatementsMax = 64;  // being drawn up at once
inline constexpr Duration kStatementPatience = Duration::seconds(20);
inline constexpr std::size_t kReconcilingMax = 32;                  // stores being compared at once
inline constexpr Duration kReconcileAgain = Duration::seconds(60);  // where it was not answered
inline constexpr Duration kReconcileLook = Duration::seconds(1);
inline constexpr std::size_t kQuestionsMax = 4;  // of one hub, being answered

static_assert(kCreditMax < kStoreBatchesMax, "what is granted must fit");
static_assert(kEnvelopeRecordsMax <= kGroupEventsMax);
static_assert(kLoneRecordBytesMax < kGroupBytesMax);

}  // namespace larder::relay
