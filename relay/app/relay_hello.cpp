// Relay: how a hub presents itself, and what is suspicious about it.
#include <algorithm>

#include "relay/app/relay.hpp"

namespace larder::relay {
namespace {

// The run of this hub that was heard last is on another machine, and still there.
bool is_at_work_elsewhere(const StoreStream& stream, const Hello& hello) {
  if (!stream.is_live || stream.boots.empty() || hello.hub != stream.hub) return false;
  const BootSeen& last = stream.boots.back();
  if (last.boot == hello.boot || last.machine.empty() || hello.machine.empty()) return false;
  return last.machine != hello.machine;
}

}  // namespace

void Relay::on_hello(const TopicPlace& place, const std::string& payload) {
  const auto hello = decode_hello(payload);
  if (!hello) return dropped("hello");
  if (hello->store != place.store) return dropped("wrong_store");
  if (hello->epoch == 0 || hello->first_unacked == 0 || hello->first_unacked > hello->last + 1) {
    return dropped("hello");
  }
  StoreStream* stream = stream_of(place.store, true);
  if (stream == nullptr) return;
  const bool is_copy = is_another_machine(*stream, *hello);
  if (stream->is_fenced(hello->hub, hello->epoch, ports_.clock.steady())) {
    return tell_taken_over(*stream);
  }
  if (hello->epoch < stream->mark.epoch) {
    ports_.telemetry.warn("store " + hello->store.text() + ": hub " + hello->hub.text() +
                          " speaks in epoch " + std::to_string(hello->epoch) + ", epoch " +
                          std::to_string(stream->mark.epoch) + " is known");
    return tell_later_epoch(*stream, *hello);
  }
  if (is_stranger(*stream, *hello)) return;
  watch_takeover(*stream, *hello);
  note_live(*stream, true);
  if (is_copy) return send_ack(*stream);
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
  boots.push_back(BootSeen{hello.boot, hello.machine, now});
  if (boots.size() > 2 * kTakeoverHellos) boots.pop_front();
  if (!came_back || boots.size() < kTakeoverHellos) return;
  if (now - stream.takeover_told_at < kTakeoverWindow) return;
  stream.takeover_told_at = now;
  freeze(stream,
         "two hubs under one identity take the connection from each other: one of them is a copy "
         "and must be stopped");
}

// One identity on two machines, and the run on the other one is still there: at the first contact.
bool Relay::is_another_machine(StoreStream& stream, const Hello& hello) {
  if (hello.epoch != stream.session_epoch || !is_at_work_elsewhere(stream, hello)) return false;
  freeze(stream, "hub " + hello.hub.text() + " speaks from two machines, " +
                     stream.boots.back().machine + " and " + hello.machine +
                     ": one of them is a copy and must be stopped");
  return true;
}

// A hub that was set back over an epoch of its own may go on once it has looked, and so it is told
// whose the later one is. One that is, or may be, a copy is not: to it the store is kept elsewhere.
void Relay::tell_later_epoch(StoreStream& stream, const Hello& hello) {
  const bool is_other_live = stream.is_live && stream.hub != hello.hub;
  const bool is_doubtful = is_other_live || is_at_work_elsewhere(stream, hello) ||
                           hello.hub == stream.suspect || hello.hub == stream.denied;
  send_ack(stream, Ack::State::Stale, "stale_epoch: a later epoch of this store is known",
           is_doubtful ? HubId() : stream.mark.hub);
}

// A copy that a person in the shop let go on without asking here: it has begun an epoch of its own,
// beside the hub that keeps the store. Who of the two goes on is HQ's to say.
bool Relay::is_stranger(StoreStream& stream, const Hello& hello) {
  const HubId& keeper = stream.mark.hub;
  const bool is_let_in = (stream.rescued && stream.rescued->hub == hello.hub) ||
                         (stream.permit && stream.permit->hub == hello.hub);
  if (keeper.empty() || hello.hub == keeper || is_let_in) return false;
  if (hello.epoch <= stream.mark.epoch) return false;  // the database refuses its events
  if (!hello.code.empty() && rescues_.shows_code(stream, hello.hub, hello.code)) return false;
  if (stream.denied == hello.hub) {
    send_ack(stream, Ack::State::Stale,
             "taken_over: HQ has decided that hub " + keeper.text() + " keeps this store");
    return true;
  }
  if (!stream.mark.is_frozen) {
    stream.suspect = hello.hub;
    rescues_.keep(stream);
  }
  freeze(stream, "hub " + hello.hub.text() + " begins epoch " + std::to_string(hello.epoch) +
                     " of this store, which hub " + keeper.text() +
                     " keeps; letting it go on leaves the store to " + keeper.text() +
                     ", a code gives it to the other");
  send_ack(stream);
  return true;
}

// For leases and for everything else, until a person has decided who is the copy.
void Relay::freeze(StoreStream& stream, const std::string& reason) {
  if (stream.mark.is_frozen) return;
  ports_.telemetry.alarm("store " + stream.store.text() + ": frozen, " + reason);
  stream.mark.is_frozen = true;  // from now on, whatever the database takes to note it
  stream.mark.frozen_reason = reason;
  auto ran = ports_.shards.run_for(stream.store, [this, store = stream.store, reason,
                                                  now = ports_.clock.now()](ShardStore& shard) {
    auto frozen = std::make_shared<Result<void>>(shard.freeze(store, reason, now));
    return [this, store, frozen] {
      if (!*frozen)
        ports_.telemetry.warn("store " + store.text() + ": " + frozen->error().message());
      reload(store);
    };
  });
  if (!ran) ports_.telemetry.warn("store " + stream.store.text() + ": the freeze is not noted");
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
