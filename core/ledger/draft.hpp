// Draft: one decision while it is made. Collects events, opens the business day before the first
// (and brings back what was sold out until then),
// and shows the books as they will be after the events so far, without copying them.
// Life: one call of decide(); the ledger must outlive it. Internal to core/ledger.
#pragma once

#include <vector>

#include "core/base/result.hpp"
#include "core/ledger/ledger.hpp"
#include "core/stock/draft.hpp"

namespace larder {

class Draft {
 public:
  Draft(const Ledger& ledger, const Asker& asker, const Now& now);

  const Ledger& ledger() const { return ledger_; }
  const Asker& asker() const { return asker_; }
  TimePoint at() const { return at_; }
  BusinessDay day() const { return day_; }
  bool opens_day() const { return ledger_.day < day_; }
  // Levels after the movements so far; each call that moves them belongs in an event of this draft.
  StockDraft& stock() { return stock_; }

  void add(Event event);
  // The business day's turn alone, with what it restores, when it is due and no event has brought
  // it yet.
  void open_day();
  // For the first event of an epoch, which no opening of a day may precede.
  void add_without_day(Event event) { events_.push_back(std::move(event)); }
  // The sequence number that the next added event will have.
  Seq next_seq() const;
  std::vector<Event> take_events() { return std::move(events_); }

  // NotFound, also for an order that the opening of the day takes out of the books.
  Result<const Order*> order(const OrderId& id) const;

 private:
  const Ledger& ledger_;
  const Asker& asker_;
  TimePoint at_;
  BusinessDay day_;
  StockDraft stock_;
  std::vector<Movement> restored_;  // by the day that this decision opens
  std::vector<Event> events_;
};

}  // namespace larder
