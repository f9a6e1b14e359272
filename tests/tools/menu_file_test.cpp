#include "tools/larderctl/menu_file.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "tools/larderctl/connection.hpp"

namespace larder::ctl {
namespace {

constexpr const char* kGoodJson = R"({"currency":"EUR",
"stations":[{"id":"grill","name":{"en":"Grill"}}],
"categories":[{"id":"soups","name":{"en":"Soups"}}],
"option_groups":[{"id":"bread","name":{"en":"Bread"},"max":1,
  "options":[{"id":"rye","name":{"en":"Rye"},"price_delta":50}]}],
"items":[
 {"id":"soup","category":"soups","name":{"en":"Soup"},"station":"grill",
  "skus":[{"id":"soup","price":590}],"option_groups":["bread"]}]})";

constexpr const char* kGoodCsv =
    "[options]\n"
    "group,group_en,group_zh,min,max,option,option_en,option_zh,price_delta,uses\n"
    "bread,Bread,,0,1,rye,Rye,,0.50,\n"
    "bread,,,,,wheat,Wheat,,,\n"
    "[items]\n"
    "category,item,sku,name_en,name_zh,size_en,size_zh,price,station,channels,option_groups,image\n"
    "soups,soup,soup-s,Soup,汤,Small,,4.90,grill,pos kiosk,bread,/media/soup.svg\n"
    "soups,soup,soup-l,,,Large,,5.90,,,,\n";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  if (at != std::string::npos) text.replace(at, from.size(), to);
  return text;
}

std::string problems_of(const std::string& text) {
  return list_problems("f", read_menu(text).problems);
}

TEST(MenuFile, reads_json) {
  const ReadMenu read = read_menu(kGoodJson);
  ASSERT_EQ(list_problems("f", read.problems), "");
  EXPECT_EQ(read.menu.items[0].skus[0].price, Money::minor(590));
  EXPECT_EQ(read.lines.items[0].line, 7U);
}

TEST(MenuFile, names_the_line_of_every_mistake_in_json_at_once) {
  std::string text = replaced(kGoodJson, "\"price\":590", "\"price\":5.9");
  text = replaced(text, "\"option_groups\":[\"bread\"]", "\"option_groups\":[\"butter\"]");
  text = replaced(text, "{\"en\":\"Grill\"}", "{\"en\":\"Grill\",\"de\":\"Grill\"}");
  text = replaced(text, "\"max\":1", "\"max\":\"one\"");
  const std::string problems = problems_of(text);
  EXPECT_NE(problems.find("f:2: \"de\" is no member of"), std::string::npos) << problems;
  EXPECT_NE(problems.find("f:4: \"max\" of option group 'bread' must be a whole number"),
            std::string::npos)
      << problems;
  EXPECT_NE(problems.find("f:8: \"price\" of SKU 'soup' must be a whole number"), std::string::npos)
      << problems;
  EXPECT_NE(problems.find("f:7: item 'soup' uses option group 'butter'"), std::string::npos)
      << problems;
  EXPECT_EQ(std::count(problems.begin(), problems.end(), '\n'), 4) << problems;
}

TEST(MenuFile, refuses_what_contradicts_itself) {
  const struct {
    const char* from;
    const char* to;
    const char* sentence;
  } cases[] = {
      {"\"category\":\"soups\"", "\"category\":\"stews\"",
       "f:7: item 'soup' is in category 'stews'"},
      {"\"station\":\"grill\"", "\"station\":\"bar\"", "f:7: item 'soup' is cooked at 'bar'"},
      {"\"skus\":[{\"id\":\"soup\",\"price\":590}]", "\"skus\":[]", "f:7: item 'soup' has no SKU"},
      {"\"max\":1", "\"min\":2,\"max\":1", "min 2 is more than max 1"},
      {"\"max\":1", "\"max\":0", "max must be 1 to 50"},
      {"\"price\":590", "\"price\":-1", "\"price\" of SKU 'soup' must be at least 0"},
      {"\"price\":590", "\"price\":100000001", "a price beyond"},
      {"\"id\":\"soup\",\"price\"", "\"id\":\"so up\",\"price\"", "'so up' is no SKU id"},
      {"\"currency\":\"EUR\"", "\"currency\":\"euro\"", "f:1: 'euro' is no currency"},
      {"{\"en\":\"Soup\"}", "{\"en\":\"\"}", "item 'soup' has no English name"},
      {"\"price_delta\":50", "\"uses\":\"ghost\"", "f:5: option 'rye' uses 'ghost'"},
      {"\"station\":\"grill\"", "\"image\":\"/etc/passwd\"", "a path under /media/"},
      {"\"station\":\"grill\"", "\"channels\":[\"fax\"]", "a channel is one of"},
      {"\"items\":[", "\"items\":[3,", "f:6: this item must be an object, not a whole number"},
  };
  for (const auto& one : cases) {
    const std::string problems = problems_of(replaced(kGoodJson, one.from, one.to));
    EXPECT_NE(problems.find(one.sentence), std::string::npos) << one.to << "\n" << problems;
  }
}

