// The books as bytes: exact, canonical, and safe to read whatever they are.
#include "core/ledger/snapshot.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/core/store.hpp"

namespace larder::test {
namespace {

// Books with something in every field.
Store busy_store() {
  Store store;
  store.count("soup", 9);
  store.count("cola", 50);
  store.must(store.admin, AddDevice{DeviceId("kds-1"), "Grill", Role::Kds, StationId("grill"),
                                    std::string(64, 'c')});
  store.must(store.kds, MarkStock{SkuId("wine"), StockStatus::SoldOut});
  LineRequest soup = line("soup");
  soup.options = {{GroupId("bread"), OptionId("rye")}};
  soup.note = "hot";
  PlaceOrder table = fired_at_table({soup, meal("burger-l", "cola"), burger("burger-s")});
  table.note = "birthday";
  const OrderId id = store.must(store.till, table).order;
  store.must(store.kds, CheckTicketItem{id, StationId("grill"), 0, true});
  store.must(store.kds, BumpTicket{id, StationId("bar")});
  store.must(store.kiosk, takeaway({line("soup", 2)}));
  store.must(store.other_kiosk, PlaceHold{{line("soup"), line("cola", 3)}});
  const OrderId done = store.must(store.kiosk, paid_by_card({line("bottle")}, 200)).order;
  store.must(store.till, ServeOrder{done});
  const OrderId gone = store.must(store.till, takeaway({line("bottle")})).order;
  store.must(store.till, CancelOrder{gone, "left"});
  Permissions permissions;
  permissions.bits = 15;
  store.must(store.admin, AddStaff{StaffId("anna"), "Anna", kPinHash, permissions});
  Asker anna = store.till;
  anna.staff = StaffId("anna");
  store.must(store.till, MarkStock{SkuId("bottle"), StockStatus::SoldOut, RestoreRule::NextDay});
  store.must(anna, DiscountOrder{id, DiscountRequest{DiscountKind::Percent, Quantity::tenths(125),
                                                     Money(), "late"}});
  store.must(anna, VoidLine{id, 3, "dropped", false});
  store.must(anna, CloseDay{BusinessDay{}, Money::minor(100)});
  return store;
}

void expect_same(const Ledger& a, const Ledger& b) {
  EXPECT_EQ(a.epoch, b.epoch);
  EXPECT_EQ(a.seq, b.seq);
  EXPECT_EQ(a.last_at, b.last_at);
  EXPECT_EQ(a.day, b.day);
  EXPECT_EQ(a.last_number, b.last_number);
  EXPECT_EQ(a.catalog.menu(), b.catalog.menu());
  EXPECT_EQ(a.stock.levels(), b.stock.levels());
  EXPECT_EQ(a.stock.holds(), b.stock.holds());
  EXPECT_EQ(a.stock_moved, b.stock_moved);
  EXPECT_EQ(a.orders, b.orders);
  EXPECT_EQ(a.open_orders, b.open_orders);
  EXPECT_EQ(a.devices, b.devices);
  EXPECT_EQ(a.bumped, b.bumped);
  EXPECT_EQ(a.staff, b.staff);
  EXPECT_EQ(a.day_books, b.day_books);
}

TEST(Snapshot, gives_the_books_back_to_the_last_field) {
  const Store store = busy_store();
  const std::string bytes = to_snapshot(store.ledger);
  const Result<Ledger> read = from_snapshot(bytes);
  ASSERT_TRUE(read) << read.error().message();
  expect_same(*read, store.ledger);
  EXPECT_EQ(to_snapshot(*read), bytes);
  EXPECT_EQ(read->stock.cart_of(DeviceId("kiosk-2"))->demand.size(), 2U);
}

TEST(Snapshot, of_empty_books_is_small_and_fixed) {
  const std::string bytes = to_snapshot(Ledger{});
  // format, epoch, seq, last_at, day, last_number, no menu, eight empty lists, words_applied
  EXPECT_EQ(bytes.size(), 4U + 4 + 8 + 8 + 4 + 4 + 1 + 11 * 4 + 8);
  EXPECT_EQ(bytes.substr(0, 4), std::string("\x04\0\0\0", 4)) << "little-endian format number";
  expect_same(*from_snapshot(bytes), Ledger{});
}

// FNV-1a, 64 bit (draft-eastlake-fnv): enough to tell two texts apart without a library.
std::uint64_t fingerprint(const std::string& bytes) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char byte : bytes) {
    hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3U;
  }
  return hash;
}

