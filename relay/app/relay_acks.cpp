// Relay: what the hubs are told. Nothing that is not durable is ever acknowledged: an Ack is made
// from the mark that the commit gave back, at the moment it is sent.
#include <algorithm>
#include <utility>

#include "relay/app/relay.hpp"

namespace larder::relay {
namespace {

constexpr std::size_t kWokenMax = 200;  // at one tick

}  // namespace

void Relay::ack_soon(StoreStream& stream) {
  if (std::exchange(stream.is_dirty, true)) return;
  dirty_.push_back(&stream);
}

void Relay::ack_at_once(StoreStream& stream) {
  if (ports_.clock.steady() - stream.last_ack_at < kAckEvery) return ack_soon(stream);
  send_ack(stream);
}

void Relay::send_ack(StoreStream& stream) {
  if (stream.mark.is_frozen) {
    return send_ack(
        stream, Ack::State::Frozen,
        stream.mark.frozen_reason.empty() ? "a person must look" : stream.mark.frozen_reason);
  }
  if (!stream.held_reason.empty()) {
    if (stream.held_until > ports_.clock.steady()) {
      return send_ack(stream, Ack::State::Frozen, stream.held_reason);
    }
    stream.held_reason.clear();
  }
  send_ack(stream, Ack::State::Ok, std::exchange(stream.remark, {}));
}

void Relay::send_ack(StoreStream& stream, Ack::State state, std::string reason, HubId keeper) {
  Ack ack;
  const bool is_stale = state == Ack::State::Stale;
  const auto [epoch, up_to] =
      is_stale ? std::pair(stream.mark.epoch, stream.mark.up_to) : stream.acked();
  ack.epoch = epoch;
  ack.up_to = up_to;
  ack.state = state;
  ack.reason = std::move(reason);
  ack.hub = std::move(keeper);
  ack.relay = settings_.relay;
  ack.lease = settings_.lease;
  if (state == Ack::State::Ok && !is_stopping_) {
    ack.credit = admission_.credit(stream, *ingests_[stream.database]);
    stream.granted = ack.credit;
    if (ack.credit == 0) admission_.paused(stream);
  }
  stream.is_dirty = false;
  stream.last_ack_at = ports_.clock.steady();
  ports_.inlet.send(stream.store, UplinkTopic::Ack, encode(ack));
}

// The hub that kept the store until now, should it still be there, hears it at once.
void Relay::tell_taken_over(StoreStream& stream) {
  send_ack(stream, Ack::State::Stale,
           "taken_over: another machine takes this store over, with HQ's permission");
}

// There may be room for those that were told to wait. Who still gets nothing hears nothing.
void Relay::wake_paused() {
  for (StoreStream* stream : admission_.take_paused(kWokenMax)) {
    if (!stream->is_live || stream->mark.is_frozen) continue;
    if (admission_.credit(*stream, *ingests_[stream->database]) == 0) {
      admission_.paused(*stream);
    } else {
      send_ack(*stream);
    }
  }
}

}  // namespace larder::relay
