// The batches of the OutboxPump: what is read, how much goes into one message, and when.
#include <algorithm>
#include <utility>

#include "edge/uplink/outbox_pump.hpp"
#include "lan-protocol/envelope.hpp"

namespace larder::edge {

namespace {
constexpr std::size_t kRecordFrontBytes = 16;  // at most, before the bytes of an event
}  // namespace

void OutboxPump::send_what_may() {
  while (state_ == State::Flowing && sent_.size() < credit_) {
    const std::size_t count = batch_size();
    if (count == 0 || !send(count)) break;
  }
  read_more();
}

// How many events of the buffer go now; 0: wait for more, or for the time.
std::size_t OutboxPump::batch_size() {
  if (buffer_.empty()) return 0;
  const std::size_t events_max = is_live_ ? kFlushEvents : kEnvelopeRecordsMax;
  std::size_t count = 0;
  std::size_t bytes = 0;
  for (const Waiting& waiting : buffer_) {
    const std::size_t more = waiting.event.data->size() + kRecordFrontBytes;
    const bool is_full = count == events_max || (count > 0 && bytes + more > kFlushBytes);
    if (is_full || waiting.event.epoch != buffer_.front().event.epoch) return count;
    bytes += more;
    count++;
  }
  if (count == events_max || bytes >= kFlushBytes) return count;
  if (buffered_to() < gate_.head().seq) return 0;  // catching up: fill first
  if (sent_.empty()) return count;  // an idle line gains nothing by waiting; a busy one gathers
  const Duration waited = world_.clock.steady() - buffer_.front().since;
  if (waited >= kFlushAfter) return count;
  wake_within(kFlushAfter - waited);
  return 0;
}

bool OutboxPump::send(std::size_t count) {
  const Seq head = gate_.head().seq;
  for (;; count /= 2) {
    const StoredEvent& last = buffer_[count - 1].event;
    Envelope envelope;
    envelope.kind = EnvelopeKind::Up;
    envelope.epoch = last.epoch;
    envelope.first = next_;
    envelope.head = last.hash;
    envelope.is_last = last.seq == head;
    envelope.is_catch_up = !is_live_ && !envelope.is_last;
    for (std::size_t i = 0; i < count; ++i) {
      const Waiting& waiting = buffer_[i];
      const auto front = event_front(*waiting.event.data);
      const std::uint16_t type = front ? event_number(front->event) : std::uint16_t{0};
      envelope.records.push_back(Record{type, waiting.at, *waiting.event.data});
    }
    auto bytes = encode_envelope(envelope);
    if (!bytes && count > 1) continue;  // compresses badly: in halves
    if (!bytes) {
      stop("event " + std::to_string(next_) + " cannot be sent: " + bytes.error().message());
      return false;
    }
    const bool is_taken = link_.publish(
        Outgoing{topic_of(self_.store, UplinkTopic::Events), std::move(*bytes), true, false});
    if (!is_taken) return false;
    if (sent_.empty()) progress_at_ = world_.clock.steady();
    sent_.push_back(Sent{last.seq, buffer_.front().at});
    next_ = last.seq + 1;
    break;
  }
  for (; count > 0; --count) {
    buffer_bytes_ -= buffer_.front().event.data->size();
    buffer_.pop_front();
  }
  if (next_ > head) is_live_ = true;
  if (oldest_ && oldest_->seq < next_) oldest_.reset();
  wake_within(patience_);
  return true;
}

// One step at a time, and only when a batch could leave: the writer's first work is to commit.
void OutboxPump::read_more() {
  if (state_ != State::Flowing || is_reading_ || sent_.size() >= credit_) return;
  const Seq after = buffered_to();
  if (after >= gate_.head().seq) return;
  if (buffer_.size() >= kEnvelopeRecordsMax || buffer_bytes_ >= kFlushBytes) return;
  is_reading_ = true;
  is_live_ = false;
  gate_.read_events(after, kReadStep, [this, after, generation = generation_](auto events) {
    if (generation != generation_) return;
    is_reading_ = false;
    take_read(after, events);
  });
}

void OutboxPump::take_read(Seq after, const Result<std::vector<StoredEvent>>& events) {
  if (!events) return stop("the journal cannot be read: " + events.error().message());
  if (events->empty() || events->front().seq != after + 1) {
    return stop("event " + std::to_string(after + 1) +
                " is not in the journal any more, and the relay has not acknowledged it");
  }
  if (after != buffered_to()) return read_more();
  for (const StoredEvent& event : *events) put(event);
  send_what_may();
}

TimePoint OutboxPump::oldest_unsent() const {
  if (acked_ >= gate_.head().seq) return {};
  if (!sent_.empty()) return sent_.front().first_at;
  if (!buffer_.empty()) return buffer_.front().at;
  return oldest_ ? oldest_->at : TimePoint{};
}

// While nothing flows, how old the first unsent event is must be read once.
void OutboxPump::look_for_oldest() {
  if (acked_ >= gate_.head().seq || (oldest_ && oldest_->seq == acked_ + 1)) return;
  gate_.read_events(acked_, 1, [this, seq = acked_ + 1](auto events) {
    if (!events || events->empty() || seq <= acked_) return;
    const auto front = event_front(*events->front().data);
    if (front) oldest_ = Oldest{seq, front->at};
  });
}

}  // namespace larder::edge
