#include "core/ledger/draft.hpp"

#include <algorithm>

namespace larder {

Draft::Draft(const Ledger& ledger, const Asker& asker, const Now& now)
    : ledger_(ledger),
      asker_(asker),
      at_(std::max(now.at, ledger.last_at)),
      day_(std::max(now.day, ledger.day)),
      stock_(ledger.stock) {
  if (opens_day()) restored_ = stock_.restore_for_new_day();
}

void Draft::add(Event event) {
  open_day();
  events_.push_back(std::move(event));
}

void Draft::open_day() {
  if (!events_.empty() || !opens_day()) return;
  events_.push_back(DayOpened{day_});
  for (const Movement& movement : restored_)
    events_.push_back(StockChanged{movement, DeviceId(), {}});
}

Seq Draft::next_seq() const {
  const bool day_comes_first = events_.empty() && opens_day();
  return ledger_.seq + events_.size() + (day_comes_first ? 2 + restored_.size() : 1);
}

Result<const Order*> Draft::order(const OrderId& id) const {
  const auto found = ledger_.orders.find(id);
  const bool is_gone = found == ledger_.orders.end() ||
                       (opens_day() && is_closed(found->second) && found->second.day < day_);
  if (is_gone) return refuse(Code::NotFound, "No such order in today's books");
  return &found->second;
}

}  // namespace larder
