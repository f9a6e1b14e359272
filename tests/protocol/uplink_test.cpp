// The small messages and topics between hub and relay.
#include "lan-protocol/uplink.hpp"

#include <gtest/gtest.h>

#include <set>

#include "core/base/limits.hpp"

namespace larder {
namespace {

Hello some_hello() {
  Hello hello;
  hello.store = StoreId("s1");
  hello.hub = HubId("hub-7");
  hello.boot = "b00t";
  hello.epoch = 2;
  hello.last = 900;
  hello.head.fill(0x5A);
  hello.first_unacked = 801;
  hello.words_applied = 4;
  hello.version = "0.2.0";
  hello.at = TimePoint{1'763'700'000'000'000};
  return hello;
}

TEST(UplinkTopics, are_those_of_the_page) {
  const StoreId store("s1");
  const std::string events = topic_of(store, UplinkTopic::Events);
  EXPECT_TRUE(events.starts_with("larder/v1/p"));
  EXPECT_TRUE(events.ends_with("/s1/up/ev"));
  for (const auto topic : {UplinkTopic::Hello, UplinkTopic::Events, UplinkTopic::WordsAck,
                           UplinkTopic::Tell, UplinkTopic::Ack, UplinkTopic::Words,
                           UplinkTopic::Ask, UplinkTopic::Lost, UplinkTopic::Presence}) {
    const auto place = read_topic(topic_of(store, topic));
    ASSERT_TRUE(place);
    EXPECT_EQ(place->store, store);
    EXPECT_EQ(place->topic, topic);
    EXPECT_EQ(place->partition, partition_of(store));
  }
}

TEST(UplinkTopics, a_store_with_odd_bytes_stays_one_word) {
  const StoreId store("eu/berlin:4");
  EXPECT_EQ(topic_word(store), "eu%2Fberlin:4");
  EXPECT_EQ(read_topic(topic_of(store, UplinkTopic::Hello))->store, store);
}

TEST(UplinkTopics, case_59_a_topic_that_is_not_its_stores_is_refused) {
  const StoreId store("s1");
  std::string topic = topic_of(store, UplinkTopic::Events);
  topic[12] = topic[12] == '0' ? '1' : '0';  // another partition
  EXPECT_FALSE(read_topic(topic));
  for (const char* wrong :
       {"", "larder", "larder/v1/p", "larder/v1/p07", "larder/v1/p07/", "larder/v1/p07/s1",
        "larder/v1/pXX/s1/up/ev", "larder/v1/p07/s%2/up/ev", "larder/v1/p07/s%GG/up/ev",
        "larder/v1/p07//up/ev", "other/v1/p07/s1/up/ev"}) {
    EXPECT_FALSE(read_topic(wrong)) << wrong;
  }
}

TEST(UplinkTopics, stores_spread_over_all_partitions) {
  std::set<unsigned> seen;
  for (int i = 0; i < 2'000; ++i) seen.insert(partition_of(StoreId("store-" + std::to_string(i))));
  EXPECT_EQ(seen.size(), kPartitions);
}

TEST(UplinkMessages, come_back_as_they_were_sent) {
  EXPECT_EQ(decode_hello(encode(some_hello())).value(), some_hello());
  Ack ack;
  ack.epoch = 2;
  ack.up_to = 850;
  ack.credit = 16;
  ack.relay = "relay-1";
  ack.lease = 9;
  EXPECT_EQ(decode_ack(encode(ack)).value(), ack);
  ack.state = Ack::State::Frozen;
  ack.reason = "event 12 was sent before with other contents";
  EXPECT_EQ(decode_ack(encode(ack)).value(), ack);
  ack.state = Ack::State::Stale;
  ack.hub = HubId("h1");
  EXPECT_EQ(decode_ack(encode(ack)).value(), ack);
  EXPECT_EQ(decode_words_ack(encode(WordsAck{7})).value(), WordsAck{7});
  const Presence presence{true, 2, "0.2.0", TimePoint{5}};
  EXPECT_EQ(decode_presence(encode(presence)).value(), presence);
  const RelayPresence relay{"relay-1", false};
  EXPECT_EQ(decode_relay_presence(encode(relay)).value(), relay);
  Word word;
  word.id = CommandId("hq-1");
  word.verb = "stock.mark";
  word.args = R"({"sku":"cola","status":"sold_out"})";
  word.by = "hq:alice";
  word.not_after = TimePoint{99};
  EXPECT_EQ(decode_word(encode(word)).value(), word);
}

TEST(UplinkMessages, members_of_a_later_version_are_passed_over) {
  std::string json = encode(WordsAck{7});
  json.insert(json.size() - 1, R"(,"later":{"a":[1,2]})");
  EXPECT_EQ(decode_words_ack(json).value(), WordsAck{7});
}

TEST(UplinkMessages, case_59_broken_ones_are_refused) {
  const std::string good = encode(some_hello());
  for (std::size_t i = 0; i < good.size(); ++i) EXPECT_FALSE(decode_hello(good.substr(0, i)));
  EXPECT_FALSE(decode_ack(R"({"epoch":1,"up_to":5,"credit":1,"state":"happy"})"));
  EXPECT_FALSE(decode_ack(R"({"epoch":1,"up_to":-5,"credit":1,"state":"ok"})"));
  EXPECT_FALSE(decode_ack(R"({"epoch":1.5,"up_to":5,"credit":1,"state":"ok"})"));
  EXPECT_FALSE(decode_words_ack("[]"));
  EXPECT_FALSE(decode_presence("offline"));
}

TEST(UplinkBooks, questions_and_answers_are_told_apart) {
  BooksQuestion day;
  day.id = "q1";
  day.day = BusinessDay{20261121};
  auto read = decode_books(encode(day));
  ASSERT_TRUE(read && read->question);
  EXPECT_EQ(read->question->day, day.day);
  BooksQuestion hashes;
  hashes.id = "q2";
  hashes.ask = BooksQuestion::Ask::Hashes;
  hashes.from = 10;
  hashes.to = 509;
  EXPECT_EQ(decode_books(encode(hashes))->question->to, 509U);
  hashes.to = 510;
  EXPECT_FALSE(decode_books(encode(hashes)));
  BooksAnswer answer;
  answer.id = "q1";
  answer.day.day = day.day;
  answer.day.events = 12;
  answer.day.total_minor = 4'200;
  answer.day.digest.fill(3);
  EXPECT_EQ(decode_books(encode(answer))->answer->day, answer.day);
  BooksAnswer list;
  list.id = "q2";
  list.from = 10;
  list.hashes = {"0011223344556677", ""};
  EXPECT_EQ(decode_books(encode(list))->answer->hashes, list.hashes);
  EXPECT_FALSE(decode_books(R"({"id":"q3"})"));
}

StockLevel limited(int units) {
  StockLevel level;
  level.type = StockType::Limited;
  level.available = Quantity::units(units);
  return level;
}

TEST(UplinkBooks, levels_are_asked_for_and_told) {
  BooksQuestion question;
  question.id = "r1";
  question.ask = BooksQuestion::Ask::Levels;
  question.after = SkuId("cola");
  auto read = decode_books(encode(question));
  ASSERT_TRUE(read && read->question);
  EXPECT_EQ(read->question->ask, BooksQuestion::Ask::Levels);
  EXPECT_EQ(read->question->after, SkuId("cola"));
  question.skus.assign(kStockLevelsMax, SkuId("soup"));
  EXPECT_EQ(decode_books(encode(question))->question->skus, question.skus);
  question.skus.emplace_back("tea");
  EXPECT_FALSE(decode_books(encode(question))) << "too many";

  BooksAnswer answer;
  answer.id = "r1";
  StockLevel soup = limited(3);
  soup.channels.push_back({ChannelCode("kiosk"), StockStatus::SoldOut, Quantity::units(2), {}, 20});
  answer.stock =
      StockBooks{2, 77, {{SkuId("tea"), "0123456789abcdef"}}, true, {{SkuId("soup"), soup}}};
  const auto told = decode_books(encode(answer));
  ASSERT_TRUE(told && told->answer && told->answer->stock);
  EXPECT_EQ(*told->answer->stock, *answer.stock);
  answer.stock->marks.assign(kStockMarksMax + 1, {SkuId("tea"), "0"});
  EXPECT_FALSE(decode_books(encode(answer))) << "too many";
}

TEST(UplinkBooks, the_largest_answers_about_stock_fit_a_small_message) {
  const SkuId longest(std::string(kIdBytesMax, 'x'));
  BooksAnswer marks;
  marks.id = "r1234567890";
  marks.stock = StockBooks{4'000'000'000U, 1ULL << 52, {}, true, {}};
  marks.stock->marks.assign(kStockMarksMax, {longest, "0123456789abcdef"});
  EXPECT_LE(encode(marks).size(), kSmallMessageBytesMax);
  const Quantity most = Quantity::tenths(kQuantityTenthsMax);
  StockLevel level{StockType::Limited,
                   StockStatus::SoldOut,
                   most,
                   most,
                   RestoreRule::At,
                   TimePoint{INT64_MAX},
                   most,
                   most,
                   most,
                   most,
                   most,
                   {},
                   true};
  for (std::size_t i = 0; i < kChannelsPerSkuMax; ++i) {
    const std::string name = std::string(kIdBytesMax - 2, 'c') + std::to_string(10 + i);
    level.channels.push_back({ChannelCode(name), StockStatus::SoldOut, most, most, 100});
  }
  BooksAnswer levels = marks;
  levels.stock->marks.clear();
  levels.stock->levels.assign(kStockLevelsMax, {longest, level});
  EXPECT_LE(encode(levels).size(), kSmallMessageBytesMax);
  EXPECT_TRUE(decode_books(encode(levels)));
}

TEST(StockMarks, a_mark_says_what_both_sides_keep) {
  const SkuId soup("soup");
  EXPECT_EQ(level_mark(soup, StockLevel{}), "") << "nobody has said anything of it";
  EXPECT_EQ(level_mark(soup, limited(3)), "72da6cbd41da863b")
      << "as every version of hub and relay says";
  EXPECT_NE(level_mark(soup, limited(3)), level_mark(soup, limited(4)));
  EXPECT_NE(level_mark(soup, limited(3)), level_mark(SkuId("tea"), limited(3)));
  StockLevel doubted = limited(3);
  doubted.unverified = true;
  EXPECT_EQ(level_mark(soup, doubted), level_mark(soup, limited(3))) << "the hub's own affair";
  StockLevel open = limited(3);
  open.type = StockType::Unlimited;
  EXPECT_EQ(level_mark(soup, open), "") << "what is left of an unlimited SKU means nothing";
}

}  // namespace
}  // namespace larder
