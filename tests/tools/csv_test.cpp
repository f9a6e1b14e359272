#include "tools/larderctl/csv.hpp"

#include <gtest/gtest.h>

namespace larder::ctl {
namespace {

TEST(Csv, reads_quotes_commas_and_lines) {
  const CsvFile file = read_csv("a,\"b, \"\"c\"\"\" , d \r\n# left out\n\n,,\ne\n");
  ASSERT_TRUE(file.problems.empty()) << list_problems("f", file.problems);
  ASSERT_EQ(file.rows.size(), 3U);
  EXPECT_EQ(file.rows[0].cells, (std::vector<std::string>{"a", "b, \"c\"", "d"}));
  EXPECT_EQ(file.rows[1].line, 4U);
  EXPECT_EQ(file.rows[1].cells.size(), 3U);
  EXPECT_EQ(file.rows[2].line, 5U);
}

TEST(Csv, drops_a_byte_order_mark) {
  const CsvFile file = read_csv("\xEF\xBB\xBFitem,price\n");
  ASSERT_EQ(file.rows.size(), 1U);
  EXPECT_EQ(file.rows[0].cells[0], "item");
}

TEST(Csv, names_the_line_of_every_mistake) {
  const struct {
    const char* text;
    unsigned line;
    const char* sentence;
  } cases[] = {
      {"a\n\"b", 2, "never closed"},
      {"a\nb\"c\n", 2, "a quote inside a cell"},
      {"a\n\n\"b\"c,d\n", 3, "text after a closing quote"},
      {"a\nb\x01,c\n", 2, "a control byte"},
      {"a\n\"b\nc\"\n", 2, "a line break"},
      {"\xff\n", 1, "not UTF-8"},
      {"a\n\xed\xa0\x80\n", 2, "not UTF-8"},
  };
  for (const auto& one : cases) {
    const CsvFile file = read_csv(one.text);
    ASSERT_EQ(file.problems.size(), 1U) << one.text;
    EXPECT_EQ(file.problems[0].line, one.line) << one.text;
    EXPECT_NE(file.problems[0].sentence.find(one.sentence), std::string::npos)
        << file.problems[0].sentence;
  }
}

TEST(Csv, writes_cells_that_it_reads_back) {
  const std::vector<std::string> cells = {"plain", "a,b", "say \"no\"", " edge ", "#1", "[x]", ""};
  std::string text;
  append_row(text, cells);
  const CsvFile file = read_csv(text);
  ASSERT_TRUE(file.problems.empty());
  ASSERT_EQ(file.rows.size(), 1U);
  EXPECT_EQ(file.rows[0].cells, cells);
}

TEST(Csv, lists_problems_by_line) {
  EXPECT_EQ(list_problems("menu.csv", {{7, "b"}, {2, "a"}, {0, "whole"}}),
            "menu.csv: whole\nmenu.csv:2: a\nmenu.csv:7: b\n");
}

}  // namespace
}  // namespace larder::ctl
