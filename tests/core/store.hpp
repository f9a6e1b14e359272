// A store for tests: the books, the clock, and every event that ever happened to them.
// The menu (prices in minor units):
//   soup 590 grill, option groups bread {rye +50 uses loaf, white 0} 0..1
//   burger-s 900, burger-l 1100 grill, group doneness {rare, done} 1..1
//   cola 250 bar; bottle 200 cooked nowhere; loaf 100 bar, on no channel; wine 700 bar, POS only
//   meal 1300 grill: combo of main {burger-s 0, burger-l +200}, drink {cola 0, bottle -50}, bread
#pragma once

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "core/ledger/ledger.hpp"

namespace larder::test {

Menu sample_menu();
Catalog sample_catalog();

LineRequest line(const std::string& sku, std::int32_t units = 1);
LineRequest burger(const std::string& sku, const std::string& doneness = "done");
LineRequest meal(const std::string& main, const std::string& drink);
Payment card(std::int64_t amount);
Payment cash(std::int64_t amount);
Quantity units(std::int32_t count);
// Of no PIN anybody knows; in the form that is kept.
extern const std::string kPinHash;

struct Entry {
  Event event;
  TimePoint at;
  StaffId staff = {};
};

class Store {
 public:
  // With the sample menu imported, in epoch 1, on 2026-11-21.
  Store();

  // Decides and, when the rules agree, applies. A refusal leaves the books as they were (checked).
  Result<Outcome> run(const Asker& asker, const Command& command);
  Result<Outcome> run_at_till(const Command& command) { return run(till, command); }
  // For set-up: a refusal ends the test.
  Outcome must(const Asker& asker, const Command& command);
  Code refused(const Asker& asker, const Command& command);

  void wait(std::int64_t seconds) { now.at = now.at + Duration::seconds(seconds); }
  const Order& order(const OrderId& id) const { return ledger.orders.at(id); }
  StockLevel level(const std::string& sku) const { return ledger.stock.level(SkuId(sku)); }
  void count(const std::string& sku, std::int32_t available);
  // The events of the last accepted command.
  std::vector<Event> last_events() const;

  Ledger ledger;
  Now now;
  std::vector<Entry> journal;
  Asker kiosk{DeviceId("kiosk-1"), Role::Kiosk};
  Asker other_kiosk{DeviceId("kiosk-2"), Role::Kiosk};
  Asker till{DeviceId("till-1"), Role::Till};
  Asker kds{DeviceId("kds-1"), Role::Kds};
  Asker admin{DeviceId("admin-1"), Role::Admin};
  Asker hub;

 private:
  std::size_t last_first_ = 0;
};

PlaceOrder takeaway(std::vector<LineRequest> lines);
PlaceOrder paid_by_card(std::vector<LineRequest> lines, std::int64_t total);
PlaceOrder fired_at_table(std::vector<LineRequest> lines, const std::string& table = "12");

// The names of the variants, to compare a story: "OrderPlaced OrderPaid OrderAccepted".
std::string story(const std::vector<Event>& events);

// The last event of this kind in a list; ends the test when there is none.
template <typename Kind>
Kind last_of(const std::vector<Event>& events) {
  const Kind* found = nullptr;
  for (const Event& event : events) {
    if (const Kind* kind = std::get_if<Kind>(&event)) found = kind;
  }
  if (found == nullptr) throw std::runtime_error("no such event in " + story(events));
  return *found;
}

// The books that these events make from nothing.
Ledger replay(const std::vector<Entry>& journal, Ledger from = {});

}  // namespace larder::test
