#include "tools/larderctl/table.hpp"

#include <gtest/gtest.h>

#include "tools/larderctl/connection.hpp"

namespace larder::ctl {
namespace {

TEST(Table, lines_up_chinese_and_latin) {
  Table table({"NAME", ">PRICE"});
  table.add({"汤面", "5.90"});
  table.add({"Soup", "12.00"});
  EXPECT_EQ(table.text(), "NAME  PRICE\n汤面   5.90\nSoup  12.00\n");
  EXPECT_EQ(width_of("汤面"), 4U);
}

TEST(HubAddress, reads_hosts_ports_and_brackets) {
  EXPECT_EQ(parse_address("hub.local")->port, 7480);
  EXPECT_EQ(parse_address("127.0.0.1:80")->text(), "127.0.0.1:80");
  EXPECT_EQ(parse_address("[::1]:7481")->text(), "[::1]:7481");
  EXPECT_EQ(parse_address("[::1]")->host, "::1");
}

TEST(HubAddress, refuses_what_is_none) {
  for (const char* text : {"", ":7480", "host:", "host:0", "host:65536", "host:99999999999",
                           "host:-1", "host:1x", "[::1", "[::1]x", "[::1]:", "::1", "a:b:1"})
    EXPECT_FALSE(parse_address(text).has_value()) << text;
}

TEST(Codes, every_wire_name_has_its_code) {
  EXPECT_EQ(code_of("out_of_stock"), Code::OutOfStock);
  EXPECT_EQ(code_of("locked"), Code::Locked);
  EXPECT_EQ(code_of("no_such_code"), Code::Unavailable);
}

}  // namespace
}  // namespace larder::ctl
