// UTF-8 and the shape of an id.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "core/base/limits.hpp"
#include "core/base/text.hpp"

namespace larder {
namespace {

TEST(Text, counts_characters_and_not_bytes) {
  EXPECT_EQ(count_characters(""), 0U);
  EXPECT_EQ(count_characters("soup"), 4U);
  EXPECT_EQ(count_characters("汤€é"), 3U);
  EXPECT_EQ(count_characters("\xf0\x9f\x8d\xb2"), 1U);
  EXPECT_EQ(count_characters("\xff\xfe"), 2U);
}

TEST(Text, what_is_not_utf8_is_known_as_such) {
  EXPECT_TRUE(is_utf8("soup 汤 \xf0\x9f\x8d\xb2"));
  for (const char* text :
       {"\x80", "\xc0\xaf", "\xc1\xbf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80",
        "\xf5\x80\x80\x80", "\xe6\xb1", "\xf0\x9f\x8d", "a\xc3", "\xc3("}) {
    EXPECT_FALSE(is_utf8(text)) << testing::PrintToString(text);
  }
}

RC_GTEST_PROP(Text, a_character_survives_being_written_and_read, ()) {
  const auto value = *rc::gen::suchThat(rc::gen::inRange<std::uint32_t>(0, 0x110000),
                                        [](auto c) { return c < 0xd800 || c > 0xdfff; });
  std::string text;
  append_character(text, static_cast<char32_t>(value));
  std::size_t at = 0;
  RC_ASSERT(next_character(text, at) == static_cast<char32_t>(value));
  RC_ASSERT(at == text.size());
}

TEST(Text, plain_text_has_no_controls) {
  EXPECT_TRUE(is_plain_text("Soup, large"));
  EXPECT_FALSE(is_plain_text("a\nb"));
  EXPECT_FALSE(is_plain_text(std::string_view("a\0b", 3)));
  EXPECT_FALSE(is_plain_text("\x1b[2J"));
  EXPECT_FALSE(is_plain_text("\x7f"));
  EXPECT_FALSE(is_plain_text("\xc2\x85"));
}

TEST(Text, an_id_has_a_narrow_shape) {
  EXPECT_TRUE(is_id("kiosk-1"));
  EXPECT_TRUE(is_id("A/b:c_d.9"));
  EXPECT_TRUE(is_id(std::string(kIdBytesMax, 'x')));
  EXPECT_FALSE(is_id(std::string(kIdBytesMax + 1, 'x')));
  for (const char* text : {"", " ", "a b", "a'b", "é", "a\n", "\"", "a;b"}) {
    EXPECT_FALSE(is_id(text)) << text;
  }
}

}  // namespace
}  // namespace larder
