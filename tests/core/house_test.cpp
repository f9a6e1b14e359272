// Menu, devices, epochs.
#include <gtest/gtest.h>

#include <ctime>

#include "core/ledger/snapshot.hpp"
#include "tests/core/store.hpp"

namespace larder::test {
namespace {

AddDevice device(const std::string& id, char token = 'a') {
  return {DeviceId(id), "Kiosk by the door", Role::Kiosk, StationId(), std::string(64, token)};
}

TEST(ImportMenu, gives_the_menu_its_version) {
  Store store;
  EXPECT_EQ(store.ledger.catalog.menu().version, 1U);
  Menu menu = sample_menu();
  menu.version = 77;
  EXPECT_EQ(store.must(store.admin, ImportMenu{menu}).menu_version, 2U);
  EXPECT_EQ(store.ledger.catalog.menu().version, 2U);
}

TEST(ImportMenu, a_menu_that_contradicts_itself_changes_nothing) {
  Store store;
  Menu menu = sample_menu();
  menu.items[0].category = CategoryId("none");
  EXPECT_EQ(store.refused(store.admin, ImportMenu{menu}), Code::BadMenu);
  EXPECT_EQ(store.ledger.catalog.menu().version, 1U);
}

TEST(ImportMenu, keeps_the_stock_of_what_vanished) {
  Store store;
  store.count("wine", 4);
  Menu menu = sample_menu();
  std::erase_if(menu.items, [](const Item& item) { return item.id == ItemId("wine"); });
  store.must(store.admin, ImportMenu{menu});
  EXPECT_EQ(store.level("wine").available, units(4));
  EXPECT_EQ(store.refused(store.till, takeaway({line("wine")})), Code::UnknownSku);
}

TEST(ImportMenu, the_currency_stays_while_orders_are_open) {
  Store store;
  const OrderId id = store.must(store.till, takeaway({line("soup")})).order;
  Menu menu = sample_menu();
  menu.currency = *Currency::parse("CNY");
  EXPECT_EQ(store.refused(store.admin, ImportMenu{menu}), Code::BadMoney);
  store.must(store.till, CancelOrder{id, ""});
  EXPECT_TRUE(store.run(store.admin, ImportMenu{menu}));
}

TEST(AddDevice, keeps_the_device_with_the_time_it_came) {
  Store store;
  AddDevice command = device("kds-grill");
  command.role = Role::Kds;
  command.station = StationId("not-on-the-menu-yet");
  store.must(store.admin, command);
  const Device& added = store.ledger.devices.at(DeviceId("kds-grill"));
  EXPECT_EQ(added.role, Role::Kds);
  EXPECT_EQ(added.station, StationId("not-on-the-menu-yet"));
  EXPECT_EQ(added.added_at, store.now.at);
  EXPECT_FALSE(added.revoked);
}

TEST(AddDevice, refuses_what_has_not_the_right_shape) {
  Store store;
  const auto refused = [&](auto change) {
    AddDevice command = device("kiosk-9");
    change(command);
    return store.refused(store.admin, command);
  };
  EXPECT_EQ(refused([](AddDevice& d) { d.device = DeviceId(""); }), Code::BadRequest);
  EXPECT_EQ(refused([](AddDevice& d) { d.device = DeviceId("a b"); }), Code::BadRequest);
  EXPECT_EQ(refused([](AddDevice& d) { d.station = StationId("a b"); }), Code::BadRequest);
  EXPECT_EQ(refused([](AddDevice& d) { d.name = ""; }), Code::BadRequest);
  EXPECT_EQ(refused([](AddDevice& d) { d.name = std::string(65, 'x'); }), Code::BadRequest);
  EXPECT_EQ(refused([](AddDevice& d) { d.name = "a\nb"; }), Code::BadRequest);
  EXPECT_EQ(refused([](AddDevice& d) { d.token_sha256 = std::string(63, 'a'); }), Code::BadRequest);
  EXPECT_EQ(refused([](AddDevice& d) { d.token_sha256 = std::string(64, 'A'); }), Code::BadRequest);
  EXPECT_EQ(refused([](AddDevice& d) { d.token_sha256 = std::string(64, 'g'); }), Code::BadRequest);
}

TEST(AddDevice, a_token_is_one_live_devices) {
  Store store;
  store.must(store.admin, device("kiosk-1", 'a'));
  EXPECT_EQ(store.refused(store.admin, device("kiosk-2", 'a')), Code::BadRequest);
  EXPECT_TRUE(store.run(store.admin, device("kiosk-1", 'a'))) << "its own";
  store.must(store.admin, RevokeDevice{DeviceId("kiosk-1")});
  EXPECT_TRUE(store.run(store.admin, device("kiosk-2", 'a')));
}

TEST(AddDevice, a_known_id_is_replaced_and_lives_again) {
  Store store;
  store.must(store.admin, device("kiosk-1", 'a'));
  store.must(store.admin, RevokeDevice{DeviceId("kiosk-1")});
  EXPECT_TRUE(store.ledger.devices.at(DeviceId("kiosk-1")).revoked);
  store.must(store.admin, device("kiosk-1", 'b'));
  EXPECT_FALSE(store.ledger.devices.at(DeviceId("kiosk-1")).revoked);
  EXPECT_EQ(store.ledger.devices.at(DeviceId("kiosk-1")).token_sha256, std::string(64, 'b'));
  EXPECT_EQ(store.ledger.devices.size(), 1U);
}

TEST(AddDevice, devices_have_a_limit_that_replacing_does_not_meet) {
  Store store;
  for (std::size_t i = 0; i < kDevicesMax; ++i) {
    const DeviceId id("d" + std::to_string(i));
    store.ledger.devices[id] = Device{id, "D", Role::Kiosk, {}, std::to_string(i), false, {}};
  }
  EXPECT_EQ(decide(store.ledger, store.admin, device("new"), store.now).error().code(),
            Code::Overloaded);
  EXPECT_TRUE(decide(store.ledger, store.admin, device("d7"), store.now));
}

TEST(RevokeDevice, takes_a_known_device_once) {
  Store store;
  EXPECT_EQ(store.refused(store.admin, RevokeDevice{DeviceId("none")}), Code::NotFound);
  store.must(store.admin, device("kiosk-1"));
  store.must(store.admin, RevokeDevice{DeviceId("kiosk-1")});
  EXPECT_EQ(story(store.last_events()), "DeviceRevoked");
  store.must(store.admin, RevokeDevice{DeviceId("kiosk-1")});
  EXPECT_TRUE(store.last_events().empty());
}

TEST(BeginEpoch, counts_from_one_and_comes_before_any_day) {
  Ledger ledger;
  const Now now{TimePoint{5}, BusinessDay{20261121}};
  const Decision decision = *decide(ledger, Asker{}, BeginEpoch{"first start"}, now);
  EXPECT_EQ(story(decision.events), "EpochBegun");
  apply(ledger, decision.events[0], now.at, StaffId());
  EXPECT_EQ(ledger.epoch, 1U);
  EXPECT_EQ(ledger.seq, 1U);
  Store store;
  store.must(store.hub, BeginEpoch{"restored"});
  EXPECT_EQ(store.ledger.epoch, 2U);
  EXPECT_EQ(last_of<EpochBegun>(store.last_events()).reason, "restored");
}

TEST(BeginEpoch, case_120_after_a_loss_limited_stock_is_unverified_until_it_is_counted) {
  Store store;
  store.count("soup", 12);
  store.count("loaf", 5);
  store.must(store.hub, BeginEpoch{"restored", false});
  EXPECT_FALSE(store.level("soup").unverified);
  store.must(store.hub, BeginEpoch{"no internet", true});
  EXPECT_TRUE(store.level("soup").unverified);
  EXPECT_TRUE(store.level("loaf").unverified);
  store.count("soup", 9);
  EXPECT_FALSE(store.level("soup").unverified);
  EXPECT_TRUE(store.level("loaf").unverified);
  EXPECT_EQ(from_snapshot(to_snapshot(store.ledger))->stock.level(SkuId("loaf")),
            store.level("loaf"));
}

TEST(Speed, a_command_among_a_thousand_open_orders_costs_microseconds) {
  Store store;
  store.count("soup", 1'000'000);
  const auto decide_and_apply = [&](const Asker& asker, const Command& command) {
    const Result<Decision> decision = decide(store.ledger, asker, command, store.now);
    for (const Event& event : decision->events) apply(store.ledger, event, store.now.at, StaffId());
    return decision->outcome;
  };
  for (int i = 0; i < 1'000; ++i) decide_and_apply(store.kiosk, takeaway({line("soup")}));
  ASSERT_EQ(store.ledger.open_orders, 1'000U);
  ASSERT_EQ(store.ledger.stock.holds().size(), 1'000U);
  const std::clock_t began = std::clock();
  for (int i = 0; i < 1'000; ++i) {
    const OrderId id = decide_and_apply(store.kiosk, takeaway({line("soup"), line("cola")})).order;
    decide_and_apply(store.till, PayOrder{id, cash(840)});
  }
  // Time of this process, so that a busy machine changes nothing.
  const std::int64_t micros =
      std::int64_t{std::clock() - began} * 1'000'000 / CLOCKS_PER_SEC / 2'000;
  RecordProperty("microseconds_per_command", static_cast<int>(micros));
  // Ten microseconds is usual; one copy of these books, in any build, is more than this.
  EXPECT_LT(micros, 500) << "microseconds per command";
}

TEST(TakeWord, counts_without_a_gap_and_leaves_one_event) {
  Store store;
  const TakeWord first{1, CommandId("w1"), "hq:alice", "stock.mark", "ok", ""};
  store.must(store.hub, first);
  EXPECT_EQ(store.ledger.words_applied, 1U);
  EXPECT_EQ(last_of<WordTaken>(store.last_events()).by, "hq:alice");
  EXPECT_EQ(store.refused(store.hub, first), Code::BadState);
  EXPECT_EQ(store.refused(store.hub, TakeWord{3, CommandId("w3"), "hq:alice", "", "ok", ""}),
            Code::BadState);
  store.must(store.hub, TakeWord{2, CommandId(), "hq", "", "bad_json", "not JSON"});
  EXPECT_EQ(store.ledger.words_applied, 2U);
}

}  // namespace
}  // namespace larder::test
