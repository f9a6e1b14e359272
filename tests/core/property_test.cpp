// Random days: whatever is asked in whatever order, the books add up after every command, and the
// journal alone gives them back.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

#include "core/ledger/snapshot.hpp"
#include "core/stock/draft.hpp"
#include "tests/core/books_audit.hpp"
#include "tests/core/store.hpp"

namespace larder::test {
namespace {

const std::vector<std::string> kSkus{"soup", "cola", "burger-s", "loaf", "bottle", "meal"};

// Sizes of rapidcheck's own would make the first days short and their choices all the same.
template <typename Number>
Number pick(Number low, Number end) {
  return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<Number>(low, end));
}

bool coin() { return pick(0, 2) == 0; }

rc::Gen<LineRequest> any_line() {
  return rc::gen::exec([] {
    const auto count = pick(1, 4);
    LineRequest request = *rc::gen::element(line("soup"), line("cola"), burger("burger-s"),
                                            meal("burger-s", "cola"), line("bottle"), line("none"));
    request.quantity = units(count);
    if (request.sku == SkuId("soup") && coin()) {
      request.options = {{GroupId("bread"), OptionId("rye")}};
    }
    return request;
  });
}

std::vector<LineRequest> any_lines() {
  return *rc::gen::container<std::vector<LineRequest>>(pick<std::size_t>(coin() ? 1 : 0, 4),
                                                       any_line());
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
  Asker signed_in = store.till;
  signed_in.staff = StaffId(*rc::gen::element<std::string>("anna", "ben"));
  return *rc::gen::element(store.kiosk, store.other_kiosk, store.till, signed_in, store.kds);
}

StationId any_station() { return *rc::gen::element(StationId("grill"), StationId("bar")); }
SkuId any_sku() { return SkuId(*rc::gen::elementOf(kSkus)); }

Money total_of(const Store& store, const OrderId& id) {
  const auto order = store.ledger.orders.find(id);
  return order != store.ledger.orders.end() ? order->second.total : Money();
}

// An order that may go well: one that is ready, or any when none is.
OrderId ready_order(const Store& store) {
  for (const auto& [id, order] : store.ledger.orders) {
    if (order.state == OrderState::Ready) return id;
  }
  return any_order(store);
}

// What each device put into its cart last: most guests order just that.
using Carts = std::map<DeviceId, std::vector<LineRequest>>;

PlaceOrder any_place(const Store& store, const Asker& asker, const Carts& carts) {
  PlaceOrder command = takeaway(any_lines());
  command.hold = coin() ? HoldId() : any_hold(store);
  const Hold* const own = store.ledger.stock.cart_of(asker.device);
  if (own != nullptr && pick(0, 4) != 0) {
    command.hold = own->id;
    const auto lines = carts.find(asker.device);
    if (lines != carts.end() && pick(0, 4) != 0) command.lines = lines->second;
  }
  const auto how = pick(0, 3);
  if (how == 1) command.fire = true;
  command.override_stock = asker.role == Role::Till && coin();
  const Channel channel = asker.role == Role::Kiosk ? Channel::Kiosk : Channel::Pos;
  const auto priced = price(store.ledger.catalog, channel, command.lines);
  if (how == 2 && priced) command.payment = card(priced->total.in_minor());
  return command;
}

MarkStock any_mark() {
  return MarkStock{any_sku(), *rc::gen::element(StockStatus::SoldOut, StockStatus::Available),
                   *rc::gen::element(RestoreRule::Never, RestoreRule::NextDay)};
}

ChannelCode any_channel() {
  return ChannelCode(*rc::gen::element<std::string>("pos", "kiosk", "online_order", "grab"));
}

Quantity up_to(Quantity most) {
  return Quantity::tenths(pick<std::int64_t>(0, most.in_tenths() + 1));
}

// Mostly what a relay that keeps its books tells; now and then more than it ever had.
SettleLease any_settlement(const Store& store) {
  std::vector<LeaseId> ids{LeaseId("none")};
  for (const auto& [id, lease] : store.ledger.stock.leases()) ids.push_back(id);
  SettleLease command{*rc::gen::elementOf(ids), {}, {}, false};
  const Lease* const lease = store.ledger.stock.lease(command.lease);
  if (lease == nullptr) return command;
  const Quantity open = outstanding(*lease);
  command.sold = up_to(open);
  const Quantity rest = Quantity::tenths(open.in_tenths() - command.sold.in_tenths());
  command.closed = coin();
  command.returned = command.closed ? rest : up_to(rest);
  if (pick(0, 8) == 0) command.sold = Quantity::tenths(command.sold.in_tenths() + 7);
  return command;
}

// One dish, paid, drawn from a lease that may or may not have it.
PlaceOnline any_online(const Store& store) {
  PlaceOnline command;
  command.source = ChannelCode("online_order");
  command.external = std::to_string(pick(0, 1'000));
  command.lines = {line("soup")};
  const auto priced = price(store.ledger.catalog, Channel::OnlineOrder, command.lines);
  if (priced) command.payment = Payment{Tender::Card, priced->total, "sim"};
  for (const Lease* const lease : store.ledger.stock.leases_of(SkuId("soup"))) {
    if (outstanding(*lease) < Quantity::units(1) && coin()) continue;
    command.draws = {{lease->id, Quantity::units(1)}};
  }
  return command;
}

Command any_right_command(const Store& store) {
  const auto figure = Quantity::tenths(pick<std::int64_t>(0, 80));
  switch (pick(0, 9)) {
    case 0:
    case 1:
      return SetChannels{any_sku(),
                         {{any_channel(), figure, std::nullopt, StockStatus::Available},
                          {any_channel(), std::nullopt, pick(0U, 60U), std::nullopt}}};
    case 2:
      return SetThresholds{any_sku(), figure, Quantity::units(1)};
    case 3: {
      const auto& open = store.ledger.stock.oversells();
      return ResolveOversell{open.empty() ? OversellId("x0") : open.begin()->first, "cooked more"};
    }
    case 4:
    case 5:
      return AskLease{any_sku(), coin() ? ChannelCode() : any_channel(), figure,
                      coin() ? figure : Quantity()};
    case 6:
      return any_online(store);
    default:
      return any_settlement(store);
  }
}

DiscountRequest any_discount() {
  if (coin())
    return {DiscountKind::Percent, Quantity::tenths(pick<std::int64_t>(1, 1'001)), {}, "late"};
  return {DiscountKind::Amount, {}, Money::minor(pick<std::int64_t>(1, 900)), "late"};
}

// Who works here comes and goes; mostly somebody is left who may do everything.
Command any_staff_command() {
  const StaffId id(*rc::gen::element<std::string>("anna", "ben"));
  if (pick(0, 3) == 0) return RemoveStaff{id};
  Permissions permissions;
  permissions.bits = static_cast<std::uint8_t>(coin() ? 31 : pick(0, 32));
  return AddStaff{id, "Somebody", kPinHash, permissions};
}

Command any_stock_command(const Store& store) {
  const auto figure = Quantity::tenths(pick<std::int64_t>(0, 120));
  switch (pick(0, 3)) {
    case 0: {
      std::optional<Seq> based_on;
      if (coin()) based_on = store.ledger.seq - pick<Seq>(0, 3);
      return CountStock{any_sku(), figure, based_on};
    }
    case 1:
      return any_mark();
    default:
      return LimitStock{any_sku(), *rc::gen::element(StockType::Limited, StockType::Unlimited),
                        figure};
  }
}

Command any_order_command(const Store& store) {
  const OrderId id = any_order(store);
  switch (pick(0, 8)) {
    case 5:
    case 6:
      return VoidLine{id, pick<LineNo>(1, 4), "wrong", coin()};
    case 7:
      return DiscountOrder{id, pick(0, 4) == 0 ? std::nullopt : std::optional(any_discount())};
    case 0:
      return PayOrder{id, Payment{Tender::Cash, total_of(store, id), ""}};
    case 1:
      return AcceptOrder{id};
    case 2:
      return ServeOrder{ready_order(store)};
    case 3:
      return CancelOrder{id, ""};
    default:
      return VoidOrder{id, "wrong", coin()};
  }
}

Command any_ticket_command(const Store& store) {
  const OrderId id = any_order(store);
  switch (pick(0, 5)) {
    case 0:
      return CheckTicketItem{id, any_station(), pick(0U, 3U), coin()};
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

Command any_command(const Store& store, const Asker& asker, const Carts& carts) {
  switch (*rc::gen::weightedElement<int>(
      {{6, 0}, {2, 1}, {5, 2}, {8, 3}, {1, 4}, {4, 5}, {1, 6}, {1, 7}, {1, 8}, {1, 9}, {5, 10}})) {
    case 0:
      return any_place(store, asker, carts);
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
    case 7:
      return any_staff_command();
    case 8:
      return CloseDay{BusinessDay{}, Money::minor(pick<std::int64_t>(0, 9'000))};
    case 6:
      return ExpireHolds{};
    case 10:
      return any_right_command(store);
    default:
      return TakeWord{store.ledger.words_applied + pick<Seq>(0, 2),
                      CommandId("w"),
                      "hq:alice",
                      "stock.mark",
                      "ok",
                      ""};
  }
}

void let_time_pass(Store& store) {
  store.wait(*rc::gen::weightedElement<std::int64_t>({{8, 1}, {2, 11}, {1, 200}, {1, 1900}}));
  if (pick(0, 40) == 0) ++store.now.day.yyyymmdd;
}

// One random day; `after_each` is called with the number of events before the command.
template <typename AfterEach>
void random_day(Store& store, AfterEach after_each) {
  for (const char* sku : {"soup", "cola", "loaf"}) store.count(sku, pick(2, 30));
  after_each(store.journal.size() - 3);
  Carts carts;
  const auto commands = pick(50, 400);
  for (int i = 0; i < commands; ++i) {
    let_time_pass(store);
    const Asker asker = any_asker(store);
    const Command command = any_command(store, asker, carts);
    const std::size_t before = store.journal.size();
    const bool accepted = store.run(asker, command).has_value();
    const auto* const cart = std::get_if<PlaceHold>(&command);
    if (accepted && cart != nullptr) carts[asker.device] = cart->lines;
    after_each(before);
  }
}

TEST(Books, add_up_after_every_command) {
  std::map<std::size_t, std::size_t> seen;  // by kind of event
  const bool all_add_up = rc::check([&seen] {
    Store store;
    BooksAudit audit;
    for (const Entry& entry : store.journal) audit.follow(entry.event);
    random_day(store, [&](std::size_t before) {
      for (std::size_t i = before; i < store.journal.size(); ++i) {
        audit.follow(store.journal[i].event);
        ++seen[store.journal[i].event.index()];
      }
      const std::vector<std::string> faults = audit.check(store.ledger);
      if (!faults.empty()) RC_FAIL(faults.front());
    });
  });
  EXPECT_TRUE(all_add_up);
  // Days on which nothing happens would prove nothing: all that devices can cause was caused,
  // often.
  for (std::size_t kind = Event(StockChanged{}).index(); kind < std::variant_size_v<Event>;
       ++kind) {
    EXPECT_GT(seen[kind], 5U) << "event " << kind;
  }
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
    if (pick(0, 50) == 0) {
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
  const Command command = any_command(store, asker, {});
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
  EXPECT_TRUE(finds([&](Ledger& l) { l.stock.apply(*StockDraft(l.stock).count(soup, units(9))); }));
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
