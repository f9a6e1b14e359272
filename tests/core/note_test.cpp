// What guests type is kept short, plain and free of card numbers.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "core/base/limits.hpp"
#include "core/base/text.hpp"
#include "core/orders/pricing.hpp"

namespace larder {
namespace {

std::string clean(const std::string& note) {
  bool masked = false;
  return clean_note(note, masked);
}

bool is_masked(const std::string& note) {
  bool masked = false;
  clean_note(note, masked);
  return masked;
}

TEST(Note, an_ordinary_note_is_kept) {
  EXPECT_EQ(clean("no onion, 2 spoons"), "no onion, 2 spoons");
  EXPECT_EQ(clean("call 030 1234567 please"), "call 030 1234567 please");
  EXPECT_FALSE(is_masked("call 030 1234567 please"));
}

TEST(Note, case_48_emoji_and_other_scripts_are_kept_and_cut_between_characters) {
  EXPECT_EQ(clean("\xf0\x9f\x8c\xb6 spicy 辣 شكرا"), "\xf0\x9f\x8c\xb6 spicy 辣 شكرا");
  std::string long_note;
  for (int i = 0; i < 20'000; ++i) long_note += "汤";
  const std::string kept = clean(long_note);
  EXPECT_EQ(count_characters(kept), kNoteCharactersMax);
  EXPECT_TRUE(is_utf8(kept));
  std::string zalgo = "Z";
  for (int i = 0; i < 30'000; ++i) zalgo += "\xcc\x81";
  EXPECT_EQ(count_characters(clean(zalgo)), kNoteCharactersMax);
}

TEST(Note, case_48_printer_and_direction_controls_are_dropped) {
  EXPECT_EQ(clean(std::string("a\0b\x1b@\x1d"
                              "Vc\x7f",
                              9)),
            "ab@Vc");
  EXPECT_EQ(clean("a\u202eb\u2066c\u2028d"), "abcd");
  EXPECT_EQ(clean("first\nsecond\tthird"), "first second third");
  EXPECT_EQ(clean("a\xff\xc0\xaf"
                  "b\xed\xa0\x80"),
            "ab");
}

TEST(Note, case_49_card_numbers_are_masked_but_for_four_digits) {
  EXPECT_EQ(clean("card 4111111111111111 ok"), "card ************1111 ok");
  EXPECT_EQ(clean("4111 1111 1111 1111"), "**** **** **** 1111");
  EXPECT_EQ(clean("4111-1111-1111-1111"), "****-****-****-1111");
  EXPECT_EQ(clean("378282246310005"), "***********0005");
  EXPECT_EQ(clean("3782 822463 10005"), "**** ****** *0005");
  EXPECT_EQ(clean("4222222222222"), "*********2222");
  EXPECT_TRUE(is_masked("pay with 5555555555554444"));
}

TEST(Note, case_49_a_card_number_is_found_among_other_digits) {
  EXPECT_EQ(clean("2 4111 1111 1111 1111 12/27"), "2 **** **** **** 1111 12/27");
  EXPECT_EQ(clean("4111111111111111, 5555555555554444"), "************1111, ************4444");
  EXPECT_TRUE(is_masked("00004111111111111111000"));
}

TEST(Note, case_49_digits_of_other_scripts_and_split_by_controls_are_digits) {
  EXPECT_TRUE(is_masked("４１１１１１１１１１１１１１１１"));
  EXPECT_TRUE(is_masked("٤١١١١١١١١١١١١١١١"));
  EXPECT_TRUE(
      is_masked("4111\x01"
                "111111111111"));
  EXPECT_TRUE(is_masked("4111\n1111\n1111\n1111"));
  EXPECT_TRUE(is_masked(std::string(300, 'x') + "4111111111111111"));
}

TEST(Note, case_49_other_long_numbers_are_left_alone) {
  EXPECT_EQ(clean("4111111111111112"), "4111111111111112");
  EXPECT_EQ(clean("411111111111"), "411111111111");
  EXPECT_EQ(clean("4111  1111  1111  1111"), "4111  1111  1111  1111");
  EXPECT_FALSE(is_masked("+49 170 1234567"));
}

TEST(Note, the_flag_is_raised_and_never_lowered) {
  bool masked = true;
  clean_note("no onion", masked);
  EXPECT_TRUE(masked);
}

RC_GTEST_PROP(Note, any_bytes_become_a_short_plain_text, (const std::string& bytes)) {
  const std::string kept = clean(bytes);
  RC_ASSERT(is_plain_text(kept));
  RC_ASSERT(count_characters(kept) <= kNoteCharactersMax);
  RC_ASSERT(clean(kept) == kept);
}

RC_GTEST_PROP(Note, every_valid_card_number_is_masked, ()) {
  const auto length = *rc::gen::inRange<std::size_t>(13, 20);
  std::string digits = *rc::gen::container<std::string>(length - 1, rc::gen::inRange('0', '9'));
  unsigned sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const auto value = static_cast<unsigned>(digits[digits.size() - 1 - i] - '0');
    const unsigned weighted = i % 2 == 0 ? value * 2 : value;
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  digits += static_cast<char>('0' + (10 - sum % 10) % 10);
  const std::string kept = clean("x" + digits + "y");
  RC_ASSERT(kept == "x" + std::string(length - 4, '*') + digits.substr(length - 4) + "y");
}

}  // namespace
}  // namespace larder
