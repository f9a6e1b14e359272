#include "tools/replay/order_file.hpp"

#include <gtest/gtest.h>

namespace larder::replay {
namespace {

constexpr const char* kHeader = "order_id\tquantity\titem_name\tchoice_description\titem_price\n";

TEST(OrderFile, reads_lines_of_one_order_together) {
  const OrderFile file = read_orders(std::string(kHeader) +
                                     "1\t2\tBowl\t[Salsa, [Rice, Beans]]\t$16.98 \n"
                                     "2\t1\tChips\tNULL\t$2.39 \n"
                                     "1\t1\tSoda\t[Coke]\t$1.09 \r\n");
  ASSERT_TRUE(file.problems.empty());
  ASSERT_EQ(file.orders.size(), 2U);
  EXPECT_EQ(file.orders[0].lines.size(), 2U);
  EXPECT_EQ(file.orders[0].total(), 1807);
  EXPECT_EQ(file.orders[0].lines[0].unit_price(), 849);
}

TEST(OrderFile, names_the_line_of_every_mistake) {
  const struct {
    const char* row;
    const char* sentence;
  } cases[] = {
      {"1\t0\tBowl\tNULL\t$1.00", "is no quantity"},
      {"1\t-1\tBowl\tNULL\t$1.00", "is no quantity"},
      {"1\t1.5\tBowl\tNULL\t$1.00", "is no quantity"},
      {"1\t10001\tBowl\tNULL\t$1.00", "is no quantity"},
      {"1\t1\tBowl\tNULL\t$1,00", "is no price"},
      {"1\t1\tBowl\tNULL\t", "is no price"},
      {"1\t3\tBowl\tNULL\t$1.00", "no whole price times 3"},
      {"1\t1\t\tNULL\t$1.00", "no proper name"},
      {"o 1\t1\tBowl\tNULL\t$1.00", "is no order id"},
      {"1\t1\tBowl\t[Rice\t$1.00", "do not match"},
      {"1\t1\tBowl\t[Rice, [A, [B]]]\t$1.00", "do not match"},
      {"1\t1\tBowl\t[Rice,, Beans]\t$1.00", "do not match"},
      {"1\t1\tBowl\t[]\t$1.00", "do not match"},
      {"1\t1\tBowl\t$1.00", "there are 4 cells under 5 columns"},
  };
  for (const auto& one : cases) {
    const OrderFile file = read_orders(std::string(kHeader) + "9\t1\tTea\tNULL\t$1\n" + one.row);
    ASSERT_EQ(file.problems.size(), 1U) << one.row;
    EXPECT_EQ(file.problems[0].line, 3U);
    EXPECT_NE(file.problems[0].sentence.find(one.sentence), std::string::npos)
        << file.problems[0].sentence;
    EXPECT_EQ(file.orders.size(), 1U);
  }
  EXPECT_EQ(read_orders("").problems.size(), 1U);
  EXPECT_EQ(read_orders("order_id\tquantity\n1\t2\n").problems.size(), 3U);
}

TEST(OrderFile, takes_brackets_apart_by_where_a_name_stands) {
  using Names = std::vector<Named>;
  EXPECT_EQ(read_choices("NULL").names, Names{});
  EXPECT_EQ(read_choices("[Coke]").names, (Names{{"choice", "Coke"}}));
  EXPECT_EQ(read_choices("[Salsa, [Rice, Beans]]").names,
            (Names{{"salsa", "Salsa"}, {"with", "Rice"}, {"with", "Beans"}}));
  EXPECT_EQ(read_choices("[[Mild, Hot], [Rice]]").names,
            (Names{{"salsa", "Mild"}, {"salsa", "Hot"}, {"with", "Rice"}}));
  EXPECT_EQ(read_choices("[[Rice, Beans]]").names, (Names{{"with", "Rice"}, {"with", "Beans"}}));
}

TEST(OrderFile, the_superset_is_read_as_it_was_written) {
  FileLine line;
  line.quantity = 2;
  line.item = "Meal";
  line.description = "[Not spicy]";
  line.total = 2'780;
  line.sku = "meal";
  line.choices = {{"spice", "not-spicy", false}, {"drink", "cola", true}};
  const OrderFile file = read_orders(write_orders({{"7", {line}}}));
  ASSERT_TRUE(file.problems.empty()) << file.problems[0].sentence;
  ASSERT_EQ(file.orders.size(), 1U);
  const FileLine& back = file.orders[0].lines[0];
  EXPECT_EQ(back.sku, "meal");
  EXPECT_EQ(back.choices, line.choices);
  EXPECT_EQ(back.total, 2'780);
}

TEST(OrderFile, slugs_are_ids) {
  EXPECT_EQ(slug("Chips and Tomatillo-Red Chili Salsa (Hot)"),
            "chips-and-tomatillo-red-chili-salsa-hot");
  EXPECT_EQ(slug("6 Pack Soft Drink"), "6-pack-soft-drink");
  EXPECT_EQ(slug("汤"), "");
}

}  // namespace
}  // namespace larder::replay
