#include "edge/uplink/outbox_pump.hpp"

#include <algorithm>
#include <utility>

#include "lan-protocol/envelope.hpp"

namespace larder::edge {

namespace {

TimePoint time_of(const StoredEvent& event) {
  const auto front = event_front(*event.data);
  return front ? front->at : TimePoint{};
}

}  // namespace

OutboxPump::OutboxPump(UplinkSelf self, Link& link, CloudGate& gate, UplinkWorld world, Seq acked)
    : self_(std::move(self)),
      link_(link),
      gate_(gate),
      world_(std::move(world)),
      acked_(acked),
      next_(acked + 1),
      kept_(acked) {
  look_for_oldest();
}

void OutboxPump::link_up() {
  reason_.clear();
  patience_ = kPatience;
  say_hello();
}

void OutboxPump::link_down() {
  state_ = State::Down;
  is_hello_due_ = false;
  generation_++;
  is_reading_ = false;
  sent_.clear();
  buffer_.clear();
  buffer_bytes_ = 0;
  look_for_oldest();
}

void OutboxPump::relay_is(bool online) {
  if (state_ == State::Down) return;
  if (!online) {
    state_ = State::RelayGone;
    is_hello_due_ = false;
    generation_++;
    is_reading_ = false;
  } else if (state_ == State::RelayGone) {
    patience_ = kPatience;
    say_hello();
  }
}

// Nothing is sent between a hello and its answer: the answer says where to go on.
void OutboxPump::say_hello() {
  state_ = State::Asking;
  generation_++;
  is_reading_ = false;
  const Head head = gate_.head();
  Hello hello;
  hello.store = self_.store;
  hello.hub = self_.hub;
  hello.boot = self_.boot;
  hello.epoch = head.epoch;
  hello.last = head.seq;
  hello.head = head.hash;
  hello.first_unacked = acked_ + 1;
  hello.words_applied = gate_.words_applied();
  hello.machine = self_.machine;
  hello.code = self_.code;
  hello.version = self_.version;
  hello.at = world_.clock.now().at;
  progress_at_ = world_.clock.steady();
  is_hello_due_ = !link_.publish(
      Outgoing{topic_of(self_.store, UplinkTopic::Hello), encode(hello), true, false});
  wake_within(patience_);
}

void OutboxPump::acknowledged(const Ack& ack) {
  if (state_ == State::Down) return;
  if (ack.state != Ack::State::Ok) return obey(ack);
  const Head head = gate_.head();
  if (ack.epoch > head.epoch) {
    return give_way(ack, "the relay knows epoch " + std::to_string(ack.epoch) +
                             " of this store, this hub is at " + std::to_string(head.epoch));
  }
  if (ack.up_to > head.seq) {
    gate_.doubt(KeptDoubt{Doubt::Behind, ack.epoch, ack.up_to,
                          "the relay holds events up to " + std::to_string(ack.up_to) +
                              ", the books end at " + std::to_string(head.seq)});
    return stop("the relay holds events up to " + std::to_string(ack.up_to) +
                ", this hub only up to " + std::to_string(head.seq) +
                ": its store file is older than what it has sent");
  }
  credit_ = ack.credit;
  if (state_ == State::Flowing || state_ == State::Paused) {
    if (ack.up_to < acked_) return say_hello();  // the relay lost something: its answer says what
    advance_to(ack.up_to);
  } else if (state_ != State::Seeking) {
    const bool may_differ = ack.epoch < head.epoch && ack.up_to > 0;
    if (may_differ) return seek(ack.epoch, ack.up_to);
    begin_after(ack.up_to);
  }
  if (state_ == State::Flowing && credit_ == 0) pause();
  if (state_ == State::Paused && credit_ > 0) state_ = State::Flowing;
  send_what_may();
}

// The relay takes nothing now. It is asked again, slowly: a person may have put it right.
void OutboxPump::obey(const Ack& ack) {
  std::string said = ack.reason.empty() ? std::string("no reason was given") : ack.reason;
  switch (ack.state) {
    case Ack::State::Ok:
      return;
    case Ack::State::Reset:
      return stop("the relay does not know epoch " + std::to_string(gate_.head().epoch) +
                  " of this hub: " + said);
    case Ack::State::Stale:
      return give_way(ack, "the relay says that this store is kept elsewhere: " + said);
    case Ack::State::Frozen:
      return stop("the relay has frozen this store until a person has looked: " + said);
  }
}

// A later epoch of this very hub, or of one it was, is not a takeover: the books were set back.
void OutboxPump::give_way(const Ack& ack, const std::string& elsewhere) {
  const Epoch here = gate_.head().epoch;
  const auto was = gate_.recovery().was;
  const bool is_own = !ack.hub.empty() && (ack.hub == self_.hub ||
                                           std::find(was.begin(), was.end(), ack.hub) != was.end());
  if (is_own && ack.epoch > here) {
    const std::string own = "the relay knows epoch " + std::to_string(ack.epoch) +
                            " of this very hub, the books end in epoch " + std::to_string(here);
    gate_.doubt(KeptDoubt{Doubt::Behind, ack.epoch, ack.up_to, own});
    return stop(own + ": its store file is older than what it has sent");
  }
  gate_.doubt(KeptDoubt{Doubt::TakenOver, ack.epoch, ack.up_to, elsewhere});
  stop(elsewhere + ": another machine has taken over");
}

void OutboxPump::stop(std::string reason) {
  state_ = State::Stopped;
  is_hello_due_ = false;
  generation_++;
  is_reading_ = false;
  if (reason != reason_) world_.telemetry.warn("uplink stopped: " + reason);
  reason_ = std::move(reason);
  hello_at_ = world_.clock.steady();
  hello_at_.micros += kPatienceMax.micros / 2 + pause_time().micros;
  wake_within(kPatienceMax);
}

void OutboxPump::pause() {
  state_ = State::Paused;
  const Duration time = pause_time();
  hello_at_ = world_.clock.steady();
  hello_at_.micros += time.micros;
  wake_within(time);
}

Duration OutboxPump::pause_time() {
  const auto span = static_cast<double>(kPauseMax.micros - kPauseMin.micros);
  return Duration{kPauseMin.micros + static_cast<std::int64_t>(world_.chance() * span)};
}

void OutboxPump::begin_after(Seq up_to) {
  state_ = State::Flowing;
  reason_.clear();
  generation_++;
  is_reading_ = false;
  if (up_to > acked_) patience_ = kPatience;
  acked_ = up_to;
  next_ = up_to + 1;
  buffer_.clear();
  buffer_bytes_ = 0;
  sent_.clear();
  is_live_ = gate_.head().seq == up_to;
  progress_at_ = world_.clock.steady();
}

// The relay's place is of an earlier epoch. After a restored backup the events of that epoch may
// end before `upper` here: then it goes on where the later epoch begins.
void OutboxPump::seek(Epoch epoch, Seq upper) {
  state_ = State::Seeking;
  const Seq after = upper > kReadStep ? upper - kReadStep : 0;
  progress_at_ = world_.clock.steady();
  gate_.read_events(
      after, upper - after,
      [this, epoch, after, generation = generation_](Result<std::vector<StoredEvent>> events) {
        if (generation != generation_ || state_ != State::Seeking) return;
        if (!events) return stop("the journal cannot be read: " + events.error().message());
        const auto later = std::find_if(events->begin(), events->end(),
                                        [epoch](const auto& each) { return each.epoch > epoch; });
        const Seq same_to = after + static_cast<Seq>(later - events->begin());
        if (later == events->begin() && after > 0) return seek(epoch, after);
        begin_after(same_to);
        if (credit_ == 0) return pause();
        send_what_may();
      });
}

void OutboxPump::advance_to(Seq up_to) {
  if (up_to == acked_) return;
  acked_ = up_to;
  patience_ = kPatience;
  progress_at_ = world_.clock.steady();
  while (!sent_.empty() && sent_.front().last <= up_to) sent_.pop_front();
  while (next_ <= up_to) {  // sent on an earlier connection, and it did arrive
    next_++;
    if (buffer_.empty()) continue;
    buffer_bytes_ -= buffer_.front().event.data->size();
    buffer_.pop_front();
  }
  if (oldest_ && oldest_->seq <= up_to) oldest_.reset();
  wake_within(kCursorEvery);
}

void OutboxPump::put(const StoredEvent& event) {
  buffer_bytes_ += event.data->size();
  buffer_.push_back(Waiting{event, time_of(event), world_.clock.steady()});
}

void OutboxPump::committed(const std::vector<StoredEvent>& events) {
  if (events.empty()) return;
  const bool is_next = state_ == State::Flowing && !is_reading_ &&
                       events.front().seq == buffered_to() + 1 && buffer_bytes_ < kBufferBytesMax;
  if (is_next) {
    for (const StoredEvent& event : events) put(event);
  } else if (acked_ + 1 == events.front().seq) {
    oldest_ = Oldest{events.front().seq, time_of(events.front())};
  }
  send_what_may();
}

void OutboxPump::window_moved() {
  if (is_hello_due_) return say_hello();
  send_what_may();
}

void OutboxPump::tick() {
  const Duration now = world_.clock.steady();
  if (wake_at_ && *wake_at_ <= now) wake_at_.reset();
  const bool waits = state_ == State::Asking || state_ == State::Seeking ||
                     (state_ == State::Flowing && !sent_.empty());
  const bool is_time = (state_ == State::Paused || state_ == State::Stopped) && now >= hello_at_;
  if (is_hello_due_ || is_time) {
    say_hello();
  } else if (waits && now - progress_at_ >= patience_) {
    patience_.micros = std::min(patience_.micros * 2, kPatienceMax.micros);
    say_hello();
  }
  if (acked_ != kept_ && now - kept_at_ >= kCursorEvery) keep_cursor();
  send_what_may();
}

void OutboxPump::keep_cursor() {
  if (acked_ == kept_) return;
  kept_ = acked_;
  kept_at_ = world_.clock.steady();
  gate_.keep_acked(acked_);
}

void OutboxPump::wake_within(Duration time) {
  const Duration at{world_.clock.steady().micros + time.micros};
  if (wake_at_ && *wake_at_ <= at) return;
  wake_at_ = at;
  world_.wake_within(time);
}

}  // namespace larder::edge
