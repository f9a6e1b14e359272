// Leases at the hub: granted, settled, called back; counts below them; what the relay must not do.
#include <gtest/gtest.h>

#include "core/ledger/snapshot.hpp"
#include "core/stock/draft.hpp"
#include "tests/core/store.hpp"

namespace larder::test {
namespace {

const SkuId kSoup("soup");
const ChannelCode kOnline("online_order");

class Leases : public testing::Test {
 protected:
  Leases() { store.count("soup", 20); }

  const Lease& ask(std::int32_t wanted, const ChannelCode& channel = {}) {
    store.must(relay, AskLease{kSoup, channel, units(wanted), units(wanted)});
    return *store.ledger.stock.running_lease(kSoup, channel);
  }
  Code settle(const LeaseId& lease, std::int32_t sold, std::int32_t returned, bool closed = false) {
    const auto done = store.run(relay, SettleLease{lease, units(sold), units(returned), closed});
    return done ? Code::Unavailable : done.error().code();
  }
  StockLevel soup() { return store.level("soup"); }

  Store store;
  Asker relay{DeviceId("hq:relay"), Role::Admin};
};

constexpr Code kDone = Code::Unavailable;  // what settle() answers when it was taken

TEST_F(Leases, a_grant_takes_the_hubs_right_in_the_same_event) {
  const Lease lease = ask(6);
  EXPECT_EQ(story(store.last_events()), "LeaseGranted");
  EXPECT_EQ(lease.granted, units(6));
  EXPECT_EQ(soup().available, units(14));
  EXPECT_EQ(soup().leased, units(6));
  EXPECT_EQ(store.refused(store.till, takeaway({line("soup", 15)})), Code::OutOfStock);
}

TEST_F(Leases, more_for_the_same_channel_goes_into_the_running_lease) {
  const LeaseId first = ask(4).id;
  EXPECT_EQ(ask(4).id, first);
  EXPECT_EQ(store.ledger.stock.lease(first)->granted, units(8));
  EXPECT_EQ(last_of<LeaseGranted>(store.last_events()).quantity, units(4));
}

TEST_F(Leases, the_pool_gives_a_part_unless_somebody_waits_and_never_more_than_is_there) {
  store.must(relay, AskLease{kSoup, {}, units(100), {}});
  EXPECT_EQ(soup().leased, units(3)) << "a sixth of twenty, in whole units";
  store.must(relay, AskLease{kSoup, {}, units(9), units(9)});
  EXPECT_EQ(soup().leased, units(12)) << "a guest waits for all nine";
  store.must(relay, AskLease{kSoup, {}, units(99), units(99)});
  EXPECT_EQ(soup().available, Quantity());
  EXPECT_EQ(store.refused(relay, AskLease{kSoup, {}, units(1), units(1)}), Code::OutOfStock);
}

TEST_F(Leases, a_channels_quota_is_leased_whole_and_only_to_it) {
  store.must(store.till, SetChannels{kSoup, {{kOnline, units(8), {}, {}}}});
  EXPECT_EQ(ask(50, kOnline).granted, units(8));
  EXPECT_EQ(pool_of(soup()), units(12));
  EXPECT_EQ(store.refused(relay, AskLease{kSoup, kOnline, units(1)}), Code::OutOfStock);
  EXPECT_EQ(store.refused(relay, AskLease{kSoup, ChannelCode("kiosk"), units(1)}),
            Code::BadRequest);
}

TEST_F(Leases, what_was_sold_is_gone_and_what_is_returned_can_be_sold_here) {
  const LeaseId lease = ask(6).id;
  EXPECT_EQ(settle(lease, 2, 1), kDone);
  EXPECT_EQ(soup().leased, units(3));
  EXPECT_EQ(soup().available, units(15));
  EXPECT_EQ(settle(lease, 1, 2, true), kDone);
  EXPECT_EQ(soup().leased, Quantity());
  EXPECT_EQ(soup().available, units(17));
  EXPECT_EQ(store.ledger.stock.lease(lease), nullptr);
}

TEST_F(Leases, case_64_a_lease_that_is_unknown_or_closed_changes_nothing) {
  const LeaseId lease = ask(6).id;
  EXPECT_EQ(settle(LeaseId("l999"), 1, 0), Code::NotFound);
  EXPECT_EQ(settle(lease, 6, 0, true), kDone);
  EXPECT_EQ(settle(lease, 1, 0), Code::NotFound) << "a settled lease never sells again";
  EXPECT_EQ(soup().available, units(14));
}

TEST_F(Leases, case_64_a_settlement_of_nothing_or_a_close_with_rights_left_is_refused) {
  const LeaseId lease = ask(6).id;
  EXPECT_EQ(settle(lease, 0, 0), Code::BadQuantity);
  EXPECT_EQ(settle(lease, 1, 2, true), Code::BadState);
  EXPECT_EQ(store.refused(relay, AskLease{kSoup, {}, Quantity()}), Code::BadQuantity);
  EXPECT_EQ(soup().leased, units(6));
}

TEST_F(Leases, case_64_more_than_was_granted_is_clamped_and_recorded) {
  const LeaseId lease = ask(6).id;
  EXPECT_EQ(settle(lease, 9, 3, true), kDone);
  EXPECT_EQ(soup().leased, Quantity());
  EXPECT_EQ(soup().available, units(14)) << "nothing comes back that was not there";
  const OversellRecord record = last_of<StockOversold>(store.last_events()).record;
  EXPECT_EQ(record.quantity, units(3));
  EXPECT_EQ(record.cause, "settlement");
}

TEST_F(Leases, case_65_time_alone_gives_nothing_back) {
  ask(6);
  store.wait(30LL * 24 * 3600);
  store.must(store.hub, ExpireHolds{});
  EXPECT_EQ(soup().leased, units(6));
  EXPECT_EQ(soup().available, units(14));
}

TEST_F(Leases, a_hub_that_runs_dry_calls_back_all_but_a_third_once) {
  const LeaseId lease = ask(6).id;
  store.must(store.till, paid_by_card({line("soup", 2)}, 2 * 590));
  EXPECT_EQ(story(store.last_events()).find("LeaseRecalled"), std::string::npos) << "12 and 6";
  store.must(store.till, paid_by_card({line("soup", 3)}, 3 * 590));
  const LeaseRecalled recalled = last_of<LeaseRecalled>(store.last_events());
  EXPECT_EQ(recalled.lease, lease);
  EXPECT_EQ(recalled.keep, units(5)) << "a third of 9 and 6";
  EXPECT_FALSE(recalled.ends);
  store.must(store.till, paid_by_card({line("soup")}, 590));
  EXPECT_EQ(story(store.last_events()).find("LeaseRecalled"), std::string::npos) << "asked already";
  EXPECT_EQ(settle(lease, 0, 1), kDone);
  EXPECT_EQ(soup().available, units(9));
}

TEST_F(Leases, a_count_below_what_is_leased_is_owed_and_returns_pay_it_first) {
  const LeaseId lease = ask(10).id;
  store.must(store.till, CountStock{kSoup, units(4), std::nullopt});
  EXPECT_EQ(soup().available, Quantity());
  EXPECT_EQ(soup().owed, units(6));
  const LeaseRecalled recalled = last_of<LeaseRecalled>(store.last_events());
  EXPECT_TRUE(recalled.ends);
  EXPECT_EQ(recalled.keep, Quantity());
  EXPECT_EQ(settle(lease, 3, 7, true), kDone);
  EXPECT_EQ(soup().available, units(1)) << "four were found, three are sold";
  EXPECT_EQ(soup().owed, Quantity());
  EXPECT_TRUE(store.ledger.stock.oversells().empty());
}

TEST_F(Leases, case_43_what_settlement_cannot_cover_is_an_oversell_record_with_a_life) {
  const LeaseId lease = ask(10).id;
  store.must(store.till, CountStock{kSoup, units(4), std::nullopt});
  EXPECT_EQ(settle(lease, 9, 1, true), kDone);
  const OversellRecord record = last_of<StockOversold>(store.last_events()).record;
  EXPECT_EQ(record.cause, "count");
  EXPECT_EQ(record.quantity, units(5)) << "nine sold of four";
  EXPECT_EQ(store.refused(store.till, ResolveOversell{record.id, ""}), Code::BadRequest);
  store.must(store.till, ResolveOversell{record.id, "cooked five more"});
  EXPECT_TRUE(store.ledger.stock.oversells().empty());
  EXPECT_EQ(store.refused(store.till, ResolveOversell{record.id, "again"}), Code::NotFound);
}

TEST_F(Leases, a_lease_that_ends_gets_no_more_and_a_new_one_is_begun) {
  const LeaseId first = ask(4).id;
  store.must(store.till, CountStock{kSoup, units(2), std::nullopt});
  store.must(store.till, CountStock{kSoup, units(30), std::nullopt});
  EXPECT_EQ(store.ledger.stock.running_lease(kSoup, {}), nullptr);
  EXPECT_NE(ask(4).id, first);
  EXPECT_EQ(store.ledger.stock.leases().size(), 2U);
}

TEST_F(Leases, case_119_a_new_epoch_has_no_lease_to_add_to_and_takes_nothing_back_by_itself) {
  const LeaseId first = ask(4).id;
  store.must(store.hub, BeginEpoch{"restored"});
  EXPECT_EQ(soup().leased, units(4)) << "spent until it is settled";
  EXPECT_NE(ask(4).id, first);
  EXPECT_EQ(settle(first, 1, 3, true), kDone);
}

// Both have an event 44 that grants a lease; the relay settles either.
TEST_F(Leases, case_119_a_lease_is_never_named_as_one_that_was_lost) {
  test::Store restored = store;  // from a backup, and what follows is lost
  const LeaseId lost = ask(4).id;
  std::swap(store, restored);
  store.ledger.epoch = 2;  // as EpochBegun leaves it, without a number of its own
  EXPECT_NE(ask(4).id, lost);
}

TEST_F(Leases, a_sku_without_limit_or_sold_out_is_not_leased) {
  EXPECT_EQ(store.refused(relay, AskLease{SkuId("wine"), {}, units(1)}), Code::BadState);
  EXPECT_EQ(store.refused(relay, AskLease{SkuId("none"), {}, units(1)}), Code::UnknownSku);
  store.must(store.till, MarkStock{kSoup, StockStatus::SoldOut});
  EXPECT_EQ(store.refused(relay, AskLease{kSoup, {}, units(1)}), Code::OutOfStock);
}

TEST_F(Leases, an_override_is_named_recorded_and_takes_nobodys_right) {
  ask(10);
  PlaceOrder order = takeaway({line("soup", 15)});
  order.override_stock = true;
  EXPECT_EQ(store.refused(store.till, order), Code::Forbidden) << "nobody is named who may";
  Permissions all;
  all.bits = 31;
  const std::string hash =
      "$argon2id$v=19$m=19456,t=2,p=1$" + std::string(22, 'S') + "$" + std::string(43, 'h');
  store.must(store.admin, AddStaff{StaffId("anna"), "Anna", hash, all});
  EXPECT_EQ(store.refused(store.till, order), Code::Forbidden) << "nobody is signed in";
  EXPECT_EQ(store.refused(store.kiosk, order), Code::Forbidden);
  Asker anna = store.till;
  anna.staff = StaffId("anna");
  store.must(anna, order);
  const OversellRecord record = last_of<StockOversold>(store.last_events()).record;
  EXPECT_EQ(record.cause, "override");
  EXPECT_EQ(record.staff, StaffId("anna")) << "who it was, not the till alone";
  EXPECT_EQ(record.by, anna.device);
  EXPECT_EQ(from_snapshot(to_snapshot(store.ledger))->stock.oversells().at(record.id), record);
  EXPECT_EQ(record.quantity, units(15));
  EXPECT_EQ(soup().available, units(10)) << "the units that are there stay for those with a right";
  EXPECT_EQ(soup().leased, units(10));
}

}  // namespace
}  // namespace larder::test
