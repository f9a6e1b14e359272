// Bugs in how messages were read.
#include <gtest/gtest.h>

#include <clocale>
#include <cstdlib>
#include <filesystem>

#include "lan-protocol/envelope.hpp"
#include "lan-protocol/json.hpp"

namespace larder {
namespace {

Code refusal_of(std::string_view text) {
  const Result<Json> json = parse_json(text);
  EXPECT_FALSE(json) << "accepted: " << text.substr(0, 80);
  return json ? Code::Unavailable : json.error().code();
}

// The parser took a NUL between two tokens for the end of the text, whatever followed it: a message
// with a second one behind a NUL was accepted.
TEST(Issues, case_27_a_nul_between_tokens_is_not_the_end_of_the_text) {
  EXPECT_EQ(refusal_of(std::string_view("{}\0", 3)), Code::BadJson);
  EXPECT_EQ(refusal_of(std::string_view("{}\0 garbage", 11)), Code::BadJson);
  EXPECT_EQ(refusal_of(std::string_view("\0{}", 3)), Code::BadJson);
}

// An envelope with a time at the far end of what 64 bits hold, and the next one before it: the
// difference overflowed in the writer (found by the fuzzer).
TEST(Issues, case_113_times_as_far_apart_as_they_can_be_travel_in_one_envelope) {
  Envelope envelope;
  envelope.kind = EnvelopeKind::Down;
  envelope.epoch = 1;
  envelope.first = 1;
  for (const std::int64_t at : {std::int64_t{5}, INT64_MAX, std::int64_t{-9}, INT64_MAX}) {
    envelope.records.push_back(Record{0, TimePoint{at}, "{}"});
  }
  const Result<std::string> bytes = encode_envelope(envelope);
  ASSERT_TRUE(bytes);
  const Result<Envelope> again = decode_envelope(*bytes, EnvelopeKind::Down);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->records, envelope.records);
}

// Life: one test. A German locale made for it, and the C locale again afterwards.
class GermanNumbers {
 public:
  GermanNumbers() {
    const std::string folder = testing::TempDir() + "larder-locale";
    std::filesystem::create_directories(folder);
    const std::string make =
        "localedef -i de_DE -f UTF-8 '" + folder + "/de_DE.UTF-8' > /dev/null 2>&1";
    if (std::system(make.c_str()) != 0) return;
    setenv("LOCPATH", folder.c_str(), 1);
    ready_ = std::setlocale(LC_NUMERIC, "de_DE.UTF-8") != nullptr;
  }
  ~GermanNumbers() {
    std::setlocale(LC_NUMERIC, "C");
    unsetenv("LOCPATH");
  }
  bool ready() const { return ready_ && std::string_view(std::localeconv()->decimal_point) == ","; }

 private:
  bool ready_ = false;
};

// The parser writes the locale's decimal point into the text of a number: a hub started under a
// German locale would have refused every half portion.
TEST(Issues, case_50_the_locale_of_the_process_changes_no_number) {
  const GermanNumbers german;
  ASSERT_TRUE(german.ready()) << "no German locale here: install the package locales";
  const Result<Json> json = parse_json("[1.5,0.1]");
  ASSERT_TRUE(json);
  EXPECT_EQ(*json, Json(JsonArray{Json(Decimal{"1.5"}), Json(Decimal{"0.1"})}));
  EXPECT_EQ(refusal_of("1,5"), Code::BadJson);
}

}  // namespace
}  // namespace larder
