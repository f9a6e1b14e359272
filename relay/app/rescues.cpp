#include "relay/app/rescues.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace larder::relay {
namespace {

using State = RescueAnswer::State;

bool is_one_of(const HubId& hub, const RescueQuestion& question) {
  return hub == question.hub ||
         std::find(question.was.begin(), question.was.end(), hub) != question.was.end();
}

// A run of the hub on another machine is said to be there.
bool may_be_at_work(const StoreStream& stream, const RescueQuestion& question) {
  if (!stream.is_live || stream.boots.empty()) return false;
  const BootSeen& last = stream.boots.back();
  if (last.boot == question.boot) return false;
  const bool is_same_machine = !last.machine.empty() && last.machine == question.machine;
  return !is_same_machine || stream.hub != question.hub;
}

Envelope envelope_of(const std::vector<KeptEvent>& events, std::size_t count) {
  Envelope envelope;
  envelope.epoch = events.front().epoch;
  envelope.first = events.front().seq;
  for (std::size_t i = 0; i < count; ++i) {
    const auto front = event_front(events[i].data);
    Record record;
    record.type = front ? event_number(front->event) : std::uint16_t{0};
    record.at = front ? front->at : TimePoint{};
    record.payload = events[i].data;
    envelope.records.push_back(std::move(record));
  }
  envelope.head = events[count - 1].hash;
  return envelope;
}

}  // namespace

Result<void> Rescues::permit(const StoreId& store, const std::string& code, const std::string& by) {
  StoreStream* stream = ports_.streams.find(store);
  if (stream == nullptr || stream->mark.hub.empty()) {
    return refuse(Code::NotFound, "No store " + store.text() + " has ever spoken to this relay");
  }
  TakeoverPermit permit;
  permit.code = sha256(code);
  permit.by = by;
  permit.until = ports_.clock.steady() + kPermitLasts;
  stream->permit = std::move(permit);
  ports_.telemetry.note("store " + store.text() + ": " + by +
                        " lets a new machine take it over, for 30 minutes");
  return {};
}

void Rescues::asked(StoreStream& stream, const RescueQuestion& question) {
  if (stream.questions >= kRescueQuestionsMax) return ports_.telemetry.dropped("rescues");
  if (question.ask == RescueQuestion::Ask::Events) return give_events(stream, question);
  if (stream.mark.hub.empty()) {
    return answer(stream, question, State::Unknown, "this relay has nothing of this store");
  }
  if (!question.code.empty()) {
    if (const auto wrong = use_code(stream, question.hub, question.code)) {
      return answer(stream, question, *wrong,
                    "this code is not HQ's, was used by another machine, or is too late");
    }
    return let_in(stream, question);
  }
  if (question.seq == 0 || !is_one_of(stream.mark.hub, question)) {
    return answer(stream, question, State::Elsewhere,
                  "hub " + stream.mark.hub.text() + " keeps this store, in epoch " +
                      std::to_string(stream.mark.epoch) +
                      "; HQ's page gives a code for another machine");
  }
  if (!may_be_at_work(stream, question)) return stands(stream, question);
  if (probes_.size() >= kProbesMax) return ports_.telemetry.dropped("rescues");
  // It may have died a moment ago: only an answer proves that it has not.
  BooksQuestion probe;
  probe.id = "alive-" + std::to_string(++next_probe_);
  probe.ask = BooksQuestion::Ask::Hashes;
  probe.from = probe.to = 1;
  probes_[probe.id] = Probe{stream.store, question, ports_.clock.steady() + kProbePatience};
  ports_.inlet.send(stream.store, UplinkTopic::Ask, encode(probe));
}

bool Rescues::is_at_work(StoreStream& stream, const BooksMessage& message) {
  if (!message.answer) return false;
  const auto probe = probes_.find(message.answer->id);
  if (probe == probes_.end() || probe->second.store != stream.store) return false;
  const RescueQuestion question = std::move(probe->second.question);
  probes_.erase(probe);
  const std::string reason = "hub " + stream.mark.hub.text() +
                             " is at work, and a copy of it on another machine (hub " +
                             question.hub.text() + ") asks to go on";
  if (stream.denied != question.hub) {
    stream.suspect = question.hub;
    ends_.freeze(stream, reason);
  }
  answer(stream, question, State::Alive,
         reason + "; stop one of them, or have HQ give this one a code");
  return true;
}

void Rescues::tick() {
  const Duration now = ports_.clock.steady();
  for (auto each = probes_.begin(); each != probes_.end();) {
    if (each->second.until > now) {
      ++each;
      continue;
    }
    const Probe probe = std::move(each->second);
    each = probes_.erase(each);
    if (StoreStream* stream = ports_.streams.find(probe.store)) stands(*stream, probe.question);
  }
}

// None: it is good, and this hub's from now on.
std::optional<State> Rescues::use_code(StoreStream& stream, const HubId& hub,
                                       const std::string& code) {
  auto& permit = stream.permit;
  if (!permit || ports_.clock.steady() >= permit->until) return State::WrongCode;
  const bool is_taken = !permit->hub.empty() && permit->hub != hub;
  if (permit->code == sha256(code) && !is_taken) {
    permit->hub = hub;
    return std::nullopt;
  }
  if (++permit->wrong >= kWrongCodesMax) permit.reset();
  return State::WrongCode;
}

