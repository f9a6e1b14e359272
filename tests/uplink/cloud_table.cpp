#include "tests/uplink/cloud_table.hpp"

#include <algorithm>

#include "lan-protocol/codec.hpp"
#include "lan-protocol/digest.hpp"

namespace larder::edge {

void JournalGate::read_events(Seq after, std::size_t limit,
                              std::function<void(Result<std::vector<StoredEvent>>)> got) {
  reads++;
  largest_read = std::max(largest_read, limit);
  jobs_.push_back([this, after, limit, got = std::move(got)] {
    std::vector<StoredEvent> found;
    for (Seq seq = std::max(after, gone_) + 1; seq <= events.size() && found.size() < limit;
         ++seq) {
      found.push_back(events[seq - 1]);
    }
    got(std::move(found));
  });
}

void JournalGate::take_words(std::vector<NumberedWord> taken, std::function<void(Seq)> done) {
  for (auto& each : taken) {
    if (each.number != words + 1) continue;
    words++;
    taken_words.push_back(std::move(each));
  }
  jobs_.push_back([this, done = std::move(done)] { done(words); });
}

void JournalGate::day_books(BusinessDay day, std::function<void(Result<DayBooks>)> got) {
  DayBooks books;
  books.day = day;
  books.first = 1;
  books.last = head_.seq;
  books.events = head_.seq;
  jobs_.push_back([books, got = std::move(got)] { got(books); });
}

void JournalGate::stock_books(const SkuId& after, const std::vector<SkuId>& skus,
                              std::function<void(StockBooks)> got) {
  StockBooks books{head_.epoch, head_.seq, {}, false, {}};
  for (const SkuId& sku : skus) books.levels.push_back({sku, StockLevel{}});
  if (skus.empty()) books.marks.push_back({SkuId(after.text() + "-next"), "0123456789abcdef"});
  jobs_.push_back([books, got = std::move(got)] { got(books); });
}

void JournalGate::event_hashes(Seq from, Seq to,
                               std::function<void(Result<std::vector<std::string>>)> got) {
  std::vector<std::string> hashes;
  for (Seq seq = from; seq <= to; ++seq) {
    hashes.push_back(seq > events.size() ? "" : hex(sha256(*events[seq - 1].data)).substr(0, 16));
  }
  jobs_.push_back([hashes, got = std::move(got)] { got(hashes); });
}

void JournalGate::import_events(std::vector<StoredEvent> lost,
                                std::function<void(Result<Seq>)> done) {
  jobs_.push_back([this, lost = std::move(lost), done = std::move(done)] {
    for (const StoredEvent& event : lost) {
      const bool follows = event.seq == head_.seq + 1 &&
                           event.hash == chain(head_.hash, event.epoch, event.seq, *event.data);
      if (!follows) return done(refuse(Code::Corrupt, "does not follow"));
      head_ = Head{event.epoch, event.seq, event.hash};
      events.push_back(event);
    }
    done(head_.seq);
  });
}

void JournalGate::settle_doubt(Epoch above, const std::string& reason, bool unverified) {
  epoch_ = std::max({above, head_.epoch, doubted.seen_epoch}) + 1;
  doubted = {};
  settled = reason;
  is_unverified = unverified;
  commit(1);
}

std::vector<StoredEvent> JournalGate::commit(std::size_t count, std::size_t bytes, TimePoint at) {
  std::vector<StoredEvent> group;
  for (std::size_t i = 0; i < count; ++i) {
    StampedEvent stamped;
    stamped.at = TimePoint{at.micros + static_cast<std::int64_t>(events.size())};
    std::string reason = "r" + std::to_string(events.size());
    // Text that does not compress, to the length that is asked for.
    std::uint64_t state = events.size() + 1;
    while (reason.size() < bytes) {
      state = state * 6'364'136'223'846'793'005ULL + 1'442'695'040'888'963'407ULL;
      reason.push_back(static_cast<char>('0' + (state >> 33) % 75));
      if (reason.back() == '\\') reason.back() = 'x';
    }
    stamped.event = OrderCancelled{OrderId("o1"), reason};
    StoredEvent event;
    event.epoch = epoch_;
    event.seq = head_.seq + 1;
    event.data = std::make_shared<const std::string>(encode_event(stamped));
    event.hash = chain(head_.hash, event.epoch, event.seq, *event.data);
    head_ = Head{event.epoch, event.seq, event.hash};
    events.push_back(event);
    group.push_back(event);
  }
  return group;
}

void JournalGate::roll_back_to(Seq seq) {
  events.resize(seq);
  head_ = events.empty() ? Head{} : Head{events.back().epoch, seq, events.back().hash};
}

void JournalGate::settle() {
  while (!jobs_.empty()) {
    auto job = std::move(jobs_.front());
    jobs_.pop_front();
    job();
  }
}

bool BadLink::publish(Outgoing message) {
  if (!is_up || in_flight_.size() >= window) return false;
  in_flight_.push_back(std::move(message));
  most_in_flight = std::max(most_in_flight, in_flight_.size());
  return true;
}

void BadLink::come_up() {
  is_up = true;
  watcher_->link_up();
}

void BadLink::go_down(const std::string& why) {
  is_up = false;
  in_flight_.clear();
  watcher_->link_down(why);
}

std::vector<Outgoing> BadLink::take() {
  std::vector<Outgoing> taken = std::exchange(in_flight_, {});
  for (std::size_t i = 0; i < taken.size(); ++i) watcher_->window_moved();
  spoil(taken);
  return taken;
}

void BookishRelay::arrived(const Outgoing& message) {
  const auto place = read_topic(message.topic);
  if (!place) return breaches.push_back("a message on " + message.topic);
  if (place->topic == UplinkTopic::Hello) {
    hellos.push_back(*decode_hello(message.payload));
    may_send_ = true;
    answer();
  } else if (place->topic == UplinkTopic::Events) {
    const auto envelope = decode_envelope(message.payload, EnvelopeKind::Up);
    if (!envelope) return breaches.push_back("an envelope: " + envelope.error().message());
    if (!may_send_) breaches.push_back("events before the first ack");
    take(*envelope);
  } else if (place->topic == UplinkTopic::Presence) {
    presences.push_back(*decode_presence(message.payload));
  } else if (place->topic == UplinkTopic::WordsAck) {
    words_acked.push_back(decode_words_ack(message.payload)->applied);
  } else if (place->topic == UplinkTopic::Tell) {
    tells.push_back(message.payload);
  }
}

void BookishRelay::take(const Envelope& envelope) {
  batches.push_back(Batch{envelope.epoch, envelope.first, envelope.last(), envelope.is_catch_up,
                          envelope.is_last});
  const bool is_new_epoch = envelope.epoch > epoch;
  if (is_new_epoch && envelope.first <= up_to()) roll_back_to(envelope.first - 1);
  const bool is_refused = state != Ack::State::Ok || envelope.first > up_to() + 1;
  if (!is_refused && envelope.last() > up_to()) {
    Seq seq = envelope.first;
    for (const Record& record : envelope.records) {
      if (seq == up_to() + 1) {
        head = chain(head, envelope.epoch, seq, record.payload);
        hashes_.push_back(head);
        log.push_back(Kept{envelope.epoch, seq, record.payload});
      } else if (log[seq - 1].data != record.payload) {
        breaches.push_back("other bytes under " + std::to_string(seq));
      }
      seq++;
    }
    epoch = envelope.epoch;
    if (head != envelope.head) breaches.push_back("the chain does not hold");
  }
  answer();
}

void BookishRelay::answer() {
  if (is_mute) return;
  Ack ack;
  ack.epoch = epoch;
  ack.up_to = up_to();
  ack.credit = credit;
  ack.state = state;
  ack.relay = "r1";
  ack.reason = reason;
  ack.hub = keeper;
  answers.push_back(encode(ack));
}

void BookishRelay::roll_back_to(Seq seq) {
  log.resize(seq);
  hashes_.resize(seq);
  head = hashes_.empty() ? Sha256{} : hashes_.back();
  epoch = log.empty() ? 0 : log.back().epoch;
}

CloudTable::CloudTable() { make(0); }

void CloudTable::make(Seq acked) {
  UplinkWorld world{clock, telemetry, [this] { return chance; }, [](Duration) {}};
  uplink = std::make_unique<Uplink>(UplinkSelf{store, HubId("h1"), "boot", "0"}, link, gate, world,
                                    acked);
  uplink->start();
}

void CloudTable::connect() {
  link.come_up();
  settle();
}

void CloudTable::settle() {
  for (int round = 0; round < 1'000; ++round) {
    gate.settle();
    auto taken = link.take();
    for (const Outgoing& message : taken) relay.arrived(message);
    auto answers = std::exchange(relay.answers, {});
    for (const std::string& each : answers) {
      link.bring(topic_of(store, UplinkTopic::Ack), each);
    }
    gate.settle();
    if (taken.empty() && answers.empty()) return;
  }
}

void CloudTable::pass(Duration time) {
  for (std::int64_t gone = 0; gone < time.micros; gone += 10'000) {
    clock.pass(Duration{10'000});
    uplink->tick();
    settle();
  }
}

std::vector<StoredEvent> CloudTable::commit(std::size_t count, std::size_t bytes) {
  auto group = gate.commit(count, bytes, clock.now().at);
  uplink->committed(group);
  return group;
}

void CloudTable::ack(Seq up_to) {
  Ack ack;
  ack.epoch = relay.epoch;
  ack.up_to = up_to;
  ack.credit = relay.credit;
  link.bring(topic_of(store, UplinkTopic::Ack), encode(ack));
}

}  // namespace larder::edge