TEST(Snapshot, has_these_very_bytes_with_every_compiler) {
  // A change of the format or of a rule changes this figure: then kSnapshotFormat may have to rise.
  EXPECT_EQ(fingerprint(to_snapshot(busy_store().ledger)), 3395843509875263923U);
}

TEST(Snapshot, every_field_counts) {
  const Store store = busy_store();
  const std::string bytes = to_snapshot(store.ledger);
  const auto differs = [&](auto change) {
    Ledger other = store.ledger;
    change(other);
    return to_snapshot(other) != bytes;
  };
  const auto order = [&](auto change) {
    return differs([&](Ledger& l) { change(l.orders.begin()->second); });
  };
  EXPECT_TRUE(differs([](Ledger& l) { ++l.epoch; }));
  EXPECT_TRUE(differs([](Ledger& l) { ++l.seq; }));
  EXPECT_TRUE(differs([](Ledger& l) { ++l.last_at.micros; }));
  EXPECT_TRUE(differs([](Ledger& l) { ++l.day.yyyymmdd; }));
  EXPECT_TRUE(differs([](Ledger& l) { ++l.last_number; }));
  EXPECT_TRUE(differs([](Ledger& l) { ++l.words_applied; }));
  EXPECT_TRUE(differs([](Ledger& l) { l.stock_moved.begin()->second--; }));
  EXPECT_TRUE(differs([](Ledger& l) { l.bumped.clear(); }));
  EXPECT_TRUE(differs([](Ledger& l) { l.devices.begin()->second.revoked = true; }));
  EXPECT_TRUE(order([](Order& o) { o.tickets[0].acted_at.micros++; }));
  EXPECT_TRUE(order([](Order& o) { o.tickets[0].done_before.flip(); }));
  EXPECT_TRUE(order([](Order& o) { o.tickets[1].lines[0].done = false; }));
  EXPECT_TRUE(order([](Order& o) { o.closed_at.micros++; }));
  EXPECT_TRUE(order([](Order& o) { o.discount.reset(); }));
  EXPECT_TRUE(order([](Order& o) { o.discount->staff = StaffId(); }));
  EXPECT_TRUE(order([](Order& o) { o.lines[2].void_reason.clear(); }));
  EXPECT_TRUE(order([](Order& o) { o.lines[0].uses.clear(); }));
  EXPECT_TRUE(differs([](Ledger& l) { l.staff.begin()->second.permissions.bits = 1; }));
  EXPECT_TRUE(differs([](Ledger& l) { l.day_books.begin()->second.close.at.micros++; }));
  EXPECT_TRUE(differs([](Ledger& l) { ++l.day_books.begin()->second.figures.voids.count; }));
  EXPECT_TRUE(order([](Order& o) { o.payment.reference += "x"; }));
  EXPECT_TRUE(order([](Order& o) { o.lines[1].parts[0].price_delta = Money::minor(1); }));
}

TEST(Snapshot, of_a_later_format_is_named_as_such) {
  std::string bytes = to_snapshot(Ledger{});
  bytes[0] = 5;
  EXPECT_EQ(from_snapshot(bytes).error().code(), Code::NewerSchema);
  bytes[0] = 0;
  EXPECT_EQ(from_snapshot(bytes).error().code(), Code::Corrupt);
}

TEST(Snapshot, of_an_earlier_format_is_told_apart) {
  std::string bytes = to_snapshot(Ledger{});
  EXPECT_FALSE(is_earlier_snapshot(bytes));
  bytes[0] = 1;
  EXPECT_TRUE(is_earlier_snapshot(bytes));
  EXPECT_EQ(from_snapshot(bytes).error().code(), Code::Corrupt);
  bytes[0] = 5;
  EXPECT_FALSE(is_earlier_snapshot(bytes));
  bytes[0] = 0;
  EXPECT_FALSE(is_earlier_snapshot(bytes));
  EXPECT_FALSE(is_earlier_snapshot("abc"));
}

TEST(Snapshot, that_ends_early_or_runs_on_is_corrupt) {
  const std::string bytes = to_snapshot(busy_store().ledger);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const Result<Ledger> read = from_snapshot(std::string_view(bytes).substr(0, size));
    ASSERT_FALSE(read) << size;
    ASSERT_EQ(read.error().code(), Code::Corrupt) << size;
  }
  EXPECT_EQ(from_snapshot(bytes + '\0').error().code(), Code::Corrupt);
}

