// Ledger: the books of one store in memory, and the two pure functions that move them.
// decide() may say no and changes nothing; apply() cannot fail. The same events in the same order
// give the same state, on every compiler. Life: owned by the Hub on its network thread; not
// thread-safe. Limits: kOpenOrdersMax, kHoldsMax, kDevicesMax, kStaffMax, kDayBooksMax.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"
#include "core/ledger/commands.hpp"
#include "core/ledger/day_book.hpp"
#include "core/ledger/device.hpp"
#include "core/ledger/events.hpp"
#include "core/orders/catalog.hpp"
#include "core/orders/order.hpp"
#include "core/stock/history.hpp"
#include "core/stock/stock.hpp"

namespace larder {

struct Ledger {
  Epoch epoch = 0;
  Seq seq = 0;        // events applied
  TimePoint last_at;  // of the last event; time never goes back in the books
  BusinessDay day;
  std::uint32_t last_number = 0;  // of the day
  Catalog catalog;
  Stock stock;
  std::map<SkuId, Seq> stock_moved;  // the last sequence number that moved a SKU
  std::map<SkuId, StockHistory> stock_history;
  std::map<OrderId, Order> orders;  // open ones, and those closed today
  std::size_t open_orders = 0;      // of `orders`, those not closed; kept by apply()
  std::map<DeviceId, Device> devices;
  std::map<StationId, std::vector<OrderId>>
      bumped;  // per station, the tickets bumped today, oldest first
  std::map<StaffId, Staff> staff;
  std::map<BusinessDay, DayBook> day_books;  // the latest, the open day's among them
  Seq words_applied = 0;                     // HQ's words that had their turn, all up to here
};

// Who asks. Hub-made commands have an empty device and the role Admin.
struct Asker {
  DeviceId device;
  Role role = Role::Admin;
  StaffId staff = {};  // who is signed in there; empty: nobody
};

// What a command answers when it is accepted, beside its events. Small on purpose; screens follow
// the events.
struct Outcome {
  OrderId order;
  std::uint32_t number = 0;
  Money total;
  Money refund;  // to give back, for what was paid and is void now
  BusinessDay day;
  Money difference;  // of the cash counted to what was expected
  OrderState state = OrderState::Placed;
  HoldId hold;
  TimePoint expires_at;
  std::uint64_t menu_version = 0;
  bool note_masked = false;
  std::string remark = {};  // of a word of HQ: what a person there should know
  // What channels have drawn beyond the quota they were given: it stays theirs.
  std::vector<std::pair<ChannelCode, Quantity>> pending_shrink = {};
};

struct Decision {
  std::vector<Event> events;  // may be empty: nothing to change
  Outcome outcome;
};

// The role is checked against the verb table before; decide() checks only what depends on the
// books. The business day is opened first when `now.day` is later than the ledger's, except by
// BeginEpoch, whose event is the first of its epoch. Times before `last_at` count as `last_at`.
Result<Decision> decide(const Ledger& ledger, const Asker& asker, const Command& command,
                        const Now& now);

// `at` is the time the event was decided; one before ledger.last_at counts as ledger.last_at.
// `staff` is who was signed in where it was caused (of the stamped event); empty for nobody. An
// event that does not fit the books breaks an invariant and ends the process.
void apply(Ledger& ledger, const Event& event, TimePoint at, const StaffId& staff);

}  // namespace larder
