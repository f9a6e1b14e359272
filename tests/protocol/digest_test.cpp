#include "lan-protocol/digest.hpp"

#include <gtest/gtest.h>

namespace larder {
namespace {

// FIPS 180-4 examples.
TEST(Digest, sha256_is_sha256) {
  EXPECT_EQ(hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hex(sha256(std::string(1'000'000, 'a'))),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Digest, the_chain_is_over_hash_epoch_seq_and_data) {
  std::string bytes(32, '\x01');
  bytes += std::string("\x04\x03\x02\x01", 4);
  bytes += std::string("\x08\x07\x06\x05\x04\x03\x02\x01", 8);
  bytes += "{}";
  Sha256 before;
  before.fill(1);
  EXPECT_EQ(chain(before, 0x01020304, 0x0102030405060708, "{}"), sha256(bytes));
}

TEST(Digest, every_input_moves_the_chain) {
  const Sha256 before{};
  const Sha256 hash = chain(before, 1, 2, "x");
  EXPECT_NE(chain(sha256("other"), 1, 2, "x"), hash);
  EXPECT_NE(chain(before, 2, 2, "x"), hash);
  EXPECT_NE(chain(before, 1, 3, "x"), hash);
  EXPECT_NE(chain(before, 1, 2, "y"), hash);
}

TEST(Digest, verb_and_args_do_not_run_into_each_other) {
  EXPECT_EQ(body_digest("order.serve", "{}"), sha256(std::string_view("order.serve\0{}", 14)));
  EXPECT_NE(body_digest("a", "bc"), body_digest("ab", "c"));
}

TEST(Digest, the_answer_key_is_the_first_eight_bytes_little_endian) {
  EXPECT_EQ(answer_key("abc"), 0xeacf018fbf1678baULL);
}

}  // namespace
}  // namespace larder
