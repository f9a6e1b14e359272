// The uplink around the pump: who is told what, what is dropped, HQ's words, and the books.
#include <gtest/gtest.h>

#include "tests/uplink/cloud_table.hpp"

namespace larder::edge {
namespace {

using Lost = CloudState::Lost;

std::string words_from(Seq first, std::size_t count, Epoch epoch = 1) {
  Envelope envelope;
  envelope.kind = EnvelopeKind::Down;
  envelope.epoch = epoch;
  envelope.first = first;
  for (std::size_t i = 0; i < count; ++i) {
    Word word;
    word.id = CommandId("w" + std::to_string(first + i));
    word.verb = "stock.mark";
    word.args = R"({"sku":"soup","status":"sold_out"})";
    word.by = "hq:alice";
    envelope.records.push_back(Record{0, TimePoint{}, encode(word)});
  }
  return *encode_envelope(envelope);
}

TEST(Uplink, says_that_it_is_there_and_that_it_goes) {
  CloudTable table;
  table.commit(1);
  table.connect();
  ASSERT_EQ(table.relay.presences.size(), 1U);
  EXPECT_TRUE(table.relay.presences[0].online);
  EXPECT_EQ(table.relay.presences[0].epoch, 1U);
  table.uplink->stop();
  ASSERT_EQ(table.link.said_goodbye.size(), 1U);
  EXPECT_TRUE(table.link.said_goodbye[0].is_retained);
}

TEST(Uplink, names_the_link_that_is_down_and_since_when) {
  CloudTable table;
  EXPECT_EQ(table.uplink->state().lost, Lost::Internet);
  const TimePoint start = table.clock.now().at;
  EXPECT_EQ(table.uplink->state().since, start);
  table.pass(Duration::seconds(3));
  EXPECT_EQ(table.uplink->state().since, start);
  table.connect();
  EXPECT_EQ(table.uplink->state().lost, Lost::Nothing);
  table.pass(Duration::seconds(1));
  table.link.go_down("no route");
  EXPECT_EQ(table.uplink->state().lost, Lost::Internet);
  EXPECT_EQ(table.uplink->state().since, table.clock.now().at);
}

TEST(Uplink, case_59_what_cannot_be_read_or_is_for_another_store_is_dropped_and_counted) {
  CloudTable table;
  table.connect();
  table.link.bring(topic_of(table.store, UplinkTopic::Ack), "{");
  table.link.bring(topic_of(table.store, UplinkTopic::Ack), std::string(100'000, ' '));
  table.link.bring(topic_of(StoreId("s2"), UplinkTopic::Ack), "{}");
  table.link.bring(topic_of(StoreId("s2"), UplinkTopic::Words), words_from(1, 1));
  table.link.bring("somewhere/else", "{}");
  table.link.bring(topic_of(table.store, UplinkTopic::Words), "LRD1 and then nothing");
  table.link.bring(topic_of(table.store, UplinkTopic::Ask), "[]");
  EXPECT_EQ(table.telemetry.refusals["uplink_unreadable"], 3);
  EXPECT_EQ(table.telemetry.refusals["uplink_too_large"], 1);
  EXPECT_EQ(table.telemetry.refusals["uplink_wrong_topic"], 3);
  EXPECT_TRUE(table.gate.taken_words.empty());
  EXPECT_EQ(table.uplink->state().lost, Lost::Nothing);
}

TEST(Uplink, case_61_a_lost_session_is_asked_for_anew_and_old_acks_do_no_harm) {
  CloudTable table;
  table.connect();
  table.commit(300);
  table.pass(Duration::seconds(1));
  table.link.go_down();
  table.commit(300);
  table.link.come_up();
  table.ack(120);  // kept by somebody, or late: less than the relay has
  table.pass(Duration::seconds(6));
  EXPECT_EQ(table.relay.up_to(), 600U);
  EXPECT_TRUE(table.relay.breaches.empty());
}

TEST(Uplink, case_61_a_connection_that_is_taken_away_three_times_in_a_minute_is_suspicious) {
  CloudTable table;
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(table.uplink->state().needs_a_person);
    table.connect();
    table.pass(Duration::seconds(2));
    table.link.go_down();
  }
  EXPECT_TRUE(table.uplink->state().needs_a_person);
  EXPECT_EQ(table.telemetry.warnings.size(), 1U);
  table.connect();
  table.pass(Duration::seconds(62));
  table.commit(1);
  table.pass(Duration::seconds(1));
  EXPECT_FALSE(table.uplink->state().needs_a_person);
}

TEST(Uplink, case_63_words_are_handed_on_in_order_and_acknowledged_after_the_commit) {
  CloudTable table;
  table.connect();
  const std::string topic = topic_of(table.store, UplinkTopic::Words);
  table.link.bring(topic, words_from(1, 3));
  EXPECT_TRUE(table.relay.words_acked.empty());
  table.settle();
  EXPECT_EQ(table.relay.words_acked, (std::vector<Seq>{3}));
  table.link.bring(topic, words_from(2, 2));  // again
  table.link.bring(topic, words_from(6, 1));  // after a gap
  table.settle();
  EXPECT_EQ(table.relay.words_acked, (std::vector<Seq>{3, 3, 3}));
  table.link.bring(topic, words_from(3, 2));
  table.settle();
  EXPECT_EQ(table.gate.taken_words.size(), 4U);
  EXPECT_EQ(table.relay.words_acked.back(), 4U);
}

TEST(Uplink, case_63_words_for_an_earlier_epoch_are_dropped) {
  CloudTable table;
  table.gate.begin_epoch(3);
  table.commit(1);
  table.connect();
  const std::string topic = topic_of(table.store, UplinkTopic::Words);
  table.link.bring(topic, words_from(1, 1, 2));
  EXPECT_TRUE(table.gate.taken_words.empty());
  EXPECT_EQ(table.telemetry.refusals["uplink_old_epoch"], 1);
  table.link.bring(topic, words_from(1, 1, 3));
  EXPECT_EQ(table.gate.taken_words.size(), 1U);
}

TEST(Uplink, a_word_is_handed_on_with_the_time_at_which_it_was_issued) {
  CloudTable table;
  table.connect();
  Envelope envelope;
  envelope.kind = EnvelopeKind::Down;
  envelope.epoch = 1;
  envelope.first = 1;
  envelope.records.push_back(Record{0, TimePoint{1'795'250'000'000'000}, encode(Word{})});
  table.link.bring(topic_of(table.store, UplinkTopic::Words), *encode_envelope(envelope));
  ASSERT_EQ(table.gate.taken_words.size(), 1U);
  EXPECT_EQ(table.gate.taken_words[0].issued_at, TimePoint{1'795'250'000'000'000});
}

TEST(Uplink, a_word_that_cannot_be_read_is_handed_on_as_that) {
  CloudTable table;
  table.connect();
  Envelope envelope;
  envelope.kind = EnvelopeKind::Down;
  envelope.epoch = 1;
  envelope.first = 1;
  envelope.records.push_back(Record{0, TimePoint{}, "no word"});
  table.link.bring(topic_of(table.store, UplinkTopic::Words), *encode_envelope(envelope));
  ASSERT_EQ(table.gate.taken_words.size(), 1U);
  EXPECT_FALSE(table.gate.taken_words[0].word.has_value());
}

TEST(Books, the_relays_questions_are_answered_under_their_id) {
  CloudTable table;
  table.connect();
  table.commit(5);
  BooksQuestion question;
  question.id = "q1";
  question.day = BusinessDay{20261121};
  table.link.bring(topic_of(table.store, UplinkTopic::Ask), encode(question));
  question.id = "q2";
  question.ask = BooksQuestion::Ask::Hashes;
  question.from = 4;
  question.to = 6;
  table.link.bring(topic_of(table.store, UplinkTopic::Ask), encode(question));
  table.settle();
  ASSERT_EQ(table.relay.tells.size(), 2U);
  const auto day = decode_books(table.relay.tells[0]);
  EXPECT_EQ(day->answer->id, "q1");
  EXPECT_EQ(day->answer->day.last, 5U);
  const auto hashes = decode_books(table.relay.tells[1]);
  EXPECT_EQ(hashes->answer->id, "q2");
  ASSERT_EQ(hashes->answer->hashes.size(), 3U);
  EXPECT_EQ(hashes->answer->hashes[2], "");
}

TEST(Books, our_question_gets_the_answer_with_its_id_or_none_in_time) {
  CloudTable table;
  table.connect();
  std::vector<Result<BooksAnswer>> answers;
  const auto keep = [&answers](Result<BooksAnswer> answer) { answers.push_back(answer); };
  table.uplink->ask(BooksQuestion{}, keep);
  table.settle();
  ASSERT_EQ(table.relay.tells.size(), 1U);
  BooksAnswer answer;
  answer.id = "another";
  table.link.bring(topic_of(table.store, UplinkTopic::Ask), encode(answer));
  EXPECT_TRUE(answers.empty());
  answer.id = decode_books(table.relay.tells[0])->question->id;
  answer.day.events = 7;
  table.link.bring(topic_of(table.store, UplinkTopic::Ask), encode(answer));
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0]->day.events, 7U);
  table.uplink->ask(BooksQuestion{}, keep);
  table.pass(Duration::seconds(6));
  ASSERT_EQ(answers.size(), 2U);
  EXPECT_EQ(answers[1].error().code(), Code::Unavailable);
  table.link.go_down();
  table.uplink->ask(BooksQuestion{}, keep);
  ASSERT_EQ(answers.size(), 3U);
  EXPECT_EQ(answers[2].error().code(), Code::Unavailable);
}

TEST(Backoff, case_67_waits_are_random_and_never_over_a_minute) {
  double chance = 0.999'999;
  Backoff backoff(Duration::seconds(1), Duration::seconds(60), [&chance] { return chance; });
  std::vector<std::int64_t> waits;
  for (int i = 0; i < 9; ++i) waits.push_back((backoff.next().micros + 999) / 1'000'000);
  EXPECT_EQ(waits, (std::vector<std::int64_t>{1, 2, 4, 8, 16, 32, 60, 60, 60}));
  chance = 0;
  EXPECT_EQ(backoff.next().micros, 0);
  backoff.reset();
  chance = 0.5;
  EXPECT_EQ(backoff.next().micros, 500'000);
}

}  // namespace
}  // namespace larder::edge
