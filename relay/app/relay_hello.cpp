// Relay: how a hub presents itself, and what is suspicious about it.
#include <algorithm>

#include "relay/app/relay.hpp"

namespace larder::relay {

void Relay::on_hello(const TopicPlace& place, const std::string& payload) {
  const auto hello = decode_hello(payload);
  if (!hello) return dropped("hello");
  if (hello->store != place.store) return dropped("wrong_store");
  if (hello->epoch == 0 || hello->first_unacked == 0 || hello->first_unacked > hello->last + 1) {
    return dropped("hello");
  }
  StoreStream* stream = stream_of(place.store, true);
  if (stream == nullptr) return;
  watch_takeover(*stream, *hello);
  note_live(*stream, true);
  if (hello->epoch < stream->mark.epoch) {
    ports_.telemetry.warn("store " + hello->store.text() + ": hub " + hello->hub.text() +
                          " speaks in epoch " + std::to_string(hello->epoch) + ", epoch " +
                          std::to_string(stream->mark.epoch) + " is known");
    return send_ack(*stream, Ack::State::Stale,
                    "stale_epoch: a later epoch of this store is known");
  }
  watch_history(*stream, *hello);
  greet(*stream, *hello);
  send_ack(*stream);
}

void Relay::greet(StoreStream& stream, const Hello& hello) {
  stream.has_hello = true;
  stream.granted = 0;
  stream.hub = hello.hub;
  stream.session_epoch = hello.epoch;
  // In a newer epoch the hub's journal and ours are the same only as far as the hub itself knew
  // that we have it: what we hold after that is of a life that it does not remember.
  stream.shared_up_to =
      hello.epoch > stream.mark.epoch ? std::min(stream.mark.up_to, hello.first_unacked - 1) : 0;
  stream.hub_head = hello.last;
  stream.version = hello.version;
  if (hello.at.micros != 0) stream.clock_ahead = hello.at - ports_.clock.now();
  const Seq here = std::max(stream.acked().second, stream.tail().second);
  admission_.heard(stream, ports_.clock.steady());
  if (hello.last > here && hello.last - here > kCatchUpEvents) {
    admission_.catches_up(stream);
  } else if (!stream.is_pending()) {
    admission_.is_current(stream);
  }
  words_.hello(stream, hello.words_applied);
}

// Two hubs under one identity throw each other off the broker in turn: a run of the hub that had
// gone comes back after another one.
void Relay::watch_takeover(StoreStream& stream, const Hello& hello) {
  const Duration now = ports_.clock.steady();
  auto& boots = stream.boots;
  while (!boots.empty() && now - boots.front().at > kTakeoverWindow) boots.pop_front();
  if (!boots.empty() && boots.back().boot == hello.boot) return;
  const auto is_this = [&hello](const BootSeen& each) { return each.boot == hello.boot; };
  const bool came_back = std::any_of(boots.begin(), boots.end(), is_this);
  boots.push_back(BootSeen{hello.boot, now});
  if (boots.size() > 2 * kTakeoverHellos) boots.pop_front();
  if (!came_back || boots.size() < kTakeoverHellos) return;
  if (now - stream.takeover_told_at < kTakeoverWindow) return;
  stream.takeover_told_at = now;
  ports_.telemetry.alarm("store " + stream.store.text() +
                         ": two hubs under one identity take the connection from each other; one "
                         "of them is a copy and must be stopped");
}

// A hub that has less than it had, or other things, without saying that it began anew.
void Relay::watch_history(const StoreStream& stream, const Hello& hello) {
  if (hello.epoch != stream.mark.epoch) return;
  const std::string who = "store " + stream.store.text() + ", hub " + hello.hub.text();
  if (!stream.mark.hub.empty() && hello.hub != stream.mark.hub) {
    ports_.telemetry.alarm(who + ": epoch " + std::to_string(hello.epoch) + " belongs to hub " +
                           stream.mark.hub.text());
  }
  if (hello.last < stream.mark.up_to) {
    ports_.telemetry.alarm(who + ": has lost events, it ends at " + std::to_string(hello.last) +
                           ", " + std::to_string(stream.mark.up_to) + " were received");
  } else if (hello.last == stream.mark.up_to && hello.head != stream.mark.hash) {
    ports_.telemetry.alarm(who + ": other bytes than ours up to event " +
                           std::to_string(hello.last));
  }
}

}  // namespace larder::relay
