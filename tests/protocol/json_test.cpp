#include "lan-protocol/json.hpp"

#include <gtest/gtest.h>

namespace larder {
namespace {

Code refusal_of(std::string_view text, const JsonLimits& limits = {}) {
  const Result<Json> json = parse_json(text, limits);
  EXPECT_FALSE(json) << "accepted: " << text.substr(0, 80);
  return json ? Code::Unavailable : json.error().code();
}

TEST(Json, keeps_values_as_they_came) {
  const Result<Json> json = parse_json(
      R"( {"b":[1,-7,2.50,"x\u00e9\ud83c\udf36",true,null,{}],"a":9223372036854775807} )");
  ASSERT_TRUE(json) << json.error().message();
  const JsonObject expected = {
      {"b", Json(JsonArray{Json(std::int64_t{1}), Json(std::int64_t{-7}), Json(Decimal{"2.50"}),
                           Json(std::string("xé🌶")), Json(true), Json(nullptr),
                           Json(JsonObject{})})},
      {"a", Json(std::int64_t{9'223'372'036'854'775'807})}};
  EXPECT_EQ(*json, Json(expected));
  EXPECT_EQ(json->find("c"), nullptr);
  EXPECT_EQ(Json(true).find("c"), nullptr);
}

TEST(Json, numbers_outside_64_bits_stay_text) {
  for (const char* text : {"9223372036854775808", "18446744073709551615", "18446744073709551616",
                           "-9223372036854775809", "1e3", "1E+2", "0.1", "-0", "-0.0", "1e-999"}) {
    const Result<Json> json = parse_json(text);
    ASSERT_TRUE(json) << text;
    const Decimal* decimal = json->as<Decimal>();
    ASSERT_NE(decimal, nullptr) << text;
    EXPECT_EQ(decimal->text, text);
  }
}

TEST(Json, case_26_ten_thousand_levels_and_a_megabyte_of_brackets_are_too_deep) {
  EXPECT_EQ(refusal_of(std::string(10'000, '[') + std::string(10'000, ']')), Code::TooDeep);
  EXPECT_EQ(refusal_of(std::string(1'000'000, '[')), Code::TooDeep);
  std::string objects;
  for (int i = 0; i < 10'000; ++i) objects += "{\"a\":";
  EXPECT_EQ(refusal_of(objects), Code::TooDeep);
  // The reader itself uses no stack for depth: it finds an id behind a megabyte of brackets.
  EXPECT_EQ(find_top_level_string("{\"a\":" + std::string(500'000, '[') +
                                      std::string(500'000, ']') + ",\"id\":\"7\"}",
                                  "id"),
            "7");
}

TEST(Json, case_26_the_limits_are_exact) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_TRUE(parse_json(nested(kJsonDepthMax)));
  EXPECT_EQ(refusal_of(nested(kJsonDepthMax + 1)), Code::TooDeep);
  const auto wide = [](std::size_t values) {
    std::string text = "[0";
    for (std::size_t i = 2; i < values; ++i) text += ",0";
    return text + "]";
  };
  EXPECT_TRUE(parse_json(wide(kJsonNodesMax)));
  EXPECT_EQ(refusal_of(wide(kJsonNodesMax + 1)), Code::TooDeep);
}

TEST(Json, case_27_what_is_not_json_is_bad_json) {
  for (const char* text : {"",
                           " ",
                           "{",
                           "}",
                           "[1",
                           "[1,]",
                           "{\"a\":1,}",
                           "{\"a\"}",
                           "{'a':1}",
                           "// c\n{}",
                           "{}/* */",
                           "{} {}",
                           "{}x",
                           "\xEF\xBB\xBF{}",
                           "nul",
                           "TRUE",
                           "\"a",
                           "\"\\x\"",
                           "\"\\ud83c\"",
                           "\"\\udf36\\ud83c\"",
                           "\"\xff\"",
                           "\"\xc0\xaf\"",
                           "\"\xed\xa0\x80\"",
                           "\"\xf5\x80\x80\x80\"",
                           "\"\xe6\xb1\"",
                           "{\"a\":1,\"a\":1}",
                           "{\"a\":1,\"\\u0061\":1}",
                           "[{\"k\":{},\"k\":[]}]",
                           "{1:2}",
                           "+1",
                           "01",
                           ".5",
                           "1.",
                           "1e",
                           "0x10",
                           "NaN",
                           "Infinity",
                           "-Infinity",
                           "-",
                           "--1"}) {
    EXPECT_EQ(refusal_of(text), Code::BadJson) << text;
  }
}

TEST(Json, case_27_duplicate_keys_are_found_among_many_in_little_time) {
  std::string text = "{";
  for (int i = 0; i < 50'000; ++i) text += "\"k" + std::to_string(i) + "\":0,";
  const JsonLimits wide = {16, 400'000, 1'024};
  EXPECT_TRUE(parse_json(text + "\"last\":0}", wide));
  EXPECT_EQ(refusal_of(text + "\"k7\":0}", wide), Code::BadJson);
}

TEST(Json, case_28_numbers_out_of_all_range_are_bad_quantities) {
  EXPECT_EQ(refusal_of("1e999"), Code::BadQuantity);
  EXPECT_EQ(refusal_of("[-1e999]"), Code::BadQuantity);
  EXPECT_EQ(refusal_of(std::string(400, '9')), Code::BadQuantity);
  EXPECT_EQ(refusal_of("0." + std::string(400, '1')), Code::BadQuantity);
}

TEST(Json, case_31_control_bytes_and_long_strings_are_bad_text) {
  for (int byte = 0; byte < 0x20; ++byte) {
    std::string raw = "\"a";
    raw += static_cast<char>(byte);
    EXPECT_EQ(refusal_of(raw + "b\""), Code::BadText) << byte;
    EXPECT_EQ(refusal_of("{" + raw + "b\":1}"), Code::BadText) << byte;
  }
  for (const char* text : {"\"\\u0000\"", "\"\\n\"", "\"\\t\"", "\"\\u001f\"", "{\"\\b\":1}"}) {
    EXPECT_EQ(refusal_of(text), Code::BadText) << text;
  }
  EXPECT_TRUE(parse_json('"' + std::string(kStringBytesMax, 'x') + '"'));
  EXPECT_EQ(refusal_of('"' + std::string(kStringBytesMax + 1, 'x') + '"'), Code::BadText);
  EXPECT_EQ(refusal_of("{\"" + std::string(kStringBytesMax + 1, 'x') + "\":1}"), Code::BadText);
}

TEST(Json, the_place_of_the_break_is_named) {
  const Result<Json> json = parse_json("{\"a\":1 x");
  ASSERT_FALSE(json);
  EXPECT_EQ(json.error().message(), "not JSON at byte 8");
}

TEST(TopLevelString, is_found_in_texts_that_are_refused) {
  const auto id_of = [](std::string_view text) { return find_top_level_string(text, "id"); };
  EXPECT_EQ(id_of(R"({"id":"7","args":[[[[[[[[[[[[[[[[[[[[[[)"), "7");
  EXPECT_EQ(id_of(R"({"args":{"id":"inner"},"x":1e999,"id":"7"})"), "");
  EXPECT_EQ(id_of(R"({"args":{"id":"inner"},"x":"\n","x":2,"id":"7","id":"8"})"), "7");
  EXPECT_EQ(id_of(R"({"args":{"id":"inner"}})"), "");
  EXPECT_EQ(id_of(R"({"id":["7"]})"), "");
  EXPECT_EQ(id_of(R"({"id":{"id":"7"}})"), "");
  EXPECT_EQ(id_of(R"([{"id":"7"}])"), "");
  EXPECT_EQ(id_of(R"("id")"), "");
  EXPECT_EQ(id_of(""), "");
  EXPECT_EQ(id_of(std::string(1'000'000, '[')), "");
}

}  // namespace
}  // namespace larder