// With HQ's permission: who keeps the store now is fenced off before it is said where it stands.
void Rescues::let_in(StoreStream& stream, const RescueQuestion& question) {
  ends_.taken_over(stream);
  unfreeze(stream, [this, question](StoreStream& stream_now) { stands(stream_now, question); });
}

bool Rescues::shows_code(StoreStream& stream, const HubId& hub, const std::string& code) {
  if (use_code(stream, hub, code)) return false;
  unfreeze(stream, [](StoreStream&) {});
  return true;
}

void Rescues::unfreeze(StoreStream& stream, std::function<void(StoreStream&)> then) {
  if (!stream.mark.is_frozen) return then(stream);
  auto ran = ports_.shards.run_for(
      stream.store, [this, id = stream.store, then = std::move(then), by = stream.permit->by,
                     now = ports_.clock.now()](ShardStore& shard) {
        auto done = std::make_shared<Result<void>>(shard.unfreeze(id, by, now));
        return [this, id, then, done] {
          if (!*done)
            return ports_.telemetry.warn("store " + id.text() +
                                         " stays frozen: " + done->error().message());
          ends_.reload(id);
          then(*ports_.streams.find(id));
        };
      });
  if (!ran) ports_.telemetry.dropped("rescues");
}

// By the database: what is on its way into it is not promised to anybody yet.
void Rescues::stands(StoreStream& stream, const RescueQuestion& question) {
  struct Found {
    Result<std::optional<StreamMark>> mark = std::optional<StreamMark>();
    Result<std::vector<KeptEvent>> at = std::vector<KeptEvent>();
  };
  auto ran = ports_.shards.run_for(stream.store, [this, id = stream.store,
                                                  question](ShardStore& shard) {
    auto found = std::make_shared<Found>();
    found->mark = shard.mark(id);
    if (question.seq > 0) found->at = shard.line(id, question.seq - 1, 1);
    return [this, id, question, found] {
      StoreStream& stream_now = *ports_.streams.find(id);
      --stream_now.questions;
      if (!found->mark || !*found->mark || !found->at) {
        return answer(stream_now, question, State::Unknown, "the relay's books cannot be read now");
      }
      const bool has_other = !found->at->empty() && found->at->front().hash != Sha256{} &&
                             found->at->front().hash != question.head;
      if (has_other) {
        return answer(stream_now, question, State::Forked,
                      "event " + std::to_string(question.seq) +
                          " is another one here than at hub " + question.hub.text());
      }
      const auto& before = stream_now.rescued;
      const bool is_same_run =
          before && before->hub == question.hub && before->boot == question.boot;
      if (!is_same_run) {  // what an earlier run began may never have come here
        stream_now.promised = std::max(stream_now.promised, (*found->mark)->epoch) + 1;
        stream_now.rescued = Rescued{question.hub, question.boot, stream_now.promised - 1};
      }
      RescueAnswer said;
      said.id = question.id;
      said.state = State::Known;
      said.hub = (*found->mark)->hub;
      said.epoch = (*found->mark)->epoch;
      said.up_to = (*found->mark)->up_to;
      said.hash = (*found->mark)->hash;
      said.above = stream_now.rescued->above;
      ports_.inlet.send(id, UplinkTopic::Ask, encode(said));
    };
  });
  if (ran) ++stream.questions;
}

void Rescues::give_events(StoreStream& stream, const RescueQuestion& question) {
  const bool is_let_in = stream.rescued && stream.rescued->hub == question.hub &&
                         stream.rescued->boot == question.boot;
  if (!is_let_in) {
    return answer(stream, question, State::Elsewhere, "ask first where the store stands");
  }
  auto ran =
      ports_.shards.run_for(stream.store, [this, id = stream.store, question](ShardStore& shard) {
        auto events = std::make_shared<Result<std::vector<KeptEvent>>>(
            shard.line(id, question.seq, kRescueEventsMax));
        return [this, id, question, events] {
          StoreStream& stream_now = *ports_.streams.find(id);
          --stream_now.questions;
          if (!*events) {
            return answer(stream_now, question, State::Gone, events->error().message());
          }
          if ((*events)->empty() || (*events)->front().seq != question.seq + 1) {
            return answer(stream_now, question, State::Gone,
                          "event " + std::to_string(question.seq + 1) + " is not here");
          }
          send_events(id, question, **events);
        };
      });
  if (ran) ++stream.questions;
}

// As many as follow one another in one epoch and fit into a message.
void Rescues::send_events(const StoreId& store, const RescueQuestion& question,
                          const std::vector<KeptEvent>& events) {
  std::size_t count = 1;
  while (count < events.size() && events[count].epoch == events.front().epoch &&
         events[count].seq == events.front().seq + count) {
    ++count;
  }
  for (; count > 0; count /= 2) {
    auto bytes = encode_envelope(envelope_of(events, count));
    if (bytes) return ports_.inlet.send(store, UplinkTopic::Lost, std::move(*bytes));
  }
  answer(*ports_.streams.find(store), question, State::Gone,
         "event " + std::to_string(question.seq + 1) + " is too large for the way down");
}

void Rescues::answer(const StoreStream& stream, const RescueQuestion& question, State state,
                     std::string reason) {
  RescueAnswer said;
  said.id = question.id;
  said.state = state;
  said.hub = stream.mark.hub;
  said.epoch = stream.mark.epoch;
  said.up_to = stream.mark.up_to;
  said.hash = stream.mark.hash;
  said.reason = std::move(reason);
  ports_.inlet.send(stream.store, UplinkTopic::Ask, encode(said));
}

}  // namespace larder::relay