// Whatever the bytes: refused, or books that write these very bytes.
void expect_refused_or_exact(const std::string& bytes, const std::string& what) {
  const Result<Ledger> read = from_snapshot(bytes);
  if (read) {
    ASSERT_TRUE(to_snapshot(*read) == bytes) << what;
  }
}

TEST(Snapshot, with_any_byte_changed_is_refused_or_exact) {
  const std::string bytes = to_snapshot(busy_store().ledger);
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (const unsigned flip : {0x01U, 0x80U, 0xffU}) {
      std::string damaged = bytes;
      damaged[at] = static_cast<char>(static_cast<unsigned char>(damaged[at]) ^ flip);
      expect_refused_or_exact(damaged, std::to_string(at));
    }
  }
}

RC_GTEST_PROP(Snapshot, of_random_bytes_is_refused_or_exact, (const std::string& tail)) {
  const std::string bytes = std::string("\x04\0\0\0", 4) + tail;
  const Result<Ledger> read = from_snapshot(bytes);
  // Not one expression: RC_ASSERT would look at both sides of an `or`.
  const bool refused_or_exact = !read || to_snapshot(*read) == bytes;
  RC_ASSERT(refused_or_exact);
}

RC_GTEST_PROP(Snapshot, with_a_piece_cut_out_or_doubled_is_refused_or_exact, ()) {
  static const std::string bytes = to_snapshot(busy_store().ledger);
  const auto from = *rc::gen::inRange<std::size_t>(4, bytes.size());
  const auto size = *rc::gen::inRange<std::size_t>(1, 64);
  std::string damaged = bytes;
  if (*rc::gen::arbitrary<bool>()) {
    damaged.erase(from, size);
  } else {
    damaged.insert(from, bytes.substr(from, size));
  }
  const Result<Ledger> read = from_snapshot(damaged);
  const bool refused_or_exact = !read || to_snapshot(*read) == damaged;
  RC_ASSERT(refused_or_exact);
}

// Books that no events can have made, written as if they had.
Code code_of(const Ledger& ledger) {
  const Result<Ledger> read = from_snapshot(to_snapshot(ledger));
  return read ? Code::Unavailable : read.error().code();
}

TEST(Snapshot, of_books_that_contradict_themselves_is_corrupt) {
  const Ledger good = busy_store().ledger;
  ASSERT_EQ(code_of(good), Code::Unavailable);
  const auto damaged = [&good](auto change) {
    Ledger ledger = good;
    change(ledger);
    return code_of(ledger);
  };
  Hold hold{HoldId("h0"), HoldKind::Cart, DeviceId("x"), {}, {{SkuId("soup"), units(1)}}, {}};
  EXPECT_EQ(damaged([&](Ledger& l) { l.stock.open_hold(hold); }), Code::Corrupt)
      << "a hold of what is not held";
  hold.demand.clear();
  EXPECT_EQ(damaged([&](Ledger& l) { l.stock.open_hold(hold); }), Code::Unavailable);
  hold.kind = HoldKind::Order;
  hold.order = OrderId("none");
  EXPECT_EQ(damaged([&](Ledger& l) { l.stock.open_hold(hold); }), Code::Corrupt);
  EXPECT_EQ(damaged([](Ledger& l) { l.stock.end_hold(l.stock.holds().begin()->first); }),
            Code::Corrupt);
  EXPECT_EQ(damaged([](Ledger& l) { l.bumped[StationId("grill")] = {OrderId("none")}; }),
            Code::Corrupt);
  EXPECT_EQ(damaged([](Ledger& l) { l.stock_moved[SkuId("soup")] = l.seq + 1; }), Code::Corrupt);
  EXPECT_EQ(damaged([](Ledger& l) { l.orders.begin()->second.tickets[1].last_index = 99; }),
            Code::Corrupt);
  EXPECT_EQ(damaged([](Ledger& l) { l.orders.begin()->second.tickets[0].done_before.clear(); }),
            Code::Corrupt);
  EXPECT_EQ(damaged([](Ledger& l) { l.orders.begin()->second.total = Money::minor(INT64_MAX); }),
            Code::Corrupt);
}

}  // namespace
}  // namespace larder::test
