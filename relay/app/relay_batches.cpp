// Relay: the way of a batch of events, from its bytes to the outcome of its commit.
#include <algorithm>
#include <utility>

#include "relay/app/relay.hpp"

namespace larder::relay {
namespace {

constexpr Duration kHeldFor = Duration::seconds(60);

std::size_t bytes_of(const Envelope& envelope) {
  std::size_t bytes = 0;
  for (const Record& record : envelope.records) bytes += record.payload.size();
  return bytes;
}

}  // namespace

void Relay::on_batch(StoreStream& stream, const std::string& payload) {
  note_live(stream, true);
  auto envelope = decode_envelope(payload, EnvelopeKind::Up);
  if (!envelope) {
    const bool is_too_big = envelope.error().code() == Code::TooLarge;
    dropped(is_too_big ? "too_big" : "envelope");
    stream.remark = (is_too_big ? "too_big: " : "") + envelope.error().message();
    return ack_at_once(stream);
  }
  admission_.heard(stream, ports_.clock.steady());
  stream.last_batch_at = ports_.clock.steady();
  note_pace(stream, *envelope);
  const std::size_t events = envelope->records.size();
  const auto said = [&](BatchFate fate) { ports_.telemetry.batch(stream.store, fate, events); };
  switch (judge(stream, *envelope)) {
    case Verdict::Take: {
      const std::size_t bytes = bytes_of(*envelope);
      return take(stream, std::move(*envelope), bytes);
    }
    case Verdict::Known:
      return said(BatchFate::Duplicate);  // the Ack of the one that is on its way tells it
    case Verdict::Duplicate:
      said(BatchFate::Duplicate);
      return ack_at_once(stream);
    case Verdict::Gap:
      said(BatchFate::Gap);
      return ack_at_once(stream);
    case Verdict::Stale:
      said(BatchFate::StaleEpoch);
      return send_ack(stream, Ack::State::Stale,
                      "stale_epoch: a later epoch of this store is known");
    case Verdict::Unknown:
      return dropped("no_hello");  // it gets no answer, so it says hello after a while
    case Verdict::Closed:
      said(BatchFate::Frozen);
      return ack_at_once(stream);
    case Verdict::TooMuch:
      dropped("over_credit");
      return ack_at_once(stream);
  }
}

// In memory, so that what cannot be taken costs the database nothing.
Relay::Verdict Relay::judge(const StoreStream& stream, const Envelope& envelope) const {
  const StreamMark& mark = stream.mark;
  if (mark.is_frozen || stream.held_until > ports_.clock.steady()) return Verdict::Closed;
  if (envelope.epoch < mark.epoch) return Verdict::Stale;
  const HubId& sender = stream.has_hello ? stream.hub : mark.hub;
  if (stream.is_fenced(sender, envelope.epoch, ports_.clock.steady())) return Verdict::Stale;
  if (envelope.epoch > mark.epoch && envelope.epoch > stream.session_epoch) return Verdict::Unknown;
  if (!stream.has_hello && mark.hub.empty()) return Verdict::Unknown;
  const auto [epoch, last] = stream.tail();
  if (envelope.epoch < epoch) return Verdict::Stale;
  if (envelope.first > last + 1) return Verdict::Gap;
  if (envelope.epoch == mark.epoch && envelope.last() == mark.up_to && envelope.head == mark.hash) {
    return Verdict::Duplicate;
  }
  if (envelope.epoch == epoch && envelope.last() <= last) {
    // The same bytes on their way already; anything else is for the database to compare.
    for (const PendingEnd& end : stream.pending) {
      if (end.last == envelope.last() && end.head == envelope.head) return Verdict::Known;
    }
  }
  if (stream.pending.size() >= kStoreBatchesMax) return Verdict::TooMuch;
  return Verdict::Take;
}

void Relay::take(StoreStream& stream, Envelope envelope, std::size_t bytes) {
  stream.hub_head = std::max(stream.hub_head, envelope.last());
  if (!stream.oldest_unsent_at) stream.oldest_unsent_at = envelope.records.front().at;
  QueuedBatch queued;
  queued.bytes = bytes;
  queued.batch.store = stream.store;
  queued.batch.hub = stream.has_hello ? stream.hub : stream.mark.hub;
  queued.batch.envelope = std::move(envelope);
  if (ingests_[stream.database]->offer(stream, std::move(queued))) return;
  dropped("queue_full");  // it comes again after the next Ack
  ack_soon(stream);
}

void Relay::note_pace(StoreStream& stream, const Envelope& envelope) {
  if (envelope.is_catch_up) {
    admission_.catches_up(stream);
  } else {
    admission_.is_current(stream);
  }
}

void Relay::on_outcome(StoreStream& stream, const StoreBatch& batch, const BatchOutcome& outcome) {
  ports_.telemetry.batch(stream.store, outcome.fate, batch.envelope.records.size());
  if (outcome.fate == BatchFate::Moved) {
    ingests_[stream.database]->forget(stream);
    if (!stream.is_pending()) stream.database = ports_.shards.database_of(stream.store);
    return reload(stream.store);
  }
  adopt(stream, outcome.mark);
  settle(stream, batch, outcome);
  if (!outcome.leases.empty() && ports_.on_leases) ports_.on_leases(stream.store, outcome.leases);
  stream.oldest_unsent_at.reset();
  if (!stream.queue.empty()) {
    stream.oldest_unsent_at = stream.queue.front().batch.envelope.records.front().at;
  }
}

void Relay::settle(StoreStream& stream, const StoreBatch& batch, const BatchOutcome& outcome) {
  const Envelope& envelope = batch.envelope;
  switch (outcome.fate) {
    case BatchFate::Applied:
    case BatchFate::Duplicate:
      if (stream.session_epoch > stream.mark.epoch) {
        stream.shared_up_to = std::max(stream.shared_up_to, envelope.last());
      }
      return ack_at_once(stream);
    case BatchFate::Gap:
      ingests_[stream.database]->forget(stream);
      return ack_at_once(stream);
    case BatchFate::StaleEpoch:
      return send_ack(stream, Ack::State::Stale,
                      "stale_epoch: a later epoch of this store is known");
    case BatchFate::Forked:
      ports_.telemetry.alarm("store " + stream.store.text() + ": frozen, events " +
                             std::to_string(envelope.first) + " to " +
                             std::to_string(envelope.last()) +
                             " are not what is known here: " + outcome.reason);
      [[fallthrough]];
    case BatchFate::Frozen:
      ingests_[stream.database]->forget(stream);
      return ack_at_once(stream);
    case BatchFate::Moved:
      return;
  }
}

void Relay::on_poison(StoreStream& stream, const StoreBatch& batch, const Error& error) {
  ports_.telemetry.alarm("store " + stream.store.text() + ": events " +
                         std::to_string(batch.envelope.first) + " to " +
                         std::to_string(batch.envelope.last()) +
                         " cannot be kept, this store waits: " + error.message());
  ports_.telemetry.shard_error(stream.database);
  ingests_[stream.database]->forget(stream);
  stream.held_reason = error.message();
  stream.held_until = Duration{ports_.clock.steady().micros + kHeldFor.micros};
  ack_at_once(stream);
}

}  // namespace larder::relay
