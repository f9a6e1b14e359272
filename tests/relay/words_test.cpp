// HQ's words on their way down.
#include <gtest/gtest.h>

#include <algorithm>

#include "relay/app/relay_desk.hpp"
#include "tests/relay/relay_house.hpp"

namespace larder::relay {
namespace {

NewWord word_of(const std::string& store, int number) {
  NewWord word;
  word.store = StoreId(store);
  word.word.id = CommandId("w-" + std::to_string(number));
  word.word.verb = "stock.mark";
  word.word.args = R"({"sku":"soup","status":"sold_out"})";
  word.word.by = "hq:alice";
  return word;
}

class RelayWords : public ::testing::Test {
 protected:
  RelayWords() { hub->connect(); }
  void issue(int number) {
    house.relay->words().issue(word_of("s1", number), [this](Result<IssuedWord> issued) {
      answers.push_back(std::move(issued));
    });
  }
  std::size_t envelopes() const {
    return static_cast<std::size_t>(std::ranges::count_if(
        house.inlet.said, [](const auto& each) { return each.topic == UplinkTopic::Words; }));
  }
  Envelope last_envelope() const {
    for (auto at = house.inlet.said.rbegin(); at != house.inlet.said.rend(); ++at) {
      if (at->topic == UplinkTopic::Words) return *decode_envelope(at->payload, EnvelopeKind::Down);
    }
    return {};
  }

  RelayHouse house;
  std::unique_ptr<ScriptedHub> hub = house.hub("s1");
  std::vector<Result<IssuedWord>> answers;
};

TEST_F(RelayWords, a_word_is_durable_before_it_is_sent_and_done_with_the_hubs_own_event) {
  issue(1);
  EXPECT_EQ(envelopes(), 0U) << "not durable yet";
  house.shards.step();
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0]->number, 1U);
  EXPECT_EQ(envelopes(), 1U) << "sent at once";
  std::optional<IssuedWord> done;
  house.relay->words().await(StoreId("s1"), 1, Duration::seconds(10),
                             [&done](Result<IssuedWord> word) { done = *word; });
  house.shards.run_all();
  EXPECT_FALSE(done);
  house.settle({hub.get()});
  ASSERT_TRUE(done);
  EXPECT_TRUE(done->applied_at);
  EXPECT_EQ(done->outcome, "ok");
  ASSERT_EQ(hub->words.size(), 1U);
  EXPECT_EQ(hub->words[0], word_of("s1", 1).word);
  EXPECT_EQ(house.relay->streams().find(StoreId("s1"))->mark.words_applied, 1U);
}

TEST_F(RelayWords, at_most_eight_are_under_way_and_all_arrive_in_order) {
  hub->answers_words = false;
  for (int i = 1; i <= 30; ++i) issue(i);
  house.settle({hub.get()});
  Seq sent = 0;
  for (const auto& each : house.inlet.said) {
    if (each.topic != UplinkTopic::Words) continue;
    sent = std::max(sent, decode_envelope(each.payload, EnvelopeKind::Down)->last());
  }
  EXPECT_EQ(sent, kWordWindow);
  hub->answers_words = true;
  house.clock.pass(kWordsAgain);
  house.relay->tick();
  house.settle({hub.get()});
  ASSERT_EQ(hub->words.size(), 30U);
  for (int i = 1; i <= 30; ++i) {
    EXPECT_EQ(hub->words[static_cast<std::size_t>(i) - 1].id.text(), "w-" + std::to_string(i));
  }
  EXPECT_TRUE(hub->is_done());
}

TEST_F(RelayWords, case_63_what_was_not_answered_is_sent_again_after_ten_seconds_and_on_hello) {
  hub->answers_words = false;
  issue(1);
  house.settle({hub.get()});
  EXPECT_EQ(envelopes(), 1U);
  house.clock.pass(Duration::seconds(9));
  house.relay->tick();
  EXPECT_EQ(envelopes(), 1U);
  house.clock.pass(Duration::seconds(1));
  house.relay->tick();
  EXPECT_EQ(envelopes(), 2U);
  hub->hello();
  house.shards.run_all();
  EXPECT_EQ(envelopes(), 3U);
  EXPECT_EQ(last_envelope().first, 1U);
  EXPECT_EQ(last_envelope().epoch, 1U);
}

