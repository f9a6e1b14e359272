#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <limits>

#include "lan-protocol/json.hpp"

namespace larder {
namespace {

TEST(JsonWriter, puts_commas_and_colons_where_they_belong) {
  JsonWriter out;
  out.begin_object().member("a", 1).key("b").begin_array().value(true).null().begin_object();
  out.end_object().begin_array().end_array().raw("2.0").end_array().member("c", "x").end_object();
  EXPECT_EQ(out.take(), R"({"a":1,"b":[true,null,{},[],2.0],"c":"x"})");
}

TEST(JsonWriter, writes_every_integer) {
  JsonWriter out;
  out.begin_array();
  out.value(std::numeric_limits<std::int64_t>::min())
      .value(std::numeric_limits<std::int64_t>::max());
  out.value(std::numeric_limits<std::uint64_t>::max())
      .value(std::int32_t{-1})
      .value(7U)
      .end_array();
  EXPECT_EQ(out.text(), "[-9223372036854775808,9223372036854775807,18446744073709551615,-1,7]");
}

TEST(JsonWriter, escapes_quotes_backslashes_and_control_bytes_and_nothing_else) {
  JsonWriter out;
  out.value(std::string_view("a\"b\\c\n\r\t\x01\x1f\0/\x7f汤", 16));
  EXPECT_EQ(out.take(), "\"a\\\"b\\\\c\\n\\r\\t\\u0001\\u001f\\u0000/\x7f汤\"");
}

TEST(JsonWriter, case_48_emoji_right_to_left_and_stacked_marks_come_back_as_they_were) {
  const std::string zalgo =
      "Z\u0351\u036b\u0343\u036a\u0302 \u202eabc\u202c \u0634\u0643\u0631 👩‍👩‍👧";
  JsonWriter out;
  out.value(zalgo);
  const Result<Json> json = parse_json(out.text());
  ASSERT_TRUE(json);
  EXPECT_EQ(*json, Json(zalgo));
}

Json any_json(int depth) {
  switch (*rc::gen::inRange(0, depth > 0 ? 6 : 4)) {
    case 0:
      return Json(nullptr);
    case 1:
      return Json(*rc::gen::arbitrary<bool>());
    case 2:
      return Json(*rc::gen::arbitrary<std::int64_t>());
    case 3:
      return Json(*rc::gen::element<std::string>("", "\"", "\\", "汤", "a/b", "\x7f"));
    case 4: {
      JsonArray array;
      for (int i = *rc::gen::inRange(0, 4); i > 0; --i) array.push_back(any_json(depth - 1));
      return Json(array);
    }
    default:
      break;
  }
  JsonObject object;
  for (int i = *rc::gen::inRange(0, 4); i > 0; --i) {
    object.emplace_back("k\"" + std::to_string(i), any_json(depth - 1));
  }
  return Json(object);
}

void write(JsonWriter& out, const Json& json) {
  if (json.as<std::nullptr_t>() != nullptr) {
    out.null();
  } else if (const bool* flag = json.as<bool>()) {
    out.value(*flag);
  } else if (const std::int64_t* number = json.as<std::int64_t>()) {
    out.value(*number);
  } else if (const std::string* text = json.as<std::string>()) {
    out.value(*text);
  } else if (const JsonArray* array = json.as<JsonArray>()) {
    out.begin_array();
    for (const Json& value : *array) write(out, value);
    out.end_array();
  } else if (const JsonObject* object = json.as<JsonObject>()) {
    out.begin_object();
    for (const auto& [key, value] : *object) write(out.key(key), value);
    out.end_object();
  }
}

TEST(JsonWriter, writes_what_the_reader_reads) {
  EXPECT_TRUE(rc::check([] {
    const Json json = any_json(4);
    JsonWriter out;
    write(out, json);
    const Result<Json> again = parse_json(out.text());
    RC_ASSERT(again.has_value());
    RC_ASSERT(*again == json);
  }));
}

}  // namespace
}  // namespace larder
