#include "relay/app/words.hpp"

#include <algorithm>
#include <memory>

namespace larder::relay {
namespace {

constexpr std::size_t kSettledMax = 500;  // read at once
constexpr Duration kLookEvery{200'000};   // at what may have to be sent again

Envelope envelope_of(const StoreStream& stream, Seq first) {
  Envelope envelope;
  envelope.kind = EnvelopeKind::Down;
  envelope.epoch = stream.acked().first;
  envelope.first = first;
  return envelope;
}

Record record_of(const IssuedWord& word) {
  Record record;
  record.at = word.issued_at;
  record.payload = encode(word.word);
  return record;
}

}  // namespace

void Words::issue(const NewWord& word, Done<IssuedWord> done) {
  Envelope alone;
  alone.kind = EnvelopeKind::Down;
  alone.first = 1;
  alone.records.push_back(record_of(IssuedWord{0, word.word, ports_.clock.now(), {}, {}, {}}));
  if (auto fits = encode_envelope(alone); !fits) return done(pass_on(fits));
  auto ends = std::make_shared<Done<IssuedWord>>(std::move(done));
  auto ran = ports_.shards.run_for(
      word.store, [this, word, ends, now = ports_.clock.now()](ShardStore& store) {
        auto result = std::make_shared<Result<IssuedWord>>(store.issue(word, now));
        return [this, store_id = word.store, result, ends] {
          if (*result) issued(**result, store_id);
          (*ends)(*result);
        };
      });
  if (!ran) (*ends)(pass_on(ran));
}

void Words::issued(const IssuedWord& word, const StoreId& store) {
  StoreStream* stream = ports_.streams.find_or_make(store, ports_.shards.database_of(store));
  if (stream == nullptr) return;  // it is durable; the store's hello will find it
  stream->mark.words_issued = std::max(stream->mark.words_issued, word.number);
  Downlink& down = stream->words;
  const bool is_next = word.number == down.last_in_window() + 1 && !down.is_fetching;
  if (is_next && down.window.size() < kWordWindow) down.window.push_back(word);
  pump(*stream);
}

void Words::hello(StoreStream& stream, Seq applied) {
  Downlink& down = stream.words;
  if (applied > stream.mark.words_issued) {
    ports_.telemetry.alarm("store " + stream.store.text() + " has taken word " +
                           std::to_string(applied) + ", but only " +
                           std::to_string(stream.mark.words_issued) +
                           " were issued here: words were lost on this side");
    applied = stream.mark.words_issued;
  }
  down.acked = applied;
  down.sent_to = applied;
  down.window.clear();
  down.is_fetching = false;  // what is under way answers an older question
  pump(stream);
}

void Words::acked(StoreStream& stream, Seq applied) {
  Downlink& down = stream.words;
  if (applied <= down.acked || applied > stream.mark.words_issued) return;
  down.acked = applied;
  down.sent_to = std::max(down.sent_to, applied);
  down.sent_at = ports_.clock.steady();
  while (!down.window.empty() && down.window.front().number <= applied) down.window.pop_front();
  pump(stream);
}

void Words::pump(StoreStream& stream) {
  Downlink& down = stream.words;
  const bool has_more = down.last_in_window() < stream.mark.words_issued;
  if (down.window.empty() && !has_more) {
    outstanding_.erase(stream.store);
    return;
  }
  outstanding_.insert(stream.store);
  if (!stream.has_hello || !stream.is_live) return;
  if (has_more && down.window.size() < kWordWindow && !down.is_fetching) fetch(stream);
  if (down.sent_to < down.last_in_window()) send(stream);
}

void Words::fetch(StoreStream& stream) {
  stream.words.is_fetching = true;
  const Seq after = stream.words.last_in_window();
  auto ran =
      ports_.shards.run_for(stream.store, [this, id = stream.store, after](ShardStore& store) {
        auto words = std::make_shared<Result<std::vector<IssuedWord>>>(
            store.words_after(id, after, kWordWindow));
        return [this, id, after, words] { fetched(id, after, std::move(*words)); };
      });
  if (!ran) stream.words.is_fetching = false;  // tried again by tick()
}

void Words::fetched(const StoreId& store, Seq after, Result<std::vector<IssuedWord>> words) {
  StoreStream& stream = *ports_.streams.find(store);
  Downlink& down = stream.words;
  if (!down.is_fetching || after != down.last_in_window()) return;  // a hello came in between
  down.is_fetching = false;
  if (!words || words->empty()) return;  // tried again by tick()
  for (IssuedWord& word : *words) {
    if (word.number != down.last_in_window() + 1 || down.window.size() >= kWordWindow) break;
    down.window.push_back(std::move(word));
  }
  pump(stream);
}

void Words::send(StoreStream& stream) {
  Downlink& down = stream.words;
  Envelope envelope = envelope_of(stream, std::max(down.sent_to, down.acked) + 1);
  for (const IssuedWord& word : down.window) {
    if (word.number > down.sent_to) envelope.records.push_back(record_of(word));
  }
  envelope.is_last = down.last_in_window() == stream.mark.words_issued;
  down.sent_to = down.last_in_window();
  down.sent_at = ports_.clock.steady();
  send_records(stream, std::move(envelope));
}

// In one message when they fit, else each in its own.
void Words::send_records(const StoreStream& stream, Envelope envelope) {
  if (auto bytes = encode_envelope(envelope)) {
    return ports_.inlet.send(stream.store, UplinkTopic::Words, std::move(*bytes));
  }
  for (std::size_t i = 0; i < envelope.records.size(); ++i) {
    Envelope one = envelope_of(stream, envelope.first + i);
    one.records.push_back(std::move(envelope.records[i]));
    one.is_last = envelope.is_last && i + 1 == envelope.records.size();
    if (auto bytes = encode_envelope(one)) {
      ports_.inlet.send(stream.store, UplinkTopic::Words, std::move(*bytes));
    }
  }
}

void Words::await(const StoreId& store, Seq number, Duration patience, Done<IssuedWord> done) {
  if (waiters_.size() >= kAwaitedWordsMax) {
    return done(refuse(Code::Overloaded, "too many words are waited for"));
  }
  const Duration until{ports_.clock.steady().micros +
                       std::clamp<std::int64_t>(patience.micros, 0, 60'000'000)};
  // Waits before it reads, so that nothing can come in between.
  waiters_.push_back(Awaited{store, number, until, std::move(done), {}, false});
  read_awaited(store, number);
}

void Words::read_awaited(const StoreId& store, Seq number) {
  if (number == 0) {
    return settle(store, IssuedWord{});
  }
  auto ran = ports_.shards.run_for(store, [this, id = store, number](ShardStore& shard) {
    auto words =
        std::make_shared<Result<std::vector<IssuedWord>>>(shard.words_after(id, number - 1, 1));
    return [this, id, number, words] {
      if (!*words) return;  // their patience ends it
      if ((*words)->empty() || (*words)->front().number != number) {
        return settle(id, IssuedWord{number, {}, {}, {}, {}, {}});
      }
      const IssuedWord& word = (*words)->front();
      if (word.applied_at) return settle(id, word);
      for (Awaited& each : waiters_) {
        if (each.store != id || each.number != number) continue;
        each.as_seen = word;
        each.is_read = true;
      }
    };
  });
  static_cast<void>(ran);  // a database that is away ends in their patience
}

// Answers everybody who waits for this word. One without an id is not there.
void Words::settle(const StoreId& store, const IssuedWord& word) {
  Waiters ready;
  for (auto at = waiters_.begin(); at != waiters_.end();) {
    const auto here = at++;
    if (here->store == store && here->number == word.number) {
      ready.splice(ready.end(), waiters_, here);
    }
  }
  for (Awaited& each : ready) {
    if (word.word.id.empty()) {
      each.done(refuse(Code::NotFound, "store " + store.text() + " was given no word " +
                                           std::to_string(word.number)));
    } else {
      each.done(word);
    }
  }
}

void Words::applied(StoreStream& stream, Seq before) {
  const auto is_awaited = std::any_of(waiters_.begin(), waiters_.end(), [&](const Awaited& each) {
    return each.store == stream.store && each.number > before;
  });
  if (!is_awaited) return;
  const Seq count = stream.mark.words_applied - before;
  const std::size_t limit = std::min<std::size_t>(kSettledMax, count);
  auto ran = ports_.shards.run_for(
      stream.store, [this, id = stream.store, before, limit](ShardStore& shard) {
        auto words =
            std::make_shared<Result<std::vector<IssuedWord>>>(shard.words_after(id, before, limit));
        return [this, id, words] {
          if (!*words) return;
          for (const IssuedWord& word : **words) {
            if (word.applied_at) settle(id, word);
          }
        };
      });
  static_cast<void>(ran);  // a database that is away ends in their patience
}

void Words::tick() {
  const Duration now = ports_.clock.steady();
  Waiters over;
  for (auto at = waiters_.begin(); at != waiters_.end();) {
    const auto here = at++;
    if (here->until <= now) over.splice(over.end(), waiters_, here);
  }
  for (Awaited& each : over) {
    if (each.is_read) {
      each.done(each.as_seen);
    } else {
      each.done(refuse(Code::Unavailable, "the store's database does not answer"));
    }
  }
  if (now < look_at_) return;
  look_at_ = Duration{now.micros + kLookEvery.micros};
  const std::set<StoreId> stores = outstanding_;  // pump() changes it
  for (const StoreId& store : stores) {
    StoreStream& stream = *ports_.streams.find(store);
    Downlink& down = stream.words;
    if (now - down.sent_at < kWordsAgain) continue;
    down.sent_to = down.acked;
    down.sent_at = now;
    down.is_fetching = false;
    pump(stream);
  }
}

}  // namespace larder::relay
