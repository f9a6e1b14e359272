#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "core/orders/pricing.hpp"
#include "lan-protocol/codec.hpp"
#include "lan-protocol/digest.hpp"
#include "lan-protocol/verbs.hpp"
#include "tests/protocol/examples.hpp"

namespace larder {
namespace {

// Wide enough that the decoder, not the reader, has the last word.
constexpr JsonLimits kWide = {64, 1'000'000, 1'000'000};

Result<Command> decode(std::string_view verb, std::string_view args) {
  const Result<Json> json = parse_json(args, kWide);
  if (!json) return pass_on(json);
  return find_command_verb(verb)->decode(*json);
}

Error refusal(std::string_view verb, std::string_view args) {
  const Result<Command> command = decode(verb, args);
  EXPECT_FALSE(command) << "accepted: " << args.substr(0, 120);
  return command ? Error(Code::Unavailable, "accepted") : command.error();
}

std::string order_of(const std::string& line) {
  return R"({"service":"takeaway","lines":[)" + line + "]}";
}

std::string order_with_quantity(const std::string& quantity) {
  return order_of(R"({"sku":"soup","quantity":)" + quantity + "}");
}

std::string repeated(const std::string& piece, std::size_t times) {
  std::string text = piece;
  for (std::size_t i = 1; i < times; ++i) text += "," + piece;
  return text;
}

TEST(Commands, encode_and_decode_to_the_same_command) {
  for (std::size_t alternative = 0; alternative < examples::kDeviceCommands; ++alternative) {
    EXPECT_TRUE(rc::check([alternative] {
      const Command command = *examples::any_command(alternative);
      RC_ASSERT(command.index() == alternative);
      const std::string args = encode_args(command);
      const Result<Command> again = decode(command_verb(command), args);
      if (!again) RC_FAIL(again.error().message() + " in " + args);
      RC_ASSERT(*again == command);
      RC_ASSERT(encode_args(*again) == args);
    }));
  }
}

TEST(Commands, one_body_has_one_digest_however_it_is_spelled) {
  const auto digest = [](std::string_view args) {
    return body_digest("order.place", encode_args(*decode("order.place", args)));
  };
  const Sha256 plain = digest(R"({"service":"takeaway","lines":[{"sku":"soup","quantity":1}]})");
  EXPECT_EQ(digest(R"({"lines":[{"note":"","quantity":1.0,"sku":"s\u006fup","parts":[]}],
                       "fire":false,"hold":"","service":"takeaway"})"),
            plain);
  EXPECT_NE(digest(R"({"service":"takeaway","lines":[{"sku":"soup","quantity":1.1}]})"), plain);
}

TEST(Commands, a_refusal_names_the_place) {
  EXPECT_EQ(
      refusal("order.place", order_of(R"({"sku":"a","quantity":1},{"sku":"b","quantity":0})")),
      Error(Code::BadQuantity, "lines[1].quantity: must be 0.1 to 10000.0"));
  EXPECT_EQ(refusal("order.place", order_of(R"({"sku":"a","quantity":1,"colour":"red"})")),
            Error(Code::BadRequest, "lines[0].colour: unknown field"));
  EXPECT_EQ(refusal("order.place", "{\"service\":\"takeaway\"}"),
            Error(Code::BadRequest, "lines: missing"));
  EXPECT_EQ(refusal("order.place", "[]"), Error(Code::BadRequest, "must be an object"));
  const std::string menu =
      R"({"menu":{"currency":"EUR","categories":[],"items":[{"id":"a","category":"c","name":{},"skus":[]}]}})";
  EXPECT_EQ(refusal("menu.import", menu),
            Error(Code::BadRequest, "menu.items[0].name.en: missing"));
}

// What a client wrote comes back to it in part only, and always as whole characters.
TEST(Commands, a_long_unknown_field_is_cut_between_characters) {
  std::string name;
  for (int i = 0; i < 100; ++i) name += "汤";
  const Error error = refusal("order.serve", "{\"order\":\"1\",\"" + name + "\":1}");
  EXPECT_EQ(error.message(), name.substr(0, 39) + ": unknown field");
}

TEST(Commands, more_than_64_members_are_refused_even_when_the_known_come_last) {
  std::string args = "{";
  for (int i = 0; i < 100; ++i) args += "\"x" + std::to_string(i) + "\":0,";
  EXPECT_EQ(refusal("order.serve", args + R"("order":"1"})"),
            Error(Code::BadRequest, "x0: unknown field"));
}

TEST(Commands, case_28_bad_quantities_are_refused) {
  for (const char* quantity : {"0",
                               "0.0",
                               "-1",
                               "-0",
                               "-0.0",
                               "\"1\"",
                               "1e3",
                               "1E0",
                               "1e-1",
                               "1e999",
                               "2147483648",
                               "9223372036854775808",
                               "9223372036854775807",
                               "18446744073709551616",
                               "1.25",
                               "1.50",
                               "0.05",
                               "10000.1",
                               "10001",
                               "null",
                               "true",
                               "[1]",
                               "{}",
                               "0.10"}) {
    EXPECT_EQ(refusal("order.place", order_with_quantity(quantity)).code(), Code::BadQuantity)
        << quantity;
    EXPECT_EQ(refusal("hold.place",
                      R"({"lines":[{"sku":"soup","quantity":)" + std::string(quantity) + "}]}")
                  .code(),
              Code::BadQuantity)
        << quantity;
  }
  for (const char* quantity : {"NaN", "Infinity", "-Infinity", "+1", "01", "1,5"}) {
    EXPECT_EQ(refusal("order.place", order_with_quantity(quantity)).code(), Code::BadJson)
        << quantity;
  }
}

TEST(Commands, case_28_good_quantities_are_taken_exactly) {
  const std::vector<std::pair<const char*, std::int64_t>> good = {
      {"0.1", 1}, {"1", 10}, {"1.0", 10}, {"2.5", 25}, {"10000", 100'000}, {"10000.0", 100'000}};
  for (const auto& [text, tenths] : good) {
    const Result<Command> command = decode("order.place", order_with_quantity(text));
    ASSERT_TRUE(command) << text;
    EXPECT_EQ(std::get<PlaceOrder>(*command).lines[0].quantity, Quantity::tenths(tenths)) << text;
  }
}

TEST(Commands, case_28_bad_counts_of_stock_are_refused) {
  for (const char* count :
       {"-1", "-0", "1.25", "\"3\"", "1e2", "100000000.1", "9223372036854775807"}) {
    const std::string args = R"({"sku":"soup","available":)" + std::string(count) + "}";
    EXPECT_EQ(refusal("stock.count", args).code(), Code::BadQuantity) << count;
  }
}

TEST(Commands, case_29_money_beyond_the_range_of_the_books_is_refused) {
  const auto pay = [](const std::string& amount) {
    return R"({"order":"1","payment":{"tender":"cash","amount":)" + amount + "}}";
  };
  for (const char* amount :
       {"1000000000000001", "-1000000000000001", "9223372036854775807", "9223372036854775808",
        "-9223372036854775808", "1.0", "12.5", "1e3", "\"1280\"", "null", "-0"}) {
    EXPECT_EQ(refusal("order.pay", pay(amount)).code(), Code::BadMoney) << amount;
  }
  EXPECT_TRUE(decode("order.pay", pay("1000000000000000")));
}

TEST(Commands, case_30_a_client_has_no_field_for_its_own_price) {
  EXPECT_EQ(refusal("order.place", order_of(R"({"sku":"soup","quantity":1,"price":1})")).code(),
            Code::BadRequest);
  EXPECT_EQ(
      refusal("order.place", order_of(R"({"sku":"soup","quantity":1,"unit_price":1})")).code(),
      Code::BadRequest);
  const Result<Command> command = decode(
      "order.place",
      R"({"service":"takeaway","lines":[{"sku":"soup","quantity":1}],"expected_total":590})");
  ASSERT_TRUE(command);
  EXPECT_EQ(std::get<PlaceOrder>(*command).expected_total, Money::minor(590));
}

TEST(Commands, case_31_a_sku_that_cannot_be_one_is_unknown) {
  for (const std::string& sku :
       {std::string("'; DROP TABLE orders;--"), std::string(1'024, 's'), std::string(65, 's'),
        std::string(), std::string("..\\\\etc"), std::string("so up"), std::string("süppe")}) {
    const std::string line = "{\"sku\":\"" + sku + "\",\"quantity\":1}";
    EXPECT_EQ(refusal("order.place", order_of(line)).code(), Code::UnknownSku) << sku;
    EXPECT_EQ(refusal("stock.count", "{\"sku\":\"" + sku + "\",\"available\":1}").code(),
              Code::UnknownSku)
        << sku;
    EXPECT_EQ(refusal("stock.mark", "{\"sku\":\"" + sku + "\",\"status\":\"sold_out\"}").code(),
              Code::UnknownSku)
        << sku;
  }
  const Error control = refusal("order.place", order_of("{\"sku\":\"a\x1b[2J\",\"quantity\":1}"));
  EXPECT_EQ(control.code(), Code::BadText);
  EXPECT_EQ(control.message().find('\x1b'), std::string::npos) << "a refusal ends in a log";
}

TEST(Commands, case_32_a_thousand_modifiers_are_refused) {
  const std::string option = R"({"group":"bread","option":"rye"})";
  const auto line_with = [&](std::size_t times) {
    return order_of(R"({"sku":"soup","quantity":1,"options":[)" + repeated(option, times) + "]}");
  };
  EXPECT_TRUE(decode("order.place", line_with(kLineOptionsMax)));
  EXPECT_EQ(refusal("order.place", line_with(kLineOptionsMax + 1)).code(), Code::BadOption);
  EXPECT_EQ(refusal("order.place", line_with(1'000)).code(), Code::BadOption);
  const std::string parts = repeated(R"({"part":"p","sku":"s"})", 1'000);
  EXPECT_EQ(refusal("order.place", order_of(R"({"sku":"s","quantity":1,"parts":[)" + parts + "]}"))
                .code(),
            Code::BadCombo);
}

TEST(Commands, case_33_an_empty_order_and_ten_thousand_and_one_lines_are_bad_orders) {
  const std::string line = R"({"sku":"soup","quantity":1})";
  EXPECT_EQ(refusal("order.place", R"({"service":"takeaway","lines":[]})"),
            Error(Code::BadOrder, "lines: no lines"));
  EXPECT_EQ(refusal("hold.place", R"({"lines":[]})").code(), Code::BadOrder);
  EXPECT_TRUE(decode("order.place", order_of(repeated(line, kOrderLinesMax))));
  EXPECT_EQ(refusal("order.place", order_of(repeated(line, kOrderLinesMax + 1))).code(),
            Code::BadOrder);
  EXPECT_EQ(refusal("order.place", order_of(repeated(line, 10'001))).code(), Code::BadOrder);
}

TEST(Commands, case_48_a_note_of_65_kb_is_refused_and_a_wild_short_one_is_kept) {
  const std::string wild = "👩‍👩‍👧 Z\u0351\u036b \u202eabc";
  const auto with_note = [](const std::string& note) {
    return R"({"service":"takeaway","lines":[{"sku":"soup","quantity":1}],"note":")" + note + "\"}";
  };
  const Result<Json> long_note = parse_json(with_note(std::string(65 * 1'024, 'n')));
  ASSERT_FALSE(long_note);
  EXPECT_EQ(long_note.error().code(), Code::BadText);
  const Result<Command> command = decode("order.place", with_note(wild));
  ASSERT_TRUE(command);
  EXPECT_EQ(std::get<PlaceOrder>(*command).note, wild);
}

TEST(Commands, case_49_there_is_no_field_for_a_card_number_and_a_note_is_masked_when_kept) {
  EXPECT_EQ(refusal("order.pay", R"({"order":"1","payment":{"tender":"card","amount":1,
                                     "card_number":"4111111111111111"}})")
                .code(),
            Code::BadRequest);
  const Result<Command> command = decode(
      "order.place",
      R"({"service":"takeaway","lines":[{"sku":"s","quantity":1}],"note":"4111 1111 1111 1111"})");
  ASSERT_TRUE(command);
  bool masked = false;
  const std::string kept = clean_note(std::get<PlaceOrder>(*command).note, masked);
  EXPECT_TRUE(masked);
  EXPECT_EQ(kept.find("4111"), std::string::npos) << kept;
}

TEST(Commands, case_50_numbers_of_other_places_are_refused) {
  for (const char* quantity : {"\"1,5\"", "\"１\"", "\"١\"", "\"1.5\""}) {
    EXPECT_EQ(refusal("order.place", order_with_quantity(quantity)).code(), Code::BadQuantity)
        << quantity;
  }
  for (const char* quantity : {"1,5", "１", "١"}) {
    EXPECT_EQ(refusal("order.place", order_with_quantity(quantity)).code(), Code::BadJson)
        << quantity;
  }
}

TEST(Verbs, roles_are_those_of_the_page) {
  const auto may = [](std::string_view verb, Role role) {
    return (find_command_verb(verb)->roles & role_bit(role)) != 0;
  };
  EXPECT_TRUE(may("order.place", Role::Kiosk) && may("order.place", Role::Till));
  EXPECT_FALSE(may("order.void", Role::Kiosk) || may("order.pay", Role::Kiosk));
  EXPECT_TRUE(may("ticket.bump", Role::Kds) && !may("ticket.bump", Role::Kiosk));
  EXPECT_TRUE(may("stock.mark", Role::Kds) && !may("stock.count", Role::Kds));
  for (const CommandVerb& verb : command_verbs()) {
    const bool of_relay = verb.name.starts_with("lease.") || verb.name == "online.order";
    EXPECT_EQ(verb.roles == 0, of_relay) << verb.name;
    if (of_relay) continue;  // words of the relay: no device may use them
    const bool of_house = verb.name.starts_with("order.") || verb.name.starts_with("hold.") ||
                          verb.name.starts_with("ticket.");
    EXPECT_EQ((verb.roles & role_bit(Role::Admin)) == 0, of_house) << verb.name;
    EXPECT_EQ(verb.over_http, verb.name == "menu.import") << verb.name;
  }
  for (const QueryVerb& verb : query_verbs()) {
    EXPECT_NE(verb.roles & role_bit(Role::Admin), 0) << verb.name;
    EXPECT_EQ((verb.roles & role_bit(Role::Kiosk)) != 0, verb.name == "order.get") << verb.name;
  }
  EXPECT_EQ(find_command_verb("order.list"), nullptr);
  EXPECT_EQ(find_query_verb("order.place"), nullptr);
  EXPECT_EQ(find_command_verb(""), nullptr);
}

TEST(Queries, have_the_defaults_of_the_page) {
  const auto read = [](std::string_view verb, std::string_view args) {
    return *find_query_verb(verb)->decode(*parse_json(args));
  };
  EXPECT_TRUE(read("order.list", "{}").open);
  EXPECT_FALSE(read("order.list", R"({"open":false})").open);
  EXPECT_EQ(read("journal.read", "{}").after, 0U);
  EXPECT_EQ(read("journal.read", "{}").limit, kJournalReadMax);
  EXPECT_EQ(read("journal.read", R"({"after":41,"limit":2})").after, 41U);
  EXPECT_EQ(read("journal.read", R"({"after":41,"limit":2})").limit, 2U);
  EXPECT_EQ(read("order.get", R"({"order":"20261121-0007"})").order, OrderId("20261121-0007"));
  EXPECT_EQ(read("hub.backup", R"({"name":"evening"})").name, "evening");
}

}  // namespace
}  // namespace larder