TEST(MenuFile, case_27_broken_json_is_pointed_at) {
  for (const char* text : {"{\n\"currency\": \"EUR\",\n}", "{\n\"currency\":\n'EUR'}"}) {
    const ReadMenu read = read_menu(text);
    ASSERT_EQ(read.problems.size(), 1U);
    EXPECT_EQ(read.problems[0].line, 3U) << read.problems[0].sentence;
  }
  EXPECT_FALSE(read_menu("{\"items\":[],\"items\":[]}").problems.empty());
  EXPECT_FALSE(read_menu("").problems.empty());
}

TEST(MenuFile, reads_csv_with_sections) {
  const ReadMenu read = read_menu(kGoodCsv);
  ASSERT_EQ(list_problems("f", read.problems), "");
  ASSERT_EQ(read.menu.items.size(), 1U);
  const Item& soup = read.menu.items[0];
  EXPECT_EQ(soup.name.zh, "汤");
  ASSERT_EQ(soup.skus.size(), 2U);
  EXPECT_EQ(soup.skus[1].price, Money::minor(590));
  EXPECT_TRUE(soup.channels.has(Channel::Kiosk));
  EXPECT_FALSE(soup.channels.has(Channel::Emenu));
  ASSERT_EQ(read.menu.option_groups.size(), 1U);
  EXPECT_EQ(read.menu.option_groups[0].options.size(), 2U);
}

TEST(MenuFile, reads_a_plain_list_of_items) {
  const ReadMenu read = read_menu("item,name_en,price,category,station\ntea,Tea,2.50,drinks,bar\n");
  ASSERT_EQ(list_problems("f", read.problems), "");
  EXPECT_EQ(read.menu.items[0].skus[0].id.text(), "tea");
  EXPECT_EQ(read.menu.stations[0].id.text(), "bar");
}

TEST(MenuFile, names_the_line_of_every_mistake_in_csv) {
  const struct {
    const char* from;
    const char* to;
    const char* sentence;
  } cases[] = {
      {"5.90", "5.905", "f:8: '5.905' is no price"},
      {"5.90", "-5.90", "f:8: '-5.90' is no price"},
      {"5.90", "", "f:8: '' is no price"},
      {"soup-l", "soup-s", "f:8: SKU 'soup-s' is there twice (first in line 7)"},
      {"pos kiosk", "pos fax", "f:7: 'fax' is no channel"},
      {"0.50", "a lot", "f:3: 'a lot' is no price"},
      {"soups,soup,soup-l", "stews,soup,soup-l", "f:8: item 'soup' has category 'soups'"},
      {",size_en", ",size", "f:6: 'size' is no column of [items]"},
      {"category,item,sku", "category,sku,sku", "f:6: [items] needs a column 'item'"},
      {"[options]", "[toppings]", "f:1: [toppings] is no section"},
      {",bread,/media", ",butter,/media", "f:7: item 'soup' uses option group 'butter'"},
      {"bread,Bread,,0,1", "bread,Bread,,0,x", "f:3: 'x' is no count for 'max'"},
      {"5.90,,,,", "5.90,,,,,,,,,,", "f:8: there are"},
  };
  for (const auto& one : cases) {
    const std::string problems = problems_of(replaced(kGoodCsv, one.from, one.to));
    EXPECT_NE(problems.find(one.sentence), std::string::npos) << one.to << "\n" << problems;
  }
}

TEST(MenuFile, case_50_only_points_and_ascii_digits_make_a_price) {
  for (const char* text : {"5,90", "５.90", "٥.90", "5.90 EUR", "1e3", "+5", "0x10", ".5", "5."})
    EXPECT_FALSE(read_price(text, 2, false).ok) << text;
  EXPECT_EQ(read_price("5.9", 2, false).minor, 590);
  EXPECT_EQ(read_price("-0.05", 2, true).minor, -5);
  EXPECT_EQ(read_price("590", 0, false).minor, 590);
  EXPECT_FALSE(read_price("5.9", 0, false).ok);
  EXPECT_EQ(show_price(-5, 2), "-0.05");
  EXPECT_EQ(show_price(590, 0), "590");
  EXPECT_EQ(show_price(1'234'567, 3), "1234.567");
}

TEST(MenuFile, the_sample_menu_survives_the_way_through_csv) {
  const Result<std::string> text = read_file(LARDER_SOURCE_DIR "/web/sample/menu.json");
  ASSERT_TRUE(text.has_value()) << "the sample menu is part of the source";
  const ReadMenu json = read_menu(*text);
  ASSERT_EQ(list_problems("menu.json", json.problems), "");
  const ReadMenu csv = read_menu(menu_to_csv(json.menu));
  ASSERT_EQ(list_problems("menu.csv", csv.problems), "");
  Menu back = csv.menu;
  back.version = json.menu.version;
  EXPECT_TRUE(back == json.menu);
  EXPECT_FALSE(back.option_groups.empty());
}

TEST(MenuFile, a_yen_price_has_no_decimals) {
  const ReadMenu read =
      read_menu("[menu]\ncurrency\nJPY\n[items]\nitem,name_en,price,category\ntea,Tea,250,d\n");
  ASSERT_EQ(list_problems("f", read.problems), "");
  EXPECT_EQ(read.menu.items[0].skus[0].price, Money::minor(250));
}

}  // namespace
}  // namespace larder::ctl
