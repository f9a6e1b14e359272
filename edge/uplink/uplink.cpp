#include "edge/uplink/uplink.hpp"

#include <utility>

#include "lan-protocol/envelope.hpp"
#include "lan-protocol/rescue.hpp"

namespace larder::edge {

namespace {

// An answer to a copy of this hub, or to a machine that takes the store over.
bool is_for_another(const std::string& payload) {
  return payload.size() <= kSmallMessageBytesMax && decode_rescue_answer(payload).has_value();
}

}  // namespace

Uplink::Uplink(UplinkSelf self, Link& link, CloudGate& gate, UplinkWorld world, Seq acked)
    : self_(self),
      link_(link),
      gate_(gate),
      world_(world),
      pump_(self, link, gate, std::move(world), acked),
      desk_(gate, world_.clock, self.boot,
            [this](std::string json) {
              return link_.publish(
                  Outgoing{topic_of(self_.store, UplinkTopic::Tell), std::move(json), true, false});
            }),
      relay_topic_(relay_presence_topic(partition_of(self.store))) {
  state_.since = world_.clock.now().at;
}

void Uplink::start() { link_.start(*this); }

void Uplink::tick() {
  pump_.tick();
  desk_.tick();
  look_at_state();
}

void Uplink::stop() {
  pump_.keep_cursor();
  link_.stop(presence(false));
}

Outgoing Uplink::presence(bool is_online) const {
  Presence presence;
  presence.online = is_online;
  presence.epoch = gate_.head().epoch;
  presence.version = self_.version;
  presence.at = world_.clock.now().at;
  return Outgoing{topic_of(self_.store, UplinkTopic::Presence), encode(presence), true, true};
}

void Uplink::committed(const std::vector<StoredEvent>& events) {
  pump_.committed(events);
  look_at_state();
}

void Uplink::link_up() {
  is_connected_ = true;
  (void)link_.publish(presence(true));
  pump_.link_up();
  look_at_state();
}

void Uplink::link_down(const std::string& why) {
  link_reason_ = why;
  if (std::exchange(is_connected_, false)) {
    const Duration now = world_.clock.steady();
    losses_.push_back(now);
    while (now - losses_.front() > kLossesWithin) losses_.pop_front();
    const bool before = std::exchange(may_be_cloned_, losses_.size() >= kLossesMax);
    if (may_be_cloned_ && !before) {
      world_.telemetry.warn(
          "the connection to the cloud is taken away again and again: another "
          "machine may be connecting as store " +
          self_.store.text() + "; is there a copy of this hub?");
    }
  }
  pump_.link_down();
  desk_.give_up();
  look_at_state();
}

void Uplink::refused(const std::string& why) {
  drop("uplink_refused");
  if (std::exchange(refusal_, why) == why) return;
  world_.telemetry.warn("the cloud's broker does not take what this hub sends: " + why);
}

void Uplink::window_moved() {
  pump_.window_moved();
  look_at_state();
}

void Uplink::arrived(const std::string& topic, const std::string& payload) {
  if (topic == relay_topic_) {
    const auto presence = decode_relay_presence(payload);
    if (!presence) return drop("uplink_unreadable");
    pump_.relay_is(presence->online);
  } else {
    const auto place = read_topic(topic);
    if (!place || place->store != self_.store) return drop("uplink_wrong_topic");
    arrived_from_relay(place->topic, payload);
  }
  look_at_state();
}

void Uplink::arrived_from_relay(UplinkTopic topic, const std::string& payload) {
  if (topic == UplinkTopic::Ack) {
    if (payload.size() > kSmallMessageBytesMax) return drop("uplink_too_large");
    const auto ack = decode_ack(payload);
    if (!ack) return drop("uplink_unreadable");
    if (!losses_.empty() && world_.clock.steady() - losses_.back() > kLossesWithin) {
      may_be_cloned_ = false;
    }
    pump_.acknowledged(*ack);
  } else if (topic == UplinkTopic::Words) {
    take_words(payload);
  } else if (topic == UplinkTopic::Lost || (topic == UplinkTopic::Ask && is_for_another(payload))) {
    return;
  } else if (topic == UplinkTopic::Ask) {
    const std::string dropped = desk_.arrived(payload);
    if (!dropped.empty()) drop(dropped.c_str());
  } else {
    drop("uplink_wrong_topic");
  }
}

void Uplink::take_words(const std::string& bytes) {
  auto envelope = decode_envelope(bytes, EnvelopeKind::Down);
  if (!envelope) return drop("uplink_unreadable");
  // Words for what this hub was before a restore: the relay hears of the new epoch by its events,
  // and sends what still stands.
  if (envelope->epoch != 0 && envelope->epoch < gate_.head().epoch) {
    return drop("uplink_old_epoch");
  }
  std::vector<NumberedWord> words;
  Seq number = envelope->first;
  for (const Record& record : envelope->records) {
    words.push_back(NumberedWord{number++, decode_word(record.payload), record.at});
  }
  gate_.take_words(std::move(words), [this](Seq applied) {
    (void)link_.publish(Outgoing{topic_of(self_.store, UplinkTopic::WordsAck),
                                 encode(WordsAck{applied}), false, false});
  });
}

void Uplink::drop(const char* reason) { world_.telemetry.refusal(reason); }

void Uplink::ask(BooksQuestion question, std::function<void(Result<BooksAnswer>)> answered) {
  if (state_.lost != CloudState::Lost::Nothing) {
    return answered(refuse(Code::Unavailable, "the cloud cannot be reached now"));
  }
  desk_.ask(std::move(question), std::move(answered));
}

void Uplink::look_at_state() {
  const auto before = state_.lost;
  state_.reason.clear();
  switch (pump_.state()) {
    case OutboxPump::State::Down:
      state_.lost = CloudState::Lost::Internet;
      state_.reason = link_reason_;
      break;
    case OutboxPump::State::Asking:
      state_.lost = CloudState::Lost::Relay;
      state_.reason = "the relay does not answer";
      break;
    case OutboxPump::State::RelayGone:
      state_.lost = CloudState::Lost::Relay;
      state_.reason = "the relay is away";
      break;
    case OutboxPump::State::Stopped:
      state_.lost = CloudState::Lost::Relay;
      state_.reason = pump_.reason();
      break;
    case OutboxPump::State::Seeking:
    case OutboxPump::State::Flowing:
    case OutboxPump::State::Paused:
      state_.lost = CloudState::Lost::Nothing;
      break;
  }
  state_.needs_a_person = may_be_cloned_ || pump_.state() == OutboxPump::State::Stopped;
  if (state_.lost == before) return;
  state_.since = world_.clock.now().at;
  world_.telemetry.note(state_.lost == CloudState::Lost::Nothing
                            ? std::string("the cloud is reached")
                            : "the cloud is not reached: " + state_.reason);
}

CloudState Uplink::state() const {
  CloudState state = state_;
  const Seq head = gate_.head().seq;
  state.acked = pump_.acked();
  state.behind = head > state.acked ? head - state.acked : 0;
  state.oldest_unsent = pump_.oldest_unsent();
  return state;
}

}  // namespace larder::edge