TEST_F(RelayWords, a_word_for_a_store_that_is_away_waits_for_its_hello) {
  house.give(StoreId("s1"), UplinkTopic::Presence, encode(Presence{false, 1, "", {}}));
  issue(1);
  house.shards.run_all();
  house.clock.pass(Duration::seconds(20));
  house.relay->tick();
  EXPECT_EQ(envelopes(), 0U);
  hub->connect();
  house.settle({hub.get()});
  EXPECT_EQ(hub->words.size(), 1U);
}

TEST_F(RelayWords, words_survive_a_crash_of_the_relay) {
  hub->answers_words = false;
  for (int i = 1; i <= 3; ++i) issue(i);
  house.settle({hub.get()});
  house.crash();
  hub->answers_words = true;
  hub->rewind();
  house.settle({hub.get()});
  EXPECT_EQ(hub->words.size(), 3U);
  EXPECT_TRUE(hub->is_done());
  EXPECT_EQ(house.rows("s1").mark.words_applied, 3U);
}

TEST_F(RelayWords, the_same_id_is_the_same_word_and_other_contents_are_refused) {
  issue(1);
  issue(1);
  house.relay->words().issue(
      [] {
        NewWord word = word_of("s1", 1);
        word.word.args = "{}";
        return word;
      }(),
      [this](Result<IssuedWord> issued) { answers.push_back(std::move(issued)); });
  house.settle({hub.get()});
  ASSERT_EQ(answers.size(), 3U);
  EXPECT_EQ(answers[1]->number, 1U);
  EXPECT_EQ(answers[2].error().code(), Code::KeyReuse);
  EXPECT_EQ(hub->words.size(), 1U);
}

TEST_F(RelayWords, a_word_no_envelope_can_carry_is_refused_before_it_is_given_a_number) {
  NewWord huge = word_of("s1", 1);
  std::string noise;  // does not compress
  for (std::uint32_t i = 0, seed = 7; i < 2'000'000; ++i) {
    seed = seed * 1'664'525 + 1'013'904'223;
    noise.push_back(static_cast<char>('0' + (seed >> 24) % 75));
  }
  huge.word.args = "\"" + noise + "\"";
  house.relay->words().issue(
      huge, [this](Result<IssuedWord> issued) { answers.push_back(std::move(issued)); });
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0].error().code(), Code::TooLarge);
}

TEST_F(RelayWords, who_waits_for_a_word_is_answered_when_patience_ends) {
  hub->answers_words = false;
  issue(1);
  house.settle({hub.get()});
  std::vector<Result<IssuedWord>> seen;
  const auto note = [&seen](Result<IssuedWord> word) { seen.push_back(std::move(word)); };
  house.relay->words().await(StoreId("s1"), 1, Duration::seconds(2), note);
  house.relay->words().await(StoreId("s1"), 9, Duration::seconds(2), note);
  house.relay->words().await(StoreId("s1"), 0, Duration::seconds(2), note);
  house.shards.run_all();
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[0].error().code(), Code::NotFound);
  EXPECT_EQ(seen[1].error().code(), Code::NotFound);
  house.clock.pass(Duration::seconds(2));
  house.relay->tick();
  ASSERT_EQ(seen.size(), 3U);
  EXPECT_EQ(seen[2]->number, 1U);
  EXPECT_FALSE(seen[2]->applied_at);
}

TEST_F(RelayWords, a_hub_that_took_more_words_than_were_issued_is_an_alarm) {
  hub->words_applied = 5;
  hub->hello();
  EXPECT_EQ(house.telemetry.alarms.size(), 1U);
}

}  // namespace
}  // namespace larder::relay
