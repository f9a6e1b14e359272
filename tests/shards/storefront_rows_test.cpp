// What the storefront reads and writes in the rows: the newest menu, what can be sold online, an
// order that its store hears of, and what comes back of one that the store refuses.
#include <stdexcept>

#include "tests/shards/turn_house.hpp"

namespace larder::relay {
namespace {

constexpr const char* kArgs =
    R"({"source":"online_order","external":"W1","service":"takeaway","lines":[],"payment":{}})";

ShopStore& shop_of(TurnHouse& house) {
  return *house.shards->shard(house.shards->database_of(house.hub.store())).shop_rows();
}

ShopLevel level_of(TurnHouse& house, const std::string& sku) {
  auto state = shop_of(house).shop(house.hub.store(), ChannelCode("online_order"), house.now);
  if (!state) throw std::runtime_error(state.error().message());
  for (const ShopLevel& level : state->levels) {
    if (level.sku == SkuId(sku)) return level;
  }
  throw std::runtime_error("no level of " + sku);
}

ShopOrder order_of(TurnHouse& house, const std::string& number) {
  auto found = shop_of(house).shop_order(house.hub.store(), number);
  if (!found || !*found) throw std::runtime_error("no order " + number);
  return **found;
}

TurnOutcome reserve_shop(TurnHouse& house, const std::string& number, int quantity,
                         const std::string& args = kArgs) {
  ReserveOrder turn = house.order(number, {Demand{SkuId("soup"), units(quantity)}});
  turn.online_order = args;
  return house.take(turn);
}

Menu menu_of(std::uint64_t version, const std::string& name) {
  Menu menu;
  menu.version = version;
  menu.currency = *Currency::parse("EUR");
  menu.stations = {Station{StationId("grill"), {"Grill", ""}}};
  menu.categories = {Category{CategoryId("soups"), {"Soups", ""}}};
  Item item;
  item.id = ItemId("soup");
  item.category = CategoryId("soups");
  item.name = {name, ""};
  item.station = StationId("grill");
  item.skus = {Sku{SkuId("soup"), {}, Money::minor(590)}};
  menu.items = {item};
  return menu;
}

TEST(StorefrontRows, the_newest_menu_is_there_whole_from_the_batch_that_brought_it) {
  TurnHouse house;
  house.count("soup", 10);
  house.send();
  EXPECT_FALSE(*shop_of(house).shop_menu(house.hub.store()));
  for (std::uint64_t version = 1; version <= 2; ++version) {
    house.hub.add(MenuImported{menu_of(version, "Soup " + std::to_string(version))});
    ASSERT_EQ(house.send().fate, BatchFate::Applied);
    JsonWriter whole;
    write_menu(whole, menu_of(version, "Soup " + std::to_string(version)));
    EXPECT_EQ(*shop_of(house).shop_menu(house.hub.store()), whole.text());
    EXPECT_EQ(shop_of(house).shop(house.hub.store(), ChannelCode("online_order"), house.now)->menu,
              (MenuMark{1, version}));
  }
}

TEST(StorefrontRows, after_a_restore_the_number_of_a_lost_menu_is_another_menu) {
  TurnHouse house;
  const Seq before = house.hub.last();
  const auto send_from = [&house](Seq first) {
    const StoreBatch batch = house.hub.batch(first, house.hub.last());
    return apply_one(*house.shards, batch, house.now).fate;
  };
  const auto shown = [&house] {
    return shop_of(house).shop(house.hub.store(), ChannelCode("online_order"), house.now)->menu;
  };
  const auto name = [&house] {
    const auto text = shop_of(house).shop_menu(house.hub.store());
    const std::size_t at = (*text)->find("Soup ");
    return at == std::string::npos ? "" : (*text)->substr(at, 6);
  };
  house.hub.add(MenuImported{menu_of(1, "Soup 1")});
  house.hub.add(MenuImported{menu_of(2, "Soup 2")});
  ASSERT_EQ(send_from(before + 1), BatchFate::Applied);
  EXPECT_EQ(shown(), (MenuMark{1, 2}));
  house.hub.restore_to(before + 1);
  ASSERT_EQ(send_from(before + 2), BatchFate::Applied);
  EXPECT_EQ(shown(), (MenuMark{2, 1}));
  EXPECT_EQ(name(), "Soup 1");
  house.hub.add(MenuImported{menu_of(2, "Soup 3")});
  ASSERT_EQ(send_from(before + 3), BatchFate::Applied);
  EXPECT_EQ(shown(), (MenuMark{2, 2})) << "not the mark of the one that is lost";
  EXPECT_EQ(name(), "Soup 3");
  house.hub.restore_to(before);
  ASSERT_EQ(send_from(before + 1), BatchFate::Applied);
  EXPECT_EQ(shown(), (MenuMark{3, 0})) << "none is left";
}

TEST(StorefrontRows, what_can_be_sold_is_what_is_leased_and_what_the_hub_may_still_grant) {
  TurnHouse house;
  house.count("soup", 10);
  house.grant("soup", 4);
  EXPECT_EQ(level_of(house, "soup").here, units(4));
  EXPECT_EQ(level_of(house, "soup").there, units(6));
  house.set_quota("soup", "kiosk", 5);
  house.send();
  EXPECT_EQ(level_of(house, "soup").there, units(1)) << "the kiosk's own are not for guests here";
  ASSERT_EQ(code_of(house.reserve("A-1", "soup", 3)), "ok");
  EXPECT_EQ(level_of(house, "soup").here, units(1)) << "held is held";
  EXPECT_EQ(level_of(house, "soup").status, StockStatus::Available);
  house.mark("soup", StockStatus::SoldOut, "online_order");
  house.send();
  EXPECT_EQ(level_of(house, "soup").status, StockStatus::SoldOut) << "on this channel alone";
}

// A draw is whole from the quota or whole from the pool: the shelf shows what one order can have.
TEST(StorefrontRows, what_one_order_can_have_is_the_most_of_one_lease_and_no_sum) {
  TurnHouse house;
  house.count("soup", 20);
  house.grant("soup", 4);
  house.set_quota("soup", "online_order", 9);
  house.send();
  EXPECT_EQ(level_of(house, "soup").here, units(4));
  EXPECT_EQ(level_of(house, "soup").there, units(5)) << "of the hub, the nine of the quota alone";
  house.grant("soup", 3, "online_order");
  EXPECT_EQ(level_of(house, "soup").here, units(4)) << "and not the seven of both";
  EXPECT_EQ(code_of(house.reserve("A-1", "soup", 5)), "out_of_stock");
  EXPECT_EQ(code_of(house.reserve("A-2", "soup", 4)), "ok") << "what is shown can be had";
  EXPECT_EQ(level_of(house, "soup").here, units(3)) << "of the quota";
}

TEST(StorefrontRows, a_lease_that_ran_out_and_a_frozen_store_have_nothing_to_sell) {
  TurnHouse house;
  house.count("soup", 10);
  house.grant("soup", 4, "", 60);
  house.now = house.now + Duration{Duration::seconds(60).micros - 1};
  EXPECT_EQ(level_of(house, "soup").here, units(4));
  house.now = house.now + Duration{1};
  EXPECT_EQ(level_of(house, "soup").here, Quantity()) << "before its row says so";
  EXPECT_EQ(level_of(house, "soup").there, units(6));
  ASSERT_TRUE(house.shards->freeze(house.hub.store(), "contradictions", house.now));
  EXPECT_EQ(level_of(house, "soup").there, Quantity());
}

TEST(StorefrontRows, case_70_what_was_ordered_is_part_of_the_order) {
  TurnHouse house;
  house.count("soup", 10);
  house.grant("soup", 8);
  ASSERT_EQ(code_of(reserve_shop(house, "W1", 2)), "ok");
  EXPECT_TRUE(reserve_shop(house, "W1", 2).is_again);
  EXPECT_EQ(code_of(reserve_shop(house, "W1", 2, R"({"source":"online_order","note":"hot"})")),
            "key_reuse")
      << "the same stock, but not the same order";
  EXPECT_EQ(order_of(house, "W1").online_order, kArgs);
  EXPECT_EQ(order_of(house, "W1").status, ReservationStatus::Lock);
  EXPECT_FALSE(*shop_of(house).shop_order(house.hub.store(), "A-9"));
  house.reserve("A-2", "soup", 1);
  EXPECT_FALSE(*shop_of(house).shop_order(house.hub.store(), "A-2")) << "no guest's order";
}

TEST(StorefrontRows, a_paid_order_goes_down_as_it_was_locked_once) {
  TurnHouse house;
  house.count("soup", 10);
  const std::string lease = house.grant("soup", 8);
  reserve_shop(house, "W1", 2);
  const TurnOutcome paid = house.confirm("W1");
  ASSERT_TRUE(paid.word);
  EXPECT_EQ(paid.word->word.verb, "online.order");
  EXPECT_NE(paid.word->word.args.find(R"("external":"W1")"), std::string::npos);
  EXPECT_NE(paid.word->word.args.find(R"("draws":[{"lease":")" + lease + R"(","quantity":2.0}])"),
            std::string::npos)
      << paid.word->word.args;
  EXPECT_EQ(paid.word->word.not_after, house.now + kOnlineOrderLife);
  const TurnOutcome again = house.confirm("W1");
  EXPECT_TRUE(again.is_again);
  EXPECT_FALSE(again.word) << "a second click is no second order";
  EXPECT_EQ(order_of(house, "W1").outcome, "") << "the store has not heard of it yet";
}

TEST(StorefrontRows, what_the_store_refuses_goes_back_on_the_shelf_once) {
  TurnHouse house;
  house.count("soup", 10);
  const std::string lease = house.grant("soup", 8);
  reserve_shop(house, "W1", 3);
  const TurnOutcome paid = house.confirm("W1");
  ASSERT_TRUE(paid.word);
  EXPECT_EQ(house.lease(lease).told_sold, units(3));
  const WordTaken refused{paid.word->number, paid.word->word.id, "relay",
                          "online.order",    "price_changed",    "The price has changed"};
  house.hub.add(refused);
  ASSERT_EQ(house.send().fate, BatchFate::Applied);
  EXPECT_EQ(house.lease(lease).sold, Quantity()) << "the hub never settled it";
  EXPECT_EQ(house.lease(lease).told_sold, Quantity());
  EXPECT_EQ(house.lease(lease).idle(), units(8));
  EXPECT_EQ(house.ask("SELECT status FROM reservation$"), std::vector<std::string>{"UNLOCK"});
  EXPECT_EQ(house.ask("SELECT transaction_type, delta_available, available_after, quantity_before,"
                      " quantity_after, reference_id FROM inventory_transactions$"
                      " WHERE order_id = 'W1' ORDER BY seq LIMIT 1"),
            std::vector<std::string>{"restock|30|80|50|80|" + lease})
      << "the books tell how they came back";
  EXPECT_EQ(order_of(house, "W1").status, ReservationStatus::Out) << "it was paid";
  EXPECT_EQ(level_of(house, "soup").here, units(8));
  EXPECT_EQ(order_of(house, "W1").outcome, "price_changed");
  EXPECT_EQ(order_of(house, "W1").message, "The price has changed");
  ASSERT_EQ(code_of(house.reserve("A-2", "soup", 5)), "ok");
  house.confirm("A-2");
  house.hub.add(refused);  // a hub that says it twice gives nothing twice
  house.send();
  EXPECT_EQ(house.lease(lease).sold, units(5));
  EXPECT_EQ(house.ask("SELECT count(*) FROM inventory_transactions$"
                      " WHERE transaction_type = 'restock' AND seq < 0"),
            std::vector<std::string>{"1"});
}

}  // namespace
}  // namespace larder::relay
