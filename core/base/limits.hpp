// Every limit of Larder in one place, with the arithmetic checked.
#pragma once

#include <cstddef>
#include <cstdint>

namespace larder {

// Values.
inline constexpr std::int64_t kQuantityTenthsMax = 1'000'000'000;      // of any account
inline constexpr std::int64_t kOrderQuantityTenthsMax = 100'000;       // 10,000.0 of one line
inline constexpr std::int64_t kMoneyMinorMax = 1'000'000'000'000'000;  // 10^15 minor units
inline constexpr std::int64_t kPercentTenthsMax = 1'000;               // 100.0 %
inline constexpr std::int64_t kPriceMinorMax = 100'000'000;            // of one SKU or option

// Text, in bytes unless said otherwise.
inline constexpr std::size_t kIdBytesMax = 64;
inline constexpr std::size_t kStringBytesMax = 1'024;
inline constexpr std::size_t kNoteCharactersMax = 200;

// Order and menu.
inline constexpr std::size_t kOrderLinesMax = 200;
inline constexpr std::size_t kLineOptionsMax = 50;
inline constexpr std::size_t kMenuItemsMax = 5'000;
inline constexpr std::size_t kMenuSkusMax = 10'000;
inline constexpr std::size_t kMenuGroupsMax = 2'000;
inline constexpr std::size_t kGroupOptionsMax = 200;
inline constexpr std::size_t kComboPartsMax = 20;
inline constexpr std::size_t kStationsMax = 50;
inline constexpr std::size_t kOpenOrdersMax = 5'000;
inline constexpr std::size_t kHoldsMax = 5'000;
inline constexpr std::size_t kDevicesMax = 500;
inline constexpr std::size_t kStaffMax = 200;
inline constexpr std::size_t kChannelsPerSkuMax = 16;
inline constexpr std::size_t kStockChangesKept = 64;  // per SKU, to bring an older look up to date
inline constexpr std::size_t kLeasesMax = 20'000;     // open ones of a store
inline constexpr std::size_t kOversellsMax = 1'000;   // open ones
inline constexpr std::size_t kDayBooksMax = 8;        // business days whose figures are kept

// JSON.
inline constexpr std::size_t kJsonDepthMax = 16;
inline constexpr std::size_t kJsonNodesMax = 2'000;
inline constexpr std::size_t kMenuJsonNodesMax = 400'000;

// LAN.
inline constexpr std::size_t kHttpHeadBytesMax = 8 * 1024;
inline constexpr std::size_t kHttpHeadersMax = 64;
inline constexpr std::size_t kHttpTargetBytesMax = 2 * 1024;
inline constexpr std::size_t kHttpBodyBytesMax = 64 * 1024;
inline constexpr std::size_t kMenuBytesMax = 4 * 1024 * 1024;
inline constexpr std::size_t kFrameBytesMax = 64 * 1024;  // client to hub
inline constexpr std::size_t kFragmentsMax = 16;
inline constexpr std::size_t kSessionsMax = 256;
inline constexpr std::size_t kPreAuthPerAddressMax = 4;
inline constexpr std::size_t kReservedSessions = 32;  // kept free for devices that authenticate
inline constexpr std::size_t kSessionQueueBytesMax = 1024 * 1024;
inline constexpr std::size_t kSessionQueueFramesMax = 1'000;
inline constexpr int kHttpHeadTimeoutSeconds = 10;
inline constexpr int kAuthTimeoutSeconds = 5;
inline constexpr int kHeartbeatSeconds = 1;
inline constexpr int kPingSeconds = 10;
inline constexpr int kDeadSeconds = 25;
inline constexpr int kKeepAliveSeconds = 30;
inline constexpr int kCommandsPerSecond = 20;
inline constexpr int kCommandBurst = 50;
inline constexpr int kControlFramesPerSecondMax = 20;
inline constexpr std::size_t kTopicsPerSessionMax = 8;

// Hub.
inline constexpr std::size_t kBatchCommandsMax = 128;  // one group, one fsync
inline constexpr std::size_t kInFlightCommandsMax = 1'024;
inline constexpr std::size_t kBehindLookUpMax =
    64;  // of one device, behind an id that may be known
inline constexpr std::size_t kRecentFramesMax = 8'192;  // events kept for `since`
inline constexpr std::size_t kRecentFrameBytesMax = 8 * 1024 * 1024;
inline constexpr std::size_t kRecentAnswersMax = 10'000;
inline constexpr std::size_t kRecentAnswerBytesMax = 8 * 1024 * 1024;
inline constexpr std::size_t kJournalReadMax = 500;
inline constexpr int kAnswerRetentionDays = 30;
inline constexpr std::uint64_t kSnapshotEveryEvents = 20'000;
inline constexpr int kSlowDiskSeconds = 2;  // one commit; then new commands are told `busy`
inline constexpr int kRoomLookSeconds = 2;  // between two looks whether a full disk has room again
inline constexpr int kUndoSeconds = 10;
inline constexpr std::size_t kUnseenChangesMax = 64;  // SKUs whose latest change is followed
inline constexpr int kUnseenPatienceSeconds = 2;      // then the tills hear who has not shown it
inline constexpr std::size_t kPinDigitsMin = 4;
inline constexpr std::size_t kPinDigitsMax = 8;
inline constexpr int kPinTriesFree = 5;  // wrong PINs of one device before it must wait
inline constexpr int kPinWaitSecondsMin = 5;
inline constexpr int kPinWaitSecondsMax = 15 * 60;
inline constexpr int kStaffIdleSeconds = 180;  // then a signed-in person is signed out
inline constexpr int kCartHoldSeconds = 3 * 60;
inline constexpr int kOrderHoldSeconds = 30 * 60;
inline constexpr std::int64_t kRestoreAheadSecondsMax = 366LL * 86'400;  // a later one is a typo
inline constexpr int kLeaseSeconds = 12 * 60 * 60;
inline constexpr std::size_t kOnlineWaitingMax = 50;  // online orders that wait for a person

// The queues of all sessions, full at once, are a bound on memory that a 1 GB terminal survives;
// the usual figure is far below.
inline constexpr std::size_t kMemoryBudgetBytes = 512ULL * 1024 * 1024;
static_assert(kSessionsMax * kSessionQueueBytesMax <= kMemoryBudgetBytes / 2);
static_assert(kRecentFrameBytesMax + kRecentAnswerBytesMax < kMemoryBudgetBytes / 8);
static_assert(kBatchCommandsMax * 4 <= kInFlightCommandsMax);
static_assert(kReservedSessions < kSessionsMax);
static_assert(kHeartbeatSeconds * 3 < 5, "a screen must know within 5 s");

}  // namespace larder
