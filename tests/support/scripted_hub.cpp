#include "tests/support/scripted_hub.hpp"

#include <algorithm>

namespace larder::relay {
namespace {

constexpr TimePoint kBegan{1'795'254'300'000'000};

}  // namespace

ScriptedHub::ScriptedHub(const std::string& store_id, Send send)
    : store(store_id), hub("hub-" + store_id), send_(std::move(send)) {}

void ScriptedHub::restart(const std::string& new_boot) {
  boot = new_boot;
  is_greeted = false;
  credit = 0;
}

void ScriptedHub::happen(std::size_t count, const std::string& cmd) {
  for (std::size_t i = 0; i < count; ++i) {
    const Seq number = events.size() + 1;
    const TimePoint at{kBegan.micros + static_cast<std::int64_t>(number) * 1'000};
    events.push_back("{\"at\":" + std::to_string(at.micros) + ",\"cmd\":\"" + cmd +
                     "\",\"by\":\"\",\"event\":\"day.opened\",\"body\":{\"day\":20261121,\"n\":\"" +
                     store.text() + "-" + std::to_string(number) + "\"}}");
    epochs.push_back(epoch);
    hashes.push_back(chain(number == 1 ? Sha256{} : hashes.back(), epoch, number, events.back()));
  }
}

Envelope ScriptedHub::batch(Seq first, std::size_t count) const {
  Envelope envelope;
  envelope.epoch = epochs[first - 1];
  envelope.first = first;
  for (Seq number = first; number < first + count && number <= last(); ++number) {
    if (epochs[number - 1] != envelope.epoch) break;
    Record record;
    record.type = event_number("day.opened");
    record.at = TimePoint{kBegan.micros + static_cast<std::int64_t>(number) * 1'000};
    record.payload = events[number - 1];
    envelope.records.push_back(std::move(record));
    envelope.head = hashes[number - 1];
  }
  envelope.is_last = envelope.last() == last();
  envelope.is_catch_up = marks_catch_up && !envelope.is_last;
  return envelope;
}

std::string ScriptedHub::batch_bytes(Seq first, std::size_t count) const {
  return *encode_envelope(batch(first, count));
}

void ScriptedHub::connect() {
  send_(UplinkTopic::Presence, encode(Presence{true, epoch, "0.1.0", kBegan}));
  hello();
}

void ScriptedHub::hello() {
  Hello message;
  message.store = store;
  message.hub = hub;
  message.boot = boot;
  message.epoch = epoch;
  message.last = last();
  message.head = head();
  message.first_unacked = acked + 1;
  message.words_applied = words_applied;
  message.machine = machine;
  message.code = code;
  message.version = "0.1.0";
  message.at = kBegan;
  is_greeted = false;
  send_(UplinkTopic::Hello, encode(message));
}

void ScriptedHub::rewind() {
  next = acked + 1;
  hello();
}

void ScriptedHub::took(UplinkTopic topic, const std::string& payload) {
  if (topic == UplinkTopic::Words) return took_words(payload);
  if (topic == UplinkTopic::Lost) return lost_events.push_back(payload);
  if (topic == UplinkTopic::Ask) return took_books(payload);
  if (topic != UplinkTopic::Ack) return;
  const Ack ack = *decode_ack(payload);
  last_ack = ack;
  acks.push_back(ack);
  if (ack.state == Ack::State::Reset) return hello();
  if (ack.state != Ack::State::Ok || ack.epoch != epoch || ack.up_to > last()) {
    credit = 0;
    return;
  }
  // The first Ack after a hello says where to begin; a later one may be older than it.
  if (!is_greeted) next = ack.up_to + 1;
  is_greeted = true;
  acked = std::max(acked, ack.up_to);
  next = std::max(next, acked + 1);
  credit = ack.credit;
  pump();
}

void ScriptedHub::pump() {
  if (!is_greeted) return;
  while (next <= last()) {
    const std::size_t under_way = next - 1 - acked;
    if (under_way + batch_events > static_cast<std::size_t>(credit) * batch_events) return;
    const Envelope envelope = batch(next, batch_events);
    next = envelope.last() + 1;
    send_(UplinkTopic::Events, *encode_envelope(envelope));
  }
}

void ScriptedHub::took_words(const std::string& payload) {
  const Envelope envelope = *decode_envelope(payload, EnvelopeKind::Down);
  for (std::size_t i = 0; i < envelope.records.size(); ++i) {
    if (envelope.first + i != words_applied + 1) continue;  // known, or a gap before it
    if (!answers_words) continue;
    words.push_back(*decode_word(envelope.records[i].payload));
    happen(1, words.back().id.text());
    ++words_applied;
  }
  if (!answers_words) return;
  send_(UplinkTopic::WordsAck, encode(WordsAck{words_applied}));
  pump();
}

void ScriptedHub::ask_rescue(RescueQuestion::Ask ask, const std::string& hqs_code) {
  RescueQuestion question;
  question.id = "q" + std::to_string(rescue_answers.size() + lost_events.size());
  question.ask = ask;
  question.hub = hub;
  question.was = was;
  question.machine = machine;
  question.boot = boot;
  question.epoch = epochs.empty() ? 0 : epochs.back();
  question.seq = last();
  question.head = head();
  question.code = hqs_code;
  send_(UplinkTopic::Tell, encode(question));
}

void ScriptedHub::took_books(const std::string& payload) {
  if (auto answer = decode_rescue_answer(payload)) return rescue_answers.push_back(*answer);
  const BooksMessage message = *decode_books(payload);
  if (message.answer) answers.push_back(*message.answer);
  if (!message.question) return;
  questions.push_back(*message.question);
  if (!answers_books) return;
  BooksAnswer answer;
  answer.id = message.question->id;
  if (message.question->ask == BooksQuestion::Ask::Day) {
    answer.day.day = message.question->day;
    answer.day.first = events.empty() ? 0 : 1;
    answer.day.last = last();
    answer.day.events = last();
    answer.day.digest = head();
  } else if (message.question->ask == BooksQuestion::Ask::Levels) {
    answer.stock = stock_books(*message.question);
  } else {
    answer.from = message.question->from;
    for (Seq number = message.question->from; number <= message.question->to; ++number) {
      answer.hashes.push_back(number <= last() ? hex(sha256(events[number - 1])).substr(0, 16)
                                               : std::string());
    }
  }
  send_(UplinkTopic::Tell, encode(answer));
}

StockBooks ScriptedHub::stock_books(const BooksQuestion& question) const {
  StockBooks books;
  books.epoch = epoch;
  books.seq = last();
  for (const SkuId& sku : question.skus) {
    const auto found = levels.find(sku);
    books.levels.push_back({sku, found == levels.end() ? StockLevel{} : found->second});
  }
  auto each = levels.upper_bound(question.after);
  for (; question.skus.empty() && each != levels.end(); ++each) {
    books.has_more = books.marks.size() == marks_max;
    if (books.has_more) break;
    books.marks.push_back({each->first, level_mark(each->first, each->second)});
  }
  return books;
}

}  // namespace larder::relay
