// The storefront over HTTP: what a guest may ask without an account, and how narrow that is.
#include <gtest/gtest.h>

#include "core/ledger/commands.hpp"
#include "lan-protocol/verbs.hpp"
#include "relay/api/storefront.hpp"
#include "tests/api/api_house.hpp"

namespace larder::relay {
namespace {

constexpr const char* kStore = "/api/v1/storefront/stores/s1";
constexpr const char* kToken = "0123456789abcdef0123456789abcdef";
constexpr const char* kOther = "ffffffffffffffffffffffffffffffff";
constexpr const char* kMenu =
    R"({"version":3,"currency":"EUR","stations":[{"id":"grill","name":{"en":"Grill"}}],)"
    R"("categories":[{"id":"c","name":{"en":"Food"}}],"option_groups":[],"items":[)"
    R"({"id":"soup","category":"c","name":{"en":"Soup"},"station":"grill","channels":["online_order"],)"
    R"("skus":[{"id":"soup","price":590}]},)"
    R"({"id":"cola","category":"c","name":{"en":"Cola"},"station":"grill","channels":["kiosk"],)"
    R"("skus":[{"id":"cola","price":290}]}]})";

std::string token_line(const std::string& token = kToken) {
  return "Order-Token: " + token + "\r\n";
}
std::string lines_of(int quantity, const std::string& rest = "") {
  return R"({"name":"Ada","lines":[{"sku":"soup","quantity":)" + std::to_string(quantity) + "}]" +
         rest + "}";
}
std::string order_path(const std::string& rest = "", const std::string& token = kToken) {
  return std::string(kStore) + "/orders/" + shop_order_number(StoreId("s1"), token) + rest;
}
std::string member(const RawAnswer& answer, const std::string& name) {
  const std::size_t at = answer.body.find("\"" + name + "\":");
  if (at == std::string::npos) return "";
  const std::size_t from = at + name.size() + 3;
  return answer.body.substr(from, answer.body.find_first_of(",}", from) - from);
}

class Storefronts : public ::testing::Test {
 protected:
  Storefronts() {
    house.on_loop([this] { house.desk().menus[StoreId("s1")] = {3, kMenu}; });
  }
  RawAnswer lock(const std::string& body, const std::string& token = kToken) {
    return house.ask("POST", std::string(kStore) + "/orders", body, token_line(token));
  }
  RawAnswer order(const std::string& token = kToken) {
    return house.ask("GET", order_path("", token), "", token_line(token));
  }
  RawAnswer post(const std::string& rest, const std::string& token = kToken) {
    return house.ask("POST", order_path(rest, token), "", token_line(token));
  }
  ApiHouse house;
};

TEST_F(Storefronts, the_menu_and_what_can_be_sold_come_without_an_account) {
  const RawAnswer menu = house.ask("GET", std::string(kStore) + "/menu");
  EXPECT_EQ(menu.status, 200);
  EXPECT_TRUE(has(menu.body, R"("data":{"version":3)")) << menu.body;
  const RawAnswer stock = house.ask("GET", std::string(kStore) + "/stock");
  EXPECT_EQ(stock.status, 200);
  EXPECT_TRUE(has(stock.body,
                  R"({"skuId":"soup","status":"available","type":"limited","availableQty":12.0})"))
      << stock.body;
  EXPECT_TRUE(has(stock.body, R"("isLive":true)"));
  const std::string tag = "If-None-Match: " + stock.fields.at("etag") + "\r\n";
  const RawAnswer same = house.ask("GET", std::string(kStore) + "/stock", "", tag);
  EXPECT_EQ(same.status, 304);
  EXPECT_EQ(same.body, "");
  EXPECT_EQ(house.ask("GET", "/api/v1/storefront/stores/s2/stock").status, 404) << "has no menu";
  EXPECT_EQ(house.ask("GET", "/api/v1/storefront/stores/s9/menu").status, 404);
}

TEST_F(Storefronts, a_crowd_of_pages_is_one_read_and_an_86_is_seen_within_the_shelfs_life) {
  std::string etag;
  for (int page = 0; page < 30; ++page) {
    etag = house.ask("GET", std::string(kStore) + "/stock").fields.at("etag");
  }
  house.on_loop([this] {
    EXPECT_EQ(house.desk().shelves_read, 1);
    house.desk().rows[StoreId("s1")][SkuId("soup")].level.status = StockStatus::SoldOut;
    house.clock().pass(kShelfLife);
  });
  const RawAnswer now =
      house.ask("GET", std::string(kStore) + "/stock", "", "If-None-Match: " + etag + "\r\n");
  EXPECT_EQ(now.status, 200);
  EXPECT_TRUE(has(now.body, R"("skuId":"soup","status":"sold_out")")) << now.body;
}

TEST_F(Storefronts, with_the_hub_away_only_what_the_relay_has_is_on_sale) {
  house.on_loop([this] {
    house.desk().rows[StoreId("s1")][SkuId("soup")].relay_available = Quantity::units(2);
    house.desk().views[StoreId("s1")].is_live = false;
  });
  const RawAnswer stock = house.ask("GET", std::string(kStore) + "/stock");
  EXPECT_TRUE(has(stock.body, R"("availableQty":2.0)")) << stock.body;
  EXPECT_TRUE(has(stock.body, R"("isLive":false)"));
}

TEST_F(Storefronts, an_order_is_locked_paid_and_followed_by_its_guest) {
  const RawAnswer locked =
      lock(lines_of(2, R"(,"expectedTotal":1180,"note":"no salt 4111111111111111")"));
  ASSERT_EQ(locked.status, 200) << locked.body;
  EXPECT_EQ(member(locked, "stage"), "\"locked\"");
  EXPECT_EQ(member(locked, "status"), "\"RESERVED\"");
  EXPECT_EQ(member(locked, "total"), "1180");
  EXPECT_GT(std::stoi(member(locked, "remainingMs")), 170'000) << "three minutes, by our clock";
  house.on_loop([this] {
    const ReserveOrder& asked = house.desk().asked.back();
    EXPECT_EQ(asked.life, kShopLockLife);
    EXPECT_TRUE(asked.is_cart);
    EXPECT_EQ(asked.channel, ChannelCode("online_order"));
    ASSERT_EQ(asked.items.size(), 1U);
    EXPECT_EQ(asked.items[0].quantity, Quantity::units(2));
    const auto json = parse_json(asked.online_order);
    ASSERT_TRUE(json);
    const auto command = find_command_verb("online.order")->decode(*json);
    ASSERT_TRUE(command) << command.error().message();
    const auto& placed = std::get<PlaceOnline>(*command);
    EXPECT_EQ(placed.external, asked.order);
    EXPECT_EQ(placed.name, "Ada");
    EXPECT_FALSE(has(asked.online_order, "4111111111111111")) << "no card number comes to rest";
    EXPECT_TRUE(placed.note.starts_with("no salt ")) << placed.note;
    EXPECT_EQ(placed.payment.amount, Money::minor(1180));
  });
  const RawAnswer paid = post("/confirm");
  EXPECT_EQ(paid.status, 200) << paid.body;
  EXPECT_EQ(member(paid, "stage"), "\"waiting\"");
  EXPECT_EQ(post("/confirm").status, 200) << "a second click";
  EXPECT_EQ(post("/release").status, 409) << "paid is paid";
  for (const auto& [state, stage] :
       std::vector<std::pair<std::string, std::string>>{{"paid", "received"},
                                                        {"accepted", "accepted"},
                                                        {"preparing", "preparing"},
                                                        {"ready", "ready"},
                                                        {"served", "served"},
                                                        {"voided", "rejected"},
                                                        {"cancelled", "rejected"}}) {
    const std::string why = state == "voided" ? "no salt left" : "";
    const ShopOrder::AtStore at_store{17, state, why, house.desk().at};
    house.on_loop([&, this] {
      house.desk().shop_orders[shop_order_number(StoreId("s1"), kToken)].at_store = at_store;
    });
    const RawAnswer seen = order();
    EXPECT_EQ(member(seen, "stage"), "\"" + stage + "\"") << seen.body;
    EXPECT_EQ(member(seen, "number"), "17");
    EXPECT_EQ(member(seen, "isRefunded"), stage == "rejected" ? "true" : "false");
    if (state == "voided") {
      EXPECT_EQ(member(seen, "reason"), "\"no salt left\"");
    }
  }
}

TEST_F(Storefronts, a_word_that_the_store_refuses_is_money_back) {
  lock(lines_of(1));
  post("/confirm");
  house.on_loop([this] {
    ShopOrder& there = house.desk().shop_orders[shop_order_number(StoreId("s1"), kToken)];
    there.outcome = "price_changed";
    there.message = "The price has changed";
  });
  const RawAnswer seen = order();
  EXPECT_EQ(member(seen, "stage"), "\"rejected\"");
  EXPECT_EQ(member(seen, "isRefunded"), "true");
  EXPECT_EQ(member(seen, "reason"), "\"The price has changed\"");
}

TEST_F(Storefronts, a_word_that_the_store_has_not_heard_of_in_its_time_is_late) {
  lock(lines_of(1));
  post("/confirm");
  const auto paid_before = [this](Duration time) {
    house.on_loop([this, time] {
      ShopOrder& there = house.desk().shop_orders[shop_order_number(StoreId("s1"), kToken)];
      there.updated_at = TimePoint{house.clock().now().micros - time.micros};
    });
  };
  paid_before(Duration{kOnlineOrderLife.micros - 1});
  EXPECT_EQ(member(order(), "stage"), "\"waiting\"");
  paid_before(kOnlineOrderLife);
  EXPECT_EQ(member(order(), "stage"), "\"late\"");
  EXPECT_EQ(member(order(), "isRefunded"), "false") << "it may be in the making all the same";
  house.on_loop([this] {
    house.desk().shop_orders[shop_order_number(StoreId("s1"), kToken)].outcome = "ok";
  });
  EXPECT_EQ(member(order(), "stage"), "\"waiting\"") << "it was taken in time";
}

TEST_F(Storefronts, one_guest_holds_three_orders_and_no_more) {
  const auto token = [](char digit) { return std::string(kToken).substr(1) + digit; };
  const auto from = [this](const std::string& who, const std::string& its_token) {
    return house.ask("POST", std::string(kStore) + "/orders", lines_of(1),
                     token_line(its_token) + "X-Forwarded-For: " + who + "\r\n");
  };
  const std::string mine = "2001:db8:0:1::7";
  for (const char digit : {'1', '2', '3'}) EXPECT_EQ(from(mine, token(digit)).status, 200);
  EXPECT_EQ(from(mine, token('4')).status, 429);
  EXPECT_EQ(from("2001:db8:0:1:ffff::1", token('4')).status, 429) << "the same network";
  EXPECT_EQ(from("8.8.8.8, " + mine, token('4')).status, 429) << "the last is the proxy's word";
  EXPECT_EQ(from("8.8.8.8\r\nX-Forwarded-For: " + mine, token('4')).status, 429)
      << "in a line of its own too";
  EXPECT_EQ(from(mine, token('1')).status, 200) << "the same order again";
  EXPECT_EQ(from("2001:db8:0:2::7", token('5')).status, 200) << "another guest";
  EXPECT_EQ(post("/release", token('1')).status, 200);
  EXPECT_EQ(from(mine, token('4')).status, 200) << "one was given back";
  EXPECT_EQ(post("/confirm", token('2')).status, 200);
  EXPECT_EQ(from(mine, token('6')).status, 200) << "one was paid";
  EXPECT_EQ(from(mine, token('7')).status, 429);
  house.on_loop([this] { house.clock().pass(kShopLockLife); });
  EXPECT_EQ(from(mine, token('7')).status, 200) << "locks end by themselves";
}

TEST(OpenOrders, all_guests_of_a_store_hold_two_hundred_orders_and_no_more) {
  OpenOrders open(kShopLockLife);
  const StoreId store("s1");
  for (std::size_t i = 0; i < kShopOpenPerStore; ++i) {
    EXPECT_TRUE(open.admit(store, "W" + std::to_string(i), "g" + std::to_string(i), Duration{}));
  }
  EXPECT_FALSE(open.admit(store, "W-more", "g-more", Duration{}));
  EXPECT_TRUE(open.admit(store, "W0", "g0", Duration{}));
  EXPECT_TRUE(open.admit(StoreId("s2"), "W0", "g0", Duration{})) << "of another store";
  open.ended(store, "W1");
  open.ended(store, "W1");
  EXPECT_TRUE(open.admit(store, "W-more", "g-more", Duration{}));
  EXPECT_FALSE(open.admit(store, "W1", "g1", Duration{}));
  EXPECT_TRUE(open.admit(store, "W1", "g1", kShopLockLife));
}

TEST_F(Storefronts, a_menu_is_read_once_however_many_wait_for_it) {
  auto front = std::make_shared<Storefront>(house.desk(), house.clock());
  std::promise<void> all;
  int answers = 0;
  std::vector<Storefront::MenuPtr> menus;
  house.on_loop([&] {
    for (int i = 0; i < 20; ++i) {
      front->menu(StoreId("s1"), [&](const Result<Storefront::MenuPtr>& menu) {
        menus.push_back(menu ? *menu : nullptr);
        if (++answers == 20) all.set_value();
      });
    }
  });
  ASSERT_EQ(all.get_future().wait_for(std::chrono::seconds(20)), std::future_status::ready);
  house.on_loop([&] {
    EXPECT_EQ(house.desk().menus_read, 1);
    ASSERT_NE(menus.front(), nullptr);
    for (const auto& menu : menus) EXPECT_EQ(menu, menus.front()) << "and parsed once";
    front->menu(StoreId("s1"), [](const Result<Storefront::MenuPtr>&) {});
    EXPECT_EQ(house.desk().menus_read, 1);
    front.reset();
  });
}

TEST_F(Storefronts, after_a_restore_the_number_of_a_lost_menu_is_another_menu) {
  const std::string path = std::string(kStore) + "/menu";
  const auto restored = [this](Epoch epoch, std::uint64_t version, const std::string& menu) {
    house.on_loop([&] {
      house.desk().views[StoreId("s1")].epoch = epoch;
      house.desk().menus[StoreId("s1")] = {version, menu};
      house.clock().pass(kShelfLife);
    });
  };
  const auto priced = [](const std::string& price) {
    std::string menu = kMenu;
    menu.replace(menu.find("590"), 3, price);
    return menu;
  };
  const std::string first = house.ask("GET", path).fields.at("etag");
  restored(2, 3, priced("610"));
  const RawAnswer now = house.ask("GET", path, "", "If-None-Match: " + first + "\r\n");
  EXPECT_EQ(now.status, 200) << "the browser's copy is of the lost one";
  EXPECT_TRUE(has(now.body, "610")) << now.body;
  EXPECT_TRUE(has(house.ask("GET", std::string(kStore) + "/stock").body,
                  R"("menuEpoch":2,"menuVersion":3)"));
  EXPECT_EQ(lock(lines_of(1, R"(,"expectedTotal":590)")).status, 409) << "and so is its price";
  // None is left.
  std::string none = kMenu;
  none.replace(none.find(":3"), 2, ":0");
  restored(3, 0, none);
  EXPECT_EQ(house.ask("GET", path).status, 404);
  EXPECT_EQ(house.ask("GET", std::string(kStore) + "/stock").status, 404);
  EXPECT_EQ(lock(lines_of(1)).status, 404);
  restored(3, 3, priced("620"));
  EXPECT_TRUE(has(house.ask("GET", path).body, "620"));
}

TEST_F(Storefronts, menus_are_kept_within_a_bound_of_bytes) {
  const auto read = [this](const std::string& store) {
    EXPECT_EQ(house.ask("GET", "/api/v1/storefront/stores/" + store + "/menu").status, 200);
    int menus_read = 0;
    house.on_loop([&] { menus_read = house.desk().menus_read; });
    return menus_read;
  };
  const auto both_are = [this](const std::string& menu) {
    house.on_loop([&] {
      for (const char* store : {"s1", "s2"}) house.desk().menus[StoreId(store)] = {3, menu};
    });
  };
  const std::string half(kShopMenuBytesKept / 2, ' ');
  both_are(kMenu + half);
  EXPECT_EQ(read("s1"), 1);
  EXPECT_EQ(read("s1"), 1);
  EXPECT_EQ(read("s2"), 2);
  both_are(kMenu);
  EXPECT_EQ(read("s1"), 3) << "the one that nobody asked for went";
  EXPECT_EQ(read("s2"), 3);
  EXPECT_EQ(read("s1"), 3) << "there is room for a large one and a small one";
}

TEST_F(Storefronts, a_number_alone_opens_nothing) {
  const RawAnswer locked = lock(lines_of(1));
  ASSERT_EQ(locked.status, 200);
  EXPECT_FALSE(has(locked.body, kToken)) << "the secret never comes back";
  EXPECT_EQ(house.ask("GET", order_path(), "", token_line(kOther)).status, 404);
  EXPECT_EQ(house.ask("GET", order_path()).status, 422) << "no token";
  EXPECT_EQ(house.ask("GET", order_path(), "", token_line("short")).status, 422);
  EXPECT_EQ(house.ask("POST", order_path("/release"), "", token_line(kOther)).status, 404);
  EXPECT_NE(shop_order_number(StoreId("s1"), kToken), shop_order_number(StoreId("s2"), kToken));
  EXPECT_EQ(order(kOther).status, 404) << "nobody ever ordered that";
}

TEST_F(Storefronts, what_falls_short_is_named_with_how_much_there_is) {
  const RawAnswer refused = lock(lines_of(13));
  EXPECT_EQ(refused.status, 400);
  EXPECT_TRUE(has(refused.body, R"("code":"INV_002")")) << refused.body;
  EXPECT_EQ(member(refused, "skuId"), "\"soup\"");
  EXPECT_EQ(member(refused, "availableQty"), "12.0");
  EXPECT_TRUE(has(refused.body, "trace_id"));
}

TEST_F(Storefronts, case_68_what_is_no_order_is_refused_and_takes_nothing) {
  for (const std::string& body :
       {std::string(R"({"name":"Ada","lines":[]})"), lines_of(0), lines_of(-1), lines_of(51),
        lines_of(1, R"(,"channel":"pos")"),
        std::string(R"({"lines":[{"sku":"soup","quantity":1}]})"),
        std::string(R"({"name":"Ada","lines":[{"sku":"cola","quantity":1}]})"),
        std::string(R"({"name":"Ada","lines":[{"sku":"none","quantity":1}]})"),
        std::string(R"({"name":"Ada","lines":[{"sku":"soup","quantity":1,"price":1}]})"),
        lines_of(1, R"(,"payment":{"amount":1})")}) {
    const RawAnswer answer = lock(body);
    EXPECT_GE(answer.status, 400) << body;
    EXPECT_LT(answer.status, 500) << body;
  }
  EXPECT_EQ(lock(lines_of(1, R"(,"expectedTotal":589)")).status, 409) << "another price";
  house.on_loop([this] { EXPECT_TRUE(house.desk().reserved.empty()); });
}

TEST_F(Storefronts, case_70_the_same_token_is_the_same_order) {
  const RawAnswer first = lock(lines_of(2));
  EXPECT_EQ(lock(lines_of(2)).body, first.body);
  EXPECT_EQ(lock(lines_of(2, R"(,"note":"hot")")).status, 422);
  house.on_loop([this] {
    EXPECT_EQ(house.desk().rows[StoreId("s1")][SkuId("soup")].level.available, Quantity::units(10));
  });
}

TEST_F(Storefronts, case_71_what_was_given_back_is_not_sold) {
  lock(lines_of(2));
  EXPECT_EQ(post("/release?reason=left").status, 200);
  EXPECT_EQ(member(order(), "stage"), "\"released\"");
  EXPECT_EQ(post("/confirm").status, 409);
  EXPECT_EQ(post("/release?reason=stolen").status, 422);
  EXPECT_EQ(post("/release", kOther).status, 404) << "a guest cancels nothing that never was";
}

TEST_F(Storefronts, who_asks_too_often_waits) {
  int refused = 0;
  for (int i = 0; i < 25; ++i) refused += lock(lines_of(99)).status == 429 ? 1 : 0;
  EXPECT_EQ(refused, 5);
  const RawAnswer another = house.ask("POST", std::string(kStore) + "/orders", lines_of(1),
                                      token_line() + "X-Forwarded-For: 9.9.9.9, 10.1.2.3\r\n");
  EXPECT_EQ(another.status, 200) << "one that the proxy names is another guest";
  EXPECT_EQ(house.ask("GET", std::string(kStore) + "/stock").status, 200) << "reading goes on";
}

TEST(Storefront, is_nowhere_unless_it_is_wanted) {
  ApiHouse house({}, {}, false);
  house.on_loop([&house] { house.desk().menus[StoreId("s1")] = {3, kMenu}; });
  for (const char* rest : {"/menu", "/stock"}) {
    EXPECT_EQ(house.ask("GET", std::string(kStore) + rest).status, 404) << rest;
  }
  EXPECT_EQ(house.ask("POST", std::string(kStore) + "/orders", lines_of(1), token_line()).status,
            404);
}

TEST_F(Storefronts, a_database_that_is_down_is_said_at_once) {
  house.on_loop([this] { house.desk().is_down = true; });
  const RawAnswer answer = house.ask("GET", std::string(kStore) + "/stock");
  EXPECT_GE(answer.status, 500);
  EXPECT_TRUE(has(answer.body, "INV_006")) << answer.body;
}

}  // namespace
}  // namespace larder::relay
