// What the hub says of its levels when the relay asks.
#include <gtest/gtest.h>

#include "tests/app/kitchen_table.hpp"

namespace larder::edge {
namespace {

class StockBooksTable : public KitchenTable, public ::testing::Test {
 public:
  void count(const std::string& sku, int units) {
    CountStock command;
    command.sku = SkuId(sku);
    command.available = Quantity::units(units);
    run_own(command);
  }
  void ask(const std::string& after, const std::vector<SkuId>& skus = {}) {
    told.reset();
    hub->stock_books(SkuId(after), skus, [this](StockBooks books) { told = std::move(books); });
  }
  static std::string dish(std::size_t number) { return "x" + std::to_string(1'000 + number); }
  StockLevel level_of(const std::string& sku) const {
    return hub->ledger().stock.level(SkuId(sku));
  }
  std::string names() const {
    std::string all;
    for (const StockMark& each : told->marks) all += each.sku.text() + " ";
    return all;
  }

  std::optional<StockBooks> told;
};

TEST_F(StockBooksTable, levels_are_told_once_they_are_on_disk) {
  count("soup", 5);
  ask("", {SkuId("soup"), SkuId("cake")});
  EXPECT_FALSE(told) << "the event that they count in is not on disk";
  writer->settle();
  ASSERT_TRUE(told);
  EXPECT_EQ(told->epoch, hub->committed().epoch);
  EXPECT_EQ(told->seq, hub->committed().seq);
  ASSERT_EQ(told->levels.size(), 2U);
  EXPECT_EQ(told->levels[0].level.available, Quantity::units(5));
  EXPECT_EQ(told->levels[1].level, StockLevel{}) << "nobody has said anything of it";
  EXPECT_TRUE(told->marks.empty());
  ask("", {SkuId("soup")});
  EXPECT_TRUE(told) << "nothing is on its way to the disk: at once";
}

TEST_F(StockBooksTable, marks_come_in_pages_in_order_of_sku) {
  Menu menu = sample_menu();
  for (std::size_t i = 0; i < kStockMarksMax; ++i) {
    Item item = menu.items.front();
    item.id = ItemId(dish(i));
    item.skus.front().id = SkuId(dish(i));
    menu.items.push_back(std::move(item));
  }
  run_own(ImportMenu{menu});
  count("soup", 5);
  count("cake", 2);
  for (std::size_t i = 0; i < kStockMarksMax; ++i) count(dish(i), 1);
  writer->settle();
  ask("");
  ASSERT_TRUE(told);
  EXPECT_EQ(told->marks.size(), kStockMarksMax);
  EXPECT_TRUE(told->has_more);
  EXPECT_EQ(told->marks[0],
            (StockMark{SkuId("cake"), level_mark(SkuId("cake"), level_of("cake"))}));
  const std::string last = told->marks.back().sku.text();
  ask(last);
  EXPECT_EQ(names(), "x1498 x1499 ");
  EXPECT_FALSE(told->has_more);
  ask("x1499");
  EXPECT_TRUE(told->marks.empty());
}

}  // namespace
}  // namespace larder::edge
