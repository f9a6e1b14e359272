// The day's statement, both sides.
#include <gtest/gtest.h>

#include "tests/relay/relay_house.hpp"

namespace larder::relay {
namespace {

constexpr BusinessDay kDay{20261121};

class RelayBooks : public ::testing::Test {
 protected:
  RelayBooks() {
    hub->happen(1'300);
    hub->batch_events = 100;
    hub->connect();
    house.settle({hub.get()});
  }
  void ask() {
    statement.reset();
    failed.reset();
    house.relay->books().statement(StoreId("s1"), kDay, [this](Result<Statement> result) {
      if (result) statement = std::move(*result);
      if (!result) failed = result.error();
    });
    house.settle({hub.get()});
  }

  RelayHouse house;
  std::unique_ptr<ScriptedHub> hub = house.hub("s1");
  std::optional<Statement> statement;
  std::optional<Error> failed;
};

TEST_F(RelayBooks, equal_books_are_equal) {
  ask();
  ASSERT_TRUE(statement);
  EXPECT_TRUE(statement->is_equal);
  EXPECT_TRUE(statement->differences.empty());
  EXPECT_EQ(statement->hub->events, 1'300U);
  EXPECT_EQ(hub->questions.size(), 1U);
}

TEST_F(RelayBooks, an_altered_event_is_named) {
  house.rows("s1").events[1'111].data[60] ^= 1;
  ask();
  ASSERT_TRUE(statement);
  EXPECT_FALSE(statement->is_equal);
  EXPECT_EQ(statement->first_bad, 1'112U);
  ASSERT_FALSE(statement->differences.empty());
  EXPECT_NE(statement->differences[0].find("event 1112: its bytes"), std::string::npos);
  EXPECT_EQ(hub->questions.size(), 4U) << "the day, then three steps of 500";
}

TEST_F(RelayBooks, a_missing_event_is_named) {
  house.rows("s1").events[41].data.clear();
  ask();
  ASSERT_TRUE(statement);
  EXPECT_EQ(statement->first_bad, 42U);
  EXPECT_NE(statement->differences[0].find("event 42: the hub has it, the relay does not"),
            std::string::npos);
  EXPECT_NE(statement->differences[1].find("events: 1300 at the hub, 1299 at the relay"),
            std::string::npos);
}

TEST_F(RelayBooks, what_our_own_audit_finds_is_a_difference_though_the_events_agree) {
  house.store().faults[StoreId("s1")] = {"event 7: its order is there twice"};
  ask();
  ASSERT_TRUE(statement);
  EXPECT_FALSE(statement->is_equal);
  EXPECT_EQ(statement->differences, std::vector<std::string>{"event 7: its order is there twice"});
}

TEST_F(RelayBooks, a_hub_that_is_away_or_silent_is_left_out) {
  hub->answers_books = false;
  house.relay->books().statement(
      StoreId("s1"), kDay, [this](Result<Statement> result) { statement = std::move(*result); });
  house.settle({hub.get()});
  EXPECT_FALSE(statement);
  house.clock.pass(kDeskPatience);
  house.relay->tick();
  ASSERT_TRUE(statement);
  EXPECT_FALSE(statement->hub);
  EXPECT_FALSE(statement->is_equal);
  house.give(StoreId("s1"), UplinkTopic::Presence, encode(Presence{false, 1, "", {}}));
  ask();
  ASSERT_TRUE(statement);
  EXPECT_EQ(statement->differences[0], "the store is away: its hub was not asked");
}

TEST_F(RelayBooks, a_foreign_or_late_answer_moves_nothing) {
  auto other = house.hub("s2");
  other->connect();
  hub->answers_books = false;
  house.relay->books().statement(
      StoreId("s1"), kDay, [this](Result<Statement> result) { statement = std::move(*result); });
  house.settle({hub.get()});
  ASSERT_EQ(hub->questions.size(), 1U);
  BooksAnswer answer;
  answer.id = hub->questions[0].id;
  answer.day.day = kDay;
  house.give(StoreId("s2"), UplinkTopic::Tell, encode(answer));
  EXPECT_FALSE(statement);
  answer.id = "b99";
  house.give(StoreId("s1"), UplinkTopic::Tell, encode(answer));
  answer.id = hub->questions[0].id;
  answer.from = 7;  // hashes, though the day was asked for
  answer.hashes = {"0123456789abcdef"};
  house.give(StoreId("s1"), UplinkTopic::Tell, encode(answer));
  EXPECT_FALSE(statement);
}

TEST_F(RelayBooks, the_hubs_own_questions_are_answered_and_bounded) {
  BooksQuestion question;
  question.id = "q1";
  question.day = kDay;
  house.give(StoreId("s1"), UplinkTopic::Tell, encode(question));
  question.id = "q2";
  question.ask = BooksQuestion::Ask::Hashes;
  question.from = 1'299;
  question.to = 1'302;
  house.give(StoreId("s1"), UplinkTopic::Tell, encode(question));
  house.settle({hub.get()});
  ASSERT_EQ(hub->answers.size(), 2U);
  EXPECT_EQ(hub->answers[0].day.events, 1'300U);
  EXPECT_EQ(hub->answers[0].day.digest, hub->head());
  ASSERT_EQ(hub->answers[1].hashes.size(), 4U);
  EXPECT_EQ(hub->answers[1].hashes[0], hex(sha256(hub->events[1'298])).substr(0, 16));
  EXPECT_TRUE(hub->answers[1].hashes[2].empty());
  for (int i = 0; i < 10; ++i) house.give(StoreId("s1"), UplinkTopic::Tell, encode(question));
  EXPECT_EQ(house.telemetry.drops["questions"], 6);
}

TEST_F(RelayBooks, only_so_many_statements_are_drawn_up_at_once) {
  hub->answers_books = false;
  int overloaded = 0;
  for (std::size_t i = 0; i < kStatementsMax + 3; ++i) {
    house.relay->books().statement(StoreId("s1"), kDay, [&overloaded](Result<Statement> result) {
      if (!result && result.error().code() == Code::Overloaded) ++overloaded;
    });
  }
  EXPECT_EQ(overloaded, 3);
}

}  // namespace
}  // namespace larder::relay
