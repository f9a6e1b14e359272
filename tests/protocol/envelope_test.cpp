// The envelope between hub and relay, and the checks that stand before anything in it is believed.
#include "lan-protocol/envelope.hpp"

#include <gtest/gtest.h>

#include <random>

#include "lan-protocol/checksum.hpp"
#include "lan-protocol/codec.hpp"
#include "lan-protocol/compress.hpp"

namespace larder {
namespace {

Envelope some_events(std::size_t count) {
  Envelope envelope;
  envelope.epoch = 3;
  envelope.first = 41;
  envelope.is_catch_up = true;
  envelope.head.fill(0xAB);
  for (std::size_t i = 0; i < count; ++i) {
    Record record;
    record.type = 11;
    record.at = TimePoint{1'763'700'000'000'000 + static_cast<std::int64_t>(i) * 1'234'567};
    record.payload =
        R"({"at":1763700000000000,"event":"order.placed","n":)" + std::to_string(i) + "}";
    envelope.records.push_back(record);
  }
  return envelope;
}

TEST(Checksum, is_crc32c_of_the_literature) {
  EXPECT_EQ(crc32c("123456789"), 0xE3069283U);
  EXPECT_EQ(crc32c(""), 0U);
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8A9136AAU);  // RFC 3720, B.4
}

TEST(Envelope, comes_back_as_it_was_sent) {
  for (const std::size_t count : {1U, 2U, 200U, 512U}) {
    const Envelope sent = some_events(count);
    auto bytes = encode_envelope(sent);
    ASSERT_TRUE(bytes);
    auto got = decode_envelope(*bytes, EnvelopeKind::Up);
    ASSERT_TRUE(got) << got.error().message();
    EXPECT_EQ(*got, sent);
  }
}

TEST(Envelope, has_the_header_of_the_page) {
  const auto bytes = encode_envelope(some_events(2));
  ASSERT_TRUE(bytes);
  EXPECT_EQ(bytes->substr(0, 4), "LRU1");
  EXPECT_EQ((*bytes)[4], 1);
  EXPECT_EQ((*bytes)[5], 1 | 4);  // zstd, catch-up
  EXPECT_EQ((*bytes)[6], 2);
  EXPECT_EQ((*bytes)[8], 3);
  EXPECT_EQ((*bytes)[16], 41);
}

TEST(Envelope, times_may_go_back_and_lie_before_1970) {
  Envelope sent = some_events(3);
  sent.records[0].at = TimePoint{-5};
  sent.records[1].at = TimePoint{4'000'000'000'000'000};
  sent.records[2].at = TimePoint{0};
  const auto bytes = encode_envelope(sent);
  ASSERT_TRUE(bytes);
  EXPECT_EQ(decode_envelope(*bytes, EnvelopeKind::Up).value(), sent);
}

TEST(Envelope, case_58_more_than_the_limits_is_too_large_and_must_be_split) {
  EXPECT_EQ(encode_envelope(some_events(513)).error().code(), Code::TooLarge);
  // Bytes that do not compress: two of them are over 256 KiB, one alone is let through.
  std::mt19937_64 random(7);
  Envelope large = some_events(2);
  for (auto& record : large.records) {
    record.payload.clear();
    for (int i = 0; i < 150'000; ++i) record.payload.push_back(static_cast<char>(random()));
  }
  EXPECT_EQ(encode_envelope(large).error().code(), Code::TooLarge);
  large.records.resize(1);
  EXPECT_TRUE(encode_envelope(large));
  for (int i = 0; i < 1'200'000; ++i)
    large.records[0].payload.push_back(static_cast<char>(random()));
  EXPECT_EQ(encode_envelope(large).error().code(), Code::TooLarge);
}

TEST(Envelope, case_59_every_changed_byte_is_noticed) {
  const std::string bytes = encode_envelope(some_events(3)).value();
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::string changed = bytes;
    changed[i] = static_cast<char>(changed[i] ^ 0x20);
    EXPECT_FALSE(decode_envelope(changed, EnvelopeKind::Up)) << "byte " << i;
  }
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    EXPECT_FALSE(decode_envelope(bytes.substr(0, i), EnvelopeKind::Up)) << "cut at " << i;
  }
  EXPECT_FALSE(decode_envelope(bytes + "x", EnvelopeKind::Up));
  EXPECT_FALSE(decode_envelope(bytes, EnvelopeKind::Down));
}

// A header that lies, with a checksum that fits: the sender is broken or wicked.
std::string resealed(std::string bytes) {
  const std::uint32_t sum = crc32c(bytes.substr(0, 36) + bytes.substr(40));
  for (unsigned i = 0; i < 4; ++i) bytes[36 + i] = static_cast<char>(sum >> (8 * i) & 0xFF);
  return bytes;
}

TEST(Envelope, case_59_a_header_that_lies_is_refused_without_its_memory) {
  const std::string good = encode_envelope(some_events(3)).value();
  std::string bytes = good;
  for (std::size_t i = 32; i < 36; ++i) bytes[i] = '\x7F';  // 2 GB unpacked
  EXPECT_EQ(decode_envelope(resealed(bytes), EnvelopeKind::Up).error().code(), Code::TooLarge);
  bytes = good;
  bytes[6] = 4;  // one record more than there is
  EXPECT_EQ(decode_envelope(resealed(bytes), EnvelopeKind::Up).error().code(), Code::Corrupt);
  bytes[6] = 2;  // one less
  EXPECT_EQ(decode_envelope(resealed(bytes), EnvelopeKind::Up).error().code(), Code::Corrupt);
  bytes[6] = 0;
  EXPECT_EQ(decode_envelope(resealed(bytes), EnvelopeKind::Up).error().code(), Code::Corrupt);
  bytes = good;
  bytes[4] = 2;
  EXPECT_EQ(decode_envelope(resealed(bytes), EnvelopeKind::Up).error().code(), Code::Unsupported);
  bytes = good;
  for (std::size_t i = 16; i < 24; ++i) bytes[i] = '\xFF';  // the numbers would wrap
  EXPECT_EQ(decode_envelope(resealed(bytes), EnvelopeKind::Up).error().code(), Code::Corrupt);
}

TEST(Envelope, case_59_random_bytes_are_refused) {
  std::mt19937_64 random(11);
  for (int round = 0; round < 5'000; ++round) {
    std::string bytes = "LRU1\x01";
    const std::size_t size = random() % 200;
    for (std::size_t i = 0; i < size; ++i) bytes.push_back(static_cast<char>(random()));
    EXPECT_FALSE(decode_envelope(bytes, EnvelopeKind::Up));
    if (bytes.size() < 40) continue;
    EXPECT_FALSE(decode_envelope(resealed(bytes), EnvelopeKind::Up));
  }
}

TEST(Compress, gives_back_what_it_got_and_nothing_else) {
  const std::string text(100'000, 'a');
  const std::string small = compress(text);
  EXPECT_LT(small.size(), 1'000U);
  EXPECT_EQ(decompress(small, text.size()).value(), text);
  EXPECT_FALSE(decompress(small, text.size() - 1));
  EXPECT_FALSE(decompress(small, text.size() + 1));
  EXPECT_FALSE(decompress("nothing", 7));
}

TEST(EventNumbers, every_event_has_one_and_each_name_one_number) {
  for (std::uint16_t number = 1; !event_name_of(number).empty(); ++number) {
    EXPECT_EQ(event_number(event_name_of(number)), number);
  }
  EXPECT_EQ(event_number("order.teleported"), 0);
  EXPECT_TRUE(event_name_of(0).empty());
}

TEST(EventFront, is_read_without_the_rest) {
  const std::string data = encode_event(
      StampedEvent{TimePoint{1'763'700'000'000'001}, CommandId("c:1"), DeviceId("till-1"),
                   StaffId(), OrderServed{OrderId("20261121-0001")}});
  const auto front = event_front(data);
  ASSERT_TRUE(front);
  EXPECT_EQ(front->at.micros, 1'763'700'000'000'001);
  EXPECT_EQ(front->event, "order.served");
  EXPECT_FALSE(event_front("{}"));
  EXPECT_FALSE(event_front(R"({"at":x,"event":"order.served"})"));
}

}  // namespace
}  // namespace larder
