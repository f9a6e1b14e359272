#include <gtest/gtest.h>

#include <set>

#include "core/orders/pricing.hpp"
#include "tools/larderctl/connection.hpp"
#include "tools/larderctl/menu_file.hpp"
#include "tools/replay/day_menu.hpp"
#include "tools/replay/plan.hpp"
#include "tools/replay/sample_day.hpp"

namespace larder::replay {
namespace {

// Prices every order by the rules of core; what the hub will answer.
void expect_priced_as_planned(const Menu& menu, const std::vector<FileOrder>& orders) {
  const Result<Catalog> catalog = Catalog::build(menu);
  ASSERT_TRUE(catalog.has_value()) << catalog.error().message();
  for (const FileOrder& order : orders) {
    std::vector<LineRequest> lines;
    for (const FileLine& line : order.lines) {
      LineRequest request;
      request.sku = SkuId(line.sku);
      request.quantity = Quantity::units(static_cast<std::int32_t>(line.quantity));
      for (const Choice& choice : line.choices) {
        if (choice.is_part)
          request.parts.push_back({PartId(choice.group), SkuId(choice.option)});
        else
          request.options.push_back({GroupId(choice.group), OptionId(choice.option)});
      }
      lines.push_back(std::move(request));
    }
    const Result<PricedOrder> priced = price(*catalog, Channel::Kiosk, lines);
    ASSERT_TRUE(priced.has_value()) << "order " << order.id << ": " << priced.error().message();
    ASSERT_EQ(priced->total.in_minor(), order.total()) << "order " << order.id;
  }
}

TEST(DayMenu, gives_names_with_the_same_letters_different_ids) {
  OrderFile file = read_orders(
      "order_id\tquantity\titem_name\tchoice_description\titem_price\n"
      "1\t1\tChips-Red Salsa\tNULL\t$2.39\n"
      "2\t1\tChips Red Salsa\tNULL\t$2.95\n"
      "3\t2\tChips Red Salsa\tNULL\t$4.78\n");
  const Result<DayMenu> day = DayMenu::of(file.orders, "USD");
  ASSERT_TRUE(day.has_value());
  day->resolve(file.orders);
  std::set<std::string> skus;
  for (const FileOrder& order : file.orders) skus.insert(order.lines[0].sku);
  EXPECT_EQ(skus.size(), 3U);
  expect_priced_as_planned(day->menu(), file.orders);
}

TEST(DayMenu, the_chipotle_day_has_fifty_items_and_136_prices) {
  const Result<std::string> text =
      ctl::read_file(LARDER_SOURCE_DIR "/../shared/data/chipotle_orders.tsv");
  if (!text) GTEST_SKIP() << "the shared Chipotle day is absent on this machine";
  OrderFile file = read_orders(*text);
  ASSERT_TRUE(file.problems.empty());
  EXPECT_EQ(file.orders.size(), 1'834U);
  const Result<DayMenu> day = DayMenu::of(file.orders, "USD");
  ASSERT_TRUE(day.has_value());
  std::size_t skus = 0;
  for (const Item& item : day->menu().items) skus += item.skus.size();
  EXPECT_EQ(day->menu().items.size(), 50U);
  EXPECT_EQ(skus, 136U);
  day->resolve(file.orders);
  expect_priced_as_planned(day->menu(), file.orders);
  const Plan plan = make_plan(file.orders, Pay::Card, 0);
  EXPECT_EQ(plan.lines(), 4'622U);
  EXPECT_EQ(plan.total(), 3'450'016);
}

TEST(SampleDay, is_the_same_for_the_same_seed_and_priced_by_the_menu) {
  const Result<std::string> text = ctl::read_file(LARDER_SOURCE_DIR "/web/sample/menu.json");
  ASSERT_TRUE(text.has_value());
  const Menu menu = ctl::read_menu(*text).menu;
  const std::string day = write_orders(sample_day(menu, 300, 7));
  EXPECT_EQ(day, write_orders(sample_day(menu, 300, 7)));
  EXPECT_NE(day, write_orders(sample_day(menu, 300, 8)));
  const OrderFile file = read_orders(day);
  ASSERT_TRUE(file.problems.empty()) << file.problems[0].sentence;
  EXPECT_EQ(file.orders.size(), 300U);
  expect_priced_as_planned(menu, file.orders);
}

TEST(SampleDay, is_empty_when_a_kiosk_may_sell_nothing) {
  Menu menu;
  EXPECT_TRUE(sample_day(menu, 10, 1).empty());
}

TEST(Plan, every_order_has_an_id_of_its_own_and_a_limit_holds) {
  std::vector<FileOrder> orders(5);
  for (std::size_t i = 0; i < orders.size(); ++i) orders[i].id = std::to_string(i);
  const Plan plan = make_plan(orders, Pay::Counter, 3);
  EXPECT_EQ(plan.sales.size(), 3U);
  EXPECT_EQ(plan.by_command.size(), 6U);
  EXPECT_NE(make_plan(orders, Pay::Card, 0).run, plan.run);
}

}  // namespace
}  // namespace larder::replay
