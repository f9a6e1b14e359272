// Random days: whatever is asked in whatever order, the books add up after every command, and the
// journal alone gives them back.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "core/ledger/snapshot.hpp"
#include "tests/core/books_audit.hpp"
#include "tests/core/store.hpp"

namespace larder::test {
namespace {

const std::vector<std::string> kSkus{"soup", "cola", "burger-s", "loaf", "bottle", "meal"};

rc::Gen<LineRequest> any_line() {
  return rc::gen::exec([] {
    const auto count = *rc::gen::inRange(1, 4);
    LineRequest request = *rc::gen::element(line("soup"), line("cola"), burger("burger-s"),
                                            meal("burger-s", "cola"), line("bottle"), line("none"));
    request.quantity = units(count);
    if (request.sku == SkuId("soup") && *rc::gen::arbitrary<bool>()) {
      request.options = {{GroupId("bread"), OptionId("rye")}};
    }
    return request;
  });
}

std::vector<LineRequest> any_lines() {
  return *rc::gen::resize(4, rc::gen::container<std::vector<LineRequest>>(any_line()));
}

// Mostly one that exists, newest first so that shrinking keeps the story short.
OrderId any_order(const Store& store) {
  std::vector<OrderId> ids{OrderId("none")};
  for (const auto& [id, order] : store.ledger.orders) ids.push_back(id);
  return *rc::gen::elementOf(ids);
}

HoldId any_hold(const Store& store) {
  std::vector<HoldId> ids{HoldId()};
  for (const auto& [id, hold] : store.ledger.stock.holds()) ids.push_back(id);
  return *rc::gen::elementOf(ids);
}

Asker any_asker(const Store& store) {
  return *rc::gen::element(store.kiosk, store.other_kiosk, store.till, store.kds);
}

StationId any_station() { return *rc::gen::element(StationId("grill"), StationId("bar")); }
SkuId any_sku() { return SkuId(*rc::gen::elementOf(kSkus)); }

Money total_of(const Store& store, const OrderId& id) {
  const auto order = store.ledger.orders.find(id);
  return order != store.ledger.orders.end() ? order->second.total : Money();
}

PlaceOrder any_place(const Store& store, const Asker& asker) {
  PlaceOrder command = takeaway(any_lines());
  command.hold = *rc::gen::arbitrary<bool>() ? HoldId() : any_hold(store);
  const auto how = *rc::gen::inRange(0, 3);
  if (how == 1) command.fire = true;
  const Channel channel = asker.role == Role::Kiosk ? Channel::Kiosk : Channel::Pos;
  const auto priced = price(store.ledger.catalog, channel, command.lines);
  if (how == 2 && priced) command.payment = card(priced->total.in_minor());
  return command;
}

Command any_stock_command(const Store& store) {
  const auto figure = Quantity::tenths(*rc::gen::inRange<std::int64_t>(0, 120));
  switch (*rc::gen::inRange(0, 3)) {
    case 0: {
      std::optional<Seq> based_on;
      if (*rc::gen::arbitrary<bool>()) based_on = store.ledger.seq - *rc::gen::inRange<Seq>(0, 3);
      return CountStock{any_sku(), figure, based_on};
    }
    case 1:
      return MarkStock{any_sku(), *rc::gen::element(StockStatus::SoldOut, StockStatus::Available)};
    default:
      return LimitStock{any_sku(), *rc::gen::element(StockType::Limited, StockType::Unlimited),
                        figure};
  }
}

Command any_order_command(const Store& store) {
  const OrderId id = any_order(store);
  switch (*rc::gen::inRange(0, 5)) {
    case 0:
      return PayOrder{id, Payment{Tender::Cash, total_of(store, id), ""}};
    case 1:
      return AcceptOrder{id};
    case 2:
      return ServeOrder{id};
    case 3:
      return CancelOrder{id, ""};
    default:
      return VoidOrder{id, "wrong", *rc::gen::arbitrary<bool>()};
  }
}

Command any_ticket_command(const Store& store) {
  const OrderId id = any_order(store);
  switch (*rc::gen::inRange(0, 5)) {
    case 0:
      return CheckTicketItem{id, any_station(), *rc::gen::inRange(0U, 3U),
                             *rc::gen::arbitrary<bool>()};
    case 1:
      return BumpTicket{id, any_station()};
    case 2:
      return RecallTicket{id, any_station()};
    case 3:
      return RecallTicket{OrderId(), any_station()};
    default:
      return UndoTicket{id, any_station()};
  }
}

Command any_command(const Store& store, const Asker& asker) {
  switch (
      *rc::gen::weightedElement<int>({{6, 0}, {2, 1}, {5, 2}, {8, 3}, {1, 4}, {2, 5}, {1, 6}})) {
    case 0:
      return any_place(store, asker);
    case 1:
      return any_stock_command(store);
    case 2:
      return any_order_command(store);
    case 3:
      return any_ticket_command(store);
    case 4:
      return ReleaseHold{any_hold(store)};
    case 5:
      return PlaceHold{any_lines()};
    default:
      return ExpireHolds{};
  }
}

void let_time_pass(Store& store) {
  store.wait(*rc::gen::weightedElement<std::int64_t>({{8, 1}, {2, 11}, {1, 200}, {1, 1900}}));
  if (*rc::gen::inRange(0, 40) == 0) ++store.now.day.yyyymmdd;
}

// One random day; `after_each` is called with the number of events before the command.
template <typename AfterEach>
void random_day(Store& store, AfterEach after_each) {
  const auto commands = *rc::gen::inRange(1, 120);
  for (int i = 0; i < commands; ++i) {
    let_time_pass(store);
    const Asker asker = any_asker(store);
    const Command command = any_command(store, asker);
    const std::size_t before = store.journal.size();
    static_cast<void>(store.run(asker, command));
    after_each(before);
  }
}

RC_GTEST_PROP(Books, add_up_after_every_command, ()) {
  Store store;
  BooksAudit audit;
  for (const Entry& entry : store.journal) audit.follow(entry.event);
  random_day(store, [&](std::size_t before) {
    for (std::size_t i = before; i < store.journal.size(); ++i)
      audit.follow(store.journal[i].event);
    const std::vector<std::string> faults = audit.check(store.ledger);
    if (!faults.empty()) RC_FAIL(faults.front());
  });
  RC_TAG(store.journal.size() / 50 * 50);
}

RC_GTEST_PROP(Books, come_back_from_the_journal_alone, ()) {
  Store store;
  random_day(store, [](std::size_t) {});
  RC_ASSERT(to_snapshot(replay(store.journal)) == to_snapshot(store.ledger));
}

RC_GTEST_PROP(Books, come_back_from_a_snapshot_and_the_tail, ()) {
  Store store;
  std::vector<std::pair<std::size_t, std::string>> snapshots;
  random_day(store, [&](std::size_t) {
    if (*rc::gen::inRange(0, 8) == 0) {
      snapshots.emplace_back(store.journal.size(), to_snapshot(store.ledger));
    }
  });
  const std::string whole = to_snapshot(store.ledger);
  for (const auto& [size, bytes] : snapshots) {
    Result<Ledger> from = from_snapshot(bytes);
    RC_ASSERT(from.has_value());
    const std::vector<Entry> tail(store.journal.begin() + static_cast<std::ptrdiff_t>(size),
                                  store.journal.end());
    RC_ASSERT(to_snapshot(replay(tail, std::move(*from))) == whole);
  }
}

RC_GTEST_PROP(Books, books_read_from_a_snapshot_decide_the_same, ()) {
  Store store;
  random_day(store, [](std::size_t) {});
  const Ledger twin = *from_snapshot(to_snapshot(store.ledger));
  const Asker asker = any_asker(store);
  const Command command = any_command(store, asker);
  const auto here = decide(store.ledger, asker, command, store.now);
  const auto there = decide(twin, asker, command, store.now);
  RC_ASSERT(here.has_value() == there.has_value());
  if (here) {
    RC_ASSERT(here->events == there->events);
  } else {
    RC_ASSERT(here.error() == there.error());
  }
}

// The auditor must be able to fail: one fault put into the books at a time is found.
TEST(BooksAudit, finds_what_does_not_add_up) {
  Store store;
  BooksAudit audit;
  store.count("soup", 9);
  store.must(store.kiosk, takeaway({line("soup")}));
  for (const Entry& entry : store.journal) audit.follow(entry.event);
  EXPECT_TRUE(audit.check(store.ledger).empty());
  const auto finds = [&](auto change) {
    Ledger ledger = store.ledger;
    change(ledger);
    return !audit.check(ledger).empty();
  };
  const SkuId soup("soup");
  EXPECT_TRUE(finds([&](Ledger& l) { l.stock.apply(*l.stock.count(soup, units(9))); }));
  EXPECT_TRUE(finds([](Ledger& l) { l.stock.end_hold(l.stock.holds().begin()->first); }));
  EXPECT_TRUE(finds([](Ledger& l) { l.orders.begin()->second.state = OrderState::Served; }));
  EXPECT_TRUE(finds([](Ledger& l) { l.orders.begin()->second.paid = true; }));
  EXPECT_TRUE(finds([](Ledger& l) { ++l.open_orders; }));
  BooksAudit doubled = audit;
  doubled.follow(store.journal.back().event);
  EXPECT_FALSE(doubled.check(store.ledger).empty()) << "an order placed twice";
}

}  // namespace
}  // namespace larder::test
